import { expect, test } from "vitest";
import type { Change } from "../../../tools/diff/diff.ts";
import { FORMATS, printChanges } from "../../../tools/diff/print.ts";

const change: Change = {
  id: "request-property-added",
  level: "breaking",
  operation: "POST /a",
  direction: "request",
  location: "request body /b",
  old: { file: "old.yaml", line: 3 },
  new: { file: "HEAD~1:new.yaml", line: 5 },
  message: "The request body /b is new.",
};
const risky: Change = { ...change, level: "risky", message: "100 % |sure|, perhaps:\n::error::no\u001b[31m" };
const by = { id: change.id, reason: "agreed\nby all", date: "2026-11-25" };

test.each(FORMATS)("%s says that nothing has changed", (format) => {
  const printed = printChanges({ counted: [], accepted: [] }, format);
  const expected = {
    text: "no changes\n",
    json: '{\n  "changes": []\n}\n',
    markdown: "## no changes\n",
    github: "no changes\n",
  };
  expect(printed).toBe(expected[format]);
});

test("text has a change in three lines and an accepted one in two", () => {
  expect(printChanges({ counted: [change], accepted: [{ change: risky, by }] }, "text")).toBe(
    `breaking  POST /a  request body /b  [request-property-added]
  The request body /b is new.
  old old.yaml:3  new HEAD~1:new.yaml:5
accepted  POST /a  request body /b  [request-property-added]
  2026-11-25: agreed by all
1 breaking, 0 risky, 0 compatible, 1 accepted
`,
  );
});

test("JSON has every field, and the accepted changes with their reasons", () => {
  expect(JSON.parse(printChanges({ counted: [change], accepted: [{ change: risky, by }] }, "json"))).toEqual({
    changes: [change],
    accepted: [{ ...risky, reason: by.reason, date: by.date }],
  });
});

test("markdown escapes what a cell would read as markup", () => {
  const printed = printChanges({ counted: [change, risky], accepted: [{ change, by }] }, "markdown");
  expect(printed.split("\n").filter((line) => line.startsWith("#"))).toEqual([
    "## 1 breaking, 1 risky, 0 compatible, 1 accepted",
    "### breaking",
    "### risky",
    "### accepted",
  ]);
  expect(printed).toContain("100 % &#124;sure&#124;, perhaps: ::error::no\u{fffd}&#91;31m");
});

test("a message cannot write a workflow command of its own", () => {
  const lines = printChanges({ counted: [change, risky], accepted: [] }, "github")
    .trimEnd()
    .split("\n");
  expect(lines).toEqual([
    "::error file=new.yaml,line=5,title=POST /a request body /b (request-property-added)::The request body /b is new.",
    "::warning file=new.yaml,line=5,title=POST /a request body /b (request-property-added)::100 %25 |sure|, perhaps: ::error::no\u{fffd}[31m",
    "1 breaking, 1 risky, 0 compatible",
  ]);
});
