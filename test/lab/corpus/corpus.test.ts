import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { choose } from "./choose.ts";
import { runCorpus } from "./corpus.ts";
import { chosenPackages, type Description } from "./packages.ts";
import { pageOf } from "./page.ts";
import type { Row } from "./row.ts";

const lab = join(import.meta.dirname, "..");
const own = ["differential/contracts", "answers/descriptions"].flatMap((folder) =>
  readdirSync(join(lab, folder)).map((name) => described(join(lab, folder, name))),
);

test("a dozen descriptions of every style are generated from, and a broken one is refused at its place", async () => {
  const folder = mkdtempSync(join(tmpdir(), "corpus-test-"));
  try {
    const broken = join(folder, "broken.yaml");
    writeFileSync(
      broken,
      'openapi: 3.0.3\ninfo: { title: T, version: "1" }\npaths:\n  /a: { $ref: "#/nowhere" }\n',
    );
    const lines: string[] = [];
    const rows = await runCorpus([...own, described(broken)], { say: (line) => lines.push(line) });
    expect(lines.filter((line) => !line.startsWith("generated"))).toEqual([
      expect.stringMatching(/^refused {3}own broken\.yaml \(OpenAPI 3\.0, YAML, under 20 kB; /),
      '          broken.yaml:4:15 The $ref "#/nowhere" points at nothing.',
    ]);
    expect(rows.length).toBeGreaterThanOrEqual(12);
    for (const { verdict, validators, calls, megabytes } of rows.filter(
      ({ verdict }) => verdict !== "refused",
    )) {
      expect({
        verdict,
        isValidating: validators > 0 && calls > validators,
        isSmall: megabytes < 1536,
      }).toEqual({
        verdict: "generated",
        isValidating: true,
        isSmall: true,
      });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the choice of files is the same whatever their order, and has one file of each group", () => {
  const names = ["api/a.json", "api/b/1.json", "api/b/2.json", "api/c.json", "api/d.txt"];
  const rule = {
    from: "p@1.0.0",
    files: /^api\/(?<group>[^/]+?)(\.json|\/.+\.json)$/,
    groups: 2,
    always: ["api/c.json"],
  };
  const chosen = choose(names, rule);
  expect(chosen).toEqual(choose(names.toReversed(), rule));
  expect(chosen).toContain("api/c.json");
  expect(chosen.filter((name) => name.startsWith("api/b/")).length).toBeLessThan(2);
  expect(choose(names, { ...rule, groups: 3, more: { b: 2 } })).toEqual(names.slice(0, 4));
});

test("at least 300 distinct files are listed, each once, with their hashes", () => {
  const packages = chosenPackages();
  const hashes = packages.flatMap(({ files }) => Object.values(files));
  expect(new Set(hashes).size).toBeGreaterThanOrEqual(300);
  expect(new Set(hashes).size).toBe(hashes.length);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  for (const { from, integrity } of packages) {
    expect(from).toMatch(/.@\d+\.\d+\.\d+$/);
    expect(integrity).toMatch(/^sha512-.{86}==$/);
  }
});

test("the page says that a program wrote it, and every table row has a cell for each column", () => {
  const row = {
    name: "p@1 a.json",
    vendor: "p",
    version: "OpenAPI 3.0",
    format: "JSON",
    size: "to 1 MB",
  } as const;
  const counts = {
    operations: 2,
    warnings: 1,
    validators: 3,
    calls: 9,
    processorSeconds: 1.25,
    megabytes: 200,
  };
  const rows: Row[] = [
    { ...row, ...counts, style: "", verdict: "generated", problems: [] },
    {
      ...row,
      ...counts,
      style: "",
      name: "p@1 b.json",
      verdict: "refused",
      problems: ["b.json:1:2 The file is empty."],
    },
  ];
  const page = pageOf(rows, [{ from: "p@1.0.0", integrity: "sha512-AAAA", files: {} }]);
  expect(page).toMatch(/^<!-- Written by `npm run corpus -- --page`\. Do not edit\. -->\n/);
  expect(page).toContain("| OpenAPI 3.0 | JSON | to 1 MB | 2 | 1 | 4 | 6 | 2 | 1.3, 1.3 | 200 |");
  expect(page).toContain("b.json:1:2 The file is empty.");
  for (const block of page.split(/\n\n/).filter((text) => text.startsWith("|"))) {
    const widths = block
      .trim()
      .split("\n")
      .map((line) => line.split("|").length);
    expect(new Set(widths).size).toBe(1);
  }
});

function described(file: string): Description {
  const path = file.split("/").at(-1)!;
  expect(readFileSync(file, "utf8")).toBeTruthy();
  return { from: "own", path, file };
}
