import { expect, it } from "vitest";
import { costOf } from "../../../tools/generate/validators/pattern-cost.ts";
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

// `npm run patterns` asks recheck, which takes minutes.
it("no regular expression of the product takes exponential time", () => {
  const written = patternsOfProduct().filter(({ pattern }) => !pattern.startsWith("(made: "));
  expect(written.length).toBeGreaterThan(200);
  expect(written.filter(({ pattern }) => costOf(pattern) === "exponential")).toEqual([]);
});
