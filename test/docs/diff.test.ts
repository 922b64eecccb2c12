import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RULES } from "../../tools/diff/rules/rules.ts";

test("docs/diff.md lists every rule with its level", () => {
  const page = readFileSync("docs/diff.md", "utf8");
  const rows = Array.from(page.matchAll(/^\| `([\w-]+)` \| (breaking|risky|compatible) \| (.+) \|$/gm));
  expect(rows.map(([, id, level, fact]) => ({ id, level, fact }))).toEqual(
    Array.from(RULES.values(), ({ id, level, fact }) => ({ id, level, fact: fact.replace(/[{}]/g, "") })),
  );
});
