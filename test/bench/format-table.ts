import type { Row } from "./summarise.ts";

/** The rows as text in columns, with a line for the heads. */
export function formatTable(rows: readonly Row[]): string {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  return lines
    .map((line) => {
      const [name, ...figures] = line.map((text, index) =>
        index === 0 ? text.padEnd(widths[index]!) : text.padStart(widths[index]!),
      );
      return `${[name, ...figures].join("   ")}\n`;
    })
    .join("");
}

const columns: { head: string; cell(row: Row): string }[] = [
  { head: "", cell: ({ name }) => name },
  { head: "requests/s", cell: ({ requestsPerSecond }) => Math.round(requestsPerSecond).toLocaleString("en") },
  { head: "spread", cell: ({ spread }) => `${Math.round(spread * 100)} %` },
  { head: "p50", cell: ({ p50Ms }) => `${p50Ms.toFixed(2)} ms` },
  { head: "p99", cell: ({ p99Ms }) => `${p99Ms.toFixed(2)} ms` },
  {
    head: "memory",
    cell: ({ memoryBytes }) => (memoryBytes === undefined ? "?" : `${Math.round(memoryBytes / 1e6)} MB`),
  },
  { head: "first answer", cell: ({ firstAnswerMs }) => `${Math.round(firstAnswerMs)} ms` },
  { head: "to bare", cell: ({ toBare }) => toBare.toFixed(3) },
  { head: "to Prism CLI", cell: ({ toPrism }) => toPrism.toFixed(2) },
];
