import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import { emitSchema } from "../../../../tools/generate/emit/schema.ts";

/** Each is a contract that openapi-typescript alone writes wrong types of, or none. */
const contracts: [title: string, contract: JsonObject, uses: string][] = [
  [
    "a reference to a schema of an operation",
    contractOf(
      { type: "object", properties: { same: { $ref: at("/shelf", "items", "properties", "title") } } },
      { "/shelf": operationOf({ type: "array", items: { properties: { title: { type: "string" } } } }) },
    ),
    "const same: Body = { same: 'a' };",
  ],
  [
    "a reference into a schema that may be null",
    contractOf(
      { properties: { inner: { $ref: "#/components/schemas/Box/properties/inner" } } },
      {},
      { Box: { type: ["object", "null"], properties: { inner: { type: "number" } } } },
    ),
    "const inner: Body = { inner: 1 };",
  ],
  [
    "a reference into a composition",
    contractOf(
      { $ref: "#/components/schemas/Both/allOf/1" },
      {},
      {
        Both: { allOf: [{ type: "object" }, { type: "object", properties: { size: { type: "number" } } }] },
      },
    ),
    "const part: Body = { size: 1 };",
  ],
  [
    "a reference to a schema that contains itself",
    contractOf(
      { $ref: "#/components/schemas/Tree/properties/children/items" },
      {},
      {
        Tree: {
          type: "object",
          properties: {
            children: {
              type: "array",
              items: {
                type: "object",
                properties: { next: { $ref: "#/components/schemas/Tree/properties/children/items" } },
              },
            },
          },
        },
      },
    ),
    "const tree: Body = { next: { next: {} } };",
  ],
  [
    "a reference to schemas outside the components",
    {
      ...contractOf({ $ref: "#/definitions/Old" }),
      definitions: { Old: { type: "object", properties: { old: { type: "boolean" } } } },
    },
    "const old: Body = { old: true };",
  ],
  [
    "references to a parameter, a response and a header of an operation",
    {
      ...contractOf({ type: "string" }),
      paths: {
        "/thing": operationOf({ type: "string" }),
        "/other": {
          get: {
            parameters: [{ $ref: "#/paths/~1shared/get/parameters/0" }],
            responses: { default: { $ref: "#/paths/~1shared/get/responses/200" } },
          },
        },
        "/shared": {
          get: {
            parameters: [{ name: "page", in: "query", schema: { type: "integer" } }],
            responses: {
              "200": {
                description: "",
                headers: { "X-Count": { schema: { type: "integer" } } },
                content: {
                  "application/json": {
                    schema: { type: "object", properties: { many: { type: "number" } } },
                  },
                },
              },
            },
          },
        },
      },
    },
    `type Other = paths["/other"]["get"];
     const query: Other["parameters"]["query"] = { page: 1 };
     const many: Other["responses"]["default"]["content"]["application/json"] = { many: 2 };
     const count: Other["responses"]["default"]["headers"]["X-Count"] = 3;`,
  ],
  [
    "a discriminator's property that a schema repeats",
    contractOf(
      { $ref: "#/components/schemas/Dog" },
      {},
      {
        Animal: {
          type: "object",
          required: ["kind"],
          properties: { kind: { type: "string" } },
          discriminator: { propertyName: "kind" },
        },
        Dog: {
          allOf: [{ $ref: "#/components/schemas/Animal" }],
          properties: { kind: { type: "string" }, barks: { type: "boolean" } },
        },
      },
    ),
    "const dog: Body = { kind: 'Dog', barks: true };",
  ],
  [
    "null beside a choice that contains itself",
    contractOf(
      { $ref: "#/components/schemas/Item" },
      {},
      {
        Item: {
          type: "null",
          oneOf: [{ type: "string" }, { type: "array", items: { $ref: "#/components/schemas/Item" } }],
        },
      },
    ),
    "const item: Body = ['a', [null]];",
  ],
  [
    "a list that contains itself by way of another list",
    contractOf(
      { $ref: "#/components/schemas/Rows" },
      {},
      {
        Rows: { type: "array", items: { $ref: "#/components/schemas/Cells" } },
        Cells: { anyOf: [{ type: "number" }, { $ref: "#/components/schemas/Rows" }] },
      },
    ),
    "const rows: Body = [1, [2]];",
  ],
  [
    "properties that are required of a schema that may be null",
    contractOf(
      { allOf: [{ $ref: "#/components/schemas/Plan" }], required: ["day"] },
      {},
      { Plan: { type: ["object", "null"], properties: { day: { type: "string" } } } },
    ),
    "const plan: Body = { day: 'Monday' };",
  ],
  [
    "true and false in compositions",
    contractOf(
      { allOf: [true, { type: "object", properties: { a: { type: "string" } } }] },
      {},
      {
        Chosen: {
          discriminator: { propertyName: "kind" },
          oneOf: [false, { type: "object", properties: { kind: { type: "string" } } }],
        },
      },
    ),
    "const a: Body = { a: 'a' };",
  ],
];

test("the types of odd references and compositions compile, and say what is referred to", async () => {
  const folder = mkdtempSync(join(tmpdir(), "types-"));
  try {
    const files = [];
    for (const [index, [, contract, uses]] of contracts.entries()) {
      const { "schema.d.ts": types } = await emitSchema(contract);
      const file = join(folder, `${index}.ts`);
      writeFileSync(
        file,
        `${types}\ntype Body = paths["/thing"]["get"]["responses"][200]["content"]["application/json"];\n${uses}\n`,
      );
      files.push(file);
    }
    const program = ts.createProgram(files, {
      strict: true,
      noEmit: true,
      types: [],
      target: ts.ScriptTarget.ES2024,
      skipDefaultLibCheck: true,
    });
    const errors = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
      contract: contracts[Number(/(\d+)\.ts$/.exec(file?.fileName ?? "")?.[1])]?.[0],
      error: ts.flattenDiagnosticMessageText(messageText, "\n"),
    }));
    expect(errors).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a contract whose references all lead to components is written as it is", async () => {
  const contract = contractOf({ $ref: "#/components/schemas/Box" }, {}, { Box: { type: "object" } });
  const { "schema.d.ts": types } = await emitSchema(contract);
  expect(types).toContain('"application/json": components["schemas"]["Box"];');
  expect(Object.keys((contract.components as JsonObject).schemas!)).toEqual(["Box"]);
});

function contractOf(schema: JsonObject, others: JsonObject = {}, schemas?: JsonObject): JsonObject {
  return {
    openapi: "3.1.0",
    info: { title: "Odd", version: "1" },
    paths: { "/thing": operationOf(schema), ...others },
    ...(schemas && { components: { schemas } }),
  };
}

function operationOf(schema: JsonObject): JsonObject {
  return { get: { responses: { "200": { description: "", content: { "application/json": { schema } } } } } };
}

function at(path: string, ...inside: string[]): string {
  const below = [
    "paths",
    path.replace("/", "~1"),
    "get",
    "responses",
    "200",
    "content",
    "application~1json",
    "schema",
  ];
  return `#/${[...below, ...inside].join("/")}`;
}
