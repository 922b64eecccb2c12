import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openLedger, targetName } from "../../contracts/verify/run/ledger.ts";
import { lockLedger } from "../../contracts/verify/run/ledger-lock.ts";
import { openGate, reply } from "../contracts/verify/run/gate.ts";
import { closing, envOf, openMock, startVerify, temporary, verify } from "../contracts/verify/verifying.ts";

type Opened = Awaited<ReturnType<typeof openMock>>;
type Signer = { secretAccessKey: string; accessKeyId: string; baseUrl: string };

/** The number of the call at which a run is ended: some registrations stand by then. */
const moments = [4, 25, 60];

describe("a run that is ended leaves no face behind", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test.each(moments)(`by ${signal} at call %i`, async (moment) => {
      const mock = await openMock();
      const before = await mock.ids();
      let kill = () => {};
      const gate = closing(
        await openGate(mock.url, {
          respond({ number }, forward) {
            if (number === moment) kill();
            return forward();
          },
        }),
      );
      const { child, ended } = startVerify(["--target", gate.url, "--part", "sequence"], envOf(mock));
      kill = () => void child.kill(signal);
      const { code, stdout } = await ended;
      expect(code).toBe(2);
      expect(stdout).toContain("could not run (interrupted)");
      expect(await mock.ids()).toEqual(before);
    });
  }

  test("when nobody reads its output any more", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    const { child, ended } = startVerify(["--target", mock.url, "--part", "sequence"], envOf(mock));
    child.stdout.once("data", () => child.stdout.destroy());
    const { code, signal, stderr } = await ended;
    expect([code, signal, stderr]).toEqual([2, null, ""]);
    expect(await mock.ids()).toEqual(before);
  });

  test.each([1, 2])("when the disk of the ledger is full after %i kB", async (kilobytes) => {
    const mock = await openMock();
    const before = await mock.ids();
    const args = ["--target", mock.url, "--part", "sequence", "--ledger", temporary("ledger.jsonl")];
    const command = `ulimit -f ${kilobytes}; exec "$0" tools/commands/necid.ts verify "$@"`;
    const child = spawn("bash", ["-c", command, process.execPath, ...args], {
      env: { PATH: process.env.PATH, CI: "true", NODE_DISABLE_COMPILE_CACHE: "1", ...envOf(mock) },
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => void (printed += text));
    const [code] = await once(child, "close");
    expect(code).toBe(2);
    expect(printed).toMatch(/could not run \(ledger\): The ledger \S+ cannot be written \(EFBIG\)/);
    expect(await mock.ids()).toEqual(before);
  });
  test.each([10, 20, 30, 40, 50])("when the ledger is gone at call %i", async (moment) => {
    const mock = await openMock();
    const before = await mock.ids();
    const file = temporary("ledger.jsonl");
    const gate = closing(
      await openGate(mock.url, {
        respond({ number }, forward) {
          if (number === moment) {
            rmSync(file);
            mkdirSync(file);
          }
          return forward();
        },
      }),
    );
    const { code, stdout } = await verify(gate.url, envOf(mock), { part: ["sequence"] });
    expect(code).toBe(2);
    expect(stdout).toContain("could not run (ledger)");
    expect(await mock.ids()).toEqual(before);
  });
});

describe("a file that is no ledger of this key unregisters nobody and stays as it is", () => {
  test.each<[name: string, content: string]>([
    ["registrations without a header", '{"intend":{"entry":"1","id":"necidguid-1"}}\n'],
    ["a header and a line without a signature", '{"necid-ledger":2}\n{"intend":{"entry":"1"}}\n{}\n'],
    ["text", "the milk\n"],
    ["a JSON document", '{"name":"package"}\n'],
    ["a header in other words", '{ "necid-ledger": 2 }\n'],
    ["a newer header", '{"necid-ledger":3}\n'],
  ])("%s", async (_, content) => {
    const mock = await openMock();
    writeFileSync(temporary("ledger.jsonl"), content);
    const { code, stderr } = await verify(mock.url, envOf(mock), { clean: true });
    expect([code, stderr]).toEqual([2, expect.stringContaining("is another kind of file")]);
  });

  test.each(["/dev/null", "/dev/zero", "/dev/full"])("%s", async (file) => {
    const mock = await openMock();
    const { code } = await verify(mock.url, envOf(mock), { clean: true, ledger: file });
    expect(code).toBe(2);
  });
});

