import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { contenders } from "./contenders.ts";
import { scenarios } from "./scenarios.ts";

/** What is measured besides requests under load. */
export const partNames = [
  "first-answer",
  "generation",
  "verification",
  "bodies",
  "galleries",
  "contracts",
] as const;

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
  help?: true;
};

const rows = scenarios.map(({ name }) => name);
const keys = [...new Set(contenders.map(({ key }) => key))];

export const help = `npm run bench -- [--rounds 3] [--seconds 1] [--warm-up 1] [--only NAMES] [--contenders NAMES] [--json FILE]

Measures the mock beside others, one at a time and in turns, each in a fresh process each time:
${contenders.map(({ name, does }) => `  ${name.padEnd(20)} ${does}`).join("\n")}

A run with the defaults takes about ten minutes.

  --rounds N          how often each is measured, 3 or more; the tables show medians
  --seconds N         how long each in a round, a registration twice as long
  --warm-up N         how long it is asked before, a registration twice as long, WireMock three times
  --only NAMES        ${rows.join(", ")}: requests under load;
                      ${partNames.join(", ")}
  --contenders NAMES  ${keys.join(", ")}
  --json FILE         write all figures, those of each round too; npm run bench:docs -- FILE
                      writes the tables of docs/speed.md from them

Mockoon and WireMock are installed in test/lab/bench/node_modules when they are first measured.
Exit codes: 0 measured, 1 a server or command did not do its work, 2 could not run.
`;

/** The command, or what is wrong with it. */
export function readCommand(args: string[]): Command | string {
  try {
    const { values } = parseArgs({
      args,
      options: {
        rounds: { type: "string", default: "3" },
        seconds: { type: "string", default: "1" },
        "warm-up": { type: "string", default: "1" },
        only: { type: "string", default: [...rows, ...partNames].join() },
        contenders: { type: "string", default: keys.join() },
        json: { type: "string" },
        help: { type: "boolean" },
      },
    });
    const { json } = values;
    const command: Command = {
      rounds: Number(values.rounds),
      seconds: Number(values.seconds),
      warmUpSeconds: Number(values["warm-up"]),
      only: listed(values.only),
      contenders: listed(values.contenders),
      ...(json !== undefined && { json }),
      ...(values.help && { help: true }),
    };
    return faultOf(command) ?? command;
  } catch (error) {
    return (error as Error).message;
  }
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
