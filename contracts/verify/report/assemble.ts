import { findOperation, type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { Sources } from "../../openapi/sources.ts";
import type { Check, ImageRole, Mismatch, PlannedCall } from "../check.ts";
import type { Deviations } from "../run/accepted.ts";
import type { RunOutcome } from "../run/run.ts";
import { excerptOf, type KeptResponse } from "./kept-response.ts";
import { coverageMatrix } from "./matrix.ts";
import { createRedactor, redactReport } from "./redact.ts";
import type { AcceptedDeviation, Report, ReportedCheck } from "./report.ts";
import { type ReproductionOptions, reproduction } from "./reproduction.ts";
import { responseStatus } from "./response-status.ts";
import { sourceLines } from "./source-lines.ts";
import { endedBefore } from "./summary.ts";

export type ReportParts = Pick<Report, "target" | "contract" | "started" | "ms"> & {
  openapi: OpenApi;
  sources: Sources;
  /** Every check of the run, in order. */
  checks: Check[];
  run: RunOutcome;
  deviations: Deviations;
  /** How many subjects the run registered. */
  registered: number;
  /** The value of `--max-calls`. */
  maxCalls?: number;
  /** The calls that a check made, by its id. */
  callsOf: (check: string) => PlannedCall[];
  /**
   * What was kept of the response to a call.
   * @default nothing was kept: mismatches show no response, and calls that need earlier ones do not name them
   */
  responseTo?: (call: PlannedCall) => KeptResponse | undefined;
  /** The role of a Base64 image. */
  roleOf: (text: string) => ImageRole | undefined;
  /** How a call is repeated; see `reproduction`. By default the target is its base URL. */
  calling?: Partial<Pick<ReproductionOptions, "command" | "target" | "imageOf" | "effectOf">>;
  /** Removed from every text; see `redactReport`. */
  secrets: string[];
  /** Shown whole; see `createRedactor`. */
  keep?: string[];
};

/** Assembles the report of a run. It is redacted and may be published. */
export function assembleReport(parts: ReportParts): Report {
  const { target, contract, started, ms, run, deviations, openapi, maxCalls } = parts;
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
    accepted: acceptedDeviations(deviations),
  };
  return redactReport(report, parts.secrets, { keep: parts.keep });
}

function verdictOf({ run, deviations }: ReportParts): Pick<Report, "verdict" | "kind" | "reason"> {
  const { counted, expired, gone } = deviations;
  const red = counted.length + expired.length + gone.length + run.orphans.length > 0;
  if (run.stopped) return { verdict: "could not run", kind: run.stopped.kind, reason: run.stopped.message };
  return red ? { verdict: "does not conform", kind: "contract" } : { verdict: "conforms" };
}

/** In the order of the run. Checks after a stop are skipped. */
function reportedChecks({ checks, run, deviations }: ReportParts): ReportedCheck[] {
  const counted = new Set(deviations.counted);
  return checks.map(({ id, part, operation, title }, index) => {
    const outcome = run.outcomes[index];
    const reported = { id, part, operation, title, ms: outcome?.ms ?? 0, calls: outcome?.calls ?? 0 };
    if (!outcome) return { ...reported, status: "skipped", reason: endedBefore };
    const { mismatches, skipped } = outcome.result;
    if (mismatches.some((mismatch) => counted.has(mismatch))) return { ...reported, status: "failed" };
    return skipped === undefined
      ? { ...reported, status: "passed" }
      : { ...reported, status: "skipped", reason: skipped };
  });
}

function reportedMismatches(parts: ReportParts) {
  const { run, deviations, openapi, sources, target, callsOf, responseTo, roleOf, calling } = parts;
  const redact = createRedactor(parts.secrets, { keep: parts.keep });
  const locate = sourceLines({ openapi, sources });
  const operations = readOperations(openapi);
  const pathOf = (operation: string) => findOperation(operations, operation)?.path;
  const acceptance = new Map(deviations.accepted.map(({ mismatch, by }) => [mismatch, by]));
  return run.outcomes.flatMap(({ check, result }) =>
    result.mismatches.map((mismatch) => {
      const by = acceptance.get(mismatch);
      const calls = callsUntil(mismatch, callsOf(check.id), result.callOf?.get(mismatch));
      const kept = calls.length > 0 ? responseTo?.(calls.at(-1)!) : undefined;
      const { instancePath } = mismatch;
      return {
        ...mismatch,
        check: check.id,
        promisedBy: locate({ ...mismatch, status: responseStatus(mismatch, result.asserted) }),
        response: kept && excerptOf(kept, { instancePath, redact }),
        reproduction: reproduction(calls, {
          target: ["--target", target.baseUrl],
          responseTo,
          needsAll: mismatch.source === "sequence",
          roleOf,
          pathOf,
          ...calling,
        }),
        accepted: by && { reason: by.reason, expires: by.expires },
      };
    }),
  );
}

/** The check's calls up to that of the mismatch, or to the last one to its operation. */
function callsUntil({ operation }: Mismatch, calls: PlannedCall[], failing?: PlannedCall): PlannedCall[] {
  const last = calls.findLastIndex((call) => (failing ? call === failing : call.operation === operation));
  return last === -1 ? calls : calls.slice(0, last + 1);
}

function acceptedDeviations({ accepted, expired, gone }: Deviations): AcceptedDeviation[] {
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
