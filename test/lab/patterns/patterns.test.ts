import { expect, it } from "vitest";
import { costOf } from "../../../contracts/trust/pattern-cost.ts";
import { made } from "./made.ts";
import { patternsIn, patternsOfProduct } from "./patterns.ts";

it("lists literals and texts with their places", () => {
  const text =
    'const a = /a+/gi;\nnew RegExp("b+", "u");\nnew RegExp(a + 1);\nconst d = 1 / 2 / 3;\n// /e/\n"/f/"';
  expect(patternsIn("a.ts", text)).toEqual([
    { file: "a.ts", line: 1, pattern: "a+", flags: "gi" },
    { file: "a.ts", line: 2, pattern: "b+", flags: "u" },
    { file: "a.ts", line: 3, pattern: "(made: a + 1)", flags: "" },
  ]);
});

it("every expression that is made at run time is described", () => {
  const found = patternsOfProduct().filter(({ pattern }) => pattern.startsWith("(made: "));
  expect([...new Set(found.map(({ file }) => file))].sort()).toEqual(Object.keys(made).sort());
});

// `npm run patterns` asks recheck whether each is linear, which takes half a minute.
it("no regular expression of the product takes exponential time", () => {
  const written = patternsOfProduct().filter(({ pattern }) => !pattern.startsWith("(made: "));
  expect(written.length).toBeGreaterThan(200);
  expect(written.filter(({ pattern }) => costOf(pattern) === "exponential")).toEqual([]);
});
