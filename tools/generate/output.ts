import { randomUUID } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { cleanUpAtEnd } from "../process/clean-up.ts";

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

/** How every file says that it is made: `// Written by …`, or the field `x-generated-by` of a JSON file. */
export const MAKER = "Written by `npm run generate`";

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

/** A file in the way that no generation wrote; nothing was changed. */
export class ForeignFileError extends Error {
  readonly code = "OUTPUT_FOREIGN";
  readonly path: string;

  constructor(path: string) {
    super(
      `${path} was not written by a generation, and is not overwritten. Name another folder with --out, or add --force to overwrite it.`,
    );
    this.name = "ForeignFileError";
    this.path = path;
  }
}

/**
 * Writes all files or none, and removes what an earlier run made and this one does not. It is one step, and a
 * signal waits for its end. A symbolic link in the folder is replaced, not followed.
 * @param options.force overwrites and removes files of other making too.
 * @throws {OutputError} when the folder cannot be written to.
 * @throws {ForeignFileError} when a file of other making is in the way.
 */
export function writeFiles(out: string, files: GeneratedFiles, { force = false } = {}): void {
  const present = generatedNames.filter((name) => statusOf(join(out, name)));
  const taken = present.find((name) => statusOf(join(out, name))!.isDirectory());
  if (taken) throw new OutputError(join(out, taken), "EISDIR");
  const foreign = present.find((name) => !isGenerated(join(out, name)));
  if (foreign && !force) throw new ForeignFileError(join(out, foreign));

  const names = generatedNames.filter((name) => files[name] !== undefined);
  const suffix = randomUUID();
  const draft = (name: string) => join(out, `.${name}.${suffix}`);
  const drafts: string[] = [];
  holdSignals();
  try {
    makeFolder(resolve(out));
    for (const name of names) {
      writeFileSync(draft(name), files[name]!, { flag: "wx" });
      drafts.push(draft(name));
    }
  } catch (error) {
    for (const made of drafts) rmSync(made);
    throw new OutputError(out, (error as NodeJS.ErrnoException).code ?? "unknown");
  }
  for (const name of names) renameSync(draft(name), join(out, name));
  for (const name of present.filter((made) => files[made] === undefined)) rmSync(join(out, name));
}

/**
 * Lets signals wait until the current step is done. Before and after it they end the process at once, however busy
 * it is: a listener would have to wait for its turn.
 */
function holdSignals(): void {
  setImmediate(cleanUpAtEnd(() => {}));
}

/** Not by `recursive`, which does not end where nothing can be made, as in `/proc`. */
function makeFolder(folder: string): void {
  const status = statSync(folder, { throwIfNoEntry: false });
  if (status?.isDirectory()) return;
  if (status === undefined) makeFolder(dirname(folder));
  mkdirSync(folder);
}

function statusOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // The folder itself may be a file, which is found out when it is made.
    return undefined;
  }
}

/** Whether a generation wrote a file, by the marker of its kind. */
function isGenerated(path: string): boolean {
  if (!statusOf(path)!.isFile()) return false;
  const text = readFileSync(path, "utf8");
  if (!path.endsWith(".json")) return text.startsWith(`// ${MAKER}`);
  try {
    return String(JSON.parse(text)["x-generated-by"]).startsWith(MAKER);
  } catch {
    return false;
  }
}
