import type { MockCommand } from "./mock.ts";

/** One option of `necid mock`. Without an argument in its flags it is there or not. */
export type MockOption = {
  /** As its help shows it: `--port <number>`. */
  flags: string;
  description: string;
  /** Its value when it is not given. */
  usual?: string | number;
  choices?: string[];
  /** It collects the values of all its occurrences. */
  repeatable?: true;
  /** What the argument means; `undefined` where it is refused, for the reason given. */
  read?: (text: string) => unknown;
  refusal?: string;
};

export const mockOptions: MockOption[] = [
  {
    flags: "--port <number>",
    description: "port to listen on, 0 for any free one",
    usual: 4010,
    read: (text) => (/^\d+$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined),
    refusal: "It must be a whole number from 0 to 65535.",
  },
  { flags: "--host <address>", description: "address to listen on", usual: "127.0.0.1" },
  { flags: "--spec <file>", description: "serve another Swagger or OpenAPI file by its examples" },
  { flags: "--overlay <file>", description: "overlay for --spec" },
  {
    flags: "--auth <mode>",
    description:
      "strict verifies signatures and API keys, presence only wants the headers, off wants nothing",
    choices: ["strict", "presence", "off"],
    usual: "strict",
  },
  {
    flags: "--public-host <name>",
    description: "a host name that clients may have signed for (repeatable)",
    repeatable: true,
  },
  { flags: "--stateless", description: "answer by the contract's examples and keep no subjects" },
  {
    flags: "--seed <text>",
    description: "where ids and probabilities come from, and dynamic answers: same seed, same run",
  },
  {
    flags: "--seed-subjects <file>",
    description: "JSON file of subjects that are registered from the start",
  },
  {
    flags: "--state <file>",
    description: "keep the subjects in this JSON file from one run to the next",
  },
  {
    flags: "--faults <file>",
    description: "JSON file of faults and scenarios that are active from the start",
  },
  {
    flags: "--control-token <text>",
    description: "open the control API to other machines that show this token",
  },
  { flags: "--self-check", description: "check every answer against the contract before it is sent" },
  { flags: "--watch", description: "reload the Swagger and the overlay when they change" },
  { flags: "--quiet", description: "no line for each request" },
  { flags: "--json-logs", description: "one JSON object for each request" },
];

/**
 * Reads a command line of `necid mock` that is in order and plainly written, `--name value`, without the
 * package that reads all the others: loading that takes a fifth of the time to the first answer.
 *
 * @returns `undefined` for any other command line: another verb or spelling, a mistake, a wish for help.
 */
export function readMockCommand([verb, ...words]: string[]): MockCommand | undefined {
  if (verb !== "mock") return undefined;
  const command: Record<string, unknown> = {};
  for (const option of mockOptions) {
    const usual = option.repeatable ? [] : option.usual;
    if (usual !== undefined) command[propertyOf(option)] = usual;
  }
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const option = mockOptions.find(({ flags }) => flags.split(" ")[0] === word);
    const value = option && readValue(option, words);
    if (value === undefined) return undefined;
    const property = propertyOf(option!);
    command[property] = option!.repeatable ? [...(command[property] as unknown[]), value] : value;
  }
  return command as MockCommand;
}

/** Takes the argument from the words that follow, where the option has one. */
function readValue({ flags, choices, read }: MockOption, words: string[]): unknown {
  if (!flags.includes(" ")) return true;
  const text = words.shift();
  if (text === undefined || text.startsWith("-")) return undefined;
  if (choices && !choices.includes(text)) return undefined;
  return read ? read(text) : text;
}

/** `--public-host <name>` is `publicHost`. */
function propertyOf({ flags }: MockOption): string {
  const [name] = flags.slice(2).split(" ");
  return name!.replaceAll(/-./g, (pair) => pair[1]!.toUpperCase());
}
