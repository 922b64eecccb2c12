import { checkSync } from "recheck";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { made } from "./made.ts";
import { patternsOfProduct, type SourcePattern } from "./patterns.ts";

const program = {
  name: "npm run patterns --",
  description: `Lists every regular expression of the product, with what recheck says of its time.
Exit codes: 0 all are known to be linear, 1 one is not.`,
  options: {},
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async () => {
  const rows = patternsOfProduct().map((found) => ({ ...found, verdict: verdictOf(found) }));
  for (const { file, line, pattern, flags, verdict } of rows) {
    console.log(`${verdict.padEnd(12)} ${file}:${line} /${pattern}/${flags}`);
  }
  const notLinear = rows.filter(({ verdict }) => !/^(linear|bounded)/.test(verdict));
  console.log(`${rows.length} regular expressions, ${notLinear.length} not linear`);
  return notLinear.length > 0 ? 1 : 0;
});

function verdictOf({ file, pattern, flags }: SourcePattern): string {
  if (!pattern.startsWith("(made: ")) return costOf(pattern, flags);
  const known = made[file];
  if (known === undefined) return "made at run time, and not in test/lab/patterns/made.ts";
  if ("bounded" in known) return `bounded: ${known.bounded}`;
  const { source, flags: used } = known.example();
  return costOf(source, used);
}

function costOf(pattern: string, flags: string): string {
  const result = checkSync(pattern, flags.replace("v", "u"), { timeout: 60_000 });
  if (result.status === "safe") return "linear";
  return result.status === "unknown" ? "unknown" : result.complexity.type;
}
