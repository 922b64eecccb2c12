import type { Figures } from "./figures.ts";
import { overviewTable, partTables, scenarioTable, type Table } from "./tables.ts";
import { headline, verdict } from "./verdict.ts";

/** The bench writes what stands between these lines. */
const marks = ["<!-- bench -->", "<!-- /bench -->"] as const;

/**
 * Puts the figures of one run between the marks of a text, in the place of those of an earlier one.
 *
 * @throws {MarksError} when the text does not have both marks, once.
 */
export function withFigures(page: string, figures: Figures): string {
  const [open, close] = marks;
  const [before, rest, ...more] = page.split(open);
  const [, after, ...others] = rest?.split(close) ?? [];
  if (before === undefined || after === undefined || more.length + others.length > 0) throw new MarksError();
  return `${before}${open}\n${section(figures)}${close}${after}`;
}

/** A page has no place for the figures. */
export class MarksError extends Error {
  readonly code = "MARKS";

  constructor() {
    super(
      `The page must have a line ${marks[0]} and after it a line ${marks[1]}, once. Put them where the figures belong.`,
    );
    this.name = "MarksError";
  }
}

function section(figures: Figures): string {
  const measured = figures.rows.length > 0;
  const first = headline(figures);
  return [
    ...(first ? [`${first}\n`] : []),
    ...(measured ? [table(scenarioTable(figures, figures.rows[0]!.scenario))] : []),
    ...(measured ? [table(overviewTable(figures))] : []),
    ...partTables(figures).map((one) => `${one.title}:\n\n${table(one)}`),
    `${verdict(figures).join("\n")}\n`,
  ].join("\n");
}

function table({ heads, rows, texts, notes = [] }: Table): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  const rule = `|${heads.map((_, index) => (index < texts ? "---|" : "--:|")).join("")}\n`;
  const below = notes.length > 0 ? `\n${notes.join("\n")}\n` : "";
  return `${line(heads)}${rule}${rows.map(line).join("")}${below}`;
}
