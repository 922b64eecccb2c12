import { type OpenApi, type Operation, readOperations } from "../openapi/operations.ts";
import { requirePackages } from "../openapi/optional-packages.ts";
import type { CredentialScope } from "../openapi/scope.ts";
import { scopeOf } from "../openapi/scope.ts";
import { createValidation, type Validation } from "../openapi/validation.ts";

/** How a description file is read. */
export type ContractFileOptions = {
  /**
   * An OpenAPI Overlay that completes or corrects it.
   * @default none
   */
  overlay?: string;
  /**
   * Takes warnings for errors.
   * @default false
   */
  strict?: boolean;
  /**
   * Further folders that its references may lead into.
   * @default its own folder
   */
  allowRefs?: readonly string[];
  /**
   * How large each file may be, in bytes.
   * @default 50_000_000
   */
  maxSpecSize?: number;
};

/** The contract of a description file. */
export type ContractOfFile = {
  /** The effective contract, OpenAPI 3.1. */
  openapi: OpenApi;
  operations: Operation[];
  /** Validates requests and responses by operation key. A schema is compiled when it is first needed. */
  validation: Validation;
  /** Faults of the files and what was done about each, as `file:line:column message`. */
  warnings: string[];
  /** The region and service of its requests, where a host of its servers says them. */
  scope: CredentialScope | undefined;
};

/**
 * Reads a description file: Swagger 2.0 or OpenAPI 3.x, YAML or JSON.
 *
 * @throws {SpecError} with every problem of the files.
 * @throws {MissingPackagesError} when packages are not installed that reading a description needs.
 */
export async function loadContractFile(
  file: string,
  options: ContractFileOptions = {},
): Promise<ContractOfFile> {
  requirePackages("generate");
  const [{ buildContract }, { printProblem }, { createValidators }] = await Promise.all([
    import("../../tools/generate/read/contract.ts"),
    import("../../tools/generate/read/problem.ts"),
    import("../../tools/generate/validators/compile.ts"),
  ]);
  const contract = await buildContract({ spec: file, ...options });
  const openapi = contract.openapi as unknown as OpenApi;
  return {
    openapi,
    operations: readOperations(openapi),
    validation: createValidation(await createValidators(contract.openapi)),
    warnings: contract.warnings.map(printProblem),
    scope: scopeOf(openapi),
  };
}
