import { expect, test } from "vitest";
import { matches } from "./run-page.ts";
import { pages, readSnippets } from "./snippets.ts";

test("the pages are those that a reader opens", () => {
  expect(pages).toEqual(
    expect.arrayContaining(["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/mock.md", "spec/README.md"]),
  );
});

test.each(pages)("every code block of %s says how it is run", (page) => {
  expect(readSnippets(page)).toEqual(expect.any(Array));
});

test("a block is read with its place, mode and option", () => {
  const page = "Text\n\n```sh run refused\ncurl x\n```\n\n1. Item\n\n   ```json file=a.json\n   {}\n   ```\n";
  expect(readSnippets("a.md", page)).toEqual([
    { page: "a.md", line: 3, language: "sh", mode: "run", option: "refused", text: "curl x\n" },
    { page: "a.md", line: 9, language: "json", mode: "file", option: "a.json", text: "{}\n" },
  ]);
});

test.each([
  [
    "no mode",
    "```sh\nls\n```\n",
    "a.md:1 does not say how it is run; write one of run, serve, ci, vitest, file, output, figure, norun.",
  ],
  ["no language", "```\nls\n```\n", /^a\.md:1 does not say how it is run/],
  [
    "a mode of another language",
    "```json run\n{}\n```\n",
    "a.md:1 is a block of json, which has no mode run.",
  ],
  [
    "a reason that is missing",
    "```sh norun\nls\n```\n",
    "a.md:1 has an option that norun does not take: none.",
  ],
  ["indentation", "Text\n\n    ls\n", "a.md:3 is an indented code block. Use a fenced one."],
  ["no end", "```sh run\nls\n", "a.md:1 opens a block that is never closed."],
])("a block with %s is refused", (_, markdown, message) => {
  expect(() => readSnippets("a.md", markdown)).toThrow(message);
});

test.each([
  ["201 …", "201 necidguid-1\n", true],
  ["{…}", '{\n"id": 1}', true],
  ["201", "2010", false],
  ["a.b", "axb", false],
])("%j shows %j: %j", (shown, printed, expected) => {
  expect(matches(shown, printed)).toBe(expected);
});
