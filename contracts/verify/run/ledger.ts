import { createHmac, hash, randomUUID, timingSafeEqual } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
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
  /** The number of registrations in the file that belong to other targets or other access keys. */
  readonly elsewhere: number;
  /** The number of lines for this target that its key did not write. They are ignored. */
  readonly foreign: number;
  /** Unlocks the file. */
  close(): void;
};

type Line = { intend: Registration } | { learn: string; id: string } | { settle: string };

/** A line of the file: the JSON text of a `Line`, and its HMAC-SHA256 by the secret key of the run that wrote it. */
type SignedLine = { line: string; mac: string };

/** Who writes: only entries for its own target can be checked, others are kept as they are. */
type Writer = { target: string; secretAccessKey: string };

/** The first line of each ledger. */
const header = '{"necid-ledger":2}';

/**
 * Opens a ledger: a file of JSON lines that is only appended to, and compacted each time it is opened. The last
 * line may be cut off by a killed process. One process uses it at a time, because a process must not unregister
 * what another one still uses.
 *
 * Each line carries an HMAC by the secret key: a file that somebody else prepared unregisters nothing.
 *
 * @throws {LedgerError} if the file cannot be written, is something else, or is in use.
 */
export function openLedger(file: string, writer: Writer): Ledger {
  const write = (line: Line) =>
    appendFileSync(file, `${JSON.stringify(signed(line, writer))}\n`, { flush: true });
  return writing(file, () => {
    mkdirSync(dirname(file), { recursive: true });
    const unlock = lockLedger(file);
    try {
      const content = readLedger(file, writer);
      rewrite(file, content, writer);
      return createLedger(content.registrations, {
        write: (line) => writing(file, () => write(line)),
        foreign: content.foreign,
        elsewhere: openEntries(content.others),
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
  return createLedger(new Map(), { write: () => {}, foreign: 0, elsewhere: 0, close: () => {} });
}

type Storage = Pick<Ledger, "foreign" | "elsewhere" | "close"> & { write: (line: Line) => void };

function createLedger(registrations: Map<string, Registration>, storage: Storage): Ledger {
  const { write, foreign, elsewhere, close } = storage;
  /** Once the disk is full, what is registered can still be unregistered, by what is in memory. */
  const recordLoosely = (line: Line) => {
    apply(registrations, line);
    try {
      write(line);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
    }
  };
  return {
    intend(registration) {
      const line = { intend: registration };
      write(line);
      apply(registrations, line);
    },
    learn: (entry, id) => recordLoosely({ learn: entry, id }),
    settle: (entry) => recordLoosely({ settle: entry }),
    foreign,
    elsewhere,
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

type Content = {
  registrations: Map<string, Registration>;
  /** Lines for other targets, as they are. */
  others: SignedLine[];
  foreign: number;
};

/** Only the last line may be cut off. With any other broken line it is another kind of file. */
function readLedger(file: string, writer: Writer): Content {
  const content: Content = { registrations: new Map(), others: [], foreign: 0 };
  if (!existsSync(file)) return content;
  const isLedger = statSync(file).isFile();
  const lines = isLedger ? readFileSync(file, "utf8").split("\n") : [];
  if (isLedger && lines.length === 1 && lines[0] === "") return content;
  if (lines[0] !== header) throw otherKind(file);
  const entries = new Map<string, string>();
  for (const [index, text] of lines.slice(1).entries()) {
    const read = parse(text);
    if (read) sort(read, { content, entries, writer });
    else if (text !== "" && index < lines.length - 2) throw otherKind(file);
  }
  return content;
}

function otherKind(file: string): LedgerError {
  return new LedgerError(file, "is another kind of file. Name one of its own with --ledger");
}

/** @param options.entries the targets of entries, by entry: later lines name only the entry. */
function sort(
  { line, signed: text }: { line: Line; signed: SignedLine },
  { content, entries, writer }: { content: Content; entries: Map<string, string>; writer: Writer },
): void {
  if ("intend" in line) entries.set(line.intend.entry, line.intend.target);
  const entry = "intend" in line ? line.intend.entry : "learn" in line ? line.learn : line.settle;
  if (entries.get(entry) !== writer.target) content.others.push(text);
  else if (isOwn(text, writer)) apply(content.registrations, line);
  else content.foreign += 1;
}

function openEntries(lines: SignedLine[]): number {
  const registrations = new Map<string, Registration>();
  for (const { line } of lines) apply(registrations, JSON.parse(line));
  return registrations.size;
}

function signed(line: Line, writer: Writer): SignedLine {
  const text = JSON.stringify(line);
  return { line: text, mac: macOf(text, writer) };
}

function isOwn({ line, mac }: SignedLine, writer: Writer): boolean {
  const [expected, given] = [Buffer.from(macOf(line, writer)), Buffer.from(mac)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function macOf(text: string, { target, secretAccessKey }: Writer): string {
  return createHmac("sha256", secretAccessKey).update(`necid-ledger\n${target}\n${text}`).digest("hex");
}

function apply(registrations: Map<string, Registration>, line: Line): void {
  if ("intend" in line) registrations.set(line.intend.entry, line.intend);
  if ("settle" in line) registrations.delete(line.settle);
  const known = "learn" in line ? registrations.get(line.learn) : undefined;
  if (known && "learn" in line) registrations.set(line.learn, { ...known, id: line.id });
}

function parse(text: string): { line: Line; signed: SignedLine } | undefined {
  try {
    const signed = JSON.parse(text) as SignedLine;
    const line = JSON.parse(signed.line);
    return isLine(line) && typeof signed.mac === "string" ? { line, signed } : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever wrote it: what it says is looked at only where the signature is right. */
function isLine(value: { intend?: unknown; learn?: unknown; id?: unknown; settle?: unknown }): value is Line {
  const { entry, target } = Object(value.intend);
  if (typeof entry === "string" && typeof target === "string") return true;
  return (
    typeof value.settle === "string" || (typeof value.learn === "string" && typeof value.id === "string")
  );
}

/** A new file under a name that nobody can foresee, then one rename. */
function rewrite(file: string, { registrations, others }: Content, writer: Writer): void {
  const own = [...registrations.values()].map((intend) => signed({ intend }, writer));
  const lines = [header, ...[...others, ...own].map((line) => JSON.stringify(line))];
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${lines.join("\n")}\n`, { mode: 0o600, flag: "wx", flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
