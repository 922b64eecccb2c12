import { type OpenApi, type Operation, readOperations } from "../operations.ts";
import type { Validation } from "../validation.ts";
import { loadVerifiedContract } from "./verification.ts";

export type { OpenApi, Operation } from "../operations.ts";
export type { JudgedAnswer, JudgedRequest, Validation, Violation } from "../validation.ts";

/** NEC ID's contract, for tests of your own. */
export type Contract = {
  /** The effective contract, OpenAPI 3.1. */
  openapi: OpenApi;
  operations: Operation[];
  /** Judges requests and answers by operation key: `validation.answer("ApiSubjectsPost", { status, … })`. */
  validation: Validation;
};

/** Loads the generated contract of NEC ID v1 with its compiled validators. */
export async function loadContract(): Promise<Contract> {
  const { openapi, validation } = await loadVerifiedContract();
  return { openapi, operations: readOperations(openapi), validation };
}
