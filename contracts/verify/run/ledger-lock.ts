import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/**
 * Keeps other processes from a ledger until the function that it gives is called. A process that was killed
 * keeps nobody.
 *
 * @throws {LedgerError} while another process has it.
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

/** The ledger cannot be used; then nothing may be registered. */
export class LedgerError extends Error {
  readonly code = "LEDGER";

  constructor(file: string, fault: string) {
    super(`The ledger ${file} ${fault}.`);
    this.name = "LedgerError";
  }
}

/** A running process, by its number and where it can be told the time of its start: numbers come again. */
function nameOf(pid: number): string | undefined {
  if (!existsSync("/proc/self/stat")) return isRunning(pid) ? `${pid}` : undefined;
  try {
    // The name of the program stands in brackets and may hold anything.
    const facts = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return facts[0] === "Z" ? undefined : `${pid} ${facts[startTime]}`;
  } catch {
    return undefined;
  }
}

/** Field 22 of proc(5), less the two that were cut off. */
const startTime = 19;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
