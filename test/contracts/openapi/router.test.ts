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

it.each<[path: string, templates: string[], winner: string]>([
  ["/pulls/7/commits", ["/pulls/{base}/{head}", "/pulls/{index}/commits"], "/pulls/{index}/commits"],
  ["/pulls/7/commits", ["/pulls/{index}/commits", "/pulls/{base}/{head}"], "/pulls/{index}/commits"],
  ["/a/b/c", ["/a/{x}/{y}", "/{x}/b/c"], "/{x}/b/c"],
  ["/a/b/c", ["/{x}/b/c", "/a/{x}/{y}"], "/{x}/b/c"],
  ["/a/b/c", ["/{x}/b/{y}", "/a/{x}/{y}"], "/a/{x}/{y}"],
  ["/a/b", ["/{x}/b", "/a/{x}"], "/a/{x}"],
  ["/a/b.json", ["/a/{x}", "/a/{x}.json"], "/a/{x}.json"],
  ["/a/b", ["/{all+}", "/{x}/{y}"], "/{x}/{y}"],
  ["/a/b/c", ["/{x}/b/{y}", "/a/{all+}"], "/a/{all+}"],
  ["/a/b/c/d", ["/{x}/{y}/{z}/d", "/a/b/{z}/e", "/a/{y}/{z}/{w}"], "/a/{y}/{z}/{w}"],
])("of several templates for %s the most concrete one wins: %j", (path, templates, winner) => {
  const operations = templates.map((path) => ({ key: path, method: "GET", path }) as Operation);
  expect(createRouter(operations, "")("GET", path)?.operation.key).toBe(winner);
});

it("gives each template its own names for the same segments", () => {
  const operations = ["/a/{one}", "/a/{two}/b"].map(
    (path) => ({ key: path, method: "GET", path }) as Operation,
  );
  const route = createRouter(operations, "");
  expect([route("GET", "/a/1")?.pathParameters, route("GET", "/a/1/b")?.pathParameters]).toEqual([
    { one: "1" },
    { two: "1" },
  ]);
});

it("walks over no part of the table twice", () => {
  // Each of the templates begins as the path does, so that a search that comes back would take 2 ** 20 steps.
  const operations = Array.from({ length: 2 ** 10 }, (_, bits) => {
    const segments = Array.from({ length: 10 }, (_, at) => ((bits >> at) & 1 ? "a" : `{p${at}}`));
    const path = `/${segments.join("/")}/end`;
    return { key: path, method: "GET", path } as Operation;
  });
  const route = createRouter(operations, "");
  const began = performance.now();
  for (let round = 0; round < 100; round++) route("GET", `/${"a/".repeat(10)}no`);
  expect(performance.now() - began).toBeLessThan(2000);
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
