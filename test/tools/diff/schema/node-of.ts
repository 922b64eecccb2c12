import type { Json, JsonObject } from "../../../../contracts/openapi/json.ts";
import { createPool, type Node, type Pool, schemaNode } from "../../../../tools/diff/schema/pool.ts";

/** The node of a schema of an OpenAPI 3.1 document. Schemas that are to be compared share a pool. */
export function nodeOf(
  schema: Json,
  schemas: JsonObject = {},
  pool: Pool = createPool(),
): { node: Node; pool: Pool } {
  const document = { openapi: "3.1.0", components: { schemas } };
  const side = { document, dialect: "3.1" as const, pool, report: () => {} };
  return { node: schemaNode(side, schema, ["components", "schemas", "Own"]), pool };
}
