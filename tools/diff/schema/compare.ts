import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import type { Direction, Level } from "../rules/rules.ts";
import { createCoinductive } from "./coinductive.ts";
import { compareAlternatives, compareNot, compareOpaque, isUnion, listsOf } from "./compare-alternatives.ts";
import { compareArrays, compareObjects } from "./compare-objects.ts";
import { compareText, compareTypes } from "./compare-types.ts";
import { compareDefaults, compareEnums, compareNumbers, compareStrings } from "./compare-values.ts";
import { type Child, openPair, type Pair, type Proofs } from "./pair.ts";
import { anyNode, type Node, type Pool } from "./pool.ts";
import { TYPES, typesOf } from "./shape.ts";
import { createSubsumption } from "./subsumes.ts";

/** One difference between two schemas. */
export type SchemaChange = {
  /** The rule's id without its direction. */
  kind: string;
  /** Where a proof says otherwise than the rule. */
  level?: Level;
  /** The place in the value, a JSON Pointer; `*` stands for each item or property. */
  path: string;
  facts: Record<string, string>;
  old: Tokens;
  new: Tokens;
};

type Places = { old: Tokens; new: Tokens };

export type SchemaComparison = {
  a: Node;
  b: Node;
  direction: Direction;
  /** Where both stand, for what has no nearer place. */
  places: Places;
  /** The value travels as text: a parameter or a header. */
  text?: boolean;
};

/** Kinds that are about more than which values are accepted: a proof about values does not lower them. */
const BEYOND_VALUES =
  /^(default|content-|property-(removed|became-(read|write)|no-longer)|required-property-(removed|became)|discriminator)/;

/** Compares schemas of one pair of documents; what it finds out about a pair it keeps. */
export function createSchemaDiff(pool: Pool, levelOf: (direction: Direction, kind: string) => Level) {
  const none = anyNode(pool);
  const { covers, identical, isEmpty, isHidden } = createSubsumption(pool);
  const decideClean = createCoinductive(true);
  const pairs = new Map<string, Pair>();
  const proofs: Proofs = { pool, none, covers, isEmpty, isHidden, isClean };

  return function compareSchemas({ a, b, direction, places, text }: SchemaComparison): SchemaChange[] {
    if (text) {
      const change = compareText(a, b, direction);
      if (change) return [{ ...change, path: "", ...nearest({}, a, b, places) }];
    }
    // Of each pair that was walked, whether its changes hurt; `undefined` while it is walked.
    const visited = new Map<string, boolean | undefined>();
    return walk({ step: "", a, b }, "", places);

    function walk(pair: Child, above: string, fallback: Places): SchemaChange[] {
      const { a, b } = pair;
      const key = `${a.key}/${b.key}`;
      if (visited.has(key) || isClean(a, b, direction)) return [];
      visited.set(key, undefined);
      const path = above + pair.step;
      const here = nearest({}, a, b, fallback);
      const { own, children } = compared(a, b, direction);
      const changes: SchemaChange[] = own.map((each) => ({
        kind: each.kind,
        facts: each.facts,
        path: path + (each.step ?? ""),
        ...nearest(each, a, b, here),
      }));
      // A pair that is being walked accounts for its own harm.
      let isExplained = false;
      for (const child of children) {
        const inner = `${child.a.key}/${child.b.key}`;
        if (visited.has(inner)) isExplained ||= visited.get(inner) !== false;
        else changes.push(...walk(child, path, here));
      }
      const all = weighed(a, b, changes, isExplained, { path, ...here });
      visited.set(key, isExplained || all.some((change) => levelFor(change) !== "compatible"));
      return all;
    }

    /** Lowers what is proved harmless; adds what no rule has a name for. */
    function weighed(
      a: Node,
      b: Node,
      changes: SchemaChange[],
      isExplained: boolean,
      here: { path: string } & Places,
    ): SchemaChange[] {
      const [wide, narrow] = direction === "request" ? [b, a] : [a, b];
      if (covers(wide, narrow, { direction, declared: false }) === true) {
        for (const change of changes) if (!BEYOND_VALUES.test(change.kind)) lower(change);
        if (changes.length > 0 || isExplained) return changes;
        return [{ kind: direction === "request" ? "schema-widened" : "schema-narrowed", facts: {}, ...here }];
      }
      if (isExplained || changes.some((change) => levelFor(change) !== "compatible")) return changes;
      const verdict = covers(wide, narrow, { direction, declared: true });
      if (verdict === true && changes.length > 0) return changes;
      const kind = direction === "request" ? "schema-narrowed" : "schema-widened";
      return [...changes, { kind: verdict === false ? kind : "schema-changed", facts: {}, ...here }];
    }

    function lower(change: SchemaChange): void {
      if (levelFor(change) !== "compatible") change.level = "compatible";
    }

    function levelFor({ level, kind }: SchemaChange): Level {
      return level ?? levelOf(direction, kind);
    }
  };

  /** Whether there is nothing to say about a pair. */
  function isClean(a: Node, b: Node, direction: Direction): boolean {
    if (a === b) return true;
    return decideClean(`${a.key}/${b.key}/${direction}`, () => {
      if (identical(a, b)) return true;
      const { own, children } = compared(a, b, direction);
      const strict = { direction, declared: false };
      return (
        own.length === 0 &&
        children.every((child) => isClean(child.a, child.b, direction)) &&
        covers(a, b, strict) === true &&
        covers(b, a, strict) === true
      );
    });
  }

  function compared(a: Node, b: Node, direction: Direction): Pair {
    const key = `${a.key}/${b.key}/${direction}`;
    let known = pairs.get(key);
    if (!known) pairs.set(key, (known = comparePair(openPair(a, b, direction), proofs)));
    return known;
  }
}

/** Compares what two schemas say themselves, keyword by keyword. */
function comparePair(pair: Pair, proofs: Proofs): Pair {
  const { x, y } = pair;
  const [before, after] = [typesOf(x), typesOf(y)];
  compareDefaults(pair);
  const added = compareTypes(pair);
  const common = TYPES.filter((type) => before.has(type) && after.has(type));
  if (common.every((type) => type === "null") && before.size + after.size > 0 && pair.own.length > 0)
    return pair;
  const isOneSided = listsOf(x).length !== listsOf(y).length && (isUnion(x) || isUnion(y));
  const types = isOneSided ? [] : compareEnums(pair, common);
  for (const type of types) {
    const [one, other] = [x.facets[type]!, y.facets[type]!];
    if (type === "number") compareNumbers(pair, one, other);
    if (type === "string") compareStrings(pair, one, other);
    if (type === "array") compareArrays(pair, one, other, proofs);
    if (type === "object") compareObjects(pair, one, other, proofs);
  }
  compareAlternatives(pair, added, proofs);
  compareNot(pair, proofs);
  compareOpaque(pair, proofs);
  return pair;
}

function nearest(own: Partial<Places>, a: Node, b: Node, fallback: Places): Places {
  return {
    old: own.old ?? a.parts[0]?.at ?? fallback.old,
    new: own.new ?? b.parts[0]?.at ?? fallback.new,
  };
}
