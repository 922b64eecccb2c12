import { expect, test } from "vitest";
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
