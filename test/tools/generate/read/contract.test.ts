import { describe, expect, it } from "vitest";
import { workspace } from "../../workspace.ts";

const head = `swagger: "2.0"\ninfo: { title: T, version: "1" }\n`;
/** One operation, `GET /a/{id}`; its own lines start at line 9 of the file. */
const operation = (lines: string, path = "/a") =>
  `${head}paths:\n  ${path}:\n    get:\n      responses:\n        200: { description: ok }\n${lines}`;
const good = operation("");
const parameters = (...lines: string[]) =>
  operation(`      parameters:\n${lines.map((line) => `        - ${line}\n`).join("")}`);

const swaggers: [problem: string, swagger: string | undefined, problems: string[]][] = [
  ["a file that is not there", undefined, ["spec.yaml:1:1 The file is not there."]],
  ["an empty file", " \n", ["spec.yaml:1:1 The file is empty."]],
  ["YAML syntax", `${head}paths: {\n`, ["spec.yaml:4:1 YAML syntax: deficient indentation."]],
  ["a duplicate key", `${good}      responses: {}\n`, ['spec.yaml:8:7 The key "responses" is there twice.']],
  ["a list for a document", "- 1\n", ["spec.yaml:1:1 The document is not an object."]],
  [
    "no version",
    "info: {}\n",
    ["spec.yaml:1:1 None of the fields swagger, openapi and overlay is there to say the version."],
  ],
  [
    "Swagger 1.2",
    `swagger: "1.2"\n`,
    ["spec.yaml:1:10 The version swagger 1.2 is not supported; Swagger 2.0 is."],
  ],
  [
    "OpenAPI 4",
    `info: {}\nopenapi: 4.0.0\n`,
    ["spec.yaml:2:10 The version openapi 4.0.0 is not supported; OpenAPI 3.0 and 3.1 are."],
  ],
  ["an alias in itself", `x-a: &a\n  b: *a\n`, ["spec.yaml:2:7 The alias contains itself."]],
  ["a value that JSON lacks", `x-a: .nan\n`, ["spec.yaml:1:6 The value has no form in JSON."]],
  [
    "an overlay for a Swagger",
    "overlay: 1.0.0\n",
    ["spec.yaml:1:1 The file is of the kind overlay; expected swagger or openapi."],
  ],
  [
    "a dangling $ref",
    `${good}definitions:\n  A: { properties: { b: { $ref: "#/definitions/B" } } }\n`,
    ['spec.yaml:9:33 The $ref "#/definitions/B" points at nothing.'],
  ],
  [
    "a looping $ref",
    `${good}definitions:\n  A: { $ref: "#/definitions/B" }\n  B: { $ref: "#/definitions/A" }\n`,
    [
      'spec.yaml:9:14 The $ref "#/definitions/B" leads back to itself.',
      'spec.yaml:10:14 The $ref "#/definitions/A" leads back to itself.',
    ],
  ],
  [
    "a remote $ref",
    `${good}definitions:\n  A: { $ref: "https://example.com/a.yaml#/A" }\n`,
    [
      'spec.yaml:9:14 The $ref "https://example.com/a.yaml#/A" cannot be followed: remote documents are not fetched; save the file here and refer to it by a relative path.',
    ],
  ],
  [
    "a $ref to a file that is not there",
    `${good}definitions:\n  A: { $ref: "gone.yaml#/A" }\n`,
    ['spec.yaml:9:14 The $ref "gone.yaml#/A" cannot be followed: the file is not there.'],
  ],
  [
    "a path parameter that the path lacks, and not required",
    parameters("{ name: id, in: path, type: string }"),
    [
      "spec.yaml:9:11 The path parameter id is not in the path /a.",
      "spec.yaml:9:11 The path parameter id must have required: true. It is read so. (warning)",
    ],
  ],
];

