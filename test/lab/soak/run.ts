import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { runProgram, wholeNumber } from "../../../tools/commands/reader/options.ts";
import type { Option, OptionValues } from "../../../tools/commands/reader/program.ts";
import { terminal } from "../../../tools/commands/reader/terminal.ts";
import { ConnectionError } from "./connection.ts";
import { ControlError, subjectsOf } from "./control.ts";
import { formatRow, rowHeads } from "./format-row.ts";
import { type SoakReport, soak } from "./soak.ts";
import { GoneError, StartError, type StartedMock, startMock } from "./start-mock.ts";
import type { Verdict } from "./verdicts.ts";

const atLeast1 = wholeNumber({ from: 1, to: 9_999_999_999 });
const options = {
  requests: {
    argument: "number",
    description: "how many; live memory and latency are judged from 200000 on, resident memory from 700000",
    default: 1_000_000,
    parse: atLeast1,
  },
  connections: {
    argument: "number",
    description: "clients, each on a connection of its own",
    default: 16,
    parse: atLeast1,
  },
  subjects: {
    argument: "number",
    description: "about how many stay registered",
    default: 2000,
    parse: atLeast1,
  },
  photographs: {
    argument: "percent",
    description:
      "of the new pictures that are photographs of 500 kB; with 18 about a tenth of all requests carry one",
    default: 0,
    parse: wholeNumber({ from: 0, to: 100 }),
  },
  seed: { argument: "text", description: "another flow", default: "1" },
  slice: {
    argument: "number",
    description: "requests in each row of the curve",
    default: 50_000,
    parse: atLeast1,
  },
  program: {
    argument: "file",
    description: "the command line; dist/tools/commands/necid.js after npm run build",
    default: "tools/commands/necid.ts",
  },
  state: {
    argument: "file",
    description: "lets the mock keep its subjects in a file that is not there yet, and compares it too",
  },
  json: { argument: "file", description: "write all figures" },
} as const satisfies Record<string, Option>;

type Command = OptionValues<typeof options>;

const program = {
  name: "npm run soak --",
  description: `Starts the mock and sends it a mixed flow, every response checked by the clients' own model. Prints the curve.
Exit codes: 0 every promise kept, 1 one broken, 2 could not run.`,
  options,
};

/** What a run meets when the mock does not live through it. */
const broken = [ConnectionError, ControlError, GoneError];

for (const [signal, code] of Object.entries({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}
process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async (given) => {
  const { state } = given.options;
  const fault = fileFault(given.options);
  if (fault) return complain(new Error(`${fault}\n(add --help for the options)`), 2);
  try {
    return await soakMock({ ...given.options, state: state && resolve(state) });
  } catch (error) {
    if (error instanceof StartError) return complain(error, 2);
    if (broken.some((kind) => error instanceof kind)) return complain(error as Error, 1);
    throw error;
  }
});

/** What is wrong with the files that the command names. */
function fileFault({ state, json }: Command): string | undefined {
  if (state && existsSync(state)) return `--state ${state} is there already. Name a file that is not.`;
  if (json && !existsSync(dirname(resolve(json)))) return `--json ${json}: there is no such folder.`;
  return undefined;
}

async function soakMock(command: Command): Promise<number> {
  const mock = await startMock({ program: command.program, stateFile: command.state });
  try {
    return await soakStarted(mock, command);
  } finally {
    await mock.stop();
  }
}

async function soakStarted(mock: StartedMock, { json, program, state, ...flow }: Command): Promise<number> {
  print(
    `${program}, ${flow.requests.toLocaleString("en")} requests over ${flow.connections} connections, ${flow.photographs} % photographs, seed ${flow.seed}, node ${process.version}, ${availableParallelism()} cores, load average ${loadavg()[0]!.toFixed(2)}\n\n${rowHeads}\n`,
  );
  const before = process.cpuUsage();
  const report = await soak({
    ...flow,
    photographs: flow.photographs / 100,
    port: mock.port,
    observe: mock.cost,
    liveBytes: mock.liveBytes,
    onRow: (row) => print(`${formatRow(row)}\n`),
  });
  const { user, system } = process.cpuUsage(before);
  const clientCpu = (user + system) / flow.requests;
  const verdicts = [...report.verdicts, ...endings({ ended: await mock.stop(), state, report })];
  print(
    `\n${kindsText(report)}\n${verdicts.map(verdictText).join("")}\nThe clients took ${clientCpu.toFixed(0)} µs of processor time for each request.\n`,
  );
  if (json)
    writeJson(json, { flow: { ...flow, program, state: Boolean(state) }, clientCpu, verdicts, report });
  return verdicts.some(({ held }) => held === false) ? 1 : 0;
}

function endings({
  ended,
  state,
  report,
}: {
  ended: string;
  state: string | undefined;
  report: SoakReport;
}): Verdict[] {
  const stopped = { promise: "stops when asked to", held: ended === "exit code 0", figures: ended };
  if (state === undefined) return [stopped];
  const kept = subjectsOf(JSON.parse(readFileSync(state, "utf8")));
  const figures = `${kept.map((ids) => ids.length).join(" and ")} subjects in the file`;
  return [
    stopped,
    { promise: "state file as the state", held: kept.join() === report.account.subjects.join(), figures },
  ];
}

function kindsText({ tally: { kinds, complaints } }: SoakReport): string {
  const lines = Object.entries(kinds)
    .sort(([, a], [, b]) => b.sent - a.sent)
    .map(
      ([kind, { sent, answered, wrong, lost }]) =>
        `${kind.padEnd(34)}${[sent, answered, wrong, lost].map((number) => number.toLocaleString("en").padStart(10)).join("")}\n`,
    );
  const heads = `${"".padEnd(34)}${["sent", "answered", "wrong", "lost"].map((head) => head.padStart(10)).join("")}\n`;
  return `${heads}${lines.join("")}${complaints.map((complaint) => `\n${complaint}`).join("")}`;
}

function verdictText({ promise, held, figures }: Verdict): string {
  const mark = held === undefined ? "open  " : held ? "kept  " : "BROKEN";
  return `${mark} ${promise}: ${figures}\n`;
}

function writeJson(
  file: string,
  { report, ...figures }: { report: SoakReport; [figure: string]: unknown },
): void {
  const { rows, account, live, tally } = report;
  const { kinds, total, aside, complaints, outcomes } = tally;
  const machine = { processor: cpus()[0]?.model, cores: availableParallelism(), node: process.version };
  const written = {
    ...figures,
    machine,
    rows,
    live,
    tally: { total, aside, kinds, outcomes: Object.fromEntries(outcomes), complaints },
    account: { ...account, subjects: account.subjects.map((ids) => ids.length) },
  };
  writeFileSync(file, `${JSON.stringify(written, null, 2)}\n`);
}

function complain({ message }: Error, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}

function print(text: string): void {
  process.stdout.write(text);
}
