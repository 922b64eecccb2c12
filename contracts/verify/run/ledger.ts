import { hash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ImageRole } from "../check.ts";
import { LedgerError, lockLedger } from "./ledger-lock.ts";

/**
 * A registration that a run made or was about to make. The role identifies its image, to find a registration
 * whose response was lost. It contains no key.
 */
export type Registration = {
  /** Unique for each registration. */
  entry: string;
  /** The hash of base URL and access key; see `targetName`. */
  target: string;
  application: 1 | 2;
  /** The run, which determines its images. */
  run: string;
  /** `noPicture` for a call that should be refused: without an id there is nothing to find. */
  role: ImageRole | typeof noPicture;
  /** The ids that had the image before, which must not be unregistered. Absent if they are unknown. */
  before?: string[];
  /** Known from the response. */
  id?: string;
};

export const noPicture = "no picture";

/** What is registered and not yet unregistered. Written to disk before each call. */
export type Ledger = {
  /** Records that a registration will be sent. */
  intend(registration: Registration): void;
  /** Records the id from the response. */
  learn(entry: string, id: string): void;
  /** Records that nothing is registered: it was unregistered, refused, or not sent. */
  settle(entry: string): void;
  /** The registrations that are not settled, of one target or of all, oldest first. */
  open(target?: string): Registration[];
  /** Unlocks the file. */
  close(): void;
};

type Line = { intend: Registration } | { learn: string; id: string } | { settle: string };

/**
 * Opens a ledger: a file of JSON lines that is only appended to, and compacted each time it is opened. The last
 * line may be cut off by a killed process. One process uses it at a time, because a process must not unregister
 * what another one still uses.
 *
 * @throws {LedgerError} if the file cannot be written, is something else, or is in use.
 */
export function openLedger(file: string): Ledger {
  const write = (line: Line) => appendFileSync(file, `${JSON.stringify(line)}\n`, { flush: true });
  return writing(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    const unlock = lockLedger(file);
    try {
      const registrations = existsSync(file) ? replay(file) : new Map<string, Registration>();
      rewrite(file, registrations);
      return createLedger(registrations, {
        write: (line) => writing(file, () => write(line)),
        close: unlock,
      });
    } catch (error) {
      unlock();
      throw error;
    }
  });
}

/** Creates a ledger in memory: for a plan, or for a target that ends with the process. */
export function planLedger(): Ledger {
  return createLedger(new Map(), { write: () => {}, close: () => {} });
}

function createLedger(
  registrations: Map<string, Registration>,
  { write, close }: { write: (line: Line) => void; close: () => void },
): Ledger {
  const record = (line: Line) => {
    write(line);
    apply(registrations, line);
  };
  return {
    intend: (registration) => record({ intend: registration }),
    learn: (entry, id) => record({ learn: entry, id }),
    settle: (entry) => record({ settle: entry }),
    open: (target) =>
      [...registrations.values()].filter(
        (registration) => target === undefined || registration.target === target,
      ),
    close,
  };
}

function writing<Result>(file: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof LedgerError || code === undefined) throw error;
    throw new LedgerError(file, `cannot be written (${code}), so that nothing may be registered`);
  }
}

/** Identifies a target without showing its credentials. */
export function targetName({ baseUrl, accessKeyId }: { baseUrl: string; accessKeyId: string }): string {
  return hash("sha256", `${baseUrl}\n${accessKeyId}`).slice(0, 16);
}

/** Only the last line may be cut off. With any other broken line it is another kind of file. */
function replay(file: string): Map<string, Registration> {
  const registrations = new Map<string, Registration>();
  const lines = readFileSync(file, "utf8").split("\n");
  for (const [place, text] of lines.entries()) {
    const line = parse(text);
    if (line) apply(registrations, line);
    else if (text !== "" && place < lines.length - 1) {
      throw new LedgerError(file, "is another kind of file. Name one of its own with --ledger");
    }
  }
  return registrations;
}

function apply(registrations: Map<string, Registration>, line: Line): void {
  if ("intend" in line) registrations.set(line.intend.entry, line.intend);
  if ("settle" in line) registrations.delete(line.settle);
  const known = "learn" in line ? registrations.get(line.learn) : undefined;
  if (known && "learn" in line) registrations.set(line.learn, { ...known, id: line.id });
}

function parse(text: string): Line | undefined {
  try {
    const line = JSON.parse(text);
    const known = ["intend", "learn", "settle"].some((name) => Object.hasOwn(line, name));
    return known ? line : undefined;
  } catch {
    return undefined;
  }
}

function rewrite(file: string, registrations: Map<string, Registration>): void {
  const lines = [...registrations.values()].map((intend) => `${JSON.stringify({ intend })}\n`);
  writeFileSync(`${file}.new`, lines.join(""), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
