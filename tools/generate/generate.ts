import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname, isAbsolute, join } from "node:path";
import { emitClient } from "./emit/client.ts";
import { emitSchema } from "./emit/schema.ts";
import { emitSources } from "./emit/sources.ts";
import { emitValidators } from "./emit/validators.ts";
import { type Contract, effectiveContract } from "./read/contract.ts";
import { formatProblem, type Problem, SpecError } from "./read/problem.ts";
import { unlessUnchanged } from "./unchanged.ts";
import { SchemaError } from "./validators/schema-error.ts";

export type GenerateOptions = {
  /** Swagger 2.0, OpenAPI 3.0 or 3.1, YAML or JSON. */
  spec: string;
  /** Overlay 1.0 or 1.1. */
  overlay?: string;
  /** The folder to write into; other files in it are left alone. */
  out: string;
  /** Compare only; nothing is written. */
  check?: boolean;
  /** Gives the content of `answers.json`; without it there is none. */
  ask?: Ask;
};

/** Asks an engine for the answers that a contract promises. */
// biome-ignore lint/suspicious/noExplicitAny: every engine has its own type for an OpenAPI document.
export type Ask = (openapi: any) => Promise<Record<string, unknown>>;

export type Generated = {
  /** Names of the files made, in their order; with `check`, those that would be. */
  written: string[];
  /** Names of the files that are missing, differ or should be gone; only `check` looks. */
  stale: string[];
  warnings: Problem[];
};

/** Everything the pipeline makes or has made; no other file in the folder is ever touched. */
const MADE = [
  "openapi.json",
  "schema.d.ts",
  "validators.js",
  "validators.d.ts",
  "client.js",
  "client.d.ts",
  "sources.json",
  "answers.json",
] as const;

type Made = Partial<Record<(typeof MADE)[number], string>>;

/**
 * Makes the effective contract and what follows from it, the same bytes for the same input.
 * All files are written or none.
 * @throws {SpecError} with every problem of the two files.
 * @throws {OutputError} when `out` cannot be written to.
 */
export async function generate({
  spec,
  overlay,
  out,
  check = false,
  ask,
}: GenerateOptions): Promise<Generated> {
  const contract = await effectiveContract({ spec, overlay });
  const files = await make({ contract, spec, ask });
  const written = MADE.filter((name) => files[name] !== undefined);
  const stale = check ? await staleIn(out, files) : [];
  if (!check) write(out, files);
  return { written, stale, warnings: contract.warnings };
}

async function make({ contract, spec, ask }: { contract: Contract; spec: string; ask?: Ask }): Promise<Made> {
  const { openapi } = contract;
  const maker = `Written by \`npm run generate\` from ${isAbsolute(spec) ? basename(spec) : spec}. Do not edit.`;
  const code = {
    ...(await emitSchema(openapi)),
    ...(await validatorsOf(contract)),
    ...emitClient(openapi),
  };
  const signed = Object.fromEntries(
    Object.entries(code).map(([name, text]) => [name, `// ${maker}\n\n${text}`]),
  );
  return {
    "openapi.json": json({ ...openapi, "x-generated-by": maker }),
    ...signed,
    ...emitSources(contract),
    ...(ask && { "answers.json": json(await ask(openapi)) }),
  };
}

/** A schema that does not compile is told at the place where it was written. */
async function validatorsOf({ openapi, blame }: Contract) {
  try {
    return await emitValidators(openapi);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new SpecError(error.schemas.map(({ pointer, message }) => blame(pointer, `The schema ${message}`)));
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function staleIn(out: string, files: Made): Promise<string[]> {
  const present = await Promise.all(
    MADE.map((name) => readFile(join(out, name), "utf8").catch(() => undefined)),
  );
  return MADE.filter((name, index) => present[index] !== files[name]);
}

/** A folder that cannot be written to; nothing in it was changed. */
export class OutputError extends Error {
  readonly code = "OUTPUT";
  readonly path: string;
  /** The system's code, `ENOTDIR`. */
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path} cannot be written (${reason}). Make room for it, or name another folder with --out.`);
    this.name = "OutputError";
    this.path = path;
    this.reason = reason;
  }
}

/** Without a turn of the event loop, so that a command that is told to stop leaves all files or none. */
function write(out: string, files: Made): void {
  const taken = MADE.find((name) => statSync(join(out, name), { throwIfNoEntry: false })?.isDirectory());
  if (taken) throw new OutputError(join(out, taken), "EISDIR");

  const names = MADE.filter((name) => files[name] !== undefined);
  const draft = (name: string) => join(out, `.${name}.${process.pid}`);
  try {
    mkdirSync(out, { recursive: true });
    for (const name of names) writeFileSync(draft(name), files[name]!);
  } catch (error) {
    for (const name of names.filter((made) => existsSync(draft(made)))) rmSync(draft(name));
    throw new OutputError(out, (error as NodeJS.ErrnoException).code ?? "unknown");
  }
  for (const name of names) renameSync(draft(name), join(out, name));
  for (const name of MADE.filter((made) => files[made] === undefined))
    rmSync(join(out, name), { force: true });
}

export type GenerateCommand = { spec?: string; overlay?: string; out?: string; check?: boolean };
export type GenerateTerminal = {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  ask?: Ask;
  /** A folder to remember runs in, so that one without anything new is skipped; without it none is. */
  memory?: string;
};

const NECID = { spec: "spec/necid-v1.yaml", overlay: "spec/necid-v1.overlay.yaml" };

/**
 * The command `generate`.
 * @returns the exit code: 0 done or fresh, 1 stale (with `check`), 2 could not, and nothing was written.
 */
export async function runGenerate(
  command: GenerateCommand,
  { stdout, stderr, ask, memory }: GenerateTerminal,
): Promise<number> {
  const spec = command.spec ?? NECID.spec;
  // The overlay knows NEC ID's file and no other.
  const overlay = command.overlay ?? (spec === NECID.spec ? NECID.overlay : undefined);
  const out = command.out ?? `generated/${basename(spec, extname(spec))}`;
  const { check } = command;
  try {
    const make = () => generate({ spec, overlay, out, check, ask });
    const { written, stale, warnings, unchanged } = memory
      ? await unlessUnchanged({ spec, overlay, out }, memory, make)
      : { ...(await make()), unchanged: false };
    for (const warning of warnings) stderr(`${formatProblem(warning)} (the overlay mends this)\n`);
    if (!check && !unchanged) {
      for (const name of written) stdout(`wrote ${join(out, name)}\n`);
      return 0;
    }
    for (const name of stale) stderr(`${join(out, name)} is stale\n`);
    if (stale.length > 0) stderr("Run `npm run generate` and commit what it writes.\n");
    else stdout(`${written.length} files are fresh\n`);
    return stale.length > 0 ? 1 : 0;
  } catch (error) {
    stderr(`${reasonOf(error)}\n`);
    return 2;
  }
}

/** Problems as they are; anything unforeseen as one sentence without its stack. */
function reasonOf(error: unknown): string {
  if (error instanceof SpecError || error instanceof OutputError) return error.message;
  const [line] = String(error instanceof Error ? error.message : error).split("\n");
  return `generate failed: ${line}`;
}
