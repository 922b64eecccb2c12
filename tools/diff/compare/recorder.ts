import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import type { Contract } from "../contract/contract.ts";
import type { Direction } from "../rules/rules.ts";
import { type Level, RULES, sentence } from "../rules/rules.ts";
import { createSchemaDiff, type SchemaComparison } from "../schema/compare.ts";

/** One difference between two contracts, its places as JSON Pointers taken apart. */
export type Difference = {
  id: string;
  level: Level;
  /** `METHOD /path`, or `*` for the whole contract. */
  operation: string;
  direction: Direction;
  location: string;
  old: Tokens;
  new: Tokens;
  message: string;
};

type Facts = Record<string, string>;

/** What a rule found: the places fall back to those of the operation. */
type Finding = {
  id: string;
  location: string;
  facts?: Facts;
  old?: Tokens;
  new?: Tokens;
};

/** Where differences of one pair of operations, or of the whole contracts, are put. */
export type Recorder = {
  record: (finding: Finding) => void;
  /** Compares two schemas and records what it finds. */
  recordSchemas: (
    comparison: Omit<SchemaComparison, "direction"> & { direction: Direction; location: string },
  ) => void;
};

/** Makes recorders for one pair of contracts, which have their pool of schemas in common. */
export function createRecorders({ side: { pool } }: Contract) {
  const compareSchemas = createSchemaDiff(pool, levelOf);
  const differences: Difference[] = [];

  function recorderFor(operation: string, places: { old: Tokens; new: Tokens }): Recorder {
    return {
      record({ id, location, facts = {}, old = places.old, new: now = places.new }) {
        const rule = RULES.get(id)!;
        const direction = id.startsWith("response") ? "response" : "request";
        const message = sentence(rule, rule.level, { at: location, ...facts });
        differences.push({ id, level: rule.level, operation, direction, location, old, new: now, message });
      },
      recordSchemas({ location, ...comparison }) {
        for (const { kind, level, path, facts, old, new: now } of compareSchemas(comparison)) {
          const id = `${comparison.direction}-${kind}`;
          const rule = RULES.get(id)!;
          const at = path === "" ? location : `${location} ${path}`;
          const message = sentence(rule, level ?? rule.level, { at, ...facts });
          const { direction } = comparison;
          differences.push({
            ...{ id, level: level ?? rule.level, operation, direction, location: at },
            ...{ old, new: now, message },
          });
        }
      },
    };
  }

  return { differences, recorderFor };
}

function levelOf(direction: Direction, kind: string): Level {
  const rule = RULES.get(`${direction}-${kind}`);
  if (!rule) throw new Error(`There is no rule ${direction}-${kind}.`);
  return rule.level;
}
