import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import { emitValidators } from "../../../../tools/generate/emit/validators.ts";
import { SchemaError } from "../../../../tools/generate/validators/schema-error.ts";
import { workspace } from "../../workspace.ts";

const contract: JsonObject = {
  openapi: "3.1.0",
  info: { title: "T", version: "1" },
  paths: {
    "/things/{id}": {
      parameters: [{ $ref: "#/components/parameters/id" }],
      post: {
        operationId: "post",
        parameters: [
          { name: "limit", in: "query", schema: { type: "integer", minimum: 1 } },
          { name: "deep", in: "query", schema: { type: "array", items: { type: "boolean" } } },
          {
            name: "sizes",
            in: "query",
            explode: false,
            schema: { type: "array", items: { type: "integer" } },
          },
          {
            name: "words",
            in: "query",
            style: "pipeDelimited",
            explode: false,
            schema: { type: "array", maxItems: 2, items: { type: "string" } },
          },
          { name: "X-Trace", in: "header", required: true, schema: { type: "string", minLength: 3 } },
          { name: "Authorization", in: "header", required: true, schema: { type: "string" } },
          { name: "both", in: "query", content: { "application/json": { schema: {} } } },
        ],
        requestBody: { $ref: "#/components/requestBodies/thing" },
        responses: {
          200: {
            description: "ok",
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Thing" } },
              "text/plain": {},
            },
            headers: { "X-Count": { required: true, schema: { type: "integer" } } },
          },
          404: { description: "gone" },
        },
      },
      get: {
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
        responses: { 204: { description: "" } },
      },
    },
  },
  components: {
    parameters: {
      id: { name: "id", in: "path", required: true, schema: { $ref: "#/components/schemas/Id" } },
    },
    requestBodies: {
      thing: {
        required: true,
        content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } },
      },
    },
    schemas: {
      Id: { type: "string", pattern: "^[\\w-.]+$" },
      Thing: {
        type: "object",
        "x-vendor": { anything: true },
        "x-vendor.limit": 1,
        $anchor: "thing",
        example: {},
        xml: { name: "thing" },
        required: ["image"],
        additionalProperties: false,
        properties: {
          image: { type: "string", contentEncoding: "base64" },
          score: { type: "integer", minimum: 0, maximum: 9999 },
          name: { type: ["string", "null"], "x-order": 1 },
          children: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
          at: { type: "string", format: "date-time" },
          int32: { type: "integer", format: "int32" },
          int64: { type: "integer", format: "int64" },
          float: { type: "number", format: "float" },
          byte: { type: "string", format: "byte" },
          secret: { type: "string", format: "password" },
          odd: { type: "string", format: "vendor-format" },
        },
      },
    },
  },
};

/** Loads the module in a new Node process and validates there; `null` is valid, else the places and keywords. */
async function validate(values: [expression: string, value: unknown][]): Promise<unknown[]> {
  const { path } = await workspace(await emitValidators(contract), "test/tools");
  const script = `
    import * as validators from ${JSON.stringify(path("validators.js"))};
    const values = ${JSON.stringify(values)};
    console.log(JSON.stringify(values.map(([expression, value]) => {
      const validate = new Function("v", "return " + expression)(validators);
      return validate(value) ? value : validate.errors.map(({ instancePath, keyword }) => instancePath + " " + keyword);
    })));`;
  const output = execFileSync(
    "node_modules/.bin/node",
    ["--input-type=module", "-e", script.replaceAll('from "', `from "${process.cwd()}/`)],
    { encoding: "utf8" },
  );
  return JSON.parse(output);
}

it("a compiled body validator works in plain Node", async () => {
  const body = 'v.requestBody.post.content["application/json"]';
  const image = "AAAA";
  const table: [value: unknown, errors: string[] | undefined][] = [
    [{ image }, undefined],
    [{ image: "" }, undefined],
    [{ image: "QUI=" }, undefined],
    [{ image: "QQ==" }, undefined],
    ...["A", "AA", "AAA", "AAA=A===", "A===", "====", "AA-_", "AAA ", "AAAA\n", "ÄÖÜ="].map(
      (text): [unknown, string[]] => [{ image: text }, ["/image contentEncoding"]],
    ),
    [{ image: 1 }, ["/image type"]],
    [{}, [" required"]],
    [{ image, extra: 1 }, [" additionalProperties"]],
    [{ image, score: 9999 }, undefined],
    [{ image, score: 10_000 }, ["/score maximum"]],
    [{ image, score: "1" }, ["/score type"]],
    [{ image, name: null }, undefined],
    [{ image, name: 1 }, ["/name type"]],
    [
      { image, children: [{ image, children: [{ image: "A" }, {}] }] },
      ["/children/0/children/0/image contentEncoding", "/children/0/children/1 required"],
    ],
    [{ image, at: "2026-11-23T02:50:00Z" }, undefined],
    [{ image, at: "2026-11-23" }, ["/at format"]],
    [{ image, int32: 2 ** 31 - 1 }, undefined],
    [{ image, int32: 2 ** 31 }, ["/int32 format"]],
    [{ image, int64: -(2 ** 63) }, undefined],
    [{ image, int64: 2 ** 64 }, ["/int64 format"]],
    [{ image, float: 3.4e38 }, undefined],
    [{ image, float: 3.5e38 }, ["/float format"]],
    [{ image, byte: "QUI=" }, undefined],
    [{ image, byte: "QUI" }, ["/byte format"]],
    [{ image, secret: "x", odd: "x" }, undefined],
  ];
  const results = await validate(table.map(([value]) => [body, value]));
  expect(results).toEqual(table.map(([value, errors]) => errors ?? value));
});

