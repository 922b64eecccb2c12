import { hash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ImageRole } from "../check.ts";
import { LedgerError, lockLedger } from "./ledger-lock.ts";

/**
 * One registration that a run made or was about to make. The picture stands as its SHA-256 and by its role,
 * so that a response that never arrived can be looked for; keys stand as nothing at all.
 */
export type Registration = {
  /** Unique for each registration. */
  entry: string;
  /** Where: base URL and access key, hashed together. */
  target: string;
  application: 1 | 2;
  /** The run it belongs to, which names its pictures. */
  run: string;
  /** `noPicture` for a call that is meant to be refused: without an id there is nothing to look for. */
  role: ImageRole | typeof noPicture;
  /** Ids that the picture was found under before, never to be unregistered; absent where nobody could tell. */
  before?: string[];
  /** Known once the response has come. */
  id?: string;
};

export const noPicture = "no picture";

/** What is registered and not yet unregistered, kept on disk before each call. */
export type Ledger = {
  /** Writes down that a registration is about to be sent. */
  intend(registration: Registration): void;
  /** Writes down the id that the response brought. */
  learn(entry: string, id: string): void;
  /** Nothing of this registration is left: unregistered, refused, or never made. */
  settle(entry: string): void;
  /** What is not settled for a target, or for all of them, oldest first. */
  open(target?: string): Registration[];
  /** Lets other processes have the file. */
  close(): void;
};

type Line = { intend: Registration } | { learn: string; id: string } | { settle: string };

/**
 * Opens the ledger, a file of JSON lines that is only appended to; the last line may be cut off by a killed
 * process. It is made small again each time it is opened. One process has it at a time: what another one is
 * about to unregister itself is no leftover.
 *
 * @throws {LedgerError} when the file can be neither made nor written, is something else, or is in use.
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

/** A ledger that lasts no longer than the process: for a plan, or for a target that does not either. */
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

/** Names a target without showing whose it is. */
export function targetName({ baseUrl, accessKeyId }: { baseUrl: string; accessKeyId: string }): string {
  return hash("sha256", `${baseUrl}\n${accessKeyId}`).slice(0, 16);
}

/** Only the last line may be cut off; anything else is a file that somebody named by mistake. */
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
