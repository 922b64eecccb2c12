import { type Row, summaryOf } from "./row.ts";

/** The page `docs/public-descriptions.md`. */
export function pageOf(rows: Row[]): string {
  return summaryOf(rows);
}