const tolerated: [problem: string, swagger: string, problems: string[]][] = [
  [
    "a version without quotes",
    good.replace('"2.0"', "2.0"),
    ['spec.yaml:1:10 The version is not text; write it in quotes, as in swagger: "2.0". It is read as 2.0.'],
  ],
  [
    "a path parameter declared in query",
    operation("      parameters:\n        - { name: id, in: query, type: string }\n", "/a/{id}"),
    [
      "spec.yaml:9:11 GET /a/{id}: the parameter id is declared in query, although the path has {id}. It is read as a parameter of the path.",
    ],
  ],
  [
    "a path parameter that nobody declares",
    operation("", "/a/{id}"),
    ["spec.yaml:5:5 GET /a/{id} does not declare the path parameter id. It is read as a text."],
  ],
  [
    "two body parameters",
    parameters(
      "{ name: a, in: body, schema: { type: object } }",
      "{ name: b, in: body, schema: { type: object } }",
    ),
    ["spec.yaml:10:11 GET /a has two body parameters. The first one counts."],
  ],
  [
    "body with formData",
    parameters("{ name: a, in: body, schema: { type: object } }", "{ name: b, in: formData, type: string }"),
    ["spec.yaml:10:11 GET /a has a body and formData. The body counts."],
  ],
  [
    "unknown in",
    parameters("{ name: a, in: bogus, type: string }"),
    [
      'spec.yaml:9:26 `in` can be one of the following only: "query", "header", "path", "formData", "body". It is left out.',
    ],
  ],
  [
    "a duplicate parameter",
    parameters("{ name: a, in: query, type: string }", "{ name: a, in: query, type: string }"),
    ["spec.yaml:10:11 The parameter a in query is declared twice. The first one counts."],
  ],
  [
    "a duplicate operationId",
    operation("      operationId: A\n    put: { operationId: A, responses: { 200: { description: ok } } }\n"),
    [
      "spec.yaml:9:25 The operationId A is used twice: by GET /a and by PUT /a. The second one is read as A_2.",
    ],
  ],
  [
    "missing responses",
    `${head}paths:\n  /a:\n    get: {}\n    put: { responses: {} }\n`,
    [
      'spec.yaml:5:5 The field `responses` must be present on this level. It is read as {"default":{"description":""}}.',
      'spec.yaml:6:12 PUT /a has no response. It is read as {"default":{"description":""}}.',
    ],
  ],
  [
    "collectionFormat tsv",
    parameters("{ name: a, in: query, type: array, items: { type: string }, collectionFormat: tsv }"),
    ["spec.yaml:9:89 OpenAPI 3 has no collectionFormat tsv in query. The list is read as one text."],
  ],
  [
    "paths that differ only in names",
    `${head}paths:\n${["a", "b"].map((name) => `  /{${name}}:\n    parameters: [{ name: ${name}, in: path, required: true, type: string }]\n`).join("")}`,
    [
      "spec.yaml:6:3 The paths /{a} and /{b} differ only in the names of their parameters. A request belongs to the first one.",
    ],
  ],
  [
    "an unknown security scheme",
    operation("      security: [{ key: [] }]\n"),
    ["spec.yaml:8:20 GET /a asks for the security scheme key, which is not defined. It is left out."],
  ],
  [
    "an unknown security scheme for all operations",
    `${good}security: [{ key: [] }]\n`,
    ["spec.yaml:8:14 The document asks for the security scheme key, which is not defined. It is left out."],
  ],
  [
    "an unknown property",
    operation("      sumary: x\n"),
    ["spec.yaml:8:7 Property `sumary` is not expected here. It is left out."],
  ],
];

describe("a fault that leaves a contract", () => {
  it.each(tolerated)("%s is a warning", async (_, swagger, problems) => {
    const { run, written } = await workspace({ "spec.yaml": swagger });
    const stderr = problems.map((problem) => `${problem} (warning)\n`).join("");
    expect(await run()).toMatchObject({ code: 0, stderr });
    expect(await written()).not.toEqual([]);
  });

  it.each(tolerated)("%s is an error with --strict", async (_, swagger, problems) => {
    const { run, written } = await workspace({ "spec.yaml": swagger });
    expect(await run({ strict: true })).toEqual({ code: 2, stdout: "", stderr: `${problems.join("\n")}\n` });
    expect(await written()).toEqual([]);
  });
});

const json = (text: string) => ({ "spec.json": text });

it("a fault of a JSON file that leaves a contract", async () => {
  const { run } = await workspace(json('{"swagger":"2.0","info":{"title":"T","version":1},\n "paths":{}}'));
  expect(await run({ spec: "spec.json" })).toMatchObject({
    code: 0,
    stderr: 'spec.json:1:48 Expected type `string` but got `integer`. It is read as "1". (warning)\n',
  });
});

