import type { OpenApi } from "../../contracts/openapi/operations.ts";
import { type ContractResponse, contractResponses } from "../world/coverage.ts";
import { type CoveredCounts, responseName } from "./coverage.ts";

/** Which documented responses an application was tested against, over all tests. */
export type CoverageReport = {
  documented: number;
  covered: number;
  /** `covered` of `documented`, from 0 to 100, with one decimal. */
  percent: number;
  /** Every documented response in the contract's order. `calls` is how often it was sent. */
  responses: (ContractResponse & { calls: number })[];
};

/** Adds up the counts of all tests. */
export function reportCoverage(openapi: OpenApi, counts: readonly CoveredCounts[]): CoverageReport {
  const sums = new Map<string, number>();
  for (const one of counts) {
    for (const [name, calls] of Object.entries(one)) sums.set(name, (sums.get(name) ?? 0) + calls);
  }
  const responses = contractResponses(openapi).map((response) => ({
    ...response,
    calls: sums.get(responseName(response)) ?? 0,
  }));
  const covered = responses.filter(({ calls }) => calls > 0).length;
  const documented = responses.length;
  return { documented, covered, percent: Math.round((1000 * covered) / documented) / 10, responses };
}

/** The report as text: how many were covered, and which never. */
export function formatCoverage({ documented, covered, percent, responses }: CoverageReport): string {
  const never = Map.groupBy(
    responses.filter(({ calls }) => calls === 0),
    ({ operation }) => operation,
  );
  const rows = Array.from(never, ([operation, missed]) => `  ${operation}: ${missed.map(kindOf).join(", ")}`);
  return [
    `${covered} of ${documented} documented responses were tested (${percent} %).`,
    ...(rows.length > 0 ? ["Never tested:", ...rows] : []),
    "",
  ].join("\n");
}

/** The report as a page. */
export function coveragePage(report: CoverageReport): string {
  const rows = report.responses.map(
    ({ operation, calls, ...kind }) =>
      `<tr class="${calls > 0 ? "tested" : "never"}"><td>${escaped(operation)}<td>${escaped(kindOf(kind))}<td>${calls || "never"}`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>NEC ID: ${report.percent} % of the documented responses were tested</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 50rem; padding: 0 1rem }
td, th { padding: 0.2rem 1rem 0.2rem 0; text-align: left }
.never { color: #a40000 }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } .never { color: #f88 } }
</style>
<h1>${report.covered} of ${report.documented} documented responses were tested</h1>
<table>
<tr><th>operation<th>response<th>calls
${rows.join("\n")}
</table>
</html>
`;
}

function kindOf({ status, errorType }: Omit<ContractResponse, "operation">): string {
  return errorType === undefined ? String(status) : `${status} ${errorType}`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
