import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";

const records = globSync("docs/decisions/[0-9]*.md").sort();
const index = readFileSync("docs/decisions/README.md", "utf8");

test("the index lists every record once, by its title, in order", () => {
  const listed = records.map((file) => {
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(readFileSync(file, "utf8"))!;
    return `- [${number!.padStart(4, "0")}](${basename(file)}) ${title}`;
  });
  expect(index.split("\n").filter((line) => line.startsWith("- "))).toEqual(listed);
});

test.each(records)("%s has its number, and says situation, decision and consequences", (file) => {
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(new RegExp(`^# ${Number(basename(file).slice(0, 4))}\\. `));
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(
    expect.arrayContaining(["Situation", "Decision", "Consequences"]),
  );
});
