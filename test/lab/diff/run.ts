import { checkPair, type Verdicts } from "./properties.ts";

/**
 * Lets ajv judge what the diff says of random pairs of schemas: `node test/lab/diff/run.ts [pairs] [first seed]`.
 * Exit code 1 when it refutes something; the seed makes the pair again.
 */
const [pairs, first] = [Number(process.argv[2] ?? 20_000), Number(process.argv[3] ?? 1)];
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
process.exitCode = refuted > 0 ? 1 : 0;
