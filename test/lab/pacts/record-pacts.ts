import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { pactRecording } from "./interactions.ts";
import { pactRecordingV11 } from "./interactions-v1.1.ts";
import { type RecordOptions, recordPact } from "./record-pact.ts";

/**
 * Records the pact of the generated client into a folder, as `<consumer>-<provider>.json`.
 *
 * @param options.check only compares, and writes nothing.
 * @returns the path of the file, and whether its previous content was different.
 */
export async function recordPacts({
  out,
  check = false,
  recording = pactRecording(),
}: {
  out: string;
  check?: boolean;
  recording?: RecordOptions;
}): Promise<{ file: string; stale: boolean }> {
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
    description:
      "Records the consumer interactions of each version as a pact. Exit codes: 0 done or fresh, 1 stale.",
    options: { check: { description: "write nothing; exit 1 when a recorded pact is stale" } },
  };
  process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, ({ options }) =>
    runPacts(options.check === true),
  );
}

async function runPacts(check: boolean): Promise<number> {
  let code = 0;
  for (const recording of [pactRecording(), pactRecordingV11()]) {
    const out = `generated/${recording.provider}/pacts`;
    const { file, stale } = await recordPacts({ out, check, recording });
    if (check && stale) {
      console.error(`${file} is stale\nRun \`npm run pacts\` and commit what it writes.`);
      code = 1;
    } else console.log(check ? `${file} is fresh` : `wrote ${file}`);
  }
  return code;
}