describe("a service that answers registrations with ids that are not theirs", () => {
  test("keeps the subjects that had the picture before", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    const gate = closing(
      await openGate(mock.url, {
        async respond({ method, path }, forward) {
          if (path.endsWith("/face/search"))
            return reply(200, JSON.stringify({ candidates: before.map((id) => ({ id, score: 9999 })) }));
          if (method === "POST" && path.endsWith("/subjects"))
            return reply(201, JSON.stringify({ id: before[0] }));
          return forward();
        },
      }),
    );
    const { code } = await verify(gate.url, envOf(mock), { part: ["sequence"] });
    expect(code).toBe(1);
    expect(await mock.ids()).toEqual(before);
  });

  const ids: unknown[] = [
    ".",
    "..",
    "",
    "/",
    "../subjects",
    "a/b?c#d",
    "%2e%2e",
    "\r\nX: y",
    "\u0000",
    7,
    null,
    ["x"],
    {},
  ];
  test.each([
    ...ids.map((id) => [JSON.stringify(id), id]),
    ["a text of 100,000 characters", "x".repeat(100_000)],
  ])("is asked to unregister subjects only: %s", async (_, id) => {
    const mock = await openMock();
    const before = await mock.ids();
    const gate = closing(
      await openGate(mock.url, {
        async respond({ method, path }, forward) {
          const isRegistration = method === "POST" && path.endsWith("/subjects");
          return isRegistration ? reply(201, JSON.stringify({ id })) : forward();
        },
      }),
    );
    const { code } = await verify(gate.url, envOf(mock), { part: ["sequence"] });
    expect([1, 2]).toContain(code);
    const deleted = gate.arrivals.filter(({ method }) => method === "DELETE").map(({ path }) => path);
    expect(deleted.filter((path) => !/^\/v1\/subjects\/(?!\.{0,2}$)[^/?#]+$/.test(path))).toEqual([]);
    expect(await mock.ids()).toEqual(before);
  });
});

describe("a lock that is no file of a process is not waited for", () => {
  test.each<[name: string, make: (lock: string) => void]>([
    ["a pipe", (lock) => void execFileSync("mkfifo", [lock])],
    ["a link to a device without an end", (lock) => symlinkSync("/dev/zero", lock)],
    ["a link to itself", (lock) => symlinkSync(lock, lock)],
    ["a link to nothing", (lock) => symlinkSync(`${lock}.gone`, lock)],
    ["a folder", (lock) => mkdirSync(lock)],
    ["the number of a process of others", (lock) => writeFileSync(lock, "1")],
    ["a number that is none", (lock) => writeFileSync(lock, "-1 NaN")],
    ["nothing", (lock) => writeFileSync(lock, "")],
  ])("%s", (_, make) => {
    const file = temporary("ledger.jsonl");
    make(`${file}.lock`);
    const began = performance.now();
    try {
      lockLedger(file)();
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^(LEDGER|EISDIR|ERR_FS_EISDIR|ELOOP)$/) });
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("a line of a ledger that this key did not write unregisters nobody", () => {
  type Line = { line: string; mac: string };
  const own = (mock: Opened) => ({ target: mock.url, ...mock.credentials });
  /** A registration of a subject that was there before the run, as a run itself would write it. */
  function planted(
    mock: Opened,
    id: string,
    { secretAccessKey = own(mock).secretAccessKey, ...target } = {} as Partial<Signer>,
  ): Line {
    const file = temporary("planted.jsonl");
    const writer = { target: targetName({ baseUrl: mock.url, ...own(mock), ...target }), secretAccessKey };
    const book = openLedger(file, writer);
    book.intend({
      entry: "1",
      target: writer.target,
      application: 1,
      run: "r",
      role: "alice-1",
      before: [],
      id,
    });
    book.close();
    return JSON.parse(readFileSync(file, "utf8").split("\n")[1]!);
  }
  const changed = (line: string, change: object) => {
    const { intend } = JSON.parse(line);
    return JSON.stringify({ intend: { ...intend, ...change } });
  };
  test.each<[name: string, make: (mock: Opened, id: string) => (Line | object)[]]>([
    ["by another key", (mock, id) => [planted(mock, id, { secretAccessKey: "somebody else's" })]],
    ["by an empty key", (mock, id) => [planted(mock, id, { secretAccessKey: "" })]],
    [
      "by the access key's id",
      (mock, id) => [planted(mock, id, { secretAccessKey: mock.credentials.accessKeyId })],
    ],
    ["for another target", (mock, id) => [planted(mock, id, { baseUrl: "https://api.example" })]],
    ["for another access key", (mock, id) => [planted(mock, id, { accessKeyId: "AKIAOTHER" })]],
    ["without a signature", (mock, id) => [{ line: planted(mock, id).line }]],
    ["with an empty signature", (mock, id) => [{ ...planted(mock, id), mac: "" }]],
    [
      "with half of its signature",
      (mock, id) => [{ ...planted(mock, id), mac: planted(mock, id).mac.slice(0, 32) }],
    ],
    [
      "with its signature in capitals",
      (mock, id) => [{ ...planted(mock, id), mac: planted(mock, id).mac.toUpperCase() }],
    ],
    [
      "with the id of another",
      (mock, id) => {
        const { line, mac } = planted(mock, "of another");
        return [{ line: changed(line, { id }), mac }];
      },
    ],
    [
      "with an id that was added",
      (mock, id) => [
        planted(mock, "of another"),
        { line: JSON.stringify({ learn: "1", id }), mac: planted(mock, id).mac },
      ],
    ],
    [
      "with another target than it was signed for",
      (mock, id) => {
        const { line, mac } = planted(mock, id, { accessKeyId: "AKIAOTHER" });
        return [{ line: changed(line, { target: targetName({ baseUrl: mock.url, ...own(mock) }) }), mac }];
      },
    ],
    [
      "that is no registration",
      () => [
        { line: '{"intend":null}', mac: "" },
        { line: '{"learn":{},"id":[]}', mac: "" },
      ],
    ],
    [
      "that names what every object inherits",
      () => [
        { line: '{"settle":"__proto__"}', mac: "" },
        { line: '{"learn":"constructor","id":"x"}', mac: "" },
      ],
    ],
  ])("%s", async (_, make) => {
    const mock = await openMock();
    const before = await mock.ids();
    const lines = make(mock, before[0]!).map((line) => JSON.stringify(line));
    // The last line may be cut off by a killed process, so that it is never the one in question.
    writeFileSync(temporary("ledger.jsonl"), ['{"necid-ledger":2}', ...lines, lines[0], ""].join("\n"));
    const { code, stderr } = await verify(mock.url, envOf(mock), { clean: true });
    expect([0, 2]).toContain(code);
    expect(stderr).not.toMatch(/TypeError|undefined|null/);
    expect(await mock.ids()).toEqual(before);
  });
});

test("of many that lock a ledger left by a killed process, one gets it", () => {
  const file = temporary("ledger.jsonl");
  writeFileSync(`${file}.lock`, "4194304 1");
  const results = Array.from({ length: 20 }, () => {
    try {
      return lockLedger(file);
    } catch {
      return undefined;
    }
  });
  expect(results.filter((unlock) => unlock !== undefined)).toHaveLength(1);
});

test("a lock that is a link to another file leaves that file alone", () => {
  const file = temporary("ledger.jsonl");
  const other = temporary("other.txt");
  writeFileSync(other, "of somebody else");
  symlinkSync(other, `${file}.lock`);
  lockLedger(file)();
  expect(() => writeFileSync(other, "still there", { flag: "r+" })).not.toThrow();
});
