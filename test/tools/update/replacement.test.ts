import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
    const hadBegun = recover(path("generated"));
    if (hadBegun) recovered++;
    const isFinal = JSON.stringify(state()) === JSON.stringify(replaced);
    expect([step, state()]).toEqual([step, isFinal ? replaced : old]);
    expect(hadBegun && isFinal).toBe(false);
  }
  expect(recovered).toBeGreaterThan(15);
});

test("a kill while it is taken back does no harm", async () => {
  const { path, state } = await project();
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
  expect(recover(path("generated"))).toBe(true);
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
