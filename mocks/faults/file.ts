import { readFile } from "node:fs/promises";
import type { Operation } from "../../contracts/openapi/operations.ts";
import { FaultError, type ReadRules, readRules } from "./read-rules.ts";
import type { FaultRules } from "./schemas.ts";

/** A `--faults` file that cannot be used. Its message has one line for each problem. */
export class FaultsFileError extends Error {
  readonly code = "FAULTS_FILE_INVALID";
  readonly file: string;
  /** `file: place rule`, each. */
  readonly problems: string[];

  constructor(file: string, problems: string[]) {
    const lines = problems.map((problem) => `${file}: ${problem}`);
    super(lines.join("\n"));
    this.name = "FaultsFileError";
    this.file = file;
    this.problems = lines;
  }
}

/**
 * Reads faults and scenarios from a JSON file: a list of faults, or `{ "faults": […], "scenarios": […] }`.
 *
 * `Faults.addAll` takes what it gives.
 *
 * @throws {FaultsFileError} with every problem of the file.
 */
export async function readFaultsFile(file: string, operations: Operation[]): Promise<ReadRules> {
  const given = await readJson(file);
  try {
    return readRules(given as FaultRules, operations);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultsFileError(
      file,
      error.problems.map(({ place, rule }) => `${place} ${rule}`),
    );
  }
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new FaultsFileError(file, [`cannot be read (${error.code}); check --faults`]);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FaultsFileError(file, [`is not valid JSON: ${(error as Error).message}`]);
  }
}
