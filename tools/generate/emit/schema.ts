import type { GlobalContext, OpenAPI3 } from "openapi-typescript";
import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { typable } from "./typable.ts";

/**
 * `schema.d.ts`: the types of the contract, as openapi-fetch wants them. The package's main function would lint and
 * bundle the contract once more, by an older Redocly that follows every reference to files and hosts.
 */
export async function emitSchema(openapi: JsonObject): Promise<Record<"schema.d.ts", string>> {
  const { astToString, resolveRef, scanDiscriminators, transformSchema } = await import("openapi-typescript");
  const schema = typable(openapi) as unknown as OpenAPI3;
  const context = {
    ...DEFAULTS,
    discriminators: scanDiscriminators(schema, DEFAULTS),
    injectFooter: [],
    resolve: ($ref: string) => resolveRef(schema, $ref, { silent: true }),
  };
  return { "schema.d.ts": astToString(transformSchema(schema, context as unknown as GlobalContext)) };
}

const DEFAULTS = {
  // A property with a default may be left out of a request.
  defaultNonNullable: false,
  silent: true,
};
