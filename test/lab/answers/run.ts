import { writeFile } from "node:fs/promises";
import { runProgram } from "../../../tools/commands/reader/options.ts";
import type { Option } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { type Answered, answer, type Figures } from "./answers.ts";
import { fetchDescriptions, ownDescriptions, publishedDescriptions } from "./descriptions.ts";

const names = [...ownDescriptions, ...publishedDescriptions].map(({ name }) => name);

const options = {
  description: { argument: "name", description: "this one only (repeatable)", repeatable: true },
  own: { description: "only the small ones of our own, which need no registry" },
  all: { description: "every documented status, not only successes" },
  noPrism: { description: "leave stock Prism out" },
  json: { argument: "file", description: "write the results to a file" },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run answers --",
  description:
    "Asks `necid mock --spec` for every operation's every documented success in every documented media type, checks\n" +
    "each answer by its schema, and asks stock Prism the same.\n" +
    "Exit codes: 0 all are answered and valid, 1 some are not, 2 could not run.",
  options,
};

// A signal ends the servers too, which are tied to the end of this process.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

process.exitCode = await runProgram(
  program,
  { args: process.argv.slice(2), terminal },
  async ({ options }) => {
    const wanted = ({ name }: { name: string }) =>
      options.description.length === 0 || options.description.includes(name);
    const unknown = options.description.find((name) => !names.includes(name));
    if (unknown !== undefined) {
      console.error(`There is no description ${unknown}. There are: ${names.join(", ")}`);
      return 2;
    }
    try {
      const own = ownDescriptions.filter(wanted);
      const published = options.own
        ? []
        : await fetchDescriptions(publishedDescriptions.filter(wanted), console.error);
      const chosen = options.own || options.description.length > 0 ? [...own, ...published] : published;
      const rows: Answered[] = [];
      for (const description of chosen) {
        const statuses = options.all ? "all" : "successes";
        const row = await answer(description, { statuses, withPrism: !options.noPrism });
        rows.push(row);
        console.log(lineOf(row));
        for (const { operation, status, mediaType, problem } of row.ours.problems.slice(0, 10))
          console.log(`    ${operation} ${status} ${mediaType ?? ""}: ${problem}`);
        if (row.ours.stopped) console.log(`    stopped: ${row.ours.stopped}`);
      }
      if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, null, 2)}\n`);
      const calls = rows.reduce((sum, row) => sum + row.calls, 0);
      const valid = rows.reduce((sum, row) => sum + row.ours.valid, 0);
      const stock = rows.reduce((sum, row) => sum + (row.prism?.valid ?? 0), 0);
      console.log(
        `\n${calls} calls to ${rows.length} descriptions: ${valid} answered and valid; stock Prism ${stock}`,
      );
      return valid === calls ? 0 : 1;
    } catch (error) {
      console.error((error as Error).message);
      return 2;
    }
  },
);

function lineOf({ name, operations, calls, ours, prism }: Answered): string {
  const theirs = prism ? `; Prism ${figures(prism, calls)}` : "";
  return `${name}: ${operations} operations, ${calls} calls; ours ${figures(ours, calls)}${theirs}`;
}

function figures(
  { valid, firstSeconds, firstProcessorSeconds, processorSeconds, megabytes, stopped }: Figures,
  calls: number,
) {
  const end = stopped === undefined ? "" : ` (${stopped.split("\n")[0]!.slice(0, 60)})`;
  if (Number.isNaN(firstSeconds)) return `no answer${end}`;
  return `${valid}/${calls} valid, first answer ${firstSeconds.toFixed(2)} s (${firstProcessorSeconds.toFixed(2)} s of processor), all ${processorSeconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB${end}`;
}
