import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { generate } from "../../../tools/generate/generate.ts";
import { workspace } from "../workspace.ts";

const swagger = `swagger: "2.0"
info: { title: T, version: "1" }
host: api.example
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions:
  sign: { type: apiKey, in: header, name: Authorization }
  key: { type: apiKey, in: header, name: x-api-key }
paths:
  /things:
    post:
      operationId: makeThing
      summary: Makes a thing
      security: [{ sign: [], key: [] }]
      parameters:
        - { name: body, in: body, required: true, schema: { $ref: "#/definitions/NewThing" } }
      responses:
        201: { description: made, schema: { $ref: "#/definitions/Thing" } }
        400: { description: bad, schema: { $ref: "#/definitions/Error" } }
    options:
      responses: { 200: { description: ok } }
  /things/{id}:
    get:
      operationId: readThing
      parameters:
        - { name: id, in: path, required: true, type: string }
        - { name: limit, in: query, type: integer, default: 10 }
      responses:
        200: { description: ok, schema: { $ref: "#/definitions/Thing" } }
definitions:
  NewThing: { type: object, required: [name], properties: { name: { type: string }, size: { type: integer, default: 1 } } }
  Thing: { type: object, required: [id], properties: { id: { type: string }, colour: { type: string } } }
  Error: { type: object, properties: { message: { type: string } } }
`;

const files = [
  "client.d.ts",
  "client.js",
  "openapi.json",
  "schema.d.ts",
  "sources.json",
  "validators.d.ts",
  "validators.js",
];
const collectResponses = async () => ({ makeThing: { defaultStatus: 201 } });

it("writes every file, each naming its maker, and the same bytes each time", async () => {
  const { path, run, written } = await workspace({ "spec.yaml": swagger });
  const read = async () =>
    Promise.all((await written()).map((name) => readFile(path(`out/${name}`), "utf8")));

  expect(await run({}, collectResponses)).toEqual({
    code: 0,
    stderr: "",
    stdout: [
      "wrote out/openapi.json",
      "wrote out/schema.d.ts",
      "wrote out/validators.js",
      "wrote out/validators.d.ts",
      "wrote out/client.js",
      "wrote out/client.d.ts",
      "wrote out/sources.json",
      "wrote out/responses.json",
      "",
    ].join("\n"),
  });
  expect(await written()).toEqual([...files, "responses.json"].sort());

  const first = await read();
  const maker = "Written by `npm run generate` from spec.yaml. Do not edit.";
  for (const [index, name] of (await written()).entries()) {
    const text = first[index]!;
    expect(text.endsWith("\n") && !text.includes("\r"), name).toBe(true);
    expect(text, name).not.toContain(path(""));
    if (name.endsWith(".json")) expect(JSON.parse(text)["x-generated-by"], name).toBe(maker);
    else expect(text.split("\n")[0]).toBe(`// ${maker}`);
  }

  await run({}, collectResponses);
  expect(await read()).toEqual(first);
});

it("check writes nothing and names what is missing or different", async () => {
  const { put, run, written } = await workspace({ "spec.yaml": swagger });
  const stale = (...names: string[]) => ({
    code: 1,
    stdout: "",
    stderr: `${names.map((name) => `out/${name} is stale\n`).join("")}Run \`npm run generate\` and commit what it writes.\n`,
  });
  const made = [
    "openapi.json",
    "schema.d.ts",
    "validators.js",
    "validators.d.ts",
    "client.js",
    "client.d.ts",
    "sources.json",
  ];

  expect(await run({ check: true })).toEqual(stale(...made));
  expect(await written()).toEqual([]);

  await run();
  expect(await run({ check: true })).toEqual({ code: 0, stdout: "7 files are fresh\n", stderr: "" });

  await put({ "spec.yaml": swagger.replace("colour: { type: string }", "colour: { type: integer }") });
  expect(await run({ check: true })).toEqual(stale("openapi.json", "schema.d.ts", "validators.js"));
});

it("leaves other files alone and removes what it made before and makes no more", async () => {
  const { path, run, written } = await workspace({ "spec.yaml": swagger });
  await run({}, collectResponses);
  await mkdir(path("out/pacts"));
  await writeFile(path("out/notes.md"), "mine");
  expect((await run({ check: true })).stderr).toContain("out/responses.json is stale\n");
  await run();
  expect(await written()).toEqual([...files, "notes.md", "pacts"].sort());
});

it("an unforeseen failure is one sentence, exit 2, and nothing is written", async () => {
  const { run, written } = await workspace({ "spec.yaml": swagger });
  const failing = async () => {
    throw new Error("the engine is out\nat line 7");
  };
  expect(await run({}, failing)).toEqual({
    code: 2,
    stdout: "",
    stderr: "generate failed: the engine is out\n",
  });
  expect(await written()).toEqual([]);
});

it.each([
  ["a file", "out", "out cannot be written (EEXIST)."],
  ["a folder in place of a file", "out/client.js/x", "out/client.js cannot be written (EISDIR)."],
])("a folder that cannot be written to, because there is %s, stays as it is", async (_, there, problem) => {
  const { path, run } = await workspace({ "spec.yaml": swagger });
  await mkdir(dirname(path(there)), { recursive: true });
  await writeFile(path(there), "mine");
  const before = await readdir(path(""), { recursive: true });
  expect(await run()).toEqual({
    code: 2,
    stdout: "",
    stderr: `${problem} Make room for it, or name another folder with --out.\n`,
  });
  expect(await readdir(path(""), { recursive: true })).toEqual(before);
});

