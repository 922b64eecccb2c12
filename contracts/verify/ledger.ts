import { hash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * One registration that a run made or was about to make. The picture stands as its SHA-256 and by its role,
 * so that an answer that never arrived can be looked for; keys stand as nothing at all.
 */
export type Registration = {
  /** Unique for each registration. */
  entry: string;
  /** Where: base URL and access key, hashed together. */
  target: string;
  application: 1 | 2;
  /** The run it belongs to, which names its pictures. */
  run: string;
  role: string;
  /** Ids that the picture was found under before; never to be unregistered. */
  before: string[];
  /** Known once the answer has come. */
  id?: string;
};

/** What is registered and not yet unregistered, kept on disk before each call. */
export type Ledger = {
  /** Writes down that a registration is about to be sent. */
  intend(registration: Registration): void;
  /** Writes down the id that the answer brought. */
  learn(entry: string, id: string): void;
  /** Nothing of this registration is left: unregistered, refused, or never made. */
  settle(entry: string): void;
  /** What is not settled for a target, oldest first. */
  open(target: string): Registration[];
};

type Line = { intend: Registration } | { learn: string; id: string } | { settle: string };

/**
 * Opens the ledger, a file of JSON lines that is only appended to; the last line may be cut off by a killed
 * process. It is made small again each time it is opened.
 *
 * @throws when the file can be neither made nor written: then nothing may be registered.
 */
export function openLedger(file: string): Ledger {
  mkdirSync(dirname(file), { recursive: true });
  const registrations = existsSync(file)
    ? replay(readFileSync(file, "utf8"))
    : new Map<string, Registration>();
  rewrite(file, registrations);
  return createLedger(registrations, (line) =>
    appendFileSync(file, `${JSON.stringify(line)}\n`, { flush: true }),
  );
}

/** A ledger for a plan: nothing is registered, so nothing is written. */
export function planLedger(): Ledger {
  return createLedger(new Map(), () => {});
}

function createLedger(registrations: Map<string, Registration>, write: (line: Line) => void): Ledger {
  const record = (line: Line) => {
    write(line);
    apply(registrations, line);
  };
  return {
    intend: (registration) => record({ intend: registration }),
    learn: (entry, id) => record({ learn: entry, id }),
    settle: (entry) => record({ settle: entry }),
    open: (target) => [...registrations.values()].filter((registration) => registration.target === target),
  };
}

/** Names a target without showing whose it is. */
export function targetName({ baseUrl, accessKeyId }: { baseUrl: string; accessKeyId: string }): string {
  return hash("sha256", `${baseUrl}\n${accessKeyId}`).slice(0, 16);
}

function replay(text: string): Map<string, Registration> {
  const registrations = new Map<string, Registration>();
  for (const line of text.split("\n")) {
    const read = parse(line);
    if (read) apply(registrations, read);
  }
  return registrations;
}

function apply(registrations: Map<string, Registration>, line: Line): void {
  if ("intend" in line) registrations.set(line.intend.entry, line.intend);
  if ("settle" in line) registrations.delete(line.settle);
  const known = "learn" in line ? registrations.get(line.learn) : undefined;
  if (known && "learn" in line) registrations.set(line.learn, { ...known, id: line.id });
}

function parse(line: string): Line | undefined {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

function rewrite(file: string, registrations: Map<string, Registration>): void {
  const lines = [...registrations.values()].map((intend) => `${JSON.stringify({ intend })}\n`);
  writeFileSync(`${file}.new`, lines.join(""), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
