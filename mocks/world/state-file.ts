import { randomBytes } from "node:crypto";
import { open, readdir, readFile, readlink, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { clearTimeout, elapsed, setTimeout } from "../http/real-time.ts";
import { StateError } from "./service.ts";

/** A file that follows the state of the mock. */
export type StateFile = {
  /**
   * Reads the file; `undefined` when there is none yet. Call it once, at the start: it also removes the temporary
   * files of a killed process.
   *
   * @throws {StateError} when the file or its folder cannot be read, or the file is not JSON.
   */
  load(): Promise<unknown>;
  /** Schedules a write of the current state. */
  changed(): void;
  /**
   * Writes what is not saved yet and waits until nothing is being written. Call it before the process ends.
   *
   * @returns the error that kept it from saving.
   */
  flush(): Promise<StateFileError | undefined>;
};

export type StateFileOptions = {
  /** Returns the whole state as plain JSON. It is called once for each write. */
  save: () => unknown;
  /** Called with the first of several failed writes in a row. The next change starts another write. */
  onError: (error: StateFileError) => void;
  /**
   * Changes within this time, in milliseconds, share one write.
   *
   * @default 100
   */
  delayMs?: number;
  /**
   * The longest time, in milliseconds, that a change waits while others follow it.
   *
   * @default 250
   */
  maxDelayMs?: number;
};

/** The state was not saved. `code` is `STATE_FILE_TAKEN` or that of the file system, e.g. `ENOSPC`. */
export class StateFileError extends Error {
  readonly code: string;
  readonly path: string;

  constructor(path: string, code: string, reason: string) {
    super(`${path} was not saved: ${reason}.`);
    this.name = "StateFileError";
    this.code = code;
    this.path = path;
  }
}

/**
 * Saves state as JSON, never half a file: each write goes to a new file in the same folder, which is then renamed.
 * Only its owner may read it (mode 0600). There is at most one write at a time.
 *
 * A file belongs to one process. When another one has written it since, nothing is overwritten and every further
 * write fails with code `STATE_FILE_TAKEN`. `docs/decisions/0006-own-state-file.md` says why no library does it.
 */
export function createStateFile(path: string, options: StateFileOptions): StateFile {
  const { save, onError, delayMs = 100, maxDelayMs = 250 } = options;
  let lastSeen: string | undefined;
  let unsavedSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let failure: StateFileError | undefined;

  return {
    async load() {
      const target = await readable(path);
      await removeUnfinished(target);
      const text = await read(target);
      lastSeen = await versionOf(target);
      return text === undefined ? undefined : parse(path, text);
    },
    changed() {
      unsavedSince ??= elapsed();
      schedule();
    },
    async flush() {
      while (writing) await writing;
      if (failure || unsavedSince !== undefined) await write({ durable: true });
      return failure;
    },
  };

  function schedule(): void {
    if (writing || unsavedSince === undefined) return;
    clearTimeout(timer);
    const waited = elapsed() - unsavedSince;
    timer = setTimeout(() => write({ durable: false }), Math.max(0, Math.min(delayMs, maxDelayMs - waited)));
  }

  /**
   * `durable` waits for the disk. While changes follow each other the system's cache is enough, which outlives
   * a killed process; waiting for a busy disk would let responses get ahead of the file.
   */
  function write({ durable }: { durable: boolean }): Promise<void> {
    clearTimeout(timer);
    unsavedSince = undefined;
    writing = replace(durable)
      .then(
        () => {
          failure = undefined;
        },
        (error) => {
          const first = failure === undefined;
          failure = explained(path, error);
          if (first) onError(failure);
        },
      )
      .finally(() => {
        writing = undefined;
        schedule();
      });
    return writing;
  }

  async function replace(durable: boolean): Promise<void> {
    const text = `${JSON.stringify(save())}\n`;
    const target = await targetOf(path);
    const found = await versionOf(target);
    if (found !== undefined && found !== lastSeen) throw new StateFileError(path, "STATE_FILE_TAKEN", taken);
    // Nobody can put a link or another file under a name that nobody knows.
    const unfinished = `${target}.${process.pid}.${randomBytes(8).toString("hex")}.tmp`;
    const file = await open(unfinished, "wx", 0o600);
    try {
      try {
        await file.writeFile(text);
        if (durable) await file.sync();
      } finally {
        await file.close();
      }
      const version = await versionOf(unfinished);
      await rename(unfinished, target);
      lastSeen = version;
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }
}

/**
 * Where the state is kept: a symbolic link is followed, also one to a file that is not there yet, and stays a link.
 */
async function targetOf(path: string, followed = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || followed > mostLinks) throw error;
  }
  const link = await readlink(path).catch(() => undefined);
  return link === undefined ? path : targetOf(resolve(dirname(path), link), followed + 1);
}

/** As many as Linux follows. */
const mostLinks = 40;

/** The target of a path from which a state can be read. Anything but a file could keep the mock waiting for ever. */
async function readable(path: string): Promise<string> {
  try {
    const target = await targetOf(path);
    const found = await stat(target).catch(() => undefined);
    // Reading a folder fails by itself.
    if (found && !found.isFile() && !found.isDirectory())
      throw new StateError(path, "must be a regular file");
    return target;
  } catch (error) {
    if (error instanceof StateError) throw error;
    throw new StateError(path, `must be a file that can be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

const taken = "another process has written it since. Give each process a file of its own";

async function removeUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `${basename(path)}.`;
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw new StateError(folder, `must be a folder that can be read (${error.code})`);
  });
  const unfinished = entries.filter(
    (entry) =>
      entry.isFile() &&
      entry.name.startsWith(prefix) &&
      /^\d+(\.[0-9a-f]{16})?\.tmp$/.test(entry.name.slice(prefix.length)),
  );
  for (const { name } of unfinished) await rm(join(folder, name), { force: true });
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    // A text that is too long for JavaScript has no code of the system.
    throw new StateError(path, `must be a file that can be read (${code ?? "too large"})`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StateError(path, "must be JSON");
  }
}

/** Identifies the file at a path; `undefined` when there is none. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true });
    return `${ino} ${mtimeNs} ${size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function explained(path: string, error: unknown): StateFileError {
  if (error instanceof StateFileError) return error;
  const { code = "STATE_FILE", message } = error as NodeJS.ErrnoException;
  return new StateFileError(path, code, `${message}. The next change tries again`);
}
