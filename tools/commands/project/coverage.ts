import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CoveredCounts } from "../../../mocks/testing/coverage.ts";
import { InvalidArgumentError } from "../reader/options.ts";
import { defineVerb, type Option, type OptionValues } from "../reader/program.ts";
import type { Terminal } from "../reader/terminal.ts";

const options = {
  threshold: {
    argument: "percent",
    description: "exit with 1 below this percentage of documented responses",
    default: 0,
    parse: percentage,
  },
  json: { argument: "file", description: "write the report as JSON" },
  html: { argument: "file", description: "write the report as a page" },
} as const satisfies Record<string, Option>;

export const coverageVerb = defineVerb({
  options,
  notes: `Tests that use startWorld write what they covered into the folder that NECID_COVERAGE names:
  NECID_COVERAGE=.necid/coverage npm test
  necid coverage .necid/coverage --threshold 25`,
  run: ({ options, operands }, terminal) => runCoverage({ folder: operands[0]!, ...options }, terminal),
});

type CoverageCommand = { folder: string } & OptionValues<typeof options>;

/**
 * Adds up what the tests of a run have covered.
 *
 * @returns the exit code: 0, 1 below the threshold, 2 when there is nothing to add up.
 */
export async function runCoverage(command: CoverageCommand, { stdout, stderr }: Terminal): Promise<number> {
  const { folder, threshold, json, html } = command;
  const [{ loadContract }, { coveragePage, formatCoverage, reportCoverage }] = await Promise.all([
    import("../../../contracts/necid/contract.ts"),
    import("../../../mocks/testing/coverage-report.ts"),
  ]);
  let counts: CoveredCounts[];
  try {
    counts = readCounts(folder);
  } catch (error) {
    stderr(`${folder} holds no coverage: ${(error as Error).message}\n`);
    return 2;
  }
  if (counts.length === 0) {
    stderr(`${folder} holds no coverage. Run the tests with NECID_COVERAGE=${folder} first.\n`);
    return 2;
  }
  const report = reportCoverage((await loadContract()).openapi, counts);
  if (json !== undefined) write(json, `${JSON.stringify(report, null, 2)}\n`);
  if (html !== undefined) write(html, coveragePage(report));
  stdout(formatCoverage(report));
  if (report.percent >= threshold) return 0;
  stderr(`The threshold is ${threshold} %.\n`);
  return 1;
}

/** One line for each world, in a file for each process. */
function readCounts(folder: string): CoveredCounts[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [];
  return names.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line)),
  );
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function percentage(text: string): number {
  const number = Number(text);
  if (text !== "" && number >= 0 && number <= 100) return number;
  throw new InvalidArgumentError("It must be a number from 0 to 100.");
}
