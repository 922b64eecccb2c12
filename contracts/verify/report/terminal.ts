import { styleText } from "node:util";
import { printableLine } from "../../trust/printable.ts";
import type { AcceptedDeviation, Report, ReportedCheck, ReportedMismatch } from "./report.ts";
import {
  duration,
  endedBefore,
  notChecked,
  runDetails,
  summary,
  unaccepted,
  verdictLine,
} from "./summary.ts";

export type TerminalLook = {
  /** Whether to use colors. */
  color: boolean;
  /** Width of the terminal; absent when the output is no terminal, and lines are not cut. */
  columns?: number;
};

/** Prints the progress of a run and its report. */
export type TerminalReport = {
  /** Shows the running check, on a terminal only, until `finished` replaces it. */
  started(check: Pick<ReportedCheck, "part" | "operation" | "title">): void;
  finished(check: ReportedCheck): void;
  end(report: Report): void;
};

/**
 * Creates a reporter that writes one line for each check, then every mismatch and the summary.
 *
 * @param options.total the number of checks of the run, for `3 of 189` on each line. Absent, lines have no number.
 * @param options.redact is applied to the lines written during the run. The report of `end` is already redacted.
 */
export function terminalReport({
  write,
  redact,
  color,
  columns,
  total,
}: TerminalLook & {
  write: (text: string) => void;
  redact: (text: string) => string;
  total?: number;
}): TerminalReport {
  const paint: Paint = (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
  let begun = 0;
  const line = (check: Omit<Line, "redact" | "columns" | "progress">) => {
    const progress = total === undefined ? undefined : `${begun} of ${total}`;
    return lineOf({ ...check, redact, columns, progress });
  };
  const erase = columns === undefined ? "" : "\r\u001b[2K";
  return {
    started({ part, operation, title }) {
      begun += 1;
      if (columns !== undefined) write(`${erase}${line({ part, operation, title, word: "…" })}`);
    },
    finished(check) {
      const { word, format } = marks[check.status];
      const ending = check.status === "skipped" ? `, because ${check.reason}` : "";
      const text = line({ ...check, word, title: `${check.title}${ending}` });
      write(`${erase}${paint(format, text.slice(0, word.length))}${text.slice(word.length)}\n`);
    },
    end: (report) => write(`${erase}${endOf(report, paint)}`),
  };
}

/**
 * Decides about colors and width. A CI log gets neither colors nor cut lines.
 *
 * @see https://no-color.org
 */
export function terminalLook({
  env,
  isTTY,
  columns,
}: {
  env: Record<string, string | undefined>;
  isTTY: boolean;
  columns?: number;
}): TerminalLook {
  const plain = !isTTY || Boolean(env.CI) || env.TERM === "dumb";
  return { color: !plain && !env.NO_COLOR, columns: plain ? undefined : (columns ?? 80) };
}

type Format = Parameters<typeof styleText>[0];
type Paint = (format: Format, text: string) => string;
type Line = Pick<ReportedCheck, "part" | "operation" | "title"> & {
  ms?: number;
  word: string;
  progress?: string;
  redact: (text: string) => string;
  columns?: number;
};

const marks: Record<ReportedCheck["status"], { word: string; format: Format }> = {
  passed: { word: "ok", format: "green" },
  failed: { word: "FAIL", format: "red" },
  skipped: { word: "skip", format: "yellow" },
};

function lineOf({ word, part, operation, title, ms, progress, redact, columns }: Line): string {
  const start = `${word.padEnd(4)} ${part.padEnd(8)}  ${operation.padEnd(22)}  `;
  const end = [ms === undefined ? undefined : duration(ms), progress]
    .filter((text) => text !== undefined)
    .map((text) => `  ${text}`)
    .join("");
  const shown = escaped(redact(title));
  if (columns === undefined) return `${start}${shown}${end}`;
  // The last column stays free: some terminals wrap after writing there.
  const room = Math.max(columns - 1 - start.length - end.length, 8);
  return `${start}${shown.length > room ? `${shown.slice(0, room - 1)}…` : shown}${end}`.slice(
    0,
    columns - 1,
  );
}

function endOf(report: Report, paint: Paint): string {
  const broken = unaccepted(report);
  const known = report.mismatches.filter(({ accepted }) => accepted);
  const sections = [
    ...equalMismatches(broken).map(([first, ...others]) => mismatchText(first!, others, paint)),
    ...known.map((mismatch) => knownText(mismatch, paint)),
    ...report.accepted.filter(({ state }) => state !== "occurs").map((each) => outdatedText(each, paint)),
    notCheckedText(report, paint),
    orphansText(report, paint),
    detailsText(report),
  ];
  const format = report.verdict === "conforms" ? "green" : "red";
  const verdict = [printableLine(summary(report)), paint(format, escaped(verdictLine(report)))];
  if (isEmpty(report)) return `${[orphansText(report, paint), verdict[1]].filter(Boolean).join("\n\n")}\n`;
  return `\n${[...sections.filter((text) => text !== ""), `${verdict.join("\n")}\n`].join("\n\n")}`;
}

/** Nothing was found out: only the reason is of use. */
function isEmpty({ verdict, checks, mismatches, accepted }: Report): boolean {
  return (
    verdict === "could not run" &&
    mismatches.length + accepted.length === 0 &&
    checks.every(({ reason }) => reason === endedBefore)
  );
}

/** Mismatches that differ in nothing but the request and the check that found them. */
function equalMismatches(mismatches: ReportedMismatch[]): ReportedMismatch[][] {
  const groups = Map.groupBy(mismatches, ({ operation, instancePath, expected, actual }) =>
    JSON.stringify([operation, instancePath, expected, actual]),
  );
  return [...groups.values()];
}

const maxEqual = 5;

function mismatchText(mismatch: ReportedMismatch, others: ReportedMismatch[], paint: Paint): string {
  const { operation, instancePath, location, promisedBy, response, reproduction } = mismatch;
  return block(paint("red", escaped(`${operation}  ${instancePath}  (${location})`)), [
    ["", mismatch.message],
    ["expected", mismatch.expected],
    ["actual", mismatch.actual],
    ["promised", promisedBy ?? "by neither the Swagger nor the overlay"],
    ["check", mismatch.check],
    ...(response === undefined ? [] : [["response", response] as Row]),
    ...others
      .slice(0, maxEqual)
      .map(({ location: place, check }, index): Row => [index === 0 ? "also" : "", `${place}, ${check}`]),
    ...(others.length > maxEqual ? [["", `${others.length - maxEqual} more like it`] as Row] : []),
    ...(reproduction ?? "")
      .split("\n")
      .filter(Boolean)
      .map((text, index): Row => [index === 0 ? "again" : "", text]),
  ]);
}

function knownText({ operation, instancePath, location, accepted }: ReportedMismatch, paint: Paint): string {
  return block(paint("yellow", escaped(`accepted  ${operation}  ${instancePath}  (${location})`)), [
    ["because", accepted!.reason],
    ["until", accepted!.expires],
  ]);
}

function outdatedText({ operation, instancePath, state, reason, expires }: AcceptedDeviation, paint: Paint) {
  return block(paint("red", escaped(`accepted, but ${state}  ${operation}  ${instancePath}`)), [
    ["because", reason],
    ["until", expires],
  ]);
}

function notCheckedText(report: Report, paint: Paint): string {
  const groups = notChecked(report).map(({ reason, checks }) =>
    block(paint("yellow", escaped(`not checked, because ${reason}`)), [
      ["", reason === endedBefore ? `${checks.length} checks` : checks.map(({ id }) => id).join(", ")],
    ]),
  );
  return groups.join("\n");
}

function orphansText({ ledger }: Report, paint: Paint): string {
  const lines = ledger.orphans.map(({ role, application, id }) =>
    paint("red", escaped(`left registered: ${role} in application ${application}, ${id ?? "id unknown"}`)),
  );
  if (lines.length > 0) lines.push("Run `necid verify --clean` with the same target and credentials.");
  return lines.join("\n");
}

function detailsText(report: Report): string {
  return runDetails(report)
    .map(([label, value]) => `${label.padEnd(14)}  ${escaped(value)}`)
    .join("\n");
}

type Row = [label: string, text: string];

function block(title: string, rows: Row[]): string {
  return [title, ...rows.map(([label, text]) => `  ${label.padEnd(8)}  ${escaped(text)}`)].join("\n");
}

/** A GitHub workflow log takes `##[…]` for a command anywhere in a line, and a response may contain it. */
function escaped(text: string): string {
  return printableLine(text).replaceAll("##[", "# #[");
}
