import { afterAll, expect, test } from "vitest";
import { createSignedClient } from "../../../contracts/client/client.ts";
import { startMock } from "../../../mocks/mock.ts";
import { contractOf } from "../../../tools/commands/mock-spec.ts";
import { workspace } from "../../tools/workspace.ts";

const opened: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(opened.map((close) => close())));

const responses = {
  200: { description: "all", content: { "application/json": { schema: { type: "array" } } } },
};
const key = { type: "apiKey", in: "header", name: "x-api-key" };
const signature = {
  type: "apiKey",
  in: "header",
  name: "Authorization",
  "x-amazon-apigateway-authtype": "awsSigv4",
};

function described(server: string, schemes: object) {
  const security = [Object.fromEntries(Object.keys(schemes).map((name) => [name, []]))];
  return {
    openapi: "3.0.3",
    info: { title: "Orders", version: "1" },
    servers: [{ url: server }],
    security,
    paths: { "/orders": { get: { operationId: "orders", responses } } },
    components: { securitySchemes: schemes },
  };
}

async function start(description: object, options: { region?: string; service?: string } = {}) {
  const { path } = await workspace({ "orders.json": JSON.stringify(description) });
  const contract = await contractOf({ spec: path("orders.json") });
  const mock = await startMock({ contract, ...options });
  opened.push(mock.close);
  return mock;
}

type Paths = { "/orders": { get: { responses: { 200: { content: { "application/json": unknown[] } } } } } };

const inEurope = "https://a1.execute-api.eu-west-1.amazonaws.com/v1";
const elsewhere = "https://orders.example/v1";

test.each<[server: string, options: { region?: string }, signed: string, status: number]>([
  [inEurope, {}, "eu-west-1", 200],
  [inEurope, {}, "ap-southeast-2", 403],
  [inEurope, { region: "us-east-1" }, "us-east-1", 200],
  [elsewhere, { region: "us-east-1" }, "us-east-1", 200],
  [elsewhere, { region: "us-east-1" }, "ap-southeast-2", 403],
  [elsewhere, {}, "eu-central-1", 200],
])("a contract of %s with %j takes a signature for %s: %i", async (server, options, region, status) => {
  const mock = await start(described(server, { signature, key }), options);
  const client = createSignedClient<Paths>({
    ...mock.credentials,
    apiKey: mock.apiKeys[0]!,
    baseUrl: mock.url,
    region,
    retries: 0,
  });
  const { response } = await client.GET("/orders");
  expect(response.status).toBe(status);
});

test("a client signs for the region of its contract", async () => {
  const description = described(inEurope, { signature, key });
  const mock = await start(description);
  const options = { ...mock.credentials, apiKey: mock.apiKeys[0]!, baseUrl: mock.url, retries: 0 };
  const client = createSignedClient<Paths>({ ...options, contract: description });
  expect((await client.GET("/orders")).response.status).toBe(200);
  expect(() =>
    createSignedClient<Paths>({
      ...options,
      baseUrl: elsewhere,
      contract: described(elsewhere, { signature }),
    }),
  ).toThrow(expect.objectContaining({ code: "CLIENT_OPTION", option: "region" }));
});

test("an API that wants a key only, at a host of API Gateway, is behind API Gateway", async () => {
  const mock = await start(described(inEurope, { key }));
  const ask = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(`${mock.url}${path}`, { headers });
    return [response.status, await response.json()];
  };
  expect([
    await ask("/orders", {}),
    await ask("/orders", { "x-api-key": "wrong" }),
    await ask("/orders", { "x-api-key": mock.apiKeys[0]! }),
    await ask("/nowhere", { "x-api-key": mock.apiKeys[0]! }),
  ]).toEqual([
    [403, { message: "Forbidden" }],
    [403, { message: "Forbidden" }],
    [200, expect.any(Array)],
    [403, { message: "Missing Authentication Token" }],
  ]);
});
