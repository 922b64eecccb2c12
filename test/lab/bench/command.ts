import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Option, OptionValues, Program } from "../../../tools/commands/reader/program.ts";
import { scenarios } from "./load/scenarios.ts";
import { contenders } from "./servers/contenders.ts";

/** What is measured besides requests under load. */
export const partNames = [
  "first-answer",
  "generation",
  "verification",
  "pictures",
  "uploads",
  "signing",
  "galleries",
  "contracts",
] as const;

const rows = scenarios.map(({ name }) => name);
const keys = [...new Set(contenders.map(({ key }) => key))];

const options = {
  rounds: {
    argument: "number",
    description: "how often each is measured, 3 or more; the tables show medians",
    default: "3",
  },
  seconds: {
    argument: "number",
    description: "how long each is measured in a round, a registration twice as long",
    default: "1",
  },
  warmUp: {
    argument: "number",
    description:
      "seconds of requests before that, for a registration twice as long, for WireMock three times",
    default: "1",
  },
  only: {
    argument: "names",
    description: `${rows.join(", ")}: requests under load; ${partNames.join(", ")} (default: all)`,
  },
  contenders: { argument: "names", description: `${keys.join(", ")} (default: all)` },
  json: {
    argument: "file",
    description:
      "write all figures, those of each round too; npm run bench:docs -- FILE writes the tables of docs/speed.md from them",
  },
} as const satisfies Record<string, Option>;

export const program: Program<typeof options> = {
  name: "npm run bench --",
  description: `Measures the mock beside others, one at a time and in turns, each in a fresh process each time. A run with the defaults takes about ten minutes.
${contenders.map(({ name, does }) => `- ${name}: ${does}`).join("\n")}`,
  options,
  notes: `Mockoon and WireMock are installed in test/lab/node_modules when they are first measured.
Exit codes: 0 measured, 1 a server or command did not do its work, 2 could not run.`,
};

export type Command = {
  rounds: number;
  /** How long each contender is measured at each scenario, at a registration twice as long. */
  seconds: number;
  warmUpSeconds: number;
  /** Names of scenarios and parts. */
  only: string[];
  /** Keys of contenders. */
  contenders: string[];
  json?: string;
};

/** The command, or what is wrong with it. */
export function readCommand(values: OptionValues<typeof options>): Command | string {
  const { json } = values;
  const command: Command = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    warmUpSeconds: Number(values.warmUp),
    only: listed(values.only ?? [...rows, ...partNames].join()),
    contenders: listed(values.contenders ?? keys.join()),
    ...(json !== undefined && { json }),
  };
  return faultOf(command) ?? command;
}

/** A signature is good for five minutes, and a registration takes twice both times. */
function faultOf({
  rounds,
  seconds,
  warmUpSeconds,
  only,
  contenders: wanted,
  json,
}: Command): string | undefined {
  const faults: [boolean, string][] = [
    [!Number.isInteger(rounds) || rounds < 3, "--rounds must be a whole number, 3 or more."],
    [!(seconds > 0 && seconds <= 60), "--seconds must be a number above 0, at most 60."],
    [!(warmUpSeconds >= 0 && warmUpSeconds <= 30), "--warm-up must be a number from 0 to 30."],
    [
      !isListOf([...rows, ...partNames], only),
      `--only takes names of ${[...rows, ...partNames].join(", ")}.`,
    ],
    [!isListOf(keys, wanted), `--contenders takes names of ${keys.join(", ")}.`],
    [json !== undefined && !existsSync(dirname(resolve(json))), `--json ${json}: there is no such folder.`],
  ];
  return faults.find(([isFault]) => isFault)?.[1];
}

function listed(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

function isListOf(allowed: string[], names: string[]): boolean {
  return names.every((name) => allowed.includes(name));
}
