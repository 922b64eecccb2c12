import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// Runs of a consumer, with several workers. What they leave behind is looked for in a folder of their own.

const numbers = [1, 2, 3, 4];
const head = `
import { appendFileSync } from "node:fs";
import { face } from "necid-contract-kit/faces";
import { expect, test } from "necid-contract-kit/vitest";
`;

/** Two calls at the same time in each of four workers, and a stray call in the last one. */
const several = (number: number) => `${head}
test.concurrent.for([1, 2])("one subject each: %i", async (photo, { necid }) => {
  appendFileSync("urls.txt", necid.url + "\\n");
  necid.next("register").delays(50);
  const { data } = await necid.client.POST("/subjects", { body: { face: face("alice", { photo }) } });
  expect((await necid.client.POST("/face/search", { body: { probe: face("alice") } })).data.candidates).toHaveLength(1);
  expect(necid.journal).toHaveBeenCalledOperation("register", { times: 1, status: 201 });
  expect(necid.coverage.report().filter(({ calls }) => calls > 0)).toHaveLength(2);
});
test("everything of a world", async ({ necid }) => {
  expect(() => necid.faults.add({ operation: "Nowhere", fault: { badGateway: true } })).toThrow("Nowhere");
  expect(necid.faults.add({ operation: "ApiFaceSearchPost", fault: { badGateway: true } }).id).toBe("fault-1");
  expect(necid.faults.remove("fault-1")).toBe(true);
  expect(necid.seedSubjects({ 1: ["bob"] })[1]).toHaveLength(1);
  necid.clock.set(Date.UTC(2030, 0, 1));
  expect([necid.clock.now(), necid.clock.stopped, necid.clock.moved]).toEqual([Date.UTC(2030, 0, 1), true, true]);
  const answer = await necid.client.POST("/face/search", { body: { probe: face("bob") } });
  expect(answer).toMatchContract("search", 200);
  expect(answer.response.headers.get("date")).toContain("2030");
  const pact = await necid.pact({ consumer: "app", file: "pacts/${number}.json" });
  expect(pact.interactions).toHaveLength(1);
  await expect(necid.pact({ consumer: "" })).rejects.toThrow("name of its consumer");
  necid.reset();
  expect([necid.journal.size, necid.clock.moved, necid.faults.list()]).toEqual([0, false, []]);
});
test("its own calls without a key", async ({ necid }) => {
  await fetch(necid.url + "/health");
  expect(necid.journal).toHaveBeenCalledOperation("health", { times: 1 });
  ${number === 4 ? 'await fetch(necid.url + "/stray");' : ""}
});
`;

/** A test that never ends. */
const endless = `${head}
import { writeFileSync } from "node:fs";
test("waits", async ({ necid }) => {
  necid.clock.now();
  writeFileSync("url.txt", necid.url);
  await new Promise((done) => setTimeout(done, 600_000));
}, 700_000);
`;

let root: string;
beforeAll(() => {
  // Inside the project, so that the package's own name leads to its source.
  root = resolve(mkdtempSync("node_modules/.shared-"));
});
afterAll(() => rmSync(root, { recursive: true }));

describe.each(["forks", "threads"])("workers of the pool %s", (pool) => {
  const folder = () => join(root, pool);
  let output: string;
  beforeAll(async () => {
    newProject(folder(), pool);
    for (const number of numbers) writeFileSync(join(folder(), `${number}.test.js`), several(number));
    const child = startVitest(folder(), ["--maxWorkers=4", "--testTimeout=60000"]);
    output = await outputOf(child);
  });

  test("share one server", () => {
    const urls = readFileSync(join(folder(), "urls.txt"), "utf8").trim().split("\n");
    expect(urls).toHaveLength(8);
    expect(new Set(urls).size).toBe(1);
  });

  test("have a world for each test, and only the test that made a stray call fails", () => {
    expect(output).toContain("15 passed");
    expect(output).toContain("1 failed");
    expect(output).toMatch(/FAIL {2}4\.test\.js > its own calls without a key/);
    expect(output).toContain("GET /v1/stray (not in the contract) → 403");
    expect(readdirSync(join(folder(), "pacts"))).toHaveLength(4);
  });

  test("have their coverage added up", () => {
    const { responses } = JSON.parse(readFileSync(join(folder(), "coverage.json"), "utf8"));
    const calls = responses.filter(({ calls }: { calls: number }) => calls > 0);
    expect(
      calls.map(({ operation, calls }: { operation: string; calls: number }) => [operation, calls]),
    ).toEqual([
      ["ApiSubjectsPost", 8],
      ["ApiFaceSearchPost", 8],
      ["GET /health", 4],
    ]);
  });

  test("leave nothing behind", async () => {
    await expectNothingLeft(folder());
  });
});

describe.each([
  ["forks", "SIGKILL"],
  ["forks", "SIGINT"],
  ["threads", "SIGKILL"],
] as const)("a run in %s that ends by %s", (pool, signal) => {
  test("leaves neither a server nor a file", async () => {
    const folder = join(root, `${pool}-${signal}`);
    newProject(folder, pool);
    writeFileSync(join(folder, "endless.test.js"), endless);
    const child = startVitest(folder);
    const ended = once(child, "exit");
    await expect.poll(() => existsSync(join(folder, "url.txt"))).toBe(true);
    const url = readFileSync(join(folder, "url.txt"), "utf8");
    // As a terminal does it, and as a CI job that is cancelled: the whole group.
    process.kill(-child.pid!, signal);
    await ended;
    await expectNothingLeft(folder);
    await expect.poll(() => fetch(`${url}/health`).catch(() => "nobody listens")).toBe("nobody listens");
  });
});

function newProject(folder: string, pool: string): void {
  mkdirSync(join(folder, "tmp"), { recursive: true });
  const conditions = `{ conditions: ["necid-source"] }`;
  writeFileSync(
    join(folder, "vitest.config.js"),
    `export default { resolve: ${conditions}, ssr: { resolve: ${conditions} }, test: { pool: "${pool}" } };\n`,
  );
}

function startVitest(folder: string, options: string[] = []): ChildProcess {
  const reporter = resolve("mocks/testing/vitest-reporter.ts");
  writeFileSync(
    join(folder, "reporter.js"),
    `import Reporter from ${JSON.stringify(reporter)};\nexport default class extends Reporter {\n` +
      '  constructor() { super({ json: "coverage.json" }); }\n}\n',
  );
  const args = ["run", "--reporter=default", "--reporter=./reporter.js", ...options];
  return spawn(process.execPath, [resolve("node_modules/vitest/vitest.mjs"), ...args], {
    cwd: folder,
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1", TMPDIR: join(folder, "tmp") },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  await once(child, "close");
  return text;
}

/** The lock goes with the server. */
async function expectNothingLeft(folder: string): Promise<void> {
  await expect
    .poll(() => readdirSync(join(folder, "tmp")).filter((name) => name.startsWith("necid-")))
    .toEqual([]);
}
