import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { pactRecording } from "./interactions.ts";
import { recordPact } from "./record-pact.ts";

/**
 * Records the pact of the generated client into a folder, as `<consumer>-<provider>.json`.
 *
 * @param options.check only compares, and writes nothing.
 * @returns the path of the file, and whether its previous content was different.
 */
export async function recordPacts({
  out,
  check = false,
}: {
  out: string;
  check?: boolean;
}): Promise<{ file: string; stale: boolean }> {
  const recording = pactRecording();
  const file = join(out, `${recording.consumer}-${recording.provider}.json`);
  const text = await recordPact(recording);
  const stale = text !== (await readFile(file, "utf8").catch(() => undefined));
  if (stale && !check) {
    await mkdir(out, { recursive: true });
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, text);
    await rename(draft, file);
  }
  return { file, stale };
}

if (import.meta.main) {
  const program = {
    name: "npm run pacts --",
    description: "Records the consumer interactions as a pact. Exit codes: 0 done or fresh, 1 stale.",
    options: { check: { description: "write nothing; exit 1 when the recorded pact is stale" } },
  };
  process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, ({ options }) =>
    runPacts({ out: "generated/necid-v1/pacts", check: options.check === true }),
  );
}

async function runPacts(options: { out: string; check: boolean }): Promise<number> {
  const { file, stale } = await recordPacts(options);
  if (options.check && stale) {
    console.error(`${file} is stale\nRun \`npm run pacts\` and commit what it writes.`);
    return 1;
  }
  console.log(options.check ? `${file} is fresh` : `wrote ${file}`);
  return 0;
}
