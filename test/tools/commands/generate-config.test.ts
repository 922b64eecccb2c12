import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readProjectConfig } from "../../../tools/commands/project/config.ts";
import { workspace } from "../workspace.ts";

const hello = `openapi: 3.1.0
info: { title: Hello, version: "1" }
paths:
  /hello:
    get:
      operationId: hello
      responses: { "200": { description: hi, content: { application/json: { schema: { type: object } } } } }
`;
const necid = join(import.meta.dirname, "../../../tools/commands/necid.ts");

async function run(folder: string, ...args: string[]) {
  const options = { cwd: folder, env: { PATH: process.env.PATH, XDG_CACHE_HOME: join(folder, "cache") } };
  return promisify(execFile)(process.execPath, [necid, "generate", ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

const kept = { spec: "api/hello.yaml", out: "src/hello" };

test("a kept run needs no flags, --check neither", async () => {
  const { path } = await workspace({ "package.json": '{\n\t"name": "app"\n}\n' });
  const folder = path("");
  await mkdir(path("api"));
  await writeFile(path("api/hello.yaml"), hello);
  const first = await run(folder, "--spec", kept.spec, "--out", kept.out, "--save");
  expect([first.code, JSON.parse(readFileSync(path("package.json"), "utf8"))]).toEqual([
    0,
    { name: "app", necid: kept },
  ]);
  expect(await run(folder, "--check")).toMatchObject({ code: 0, stdout: expect.stringContaining("fresh") });
  await writeFile(path("api/hello.yaml"), hello.replaceAll("hello", "goodbye"));
  expect(await run(folder, "--check")).toMatchObject({ code: 1 });
  expect((await run(folder)).stdout).toContain(join("src/hello", "client.js"));
  expect((await run(folder, "--out", "other")).code).toBe(0);
  expect(existsSync(path("other/client.js"))).toBe(true);
});

test.each<[file: string, text: string]>([
  ["necid.config.json", JSON.stringify(kept)],
  ["necid.config.json", JSON.stringify({ generate: [kept] })],
  ["necid.config.mjs", `export default ${JSON.stringify({ generate: kept })};`],
  ["necid.config.cjs", `module.exports = ${JSON.stringify(kept)};`],
  ["necid.config.ts", `const out: string = "src/hello";\nexport default { spec: "api/hello.yaml", out };`],
  ["package.json", JSON.stringify({ name: "app", necid: kept })],
])("%s is read: %s", async (file, text) => {
  const { path } = await workspace({ [file]: text });
  expect(await readProjectConfig(path(""))).toEqual([kept]);
});

test.each<[file: string, text: string, message: string]>([
  ["necid.config.json", "{", "necid.config.json: It is no JSON file: "],
  ["necid.config.json", "[]", "necid.config.json: It must hold an object."],
  ["necid.config.json", "{}", "necid.config.json: spec must be the path of a Swagger or OpenAPI file."],
  [
    "necid.config.json",
    '{ "spec": "a", "overley": "b" }',
    "necid.config.json: overley is not known. Did you mean overlay?",
  ],
  [
    "necid.config.json",
    '{ "spec": "a", "strict": "yes" }',
    "necid.config.json: strict must be true or false.",
  ],
  ["necid.config.mjs", "throw new Error('no\\nmore')", "necid.config.mjs: It cannot be loaded: no"],
  [
    "package.json",
    '{ "necid": 7 }',
    'package.json, necid: It must be an object like { spec: "orders.yaml" }.',
  ],
  [
    "package.json",
    '{ "necid": { "generate": [{ "spec": "a" }, { "spec": "" }] } }',
    "package.json, necid, generate[1]: spec must be the path of a Swagger or OpenAPI file.",
  ],
])("%s with %s is refused", async (file, text, message) => {
  const { path } = await workspace({ [file]: text });
  await expect(readProjectConfig(path(""))).rejects.toThrow(message);
});

test("a project that keeps nothing gets NEC ID's", async () => {
  const { path } = await workspace({ "package.json": "{}" });
  expect(await readProjectConfig(path(""))).toBeUndefined();
  const { code, stdout } = await run(path(""));
  expect([code, stdout]).toEqual([0, expect.stringContaining(join("generated/necid-v1", "openapi.json"))]);
});
