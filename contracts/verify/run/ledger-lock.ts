import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/**
 * Locks a ledger for this process. The lock of a process that was killed does not count.
 *
 * @returns the function that unlocks it.
 * @throws {LedgerError} if another process has locked it.
 */
export function lockLedger(file: string): () => void {
  const lock = `${file}.lock`;
  const holder = existsSync(lock) ? readFileSync(lock, "utf8") : "";
  const pid = Number.parseInt(holder, 10);
  if (pid > 0 && nameOf(pid) === holder) {
    throw new LedgerError(
      file,
      `is in use by process ${pid}. Wait until it is done, or name another with --ledger`,
    );
  }
  rmSync(lock, { force: true });
  writeFileSync(lock, nameOf(process.pid) ?? "", { flag: "wx", mode: 0o600 });
  return () => rmSync(lock, { force: true });
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
