import type { Row } from "./curve.ts";

const columns: { head: string; cell(row: Row): string }[] = [
  { head: "requests", cell: ({ requests }) => requests.toLocaleString("en") },
  { head: "seconds", cell: ({ seconds }) => seconds.toFixed(1) },
  { head: "requests/s", cell: ({ requestsPerSecond }) => Math.round(requestsPerSecond).toLocaleString("en") },
  { head: "least MB", cell: ({ leastMemory }) => megabytes(leastMemory) },
  { head: "most MB", cell: ({ mostMemory }) => megabytes(mostMemory) },
  { head: "µs CPU each", cell: ({ cpuPerRequest }) => cpuPerRequest?.toFixed(1) ?? "?" },
  { head: "p50 ms", cell: ({ p50 }) => p50.toFixed(2) },
  { head: "p99 ms", cell: ({ p99 }) => p99.toFixed(2) },
];

/** The line above the rows of a curve. */
export const rowHeads = columns.map(({ head }) => head.padStart(12)).join("");

/** A row of the curve as a line. */
export function formatRow(row: Row): string {
  return columns.map(({ cell }) => cell(row).padStart(12)).join("");
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? "?" : (bytes / 1e6).toFixed(1);
}
