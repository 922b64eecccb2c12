import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { controls } from "./controls.ts";
import { mutants, undermining } from "./mutants.ts";
import { openSuite, type Suite } from "./suite.ts";
import { judge, strengthTable, type Verdict } from "./verdict.ts";

const { only, json } = new Command("mutants")
  .description("Breaks one promise at a time and says which part of the verification notices")
  .option("--only <id>", "only mutants and controls whose id begins so")
  .option("--json <file>", "write what came of each to a file")
  .parse()
  .opts<{ only?: string; json?: string }>();

const isMeant = ({ id }: { id: string }) => only === undefined || id.startsWith(only);
const began = performance.now();
const suite = await openSuite();
try {
  const flagged = await runControls(suite);
  const verdicts = await runMutants(suite);
  const missed = verdicts.filter(({ caughtBy }) => caughtBy.length === 0);
  const misled = verdicts.filter(({ id, blamed }) => blamed.length > 0 && !undermining.has(id));
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`\n${strengthTable(verdicts)}\n`);
  console.log(
    `${verdicts.length} mutants, ${missed.length} not caught, ${misled.length} blamed on another operation than the right one too; ` +
      `${controls.filter(isMeant).length} controls, ${flagged.length} flagged; ${seconds} s`,
  );
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ verdicts, flagged }, null, 2)}\n`);
  if (missed.length + misled.length + flagged.length > 0) process.exitCode = 1;
} finally {
  await suite.close();
}

async function runControls(suite: Suite): Promise<{ id: string; messages: string[] }[]> {
  const ran = await inLanes(controls.filter(isMeant), async ({ id, title, open, writing }) => {
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

function runMutants(suite: Suite): Promise<Verdict[]> {
  return inLanes(mutants.filter(isMeant), async (mutant) => {
    const verdict = judge(mutant, await suite.run({ alter: mutant.open() }));
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
