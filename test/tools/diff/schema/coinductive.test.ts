import { expect, test } from "vitest";
import { createCoinductive } from "../../../../tools/diff/schema/coinductive.ts";

/** Decides whether all that a claim depends on holds, and counts how often each is computed. */
function deciding(graph: Record<string, string[]>, refuted: string[] = []) {
  const decide = createCoinductive(true);
  const computed: string[] = [];
  const holds = (key: string): boolean =>
    decide(key, () => {
      computed.push(key);
      return !refuted.includes(key) && graph[key]!.every(holds);
    });
  return { holds, computed };
}

test("a claim that depends on itself holds", () => {
  expect(deciding({ a: ["a"] }).holds("a")).toBe(true);
  expect(deciding({ a: ["b"], b: ["a"] }).holds("a")).toBe(true);
});

test("a claim is refuted through a circle", () => {
  const { holds } = deciding({ a: ["b", "c"], b: ["a"], c: [] }, ["c"]);
  expect(["a", "b", "c"].map(holds)).toEqual([false, false, false]);
});

test("what was decided by an assumption that failed is decided again", () => {
  const { holds, computed } = deciding({ a: ["b", "c"], b: ["a"], c: [] }, ["c"]);
  holds("a");
  expect(computed).toEqual(["a", "b", "c"]);
  holds("b");
  // b was true only while a was assumed. a and c stay decided.
  expect(computed).toEqual(["a", "b", "c", "b"]);
});

test("what was decided without an assumption is kept", () => {
  const { holds, computed } = deciding({ a: ["b"], b: ["c"], c: [] });
  for (const key of ["a", "b", "c", "a"]) expect(holds(key)).toBe(true);
  expect(computed).toEqual(["a", "b", "c"]);
});

test("a circle that holds is decided once", () => {
  const { holds, computed } = deciding({ a: ["b"], b: ["c"], c: ["a", "b"] });
  for (const key of ["a", "c", "b"]) expect(holds(key)).toBe(true);
  expect(computed).toEqual(["a", "b", "c"]);
});

test("a circle inside another one is not kept when the outer one fails", () => {
  const { holds } = deciding({ a: ["b", "d"], b: ["c", "a"], c: ["b"], d: [] }, ["d"]);
  expect(["a", "b", "c"].map(holds)).toEqual([false, false, false]);
});
