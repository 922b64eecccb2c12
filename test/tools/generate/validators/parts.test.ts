import { expect, it } from "vitest";
import { readOperations } from "../../../../contracts/openapi/operations.ts";
import { partsOf } from "../../../../tools/generate/validators/parts.ts";

const thing = { type: "object" };
const openapi = {
  openapi: "3.1.0",
  paths: {
    "/a": {
      get: {
        responses: {
          200: { $ref: "#/components/responses/thing", description: "of its own" },
          400: {
            description: "bad",
            content: { "Application/JSON": { schema: { $ref: "#/components/schemas/Thing" } } },
          },
          409: {
            description: "strict",
            content: {
              "application/json": { schema: { $ref: "#/components/schemas/Thing", minProperties: 1 } },
            },
          },
          500: { description: "any", content: { "text/plain": {} } },
        },
      },
    },
  },
  components: {
    responses: { thing: { description: "a thing", content: { "application/json": { schema: thing } } } },
    schemas: { Thing: thing },
  },
};

it("finds the schema of each response where it really stands", () => {
  const { responseBody, ...others } = partsOf(openapi, readOperations(openapi)[0]!);
  const places = responseBody.map(([status, content]) => [
    status,
    content.map(([type, schema]) => [type, schema?.at.join(" ")]),
  ]);
  expect(places).toEqual([
    // The description beside a reference does not make another response of it.
    ["200", [["application/json", "components responses thing content application/json schema"]]],
    ["400", [["application/json", "components schemas Thing"]]],
    // A keyword beside the reference of a schema holds too.
    ["409", [["application/json", "paths /a get responses 409 content application/json schema"]]],
    ["500", [["text/plain", undefined]]],
  ]);
  expect(others).toEqual({ parameters: [], responseHeaders: [] });
});
