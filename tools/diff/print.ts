import type { AcceptedChange } from "./accepted.ts";
import type { Change } from "./diff.ts";
import type { Level } from "./rules/rules.ts";

/** What is printed: the changes that count and those that are accepted. */
export type Printed = { counted: Change[]; accepted: { change: Change; by: AcceptedChange }[] };

export const FORMATS = ["text", "json", "markdown", "github"] as const;
export type Format = (typeof FORMATS)[number];

/** The changes as text in one of the formats. */
export function printChanges(printed: Printed, format: Format): string {
  return PRINTERS[format](printed);
}

const PRINTERS: Record<Format, (printed: Printed) => string> = { text, json, markdown, github };

const LEVELS: Level[] = ["breaking", "risky", "compatible"];

function text({ counted, accepted }: Printed): string {
  const lines = counted.map(
    (change) =>
      `${change.level}  ${change.operation}  ${change.location}  [${change.id}]\n` +
      `  ${line(change.message)}\n  old ${placeOf(change.old)}  new ${placeOf(change.new)}\n`,
  );
  const known = accepted.map(
    ({ change, by }) =>
      `accepted  ${change.operation}  ${change.location}  [${change.id}]\n  ${by.date}: ${line(by.reason)}\n`,
  );
  return [...lines, ...known, `${summary(counted, accepted.length)}\n`].join("");
}

function json({ counted, accepted }: Printed): string {
  const known = accepted.map(({ change, by }) => ({ ...change, reason: by.reason, date: by.date }));
  const document = { changes: counted, ...(known.length > 0 ? { accepted: known } : {}) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function markdown({ counted, accepted }: Printed): string {
  const sections = LEVELS.flatMap((level) => {
    const rows = counted.filter((change) => change.level === level);
    if (rows.length === 0) return [];
    const cells = rows.map((change) => [
      change.operation,
      change.location,
      change.message,
      change.id,
      placeOf(change.old),
      placeOf(change.new),
    ]);
    return [`### ${level}`, table(["operation", "location", "change", "rule", "old", "new"], cells)];
  });
  const known = accepted.map(({ change, by }) => [
    change.operation,
    change.location,
    change.id,
    by.date,
    by.reason,
  ]);
  if (known.length > 0)
    sections.push("### accepted", table(["operation", "location", "rule", "date", "reason"], known));
  return `${[`## ${summary(counted, accepted.length)}`, ...sections].join("\n\n")}\n`;
}

function table(head: string[], rows: string[][]): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map((cells) => row(cells.map(cell)))].join("\n");
}

/** Text that is nothing but text in a cell of a table. */
function cell(value: string): string {
  return line(value).replaceAll(/[\\`*_[\]<>|{}~#&]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
function github({ counted, accepted }: Printed): string {
  const commands = { breaking: "error", risky: "warning", compatible: "notice" } as const;
  const lines = counted.map(({ level, id, operation, location, message, new: now }) => {
    // Annotations stand on files of the checkout; a file of a revision is named without it.
    const file = now.file.replace(/^[^:/\\]{2,}:/, "");
    const properties = { file, line: String(now.line), title: `${operation} ${location} (${id})` };
    const given = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
    return `::${commands[level]} ${given.join(",")}::${escaped(message)}\n`;
  });
  return `${lines.join("")}${summary(counted, accepted.length)}\n`;
}

function escaped(value: string): string {
  return line(value).replaceAll("%", "%25");
}

function property(value: string): string {
  return escaped(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function summary(counted: Change[], accepted: number): string {
  if (counted.length + accepted === 0) return "no changes";
  const numbers = LEVELS.map(
    (level) => `${counted.filter((change) => change.level === level).length} ${level}`,
  );
  return [...numbers, ...(accepted > 0 ? [`${accepted} accepted`] : [])].join(", ");
}

function placeOf({ file, line: number }: { file: string; line: number }): string {
  return `${file}:${number}`;
}

/** One line: control characters of a description do nothing to a terminal or a workflow. */
function line(value: string): string {
  return value.replaceAll(/\s+/g, " ").replaceAll(/\p{Cc}|\p{Cf}/gu, "\u{fffd}");
}
