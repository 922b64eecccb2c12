import { type OpenApi, readOperations } from "../../contracts/openapi/operations.ts";
import { parsePointer, valueAt } from "../../contracts/openapi/pointer.ts";

/** More operations than this, and no response is worth the time that it takes to load Prism. */
const mostOperations = 300;
/** Prism copies what references lead to, once for each reference: more values than this take seconds. */
const mostValues = 20_000;
/** References that lead to references, one after the other: Prism's time grows with the square of their number. */
const longestChain = 50;

/**
 * Tells operations that Prism would take too long to read, or never end with: those of a large contract, and those
 * whose schemas refer to each other so often that they grow without end when each reference is replaced.
 */
export function createIsLarge(openapi: OpenApi): (operation: { method: string; path: string }) => boolean {
  const known = new Map<string, boolean>();
  return ({ method, path }) => {
    if (isLargeContract(openapi)) return true;
    const name = `${method.toLowerCase()} ${path}`;
    const large = known.get(name) ?? isUnfoldedLarge(openapi, valueAt(openapi, ["paths", path]));
    known.set(name, large);
    return large;
  };
}

/** Counted once for a contract: a generation has an engine for each operation. */
function isLargeContract(openapi: OpenApi): boolean {
  const isLarge = counted.get(openapi) ?? readOperations(openapi).length > mostOperations;
  counted.set(openapi, isLarge);
  return isLarge;
}

const counted = new WeakMap<OpenApi, boolean>();

/** Counts the values of a part of a document with each reference replaced, as far as the limit. */
function isUnfoldedLarge(document: object, part: unknown): boolean {
  let left = mostValues;
  const around = new Set<unknown>();
  return !count(part);

  function count(value: unknown, chain = 0): boolean {
    if (typeof value !== "object" || value === null) return true;
    if (--left < 0 || chain > longestChain) return false;
    if (around.has(value)) return true;
    around.add(value);
    const { $ref } = value as { $ref?: unknown };
    const isSmall =
      typeof $ref === "string" && $ref.startsWith("#/")
        ? count(valueAt(document, parsePointer($ref)), chain + 1)
        : Object.values(value).every((one) => count(one));
    around.delete(value);
    return isSmall;
  }
}
