import type { Table } from "./tables.ts";

/** A table as text in columns: text on the left, figures on the right. */
export function formatTable({ title, heads, rows, texts, notes = [] }: Table): string {
  const lines = [heads, ...rows];
  const widths = heads.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  const aligned = (text: string, index: number) =>
    index < texts ? text.padEnd(widths[index]!) : text.padStart(widths[index]!);
  const formatted = lines.map((line) => line.map(aligned).join("   ").trimEnd());
  return `${[title, "", ...formatted, ...notes].join("\n")}\n`;
}
