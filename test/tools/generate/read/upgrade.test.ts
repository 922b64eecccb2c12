import { expect, it } from "vitest";
import { parametersOf, readOperations } from "../../../../contracts/openapi/operations.ts";
import { buildContract } from "../../../../tools/generate/read/contract.ts";
import { readDocument } from "../../../../tools/generate/read/document.ts";
import { workspace } from "../../workspace.ts";

const swagger = {
  swagger: "2.0",
  info: { title: "T", version: "1" },
  host: "api.example",
  basePath: "/v1",
  schemes: ["https"],
  consumes: ["application/json"],
  produces: ["application/json"],
  securityDefinitions: { key: { type: "apiKey", in: "header", name: "x-api-key", "x-vendor": "kept" } },
  security: [{ key: [] }],
  parameters: {
    limit: { name: "limit", in: "query", type: "integer", format: "int32", maximum: 50, default: 10 },
  },
  responses: { Bad: { description: "bad", schema: { $ref: "#/definitions/Error" } } },
  paths: {
    "/things/{id}": {
      parameters: [{ name: "id", in: "path", required: true, type: "string" }],
      get: {
        operationId: "read",
        parameters: [
          { $ref: "#/parameters/limit" },
          { name: "tags", in: "query", type: "array", items: { type: "string" }, collectionFormat: "pipes" },
          { name: "X-Trace", in: "header", type: "string" },
        ],
        responses: {
          200: {
            description: "ok",
            schema: { $ref: "#/definitions/Thing" },
            headers: { "X-Count": { type: "integer" } },
            examples: { "application/json": { name: "a" } },
          },
          400: { $ref: "#/responses/Bad" },
        },
      },
      put: {
        operationId: "write",
        parameters: [{ name: "body", in: "body", required: true, schema: { $ref: "#/definitions/Thing" } }],
        responses: { 204: { description: "done" } },
      },
    },
    "/upload": {
      post: {
        operationId: "upload",
        consumes: ["multipart/form-data"],
        parameters: [
          { name: "file", in: "formData", type: "file", required: true },
          { name: "note", in: "formData", type: "string" },
        ],
        responses: { 201: { description: "made" } },
      },
    },
  },
  definitions: {
    Thing: {
      type: "object",
      properties: {
        name: { type: "string", "x-nullable": true },
        blob: { type: "string", format: "byte" },
        size: { type: "number", minimum: 0, exclusiveMinimum: true },
        kind: { type: "string", enum: ["a", "b"] },
        parent: { $ref: "#/definitions/Thing" },
      },
    },
    Error: { type: "object", properties: { message: { type: "string", example: "no" } } },
  },
};

it("a Swagger 2.0 document arrives as OpenAPI 3.1 with nothing lost", async () => {
  const { path } = await workspace({ "spec.json": JSON.stringify(swagger) });
  const { openapi, warnings } = await buildContract({ spec: path("spec.json") });
  const thing = { $ref: "#/components/schemas/Thing" };
  expect({ openapi, warnings }).toEqual({
    warnings: [],
    openapi: {
      openapi: "3.1.1",
      info: { title: "T", version: "1" },
      servers: [{ url: "https://api.example/v1" }],
      security: [{ key: [] }],
      paths: {
        "/things/{id}": {
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
          get: {
            operationId: "read",
            parameters: [
              { $ref: "#/components/parameters/limit" },
              {
                name: "tags",
                in: "query",
                style: "pipeDelimited",
                schema: { type: "array", items: { type: "string" } },
              },
              { name: "X-Trace", in: "header", schema: { type: "string" } },
            ],
            responses: {
              200: {
                description: "ok",
                headers: { "X-Count": { schema: { type: "integer" } } },
                content: {
                  "application/json": { schema: thing, examples: { response: { value: { name: "a" } } } },
                },
              },
              400: { $ref: "#/components/responses/Bad" },
            },
          },
          put: {
            operationId: "write",
            requestBody: { required: true, content: { "application/json": { schema: thing } } },
            responses: { 204: { description: "done" } },
          },
        },
        "/upload": {
          post: {
            operationId: "upload",
            requestBody: {
              required: true,
              content: {
                "multipart/form-data": {
                  schema: {
                    type: "object",
                    properties: {
                      file: { contentMediaType: "application/octet-stream" },
                      note: { type: "string" },
                    },
                    required: ["file"],
                  },
                },
              },
            },
            responses: { 201: { description: "made" } },
          },
        },
      },
      components: {
        parameters: {
          limit: {
            name: "limit",
            in: "query",
            schema: { type: "integer", format: "int32", maximum: 50, default: 10 },
          },
        },
        responses: {
          Bad: {
            description: "bad",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
          },
        },
        securitySchemes: { key: { type: "apiKey", in: "header", name: "x-api-key", "x-vendor": "kept" } },
        schemas: {
          Thing: {
            type: "object",
            properties: {
              name: { type: ["string", "null"] },
              blob: { type: "string", contentEncoding: "base64" },
              size: { type: "number", exclusiveMinimum: 0 },
              kind: { type: "string", enum: ["a", "b"] },
              parent: thing,
            },
          },
          Error: { type: "object", properties: { message: { type: "string", examples: ["no"] } } },
        },
      },
    },
  });
});