it("a run that is stopped leaves all files or none", async () => {
  const all = [...files, "responses.json"].sort();
  const ends = new Set<string | number | null>();
  // Each run is stopped later than the one before, until one ends by itself.
  for (let delay = 0; !ends.has(0); delay += 250) {
    const { path, written } = await workspace({ "spec.yaml": swagger });
    const args = ["tools/commands/necid.ts", "generate", "--spec", path("spec.yaml"), "--out", path("out")];
    const running = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "ignore"] });
    const timer = setTimeout(() => running.kill("SIGINT"), delay);
    const [code, signal] = await once(running, "exit");
    clearTimeout(timer);
    ends.add(code ?? signal);
    const left = await written().catch(() => []);
    expect([[], all]).toContainEqual(left);
    if (code === 0) expect(left).toEqual(all);
  }
  expect([...ends].filter((end) => end !== 0 && end !== 130 && end !== "SIGINT")).toEqual([]);
});

it("the client's table holds what each operation needs", async () => {
  const { path } = await workspace({ "spec.yaml": swagger });
  await generate({ spec: path("spec.yaml"), out: path("out") });
  const { serverUrl, operations, calls } = await import(path("out/client.js"));
  expect({ serverUrl, operations }).toEqual({
    serverUrl: "https://api.example/v1",
    operations: {
      makeThing: {
        method: "POST",
        path: "/things",
        pathParameters: [],
        requestBody: { required: true, content: ["application/json"] },
        security: [["sign", "key"]],
        statuses: ["201", "400"],
      },
      "OPTIONS /things": {
        method: "OPTIONS",
        path: "/things",
        pathParameters: [],
        security: [],
        statuses: ["200"],
      },
      readThing: {
        method: "GET",
        path: "/things/{id}",
        pathParameters: ["id"],
        security: [],
        statuses: ["200"],
      },
    },
  });
  const called = calls({ GET: (...args: unknown[]) => args, POST: (...args: unknown[]) => args });
  expect(called.readThing({ params: { path: { id: "1" } } })).toEqual([
    "/things/{id}",
    { params: { path: { id: "1" } } },
  ]);
});

/** The type errors of a TypeScript file that stands beside `out/`, as `line: message`. */
function typeErrors(file: string): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    types: [],
  });
  return ts.getPreEmitDiagnostics(program).map(({ file: source, start, messageText }) => {
    const line = source?.getLineAndCharacterOfPosition(start ?? 0).line ?? -1;
    return `${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, " ").split(".")[0]}`;
  });
}

const use = `import type { Client } from "openapi-fetch";
import { calls, operations } from "./out/client.js";
import type { paths } from "./out/schema.d.ts";
import { requestBody } from "./out/validators.js";
declare const client: Client<paths>;
const { makeThing, readThing } = calls(client);
const { data, error } = await makeThing({ body: { name: "a" } });
const id: string | undefined = data?.id;
const colour: string | undefined = data?.colour;
const message: string | undefined = error?.message;
await readThing({ params: { path: { id: "1" }, query: { limit: 3 } } });
const method: "POST" = operations.makeThing.method;
const valid: boolean | undefined = requestBody.makeThing?.content["application/json"]?.({});
`;

it("the generated types let right use compile, and stop wrong use", async () => {
  const { path, put } = await workspace({ "spec.yaml": swagger, "right.ts": use }, "test/tools");
  await generate({ spec: path("spec.yaml"), out: path("out") });
  const wrong = [
    'import { type Client } from "openapi-fetch";',
    'import { calls } from "./out/client.js";',
    'import type { paths } from "./out/schema.d.ts";',
    "declare const client: Client<paths>;",
    "const { makeThing, readThing, ...others } = calls(client);",
    "await makeThing();",
    "await makeThing({ body: { name: 1 } });",
    "await readThing({ params: { path: {} } });",
    'const nothing = (await makeThing({ body: { name: "a" } })).data?.nothing;',
    "others.deleteThing;",
    "export {};",
  ].join("\n");
  await put({ "wrong.ts": wrong });

  expect(typeErrors(path("right.ts"))).toEqual([]);
  expect(typeErrors(path("wrong.ts"))).toEqual([
    "6: Expected 1 arguments, but got 0",
    "7: Type 'number' is not assignable to type 'string'",
    "8: Property 'id' is missing in type '{}' but required in type '{ id: string; }'",
    "9: Property 'nothing' does not exist on type '{ id: string; colour?: string | undefined; }'",
    "10: Property 'deleteThing' does not exist on type '{}'",
  ]);
});

it("after one property of the Swagger changes its name, what uses it does not compile", async () => {
  const { path, put, run } = await workspace({ "spec.yaml": swagger, "use.ts": use }, "test/tools");
  await run();
  expect(typeErrors(path("use.ts"))).toEqual([]);

  await put({ "spec.yaml": swagger.replace("colour:", "color:") });
  expect((await run({ check: true })).code).toBe(1);
  await run();
  expect(typeErrors(path("use.ts"))).toEqual([
    "9: Property 'colour' does not exist on type '{ id: string; color?: string | undefined; }'",
  ]);
});
