import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { expect, it, onTestFinished } from "vitest";
import { readOperations } from "../../contracts/openapi/operations.ts";
import { createRouter } from "../../contracts/openapi/router.ts";
import { createValidation } from "../../contracts/openapi/validation.ts";
import { collectResponses } from "../../mocks/prism/responses.ts";
import { runGenerate } from "../../tools/commands/generate.ts";

/** What a name may be that becomes code, and what it would do there. */
const oddNames = [
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "valueOf",
  "then",
  "default",
  "export const x = ",
  'require("node:fs")',
  'require("ajv/dist/runtime/equal")',
  '"; globalThis.attacked = true; "',
  "'; globalThis.attacked = true; '",
  "\n globalThis.attacked = true //",
  "\u2028globalThis.attacked = true //",
  "*/ globalThis.attacked = true /*",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that would be code in a template.
  "`${globalThis.attacked = true}`",
  "</script><script>globalThis.attacked = true</script>",
  "\\",
  "\u0000",
  "😀 ü",
];

type Document = Record<string, unknown>;

/** A description in which one text stands wherever a name or text of the author may. */
function everywhere(name: string): Document {
  const property = name === "__proto__" ? "proto" : name;
  const schema = {
    type: "object",
    title: name,
    description: name,
    required: [property],
    properties: {
      [property]: { type: "string", enum: [name], description: name, default: name, format: name },
    },
    [`x-${name}`]: name,
  };
  return {
    openapi: "3.0.3",
    info: { title: name, version: name, description: name },
    servers: [{ url: "http://localhost", description: name }],
    paths: {
      "/a": {
        post: {
          operationId: name,
          summary: name,
          description: name,
          tags: [name],
          requestBody: { required: true, content: { "application/json": { schema } } },
          responses: {
            "200": {
              description: name,
              content: {
                "application/json": { schema, examples: { [property]: { value: { [property]: name } } } },
              },
            },
          },
        },
      },
    },
  };
}

