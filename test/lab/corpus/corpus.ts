import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileTypes } from "./compile-types.ts";
import type { Description } from "./packages.ts";
import { type Row, rowOf } from "./row.ts";
import { runDescription } from "./run-description.ts";

const repository = join(import.meta.dirname, "../../..");
/** Programs with more folders than this take much memory to compile. */
const foldersPerProgram = 12;

/**
 * Generates from each description in a process of its own, and compiles the types of several at once.
 * @param options.jobs how many processes at a time.
 * @param options.say is called with a line for each description.
 */
export async function runCorpus(
  descriptions: Description[],
  { jobs = 1, say, signal }: { jobs?: number; say(line: string): void; signal?: AbortSignal },
): Promise<Row[]> {
  const root = await mkdtemp(join(tmpdir(), "corpus-"));
  const rows: Row[] = [];
  /** Folders whose types are not compiled yet. */
  let written: { row: Row; out: string }[] = [];
  try {
    // What is generated imports ajv and openapi-fetch.
    await symlink(join(repository, "node_modules"), join(root, "node_modules"));
    await writeFile(join(root, "package.json"), '{ "type": "module" }');
    const waiting = [...descriptions.entries()];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        await runOne(...next);
        if (written.length >= foldersPerProgram) await compileWritten();
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    await compileWritten();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return rows;

  async function runOne(index: number, description: Description): Promise<void> {
    signal?.throwIfAborted();
    const out = join(root, String(index));
    await mkdir(out);
    const text = await readFile(description.file, "utf8");
    const row = rowOf(description, text, await runDescription(description.file, { out, cwd: root, signal }));
    rows.push(row);
    if (existsSync(join(out, "schema.d.ts"))) written.push({ row, out });
    const seconds = `${row.processorSeconds.toFixed(1)} s, ${row.megabytes.toFixed(0)} MB`;
    say(`${row.verdict.padEnd(9)} ${row.name} (${row.style}; ${seconds}; ${row.warnings} warnings)`);
    for (const problem of row.problems.slice(0, 5)) say(indented(problem));
  }

  async function compileWritten(): Promise<void> {
    const batch = written;
    written = [];
    if (batch.length === 0) return;
    const compiler = join(repository, "node_modules/.bin/tsc");
    const folders = batch.map(({ out }) => out);
    const errors = await compileTypes(folders, { root, compiler });
    for (const [out, lines] of errors) if (!folders.includes(out)) throw new Error(lines.join("\n"));
    for (const { row, out } of batch) {
      await rm(out, { recursive: true });
      const lines = errors.get(out) ?? [];
      if (lines.length === 0) continue;
      row.verdict = "types";
      row.problems = lines.map((line) => line.replace(/^\d+\//, ""));
      say(`types     ${row.name}: ${lines.length} errors`);
      for (const line of row.problems.slice(0, 5)) say(indented(line));
    }
  }
}

function indented(problem: string): string {
  const lines = problem.split("\n").slice(0, 6);
  return lines.map((line) => `          ${line}`).join("\n");
}
