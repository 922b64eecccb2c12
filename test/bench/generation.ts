import { rmSync } from "node:fs";
import { runNode } from "./run-node.ts";

/** How long `necid generate` takes as a command, in milliseconds. */
export type GenerationTimes = {
  /** Where nothing was generated yet. */
  coldMs: number[];
  /** Run again, with nothing new. */
  unchangedMs: number[];
};

/** Beside what the generation itself remembers, so that a run of the bench leaves nothing elsewhere. */
const out = "node_modules/.cache/necid-bench";

/** Generates NEC ID's contract into an empty folder, and once more into the full one, in each round. */
export async function measureGeneration(options: {
  rounds: number;
  env: NodeJS.ProcessEnv;
}): Promise<GenerationTimes> {
  const generate = () => runNode(["tools/necid.ts", "generate", "--out", out], options);
  const times: GenerationTimes = { coldMs: [], unchangedMs: [] };
  for (let round = 0; round < options.rounds; round++) {
    rmSync(out, { recursive: true, force: true });
    const cold = await generate();
    const unchanged = await generate();
    if (!cold.stdout.startsWith("wrote ") || !unchanged.stdout.includes(" files are fresh")) {
      throw new Error(
        `necid generate should write, then find all fresh, and said:\n${cold.stdout}${unchanged.stdout}`,
      );
    }
    times.coldMs.push(cold.ms);
    times.unchangedMs.push(unchanged.ms);
  }
  rmSync(out, { recursive: true, force: true });
  return times;
}
