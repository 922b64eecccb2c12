// Lists every regular expression of the product, with what recheck says of its time: `npm run patterns`.
// Exits with 1 when one is exponential. A polynomial one is run on recheck's own attack of 8 kB, which is the longest
// header that Node takes.
import { checkSync } from "recheck";
import { patternsOfProduct, type SourcePattern } from "./patterns.ts";

const attackLength = 8192;

const rows = patternsOfProduct().map((found) => ({ ...found, verdict: verdictOf(found) }));
for (const { file, line, pattern, flags, verdict } of rows) {
  console.log(`${verdict.padEnd(28)} ${file}:${line} /${pattern}/${flags}`);
}
const counts = Map.groupBy(rows, ({ verdict }) => verdict.replace(/,.*/, ""));
console.log([...counts].map(([verdict, found]) => `${found.length} ${verdict}`).join(", "));
process.exitCode = counts.has("exponential") ? 1 : 0;

function verdictOf({ pattern, flags }: SourcePattern): string {
  if (pattern.startsWith("(made: ")) return "made at run time";
  const result = checkSync(pattern, flags.replace("v", "u"), { timeout: 10_000 });
  if (result.status === "unknown") return "unknown";
  if (result.status === "safe") return "linear";
  const type = result.complexity.type;
  if (type === "exponential") return type;
  return `${type}, ${timeOf(new RegExp(pattern, flags), result.attack)} ms`;
}

function timeOf(pattern: RegExp, { pumps, suffix }: { pumps: Pump[]; suffix: string }): string {
  const text =
    pumps.map(({ prefix, pump }) => prefix + pump.repeat(attackLength / pump.length)).join("") + suffix;
  const began = performance.now();
  text.replace(pattern, "");
  return (performance.now() - began).toFixed(0);
}

type Pump = { prefix: string; pump: string };
