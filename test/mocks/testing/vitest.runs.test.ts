import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The tests of a consumer. Most of them fail on purpose. */
const consumer = `
import { face } from "necid-contract-kit/faces";
import { expect, test, testWith } from "necid-contract-kit/vitest";

test("a failed expectation", async ({ necid }) => {
  await necid.client.POST("/subjects", { body: { face: face("alice") } });
  expect(1).toBe(2);
});
test("an unknown path", async ({ necid }) => {
  await fetch(necid.url + "/subject");
});
test("an unknown method, signed", async ({ necid }) => {
  await necid.client.GET("/subjects");
});
testWith({ onUnhandled: "warn" })("an unknown path with a warning", async ({ necid }) => {
  await fetch(necid.url + "/nowhere");
});
test("a call after the others", async ({ necid }) => {
  expect(await necid.client.GET("/health")).toMatchContract("health", 200);
});
`;

type Report = {
  testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
};

let folder: string;
let output: string;
let messages: Map<string, string>;
beforeAll(async () => {
  // Inside the project, so that the package's own name leads to its source.
  folder = mkdtempSync("node_modules/.runs-");
  writeFileSync(join(folder, "consumer.test.ts"), consumer);
  const conditions = `{ conditions: ["necid-source"] }`;
  writeFileSync(
    join(folder, "vitest.config.js"),
    `export default { resolve: ${conditions}, ssr: { resolve: ${conditions} }, test: { pool: "forks" } };\n`,
  );
  const report = join(folder, "report.json");
  output = await run([
    resolve("node_modules/vitest/vitest.mjs"),
    "run",
    "--root",
    folder,
    "--reporter=default",
    "--reporter=json",
    `--reporter=${resolve("mocks/testing/vitest-reporter.ts")}`,
    `--outputFile.json=${resolve(report)}`,
  ]);
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  messages = new Map(
    testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, status, failureMessages }) => [title, failureMessages[0] ?? status]),
    ),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a failed expectation prints the last calls", () => {
  expect(output).toMatch(
    /expected 1 to be 2[\s\S]*The calls that the mock received:\n {2}POST \/v1\/subjects \{"face":"<\d+ bytes>"\} → 201 \{"id":"necidguid-/,
  );
});

test("the reporter says which responses no test has met, over all tests", () => {
  expect(output).toMatch(
    /NEC ID: 2 of \d+ documented responses were tested \(\d(\.\d)? %\)\.\nNever tested:\n {2}ApiSubjectsPost: 400/,
  );
  expect(output).toMatch(
    /^ {2}ApiSubjectsByIdPut: 200, 400 InvalidRequest, 400 NoFace, 400 PoorQuality, 403 /m,
  );
  expect(output).toMatch(/^ {2}GET \/health: 413/m);
});

test.each([
  ["an unknown path", "GET /v1/subject (not in the contract) → 403"],
  ["an unknown method, signed", "GET /v1/subjects (not in the contract) → 403"],
])("%s fails the test", (title, call) => {
  expect(messages.get(title)).toContain("UnhandledCallError: A call is not in the contract.");
  expect(messages.get(title)).toContain(call);
  expect(messages.get(title)).toContain(
    'Correct the method and path, or set onUnhandled to "warn" or "ignore".',
  );
});

test("a warning fails nothing, and later tests are not blamed", () => {
  expect(messages.get("an unknown path with a warning")).toBe("passed");
  expect(output).toContain("GET /v1/nowhere (not in the contract) → 403");
  expect(messages.get("a call after the others")).toBe("passed");
});

function run(args: string[]): Promise<string> {
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    child.once("close", () => done(text));
  });
}