describe("a broken Swagger stops with every problem at its place, and nothing is written", () => {
  it.each(swaggers)("%s", async (_, swagger, problems) => {
    const { run, written } = await workspace(swagger === undefined ? {} : { "spec.yaml": swagger });
    expect(await run()).toEqual({ code: 2, stdout: "", stderr: `${problems.join("\n")}\n` });
    expect(await written()).toEqual([]);
  });

  it.each([
    ["UTF-16", Buffer.from(`\uFEFF${good}`, "utf16le"), "spec.yaml:1:1"],
    ["Latin-1", Buffer.from(`${head}# \u00e4\n`, "latin1"), "spec.yaml:3:3"],
  ])("%s text", async (_, bytes, place) => {
    const { run, put, written } = await workspace({});
    await put({ "spec.yaml": bytes });
    const stderr = `${place} The bytes here are not UTF-8; save the file as UTF-8.\n`;
    expect(await run()).toEqual({ code: 2, stdout: "", stderr });
    expect(await written()).toEqual([]);
  });

  it.each([
    [
      "JSON syntax",
      '{\n  "swagger": "2.0"\n  "info": {}\n "paths": {}}',
      ["spec.json:3:3 JSON syntax: comma expected.", "spec.json:4:2 JSON syntax: comma expected."],
    ],
    [
      "a duplicate key in JSON",
      '{\n "swagger": "2.0",\n "swagger": "2.0"}',
      ['spec.json:3:2 The key "swagger" is there twice.'],
    ],
    [
      "a comment in JSON",
      '{\n // no\n "swagger": "2.0" }',
      ["spec.json:2:2 JSON syntax: invalid comment token."],
    ],
    [
      "JSON without a floor",
      `{"swagger":"2.0","x-a":${"[".repeat(100_000)}`,
      ["spec.json:1:123 JSON syntax: nesting exceeded 100 levels."],
    ],
  ])("%s", async (_, text, problems) => {
    const { run, written } = await workspace(json(text));
    expect(await run({ spec: "spec.json" })).toEqual({
      code: 2,
      stdout: "",
      stderr: `${problems.join("\n")}\n`,
    });
    expect(await written()).toEqual([]);
  });

  it("a directory", async () => {
    const { run } = await workspace({});
    expect((await run({ spec: "" })).stderr).toMatch(/:1:1 This is a directory, not a file\.\n$/);
  });

  it("a keyword that no validator can be made of is left out, and refused when strict", async () => {
    const swagger = `${head}paths:
  /a:
    get:
      responses:
        200: { description: ok, schema: { $ref: "#/definitions/A" } }
        400:
          description: bad
          schema: { type: string, pattern: "(" }
definitions:
  A: { properties: { b: { type: string, minLength: 5, pattern: "[" } } }
`;
    const { run, written } = await workspace({ "spec.yaml": swagger });
    const { code, stderr } = await run();
    expect(stderr).toBe(
      [
        "spec.yaml:10:44 Invalid regular expression: /(/: Unterminated group. It is left out. (warning)",
        "spec.yaml:12:64 Invalid regular expression: /[/: Unterminated character class. It is left out. (warning)",
        "",
      ].join("\n"),
    );
    expect(code).toBe(0);
    expect(await written()).not.toEqual([]);
    const { code: strictly } = await run({ strict: true });
    expect(strictly).toBe(2);
  });

  it("problems of a file that is referred to", async () => {
    const { run } = await workspace({
      "spec.yaml": `${good}definitions:\n  A: { $ref: "other.yaml#/A" }\n`,
      "other.yaml": "A:\n  type: object\n  propertys: {}\n",
    });
    expect((await run()).stderr).toBe(
      "other.yaml:3:3 Property `propertys` is not expected here. It is left out. (warning)\n",
    );
  });
});

it("references that loop through another file", async () => {
  const { run } = await workspace({
    "spec.yaml": `${good}definitions:\n  A: { $ref: "other.yaml#/B" }\n`,
    "other.yaml": 'B: { $ref: "spec.yaml#/definitions/A" }\n',
  });
  expect((await run()).stderr).toBe(
    "spec.yaml:9:14 The $refs from here through other files lead back to themselves.\n",
  );
});

const overlay = (actions: string, version = "1.1.0") =>
  `overlay: ${version}\ninfo: { title: T, version: "1" }\nactions:\n${actions}`;

