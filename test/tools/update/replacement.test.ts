import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createReplacement, recover } from "../../../tools/update/replacement.ts";
import { workspace } from "../workspace.ts";

const old = {
  "generated/api/one.js": "old one",
  "generated/api/pacts/app.json": "old pact",
  "spec/api.yaml": "old spec",
};
const replaced = {
  "generated/api/one.js": "new one",
  "generated/api/pacts/app.json": "new pact",
  "generated/api/pacts/other.json": "another pact",
  "generated/api/two.js": "new two",
  "spec/api.yaml": "new spec",
};

async function project() {
  const { path } = await workspace({});
  const folder = dirname(path("x"));
  for (const [name, text] of Object.entries(old)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  }
  return { path, folder, state: () => filesIn(folder) };
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    files.sort().map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")]),
  );
}

test("a kill at any step leaves what the next start makes the old state, or the new one whole", async () => {
  let recovered = 0;
  for (let step = 1; ; step++) {
    const { folder, path, state } = await project();
    const program = "test/tools/update/replacing-process.ts";
    const { signal, status, stderr } = spawnSync(process.execPath, [program, folder, String(step)]);
    if (signal === null) {
      expect([status, String(stderr), state()]).toEqual([0, "", replaced]);
      break;
    }
    const hadBegun = recover(path("generated"), { project: folder });
    if (hadBegun) recovered++;
    const isFinal = JSON.stringify(state()) === JSON.stringify(replaced);
    expect([step, state()]).toEqual([step, isFinal ? replaced : old]);
    expect(hadBegun && isFinal).toBe(false);
  }
  expect(recovered).toBeGreaterThan(15);
});

test("a kill while it is taken back does no harm", async () => {
  const { path, folder, state } = await project();
  const replacement = createReplacement(path("generated"));
  writeFileSync(join(replacement.folder, "a"), "new spec");
  replacement.replace([{ file: path("spec/api.yaml"), staged: join(replacement.folder, "a") }]);
  const journal = readFileSync(join(replacement.folder, "journal.json"));
  const kept = filesIn(replacement.folder);
  replacement.takeBack();
  expect(state()).toEqual(old);
  mkdirSync(replacement.folder);
  for (const [name, text] of Object.entries(kept)) writeFileSync(join(replacement.folder, name), text);
  writeFileSync(join(replacement.folder, "journal.json"), journal);
  expect(recover(path("generated"), { project: folder })).toBe(true);
  expect(state()).toEqual(old);
});

test("what another process is replacing is left alone", async () => {
  const { path, state } = await project();
  const folder = path(`generated/.update-${process.ppid}-01234567`);
  mkdirSync(folder);
  expect(() => recover(path("generated"))).toThrow(
    `Another update is running, process ${process.ppid}. Wait for its end. If that process is no update, remove ${folder} after a look at what is in it.`,
  );
  expect(state()).toEqual(old);
});

test("nothing is to be recovered where nothing was", async () => {
  const { path } = await project();
  const folders = [path("generated"), path("nowhere"), path("spec/api.yaml")];
  expect(folders.map((folder) => recover(folder))).toEqual([false, false, false]);
});

/** What a project from somebody else may bring, and what is said of it. `outside` is a file that must stay. */
const planted: [what: string, journal: (outside: string) => unknown, message: RegExp][] = [
  ["a file outside", (path) => ({ entries: [{ path, kind: "file" }], drafts: [] }), /names .*, outside /],
  [
    "a folder outside",
    (path) => ({ entries: [{ path: dirname(path), kind: "folder" }], drafts: [] }),
    /names /,
  ],
  ["a draft outside", (path) => ({ entries: [], drafts: [path] }), /names /],
  ["a path with dots", () => ({ entries: [], drafts: ["generated/../../x"] }), /names /],
  [
    "a copy from outside",
    (path) => ({ entries: [{ path: "spec/api.yaml", kind: "file", copy: `../../${path}` }], drafts: [] }),
    /is no journal of an update/,
  ],
  ["a number for a path", () => ({ entries: [{ path: 1, kind: "file" }], drafts: [] }), /is no journal/],
  ["another kind", (path) => ({ entries: [{ path, kind: "link" }], drafts: [] }), /is no journal/],
  ["null", () => null, /is no journal/],
  ["a list", () => [], /is no journal/],
  ["no drafts", () => ({ entries: [] }), /is no journal/],
];

test.each(planted)("a planted journal is refused: %s", async (_, journalOf, message) => {
  const { folder, path, state } = await project();
  const outside = join((await project()).folder, "spec/api.yaml");
  const left = path("generated/.update-4194304-01234567");
  mkdirSync(left);
  writeFileSync(join(left, "journal.json"), JSON.stringify(journalOf(outside)));
  const before = state();
  expect(() => recover(path("generated"), { project: folder })).toThrow(message);
  expect(state()).toEqual(before);
  expect(readFileSync(outside, "utf8")).toBe("old spec");
});

test("a planted journal does not lead outside by a link", async () => {
  const { folder, path } = await project();
  const other = await project();
  symlinkSync(other.folder, path("linked"));
  const left = path("generated/.update-4194304-01234567");
  mkdirSync(left);
  const entries = [{ path: path("linked/spec/api.yaml"), kind: "file" }];
  writeFileSync(join(left, "journal.json"), JSON.stringify({ entries, drafts: [] }));
  expect(() => recover(path("generated"), { project: folder })).toThrow(/names .*linked.*, outside /);
  expect(other.state()).toEqual(old);
});
