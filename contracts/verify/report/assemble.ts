import type { OpenApi } from "../../openapi/operations.ts";
import type { Sources } from "../../openapi/sources.ts";
import type { Check, ImageRole, Mismatch, PlannedCall } from "../check.ts";
import type { Judged } from "../run/accepted.ts";
import type { RunOutcome } from "../run/run.ts";
import { answerStatus } from "./answer-status.ts";
import { coverageMatrix } from "./matrix.ts";
import type { AcceptedDeviation, Report, ReportedCheck } from "./report.ts";
import { reproduction } from "./reproduction.ts";
import { sealReport } from "./seal.ts";
import { sourceLines } from "./source-lines.ts";

export type Assembled = Pick<Report, "target" | "contract" | "started" | "ms"> & {
  openapi: OpenApi;
  sources: Sources;
  /** All that were to run, in their order. */
  checks: Check[];
  run: RunOutcome;
  judged: Judged;
  /** How many subjects the run registered. */
  registered: number;
  /** As given by `--max-calls`. */
  maxCalls?: number;
  /** The calls that a check made, by its id. */
  callsOf: (check: string) => PlannedCall[];
  /** Whose picture a Base64 text is. */
  roleOf: (text: string) => ImageRole | undefined;
  /** Everything that must be in no report; see `sealReport`. */
  secrets: string[];
};

/** Puts together what a run found out, sealed: it may be shown to anybody. */
export function assembleReport(parts: Assembled): Report {
  const { target, contract, started, ms, run, judged, openapi, maxCalls } = parts;
  const checks = reportedChecks(parts);
  const report: Report = {
    format: 1,
    ...verdictOf(parts),
    target,
    contract,
    started,
    ms,
    clockSkewMs: run.skewMs,
    calls: { made: run.calls, limit: maxCalls },
    checks,
    mismatches: reportedMismatches(parts),
    matrix: coverageMatrix({
      openapi,
      checks: checks.map((check, index) => ({
        ...check,
        ...(run.outcomes[index]?.result ?? { asserted: [], mismatches: [] }),
      })),
    }),
    ledger: {
      registered: parts.registered,
      unregistered: Math.max(parts.registered - run.orphans.length, 0),
      orphans: run.orphans.map(({ role, application, id }) => ({ role, application, id })),
    },
    accepted: deviations(judged),
  };
  return sealReport(report, parts.secrets);
}

function verdictOf({ run, judged }: Assembled): Pick<Report, "verdict" | "kind" | "reason"> {
  const { counted, expired, gone } = judged;
  const red = counted.length + expired.length + gone.length + run.orphans.length > 0;
  if (run.stopped) return { verdict: "could not run", kind: run.stopped.kind, reason: run.stopped.message };
  return red ? { verdict: "does not conform", kind: "contract" } : { verdict: "conforms" };
}

/** In the order of the run; what it did not come to is not checked. */
function reportedChecks({ checks, run, judged }: Assembled): ReportedCheck[] {
  const counted = new Set(judged.counted);
  return checks.map(({ id, part, operation, title }, index) => {
    const outcome = run.outcomes[index];
    const facts = { id, part, operation, title, ms: outcome?.ms ?? 0, calls: outcome?.calls ?? 0 };
    if (!outcome) return { ...facts, status: "skipped", reason: "the run ended before it" };
    const { mismatches, skipped } = outcome.result;
    if (mismatches.some((mismatch) => counted.has(mismatch))) return { ...facts, status: "failed" };
    return skipped === undefined
      ? { ...facts, status: "passed" }
      : { ...facts, status: "skipped", reason: skipped };
  });
}

function reportedMismatches({ run, judged, openapi, sources, target, callsOf, roleOf }: Assembled) {
  const lines = sourceLines({ openapi, sources });
  const acceptance = new Map(judged.accepted.map(({ mismatch, by }) => [mismatch, by]));
  return run.outcomes.flatMap(({ check, result }) =>
    result.mismatches.map((mismatch) => {
      const by = acceptance.get(mismatch);
      return {
        ...mismatch,
        check: check.id,
        promisedBy: lines({ ...mismatch, status: answerStatus(mismatch, result.asserted) }),
        reproduction: reproduction(callsUntil(mismatch, callsOf(check.id)), {
          baseUrl: target.baseUrl,
          roleOf,
        }),
        accepted: by && { reason: by.reason, expires: by.expires },
      };
    }),
  );
}

/** The check's calls up to the last one of the operation that is wrong. */
function callsUntil({ operation }: Mismatch, calls: PlannedCall[]): PlannedCall[] {
  const last = calls.findLastIndex((call) => call.operation === operation);
  return last === -1 ? calls : calls.slice(0, last + 1);
}

function deviations({ accepted, expired, gone }: Judged): AcceptedDeviation[] {
  const occurring = [...new Set(accepted.map(({ by }) => by))];
  const states = [
    ["occurs", occurring],
    ["expired", expired],
    ["no longer occurs", gone],
  ] as const;
  return states.flatMap(([state, list]) =>
    list.map(({ operation, instancePath = "anywhere", reason, expires }) => ({
      operation,
      instancePath,
      reason,
      expires,
      state,
    })),
  );
}
