import { findOperation, type Operation } from "../../contracts/openapi/operations.ts";
import type { Latency } from "./latency.ts";

/** A fault as its author writes it, in a file, over the control API or in process. */
export type FaultRule = {
  /** An operation by its key (`ApiFaceSearchPost`) or as `METHOD /path`; absent or `*`: every one. */
  operation?: string;
  /** Which of the calls that come to it: the next n, each nth, or each with a probability. Absent: all. */
  when?: { next: number } | { every: number } | { probability: number };
  /** Strikes no more often than this. */
  times?: number;
  fault: FaultKind;
};

export type FaultKind =
  /** A documented error by the name of its example: `NoFace`. */
  | { error: string }
  /** A documented status, and which of its examples. */
  | { status: number; example?: string }
  /** 429 above `rate` calls a second of an application, once `burst` calls are used up. */
  | { throttle: { rate: number; burst: number } }
  /** 429 after `limit` calls of an application in a period; without a period for good. */
  | { quota: { limit: number; periodMs?: number } }
  /** 502: the service behind the gateway fails. */
  | { badGateway: true }
  /** 504 after as long as API Gateway waits, 29 s, or after `afterMs`. */
  | { timeout: { afterMs?: number } }
  | { latency: Latency }
  | { reset: "before headers" | "in body" }
  /** JSON that breaks off in the middle, with an honest content length. */
  | { malformed: true }
  | { drip: { bytesPerSecond: number } }
  /** The answer says that it is of this media type, and is not. */
  | { contentType: string };

/** Faults that are added and removed together. */
export type ScenarioRule = { name: string; description?: string; faults: FaultRule[] };

/** Whether a rule is about this operation; one that does not document the rule's answer is left out. */
export function appliesTo({ operation = "*", fault }: FaultRule, candidate: Operation): boolean {
  if (!isNamed(operation, candidate)) return false;
  return !("error" in fault || "status" in fault) || documentedAnswer(fault, candidate) !== undefined;
}

export function isNamed(name: string, operation: Operation): boolean {
  return name === "*" || findOperation([operation], name) !== undefined;
}

/** The answer that an operation documents by this name or status; `undefined` where it does not. */
export function documentedAnswer(
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