it("the published NEC ID file keeps every operation, parameter, definition and property", async () => {
  const spec = "spec/necid-v1.yaml";
  const { value } = await readDocument(spec);
  const { openapi } = await buildContract({ spec });
  const listed = (document: object) =>
    readOperations(document as typeof openapi).map((operation) => [
      operation.key,
      operation.statuses,
      parametersOf(document, operation).map((parameter) => [parameter.value.in, parameter.value.name]),
    ]);
  expect(listed(openapi)).toEqual(listed(value));
  const { schemas } = openapi.components as { schemas: Record<string, { properties: object }> };
  const definitions = value.definitions as Record<string, { properties: object }>;
  const names = (all: typeof schemas) =>
    Object.entries(all).map(([name, one]) => [name, Object.keys(one.properties)]);
  expect(names(schemas)).toEqual(names(definitions));
});

it("OpenAPI 3.1 passes as it is", async () => {
  const document = {
    openapi: "3.1.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { responses: { 200: { description: "ok" } } } } },
  };
  const { path } = await workspace({ "spec.json": JSON.stringify(document) });
  expect((await buildContract({ spec: path("spec.json") })).openapi).toEqual(document);
});

it("relative references are bundled", async () => {
  const document = {
    ...swagger,
    definitions: { ...swagger.definitions, Error: { $ref: "more/error.yaml#/Error" } },
  };
  const { path, put } = await workspace({ "spec.json": JSON.stringify(document) });
  const { mkdir } = await import("node:fs/promises");
  await mkdir(path("more"));
  await put({ "more/error.yaml": "Error: { type: object, properties: { message: { type: string } } }\n" });
  const { openapi } = await buildContract({ spec: path("spec.json") });
  expect(JSON.stringify(openapi)).not.toContain("error.yaml");
  expect(openapi.components).toMatchObject({
    schemas: { Error: { type: "object", properties: { message: { type: "string" } } } },
  });
});

const head = { info: { title: "T", version: "1" } };
const readable = { get: { responses: { 200: { description: "ok" } } } };

it.each([
  [
    "a file as a response of Swagger 2.0",
    {
      swagger: "2.0",
      ...head,
      produces: ["application/pdf"],
      paths: {
        "/a": { get: { responses: { 200: { description: "ok", schema: { type: "file" } } } } },
      },
    },
    {
      "/a": {
        get: {
          responses: {
            200: {
              description: "ok",
              content: { "application/pdf": { schema: {} } },
            },
          },
        },
      },
    },
  ],
  [
    "a path that refers to another",
    { swagger: "2.0", ...head, paths: { "/a": readable, "/b": { $ref: "#/paths/~1a" } } },
    { "/a": readable, "/b": readable },
  ],
  [
    "a boolean for a schema of OpenAPI 3.1",
    {
      openapi: "3.1.0",
      ...head,
      paths: { "/a": readable },
      components: { schemas: { Anything: true, Empty: { type: "object", properties: { a: false } } } },
    },
    { "/a": readable },
  ],
])("%s is taken", async (_, document, paths) => {
  const { path } = await workspace({ "spec.json": JSON.stringify(document) });
  const { openapi } = await buildContract({ spec: path("spec.json") });
  expect(openapi.paths).toEqual(paths);
});

it("a reference into the example of a schema leads into its examples", async () => {
  const openapi = {
    openapi: "3.0.3",
    info: { title: "T", version: "1" },
    paths: {
      "/things": {
        get: {
          responses: {
            200: {
              description: "ok",
              content: {
                "application/json": {
                  schema: { $ref: "#/components/schemas/Thing" },
                  examples: { one: { value: { $ref: "#/components/schemas/Thing/example" } } },
                },
              },
            },
          },
        },
      },
    },
    components: { schemas: { Thing: { type: "object", example: { name: "a" } } } },
  };
  const { path } = await workspace({ "api.json": JSON.stringify(openapi) });
  const { openapi: upgraded, warnings } = await buildContract({ spec: path("api.json") });
  expect(warnings).toEqual([]);
  const written = JSON.stringify(upgraded);
  expect(written).toContain('"value":{"$ref":"#/components/schemas/Thing/examples/0"}');
  expect(written).toContain('"Thing":{"type":"object","examples":[{"name":"a"}]}');
});
