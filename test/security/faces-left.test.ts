import { spawn } from "node:child_process";
import { once } from "node:events";
import { symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lockLedger } from "../../contracts/verify/run/ledger-lock.ts";
import { openGate } from "../contracts/verify/run/gate.ts";
import { closing, envOf, openMock, startVerify, temporary, verify } from "../contracts/verify/verifying.ts";

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
