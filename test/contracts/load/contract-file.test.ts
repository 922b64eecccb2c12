import { expect, test } from "vitest";
import { loadContract } from "../../../contracts/necid/contract.ts";
import { workspace } from "../../tools/workspace.ts";

const orders = `swagger: "2.0"
info: { title: Orders, version: "1" }
host: a1.execute-api.eu-west-1.amazonaws.com
basePath: /v1
schemes: [https]
produces: [application/json]
paths:
  /orders/{id}:
    get:
      operationId: readOrder
      parameters: [{ name: id, in: path, required: true, type: integer }]
      responses:
        200: { description: one, schema: { $ref: "#/definitions/Order" } }
definitions:
  Order: { type: object, required: [id], properties: { id: { type: integer } } }
`;
const overlay = `overlay: 1.0.0
info: { title: More, version: "1" }
actions:
  - { target: "$.components.schemas.Order", update: { required: [total], properties: { total: { type: number } } } }
`;

test("a description file gives its operations, its validation and its scope", async () => {
  const { path } = await workspace({ "orders.yaml": orders, "more.yaml": overlay });
  const contract = await loadContract(path("orders.yaml"), { overlay: path("more.yaml") });
  const parts = { mediaType: "application/json", status: 200, headers: {} };
  expect({
    version: contract.openapi.openapi.slice(0, 3),
    operations: contract.operations.map(({ key }) => key),
    scope: contract.scope,
    warnings: contract.warnings,
    valid: contract.validation.response("readOrder", { ...parts, body: { id: 1, total: 2 } }),
    invalid: contract.validation
      .response("readOrder", { ...parts, body: { id: 1 } })
      .map(({ params }) => params),
  }).toEqual({
    version: "3.1",
    operations: ["readOrder"],
    scope: { region: "eu-west-1", service: "execute-api" },
    warnings: [],
    valid: [],
    invalid: [{ missingProperty: "total" }],
  });
});

test("an invalid description is an error that names the place", async () => {
  const { path } = await workspace({
    "orders.yaml": orders.replace("#/definitions/Order", "#/definitions/Nothing"),
  });
  await expect(loadContract(path("orders.yaml"))).rejects.toThrow(/orders\.yaml:\d+:\d+ .+/);
});

test("without a file it is NEC ID's", async () => {
  expect((await loadContract()).operations.some(({ key }) => key === "ApiSubjectsPost")).toBe(true);
});
