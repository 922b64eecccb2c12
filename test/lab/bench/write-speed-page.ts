import { readFileSync, writeFileSync } from "node:fs";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import type { Option } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import type { Figures } from "./report/figures.ts";
import { MarksError, withFigures } from "./report/speed-page.ts";

const options = {
  page: { argument: "file", description: "the page", default: "docs/speed.md" },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run bench:docs --",
  description: `Writes the tables of a page from the figures of a run.
Exit codes: 0 written, 2 could not.`,
  operands: { file: "what `npm run bench -- --json FILE` wrote" },
  options,
};

process.exitCode = await runProgram(
  program,
  { args: process.argv.slice(2), terminal },
  async ({ operands: [file = ""], options: { page } }) => {
    try {
      const figures = JSON.parse(readFileSync(file, "utf8")) as Figures;
      writeFileSync(page, withFigures(readFileSync(page, "utf8"), figures));
      return 0;
    } catch (error) {
      const isKnown =
        error instanceof MarksError || error instanceof SyntaxError || "syscall" in (error as Error);
      if (!isKnown) throw error;
      terminal.stderr(`${(error as Error).message}\n`);
      return 2;
    }
  },
);
