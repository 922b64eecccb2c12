import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ContractFileOptions, ContractOfFile } from "../load/contract-file.ts";
import { type OpenApi, type Operation, readOperations } from "../openapi/operations.ts";
import { createValidation, type Validation, type Validators } from "../openapi/validation.ts";

export type { GenerateConfig, NecidConfig } from "../load/config.ts";
export type { ContractFileOptions, ContractOfFile } from "../load/contract-file.ts";
export type { OpenApi, Operation } from "../openapi/operations.ts";
export type { RequestParts, ResponseParts, Validation, Violation } from "../openapi/validation.ts";

/** The versions of NEC ID. */
export type NecIdVersion = "v1" | "v1.1";

/** NEC ID's contract, for tests of your own. */
export type LoadedContract = {
  /** The effective contract, OpenAPI 3.1. */
  openapi: OpenApi;
  operations: Operation[];
  /** Validates requests and responses by operation key. */
  validation: Validation;
};

/**
 * Loads the generated contract of NEC ID with its compiled validators.
 *
 * @param options.version `v1` or `v1.1`.
 * @default "v1"
 * @example
 * const { validation } = await loadContract();
 * const violations = validation.response("ApiSubjectsPost", { status: 201, mediaType, headers, body });
 */
export async function loadContract(options?: { version?: NecIdVersion }): Promise<LoadedContract>;
/**
 * Reads a description file of any API: Swagger 2.0 or OpenAPI 3.x, YAML or JSON.
 *
 * @throws {SpecError} with every problem of the files, as `file:line:column message`.
 * @throws {MissingPackagesError} when packages are not installed that reading a description needs.
 * @example
 * const { operations, validation } = await loadContract("orders.yaml", { overlay: "orders.overlay.yaml" });
 */
export async function loadContract(file: string, options?: ContractFileOptions): Promise<ContractOfFile>;
export async function loadContract(
  given: string | { version?: NecIdVersion } = {},
  options: ContractFileOptions = {},
): Promise<LoadedContract> {
  if (typeof given !== "string") return loadNecIdContract(given);
  const { loadContractFile } = await import("../load/contract-file.ts");
  return loadContractFile(given, options);
}

async function loadNecIdContract({ version = "v1" }: { version?: NecIdVersion }): Promise<LoadedContract> {
  const openapi: OpenApi = JSON.parse(await readFile(fileOf(version), "utf8"));
  const validators = (await validatorsOf[version]()) as unknown as Validators;
  return { openapi, operations: readOperations(openapi), validation: createValidation(validators) };
}

const validatorsOf = {
  v1: () => import("#generated/necid-v1/validators.js"),
  "v1.1": () => import("#generated/necid-v1.1/validators.js"),
};

/** Two folders up from the source, three from what `npm run build` wrote. `import.meta.resolve` is missing in Jest. */
function fileOf(version: NecIdVersion): string {
  const root = import.meta.url.endsWith(".ts") ? "../../" : "../../../";
  return fileURLToPath(new URL(`${root}generated/necid-${version}/openapi.json`, import.meta.url));
}
