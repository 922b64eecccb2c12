import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSnippets } from "../../docs/snippets.ts";

// The blocks of the pages for consumers that need a project of their own, run as they are written.

const run = promisify(execFile);

let folder: string;
let project: string;
let env: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "necid-pages-"));
  project = join(folder, "your-project");
  env = {
    ...process.env,
    PATH: `${resolve("node_modules/node/bin")}:${process.env.PATH}`,
    npm_config_cache: join(folder, "cache"),
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
  await run("npm", ["run", "build"]);
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
  const tarball = join(folder, stdout.trim().split("\n").at(-1)!);
  // Beside the project stands what was packed, as a checkout would.
  await run("tar", ["-xzf", tarball, "-C", folder]);
  await run("mv", [join(folder, "package"), join(folder, "necid-contract-kit")]);
  writeFileSync(join(folder, "necid-contract-kit/.npmrc"), "ignore-scripts=true\n");
  mkdirSync(project);
  const manifest = { private: true, type: "module", scripts: { test: "vitest run" } };
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ ...manifest, devDependencies: { vitest: "5.1.1" } }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the README's installation ends with a test that passes below the mock", async () => {
  const output = await bash(block("README.md", "npm pack"), join(folder, "necid-contract-kit"));
  expect(output).toContain("wrote test/necid.test.ts");
  expect(output).toMatch(/1 passed/);
});

test("the configuration of docs/testing.md prints the coverage and writes its page", async () => {
  writeFileSync(
    join(project, "vitest.config.ts"),
    block("docs/testing.md", "necid-contract-kit/vitest/reporter"),
  );
  const { stdout } = await run("npm", ["test"], { cwd: project, env }).catch((error) => error);
  expect(stdout).toMatch(/NEC ID: 2 of \d+ documented responses were tested \([\d.]+ %\)\./);
  expect(stdout).toMatch(/1 passed/);
  expect(readFileSync(join(project, "coverage/necid.html"), "utf8")).toContain("<h1>2 of ");
  rmSync(join(project, "vitest.config.ts"));
});

test("the coverage of another runner is added up as docs/testing.md says", async () => {
  const program = `
import { test } from "node:test";
import { startWorld } from "necid-contract-kit/mock";
test("errors of three operations", async () => {
  await using necid = await startWorld({ client: { retries: 0 } });
  await necid.client.GET("/health");
  const body = { id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b", probe: "QUJD" };
  for (const error of ["NoFace", "PoorQuality", "InvalidRequest", "TooManyRequests", "LimitExceeded", "Forbidden"]) {
    for (const [operation, path] of [["register", "/subjects"], ["search", "/face/search"], ["verify", "/face/verify"]]) {
      necid.next(operation).answers(error);
      await necid.client.POST(path, { body: path === "/subjects" ? { face: body.probe } : body });
    }
  }
});
`;
  writeFileSync(join(project, "coverage.test.mjs"), program);
  const manifest = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  manifest.scripts.test = "node --test coverage.test.mjs";
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  const output = await bash(block("docs/testing.md", "NECID_COVERAGE="), project);
  expect(output).toMatch(/\d+ of \d+ documented responses were tested/);
  for (const file of ["coverage.json", "coverage.html"]) expect(existsSync(join(project, file))).toBe(true);
});

/** The one block of a page that has a text. */
function block(page: string, text: string): string {
  const found = readSnippets(page).filter(
    (snippet) => snippet.mode === "norun" && snippet.text.includes(text),
  );
  expect(found).toHaveLength(1);
  return found[0]!.text;
}

async function bash(script: string, cwd: string): Promise<string> {
  const { stdout, stderr } = await run("bash", ["-e", "-c", script], { cwd, env }).catch((error) => {
    throw new Error(`${error.stdout}\n${error.stderr}`);
  });
  return `${stdout}${stderr}`;
}