const overlays: [problem: string, overlay: string | undefined, problems: string[]][] = [
  ["a file that is not there", undefined, ["overlay.yaml:1:1 The file is not there."]],
  ["YAML syntax", "overlay: [\n", ["overlay.yaml:2:1 YAML syntax: deficient indentation."]],
  [
    "an unknown version",
    overlay("", "2.0.0"),
    ["overlay.yaml:1:10 The version overlay 2.0.0 is not supported; Overlay 1.0 and 1.1 are."],
  ],
  [
    "nothing in it",
    "overlay: 1.0.0\n",
    [
      "overlay.yaml:1:1 The overlay needs actions, a list of at least one.",
      "overlay.yaml:1:1 The overlay's info needs title, a text.",
      "overlay.yaml:1:1 The overlay's info needs version, a text.",
    ],
  ],
  [
    "a bad JSONPath",
    overlay("  - target: $.paths[\n    remove: true\n"),
    ["overlay.yaml:4:13 target $.paths[ is not a JSONPath: unclosed bracketed selection."],
  ],
  [
    "an unmatched target",
    overlay(
      "  - target: $.info\n    update: { x-a: 1 }\n  - target: $.paths['/subjects'].post\n    remove: true\n",
    ),
    [
      "overlay.yaml:6:13 target $.paths['/subjects'].post matches nothing. The base file may have changed; update or remove this action.",
    ],
  ],
  [
    "an object on a string",
    overlay("  - target: $.info\n    update:\n      title: { a: 1 }\n"),
    ["overlay.yaml:6:7 an object cannot be merged into a string at /info/title."],
  ],
  [
    "a string on an object",
    overlay("  - target: $.info\n    update: x\n"),
    ["overlay.yaml:5:5 a string cannot be merged into an object at /info."],
  ],
  [
    "an array on an object",
    overlay("  - target: $.paths['/a'].get\n    update: { responses: [] }\n"),
    ["overlay.yaml:5:15 an array cannot be merged into an object at /paths/~1a/get/responses."],
  ],
  [
    "a primitive target in Overlay 1.0",
    overlay("  - target: $.info.title\n    update: x\n", "1.0.0"),
    [
      "overlay.yaml:4:13 target $.info.title matches a primitive value; Overlay 1.0 updates objects and arrays only, 1.1 also primitive values.",
    ],
  ],
  [
    "targets of several kinds",
    overlay("  - target: $.*\n    update: {}\n"),
    ["overlay.yaml:4:13 target $.* matches nodes of several kinds (object, primitive)."],
  ],
  [
    "the document removed",
    overlay("  - target: $\n    remove: true\n"),
    ["overlay.yaml:4:13 target $ is the whole document, which cannot be removed."],
  ],
  ["no target", overlay("  - remove: true\n"), ["overlay.yaml:4:5 The action has no target."]],
  [
    "nothing to do",
    overlay("  - target: $\n"),
    ["overlay.yaml:4:5 The action changes nothing: it has no update, copy or remove."],
  ],
  [
    "copy in Overlay 1.0",
    overlay("  - target: $.info\n    copy: $.info\n", "1.0.0"),
    ["overlay.yaml:5:5 Overlay 1.0.0 has no field copy in an action."],
  ],
  [
    "copy of several nodes",
    overlay("  - target: $.info\n    copy: $.info.*\n"),
    ["overlay.yaml:5:11 copy $.info.* matches 2 nodes; it must match exactly one."],
  ],
  [
    "a problem that the overlay introduces",
    overlay(
      '  - target: $.paths\n    update:\n      /b:\n        get:\n          responses: { "200": {} }\n',
    ),
    ["overlay.yaml:8:24 The field `description` must be present on this level."],
  ],
  [
    "a dangling $ref that the overlay introduces",
    overlay(
      '  - target: $.paths\n    update:\n      /b:\n        get:\n          responses: { "200": { $ref: "#/x" } }\n',
    ),
    ['overlay.yaml:8:33 The $ref "#/x" points at nothing.'],
  ],
];

describe("a broken overlay stops with every problem at its place, and nothing is written", () => {
  it.each(overlays)("%s", async (_, text, problems) => {
    const { run, written } = await workspace({
      "spec.yaml": good,
      ...(text !== undefined && { "overlay.yaml": text }),
    });
    expect(await run({ overlay: "overlay.yaml" })).toEqual({
      code: 2,
      stdout: "",
      stderr: `${problems.join("\n")}\n`,
    });
    expect(await written()).toEqual([]);
  });

  it("problems of both files come in one run", async () => {
    const { run } = await workspace({ "spec.yaml": "", "overlay.yaml": "" });
    expect((await run({ overlay: "overlay.yaml" })).stderr).toBe(
      "overlay.yaml:1:1 The file is empty.\nspec.yaml:1:1 The file is empty.\n",
    );
  });
});

