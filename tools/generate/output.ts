import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The files that a generation makes, in their order. No other file in the folder is touched. */
export const generatedNames = [
  "openapi.json",
  "schema.d.ts",
  "validators.js",
  "validators.d.ts",
  "client.js",
  "client.d.ts",
  "sources.json",
  "responses.json",
] as const;

export type GeneratedFiles = Partial<Record<(typeof generatedNames)[number], string>>;

/** Names of the files in a folder that are missing, differ from these, or should be gone. */
export async function staleFiles(out: string, files: GeneratedFiles): Promise<string[]> {
  const present = await Promise.all(
    generatedNames.map((name) => readFile(join(out, name), "utf8").catch(() => undefined)),
  );
  return generatedNames.filter((name, index) => present[index] !== files[name]);
}

/** A folder that cannot be written to; nothing in it was changed. */
export class OutputError extends Error {
  readonly code = "OUTPUT";
  readonly path: string;
  /** The system's code, `ENOTDIR`. */
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path} cannot be written (${reason}). Make room for it, or name another folder with --out.`);
    this.name = "OutputError";
    this.path = path;
    this.reason = reason;
  }
}

/**
 * Writes all files or none, and removes what an earlier run made and this one does not. It is synchronous, so
 * that a signal finds all files or none.
 * @throws {OutputError} when the folder cannot be written to.
 */
export function writeFiles(out: string, files: GeneratedFiles): void {
  const taken = generatedNames.find((name) =>
    statSync(join(out, name), { throwIfNoEntry: false })?.isDirectory(),
  );
  if (taken) throw new OutputError(join(out, taken), "EISDIR");

  const names = generatedNames.filter((name) => files[name] !== undefined);
  const draft = (name: string) => join(out, `.${name}.${process.pid}`);
  try {
    mkdirSync(out, { recursive: true });
    for (const name of names) writeFileSync(draft(name), files[name]!);
  } catch (error) {
    for (const name of names.filter((made) => existsSync(draft(made)))) rmSync(draft(name));
    throw new OutputError(out, (error as NodeJS.ErrnoException).code ?? "unknown");
  }
  for (const name of names) renameSync(draft(name), join(out, name));
  for (const name of generatedNames.filter((made) => files[made] === undefined))
    rmSync(join(out, name), { force: true });
}
