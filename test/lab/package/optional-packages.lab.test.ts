import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { optionalPackages } from "../../../contracts/openapi/optional-packages.ts";

// A consumer's project with the packed package, and none of its optional packages.

const run = promisify(execFile);

const program = `
import { createClient } from "necid-contract-kit/client";
import { face } from "necid-contract-kit/faces";
import { startMock } from "necid-contract-kit/mock";
const mock = await startMock();
const client = createClient({ ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url });
const headers = { Prefer: "dynamic=true" };
const made = await client.POST("/face/search", { body: { probe: face("alice") }, headers });
const wrong = await client.POST("/face/search", { body: { probe: 1 } });
console.log(JSON.stringify([made.response.status, wrong.response.status, wrong.error]));
await mock.close();
`;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "necid-optional-"));
  await run("npm", ["run", "build"]);
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  writeFileSync(join(folder, "program.js"), program);
  writeFileSync(
    join(folder, "pact.json"),
    '{ "consumer": { "name": "app" }, "provider": { "name": "necid-v1" }, "interactions": [] }',
  );
  cpSync("spec/necid-v1.yaml", join(folder, "service.yaml"));
  const cache = ["--cache", join(folder, "cache"), "--no-audit", "--no-fund"];
  await run("npm", ["install", ...cache, join(folder, stdout.trim().split("\n").at(-1)!)], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("none of the optional packages is there", () => {
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  const names = optionalPackages().map(({ name }) => `node_modules/${name}`);
  expect(names.filter((place) => packages[place] && !packages[place].optional)).toEqual([]);
  expect(Object.keys(packages).length - 1).toBeLessThanOrEqual(15);
});

test.each([
  ["generate", "Reading a Swagger file", "generate"],
  ["generate --spec service.yaml", "Reading a Swagger file", "generate"],
  ["mock --spec service.yaml", "Reading a Swagger file", "generate"],
  ["diff service.yaml service.yaml", "Reading a Swagger file", "generate"],
  ["update service.yaml", "Reading a Swagger file", "generate"],
  ["verify --target mock --pact pact.json", "Verifying pacts", "pact"],
  ["verify --target mock --part pact", "Verifying pacts", "pact"],
] as const)("necid %s says in one line what to install", async (line, purpose, part) => {
  const packages = commandFor(part);
  expect(await necid(line.split(" "))).toEqual({
    code: 2,
    stdout: "",
    stderr: `${purpose} needs packages that are not installed: npm i -D --ignore-scripts ${packages}\n`,
  });
});

test("publish needs none of them", async () => {
  const { code, stderr } = await necid(["publish", "--pact", "pact.json"]);
  expect([code, stderr]).toEqual([2, "Set PACT_BROKER_BASE_URL to the address of the broker.\n"]);
});

test("verification makes every other check, and says that it leaves out pacts", async () => {
  const { code, stdout, stderr } = await necid(["verify", "--target", "mock"]);
  expect(stderr).toContain(`npm i -D --ignore-scripts ${commandFor("pact")}\nPacts are not verified.\n`);
  expect(stdout).toMatch(/checks passed, 0 failed/);
  expect(code).toBe(0);
});

test("doctor names what could be installed, and finds nothing wrong", async () => {
  const { code, stdout } = await necid(["doctor"]);
  for (const part of ["generate", "pact"] as const) {
    expect(stdout).toContain(`if you want it: npm i -D --ignore-scripts ${commandFor(part)}`);
  }
  expect(code).toBe(0);
});

test("responses are made up, and invalid requests are explained", async () => {
  const { stdout } = await run(process.execPath, ["program.js"], { cwd: folder });
  const error = { message: "probe property must be text.", errorCode: 1001, errorType: "InvalidRequest" };
  expect(JSON.parse(stdout)).toEqual([200, 400, error]);
});

/** What a part names: each of its packages with the version that it was tried with. */
function commandFor(part: "generate" | "pact"): string {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const names = optionalPackages().filter((one) => one.part === part);
  return names.map(({ name }) => `${name}@${devDependencies[name]}`).join(" ");
}

async function necid(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const bin = join(folder, "node_modules/.bin/necid");
  return run(bin, args, { cwd: folder, maxBuffer: 1e8 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}
