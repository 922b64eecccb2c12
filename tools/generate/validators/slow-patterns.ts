import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { visitParts } from "../../../contracts/openapi/keywords.ts";
import { formatPointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import { costOf, type PatternCost, safeLengthOf } from "../../../contracts/trust/pattern-cost.ts";
import type { BuiltContract } from "../read/contract.ts";
import type { Problem } from "../read/problem.ts";

/** The patterns of a contract that may take long, each with the length up to which a text cannot. */
export function safeLengthsOf(openapi: JsonObject): Record<string, number> {
  const patterns = new Set(patternsIn(openapi).map(({ pattern }) => pattern));
  const lengths = [...patterns].flatMap((pattern) => {
    const length = safeLengthOf(pattern);
    return length === Number.POSITIVE_INFINITY ? [] : [[pattern, length] as const];
  });
  return Object.fromEntries(lengths);
}

/** A warning at the place of each pattern that takes exponential time. */
export function warnOfPatterns({
  openapi,
  locateProblem,
}: Pick<BuiltContract, "openapi" | "locateProblem">): Problem[] {
  return exponentialIn(openapi).map(({ pattern, at }) => ({
    ...locateProblem(
      formatPointer(at),
      `The pattern ${JSON.stringify(pattern)} may take exponential time. A text that is not tested in 0.1 s counts as invalid.`,
    ),
    severity: "warning",
  }));
}

/** The patterns of a contract that take exponential time. */
export function slowPatternsOf(openapi: JsonObject): Set<string> {
  return new Set(exponentialIn(openapi).map(({ pattern }) => pattern));
}

/**
 * A copy of a contract without the patterns that take exponential time, for engines without a time box; the contract
 * itself when there are none.
 *
 * @param options.longTexts leaves out too what takes long for texts of more than 2000 characters.
 * @default options.longTexts false
 */
export function withoutSlowPatterns(openapi: JsonObject, { longTexts = false } = {}): JsonObject {
  const slow = patternsOfCost(openapi, longTexts ? ["exponential", "polynomial"] : ["exponential"]);
  if (slow.length === 0) return openapi;
  const copy = structuredClone(openapi);
  for (const { at } of slow) {
    const parent = at.slice(0, -1).reduce<Json>((value, token) => (value as JsonObject)[token]!, copy);
    delete (parent as JsonObject)[at.at(-1)!];
  }
  return copy;
}

type Found = { pattern: string; at: Tokens; cost: PatternCost };

function exponentialIn(openapi: JsonObject): Found[] {
  return patternsOfCost(openapi, ["exponential"]);
}

function patternsOfCost(openapi: JsonObject, wanted: PatternCost[]): Found[] {
  return patternsIn(openapi).filter(({ cost }) => wanted.includes(cost));
}

/** Every `pattern` and every key of `patternProperties`. A contract is read once for all who ask. */
function patternsIn(openapi: JsonObject): Found[] {
  const known = patternsOf.get(openapi);
  if (known) return known;
  const found: Found[] = [];
  const costs = new Map<string, PatternCost>();
  visitParts(openapi, ({ pattern, patternProperties }, at) => {
    if (typeof pattern === "string") add(pattern, [...at, "pattern"]);
    if (isObject(patternProperties))
      for (const key of Object.keys(patternProperties)) add(key, [...at, "patternProperties", key]);
  });
  patternsOf.set(openapi, found);
  return found;

  function add(pattern: string, at: Tokens): void {
    const cost = costs.get(pattern) ?? costOf(pattern);
    costs.set(pattern, cost);
    found.push({ pattern, at, cost });
  }
}

const patternsOf = new WeakMap<JsonObject, Found[]>();
