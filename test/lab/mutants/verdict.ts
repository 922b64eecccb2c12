import type { Mismatch, Part } from "../../../contracts/verify/check.ts";
import { type Mutant, mutantClasses } from "./mutant.ts";
import type { Found } from "./suite.ts";

/** What came of one mutant. */
export type Verdict = Pick<Mutant, "id" | "class" | "operation" | "title"> & {
  /** The parts that blamed the right operation. */
  caughtBy: Part[];
  /** Operations that were blamed without a fault of theirs, with the parts that did. */
  blamed: string[];
  stopped?: string;
  /** One message for each part that blamed the right operation. */
  messages: string[];
};

const parts: Part[] = ["schema", "probe", "sequence", "pact"];

/** Says who caught a mutant, and whether the right operation was blamed. */
export function verdictOf(
  { id, class: name, operation, title }: Mutant,
  { mismatches, stopped }: Found,
): Verdict {
  const isRight = (mismatch: Mismatch) => mismatch.operation === operation;
  const right = mismatches.filter(isRight);
  const wrong = mismatches.filter((mismatch) => !isRight(mismatch));
  const caughtBy = parts.filter((part) => right.some(({ source }) => source === part));
  return {
    id,
    class: name,
    operation,
    title,
    caughtBy,
    blamed: [...new Set(wrong.map((mismatch) => `${mismatch.operation} by ${mismatch.source}`))].sort(),
    ...(stopped !== undefined && { stopped }),
    messages: caughtBy.map((part) => right.find(({ source }) => source === part)!.message),
  };
}

/** How many mutants of each class were caught by anybody, and by each part alone, as a Markdown table. */
export function strengthTable(verdicts: Verdict[]): string {
  const rows = [...mutantClasses, "all"].map((name) => {
    const own = verdicts.filter((verdict) => name === "all" || verdict.class === name);
    const caught = (part?: Part) =>
      own.filter(({ caughtBy }) => (part ? caughtBy.includes(part) : caughtBy.length > 0)).length;
    return [name, own.length, caught(), ...parts.map(caught)];
  });
  const lines = [["class", "mutants", "caught", ...parts.map((part) => `${part} alone`)], ...rows].map(
    (row) => row.map(String),
  );
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const written = lines.map(
    (line) =>
      `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(" | ")} |`,
  );
  const rule = `|${widths.map((width, column) => (column === 0 ? `:${"-".repeat(width + 1)}` : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return [written[0], rule, ...written.slice(1)].join("\n");
}