async function folder(): Promise<string> {
  // The written modules must find the packages that they import.
  const path = await mkdtemp("generated/.names-");
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function run(spec: string, out: string, options: { force?: true } = {}) {
  let printed = "";
  const print = (text: string) => void (printed += text);
  const code = await runGenerate(
    { spec, out, ...options },
    { stdout: print, stderr: print, collectResponses },
  );
  return { code, printed };
}

async function load(out: string, file: string) {
  const module = await import(`${process.cwd()}/${out}/${file}`);
  expect(globalThis).not.toHaveProperty("attacked");
  return module;
}

it.each(oddNames)("becomes code that loads and validates: %j", { timeout: 30_000 }, async (name) => {
  const path = await folder();
  await writeFile(join(path, "spec.json"), JSON.stringify(everywhere(name)));
  const out = join(path, "out");
  expect(await run(join(path, "spec.json"), out)).toMatchObject({ code: 0 });

  const [validators, { operations, calls }] = [
    await load(out, "validators.js"),
    await load(out, "client.js"),
  ];
  // A table that inherits from another object would know operations that nobody described.
  const { requestBody, parameters, responseBody, responseHeaders } = validators;
  const tables = [requestBody, parameters, responseBody, responseHeaders, operations, calls({})];
  expect(tables.map(Object.getPrototypeOf)).toEqual(tables.map(() => null));
  const property = name === "__proto__" ? "proto" : name;
  const validation = createValidation(validators);
  const violations = (body: unknown) =>
    validation
      .request(name, { mediaType: "application/json", body, pathParameters: {}, query: {}, headers: {} })
      .map(({ keyword }) => keyword);
  expect(Object.keys(operations)).toEqual([name]);
  expect(Object.keys(calls({}))).toEqual([name]);
  expect([violations({ [property]: name }), violations({ [property]: "other" }), violations({})]).toEqual([
    [],
    ["enum"],
    ["required"],
  ]);
  for (const file of ["schema.d.ts", "client.d.ts"]) {
    const text = await readFile(join(out, file), "utf8");
    const { diagnostics } = ts.transpileModule(text.replace(/^export /gm, ""), { reportDiagnostics: true });
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
    expect(text.replaceAll(/"(\\.|[^"\\])*"|\/\*[\s\S]*?\*\//g, "")).not.toContain("globalThis");
  }
  const responses = JSON.parse(await readFile(join(out, "responses.json"), "utf8"));
  expect(Object.keys(responses.operations)).toEqual([name]);
});

/** A description in which one text is the name of what has one. */
function named(name: string): Document {
  const key = name === "__proto__" ? "proto" : name;
  const ref = `#/components/schemas/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const schema = { $ref: encodeURI(ref) };
  const token = /^[\w!#$&^.+-]+$/.test(key) ? key : "odd";
  const content = { "application/json": { schema }, [`application/${token}`]: { schema } };
  return {
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
    servers: [
      {
        url: "http://localhost/{v}",
        variables: { v: { default: key.replaceAll(/[^a-z]/gi, ""), enum: [key] } },
      },
    ],
    tags: [{ name: key, description: key }],
    security: [{ [key]: [] }],
    paths: {
      [`/a/${key.replaceAll(/[{}?#]/g, "")}/{id}`]: {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", default: key } }],
        post: {
          parameters: [
            { name: key, in: "query", schema: { type: "string", enum: [key, "other"] } },
            { name: token, in: "header", schema: { type: "string", const: key } },
            { name: key, in: "cookie", schema: { type: "string" } },
          ],
          requestBody: { content },
          responses: {
            "200": {
              description: key,
              headers: { [token]: { schema: { type: "string", pattern: "a" }, description: key } },
              content: { "application/json": { schema, examples: { [key]: { summary: key, value: key } } } },
              links: { [key]: { operationId: key, description: key } },
            },
          },
          callbacks: {
            [key]: { "{$request.body#/url}": { post: { responses: { "200": { description: key } } } } },
          },
        },
      },
    },
    components: {
      schemas: {
        [key]: {
          oneOf: [
            { type: "string", const: key },
            { type: "object", properties: { [key]: { type: "string", default: key } }, required: [key] },
          ],
          description: key,
        },
      },
      securitySchemes: { [key]: { type: "apiKey", in: "header", name: token, description: key } },
    },
  };
}

it.each(oddNames)("as the name of anything becomes no code: %j", { timeout: 30_000 }, async (name) => {
  const path = await folder();
  await writeFile(join(path, "spec.json"), JSON.stringify(named(name)));
  const out = join(path, "out");
  const { code, printed } = await run(join(path, "spec.json"), out);
  // What a name cannot be is said at its place.
  if (code !== 0) return expect(printed.replaceAll(`${path}/`, "")).toMatch(/^spec\.json:\d+:\d+ /);
  for (const file of ["validators.js", "client.js"]) await load(out, file);
  for (const file of ["schema.d.ts", "client.d.ts"]) {
    const text = await readFile(join(out, file), "utf8");
    const { diagnostics } = ts.transpileModule(text.replace(/^export /gm, ""), { reportDiagnostics: true });
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
    expect(text.replaceAll(/"(\\.|[^"\\])*"|\/\*[\s\S]*?\*\//g, "")).not.toContain("globalThis");
  }
  expect(Object.prototype).not.toHaveProperty("attacked");
});

it.each([
  "a\nglobalThis.attacked = true;.json",
  "a\rglobalThis.attacked = true;.json",
  "a\u2028globalThis.attacked = true;.json",
  "a*\u2215.json",
  "\u001b[2J.json",
  "\u202eevil.json",
  "`a`.json",
])("a file name stays in its comment: %j", async (name) => {
  const path = await folder();
  await writeFile(join(path, name), JSON.stringify(everywhere("a")));
  expect(await run(join(path, name), join(path, "out"))).toMatchObject({ code: 0 });
  for (const file of ["validators.js", "client.js"]) {
    await load(join(path, "out"), file);
    const [first] = (await readFile(join(path, "out", file), "utf8")).split("\n");
    expect(first).toMatch(/^\/\/ Written by [^\p{Cc}\p{Zl}\p{Bidi_Control}]* Do not edit\.$/u);
  }
});

it("names that every object inherits are no routes, operations or statuses", async () => {
  const openapi = everywhere("toString");
  const route = createRouter(readOperations(openapi as never), "");
  expect(["/constructor", "/__proto__", "/toString"].map((path) => route("POST", path))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  const { createValidators } = await import("../../tools/generate/validators/compile.ts");
  const validators = await createValidators(openapi as never);
  expect([validators.requestBody, validators.responseBody].map((table) => table.constructor)).toEqual([
    undefined,
    undefined,
  ]);
});

it.each<[file: string, content: string]>([
  ["openapi.json", '{"openapi":"3.1.0"}'],
  ["openapi.json", "not JSON"],
  ["openapi.json", '{"x-generated-by":"another tool"}'],
  ["schema.d.ts", "export type A = string;\n"],
  ["validators.js", "// Mine\n"],
  ["validators.d.ts", ""],
  ["client.js", "// Written by hand\n"],
  ["client.d.ts", "\n// Written by `npm run generate` from a.yaml. Do not edit.\n"],
  ["sources.json", "[]"],
  ["responses.json", "null"],
])("a file of other making is not overwritten: %s with %j", async (file, content) => {
  const path = await folder();
  const out = join(path, "out");
  await writeFile(join(path, "spec.json"), JSON.stringify(everywhere("a")));
  await mkdir(out);
  await writeFile(join(out, file), content);
  expect(await run(join(path, "spec.json"), out)).toEqual({
    code: 2,
    printed: `${out}/${file} was not written by a generation, and is not overwritten. Name another folder with --out, or add --force to overwrite it.\n`,
  });
  expect(await readFile(join(out, file), "utf8")).toBe(content);
  expect(await run(join(path, "spec.json"), out, { force: true })).toMatchObject({ code: 0 });
  expect(await run(join(path, "spec.json"), out)).toMatchObject({ code: 0 });
});

it("a symbolic link in the folder is replaced, and what it leads to stays", async () => {
  const path = await folder();
  const out = join(path, "out");
  await writeFile(join(path, "spec.json"), JSON.stringify(everywhere("a")));
  await writeFile(join(path, "mine.txt"), "mine");
  await mkdir(out);
  await symlink("../mine.txt", join(out, "client.js"));
  expect(await run(join(path, "spec.json"), out)).toMatchObject({ code: 2 });
  expect(await run(join(path, "spec.json"), out, { force: true })).toMatchObject({ code: 0 });
  expect(await readFile(join(path, "mine.txt"), "utf8")).toBe("mine");
});
