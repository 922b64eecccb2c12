import { findOperation, type Operation } from "../../contracts/openapi/operations.ts";
import type { FaultRule } from "./schemas.ts";

/** Whether a rule is about this operation; operations that do not document the rule's response are left out. */
export function appliesTo({ operation = "*", fault }: FaultRule, candidate: Operation): boolean {
  if (!isNamed(operation, candidate)) return false;
  return !("error" in fault || "status" in fault) || faultResponse(fault, candidate) !== undefined;
}

export function isNamed(name: string, operation: Operation): boolean {
  return name === "*" || findOperation([operation], name) !== undefined;
}

/** The response that an operation documents by this name or status; `undefined` where it does not. */
export function faultResponse(
  fault: { error: string } | { status: number; example?: string },
  operation: Operation,
): { status: number; example?: string } | undefined {
  if ("error" in fault) {
    const { examples } = operation;
    const status = Object.keys(examples).find(
      (name) => isError(name) && examples[name]!.includes(fault.error),
    );
    return status === undefined ? undefined : { status: Number(status), example: fault.error };
  }
  const { status, example } = fault;
  if (statusName(status, operation) === undefined) return undefined;
  if (example === undefined) return { status };
  return documentedExamples(status, operation).includes(example) ? { status, example } : undefined;
}

/** The names of a status's examples. */
export function documentedExamples(status: number, operation: Operation): string[] {
  return operation.examples[statusName(status, operation) ?? ""] ?? [];
}

/** The names of all examples of an operation's errors. */
export function documentedErrors({ examples }: Operation): string[] {
  return Object.keys(examples).flatMap((status) => (isError(status) ? examples[status]! : []));
}

function isError(status: string): boolean {
  return /^[45]\d\d$/.test(status);
}

/** As the contract lists it: `503`, `5XX` or `default`. */
function statusName(status: number, { statuses }: Operation): string | undefined {
  const names = [`${status}`, `${Math.trunc(status / 100)}XX`, "default"];
  return names.find((name) => statuses.includes(name));
}
