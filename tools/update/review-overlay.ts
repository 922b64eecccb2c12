import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject } from "../../contracts/openapi/json.ts";
import type { Tokens } from "../../contracts/openapi/pointer.ts";
import type { SpecDocument } from "../generate/read/document.ts";
import { createLocator, type Locator } from "../generate/read/locate.ts";
import type { OriginIndex } from "../generate/read/origins.ts";
import { applyOverlay, phaseOf } from "../generate/read/overlay.ts";
import { SpecError } from "../generate/read/problem.ts";

type Locate = Locator["locate"];

/** One action of an overlay on a new base file. */
export type ReviewedAction = {
  target: string;
  /** In the overlay. */
  file: string;
  line: number;
  /** `applies`, `made` where the new file says the same already, `stale` where it can no longer be applied. */
  verdict: "applies" | "made" | "stale";
  /** Why it is stale. */
  message?: string;
  /** The keys of the new file that look like those of a stale target. */
  nearest?: NearestKey[];
};

/** `'/subjects/{id}' → '/subjects/{subjectId}'`, and the `file:line` of the second one where it is written. */
export type NearestKey = { keys: string; place: string | undefined };

/**
 * Finds which actions of an overlay still apply to a document, which it no longer needs, and which match nothing.
 * Each is applied to what the ones before it left.
 */
export async function reviewOverlay(
  openapi: JsonObject,
  { base, index: origins, overlay }: { base: JsonObject; index: OriginIndex; overlay: SpecDocument },
): Promise<ReviewedAction[]> {
  const actions = Array.isArray(overlay.value.actions) ? overlay.value.actions : [];
  const reviewed: ReviewedAction[] = [];
  const current = { base, contract: openapi };
  const { locate } = createLocator(openapi, { index: origins, traces: [] });
  for (const [index, action] of actions.entries()) {
    const target = isObject(action) ? String(action.target) : "";
    const phase = isObject(action) ? phaseOf(overlay, action) : "contract";
    const { line } = overlay.locate(`/actions/${index}`);
    const place = { target, file: overlay.file, line };
    const single = { ...overlay, value: { ...overlay.value, actions: [action!] } };
    try {
      const { openapi: next } = await applyOverlay(current[phase], single, phase);
      const isMade = isDeepStrictEqual(next, current[phase]);
      reviewed.push({ ...place, verdict: isMade ? "made" : "applies" });
      current[phase] = next;
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      const [problem] = error.problems;
      reviewed.push({
        ...place,
        verdict: "stale",
        message: problem!.message,
        nearest: nearestKeys(target, current[phase], locate),
      });
    }
  }
  return reviewed;
}

/** For each quoted or dotted key of a target that the document does not have, the most similar one, with its place. */
function nearestKeys(target: string, document: JsonObject, locate: Locate): NearestKey[] {
  const places = new Map<string, Tokens>();
  collectKeys(document, [], places);
  const keys = [...places.keys()];
  const wanted = [...target.matchAll(/'([^']+)'|\.([A-Za-z_][\w-]*)/g)].map((match) => match[1] ?? match[2]!);
  return [...new Set(wanted)]
    .filter((key) => !places.has(key))
    .flatMap((key) => {
      const [best] = keys
        .filter((other) => other.startsWith("/") === key.startsWith("/"))
        .map((other) => ({ other, likeness: likenessOf(key, other) }))
        .sort((one, other) => other.likeness - one.likeness);
      if (!best || best.likeness < 0.5) return [];
      const location = locate(places.get(best.other)!);
      const place = location && `${location.file}:${location.line}`;
      return [{ keys: `'${key}' → '${best.other}'`, place }];
    });
}

/** Where each key stands first. */
function collectKeys(value: Json, at: Tokens, places: Map<string, Tokens>): void {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) collectKeys(item, [...at, index], places);
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!places.has(key)) places.set(key, [...at, key]);
    collectKeys(inner, [...at, key], places);
  }
}

/** From 0 to 1: the share of pairs of letters that two texts have in common. */
function likenessOf(one: string, other: string): number {
  const [first, second] = [pairsOf(one), pairsOf(other)];
  const common = [...first].filter((pair) => second.has(pair)).length;
  return (2 * common) / Math.max(1, first.size + second.size);
}

function pairsOf(text: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
}
