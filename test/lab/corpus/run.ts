import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../../contracts/trust/cache-folder.ts";
import { runProgram, wholeNumber } from "../../../tools/commands/reader/options.ts";
import type { Option, OptionValues } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { rules } from "./choose.ts";
import { runCorpus } from "./corpus.ts";
import { choosePackage, chosenPackages, type Description, fetchPackage, filesJson } from "./packages.ts";
import { pageOf } from "./page.ts";
import { type Row, summaryOf } from "./row.ts";

const repository = join(import.meta.dirname, "../../..");

const options = {
  filter: {
    argument: "text",
    description: "only files whose package or path has this in it; /…/ is a pattern",
  },
  limit: { argument: "number", description: "so many files, spread evenly", parse: wholeNumber({ from: 1 }) },
  jobs: {
    argument: "number",
    description: "how many at a time",
    default: 1,
    parse: wholeNumber({ from: 1 }),
  },
  json: { argument: "file", description: "write every result to a file" },
  again: {
    argument: "file",
    description: "keep the results of this file where something was generated, and run the others",
  },
  page: { description: "write the tables to docs/public-descriptions.md" },
  choose: { description: "choose the files anew, and write them to files.json" },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run corpus --",
  description:
    "Generates from public description files of the npm registry, each in a process of its own: no more than 60 s of\n" +
    "processor time and 1.5 GB. The types must compile, the validators must load and validate.\n" +
    "Exit codes: 0 all generate or are refused at a place, 1 something else happened, 2 could not run.",
  options,
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async (given) => {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(signal));
  try {
    if (given.options.choose) return await chooseAnew();
    return await runAll(given.options, stop.signal);
  } catch (error) {
    console.error(stop.signal.aborted ? `Stopped by ${stop.signal.reason}.` : (error as Error).message);
    return 2;
  }
});

async function chooseAnew(): Promise<number> {
  const packages = [];
  for (const rule of rules) packages.push(await choosePackage(rule));
  await writeFile(filesJson, `${JSON.stringify(packages, null, 1)}\n`);
  console.log(
    `${packages.flatMap(({ files }) => Object.keys(files)).length} files of ${packages.length} packages`,
  );
  return 0;
}

async function runAll(
  { filter, limit, jobs, json, again, page }: OptionValues<typeof options>,
  signal: AbortSignal,
): Promise<number> {
  const known: Row[] = again ? JSON.parse(await readFile(again, "utf8")) : [];
  const kept = known.filter(({ verdict }) => verdict === "generated");
  const wanted = spread((await allDescriptions()).filter(isWanted(filter)), limit);
  const descriptions = wanted.filter(
    ({ from, path }) => !kept.some(({ name }) => name === `${from} ${path}`),
  );
  const found = await runCorpus(descriptions, { jobs, signal, say: console.log });
  const rows = [...kept, ...found].sort((a, b) => (a.name < b.name ? -1 : 1));
  console.log(`\n${summaryOf(rows)}`);
  if (json) await writeFile(json, JSON.stringify(rows, null, 1));
  if (page) await writeFile(join(repository, "docs/public-descriptions.md"), pageOf(rows, chosenPackages()));
  return rows.every(({ verdict }) => verdict === "generated" || verdict === "refused") ? 0 : 1;
}

async function allDescriptions(): Promise<Description[]> {
  const cache = cacheFolder(process.env);
  if (!cache)
    throw new Error("There is no private cache folder. Set XDG_CACHE_HOME to a folder of your own.");
  const folder = join(cache, "descriptions");
  const all: Description[] = [];
  for (const one of chosenPackages()) all.push(...(await fetchPackage(one, { folder, say: console.error })));
  return all;
}

function isWanted(filter: string | undefined): (description: Description) => boolean {
  if (filter === undefined) return () => true;
  const [, pattern] = /^\/(.*)\/$/.exec(filter) ?? [];
  const matches =
    pattern === undefined
      ? (name: string) => name.includes(filter)
      : (name: string) => new RegExp(pattern).test(name);
  return ({ from, path }) => matches(`${from} ${path}`);
}

/** Every n-th, so that a part has all styles. */
function spread<Item>(items: Item[], limit = items.length): Item[] {
  return items.filter(
    (_, index) =>
      Math.floor((index * limit) / items.length) !== Math.floor(((index - 1) * limit) / items.length),
  );
}
