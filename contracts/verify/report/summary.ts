import type { Report, ReportedCheck, ReportedMismatch } from "./report.ts";

/** Why the checks after a stop are skipped. */
export const endedBefore = "the run ended before it";

/** One line: how many checks passed, failed and were not checked, with each reason once. */
export function summary({ checks }: Pick<Report, "checks">): string {
  const count = (status: ReportedCheck["status"]) => checks.filter((check) => check.status === status).length;
  const passed = `${plural(count("passed"), "check")} passed, ${count("failed")} failed`;
  const reasons = notChecked({ checks }).map(({ reason }) => reason);
  if (reasons.length === 0) return passed;
  const shown = reasons.length > 3 ? [...reasons.slice(0, 2), `${reasons.length - 2} more reasons`] : reasons;
  return `${passed}, ${count("skipped")} not checked (because ${shown.join("; ")})`;
}

/** One line: the verdict and its reason. */
export function verdictLine(report: Report): string {
  const kind = report.verdict === "could not run" ? ` (${report.kind})` : "";
  return `${report.verdict}${kind}: ${verdictReason(report)}`;
}

/** The reason for the verdict. */
export function verdictReason(report: Report): string {
  const { target, contract, verdict, ledger, accepted } = report;
  const contractName = `${contract.title} ${contract.version}`;
  if (verdict === "could not run") return report.reason ?? "no reason was given";
  if (verdict === "conforms") return `${target.baseUrl} keeps ${contractName}`;
  const causes = [
    plural(unaccepted(report).length, "mismatch", "es"),
    ...(ledger.orphans.length > 0 ? [`${plural(ledger.orphans.length, "subject")} left registered`] : []),
    ...accepted
      .filter(({ state }) => state !== "occurs")
      .map(({ state, operation }) => `accepted deviation of ${operation} ${state}`),
  ];
  return `${target.baseUrl} breaks ${contractName}: ${causes.join(", ")}`;
}

/** The skipped checks, grouped by reason, in the order of the run. */
export function notChecked({
  checks,
}: Pick<Report, "checks">): { reason: string; checks: ReportedCheck[] }[] {
  const skipped = checks.filter(({ status }) => status === "skipped");
  const groups = Map.groupBy(skipped, ({ reason = "no reason was given" }) => reason);
  return [...groups].map(([reason, group]) => ({ reason, checks: group }));
}

/** The mismatches that count against the verdict. */
export function unaccepted({ mismatches }: Pick<Report, "mismatches">): ReportedMismatch[] {
  return mismatches.filter(({ accepted }) => !accepted);
}

/** Target, contract, duration and counts of the run, each with its label. */
export function runDetails(report: Report): [label: string, value: string][] {
  const { target, contract, calls, ledger, clockSkewMs } = report;
  return [
    ["target", `${target.name}, ${target.baseUrl}`],
    ["contract", `${contract.title} ${contract.version}, SHA-256 ${contract.sha256.slice(0, 12)}…`],
    ["run", `${report.started}, ${duration(report.ms)}`],
    ["calls", calls.limit === undefined ? `${calls.made}` : `${calls.made} of at most ${calls.limit}`],
    ["subjects", `${ledger.registered} registered, ${ledger.unregistered} unregistered`],
    ...(clockSkewMs === undefined ? [] : [["server's clock", skew(clockSkewMs)] as [string, string]]),
  ];
}

/** Formats milliseconds: `12 ms`, `2.3 s`. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function skew(ms: number): string {
  // The `Date` header has whole seconds.
  if (Math.abs(ms) < 1000) return "agrees with ours";
  return `${duration(Math.abs(ms))} ${ms > 0 ? "ahead of" : "behind"} ours`;
}

function plural(count: number, word: string, ending = "s"): string {
  return `${count} ${word}${count === 1 ? "" : ending}`;
}
