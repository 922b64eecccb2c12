import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { PactBroker } from "./broker.ts";
import { fetchText } from "./fetch-text.ts";
import { type Pact, PactFileError, readPact } from "./pact.ts";

/**
 * Reads the pacts of files, folders (their `*.json`, by name) and URLs, in the given order. A file is read once.
 *
 * @param options.broker fetches the URLs of its own origin, with its credentials.
 * @throws {PactFileError} if a source has no pact, or one that cannot be read.
 */
export async function readPacts(
  sources: readonly string[],
  {
    basePath,
    broker,
    fetch = globalThis.fetch,
  }: { basePath?: string; broker?: PactBroker; fetch?: typeof globalThis.fetch } = {},
): Promise<Pact[]> {
  const pacts: Pact[] = [];
  const seen = new Set<string>();
  for (const source of sources) {
    if (/^https?:/i.test(source)) {
      const text = broker?.owns(source) ? await broker.get(source) : await download(source, fetch);
      pacts.push(readPact(text, { source: withoutSecrets(source), basePath }));
      continue;
    }
    for (const file of await filesOf(source)) {
      if (seen.has(resolve(file))) continue;
      seen.add(resolve(file));
      pacts.push(readPact(await readWhole(file), { source: file, basePath }));
    }
  }
  return pacts;
}

async function filesOf(source: string): Promise<string[]> {
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new PactFileError(source, "does not exist");
  if (!found.isDirectory()) return [source];
  const names = (await readdir(source)).filter((name) => name.endsWith(".json")).sort();
  if (names.length === 0) throw new PactFileError(source, "holds no *.json");
  return names.map((name) => join(source, name));
}

/** A folder may hold links to what has no end. */
async function readWhole(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new PactFileError(file, "is no regular file");
  if (found.size > LARGEST) throw new PactFileError(file, `is larger than ${LARGEST} bytes`);
  return readFile(file, "utf8");
}

const LARGEST = 256 * 1024 * 1024;

async function download(url: string, fetch: typeof globalThis.fetch): Promise<string> {
  const shown = withoutSecrets(url);
  const fetched = await fetchText(url, { fetch, headers: { accept: "application/json" } });
  if ("text" in fetched) return fetched.text;
  throw new PactFileError(shown, fetched.problem);
}

/** The URL without user, password and query. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
