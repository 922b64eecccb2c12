import { expect, test } from "vitest";
import { compilePattern } from "../../../contracts/openapi/keywords.ts";

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
