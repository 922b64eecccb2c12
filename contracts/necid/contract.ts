import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type OpenApi, type Operation, readOperations } from "../openapi/operations.ts";
import { createValidation, type Validation, type Validators } from "../openapi/validation.ts";

export type { OpenApi, Operation } from "../openapi/operations.ts";
export type { RequestParts, ResponseParts, Validation, Violation } from "../openapi/validation.ts";

/** NEC ID's contract, for tests of your own. */
export type LoadedContract = {
  /** The effective contract, OpenAPI 3.1. */
  openapi: OpenApi;
  operations: Operation[];
  /** Validates requests and responses by operation key. */
  validation: Validation;
};

/**
 * Loads the generated contract of NEC ID v1 with its compiled validators.
 *
 * @example
 * const { validation } = await loadContract();
 * const violations = validation.response("ApiSubjectsPost", { status: 201, mediaType, headers, body });
 */
export async function loadContract(): Promise<LoadedContract> {
  const openapi: OpenApi = JSON.parse(await readFile(file, "utf8"));
  const validators = (await import("#generated/necid-v1/validators.js")) as unknown as Validators;
  return { openapi, operations: readOperations(openapi), validation: createValidation(validators) };
}

/** Two folders up from the source, three from what `npm run build` wrote. `import.meta.resolve` is missing in Jest. */
const file = fileURLToPath(
  new URL(
    `${import.meta.url.endsWith(".ts") ? "../../" : "../../../"}generated/necid-v1/openapi.json`,
    import.meta.url,
  ),
);
