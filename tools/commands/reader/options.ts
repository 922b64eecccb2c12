import { similarName } from "../../../contracts/openapi/similar-name.ts";
import { formatHelp } from "./help.ts";
import {
  type CommandLine,
  flagsOf,
  nameOf,
  type Option,
  type OptionValues,
  type Program,
} from "./program.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs a program with its command line. Prints the help when that is asked for.
 *
 * @returns the exit code of `run`; 0 after the help, 2 when the command line is wrong.
 */
export async function runProgram<Options extends Record<string, Option>>(
  program: Program<Options>,
  { args, terminal }: { args: string[]; terminal: Pick<Terminal, "stdout" | "stderr"> },
  run: (commandLine: CommandLine<Options>) => Promise<number>,
): Promise<number> {
  if (wantsHelp(program, args)) {
    terminal.stdout(formatHelp(program));
    return 0;
  }
  let commandLine: CommandLine<Options>;
  try {
    commandLine = readOptions(program, args);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    terminal.stderr(hintAtHelp(error));
    return 2;
  }
  return run(commandLine);
}

/** The text of the error, with where the options are listed. */
export function hintAtHelp({ message }: CommandLineError): string {
  return `${message}\n(add --help for the options)\n`;
}

/** @throws {CommandLineError} when an option or argument is unknown, missing or not allowed. */
export function readOptions<Options extends Record<string, Option>>(
  program: Program<Options>,
  args: string[],
): CommandLine<Options> {
  const { options } = program;
  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  const operands: string[] = [];
  const rest: string[] = [];
  let isTrailing = false;
  for (const token of tokensOf(program, args)) {
    if (token.kind === "option-terminator") isTrailing = program.trailing !== undefined;
    const isRest = program.keepsUnknown || isTrailing;
    if (token.kind === "positional") (isRest ? rest : operands).push(token.value);
    if (token.kind !== "option") continue;
    const property = propertyOf(token.name);
    const isKnown = Object.hasOwn(options, property) && token.rawName === `--${nameOf(property)}`;
    const option = isKnown ? options[property] : undefined;
    if (!option && program.keepsUnknown) {
      rest.push(token.inlineValue ? `${token.rawName}=${token.value}` : token.rawName);
    } else if (!option || (token.inlineValue && !option.argument)) {
      const argument = token.inlineValue ? `=${token.value}` : "";
      const names = ["help", ...Object.keys(options).map(nameOf)].map((name) => `--${name}`);
      throw new CommandLineError(
        `unknown option '${token.rawName}${argument}'${similar(token.rawName, names)}`,
      );
    } else {
      const value = readArgument(flagsOf(property, option), option, token.value);
      values[property] = option.repeatable ? [...((values[property] as unknown[]) ?? []), value] : value;
      given.add(property);
    }
  }
  requireOperands(program, operands);
  for (const [property, option] of Object.entries(options)) {
    const flags = flagsOf(property, option);
    const isReplaced = option.unless !== undefined && given.has(option.unless);
    if (option.required && !given.has(property) && !isReplaced) {
      throw new CommandLineError(`required option '${flags}' not specified`);
    }
    const conflict = given.has(property) && option.conflicts?.find((other) => given.has(other));
    if (conflict) {
      const other = flagsOf(conflict, options[conflict]!);
      throw new CommandLineError(`option '${flags}' cannot be used with option '${other}'`);
    }
    const value = option.repeatable ? [] : option.default;
    if (value !== undefined) values[property] ??= value;
  }
  return { options: values as OptionValues<Options>, operands, rest };
}

/** The command line cannot be understood. */
export class CommandLineError extends Error {
  readonly code = "COMMAND_LINE";

  constructor(message: string) {
    super(`error: ${message}`);
    this.name = "CommandLineError";
  }
}

/** The argument of an option is not allowed. The message is one sentence that says what is. */
export class InvalidArgumentError extends Error {
  readonly code = "INVALID_ARGUMENT";

  constructor(message: string) {
    super(message);
    this.name = "InvalidArgumentError";
  }
}

/** For `parse`: a whole number within the bounds. */
export function wholeNumber({ from, to = Number.MAX_SAFE_INTEGER }: { from: number; to?: number }) {
  return (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= from && number <= to) return number;
    if (to < Number.MAX_SAFE_INTEGER) {
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
    }
    throw new InvalidArgumentError(`It must be a whole number above ${from - 1}.`);
  };
}

/** For `parse`: a number above 0. */
export function positiveNumber(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It must be a number above 0.");
}

/** For `parse`: one of these texts. */
export function oneOf<Choice extends string>(choices: readonly Choice[]) {
  return (text: string): Choice => {
    const choice = choices.find((one) => one === text);
    if (choice !== undefined) return choice;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.${similar(text, choices)}`);
  };
}

/** `\n(Did you mean …?)` where a known name is close to the given one. */
export function similar(given: string, known: readonly string[]): string {
  const closest = similarName(given, known);
  return closest === undefined ? "" : `\n(Did you mean ${closest}?)`;
}

function wantsHelp(program: Program, args: string[]): boolean {
  return tokensOf(program, args).some(
    (token) => token.kind === "option" && ["-h", "--help"].includes(token.rawName),
  );
}

/** An argument may begin with a dash: whatever follows an option that takes one belongs to it. */
function tokensOf({ options }: Program, args: string[]) {
  const known = Object.entries(options).map(([property, { argument }]) => [
    nameOf(property),
    { type: argument === undefined ? ("boolean" as const) : ("string" as const) },
  ]);
  // An `import` of that module loads all that it has, 2 ms at each start.
  return process.getBuiltinModule("node:util").parseArgs({
    args,
    options: Object.fromEntries(known),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function readArgument(
  flags: string,
  { argument, choices, parse }: Option,
  text: string | undefined,
): unknown {
  if (argument === undefined) return true;
  if (text === undefined) throw new CommandLineError(`option '${flags}' argument missing`);
  const read = parse ?? (choices ? oneOf(choices) : String);
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new CommandLineError(`option '${flags}' argument '${text}' is invalid. ${error.message}`);
  }
}

function requireOperands({ name, operands = {}, furtherOperands }: Program, given: string[]): void {
  const names = Object.keys(operands);
  const missing = names[given.length];
  if (missing !== undefined) throw new CommandLineError(`missing required argument '${missing}'`);
  if (given.length === names.length || furtherOperands) return;
  const expected = `${names.length} argument${names.length === 1 ? "" : "s"}`;
  throw new CommandLineError(
    `too many arguments for '${name.split(" ").at(-1)}'. Expected ${expected} but got ${given.length}: ${given.join(", ")}.`,
  );
}

function propertyOf(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
