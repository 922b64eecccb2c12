import { isObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";
import type { Place, SpecDocument } from "./document.ts";
import { type Origin, type OriginIndex, originAt, placeOf } from "./origins.ts";
import type { Trace } from "./overlay.ts";
import type { Problem } from "./problem.ts";

/** A place in a file that a person wrote. */
export type SourceLocation = Place & { file: string };

/** Finds where the values of a contract were written: in the base file, or in an action of the overlay. */
export type Locator = {
  /**
   * Where a value was written: an object where it was first, as it is there since then; any other value where
   * it was last. `undefined` for what nobody wrote in these words: the upgrade made it, or it is an item of
   * an array.
   */
  locate: (tokens: Tokens) => SourceLocation | undefined;
  /**
   * A problem with the value at a pointer: where the value, or the nearest one above it that somebody wrote, was
   * last changed.
   */
  locateProblem: (pointer: string, message: string) => Problem;
};

/** What a contract was made of: an upgraded description, an overlay, and what each action of the overlay did. */
export type Sources = { index: OriginIndex; overlay?: SpecDocument; traces: Trace[] };

/** Makes the locator of a contract from the files that it was built of. */
export function createLocator(openapi: unknown, sources: Sources): Locator {
  const { index, overlay, traces } = sources;
  return {
    locate(tokens) {
      const isGrown = isObject(valueAt(openapi, tokens));
      const origin = originAt(index, tokens);
      let location = isWritten(origin) ? placeOf(origin, "key") : undefined;
      for (const trace of traces) {
        const change = changeOf(trace, tokens);
        if (change?.kind === "remove") location = undefined;
        if (change?.kind === "write" && !(location && isGrown)) location = locationIn(overlay!, change.at);
      }
      return location;
    },
    locateProblem(pointer, message) {
      const tokens = parsePointer(pointer);
      const location = inOverlay(sources, tokens);
      if (location) return { ...location, message, severity: "error" };
      const origin = originAt(index, tokens);
      const isThere = isWritten(origin) && formatPointer(origin.tokens) === formatPointer(tokens);
      const where = isThere ? "" : ` (at #${formatPointer(tokens)} of the contract)`;
      return { ...placeOf(origin, "key"), message: `${message}${where}`, severity: "error" };
    },
  };
}

/** Where the overlay last changed a value, or the nearest one above it that somebody wrote. */
export function inOverlay({ index, overlay, traces }: Sources, tokens: Tokens): SourceLocation | undefined {
  for (let length = tokens.length; length > 0; length--) {
    const above = tokens.slice(0, length);
    const changes = traces.map((trace) => changeOf(trace, above));
    const last = changes.findLast((change) => change !== undefined);
    if (last) return locationIn(overlay!, last.at);
    if (isWritten(originAt(index, above))) return undefined;
  }
  return undefined;
}

function isWritten({ document, tokens }: Origin): boolean {
  return valueAt(document.value, tokens) !== undefined;
}

/** What an action did to a value, and where the overlay says so. */
type Change = { kind: "write" | "merge" | "remove"; at: Tokens };

function changeOf({ action, target, field, value }: Trace, tokens: Tokens): Change | undefined {
  if (!target.every((token, index) => String(token) === String(tokens[index]))) return undefined;
  const inside = tokens.slice(target.length);
  const own = ["actions", action, "target"];
  if (field === "remove") return { kind: "remove", at: own };
  if (valueAt(value, inside) === undefined) return undefined;
  const at = field === "copy" ? own : ["actions", action, "update", ...inside];
  // The target itself was there before the action.
  return { kind: inside.length === 0 && isObject(value) ? "merge" : "write", at };
}

function locationIn(document: SpecDocument, at: Tokens): SourceLocation {
  return { file: document.file, ...document.locate(formatPointer(at), "key") };
}
