import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { outcomeOf, readOddities } from "../oddities/oddity.ts";
import { pageOf } from "../oddities/page.ts";
import { SECTIONS } from "../oddities/sections.ts";

const sections = await Promise.all(
  SECTIONS.map(async ({ heading, data }) => ({ heading, data, rows: await readOddities(data) })),
);

describe.each(sections)("$heading", ({ data, rows }) => {
  it.each(rows)("$title", async (row) => {
    expect(await outcomeOf(row, data)).toEqual(row.want);
  });
});

it("docs/swagger-support.md lists all of them", () => {
  expect(sections.flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(120);
  expect(readFileSync("docs/swagger-support.md", "utf8")).toBe(pageOf(sections));
});
