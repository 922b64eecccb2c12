import { readFileSync, writeFileSync } from "node:fs";
import type { Figures } from "./figures.ts";
import { MarksError, withFigures } from "./readme-section.ts";

/**
 * `npm run bench:readme -- FILE [README.md]` writes the tables of the README from what
 * `npm run bench -- --json FILE` found out.
 *
 * Exit codes: 0 written, 2 could not.
 */
const [file, readme = "README.md"] = process.argv.slice(2);

process.exitCode = run();

function run(): number {
  if (file === undefined) return refuse("Which figures? npm run bench:readme -- FILE [README.md]");
  try {
    const figures = JSON.parse(readFileSync(file, "utf8")) as Figures;
    writeFileSync(readme, withFigures(readFileSync(readme, "utf8"), figures));
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
