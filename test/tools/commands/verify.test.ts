import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openLedger, targetName } from "../../../contracts/verify/run/ledger.ts";
import { openGate } from "../../contracts/verify/run/gate.ts";
import {
  closing,
  envOf,
  openMock,
  startVerify,
  temporary,
  verdict,
  verify,
} from "../../contracts/verify/verifying.ts";

describe("necid verify", () => {
  test("of the mock passes and says how many checks ran, twice the same", async () => {
    const runs = [
      await startVerify(["--target", "mock"]).ended,
      await startVerify(["--target", "mock"]).ended,
    ];
    expect(runs.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ]);
    const [first, second] = runs.map(({ stdout }) => /^\d+ checks passed, 0 failed.*$/m.exec(stdout)![0]);
    expect(first).toBe(second);
    expect(runs.map((run) => verdict(run).replace(/:\d+\//, ":/"))).toEqual([
      "conforms: http://127.0.0.1:/v1 keeps Biometric API 1.0",
      "conforms: http://127.0.0.1:/v1 keeps Biometric API 1.0",
    ]);
    expect(existsSync(temporary("ledger.jsonl"))).toBe(false);
  });

  test("of a target that breaks a promise fails, and leaves nobody", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    const gate = closing(
      await openGate(mock.url, {
        async respond(_, forward) {
          const response = await forward();
          return {
            ...response,
            body: Buffer.from(response.body.toString().replaceAll('"errorCode"', '"code"')),
          };
        },
      }),
    );
    const verified = await startVerify(["--target", gate.url], envOf(mock)).ended;
    expect(verified.code).toBe(1);
    expect(verdict(verified)).toMatch(/^does not conform: .*: \d+ mismatches$/);
    expect(await mock.ids()).toEqual(before);
    expect(readFileSync(temporary("ledger.jsonl"), "utf8")).not.toContain(mock.credentials.accessKeyId);
  });

  test("of an ill health check is red for that, and not for an outage", async () => {
    const mock = await openMock();
    const gate = closing(
      await openGate(mock.url, {
        async respond({ path, method }, forward) {
          const response = await forward();
          return path === "/v1/health" && method === "GET" ? { ...response, status: 503 } : response;
        },
      }),
    );
    const verified = await verify(gate.url, envOf(mock), { part: ["schema"] });
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain("GET /health  status");
  });
});

describe("what cannot be", () => {
  const wrong: [string, string[], Record<string, string>, RegExp][] = [
    ["an unknown option", ["--what"], {}, /unknown option '--what'/],
    ["an unknown part", ["--part", "scheme"], {}, /Allowed choices are schema, probe, sequence, pact\./],
    ["half a call", ["--max-calls", "1.5"], {}, /It must be a whole number above 0\./],
    ["--clean with --report", ["--clean", "--report", "x"], {}, /cannot be used with option '--report/],
    ["a comparison with another", ["--compare", "live"], {}, /Allowed choices are mock\./],
    [
      "an --accept file that is not there",
      ["--accept", "no.json"],
      {},
      /^--accept no\.json cannot be read \(ENOENT\)\.\n$/,
    ],
    [
      "an --accept file that is none",
      ["--accept", "package.json"],
      {},
      /^package\.json: must be a list of accepted deviations\n$/,
    ],
    [
      "a folder without pictures",
      ["--faces", "spec"],
      {},
      /^spec has no pictures\. Name them by role: alice-1\.jpg, /,
    ],
    [
      "a report below a file",
      ["--report", "package.json/x"],
      {},
      /^--report package\.json\/x cannot be written \(\w+\)\.\n$/,
    ],
    [
      "a ledger below a file",
      ["--ledger", "package.json/x"],
      {},
      /^The ledger package\.json\/x cannot be written \(\w+\), so that nothing may be registered\.\n$/,
    ],
    [
      "a ledger that is another file",
      ["--ledger", "README.md"],
      {},
      /^The ledger README\.md is another kind of file\. Name one of its own with --ledger\.\n$/,
    ],
    [
      "a key with a line break",
      [],
      { NECID_API_KEY: "secret\n" },
      /^NECID_API_KEY must be ASCII text without spaces and line breaks\.\n$/,
    ],
  ];
  test.each(wrong)("%s is refused in one line, before any call", async (_, args, env, words) => {
    const gate = closing(await openGate("http://127.0.0.1:1/v1"));
    const refused = await startVerify(["--target", gate.url, ...args], env).ended;
    expect(refused.stderr).toMatch(words);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: "" });
    expect(gate.arrivals).toEqual([]);
  });

  test.each(["nowhere", "ftp://host/v1", "https://user:word@host/v1", "https://host/v1?key=word"])(
    "the target %s",
    async (target) => {
      const { code, stderr } = await verify(target);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^(--target must be|The base URL must have) .*\.\n$/);
      expect(stderr).not.toContain("word@");
    },
  );
});

describe("a live target", () => {
  const env = { NECID_ACCESS_KEY_ID: "AKIA", NECID_SECRET_ACCESS_KEY: "secret", NECID_API_KEY: "key" };

  test("is not called without a limit where nobody can be asked, and is planned without a call", async () => {
    const gate = closing(await openGate("http://127.0.0.1:1/v1"));
    const planned = await startVerify(["--target", "live", "--plan"], { ...env, NECID_BASE_URL: gate.url })
      .ended;
    const [, number] = /(\d+) calls would be made\. None was\.\n$/.exec(planned.stdout)!;
    const refused = await startVerify(["--target", "live"], { ...env, NECID_BASE_URL: gate.url }).ended;
    expect(refused).toMatchObject({
      code: 2,
      stdout: "",
      stderr: `${number} calls to ${gate.url} need a limit: --max-calls ${number}, or --yes. See them first with --plan.\n`,
    });
    expect(gate.arrivals).toEqual([]);
  });

  test("wants credentials of its own", async () => {
    expect(await verify("live", { NECID_BASE_URL: "http://127.0.0.1:1/v1", NECID_API_KEY: "key" })).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY must be set in the environment to verify http://127.0.0.1:1/v1.\n",
    });
  });
});

