import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { workspace } from "../workspace.ts";

/** A consumer's project with a Swagger of its own, in a folder of its own. */

const swagger = (parameter: string, property = "") => `swagger: "2.0"
info: { title: Things, version: "1" }
host: example.com
basePath: /v1
produces: [application/json]
paths:
  /things/{${parameter}}:
    get:
      operationId: getThing
      parameters:
        - { name: ${parameter}, in: path, required: true, type: string }
      responses:
        "200":
          description: A thing.
          schema:
            type: object
            properties: { name: { type: string }${property} }
`;
const more = ", size: { type: integer }";

const app = `import type { paths } from "../generated/things/schema.d.ts";

type Thing = paths["/things/{id}"]["get"]["responses"]["200"]["content"]["application/json"];
export const nameOf = (thing: Thing) => thing.name;
`;

const files = {
  "package.json": JSON.stringify({ name: "app", type: "module", scripts: { pacts: "node record-pacts.js" } }),
  "record-pacts.js": `import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
mkdirSync("generated/things/pacts", { recursive: true });
appendFileSync("generated/things/pacts/app.json", "[]\\n");
if (existsSync("no-pacts")) throw new Error("cannot record");
while (existsSync("wait")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
`,
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      noEmit: true,
      module: "nodenext",
      types: [],
      skipLibCheck: true,
      allowImportingTsExtensions: true,
    },
    include: ["src"],
  }),
};

const necid = resolve("tools/commands/necid.ts");
let generated: Record<string, string> = {};

/** The generated files of the first Swagger, made once for all tests. */
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "things-"));
  mkdirSync(join(folder, "spec"));
  writeFileSync(join(folder, "spec/things.yaml"), swagger("id"));
  const args = [necid, "generate", "--spec", "spec/things.yaml"];
  expect(spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" })).toMatchObject({ status: 0 });
  generated = filesIn(folder);
  rmSync(folder, { recursive: true });
});

async function project(vendor: string, given: Record<string, string> = {}) {
  const { path } = await workspace({});
  const folder = path("").replace(/\/$/, "");
  const put = (name: string, text: string) => {
    mkdirSync(join(path(name), ".."), { recursive: true });
    writeFileSync(path(name), text);
  };
  const all = { ...generated, ...files, "src/app.ts": app, "vendor.yaml": vendor, ...given };
  for (const [name, text] of Object.entries(all)) put(name, text);
  symlinkSync(resolve("node_modules"), path("node_modules"));
  const command = [necid, "update", "vendor.yaml"];
  const run = (...options: string[]) => {
    const ran = spawnSync(process.execPath, [...command, ...options], { cwd: folder, encoding: "utf8" });
    return { code: ran.status, stdout: ran.stdout, stderr: ran.stderr };
  };
  return { path, folder, put, run, command, state: () => filesIn(folder) };
}

function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .filter((name) => !name.startsWith("node_modules"));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

test("its only contract is replaced, and types and pacts are checked", async () => {
  const { run, state } = await project(swagger("id", more));
  const { code, stdout, stderr } = run();
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^spec\/things\.yaml, generated in generated\/things\n/);
  expect(stdout).toMatch(/are replaced\.\ntypes: ok\npacts: ok\n$/);
  const after = state();
  expect(after["spec/things.yaml"]).toBe(swagger("id", more));
  expect(after["generated/things/schema.d.ts"]).toContain("size?: number");
  expect(after["generated/things/pacts/app.json"]).toBe("[]\n");
});

test("types that do not fit are listed, and the old files are back", async () => {
  const { run, state } = await project(swagger("thingId", more));
  const before = state();
  const { code, stdout, stderr } = run();
  expect(code).toBe(1);
  expect(stdout).toContain(
    "Path parameters of the client with another name\n  getThing: id is now thingId\n",
  );
  expect(stdout).toMatch(/types: not ok\npacts: ok\n$/);
  expect(stderr).toBe(
    "src/app.ts:3:20 Property '/things/{id}' does not exist on type 'paths'. (TS2339)\n" +
      "The old files are back, and nothing was changed. Mend what is named above, or repeat it with --keep and mend it then.\n",
  );
  expect(state()).toEqual(before);
});

test("--keep leaves them in place, and back is green again", async () => {
  const { put, run, state } = await project(swagger("thingId"));
  const kept = run("--keep");
  expect([kept.code, kept.stderr.split("\n").at(-2)]).toEqual([
    1,
    "The new files are in place. Mend what is named above.",
  ]);
  expect(state()["spec/things.yaml"]).toBe(swagger("thingId"));
  put("vendor.yaml", swagger("id"));
  const back = run();
  expect([back.code, back.stderr]).toEqual([0, ""]);
  const after = state();
  for (const [name, text] of Object.entries(generated)) expect([name, after[name]]).toEqual([name, text]);
});

test("pacts that cannot be recorded take the update back", async () => {
  const { run, state } = await project(swagger("id", more), { "no-pacts": "" });
  const before = state();
  const { code, stdout, stderr } = run();
  expect([code, stdout.split("\n").slice(-3)]).toEqual([1, ["types: ok", "pacts: not ok", ""]]);
  expect(stderr).toContain("cannot record");
  expect(state()).toEqual(before);
});

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "%s during the checks leaves the old files, at the next start at the latest",
  async (signal) => {
    const { folder, path, put, command, run, state } = await project(swagger("id", more), { wait: "" });
    const before = state();
    const child = spawn(process.execPath, command, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    child.stdout.setEncoding("utf8");
    for await (const text of child.stdout) if (String(text).includes("types: ok")) break;
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    rmSync(path("wait"));
    if (signal === "SIGKILL") {
      put("vendor.yaml", swagger("id"));
      expect(run()).toEqual({
        code: 0,
        stdout: "vendor.yaml is the same as spec/things.yaml. Nothing is to be done.\n",
        stderr: "An update that was interrupted has been taken back.\n",
      });
      put("vendor.yaml", swagger("id", more));
    }
    const { wait: _, ...rest } = before;
    expect(state()).toEqual(rest);
  },
);

test("a dry run changes nothing, and no folder is left", async () => {
  const { run, state, path } = await project(swagger("id", more));
  const [before, names] = [state(), readdirSync(path("generated"))];
  expect(run("--dry-run").code).toBe(0);
  expect([state(), readdirSync(path("generated"))]).toEqual([before, names]);
});

test("references to files beside the contract are followed", async () => {
  const referring = swagger("id").replace(/schema:\n.*\n.*$/m, 'schema: { $ref: "thing.json" }');
  const thing = JSON.stringify({
    type: "object",
    properties: { name: { type: "string" }, weight: { type: "integer" } },
  });
  const { run, state } = await project(referring, { "spec/thing.json": thing });
  const { code, stderr } = run();
  expect([code, stderr]).toEqual([0, ""]);
  const after = state();
  expect(after["generated/things/schema.d.ts"]).toContain("weight?: number");
  expect(Object.keys(after).filter((name) => name.includes(".update-"))).toEqual([]);
  expect(JSON.stringify(after)).not.toContain(".update-");
});
