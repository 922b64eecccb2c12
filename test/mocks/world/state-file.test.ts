import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StateError } from "../../../mocks/world/service.ts";
import { createStateFile, type StateFileError } from "../../../mocks/world/state-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "state-file-"));
  path = join(folder, "state.json");
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

test("a file that is not there yet is no state", async () => {
  expect(await open().file.load()).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test("what was changed is in the file after a flush, for its owner alone, and is loaded again", async () => {
  const { file, state } = open();
  state.count = 7;
  file.changed();
  await file.flush();
  expect(await readFile(path, "utf8")).toBe('{"count":7}\n');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["state.json"]);
  expect(await open().file.load()).toEqual({ count: 7 });
});

test("without a change nothing is written", async () => {
  const { file, state } = open();
  await file.load();
  await file.flush();
  expect([await readdir(folder), state.saves]).toEqual([[], 0]);
});

test("changes that follow each other share a write; the first waits no longer than the longest delay", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  // It keeps the timers that are there when it is loaded.
  vi.resetModules();
  const loaded = await import("../../../mocks/world/state-file.ts");
  const { file, state } = open({}, loaded.createStateFile);
  const savesAfter = (ms: number) => {
    vi.advanceTimersByTime(ms);
    return state.saves;
  };
  file.changed();
  expect([savesAfter(99), savesAfter(1)]).toEqual([0, 1]);
  await file.flush();

  const saves: number[] = [];
  for (let ms = 0; ms < 250; ms += 50) {
    file.changed();
    saves.push(savesAfter(50));
  }
  expect(saves).toEqual([1, 1, 1, 1, 2]);
  await file.flush();
  expect(state.saves).toBe(2);
});

test("a change during a write is in the next one, and two writes never overlap", async () => {
  const { file, state } = open({ delayMs: 0 });
  state.count = 1;
  file.changed();
  const first = file.flush();
  state.count = 2;
  file.changed();
  const both = [file.flush(), file.flush()];
  expect(state.saves).toBe(1);
  await first;
  await Promise.all(both);
  expect([state.saves, await readFile(path, "utf8")]).toEqual([2, '{"count":2}\n']);
});

test("a failed write is reported once, and later changes are saved when they can be", async () => {
  const place = join(folder, "later");
  const { file, errors, state } = open({ path: join(place, "state.json") });
  for (state.count = 1; state.count < 4; state.count++) {
    file.changed();
    await file.flush();
  }
  expect(errors.map(({ name, code, path, message }) => ({ name, code, path, message }))).toEqual([
    {
      name: "StateFileError",
      code: "ENOENT",
      path: join(place, "state.json"),
      message: expect.stringMatching(
        /state\.json was not saved: ENOENT: no such file or directory.*\. The next change tries again\.$/,
      ),
    },
  ]);
  await mkdir(place);
  await file.flush();
  expect(await readFile(join(place, "state.json"), "utf8")).toBe('{"count":4}\n');
});

test("what a killed process left is removed at the start, and nothing else", async () => {
  const others = ["state.json.bak", "state.json.tmp", "other.json.12.tmp", "state.json.x1.tmp"];
  for (const name of [...others, "state.json.1234.tmp"]) await writeFile(join(folder, name), "{");
  await open().file.load();
  expect(await readdir(folder)).toEqual(others.toSorted());
});

test("a file that another process has written since is left alone", async () => {
  const [one, other] = [open(), open()];
  await one.file.load();
  await other.file.load();
  one.state.count = 1;
  one.file.changed();
  await one.file.flush();
  other.file.changed();
  await other.file.flush();
  other.file.changed();
  await other.file.flush();
  expect(await readFile(path, "utf8")).toBe('{"count":1}\n');
  expect(other.errors.map(({ code, message }) => [code, message])).toEqual([
    [
      "STATE_FILE_TAKEN",
      `${path} was not saved: another process has written it since. Give each process a file of its own.`,
    ],
  ]);
  one.state.count = 2;
  one.file.changed();
  await one.file.flush();
  expect([await readFile(path, "utf8"), one.errors]).toEqual(['{"count":2}\n', []]);
});

test("a file that was deleted meanwhile is written again", async () => {
  const { file, errors } = open();
  file.changed();
  await file.flush();
  await rm(path);
  file.changed();
  await file.flush();
  expect([await readFile(path, "utf8"), errors]).toEqual(['{"count":0}\n', []]);
});

test.each([
  ["text", "hello"],
  ["half a file", '{"count":'],
  ["an empty file", ""],
])("%s is refused at the start, and left as it is", async (_, text) => {
  await writeFile(path, text);
  await expect(open().file.load()).rejects.toEqual(new StateError(path, "must be JSON"));
  expect(await readFile(path, "utf8")).toBe(text);
});

test("a folder in the file's place and a folder that is not there are refused at the start", async () => {
  await mkdir(path);
  await expect(open().file.load()).rejects.toEqual(
    new StateError(path, "must be a file that can be read (EISDIR)"),
  );
  const missing = join(folder, "missing");
  await expect(open({ path: join(missing, "state.json") }).file.load()).rejects.toEqual(
    new StateError(missing, "must be a folder that can be read (ENOENT)"),
  );
});

test("a file that others could read is for its owner alone after the next write", async () => {
  await writeFile(path, "{}");
  await chmod(path, 0o644);
  const { file } = open();
  await file.load();
  file.changed();
  await file.flush();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

function open(options: { path?: string; delayMs?: number } = {}, create = createStateFile) {
  const state = { count: 0, saves: 0 };
  const errors: StateFileError[] = [];
  const file = create(options.path ?? path, {
    save() {
      state.saves++;
      return { count: state.count };
    },
    onError: (error) => errors.push(error),
    delayMs: options.delayMs,
  });
  return { file, state, errors };
}
