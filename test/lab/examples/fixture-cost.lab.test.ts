import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startMock } from "../../../mocks/mock.ts";

const run = promisify(execFile);

/**
 * A thousand tests of one signed call each, with the fixture and with one client of a mock in another process for all
 * of them. Times are milliseconds of the clock, and of the processor in the worker.
 */
const text = `
import { afterAll, beforeAll, describe, test as plain } from "vitest";
import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { test } from "necid-contract-kit/vitest";

const body = { probe: face("alice") };
const numbers = Array.from({ length: 100 }, (_, index) => index);
const began = performance.now();
test("first", async ({ necid }) => {
  await necid.client.POST("/face/search", { body });
  console.log("COST first " + (performance.now() - began));
});
function timed(name) {
  let start, used;
  beforeAll(() => { start = performance.now(); used = process.cpuUsage(); });
  afterAll(() => {
    console.log("COST " + name + " " + (performance.now() - start) / numbers.length);
    const { user, system } = process.cpuUsage(used);
    console.log("COST " + name + "-cpu " + (user + system) / 1000 / numbers.length);
  });
}
const client = createClient(JSON.parse(process.env.NECID_COST_CLIENT));
// In turns, so that other work on the machine slows both.
for (let turn = 0; turn < 10; turn++) {
  describe("fixture " + turn, () => {
    timed("fixture");
    test.for(numbers)("%i", async (_, { necid }) => { await necid.client.POST("/face/search", { body }); });
  });
  describe("plain " + turn, () => {
    timed("plain");
    plain.for(numbers)("%i", async () => { await client.POST("/face/search", { body }); });
  });
}
`;

test("the fixture costs less than 2 ms a test, and starts in less than 300 ms", async () => {
  await using mock = await startMock();
  const folder = mkdtempSync("node_modules/.cost-");
  try {
    writeFileSync(join(folder, "cost.test.ts"), text);
    // Compiled, as a consumer has it.
    await run("npm", ["run", "build"]);
    writeFileSync(join(folder, "vitest.config.js"), `export default { test: { pool: "forks" } };\n`);
    const args = ["node_modules/vitest/vitest.mjs", "run", "--root", folder, "--reporter=dot"];
    const client = { ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url };
    const env = { ...process.env, NECID_COST_CLIENT: JSON.stringify(client) };
    const { stdout: output } = await run(process.execPath, args, { env });
    const cost = (name: string) =>
      median(Array.from(output.matchAll(new RegExp(`COST ${name} ([\\d.]+)`, "g")), ([, ms]) => Number(ms)));
    console.log(`first call after ${cost("first").toFixed(0)} ms`);
    for (const kind of ["", "-cpu"]) {
      const [fixture, plain] = [cost(`fixture${kind}`), cost(`plain${kind}`)].map((ms) => ms.toFixed(2));
      console.log(`a test${kind && ", processor"}: ${fixture} ms with the fixture, ${plain} ms without`);
    }
    expect(cost("fixture") - cost("plain")).toBeLessThan(2);
    expect(cost("first")).toBeLessThan(300);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
