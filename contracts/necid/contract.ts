import { type OpenApi, type Operation, readOperations } from "../openapi/operations.ts";
import type { Validation } from "../openapi/validation.ts";
import { loadVerifiedContract } from "./verify/verification.ts";

export type { OpenApi, Operation } from "../openapi/operations.ts";
export type { RequestParts, ResponseParts, Validation, Violation } from "../openapi/validation.ts";

/** NEC ID's contract, for tests of your own. */
export type Contract = {
  /** The effective contract, OpenAPI 3.1. */
  openapi: OpenApi;
  operations: Operation[];
  /** Judges requests and answers by operation key: `validation.response("ApiSubjectsPost", { status, … })`. */
  validation: Validation;
};

/** Loads the generated contract of NEC ID v1 with its compiled validators. */
export async function loadContract(): Promise<Contract> {
  const { openapi, validation } = await loadVerifiedContract();
  return { openapi, operations: readOperations(openapi), validation };
}
