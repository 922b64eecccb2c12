import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Reporter } from "vitest/node";
import { loadContract } from "../../contracts/necid/contract.ts";
import type { CoveredCounts } from "./coverage.ts";
import { coveragePage, formatCoverage, reportCoverage } from "./coverage-report.ts";

export type CoverageReporterOptions = {
  /** Below this percentage of documented responses the run fails. @default 0 */
  threshold?: number;
  /** Writes the report as JSON to this file. */
  json?: string;
  /** Writes the report as a page to this file. */
  html?: string;
};

/**
 * A reporter for vitest. At the end of a run it says which documented responses the application was never tested
 * against, summed over all tests that use the fixture, in all files and workers.
 *
 * @example reporters: ["default", ["necid-contract-kit/vitest/reporter", { threshold: 25 }]]
 */
export default class CoverageReporter implements Reporter {
  readonly #options: CoverageReporterOptions;

  constructor(options: CoverageReporterOptions = {}) {
    this.#options = options;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const { threshold = 0, json, html } = this.#options;
    const counts = modules.flatMap(({ children }) =>
      Array.from(children.allTests(), (test) => countsOf(test.meta())),
    );
    const { openapi } = await loadContract();
    const report = reportCoverage(openapi, counts);
    if (json !== undefined) write(json, `${JSON.stringify(report, null, 2)}\n`);
    if (html !== undefined) write(html, coveragePage(report));
    console.log(`\nNEC ID: ${formatCoverage(report)}`);
    if (report.percent >= threshold) return;
    console.error(`The threshold is ${threshold} %. Test more of the responses above, or lower it.`);
    process.exitCode = 1;
  }
}

/** What is used of vitest's modules, which differ between its versions. */
type TestModule = { children: { allTests(): Iterable<{ meta(): object }> } };

function countsOf(meta: { necid?: CoveredCounts }): CoveredCounts {
  return meta.necid ?? {};
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
