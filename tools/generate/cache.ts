import { hash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Generated } from "./generate.ts";
import { DEFAULT_MAX_SPEC_SIZE, readRegularFile } from "./read/file.ts";
import type { ReadLimits } from "./read/references.ts";

export type Run = { spec: string; overlay?: string; out: string; strict?: boolean } & ReadLimits;

/**
 * Runs a generation, or returns the result of the last one when its two files, this program and its output
 * are still the same to the byte. A run is not cached while it leaves something stale, or when its files refer
 * to further ones.
 * @param folder holds one small file for each `out`. Where it cannot be written to, nothing is cached.
 */
export async function cachedGeneration(
  run: Run,
  folder: string,
  make: () => Promise<Generated>,
): Promise<Generated & { unchanged?: true }> {
  const before = inputsOf(run);
  if (before === undefined) return make();
  const entry = join(folder, `${hash("sha256", resolve(run.out))}.json`);
  const last = read(entry);
  if (last?.inputs === before && last.outputs === outputsOf(run.out, last.generated)) {
    return { ...last.generated, unchanged: true };
  }
  const generated = await make();
  if (generated.stale.length === 0 && !generated.usesOtherFiles) {
    keep(folder, entry, { inputs: before, outputs: outputsOf(run.out, generated), generated });
  }
  return generated;
}

type Entry = { inputs: string; outputs: string; generated: Generated };

/** The rooms beside this one, as they run: `.ts` here, `.js` in the package. */
const PROGRAM = fileURLToPath(new URL("../../", import.meta.url));

/** `undefined` when one of the files cannot be read. */
function inputsOf(run: Run): string | undefined {
  const files = [run.spec, run.overlay].filter((file) => file !== undefined);
  const given = files.map((file) => textOf(file, run.maxSpecSize));
  if (given.includes(undefined)) return undefined;
  const program = ["contracts", "mocks", "tools"].flatMap((room) =>
    readdirSync(join(PROGRAM, room), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|js)$/.test(file))
      .map((file) => join(room, file))
      .sort(),
  );
  const texts = program.map((file) => textOf(join(PROGRAM, file)));
  // Its dependencies by their versions; the compiled rooms stand one folder deeper.
  const lists = ["package.json", "package-lock.json", "../../package.json"];
  const manifest = lists.map((file) => textOf(join(PROGRAM, file)));
  return hash("sha256", JSON.stringify([process.version, run, given, program, texts, manifest]));
}

function outputsOf(out: string, { written }: Generated): string {
  return hash("sha256", JSON.stringify(written.map((name) => textOf(join(out, name)) ?? null)));
}

function textOf(file: string, maxBytes = DEFAULT_MAX_SPEC_SIZE): string | undefined {
  try {
    return readRegularFile(file, maxBytes).toString("latin1");
  } catch {
    return undefined;
  }
}

function read(entry: string): Entry | undefined {
  try {
    return JSON.parse(readFileSync(entry, "utf8")) as Entry;
  } catch {
    return undefined;
  }
}

function keep(folder: string, entry: string, content: Entry): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const draft = `${entry}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify(content), { flag: "wx" });
    renameSync(draft, entry);
  } catch {
    // A folder that cannot be written to costs time, nothing else.
  }
}
