import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pactRecording } from "./interactions.ts";
import { recordPact } from "./record-pact.ts";

/**
 * Records the pact of the generated client into a folder, as `<consumer>-<provider>.json`.
 *
 * @param options.check compares only, and writes nothing.
 * @returns the name of the file, and whether the one that stood there was another.
 */
export async function recordPacts({
  out,
  check = false,
}: {
  out: string;
  check?: boolean;
}): Promise<{ name: string; stale: boolean }> {
  const recording = pactRecording();
  const name = `${recording.consumer}-${recording.provider}.json`;
  const file = join(out, name);
  const text = await recordPact(recording);
  const stale = text !== (await readFile(file, "utf8").catch(() => undefined));
  if (stale && !check) {
    await mkdir(out, { recursive: true });
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, text);
    await rename(draft, file);
  }
  return { name, stale };
}
