import { expect, test } from "vitest";
import { compilePattern, visitParts } from "../../../contracts/openapi/keywords.ts";

test.each<[pattern: string, text: string, matches: boolean]>([
  ["^\\p{Lu}$", "Ä", true],
  ["^.$", "😀", true],
  // Only the grammar without the flag takes it.
  ["^[\\w-.]+$", "a-b.c", true],
  ["^\\-$", "-", true],
  ["^a$", "b", false],
])("the pattern %s on %s: %s", (pattern, text, matches) => {
  expect(compilePattern(pattern).expression?.test(text)).toBe(matches);
});

test.each([
  ["(", "Invalid regular expression: /(/: Unterminated group"],
  ["[", "Invalid regular expression: /[/: Unterminated character class"],
])("the pattern %s is none, and says why", (pattern, fault) => {
  expect(compilePattern(pattern)).toEqual({ fault });
});

test("a walk visits what describes something once, with its place", () => {
  const schema = {
    properties: { default: { type: "string" }, a: { $ref: "#/x-b" } },
    example: { type: "no" },
  };
  const document = {
    paths: { "/a": { get: { responses: { default: { content: { "a/b": { schema } } } } } } },
    components: { schemas: { "x-a": schema } },
    "x-b": { type: "object" },
  };
  const visited: string[] = [];
  visitParts(document, ({ type }, at) => {
    if (type !== undefined) visited.push(at.join(" "));
  });
  expect(visited).toEqual(["paths /a get responses default content a/b schema properties default", "x-b"]);
});
