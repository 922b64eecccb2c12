import type { Tokens } from "../../contracts/openapi/pointer.ts";
import { orderProblems, type Problem } from "../generate/read/problem.ts";
import { compareContracts } from "./compare/contracts.ts";
import type { Contract } from "./contract/contract.ts";
import { readOpenApi } from "./contract/openapi.ts";
import { readSwagger } from "./contract/swagger.ts";
import type { Direction, Level } from "./rules/rules.ts";
import { createPool, type Pool } from "./schema/pool.ts";
import { type FileLine, readSource, type Source } from "./source.ts";

/** One change of a contract, from the consumer's side. */
export type Change = {
  /** The rule, e.g. `request-required-property-added`; `docs/diff.md` lists all. */
  id: string;
  level: Level;
  /** `METHOD /path`, or `*` for the whole contract. */
  operation: string;
  /** Who sends what has changed. */
  direction: Direction;
  /** The part of the operation and the place in its value, e.g. `request body /face`. */
  location: string;
  old: FileLine;
  new: FileLine;
  /** One sentence: what has changed, who is hurt and what to do. */
  message: string;
};

/** `changes` from breaking to compatible; `faults` are what the files say wrong and the comparison passed over. */
export type Diff = { changes: Change[]; faults: Problem[] };

export type DiffOptions = {
  /** A file, Swagger 2.0 or OpenAPI 3.0 or 3.1, or a file of a git revision, `HEAD~1:spec/api.yaml`. */
  old: string;
  new: string;
  overlayOld?: string;
  overlayNew?: string;
};

const LEVELS: Level[] = ["breaking", "risky", "compatible"];

/**
 * Compares two contracts as their consumer meets them.
 * @throws {SpecError} when one cannot be read.
 * @example
 * const { changes } = await diff({ old: "spec/v1.yaml", new: "spec/v2.yaml" });
 */
export async function diff({ old, new: now, overlayOld, overlayNew }: DiffOptions): Promise<Diff> {
  const [before, after] = await Promise.all([readSource(old, overlayOld), readSource(now, overlayNew)]);
  return diffSources(before, after);
}

/** Compares two sides that are read already. */
export function diffSources(before: Source, after: Source): Diff {
  const pool = createPool();
  const faults: Problem[] = [];
  const differences = compareContracts(readContract(before, pool, faults), readContract(after, pool, faults));
  const changes = differences.map((difference): Change => {
    const { id, level, operation, direction, location, message } = difference;
    const places = { old: before.locate(difference.old), new: after.locate(difference.new) };
    return { id, level, operation, direction, location, ...places, message };
  });
  const sorted = LEVELS.flatMap((level) => changes.filter((change) => change.level === level));
  return { changes: sorted, faults: orderProblems(faults) };
}

function readContract(source: Source, pool: Pool, faults: Problem[]): Contract {
  const { document, dialect } = source;
  const report = (at: Tokens, message: string) => {
    faults.push({ ...source.locate(at), column: 1, message, severity: "warning" });
  };
  const side = { document, dialect, pool, report };
  return dialect === "2.0" ? readSwagger(side) : readOpenApi(side);
}
