import { printable, printableLine } from "../../trust/printable.ts";
import type { Report, ReportedMismatch } from "./report.ts";
import { notChecked, runDetails, summary, unaccepted, verdictLine, verdictReason } from "./summary.ts";

/**
 * Formats the report for a GitHub workflow: `annotations` of the broken source lines, to print on stdout, and
 * `stepSummary`, to append to the file that `GITHUB_STEP_SUMMARY` names.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function github(report: Report): { annotations: string; stepSummary: string } {
  return { annotations: annotationsOf(report), stepSummary: stepSummaryOf(report) };
}

/** GitHub shows ten annotations of one level for a step and silently drops the rest. */
const maxAnnotations = 10;
/** GitHub shows no step summary above 1 MiB. */
const maxMismatches = 200;

function annotationsOf(report: Report): string {
  if (report.verdict === "conforms") return "";
  const broken = unaccepted(report);
  const room = broken.length > maxAnnotations ? maxAnnotations - 1 : maxAnnotations;
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
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${property(value!)}`).join(",");
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
  const icon = report.verdict === "conforms" ? "✅" : "❌";
  const groups = notChecked(report);
  const outdated = accepted.filter(({ state }) => state !== "occurs");
  return [
    `## ${icon} necid verify: ${report.verdict}`,
    plain(verdictReason(report)),
    plain(summary(report)),
    table(["", ""], runDetails(report)),
    ...section("Mismatches", mismatches, [
      table(
        ["operation", "place", "expected", "actual", "promised by", "accepted"],
        mismatches
          .slice(0, maxMismatches)
          .map((mismatch) => [
            mismatch.operation,
            `${mismatch.instancePath} (${mismatch.location})`,
            mismatch.expected,
            mismatch.actual,
            mismatch.promisedBy ?? "",
            mismatch.accepted ? `until ${mismatch.accepted.expires}: ${mismatch.accepted.reason}` : "",
          ]),
      ),
      ...(mismatches.length > maxMismatches
        ? [`${mismatches.length - maxMismatches} more are in report.json.`]
        : []),
    ]),
    ...section("Accepted deviations that no longer hold", outdated, [
      table(
        ["operation", "place", "state", "reason", "expires"],
        outdated.map((each) => [each.operation, each.instancePath, each.state, each.reason, each.expires]),
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

/** Escapes text for Markdown, also inside a table cell. */
function plain(text: string): string {
  const shown = text.length > 500 ? `${text.slice(0, 500)}…` : text;
  return printableLine(shown).replace(/[^\p{L}\p{N} ,]/gu, (character) => `&#${character.codePointAt(0)};`);
}
