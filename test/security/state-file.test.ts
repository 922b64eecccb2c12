import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterEach, describe, expect, type TestContext, test } from "vitest";
import { type Mock, startMock } from "../../mocks/mock.ts";
import { mock as startCommand, temporary, verb } from "../tools/commands/terminal.ts";

const open: Mock[] = [];
afterEach(() => Promise.allSettled(open.splice(0).map((mock) => mock.close())));

async function start(stateFile: string) {
  const mock = await startMock({ stateFile });
  open.push(mock);
  return mock;
}

describe("what is no regular file is refused at once", () => {
  const special: [what: string, make: (path: string) => string, rule: RegExp][] = [
    ["a FIFO", (path) => fifo(path), /must be a regular file/],
    ["a link to a FIFO", (path) => link(fifo(`${path}.fifo`), path), /must be a regular file/],
    ["a folder", (path) => folder(path), /\(EISDIR\)/],
    ["a link to a folder", (path) => link(folder(`${path}.folder`), path), /\(EISDIR\)/],
    ["/dev/null", () => "/dev/null", /must be a regular file/],
    ["/dev/zero", () => "/dev/zero", /must be a regular file/],
    ["/dev/full", () => "/dev/full", /must be a regular file/],
    ["a link to /dev/zero", (path) => link("/dev/zero", path), /must be a regular file/],
    ["a link to itself", (path) => link(path, path), /\(ELOOP\)/],
    ["a file in a file", (path) => `${written(path, "{}")}/state.json`, /\(ENOTDIR\)/],
    ["a file in a folder that is not there", (path) => `${path}/state.json`, /\(ENOENT\)/],
  ];
  test.each(special)("%s", async (_, make, rule) => {
    await expect(startMock({ stateFile: make(temporary("state.json")) })).rejects.toMatchObject({
      code: "STATE_INVALID",
      message: expect.stringMatching(rule),
    });
  });

  test("a FIFO ends the command too", async () => {
    const path = fifo(temporary("state.json"));
    const result = await verb(["mock", "--port", "0", "--state", path]);
    expect(result).toEqual({
      code: 2,
      stdout: "",
      stderr: `${path} must be a regular file. Nothing was loaded.\n`,
    });
  });
});

describe("a file that is no state is refused at once, and stays as it is", () => {
  const withSubjects = (subjects: string) =>
    `{"version":1,"applications":[{"application":1,"subjects":${subjects}},{"application":2,"subjects":[]}]}`;
  test.each<[what: string, content: string | Buffer | number, message: string]>([
    ["lists in lists", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, "must be a JSON object"],
    [
      "objects in objects",
      withSubjects(`[${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}]`),
      "must have no property but",
    ],
    ["a prototype", '{"__proto__":{"version":1},"version":1,"applications":[]}', "must have no property but"],
    [
      "a prototype of a subject",
      withSubjects('[{"__proto__":1,"id":"__proto__"}]'),
      "must have no property but",
    ],
    ["many empty subjects", withSubjects(`[${Array(100_000).fill("{}").join()}]`), "must be text"],
    ["numbers that are none", '{"version":1e999,"applications":[]}', "must be 1"],
    ["bytes that are no text", Buffer.from([0xff, 0xfe]), "must be JSON"],
    ["a mark before it", `\ufeff${withSubjects("[]")}`, "must be JSON"],
    ["nothing", "", "must be JSON"],
    ["null", "null", "must be a JSON object"],
    ["a size beyond every text", 6e8, "(too large)"],
    ["a size beyond every disk", 1e12, "(ERR_FS_FILE_TOO_LARGE)"],
  ])("%s", async (_, content, message) => {
    const path = written(temporary("state.json"), "{}");
    if (typeof content === "number") truncateSync(path, content);
    else writeFileSync(path, content);
    const { size, mtimeMs } = statSync(path);
    await expect(startMock({ stateFile: path })).rejects.toMatchObject({
      code: "STATE_INVALID",
      message: expect.stringContaining(message),
    });
    expect(statSync(path)).toMatchObject({ size, mtimeMs });
  });
});

describe("a symbolic link stays one, and its target is written", () => {
  const links: [what: string, make: (path: string, target: string) => void][] = [
    ["to a file", (path, target) => void link(written(target, saved), path)],
    [
      "to a file by a relative path",
      (path, target) => {
        written(target, saved);
        symlinkSync("elsewhere/target.json", path);
      },
    ],
    ["to a file that is not there yet", (path, target) => void link(target, path)],
    ["to a link to a file", (path, target) => void link(link(written(target, saved), `${path}.2`), path)],
    [
      "to a link to a file that is not there yet",
      (path, target) => void link(link(target, `${path}.2`), path),
    ],
  ];
  test.each(links)("%s", async (_, make) => {
    const target = temporary("elsewhere/target.json");
    mkdirSync(dirname(target));
    const path = temporary("state.json");
    make(path, target);
    const mock = await start(path);
    mock.seedSubjects({ 1: ["alice"] });
    await mock.close();
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(lstatSync(target).isFile()).toBe(true);
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readFileSync(target, "utf8")).toContain("alice");
    expect(readdirSync(dirname(target))).toEqual(["target.json"]);
  });
});