it("parameters and headers are text, validated and converted to the declared types", async () => {
  const path = "v.parameters.post.path";
  const query = "v.parameters.post.query";
  const header = "v.parameters.post.header";
  const table: [expression: string, value: unknown, want: unknown][] = [
    [path, { id: "a-b.c" }, { id: "a-b.c" }],
    [path, { id: "a b" }, ["/id pattern"]],
    [path, {}, [" required"]],
    ['v.parameters["GET /things/{id}"].path', { id: "7" }, { id: 7 }],
    ['v.parameters["GET /things/{id}"].path', { id: "x" }, ["/id type"]],
    [query, { limit: "7", other: "x" }, { limit: 7, other: "x" }],
    [query, { limit: "0" }, ["/limit minimum"]],
    [query, { limit: "x" }, ["/limit type"]],
    [query, { deep: ["true", "false"] }, { deep: [true, false] }],
    [query, { deep: "true" }, { deep: [true] }],
    [query, { sizes: "1,2" }, { sizes: [1, 2] }],
    [query, { sizes: "1,x" }, ["/sizes/1 type"]],
    [query, { words: "a|b" }, { words: ["a", "b"] }],
    [query, { words: "a|b|c" }, ["/words maxItems"]],
    [header, { "x-trace": "abc" }, { "x-trace": "abc" }],
    [header, {}, [" required"]],
    ['v.responseHeaders.post["200"]', { "x-count": "3" }, { "x-count": 3 }],
    ['v.responseHeaders.post["200"]', { "x-count": "three" }, ["/x-count type"]],
  ];
  const results = await validate(table.map(([expression, value]) => [expression, value]));
  expect(results).toEqual(table.map(([, , want]) => want));
});

it("each operation has its row in each table", async () => {
  const { path } = await workspace(await emitValidators(contract), "test/tools");
  const { requestBody, parameters, responseBody, responseHeaders } = await import(
    `${process.cwd()}/${path("validators.js")}`
  );
  const fn = expect.any(Function);
  expect({ requestBody, parameters, responseBody, responseHeaders }).toEqual({
    requestBody: { post: { required: true, content: { "application/json": fn } } },
    parameters: { post: { path: fn, query: fn, header: fn }, "GET /things/{id}": { path: fn } },
    responseBody: {
      post: { 200: { "application/json": fn, "text/plain": fn }, 404: {} },
      "GET /things/{id}": { 204: {} },
    },
    responseHeaders: { post: { 200: fn }, "GET /things/{id}": {} },
  });
  // One compiled function for one schema, whoever refers to it.
  expect(requestBody.post.content["application/json"]).toBe(responseBody.post[200]["application/json"]);
});

it("10 MB of Base64 are checked without a stack overflow", async () => {
  const { path } = await workspace(await emitValidators(contract), "test/tools");
  const { requestBody } = await import(`${process.cwd()}/${path("validators.js")}`);
  const validate = requestBody.post.content["application/json"];
  const image = "A".repeat(14_000_000);
  expect(validate({ image })).toBe(true);
  expect(validate({ image: `${image}===A` })).toBe(false);
});

it("a schema that does not compile is an error with its place, all of them at once", async () => {
  const broken = structuredClone(contract);
  Object.assign((broken.components as JsonObject).schemas as JsonObject, {
    Id: { type: "string", minLenght: 1 },
    Thing: { type: "object", properties: { a: { $ref: "#/components/schemas/Gone" } } },
  });
  const error = await emitValidators(broken).catch((reason) => reason);
  expect(error).toBeInstanceOf(SchemaError);
  expect({ code: error.code, schemas: error.schemas }).toEqual({
    code: "SCHEMA_INVALID",
    schemas: [
      {
        pointer: "/components/schemas/Thing",
        message: "does not compile: can't resolve reference #/components/schemas/Gone from id contract:.",
      },
      {
        pointer: "/paths/~1things~1{id}/post",
        message: 'does not compile: strict mode: unknown keyword: "minLenght".',
      },
    ],
  });
});
