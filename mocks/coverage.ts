import { type OpenApi, readOperations } from "../contracts/operations.ts";
import { dereference } from "../contracts/reference.ts";
import type { Answer } from "./exchange.ts";

/** One way a call can end. `errorType` is the service's own, or API Gateway's `x-amzn-ErrorType`. */
export type Outcome = { operation: string; status: number; errorType?: string };

/** An outcome and how often it was answered; 0 for a documented one that never was. */
export type CoveredOutcome = Outcome & { documented: boolean; calls: number };

/** Which outcomes were exercised. */
export type Coverage = {
  /** Counts an answer; calls that belong to no operation do not count. */
  record(call: { operation: string | undefined; answer: Answer }): void;
  /** Every documented outcome in the contract's order, then those that were answered without being documented. */
  report(): CoveredOutcome[];
  clear(): void;
};

/** @param documented lists the outcomes of the contract, as `documentedOutcomes` does; only reports want them. */
export function createCoverage(documented: () => Outcome[]): Coverage {
  const answered = new Map<string, Outcome & { calls: number }>();
  return {
    record({ operation, answer }) {
      if (operation === undefined) return;
      const errorType = errorTypeOf(answer);
      const outcome = { operation, status: answer.status, ...(errorType !== undefined && { errorType }) };
      const key = keyOf(outcome);
      const known = answered.get(key);
      if (known) known.calls += 1;
      else answered.set(key, { ...outcome, calls: 1 });
    },
    report() {
      const left = new Map(answered);
      const covered = documented().map((outcome) => {
        const calls = left.get(keyOf(outcome))?.calls ?? 0;
        left.delete(keyOf(outcome));
        return { ...outcome, documented: true, calls };
      });
      return [...covered, ...Array.from(left.values(), (outcome) => ({ ...outcome, documented: false }))];
    },
    clear: () => answered.clear(),
  };
}

/**
 * Lists the outcomes that a contract documents: operation by status, and by error type where the status
 * has several of them (`errorType` in its examples, or the values of its `x-amzn-ErrorType` header).
 */
export function documentedOutcomes(openapi: OpenApi): Outcome[] {
  return readOperations(openapi).flatMap(({ key: operation, method, path, statuses }) =>
    statuses
      .filter((status) => /^\d{3}$/.test(status))
      .flatMap((status) => {
        const described = openapi.paths?.[path]?.[method.toLowerCase() as "get"]?.responses?.[status];
        const errorTypes = errorTypesOf(openapi, dereference<Response>(openapi, described));
        const outcome = { operation, status: Number(status) };
        return errorTypes.length > 0 ? errorTypes.map((errorType) => ({ ...outcome, errorType })) : [outcome];
      }),
  );
}

type Header = { schema?: { enum?: unknown[]; const?: unknown } };
type Response = {
  headers?: Record<string, unknown>;
  content?: Record<string, { examples?: Record<string, { value?: { errorType?: unknown } }> }>;
};

function errorTypesOf(openapi: OpenApi, { headers = {}, content = {} }: Response = {}): string[] {
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === "x-amzn-errortype");
  const { enum: several, const: one } = dereference<Header>(openapi, header?.[1])?.schema ?? {};
  const examples = Object.values(content).flatMap((media) => Object.values(media.examples ?? {}));
  const named = [...(several ?? []), one, ...examples.map((example) => example.value?.errorType)];
  return [...new Set(named.filter((name) => typeof name === "string"))];
}

/** Answers are written by the mock, so the header has the one spelling. */
function errorTypeOf({ status, headers, body }: Answer): string | undefined {
  if (status < 400) return undefined;
  if (headers["x-amzn-ErrorType"]) return headers["x-amzn-ErrorType"];
  try {
    const { errorType } = JSON.parse(String(body ?? "{}"));
    return typeof errorType === "string" ? errorType : undefined;
  } catch {
    return undefined;
  }
}

function keyOf({ operation, status, errorType = "" }: Outcome): string {
  return `${status} ${errorType} ${operation}`;
}
