import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLedger as open, type Registration } from "../../../../contracts/verify/run/ledger.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "necid-ledger-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const key = "secret key of this run";
const openLedger = (path: string, { target = "here", secretAccessKey = key } = {}) =>
  open(path, { target, secretAccessKey });
const file = () => join(directory, "kept", "ledger.jsonl");
const registration = (entry: string, target = "here"): Registration => ({
  entry,
  target,
  application: 1,
  run: "run",
  role: "alice-1",
  before: ["known"],
});

test("what was intended and not settled is open after a restart, with its id if it was learned", () => {
  const ledger = openLedger(file());
  for (const entry of ["a", "b", "c"]) ledger.intend(registration(entry));
  ledger.learn("b", "id-b");
  ledger.settle("c");
  ledger.close();
  const expected = [registration("a"), { ...registration("b"), id: "id-b" }];
  expect(ledger.open("here")).toEqual(expected);
  expect(openLedger(file()).open("here")).toEqual(expected);
});

test("targets do not see each other's registrations", () => {
  const ledger = openLedger(file());
  ledger.intend(registration("a", "here"));
  ledger.intend(registration("b", "there"));
  expect(ledger.open("there").map(({ entry }) => entry)).toEqual(["b"]);
});

test("a last line that was cut off is ignored, and the next line does not continue it", () => {
  const ledger = openLedger(file());
  ledger.intend(registration("a"));
  ledger.intend(registration("b"));
  ledger.close();
  truncateSync(file(), readFileSync(file()).length - 5);
  const reopened = openLedger(file());
  reopened.intend(registration("c"));
  reopened.close();
  expect(
    openLedger(file())
      .open("here")
      .map(({ entry }) => entry),
  ).toEqual(["a", "c"]);
});

test("it is empty again if everything is settled, and only its owner may read it", () => {
  const ledger = openLedger(file());
  for (let entry = 0; entry < 50; entry++) {
    ledger.intend(registration(String(entry)));
    ledger.settle(String(entry));
  }
  ledger.close();
  openLedger(file());
  expect(readFileSync(file(), "utf8")).toBe('{"necid-ledger":2}\n');
});

test("a folder that cannot be made is an error before anything is registered", () => {
  writeFileSync(join(directory, "kept"), "");
  expect(() => openLedger(file())).toThrow(
    /^The ledger \S+ cannot be written \((EEXIST|ENOTDIR)\), so that nothing may be registered\.$/,
  );
});

test("a file that is no ledger stays unchanged", () => {
  const other = join(directory, "notes.txt");
  writeFileSync(other, "remember\nthe milk\n");
  expect(() => openLedger(other)).toThrow(
    `The ledger ${other} is another kind of file. Name one of its own with --ledger.`,
  );
  expect(readFileSync(other, "utf8")).toBe("remember\nthe milk\n");
});

test("one process uses it at a time, until it closes it or ends", () => {
  const ledger = openLedger(file());
  expect(() => openLedger(file())).toThrow(
    `The ledger ${file()} is in use by process ${process.pid}. Wait until it is done, or name another with --ledger.`,
  );
  ledger.close();
  openLedger(file()).close();
  // Numbers of processes come again: another start is another process.
  for (const gone of ["4194304 1", `${process.pid} 1`, ""]) {
    writeFileSync(`${file()}.lock`, gone);
    openLedger(file()).close();
  }
});

test.each([
  ["a registration that another key wrote", { secretAccessKey: "somebody else's" }],
  ["a registration without a key", { secretAccessKey: "" }],
])("%s is not this run's", (_, other) => {
  const planted = openLedger(file(), other);
  planted.intend({ ...registration("a"), id: "a subject of others" });
  planted.close();
  const ledger = openLedger(file());
  expect([ledger.open("here"), ledger.foreign]).toEqual([[], 1]);
});

test("an id that somebody added to a registration is ignored", () => {
  const ledger = openLedger(file());
  ledger.intend(registration("a"));
  ledger.close();
  const line = { line: JSON.stringify({ learn: "a", id: "a subject of others" }), mac: "0".repeat(64) };
  writeFileSync(file(), `${readFileSync(file(), "utf8")}${JSON.stringify(line)}\n`);
  expect(openLedger(file()).open("here")).toEqual([registration("a")]);
});

test("the registrations of another target are kept for it", () => {
  const there = openLedger(file(), { target: "there" });
  there.intend(registration("a", "there"));
  there.close();
  const here = openLedger(file());
  expect([here.open(), here.elsewhere]).toEqual([[], 1]);
  here.close();
  expect(openLedger(file(), { target: "there" }).open()).toEqual([registration("a", "there")]);
});

test.each([
  ["one line", "the milk\n"],
  ["one line of JSON", '{"intend":1}\n'],
  ["no line end", "x"],
  ["an older ledger", '{"intend":{"entry":"a"}}\n{"settle":"a"}\n'],
  ["binary", "\0\u0001\u0002"],
  ["only a line end", "\n"],
])("a file of others stays unchanged: %s", (_, content) => {
  const other = join(directory, "notes.txt");
  writeFileSync(other, content);
  expect(() => openLedger(other)).toThrow(/is another kind of file/);
  expect(readFileSync(other, "utf8")).toBe(content);
});
