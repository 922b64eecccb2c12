import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** A pact. @see https://github.com/pact-foundation/pact-specification */
export type PactDocument = {
  consumer: { name: string };
  provider: { name: string };
  interactions: Record<string, unknown>[];
  metadata: { pactSpecification: { version: string } };
};

/** No pact can be made or written. */
export class PactError extends Error {
  readonly code = "PACT";

  constructor(message: string) {
    super(message);
    this.name = "PactError";
  }
}

/**
 * Writes a pact to a file, or adds its interactions to those that the file has already. Tests of several workers add
 * to one file, one after the other.
 *
 * @returns what is in the file.
 * @throws {PactError} when it cannot be written, and when it is the pact of others.
 */
export async function savePact(file: string, document: PactDocument): Promise<PactDocument> {
  const lock = `${file}.lock`;
  await acquire(lock, file);
  try {
    return await merge(file, document);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** Makes a folder that only one process can make. */
async function acquire(lock: string, file: string): Promise<void> {
  const started = performance.now();
  await mkdir(dirname(file), { recursive: true }).catch(cannotBeWritten(file));
  while (!(await isMade(lock, file))) {
    if (performance.now() - started > longestWait) {
      throw new PactError(`${file} is being written by another process. If there is none, remove ${lock}.`);
    }
    if (await isAbandoned(lock)) await removeAbandoned(lock, file);
    await wait(5 + Math.random() * 15);
  }
}

async function isMade(folder: string, file: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    return cannotBeWritten(file)(error);
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > longestHeld;
}

/** A killed process left it behind. Only one may remove it, or the lock of the next one would go too. */
async function removeAbandoned(lock: string, file: string): Promise<void> {
  const right = `${lock}.removing`;
  if (!(await isMade(right, file))) return;
  if (await isAbandoned(lock)) await rm(lock, { recursive: true, force: true });
  await rm(right, { recursive: true, force: true });
}

function cannotBeWritten(file: string) {
  return (error: unknown): never => {
    throw new PactError(`${file} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  };
}

/** In milliseconds. A write takes a few of them. */
const longestHeld = 5_000;
const longestWait = 20_000;

/** Adds the interactions to those that the file has already, and replaces a file never by half of one. */
async function merge(file: string, document: PactDocument): Promise<PactDocument> {
  const known = await readKnown(file, document);
  const own = new Set(document.interactions.map(identityOf));
  const interactions = [...known.filter((one) => !own.has(identityOf(one))), ...document.interactions];
  const whole = {
    ...document,
    interactions: interactions.toSorted((a, b) => order(identityOf(a), identityOf(b))),
  };
  // Nobody can put a link or another file under a name that nobody knows.
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(whole, null, 2)}\n`, { flag: "wx" });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    cannotBeWritten(file)(error);
  }
  return whole;
}

async function readKnown(file: string, { consumer, provider, metadata }: PactDocument) {
  const text = await readFile(file, "utf8").catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw new PactError(`${file} cannot be read (${error.code}).`);
  });
  if (text === undefined) return [];
  const read = parse(text);
  const isSame =
    read?.consumer?.name === consumer.name &&
    read.provider?.name === provider.name &&
    read.metadata?.pactSpecification?.version === metadata.pactSpecification.version;
  if (isSame && Array.isArray(read.interactions)) return read.interactions;
  throw new PactError(
    `${file} is not the pact of ${consumer.name} with ${provider.name} of the same version. Remove it, or name another file.`,
  );
}

function parse(text: string): Partial<PactDocument> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Pact tells interactions apart by their description and their states. */
function identityOf({ description, providerStates = [] }: Record<string, unknown>): string {
  return JSON.stringify([description, (providerStates as { name: string }[]).map(({ name }) => name)]);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
