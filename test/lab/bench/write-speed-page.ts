import { readFileSync, writeFileSync } from "node:fs";
import type { Figures } from "./report/figures.ts";
import { MarksError, withFigures } from "./report/speed-page.ts";

/**
 * `npm run bench:docs -- FILE [PAGE]` writes the tables of `docs/speed.md` from the figures that
 * `npm run bench -- --json FILE` wrote.
 *
 * Exit codes: 0 written, 2 could not.
 */
const [file, page = "docs/speed.md"] = process.argv.slice(2);

process.exitCode = run();

function run(): number {
  if (file === undefined) return refuse("Which figures? npm run bench:docs -- FILE [PAGE]");
  try {
    const figures = JSON.parse(readFileSync(file, "utf8")) as Figures;
    writeFileSync(page, withFigures(readFileSync(page, "utf8"), figures));
    return 0;
  } catch (error) {
    const isKnown =
      error instanceof MarksError || error instanceof SyntaxError || "syscall" in (error as Error);
    if (!isKnown) throw error;
    return refuse((error as Error).message);
  }
}

function refuse(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}
