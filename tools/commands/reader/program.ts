import type { Terminal } from "./terminal.ts";

/** One option of a program. The property that holds its value names it: `publicHost` is `--public-host`. */
export type Option = {
  description: string;
  /** The name of its argument in the help. An option without one is given or not. */
  argument?: string;
  default?: unknown;
  choices?: readonly string[];
  /** Collects the arguments of all occurrences, in an array. */
  repeatable?: true;
  required?: true;
  /** The property of an option that stands for it: with that one it is not required. */
  unless?: string;
  /** @throws {InvalidArgumentError} when the argument is not allowed. */
  parse?: (text: string) => unknown;
  /** Properties of options that cannot be given at the same time. */
  conflicts?: readonly string[];
};

/** A program of the command line, or one verb of it. */
export type Program<Options extends Record<string, Option> = Record<string, Option>> = {
  name: string;
  description: string;
  /** Required arguments that are no options, with their descriptions, in their order. */
  operands?: Record<string, string>;
  options: Options;
  /** Any number of further operands, by name and description. */
  furtherOperands?: [name: string, description: string];
  /** What stands behind `--`, by name and description. It is kept in `rest`. */
  trailing?: [name: string, description: string];
  /** Text at the end of the help. */
  notes?: string;
  /** Options that the program does not know, and all operands, are kept in `rest` for another program. */
  keepsUnknown?: true;
};

/** The values of a program's options, by property. */
export type OptionValues<Options extends Record<string, Option>> = {
  -readonly [Name in keyof Options as Options[Name] extends Given ? Name : never]: ValueOf<Options[Name]>;
} & {
  -readonly [Name in keyof Options as Options[Name] extends Given ? never : Name]?: ValueOf<Options[Name]>;
};

type Given = { default: unknown } | { repeatable: true } | { required: true };
type ValueOf<O extends Option> = O extends { repeatable: true } ? SingleValueOf<O>[] : SingleValueOf<O>;
type SingleValueOf<O extends Option> = O extends { parse: (text: string) => infer Value }
  ? Value
  : O extends { choices: readonly (infer Choice)[] }
    ? Choice
    : O extends { argument: string }
      ? string
      : boolean;

/** What a command line says to a program. */
export type CommandLine<Options extends Record<string, Option>> = {
  options: OptionValues<Options>;
  operands: string[];
  /** What `keepsUnknown` kept. */
  rest: string[];
};

/** One verb of `necid`. `run` returns the exit code. */
export type Verb<Options extends Record<string, Option> = Record<string, Option>> = Pick<
  Program<Options>,
  "options" | "trailing" | "notes"
> & { run(commandLine: CommandLine<Options>, terminal: Terminal): Promise<number> };

/** Forgets the types of one verb's options, so that all verbs stand in one list. */
export function defineVerb<Options extends Record<string, Option>>(verb: Verb<Options>): Verb {
  return verb as unknown as Verb;
}

/** `--public-host <name>` for the property `publicHost`, as help and errors show it. */
export function flagsOf(property: string, { argument }: Option): string {
  return `--${nameOf(property)}${argument === undefined ? "" : ` <${argument}>`}`;
}

/** `public-host` for the property `publicHost`. */
export function nameOf(property: string): string {
  return property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