describe("what an earlier run left", () => {
  /** Registers somebody as a run would that was killed right after. */
  async function leave(mock: Awaited<ReturnType<typeof openMock>>) {
    mock.seedSubjects({ 1: [{ id, face: "left" }] });
    const target = targetName({ baseUrl: mock.url, ...mock.credentials });
    const ledger = openLedger(temporary("ledger.jsonl"), { ...mock.credentials, target });
    ledger.intend({ entry: "1", target, application: 1, run: "killed", role: "bob", before: [], id });
    ledger.close();
  }
  const id = "necidguid-1111-1111-1111-111111111111";

  test("is undone by the next run, which says so", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    await leave(mock);
    const verified = await verify(mock.url, envOf(mock), { part: ["probe"] });
    expect(verified.stdout).toContain("1 registration of an earlier run were found and undone\n");
    expect(verified.code).toBe(0);
    expect(await mock.ids()).toEqual(before);
  });

  test("is undone by --clean, which makes no checks", async () => {
    const mock = await openMock();
    await leave(mock);
    expect(await verify(mock.url, envOf(mock), { clean: true })).toEqual({
      code: 0,
      stdout: `1 registration of earlier runs undone at ${mock.url}, in 4 calls.\n`,
      stderr: "",
    });
    expect(await verify(mock.url, envOf(mock), { clean: true })).toEqual({
      code: 0,
      stdout: `No run left anything registered at ${mock.url}. No call was made.\n`,
      stderr: "",
    });
  });

  test("and cannot be undone is listed, and stays in the ledger", async () => {
    const mock = await openMock();
    await leave(mock);
    const fault = mock.faults.add({ operation: "ApiSubjectsByIdDelete", fault: { badGateway: true } });
    const expected = {
      code: 1,
      stdout: `0 registrations of earlier runs undone at ${mock.url}, in 7 calls.\nleft registered: bob in application 1, ${id}\n`,
      stderr: "",
    };
    expect(await verify(mock.url, envOf(mock), { clean: true })).toEqual(expected);
    const verified = await verify(mock.url, envOf(mock), { part: ["probe"] });
    expect(verified.code).toBe(1);
    expect(verdict(verified)).toContain("1 subject left registered");
    mock.faults.remove(fault.id);
    expect((await verify(mock.url, envOf(mock), { clean: true })).code).toBe(0);
  });

  test("is left alone while another run has the ledger", async () => {
    const mock = await openMock();
    await leave(mock);
    mkdirSync(temporary("other"), { recursive: true });
    let inside = "";
    const gate = closing(
      await openGate(mock.url, {
        async respond({ number }, forward) {
          if (number === 30) inside = (await verify(mock.url, envOf(mock), { clean: true })).stderr;
          return forward();
        },
      }),
    );
    expect((await verify(gate.url, envOf(mock), { part: ["probe"] })).code).toBe(0);
    expect(inside).toMatch(
      /^The ledger \S+ is in use by process \d+\. Wait until it is done, or name another with --ledger\.\n$/,
    );
  });
});

describe("--compare mock", () => {
  test("finds no difference between two mocks", async () => {
    const mock = await openMock();
    const before = await mock.ids();
    const compared = await verify(mock.url, envOf(mock), { compare: "mock" });
    expect(compared.stdout).toMatch(
      /^0 differences between http:\S+ and mock in \d+ calls; \d+ checks could not be made\n$/,
    );
    expect(compared.code).toBe(0);
    expect(await mock.ids()).toEqual(before);
  });

  test("lists by operation and place where the mock answers otherwise", async () => {
    const mock = await openMock();
    const gate = closing(
      await openGate(mock.url, {
        async respond({ path, method }, forward) {
          const response = await forward();
          const text = response.body.toString();
          if (path === "/v1/health" && method === "GET" && response.status === 200)
            return { ...response, body: Buffer.from('{"status":"UP"}') };
          if (path !== "/v1/face/extract") return response;
          return {
            ...response,
            body: Buffer.from(text.replaceAll(/"faceRoll":"([^"]*)"/g, '"faceRoll":$1')),
          };
        },
      }),
    );
    const compared = await verify(gate.url, envOf(mock), { compare: "mock", part: ["schema"] });
    expect(compared.code).toBe(1);
    const url = gate.url;
    expect(compared.stdout).toContain(
      `GET /health  body /status  (preflight without credentials)\n  ${url}  text "UP"\n  ${"mock".padEnd(url.length)}  text "OK"\n`,
    );
    expect(compared.stdout).toMatch(/ApiFaceExtractPost {2}body \/faces\/0\/attributes\/faceRoll {2}\(/);
  });

  test("says why where one of the two cannot be called", async () => {
    const compared = await verify("http://127.0.0.1:1/v1", {}, { compare: "mock" });
    expect(compared).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "could not compare (network): http://127.0.0.1:1/v1: GET /health: no response came (ECONNREFUSED). Check the address and the network.\n",
    });
  });
});
