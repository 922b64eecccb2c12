import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { workspace } from "../../workspace.ts";

const lambda = { type: "aws_proxy", httpMethod: "POST", uri: "arn:aws:lambda:x" };
const exported = {
  openapi: "3.0.1",
  info: { title: "Pets", version: "2026-11-25T00:00:00Z" },
  servers: [
    {
      url: "https://abc.execute-api.eu-west-1.amazonaws.com/{basePath}",
      variables: { basePath: { default: "/prod" } },
      "x-amazon-apigateway-endpoint-configuration": { vpcEndpointIds: [] },
    },
  ],
  paths: {
    "/pets/{proxy+}": {
      parameters: [{ name: "proxy", in: "path", required: true, schema: { type: "string" } }],
      get: { operationId: "readPet", responses: { 200: { description: "ok" } } },
      "x-amazon-apigateway-any-method": { operationId: "pet", "x-amazon-apigateway-integration": lambda },
    },
  },
  "x-amazon-apigateway-policy": { Version: "2012-10-17" },
};

it("ANY gives an operation for each method, the server its URL, and one note names what is ignored", async () => {
  const text = JSON.stringify(exported, null, 2);
  const { path, run } = await workspace({ "spec.json": text });
  const { code, stderr } = await run({ spec: "spec.json" });
  const line = text.split("\n").findIndex((each) => each.includes("apigateway-policy")) + 1;
  expect([code, stderr]).toEqual([
    0,
    `spec.json:${line}:3 Extensions of API Gateway that change nothing in the contract are ignored: x-amazon-apigateway-policy, x-amazon-apigateway-endpoint-configuration. (note)\n`,
  ]);
  const { operations, serverUrl } = await import(path("out/client.js"));
  expect(serverUrl).toBe("https://abc.execute-api.eu-west-1.amazonaws.com/prod");
  expect(Object.keys(operations).sort()).toEqual([
    "petDelete",
    "petHead",
    "petOptions",
    "petPatch",
    "petPost",
    "petPut",
    "readPet",
  ]);
  expect(operations.petPut).toMatchObject({
    path: "/pets/{proxy+}",
    pathParameters: ["proxy"],
    statuses: ["200"],
  });
  const { paths } = JSON.parse(await readFile(path("out/openapi.json"), "utf8"));
  expect(Object.keys(paths["/pets/{proxy+}"]).sort()).toEqual(
    ["parameters", "get", "put", "post", "delete", "options", "head", "patch"].sort(),
  );
});

it("a fault of ANY is found where it is written", async () => {
  const text = `openapi: 3.0.1
info: { title: t, version: "1" }
paths:
  /a/{id}:
    x-amazon-apigateway-any-method:
      responses: { 200: { description: ok } }
`;
  const { run } = await workspace({ "spec.yaml": text });
  const { code, stderr } = await run();
  expect(code).toBe(0);
  const lines = stderr.trim().split("\n");
  expect(lines).toEqual([
    "spec.yaml:5:5 ANY /a/{id} does not declare the path parameter id. It is read as a text. (warning)",
  ]);
});

it("an id that is taken goes to its owner", async () => {
  const responses = { 200: { description: "ok" } };
  const document = {
    openapi: "3.0.1",
    info: { title: "t", version: "1" },
    paths: {
      "/a": { "x-amazon-apigateway-any-method": { operationId: "a", responses } },
      "/b": { get: { operationId: "aGet", responses } },
    },
  };
  const { path, run } = await workspace({ "spec.json": JSON.stringify(document) });
  expect((await run({ spec: "spec.json" })).code).toBe(0);
  const { operations } = await import(path("out/client.js"));
  expect([operations.aGet.path, operations["GET /a"].path, operations.aPut.path]).toEqual(["/b", "/a", "/a"]);
});
