import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const node = process.execPath;
const tsc = "node_modules/typescript/bin/tsc";

// A folder inside the project, so that `necid-contract-kit/…` resolves to the project's own exports.
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync("node_modules/.consumer-");
  await run("npm", ["run", "build"]);
});
afterAll(() => rmSync(directory, { recursive: true }));

const consumer = `
import { createClient, isStatus } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { loadContract } from "necid-contract-kit/contract";
import { startMock } from "necid-contract-kit/mock";
import contract from "necid-contract-kit/openapi.json" with { type: "json" };

const mock = await startMock();
const client = createClient({ ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url });
const { data, response } = await client.operations.ApiSubjectsPost({ body: { face: face("alice", { quality: 0.5 }) } });
const left: string | undefined = data?.attributes.faceQualityScore;
const refused = await client.POST("/subjects", { body: { face: "?" } });
let code: 1001 | 2001 | 2002 | undefined;
if (isStatus(refused, 400)) code = refused.error.errorCode;
const { validation } = await loadContract();
const answer = { status: 201, mediaType: "application/json", body: data, headers: Object.fromEntries(response.headers) };
const faults = validation.response("ApiSubjectsPost", answer).length;
console.log(JSON.stringify([response.status, left, code, contract.info.title, faults]));
await mock.close();
`;

test("the compiled package serves a consumer: client, mock and contract, typed", async () => {
  const file = join(directory, "consumer.ts");
  writeFileSync(file, consumer);
  const strict = [
    "--noEmit",
    "--strict",
    "--target",
    "es2024",
    "--module",
    "nodenext",
    "--types",
    "node",
    "--resolveJsonModule",
  ];
  await run(node, [tsc, ...strict, file]);
  const { stdout } = await run(node, [
    "--input-type=module",
    "-e",
    consumer.replaceAll(/(const \w+|let code): [^=;]+/g, "$1"),
  ]);
  expect(JSON.parse(stdout)).toEqual([201, "0.5", 1001, "Biometric API", 0]);
});

test("its types refuse what the contract refuses", async () => {
  const file = join(directory, "wrong.ts");
  writeFileSync(file, consumer.replace(`face: "?"`, "face: 1"));
  const compiled = run(node, [
    tsc,
    "--noEmit",
    "--strict",
    "--target",
    "es2024",
    "--module",
    "nodenext",
    "--types",
    "node",
    "--resolveJsonModule",
    file,
  ]);
  await expect(compiled).rejects.toMatchObject({
    stdout: expect.stringMatching(/Type 'number' is not assignable to type 'string'/),
  });
});

test("its binary knows its version", async () => {
  const { version, bin } = JSON.parse(readFileSync("package.json", "utf8"));
  const { stdout } = await run(node, [bin.necid, "--version"]);
  expect(stdout).toBe(`${version}\n`);
});
