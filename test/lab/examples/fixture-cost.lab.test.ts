import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** A thousand tests of one signed call each, with the fixture and with a client of one mock for all of them. */
const text = `
import { afterAll, beforeAll, describe, test as plain } from "vitest";
import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { startMock } from "necid-contract-kit/mock";
import { test } from "necid-contract-kit/vitest";

const body = { probe: face("alice") };
const numbers = Array.from({ length: 100 }, (_, index) => index);
const began = performance.now();
test("first", async ({ necid }) => {
  await necid.client.POST("/face/search", { body });
  console.log("COST first " + (performance.now() - began));
});
function timed(name) {
  let start;
  beforeAll(() => { start = performance.now(); });
  afterAll(() => console.log("COST " + name + " " + (performance.now() - start) / numbers.length));
}
let mock, client;
beforeAll(async () => {
  mock = await startMock();
  client = createClient({ ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url });
});
afterAll(() => mock.close());
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

test("the fixture costs less than 2 ms a test, and starts in less than 300 ms", () => {
  const folder = mkdtempSync("node_modules/.cost-");
  try {
    writeFileSync(join(folder, "cost.test.ts"), text);
    const conditions = `{ conditions: ["necid-source"] }`;
    writeFileSync(
      join(folder, "vitest.config.js"),
      `export default { resolve: ${conditions}, ssr: { resolve: ${conditions} }, test: { pool: "forks" } };\n`,
    );
    const args = ["node_modules/vitest/vitest.mjs", "run", "--root", folder, "--reporter=dot"];
    const output = execFileSync(process.execPath, args, { encoding: "utf8" });
    const cost = (name: string) =>
      median(Array.from(output.matchAll(new RegExp(`COST ${name} ([\\d.]+)`, "g")), ([, ms]) => Number(ms)));
    console.log(`first call after ${cost("first").toFixed(0)} ms`);
    console.log(
      `a test: ${cost("fixture").toFixed(2)} ms with the fixture, ${cost("plain").toFixed(2)} ms without`,
    );
    expect(cost("fixture") - cost("plain")).toBeLessThan(2);
    expect(cost("first")).toBeLessThan(300);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
