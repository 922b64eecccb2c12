import type { OpenAPI3 } from "openapi-typescript";
import type { JsonObject } from "../../../contracts/openapi/json.ts";

/** `schema.d.ts`: the types of the contract, as openapi-fetch wants them. */
export async function emitSchema(openapi: JsonObject): Promise<Record<"schema.d.ts", string>> {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const ast = await openapiTS(structuredClone(openapi) as unknown as OpenAPI3, {
    // A property with a default may be left out of a request.
    defaultNonNullable: false,
    silent: true,
  });
  return { "schema.d.ts": astToString(ast) };
}
