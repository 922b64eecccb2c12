import { type OpenApi, readOperations } from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import type { Answer } from "../http/exchange.ts";

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
  const answered = new Map<string, Map<number | string, Answered>>();
  return {
    record({ operation, answer }) {
      if (operation === undefined) return;
      const outcome = { operation, status: answer.status, errorType: errorTypeOf(answer) };
      const outcomes = answered.get(operation) ?? new Map<number | string, Answered>();
      const known = outcomes.get(keyOf(outcome));
      if (known) {
        known.calls += 1;
        return;
      }
      outcomes.set(keyOf(outcome), { outcome, calls: 1 });
      answered.set(operation, outcomes);
    },
    report() {
      const left = new Map(Array.from(answered, ([operation, outcomes]) => [operation, new Map(outcomes)]));
      const covered = documented().map((outcome) => {
        const outcomes = left.get(outcome.operation);
        const calls = outcomes?.get(keyOf(outcome))?.calls ?? 0;
        outcomes?.delete(keyOf(outcome));
        return { ...outcome, documented: true, calls };
      });
      const others = [...left.values()].flatMap((outcomes) => [...outcomes.values()]);
      return [...covered, ...others.map(undocumented)];
    },
    clear: () => answered.clear(),
  };
}

type Answered = { outcome: Outcome; calls: number };

function undocumented({ outcome: { operation, status, errorType }, calls }: Answered): CoveredOutcome {
  return { operation, status, ...(errorType !== undefined && { errorType }), documented: false, calls };
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

/** Among the outcomes of one operation. */
function keyOf({ status, errorType }: Outcome): number | string {
  return errorType === undefined ? status : `${status} ${errorType}`;
}
