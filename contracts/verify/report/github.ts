import { printable, printableLine } from "./printable.ts";
import type { Report, ReportedMismatch } from "./report.ts";
import { facts, grounds, notChecked, summary, unaccepted, verdictLine } from "./summary.ts";

/**
 * The report as a GitHub workflow shows it: `annotations` to be printed on stdout, on the lines that promise
 * what is broken, and `stepSummary` to be appended to the file that `GITHUB_STEP_SUMMARY` names.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function github(report: Report): { annotations: string; stepSummary: string } {
  return { annotations: annotationsOf(report), stepSummary: stepSummaryOf(report) };
}

/** GitHub shows ten of a kind for one step and drops the rest without a word. */
const mostAnnotations = 10;
/** The step summary may have 1 MiB; what is beyond that is not shown at all. */
const mostMismatches = 200;

function annotationsOf(report: Report): string {
  if (report.verdict === "conforms") return "";
  const broken = unaccepted(report);
  const room = broken.length > mostAnnotations ? mostAnnotations - 1 : mostAnnotations;
  const left = broken.length - room;
  const lines = broken.slice(0, room).map(annotation);
  if (left > 0) lines.push(command({}, `${left} more mismatches are in the step summary.`));
  if (broken.length === 0) lines.push(command({ title: "necid verify" }, verdictLine(report)));
  return lines.join("");
}

function annotation({
  operation,
  instancePath,
  location,
  promisedBy,
  ...mismatch
}: ReportedMismatch): string {
  const [, file, line, col] = promisedBy?.match(/^(.+):(\d+):(\d+)$/) ?? [];
  const { message, expected, actual } = mismatch;
  return command(
    { file, line, col, title: `${operation} ${instancePath}` },
    `${message}\n${location}\nexpected: ${expected}\nactual: ${actual}`,
  );
}

function command(properties: Record<string, string | undefined>, message: string): string {
  const told = Object.entries(properties).filter(([, value]) => value !== undefined);
  const text = told.map(([name, value]) => `${name}=${property(value!)}`).join(",");
  return `::error${text && ` ${text}`}::${escaped(printable(message))}\n`;
}

function property(value: string): string {
  return escaped(printable(value)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function stepSummaryOf(report: Report): string {
  const { mismatches, ledger, accepted } = report;
  const mark = report.verdict === "conforms" ? "✅" : "❌";
  const groups = notChecked(report);
  const stale = accepted.filter(({ state }) => state !== "occurs");
  return [
    `## ${mark} necid verify: ${report.verdict}`,
    plain(grounds(report)),
    plain(summary(report)),
    table(["", ""], facts(report)),
    ...section("Mismatches", mismatches, [
      table(
        ["operation", "place", "expected", "actual", "promised by", "accepted"],
        mismatches
          .slice(0, mostMismatches)
          .map((mismatch) => [
            mismatch.operation,
            `${mismatch.instancePath} (${mismatch.location})`,
            mismatch.expected,
            mismatch.actual,
            mismatch.promisedBy ?? "",
            mismatch.accepted ? `until ${mismatch.accepted.expires}: ${mismatch.accepted.reason}` : "",
          ]),
      ),
      ...(mismatches.length > mostMismatches
        ? [`${mismatches.length - mostMismatches} more are in report.json.`]
        : []),
    ]),
    ...section("Accepted deviations that no longer hold", stale, [
      table(
        ["operation", "place", "state", "reason", "expires"],
        stale.map((each) => [each.operation, each.instancePath, each.state, each.reason, each.expires]),
      ),
    ]),
    ...section("Left registered", ledger.orphans, [
      table(
        ["picture", "application", "id"],
        ledger.orphans.map(({ role, application, id }) => [role, String(application), id ?? "unknown"]),
      ),
    ]),
    ...section("Not checked", groups, [
      table(
        ["because", "checks"],
        groups.map(({ reason, checks }) => [reason, checks.map(({ id }) => id).join(" ")]),
      ),
    ]),
    "",
  ].join("\n\n");
}

function section(title: string, items: unknown[], content: string[]): string[] {
  return items.length > 0 ? [`### ${title}`, ...content] : [];
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((cells) => line(cells.map(plain)))].join("\n");
}

/** Text that Markdown takes for nothing but text, also in a cell of a table. */
function plain(text: string): string {
  const shown = text.length > 500 ? `${text.slice(0, 500)}…` : text;
  return printableLine(shown).replace(/[^\p{L}\p{N} ,]/gu, (character) => `&#${character.codePointAt(0)};`);
}
