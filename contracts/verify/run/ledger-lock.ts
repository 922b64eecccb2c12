import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * Locks a ledger for this process. The lock of a process that was killed does not count.
 *
 * @returns the function that unlocks it.
 * @throws {LedgerError} if another process has locked it.
 */
export function lockLedger(file: string): () => void {
  const lock = `${file}.lock`;
  const unlock = () => rmSync(lock, { force: true });
  if (take(lock)) return unlock;
  // Only one process at a time may replace the lock of a killed one: two could remove each other's.
  const takeover = `${lock}.takeover`;
  if (!take(takeover)) {
    if (holderOf(takeover) === undefined) rmSync(takeover, { force: true });
    throw inUse(file, holderOf(lock));
  }
  try {
    const holder = holderOf(lock);
    if (holder !== undefined) throw inUse(file, holder);
    unlock();
    if (!take(lock)) throw inUse(file, holderOf(lock));
    return unlock;
  } finally {
    rmSync(takeover, { force: true });
  }
}

/** Creates a lock with this process in it, at once: nobody reads half of it. @returns whether it did not exist. */
function take(lock: string): boolean {
  const draft = `${lock}.${randomUUID()}`;
  writeFileSync(draft, nameOf(process.pid) ?? "", { flag: "wx", mode: 0o600 });
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The number of the running process that holds a lock. */
function holderOf(lock: string): number | undefined {
  // Somebody else may have put a pipe or a device there, whose reading would not end.
  const holder = statSync(lock, { throwIfNoEntry: false })?.isFile() ? readFileSync(lock, "utf8") : "";
  const pid = Number.parseInt(holder, 10);
  return pid > 0 && nameOf(pid) === holder ? pid : undefined;
}

function inUse(file: string, pid: number | undefined): LedgerError {
  const holder = pid === undefined ? "another process" : `process ${pid}`;
  return new LedgerError(
    file,
    `is in use by ${holder}. Wait until it is done, or name another with --ledger`,
  );
}

/** The ledger cannot be used, so that nothing may be registered. */
export class LedgerError extends Error {
  readonly code = "LEDGER";

  constructor(file: string, problem: string) {
    super(`The ledger ${file} ${problem}.`);
    this.name = "LedgerError";
  }
}

/** Identifies a running process by its number and, where the system shows it, its start time: numbers are reused. */
function nameOf(pid: number): string | undefined {
  if (!existsSync("/proc/self/stat")) return isRunning(pid) ? `${pid}` : undefined;
  try {
    // The name of the program is in brackets and may contain anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : `${pid} ${fields[startTime]}`;
  } catch {
    return undefined;
  }
}

/** Field 22 of proc(5), without the two that were cut off. */
const startTime = 19;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
