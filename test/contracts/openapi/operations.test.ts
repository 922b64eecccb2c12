import { expect, test } from "vitest";
import {
  findOperation,
  type OpenApi,
  parametersOf,
  readOperations,
  responseAt,
} from "../../../contracts/openapi/operations.ts";
import { createRouter } from "../../../contracts/openapi/router.ts";

const openapi: OpenApi = {
  openapi: "3.1.0",
  info: { title: "T", version: "1" },
  security: [{ sign: [] }, { key: [] }],
  paths: {
    "/things/{id}": {
      parameters: [{ $ref: "#/components/parameters/id" }, { name: "limit", in: "query", example: 1 }],
      put: {
        operationId: "putThing",
        parameters: [{ name: "limit", in: "query", example: 2 }],
        requestBody: {},
        responses: {
          200: { content: { "application/json": { examples: { one: {}, two: {} } } } },
          "x-note": {},
          default: { $ref: "#/components/responses/error" },
        },
      },
      get: { security: [{}, { sign: [] }], responses: { 200: {} } },
    },
    "/things/all": { get: { responses: {} } },
  },
  components: {
    securitySchemes: {
      sign: {
        type: "apiKey",
        in: "header",
        name: "Authorization",
        "x-amazon-apigateway-authtype": "awsSigv4",
      },
      key: { type: "apiKey", in: "header", name: "X-Api-Key" },
    },
    responses: { error: { content: { "application/json": { examples: { bad: {} } } } } },
    parameters: { id: { name: "id", in: "path", required: true } },
  } as OpenApi["components"],
};
const operations = readOperations(openapi);
const put = operations[0]!;

test("operations are listed in the order of the document", () => {
  const definition = openapi.paths!["/things/{id}"]!.put;
  expect(operations.map(({ key }) => key)).toEqual(["putThing", "GET /things/{id}", "GET /things/all"]);
  expect(put).toEqual({
    key: "putThing",
    method: "PUT",
    path: "/things/{id}",
    at: ["paths", "/things/{id}", "put"],
    definition,
    signed: true,
    apiKeyHeader: "x-api-key",
    takesBody: true,
    statuses: ["200", "default"],
    examples: { 200: ["one", "two"], default: ["bad"] },
  });
  expect(operations[1]).toMatchObject({ signed: false, apiKeyHeader: undefined, takesBody: false });
});

test("an operation is found by its key, and by method and path", () => {
  expect(findOperation(operations, "putThing")).toBe(put);
  expect(findOperation(operations, "PUT /things/{id}")).toBe(put);
  expect(findOperation(operations, "PUT /things/1")).toBeUndefined();
});

test("a parameter of the operation replaces that of the path", () => {
  expect(parametersOf(openapi, put)).toEqual([
    { value: { name: "id", in: "path", required: true }, at: ["components", "parameters", "id"] },
    { value: { name: "limit", in: "query", example: 2 }, at: [...put.at, "parameters", 0] },
  ]);
});

test("a status that is not listed has the default response", () => {
  expect(responseAt(put, "200")?.at).toEqual([...put.at, "responses", "200"]);
  expect(responseAt(put, "500")).toEqual({
    value: { $ref: "#/components/responses/error" },
    at: [...put.at, "responses", "default"],
  });
  expect(responseAt(operations[1]!, "500")).toBeUndefined();
});

test.each([
  ["PUT", "/v1/things/a%2Fb", { key: "putThing", pathParameters: { id: "a/b" } }],
  ["GET", "/v1/things/all", { key: "GET /things/all", pathParameters: {} }],
  ["DELETE", "/v1/things/all", undefined],
  ["GET", "/things/all", undefined],
  ["GET", "/v1/things", undefined],
])("%s %s is routed", (method, path, want) => {
  const route = createRouter(operations, "/v1")(method, path);
  expect(route && { key: route.operation.key, pathParameters: route.pathParameters }).toEqual(want);
});