test("a planted file or link under a foreseeable name is neither followed nor overwritten", async () => {
  const path = temporary("state.json");
  const victim = written(temporary("victim"), "untouched");
  const names = [`${path}.${process.pid}.tmp`, `${path}.1.tmp`, `${path}.tmp`, `${path}.new`];
  for (const name of names) link(victim, name);
  const mock = await start(path);
  mock.seedSubjects({ 1: ["alice"] });
  await mock.close();
  expect(readFileSync(victim, "utf8")).toBe("untouched");
  for (const name of names) expect(lstatSync(name).isSymbolicLink()).toBe(true);
});

test("a state that cannot be saved at the end is an error of close, and of the command", async () => {
  const path = temporary("gone/state.json");
  mkdirSync(dirname(path));
  const mock = await startMock({ stateFile: path });
  const server = await startCommand(["--auth", "off", "--state", `${path}.2`]);
  rmSync(dirname(path), { recursive: true });
  mock.seedSubjects({ 1: ["alice"] });
  await expect(mock.close()).rejects.toMatchObject({ name: "StateFileError", code: "ENOENT" });

  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ face: Buffer.from("necid-face:alice").toString("base64") });
  const response = await fetch(`${server.url}/subjects`, { method: "POST", headers, body });
  expect(response.status).toBe(201);
  expect(await server.stop()).toBe(1);
  expect(server.text()).toMatch(/state\.json\.2 was not saved: ENOENT/);
});

describe("on a full disk", () => {
  /** A disk of its own, as large as a state and a bit, where a mock keeps its state. */
  async function openDisk(context: TestContext) {
    const folder = temporary("disk");
    mkdirSync(folder);
    const mounted = [
      "unshare",
      "-Urm",
      "bash",
      "-c",
      `mount -t tmpfs -o size=256k tmpfs ${folder} && exec "$0" "$@"`,
    ];
    const allowed = spawnSync(mounted[0]!, [...mounted.slice(1), "true"]);
    if (allowed.status !== 0) context.skip(`no disk can be mounted here: ${allowed.stderr ?? allowed.error}`);
    const server = await startCommand(
      ["--auth", "off", "--state", join(folder, "state.json")],
      {},
      { within: mounted },
    );
    // The disk is there for the mock alone; others see it by way of the mock.
    const seen = join("/proc", String(server.pid), "root", folder);
    return {
      ...server,
      names: () => readdirSync(seen),
      state: () => JSON.parse(readFileSync(join(seen, "state.json"), "utf8")),
      fill() {
        const filler = openSync(join(seen, "filler"), "w");
        try {
          for (const piece = Buffer.alloc(4096); ; ) writeSync(filler, piece);
        } catch (error) {
          expect(error).toMatchObject({ code: "ENOSPC" });
        } finally {
          closeSync(filler);
        }
      },
      empty: () => rmSync(join(seen, "filler")),
      async register(name: string) {
        const headers = { "content-type": "application/json" };
        const body = JSON.stringify({ face: Buffer.from(`necid-face:${name}`).toString("base64") });
        expect((await fetch(`${server.url}/subjects`, { method: "POST", headers, body })).status).toBe(201);
      },
    };
  }
  const countOf = (state: { applications: { subjects: unknown[] }[] }) =>
    state.applications.reduce((sum, { subjects }) => sum + subjects.length, 0);

  test("the file that was there stays whole, and the command ends with 1 and says why", async (context) => {
    const disk = await openDisk(context);
    await disk.register("alice");
    await expect.poll(() => disk.names()).toEqual(["state.json"]);
    await expect.poll(() => countOf(disk.state())).toBe(1);
    disk.fill();
    await disk.register("bob");
    await disk.lineWith(
      /state\.json was not saved: ENOSPC: no space left on device, write\. The next change tries again\./,
    );
    expect(disk.names()).toEqual(["filler", "state.json"]);
    expect(countOf(disk.state())).toBe(1);
    await disk.register("carol");
    expect(await disk.stop("SIGTERM")).toBe(1);
    // Once, however many changes could not be saved.
    expect(disk.text().match(/was not saved/g)).toHaveLength(1);
  });

  test("the next change is saved once there is room again, and the command ends with 0", async (context) => {
    const disk = await openDisk(context);
    disk.fill();
    await disk.register("alice");
    await disk.lineWith(/was not saved: ENOSPC/);
    expect(disk.names()).toEqual(["filler"]);
    disk.empty();
    await disk.register("bob");
    await expect.poll(() => disk.names()).toEqual(["state.json"]);
    await expect.poll(() => countOf(disk.state())).toBe(2);
    expect(await disk.stop()).toBe(0);
  });

  test("what could not be saved is saved at the end if there is room by then", async (context) => {
    const disk = await openDisk(context);
    disk.fill();
    await disk.register("alice");
    await disk.lineWith(/was not saved: ENOSPC/);
    disk.empty();
    expect(await disk.stop()).toBe(0);
  });
});

const saved = JSON.stringify({
  version: 1,
  applications: [1, 2].map((application) => ({ application, subjects: [] })),
});

function written(path: string, text: string): string {
  writeFileSync(path, text);
  return path;
}

function link(target: string, path: string): string {
  symlinkSync(resolve(target), path);
  return path;
}

function folder(path: string): string {
  mkdirSync(path);
  return path;
}

function fifo(path: string): string {
  execFileSync("mkfifo", [path]);
  return path;
}
