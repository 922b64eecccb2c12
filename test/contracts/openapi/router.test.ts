import fc from "fast-check";
import { expect, it } from "vitest";
import type { Operation } from "../../../contracts/openapi/operations.ts";
import { createRouter } from "../../../contracts/openapi/router.ts";

/** The values that a template finds in a segment, by name; `undefined` where it does not match. */
function match(segment: string, path: string) {
  const operation = { key: segment, method: "GET", path: `/${segment}` } as Operation;
  return createRouter([operation], "")("GET", `/${path}`)?.pathParameters;
}

it.each<[template: string, segment: string, values: Record<string, string> | undefined]>([
  ["{a}", "x", { a: "x" }],
  ["{a}", "", undefined],
  ["{a}.json", "x.json", { a: "x" }],
  ["{a}.json", ".json", undefined],
  ["{a}.json", "x.json.json", { a: "x.json" }],
  ["a-{b}", "a-", undefined],
  ["a-{b}", "a-a-", { b: "a-" }],
  ["{a}-{b}", "x-y", { a: "x", b: "y" }],
  ["{a}-{b}", "x-y-z", { a: "x-y", b: "z" }],
  ["{a}-{b}", "--", undefined],
  ["{a}-{b}", "---", { a: "-", b: "-" }],
  ["{a}{b}", "xyz", { a: "xy", b: "z" }],
  ["{a}{b}", "x", undefined],
  ["aba{b}aba", "aba", undefined],
  ["aba{b}aba", "ababa", undefined],
  ["aba{b}aba", "abaXaba", { b: "X" }],
  ["{a}.*{b}", "x.*y", { a: "x", b: "y" }],
  ["{a}.*{b}", "x..y", undefined],
])("the template %s in %s", (template, segment, values) => {
  expect(match(template, segment)).toEqual(values);
});

it("finds what a greedy regular expression finds", () => {
  const letters = (min: number, max: number) =>
    fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: min, maxLength: max });
  fc.assert(
    fc.property(fc.array(letters(0, 3), { minLength: 2, maxLength: 5 }), letters(1, 12), (texts, segment) => {
      const template = texts.reduce((before, text, index) => `${before}{p${index}}${text}`);
      const groups = new RegExp(`^${texts.join("(.+)")}$`).exec(segment)?.slice(1);
      const values = groups && Object.fromEntries(groups.map((group, index) => [`p${index + 1}`, group]));
      expect(match(template, segment)).toEqual(values);
    }),
    { numRuns: 2000, seed: 7 },
  );
});

const many = (text: string, count: number) =>
  Array.from({ length: count }, (_, index) => `{p${index}}${text}`).join("");

it.each([
  ["{x}-{y}-{z}-{w}.json", "-".repeat(16_000)],
  ["{x}-{y}-{z}-{w}.json", `${"a-".repeat(8_000)}.jso`],
  [many("-", 20), `${"-".repeat(16_000)}x`],
  [many("", 50), "x".repeat(40)],
  [many("a", 30), "a".repeat(16_000)],
  [many("ab", 30), "aab".repeat(5_000)],
  [`${many("a", 30)}!`, "a".repeat(16_000)],
  [many(".", 60), ".".repeat(16_000)],
  [`x${many("x", 40)}x!`, "x".repeat(16_000)],
  [many("aa", 40), "a".repeat(16_000)],
])("a template is matched in linear time: %s", (template, segment) => {
  const began = performance.now();
  for (let round = 0; round < 10; round++) match(template, segment);
  expect(performance.now() - began).toBeLessThan(500);
});
