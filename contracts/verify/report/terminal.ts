import { styleText } from "node:util";
import { printableLine } from "./printable.ts";
import type { AcceptedDeviation, Report, ReportedCheck, ReportedMismatch } from "./report.ts";
import { duration, facts, notChecked, summary, unaccepted, verdictLine } from "./summary.ts";

export type TerminalLook = {
  /** Whether colours may be used. */
  color: boolean;
  /** How wide it is; absent where it is no terminal, and lines are as long as they are. */
  columns?: number;
};

/** The report while it grows, and at the end. */
export type TerminalReport = {
  /** Shows, on a terminal only, what is being checked until `finished` takes its place. */
  started(check: Pick<ReportedCheck, "part" | "operation" | "title">): void;
  finished(check: ReportedCheck): void;
  end(report: Report): void;
};

/**
 * Writes one line a check, then every mismatch and the summary.
 *
 * @param options.seal is applied to the lines written during the run; the report of `end` is sealed already.
 */
export function terminalReport({
  write,
  seal,
  color,
  columns,
}: TerminalLook & { write: (text: string) => void; seal: (text: string) => string }): TerminalReport {
  const paint: Paint = (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
  const line = (check: Omit<Line, "seal" | "columns">) => lineOf({ ...check, seal, columns });
  const erase = columns === undefined ? "" : "\r\u001b[2K";
  return {
    started({ part, operation, title }) {
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
 * How to write to a terminal. A CI log is plain and unbroken.
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
  seal: (text: string) => string;
  columns?: number;
};

const marks: Record<ReportedCheck["status"], { word: string; format: Format }> = {
  passed: { word: "ok", format: "green" },
  failed: { word: "FAIL", format: "red" },
  skipped: { word: "skip", format: "yellow" },
};

function lineOf({ word, part, operation, title, ms, seal, columns }: Line): string {
  const start = `${word.padEnd(4)} ${part.padEnd(8)}  ${operation.padEnd(22)}  `;
  const end = ms === undefined ? "" : `  ${duration(ms)}`;
  const told = harmless(seal(title));
  if (columns === undefined) return `${start}${told}${end}`;
  // The last column stays free: writing there breaks the line on some terminals.
  const room = Math.max(columns - 1 - start.length - end.length, 8);
  return `${start}${told.length > room ? `${told.slice(0, room - 1)}…` : told}${end}`.slice(0, columns - 1);
}

function endOf(report: Report, paint: Paint): string {
  const broken = unaccepted(report);
  const known = report.mismatches.filter(({ accepted }) => accepted);
  const sections = [
    ...broken.map((mismatch) => mismatchText(mismatch, paint)),
    ...known.map((mismatch) => knownText(mismatch, paint)),
    ...report.accepted.filter(({ state }) => state !== "occurs").map((each) => staleText(each, paint)),
    notCheckedText(report, paint),
    orphansText(report, paint),
    factsText(report),
  ];
  const format = report.verdict === "conforms" ? "green" : "red";
  const verdict = [printableLine(summary(report)), paint(format, harmless(verdictLine(report)))];
  return `\n${[...sections.filter((text) => text !== ""), `${verdict.join("\n")}\n`].join("\n\n")}`;
}

function mismatchText(mismatch: ReportedMismatch, paint: Paint): string {
  const { operation, instancePath, location, promisedBy, reproduction } = mismatch;
  return block(paint("red", harmless(`${operation}  ${instancePath}  (${location})`)), [
    ["", mismatch.message],
    ["expected", mismatch.expected],
    ["actual", mismatch.actual],
    ["promised", promisedBy ?? "by neither the Swagger nor the overlay"],
    ["check", mismatch.check],
    ...(reproduction ?? "")
      .split("\n")
      .filter(Boolean)
      .map((text, index): Row => [index === 0 ? "again" : "", text]),
  ]);
}

function knownText({ operation, instancePath, location, accepted }: ReportedMismatch, paint: Paint): string {
  return block(paint("yellow", harmless(`accepted  ${operation}  ${instancePath}  (${location})`)), [
    ["because", accepted!.reason],
    ["until", accepted!.expires],
  ]);
}

function staleText({ operation, instancePath, state, reason, expires }: AcceptedDeviation, paint: Paint) {
  return block(paint("red", harmless(`accepted, but ${state}  ${operation}  ${instancePath}`)), [
    ["because", reason],
    ["until", expires],
  ]);
}

function notCheckedText(report: Report, paint: Paint): string {
  const groups = notChecked(report).map(({ reason, checks }) =>
    block(paint("yellow", harmless(`not checked, because ${reason}`)), [
      ["", checks.map(({ id }) => id).join(", ")],
    ]),
  );
  return groups.join("\n");
}

function orphansText({ ledger }: Report, paint: Paint): string {
  const lines = ledger.orphans.map(({ role, application, id }) =>
    paint("red", harmless(`left registered: ${role} in application ${application}, ${id ?? "id unknown"}`)),
  );
  if (lines.length > 0) lines.push("Run `necid verify --clean` with the same target and credentials.");
  return lines.join("\n");
}

function factsText(report: Report): string {
  return facts(report)
    .map(([label, words]) => `${label.padEnd(14)}  ${harmless(words)}`)
    .join("\n");
}

type Row = [label: string, text: string];

function block(title: string, rows: Row[]): string {
  return [title, ...rows.map(([label, text]) => `  ${label.padEnd(8)}  ${harmless(text)}`)].join("\n");
}

/** In a workflow's log `##[…]` is a command wherever it stands, and an answer's text may hold it. */
function harmless(text: string): string {
  return printableLine(text).replaceAll("##[", "# #[");
}
