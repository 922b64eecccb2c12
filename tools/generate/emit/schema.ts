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
  const text = astToString(transformSchema(schema, context as unknown as GlobalContext));
  return { "schema.d.ts": text.replace(WITH_REQUIRED, WITH_REQUIRED_OF_ANY) };
}

/** A type that may be null has no keys, and gives an error in the types of the package. */
const WITH_REQUIRED = "type WithRequired<T, K extends keyof T> = T & {\n    [P in K]-?: T[P];\n};";
const WITH_REQUIRED_OF_ANY =
  "type WithRequired<T, K extends PropertyKey> = T & {\n    [P in K & keyof T]-?: T[P];\n};";

const DEFAULTS = {
  // A property with a default may be left out of a request.
  defaultNonNullable: false,
  silent: true,
};
