import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startMock as startInProcess } from "../../../mocks/mock.ts";
import { type Alteration, openAlteringProxy } from "./altering-proxy.ts";
import { createCurve, type Row } from "./curve.ts";
import { createKnownSubjects } from "./known-subjects.ts";
import { type SoakOptions, soak } from "./soak.ts";
import { createTally } from "./tally.ts";
import { type Evidence, type Verdict, verdictsOf } from "./verdicts.ts";

test("the command compares the state file too and says by its exit code what came of it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "necid-soak-"));
  try {
    const [state, json] = [join(folder, "state.json"), join(folder, "report.json")];
    const flow = ["--requests", "1000", "--slice", "500", "--subjects", "100"];
    const { code, output } = await command([...flow, "--state", state, "--json", json]);
    expect(output).toContain("kept   state file as the state: ");
    expect(output).toContain("kept   stops when asked to: exit code 0\n");
    expect(code).toBe(0);
    const { flow: made, rows, tally } = JSON.parse(readFileSync(json, "utf8"));
    expect([made.requests, rows.length, tally.total.answered]).toEqual([1000, 2, 1000]);

    const again = await command([...flow, "--state", state]);
    expect(again).toEqual({
      code: 2,
      output: `--state ${state} is there already. Name a file that is not.\n(add --help for the options)\n`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a mock that cannot start is no broken promise", async () => {
  const { code, output } = await command(["--program", "tools/nobody.ts"]);
  expect(output).toContain("tools/nobody.ts did not start.");
  expect(code).toBe(2);
});

describe("the clients notice", () => {
  const verified = { of: /^POST \/v1\/face\/verify/, every: 8 };

  test.each<[fault: string, alteration: Alteration, broken: string[]]>([
    [
      "a score that is too low",
      { ...verified, status: 200, alter: ({ body }) => ({ body: body.replace(/\d+\}$/, "6999}") }) },
      ["every answer right"],
    ],
    [
      "a subject that is suddenly unknown",
      { ...verified, status: 200, alter: () => ({ status: 404, body: "" }) },
      ["every answer right", "the server counts the same"],
    ],
    [
      "the answer to another request",
      {
        of: /^POST \/v1\/face\/extract/,
        every: 8,
        status: 200,
        alter: ({ body }) => ({ body: body.replaceAll(/"facePan":"[^"]*"/g, '"facePan":"1.5"') }),
      },
      ["every answer right"],
    ],
    [
      "somebody found who was never there",
      {
        of: /^POST \/v1\/face\/search/,
        every: 8,
        status: 200,
        alter: ({ body }) => ({ body: body.replace(/necidguid-.{4}/, "necidguid-0000") }),
      },
      ["every answer right"],
    ],
    [
      "a message in other words",
      {
        of: /^POST/,
        every: 8,
        status: 400,
        alter: ({ body }) => ({ body: body.replace("provided", "given") }),
      },
      ["every answer right"],
    ],
    ["no answer", { ...verified, alter: () => "nothing" }, ["no request lost", "the server counts the same"]],
    [
      "a journal that grows",
      {
        of: /^GET \/__necid\/journal$/,
        every: 1,
        alter: ({ body }) => ({ body: body.replace("[", `[${'{"id":1},'.repeat(1000)}`) }),
      },
      ["journal bounded"],
    ],
    [
      "a subject too few in the state",
      {
        of: /^GET \/__necid\/state$/,
        every: 1,
        alter: ({ body }) => ({ body: body.replace(/\{"id":[^}]*\},/, "") }),
      },
      ["state as the clients know it"],
    ],
  ])("%s", async (_, alteration, broken) => {
    const mock = await startInProcess();
    const proxy = await openAlteringProxy(mock.port, alteration);
    try {
      const { tally, verdicts } = await soak({ ...short, port: proxy.port });
      const found = verdicts.filter(({ held }) => held === false).map(({ promise }) => promise);
      expect(found).toEqual(broken);
      expect(proxy.altered()).toBeGreaterThan(0);
      if (broken[0] === "no request lost") expect(tally.total.lost).toBe(proxy.altered());
    } finally {
      await proxy.close();
      await mock.close();
    }
  });

  test("every single wrong answer", async () => {
    const mock = await startInProcess();
    const alter: Alteration["alter"] = ({ body }) => ({ body: body.replace(/\d+\}$/, "6999}") });
    const proxy = await openAlteringProxy(mock.port, { ...verified, every: 3, status: 200, alter });
    try {
      const { tally } = await soak({ ...short, port: proxy.port });
      expect(tally.total.wrong).toBe(proxy.altered());
      expect(tally.complaints[0]).toMatch(/^verify, .+: POST \/face\/verify answered with the score 6999$/);
    } finally {
      await proxy.close();
      await mock.close();
    }
  });
});

describe("the judge", () => {
  test.each<[name: string, end: number, held: boolean]>([
    ["the same", 60e6, true],
    ["2 bytes for each request", 60e6 + 2 * 900_000, true],
    ["5 bytes for each request", 60e6 + 5 * 900_000, false],
  ])("of live memory: %s", (_, bytes, held) => {
    const live = { warm: { requests: 100_000, bytes: 60e6 }, end: { requests: 1_000_000, bytes } };
    const { held: judged, figures } = verdict({ live }, /^live memory/);
    expect(judged).toBe(held);
    expect(figures).toContain("60.0 MB at 100,000");
  });

  /** From 200 MB up to 400, and back, every 250,000 requests. */
  const saw = (requests: number) => 200e6 + (requests % 250_000) * 800;
  test.each<[name: string, memory: (requests: number) => number, held: boolean]>([
    ["flat", () => 200e6, true],
    ["a saw", saw, true],
    ["high while it warms up", (requests) => (requests <= 100_000 ? 600e6 : 200e6), true],
    ["a saw that rises", (requests) => saw(requests) + 150 * requests, false],
    ["one step that stays", (requests) => (requests > 600_000 ? 250e6 : 200e6), false],
  ])("of resident memory: %s", (_, memory, held) => {
    const rows = curve((requests) => ({ leastMemory: memory(requests), mostMemory: memory(requests) }));
    expect(verdict({ rows }, /^resident/).held).toBe(held);
  });

  test.each<[curve: string, p99: (requests: number) => number, held: boolean]>([
    ["as at the start", () => 4, true],
    ["slow in the first slice only", (requests) => (requests === 50_000 ? 400 : 4), true],
    ["slower at the end within the tolerance", (requests) => (requests > 900_000 ? 4.9 : 4), true],
    ["slower at the end", (requests) => (requests > 900_000 ? 5.1 : 4), false],
  ])("of latency: %s", (_, p99, held) => {
    const rows = curve((requests) => ({ p99: p99(requests) }));
    expect(verdict({ rows }, /^p99/).held).toBe(held);
  });

  test("says nothing of memory and latency in a short run", () => {
    const rows = curve(() => ({})).slice(0, 3);
    const short = { rows, live: { warm: undefined, end: { requests: 150_000, bytes: 60e6 } } };
    for (const promise of [/^live/, /^resident/, /^p99/])
      expect(verdict(short, promise).held).toBeUndefined();
  });
});

test("a row of the curve has the least and the most memory, and the latency of small requests", () => {
  let time = 0;
  const costs = [5, 9, 4, 6].map((residentBytes, place) => ({ residentBytes, cpuSeconds: place }));
  const curve = createCurve({ slice: 2, observe: () => costs.shift()!, now: () => (time += 500) });
  curve.sample();
  curve.record(2, true);
  curve.sample();
  curve.record(900, false);
  expect(curve.rows).toEqual([
    {
      requests: 2,
      seconds: 0.5,
      requestsPerSecond: 4,
      leastMemory: 4,
      mostMemory: 9,
      cpuPerRequest: 1_500_000,
      p50: 2,
      p99: 2,
    },
  ]);
});

const short: Omit<SoakOptions, "port"> = {
  requests: 800,
  connections: 8,
  subjects: 100,
  photographs: 0,
  seed: "2",
  slice: 400,
  observe: () => ({ residentBytes: undefined, cpuSeconds: undefined }),
  liveBytes: async () => 0,
};

/** A million requests, 50,000 in each row. */
function curve(of: (requests: number) => Partial<Row>): Row[] {
  return Array.from({ length: 20 }, (_, place) => {
    const requests = (place + 1) * 50_000;
    const figures = { mostMemory: 300e6, leastMemory: 200e6, cpuPerRequest: 80, p50: 1, p99: 4 };
    return { requests, seconds: requests / 8000, requestsPerSecond: 8000, ...figures, ...of(requests) };
  });
}

function verdict(evidence: Partial<Evidence>, promise: RegExp): Verdict {
  const rows = evidence.rows ?? [];
  const verdicts = verdictsOf({
    tally: createTally(),
    knownSubjects: createKnownSubjects(),
    account: { journal: { entries: 0, lastId: 0 }, coverage: [], subjects: [] },
    rows,
    live: { warm: undefined, end: { requests: 0, bytes: 0 } },
    p99: (after, upTo) =>
      Math.max(...rows.filter(({ requests }) => requests > after && requests <= upTo).map(({ p99 }) => p99)),
    ...evidence,
  });
  return verdicts.find((one) => promise.test(one.promise))!;
}

function command(args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ["test/lab/soak/run.ts", ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    );
  });
}
