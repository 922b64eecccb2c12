import { basename, isAbsolute } from "node:path";
import { emitClient } from "./emit/client.ts";
import { inComment } from "./emit/literals.ts";
import { locateFailure } from "./emit/locate-failure.ts";
import { emitSchema } from "./emit/schema.ts";
import { emitSources } from "./emit/sources.ts";
import { emitValidators } from "./emit/validators.ts";
import { type GeneratedFiles, generatedNames, MAKER, staleFiles, writeFiles } from "./output.ts";
import { type BuiltContract, buildContract } from "./read/contract.ts";
import { type Problem, SpecError, strictly } from "./read/problem.ts";
import type { ReadLimits } from "./read/references.ts";
import { SchemaError } from "./validators/schema-error.ts";
import { warnOfPatterns, withoutSlowPatterns } from "./validators/slow-patterns.ts";

export type GenerateOptions = {
  /** Swagger 2.0, OpenAPI 3.0 or 3.1, YAML or JSON. */
  spec: string;
  /** Overlay 1.0 or 1.1. */
  overlay?: string;
  /** The folder to write into; other files in it are left alone. */
  out: string;
  /**
   * Compare only; nothing is written.
   * @default false
   */
  check?: boolean;
  /**
   * Overwrites files in `out` that no generation wrote.
   * @default false
   */
  force?: boolean;
  /**
   * Warnings are errors, except those that the overlay corrects.
   * @default false
   */
  strict?: boolean;
  /** Gives the content of `responses.json`; without it there is no such file. */
  collectResponses?: CollectResponses;
} & ReadLimits;

/** Collects the responses that a mock engine gives for each operation of a contract. */
// biome-ignore lint/suspicious/noExplicitAny: every engine has its own type for an OpenAPI document.
export type CollectResponses = (openapi: any) => Promise<Record<string, unknown>>;

export type Generated = {
  /** Names of the files made, in their order; with `check`, those that would be. */
  written: string[];
  /** Names of the files that are missing, differ or should be gone; only `check` looks. */
  stale: string[];
  warnings: Problem[];
  /** Patterns that may take exponential time. */
  slowPatterns?: Problem[];
  /** Whether the result depends on further files, which the spec refers to. */
  usesOtherFiles?: boolean;
};

/**
 * Generates the effective contract and what follows from it: the same bytes for the same input, and all files
 * or none.
 * @throws {SpecError} with every problem of the two files.
 * @throws {OutputError} when `out` cannot be written to.
 */
export async function generate({
  spec,
  overlay,
  out,
  check = false,
  force = false,
  strict = false,
  collectResponses,
  ...limits
}: GenerateOptions): Promise<Generated> {
  const contract = await buildContract({ spec, overlay, strict, ...limits });
  const { openapi, warnings, usesOtherFiles } = contract;
  const slowPatterns = warnOfPatterns(contract);
  if (strict && slowPatterns.length > 0) throw new SpecError(strictly([...warnings, ...slowPatterns]));
  const source = inComment(isAbsolute(spec) ? basename(spec) : spec);
  const maker = `${MAKER} from ${source}. Do not edit.`;
  const header = `// ${maker}\n\n`;
  const named = { "x-generated-by": maker };

  const schema = await locateFailure(contract, "The types", emitSchema);
  const validators = await validatorsOf(contract);
  const client = await locateFailure(contract, "The client", emitClient);
  const files: GeneratedFiles = {
    "openapi.json": json({ ...openapi, ...named }),
    ...withHeader({ ...schema, ...validators, ...client }, header),
    "sources.json": json({ ...named, ...emitSources(contract) }),
    ...(collectResponses && {
      "responses.json": json({
        ...named,
        operations: await locateFailure(contract, "The responses", (part) =>
          collectResponses(withoutSlowPatterns(part)),
        ),
      }),
    }),
  };

  const stale = check ? await staleFiles(out, files) : [];
  if (!check) writeFiles(out, files, { force });
  return {
    written: generatedNames.filter((name) => files[name] !== undefined),
    stale,
    warnings,
    slowPatterns,
    usesOtherFiles,
  };
}

/** A schema that does not compile is a problem of the file that wrote it. */
async function validatorsOf(contract: BuiltContract) {
  try {
    return await locateFailure(contract, "The validators", emitValidators);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new SpecError(
      error.schemas.map(({ pointer, message }) => contract.locateProblem(pointer, `The schema ${message}`)),
    );
  }
}

function withHeader(files: GeneratedFiles, header: string): GeneratedFiles {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, header + text]));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
