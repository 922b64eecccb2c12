import { runProgram, wholeNumber } from "../../../tools/commands/reader/options.ts";
import type { Option } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { checkPair, type Verdicts } from "./properties.ts";

const options = {
  pairs: { argument: "number", description: "how many", default: 20_000, parse: wholeNumber({ from: 1 }) },
  seed: {
    argument: "number",
    description: "of the first pair; the same seed makes the same pair",
    default: 1,
    parse: wholeNumber({ from: 0 }),
  },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run diff:random --",
  description: `Lets ajv judge what the diff says of random pairs of schemas.
Exit codes: 0 nothing is refuted, 1 something is.`,
  options,
};

process.exitCode = await runProgram(
  program,
  { args: process.argv.slice(2), terminal },
  async ({ options }) => {
    const { pairs, seed: first } = options;
    const counts: Record<string, Verdicts> = {};
    let refuted = 0;
    for (let seed = first; seed < first + pairs; seed++) {
      const refutation = checkPair(seed, (direction, level) => {
        counts[direction] ??= { none: 0, compatible: 0, risky: 0, breaking: 0 };
        counts[direction][level]++;
      });
      if (!refutation) continue;
      refuted++;
      console.log(JSON.stringify(refutation));
    }
    console.table(counts);
    console.log(`${pairs} pairs, ${refuted} refuted`);
    return refuted > 0 ? 1 : 0;
  },
);