describe("a problem of the operations in the base file", () => {
  const faulty = operation("      parameters:\n        - { name: id, in: query, type: string }\n", "/a/{id}");
  const place =
    "spec.yaml:9:11 GET /a/{id}: the parameter id is declared in query, although the path has {id}.";

  it("is a warning when the overlay corrects it", async () => {
    const correction = overlay(
      "  - target: $.paths['/a/{id}'].get.parameters[0]\n    update: { in: path, required: true }\n",
    );
    const { run } = await workspace({ "spec.yaml": faulty, "overlay.yaml": correction });
    const { code, stderr } = await run({ overlay: "overlay.yaml" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${place} (the overlay mends this)\n` });
  });

  it("is at its own place when the overlay leaves it", async () => {
    const other = overlay("  - target: $.info\n    update: { x-a: 1 }\n");
    const { run } = await workspace({ "spec.yaml": faulty, "overlay.yaml": other });
    const { code, stderr } = await run({ overlay: "overlay.yaml" });
    const printed = `${place} It is read as a parameter of the path.`;
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${printed} (warning)\n` });
    expect((await run({ overlay: "overlay.yaml", strict: true })).stderr).toBe(`${printed}\n`);
  });
});

describe("an action with x-phase: base", () => {
  const faulty = operation("      sumary: x\n      consumes: application/json\n");
  const printed =
    "spec.yaml:8:7 Property `sumary` is not expected here. It is left out. (warning)\nspec.yaml:9:17 Expected type `array` but got `string`. It is read as a list of one. (warning)\n";
  const mend = (phase: string) =>
    `  - target: $.paths['/a'].get.sumary\n    ${phase}\n    remove: true\n  - target: $.paths['/a'].get.consumes\n    ${phase}\n    update: [application/json]\n`;
  const run = async (text: string, strict = false) => {
    const { run } = await workspace({ "spec.yaml": faulty, "overlay.yaml": text });
    const { code, stderr } = await run({ overlay: "overlay.yaml", strict });
    return { code, stderr };
  };

  it("sees the file as it is written", async () => {
    expect(await run(overlay("  - target: $.info\n    update: { x-a: 1 }\n"))).toEqual({
      code: 0,
      stderr: printed,
    });
    const removed = overlay(
      "  - target: $.paths['/a'].get.sumary\n    x-phase: base\n    remove: true\n  - target: $.paths['/a'].get\n    x-phase: base\n    update: { x-note: ours }\n",
    );
    expect((await run(removed)).stderr).toBe(`${printed.split("\n")[1]}\n`);
  });

  it("may be every action, but for one that is for the contract", async () => {
    const text = `x-phase: base\n${overlay(
      "  - target: $.swagger\n    update: '2.0'\n  - target: $.openapi\n    x-phase: contract\n    update: 3.1.1\n",
    )}`;
    expect(await run(text)).toEqual({ code: 0, stderr: printed });
  });

  it("has its problems at its place", async () => {
    expect(await run(overlay(mend("x-phase: vendor")))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("overlay.yaml:5:14 x-phase must be base or contract.\n"),
    });
    expect(await run(overlay(mend("x-phase: base")))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("overlay.yaml:9:5 an array cannot be merged into a string"),
    });
    const wrong = overlay("  - target: $.paths['/a'].get\n    x-phase: base\n    update: { colour: red }\n");
    expect((await run(wrong)).stderr).toBe(
      `overlay.yaml:6:15 Property \`colour\` is not expected here. It is left out. (warning)\n${printed}`,
    );
  });
});

it("one run names problems of every kind, those of schemas too", async () => {
  const { run } = await workspace({
    "spec.yaml": `${parameters("{ name: q, in: query, type: string, pattern: '(' }")}      security: [{ key: [] }]
      odd: x
definitions:
  A: { $ref: "#/definitions/B" }
`,
  });
  expect((await run()).stderr).toBe(
    [
      "spec.yaml:9:56 Invalid regular expression: /(/: Unterminated group. It is left out. (warning)",
      "spec.yaml:10:20 GET /a asks for the security scheme key, which is not defined. It is left out. (warning)",
      "spec.yaml:11:7 Property `odd` is not expected here. It is left out. (warning)",
      'spec.yaml:13:14 The $ref "#/definitions/B" points at nothing.',
      "",
    ].join("\n"),
  );
});

it("references that stand in the place of others do not multiply without end", async () => {
  const levels = Array.from({ length: 30 }, (_, index) => {
    const next = `{ properties: { $ref: "#/definitions/A${index + 1}/properties" } }`;
    return `  A${index}: { properties: { a: ${next}, b: ${next} } }\n`;
  });
  const { run } = await workspace({
    "spec.yaml": `${good}definitions:\n${levels.join("")}  A30: { properties: {} }\n`,
  });
  const { code, stderr } = await run();
  expect({ code, lines: stderr.trim().split("\n").length }).toEqual({ code: 2, lines: 1 });
  expect(stderr).toMatch(
    /^spec\.yaml:\d+:\d+ The \$ref ".*" and others bring in more than 100000 objects\.\n$/,
  );
});
