import { expect, test } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import { createValidation } from "../../../../contracts/openapi/validation.ts";
import { createValidators } from "../../../../tools/generate/validators/compile.ts";
import { contractOfSide, hasSides } from "../../../../tools/generate/validators/sides.ts";

const account = {
  type: "object",
  required: ["id", "name", "password"],
  properties: {
    id: { $ref: "#/components/schemas/Id" },
    name: { type: "string" },
    password: { type: "string", writeOnly: true },
  },
};
const content = { "application/json": { schema: { $ref: "#/components/schemas/Account" } } };
const contract = {
  openapi: "3.1.0",
  paths: {
    "/accounts": {
      post: { requestBody: { content }, responses: { 201: { description: "", content } } },
    },
  },
  components: {
    schemas: {
      Id: { type: "string", readOnly: true },
      Account: { allOf: [account, { type: "object", required: ["name"] }] },
    },
  },
};

test("a readOnly property is required of responses only, a writeOnly one of requests only", async () => {
  const validation = createValidation(await createValidators(contract));
  const missing = (violations: { params: Record<string, unknown> }[]) =>
    violations.map(({ params }) => params.missingProperty);
  const request = { mediaType: "application/json", pathParameters: {}, query: {}, headers: {} };
  const response = { mediaType: "application/json", status: 201, headers: {} };
  expect({
    request: missing(validation.request("POST /accounts", { ...request, body: {} })),
    response: missing(validation.response("POST /accounts", { ...response, body: {} })),
  }).toEqual({ request: ["name", "password", "name"], response: ["id", "name", "name"] });
});

test("a contract without such properties is the same for both sides", () => {
  const plain = { ...contract, components: { schemas: { Account: { type: "object", required: ["id"] } } } };
  expect(hasSides(plain)).toBe(false);
  expect(contractOfSide(plain, "request")).toBe(plain);
});

const requiredOnOneSide = {
  type: "object",
  required: ["id"],
  properties: { id: { type: "string", readOnly: true } },
};
test.each<[place: string, parts: object]>([
  ["a property named default", { schemas: { A: { properties: { default: requiredOnOneSide } } } }],
  ["a property named allOf", { schemas: { A: { properties: { allOf: requiredOnOneSide } } } }],
  ["a property named x-a", { schemas: { A: { properties: { "x-a": requiredOnOneSide } } } }],
  [
    "a default response",
    { responses: { default: { content: { "application/json": { schema: requiredOnOneSide } } } } },
  ],
])("the sides of %s differ", (_, components) => {
  const openapi = { openapi: "3.1.0", paths: {}, components } as JsonObject;
  const required = '"required":["id"]';
  expect(JSON.stringify(contractOfSide(openapi, "request"))).not.toContain(required);
  expect(JSON.stringify(contractOfSide(openapi, "response"))).toContain(required);
});
