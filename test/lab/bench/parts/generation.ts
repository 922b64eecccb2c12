import { rmSync } from "node:fs";
import { RunError, runNode } from "../servers/run-node.ts";

/** How long `necid generate` takes as a command, in milliseconds. */
export type GenerationTimes = {
  /** Where nothing was generated yet. */
  coldMs: number[];
  /** Run again, with nothing new. */
  unchangedMs: number[];
};

/** Beside what the generation itself remembers, so that a run of the bench leaves nothing elsewhere. */
const out = "node_modules/.cache/necid-bench";
const generate = ["tools/commands/necid.ts", "generate", "--out", out];

/** Generates NEC ID's contract into an empty folder, and once more into the full one, in each round. */
export async function measureGeneration(options: {
  rounds: number;
  env: NodeJS.ProcessEnv;
}): Promise<GenerationTimes> {
  const times: GenerationTimes = { coldMs: [], unchangedMs: [] };
  for (let round = 0; round < options.rounds; round++) {
    rmSync(out, { recursive: true, force: true });
    const cold = await runNode(generate, options);
    const unchanged = await runNode(generate, options);
    if (!cold.stdout.startsWith("wrote ") || !unchanged.stdout.includes(" files are fresh")) {
      throw new RunError(
        generate,
        `It should write, then find all fresh.\n${cold.stdout}${unchanged.stdout}`,
      );
    }
    times.coldMs.push(cold.ms);
    times.unchangedMs.push(unchanged.ms);
  }
  rmSync(out, { recursive: true, force: true });
  return times;
}
