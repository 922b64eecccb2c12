import type { Report, ReportedCheck, ReportedMismatch } from "./report.ts";

/** How many checks passed and failed, and what was not checked, each reason once, in one line. */
export function summary({ checks }: Pick<Report, "checks">): string {
  const count = (status: ReportedCheck["status"]) => checks.filter((check) => check.status === status).length;
  const passed = `${plural(count("passed"), "check")} passed, ${count("failed")} failed`;
  const reasons = notChecked({ checks }).map(({ reason }) => reason);
  if (reasons.length === 0) return passed;
  const told = reasons.length > 3 ? [...reasons.slice(0, 2), `${reasons.length - 2} more reasons`] : reasons;
  return `${passed}, ${count("skipped")} not checked (because ${told.join("; ")})`;
}

/** The verdict and what it rests on, in one line. */
export function verdictLine(report: Report): string {
  const kind = report.verdict === "could not run" ? ` (${report.kind})` : "";
  return `${report.verdict}${kind}: ${grounds(report)}`;
}

/** What the verdict rests on. */
export function grounds(report: Report): string {
  const { target, contract, verdict, ledger, accepted } = report;
  const whole = `${contract.title} ${contract.version}`;
  if (verdict === "could not run") return report.reason ?? "no reason was given";
  if (verdict === "conforms") return `${target.baseUrl} keeps ${whole}`;
  const parts = [
    plural(unaccepted(report).length, "mismatch", "es"),
    ...(ledger.orphans.length > 0 ? [`${plural(ledger.orphans.length, "subject")} left registered`] : []),
    ...accepted
      .filter(({ state }) => state !== "occurs")
      .map(({ state, operation }) => `accepted deviation of ${operation} ${state}`),
  ];
  return `${target.baseUrl} breaks ${whole}: ${parts.join(", ")}`;
}

/** What was not checked, by reason, in the order of the run. */
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

/** The circumstances of the run: label and words. */
export function facts(report: Report): [label: string, words: string][] {
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

/** Milliseconds as somebody says them. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function skew(ms: number): string {
  // `Date` has whole seconds.
  if (Math.abs(ms) < 1000) return "agrees with ours";
  return `${duration(Math.abs(ms))} ${ms > 0 ? "ahead of" : "behind"} ours`;
}

function plural(count: number, word: string, ending = "s"): string {
  return `${count} ${word}${count === 1 ? "" : ending}`;
}
