import { writeFileSync } from "node:fs";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import type { Option, OptionValues } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { controls } from "./controls.ts";
import type { Mutant } from "./mutant.ts";
import { mutants, undermining } from "./mutants.ts";
import { openSuite, openV11Suite, type Suite } from "./suite.ts";
import { v11Mutants } from "./v11-mutants.ts";
import { strengthTable, type Verdict, verdictOf } from "./verdict.ts";

const options = {
  only: { argument: "id", description: "only mutants and controls whose id begins so" },
  contract: {
    argument: "version",
    description: "v1.1 for the mutants of v1.1 (default: v1)",
    choices: ["v1", "v1.1"],
  },
  json: { argument: "file", description: "write what came of each to a file" },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run mutants --",
  description: "Breaks one promise at a time and reports which part of the verification notices it",
  options,
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async (given) => {
  const suite = given.options.contract === "v1.1" ? await openV11Suite() : await openSuite();
  try {
    return await measure(suite, given.options);
  } finally {
    await suite.close();
  }
});

async function measure(
  suite: Suite,
  { only = "", contract, json }: OptionValues<typeof options>,
): Promise<number> {
  const isV11 = contract === "v1.1";
  const isMeant = ({ id }: { id: string }) => id.startsWith(only);
  const began = performance.now();
  // One control knows the scores of v1 only.
  const meantControls = controls.filter((each) => isMeant(each) && !(isV11 && each.id === "controls/scores"));
  const flagged = await runControls(suite, meantControls);
  const verdicts = await runMutants(suite, (isV11 ? v11Mutants() : mutants).filter(isMeant));
  const missed = verdicts.filter(({ caughtBy }) => caughtBy.length === 0);
  const misled = verdicts.filter(({ id, blamed }) => blamed.length > 0 && !undermining.has(id));
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`\n${strengthTable(verdicts)}\n`);
  console.log(
    `${verdicts.length} mutants, ${missed.length} not caught, ${misled.length} blamed on another operation than the right one too; ` +
      `${meantControls.length} controls, ${flagged.length} flagged; ${seconds} s`,
  );
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ verdicts, flagged }, null, 2)}\n`);
  return missed.length + misled.length + flagged.length > 0 ? 1 : 0;
}

async function runControls(
  suite: Suite,
  meant: typeof controls,
): Promise<{ id: string; messages: string[] }[]> {
  const ran = await inLanes(meant, async ({ id, title, open, writing }) => {
    const { mismatches, stopped } = await suite.run({ alter: open(), writing });
    const messages = [
      ...mismatches.map(({ message }) => message),
      ...(stopped === undefined ? [] : [stopped]),
    ];
    const lines = messages.slice(0, 5).map((message) => `\n  ${message}`);
    console.log(`${messages.length === 0 ? "ok     " : "FLAGGED"} ${id}: ${title}${lines.join("")}`);
    return { id, messages };
  });
  return ran.filter(({ messages }) => messages.length > 0);
}

function runMutants(suite: Suite, meant: Mutant[]): Promise<Verdict[]> {
  return inLanes(meant, async (mutant) => {
    const verdict = verdictOf(mutant, await suite.run({ alter: mutant.open() }));
    const { id, caughtBy, blamed, stopped } = verdict;
    const result = caughtBy.length > 0 ? `caught by ${caughtBy.join(", ")}` : "NOT CAUGHT";
    const notes = [
      ...(stopped === undefined ? [] : [`stopped: ${stopped}`]),
      ...(blamed.length === 0 ? [] : [`blamed too: ${blamed.join(", ")}`]),
    ];
    console.log(`${result.padEnd(42)} ${id}${notes.map((note) => `\n  ${note}`).join("")}`);
    return verdict;
  });
}

/** Works on a few at once, for one waits for the network while another computes; results in the order given. */
async function inLanes<Item, Result>(
  items: Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const lane = async () => {
    for (const [place, item] of rest) results[place] = await work(item);
  };
  await Promise.all(Array.from({ length: 3 }, lane));
  return results;
}
