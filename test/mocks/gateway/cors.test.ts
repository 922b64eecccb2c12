import { afterEach, expect, test } from "vitest";
import type { OpenApi } from "../../../contracts/openapi/operations.ts";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { type CorsMode, createCors } from "../../../mocks/gateway/cors.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { type Mock, type MockOptions, mockApiKeys, startMock } from "../../../mocks/mock.ts";

const open: Mock[] = [];
afterEach(() => Promise.all(open.splice(0).map((mock) => mock.close())));

async function start(options: MockOptions) {
  const mock = await startMock(options);
  open.push(mock);
  return mock;
}

const face = Buffer.from("necid-face:alice").toString("base64");
const calls: [what: string, path: string, init: RequestInit, isRefusal: boolean][] = [
  ["201 of the service", "/subjects", { method: "POST", body: JSON.stringify({ face }) }, false],
  ["400 of the service", "/subjects", { method: "POST", body: "{}" }, false],
  ["404 of the service", "/subjects/necidguid-0000-0000-0000-000000000000", { method: "DELETE" }, false],
  [
    "500 of the service",
    "/subjects",
    { method: "POST", body: JSON.stringify({ face }), headers: { prefer: "code=500" } },
    false,
  ],
  ["health", "/health", {}, false],
  ["a preflight", "/subjects", { method: "OPTIONS" }, false],
  ["403 of a missing API key", "/subjects", { method: "POST", headers: { "x-api-key": "" } }, true],
  ["403 of an unknown path", "/nothing", {}, true],
  ["413", "/subjects", { method: "POST", body: "x".repeat(10_485_761) }, true],
  ["415", "/subjects", { method: "POST", body: "x", headers: { "content-type": "text/plain" } }, true],
  ["502 that was asked for", "/health", { headers: { prefer: "code=502" } }, true],
];
const modes: [CorsMode | undefined, (isRefusal: boolean) => boolean][] = [
  [undefined, (isRefusal) => !isRefusal],
  ["service", (isRefusal) => !isRefusal],
  ["all", () => true],
  ["off", () => false],
];

test.each(modes)("with cors %s the responses that a browser may read are these", async (cors, isOpen) => {
  const mock = await start({ auth: "presence", ...(cors && { cors }) });
  const seen = [];
  for (const [what, path, init] of calls) {
    const headers = {
      authorization: "x",
      "x-api-key": mockApiKeys[0]!,
      "content-type": "application/json",
      ...init.headers,
    };
    const response = await mock.fetch(`${mock.url}${path}`, { ...init, headers });
    seen.push([what, response.headers.get("access-control-allow-origin")]);
  }
  const wanted = calls.map(([what, , { method }, isRefusal]) => [
    what,
    method === "OPTIONS" || isOpen(isRefusal) ? "*" : null,
  ]);
  expect(seen).toEqual(wanted);
});

const described: [what: string, headers: object, wanted: Record<string, string>][] = [
  ["none", {}, {}],
  [
    "an example",
    { "Access-Control-Allow-Origin": { example: "https://a.test" } },
    { "Access-Control-Allow-Origin": "https://a.test" },
  ],
  [
    "a reference",
    { "access-control-allow-origin": { $ref: "#/components/headers/Any" } },
    { "access-control-allow-origin": "*" },
  ],
  [
    "a const",
    { "Access-Control-Allow-Credentials": { schema: { const: true } } },
    { "Access-Control-Allow-Credentials": "true" },
  ],
  [
    "an enum",
    { "Access-Control-Allow-Origin": { schema: { enum: ["x", "y"] } } },
    { "Access-Control-Allow-Origin": "x" },
  ],
  [
    "a default",
    { "Access-Control-Expose-Headers": { schema: { default: "X-A" } } },
    { "Access-Control-Expose-Headers": "X-A" },
  ],
  ["no value", { "Access-Control-Allow-Origin": { schema: { type: "string" } } }, {}],
  [
    "those of preflights",
    { "Access-Control-Allow-Methods": { example: "GET" }, "Access-Control-Max-Age": { example: 1 } },
    {},
  ],
];

test.each(described)("a contract that documents %s", (_, headers, wanted) => {
  const openapi = {
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
    paths: { "/a": { get: { responses: { 200: {} } }, options: { responses: { 200: { headers } } } } },
    components: { headers: { Any: { schema: { example: "*" } } } },
  } as unknown as OpenApi;
  const operations = readOperations(openapi);
  const [operation] = operations;
  const request = new HttpRequest({ method: "GET", target: "/a", rawHeaders: [], body: Buffer.alloc(0) });
  const call = { request, operation, isRefusal: false };
  const response = createCors(openapi, operations, "service")({ status: 200, headers: {}, body: "" }, call);
  expect(response.headers).toEqual(wanted);
});
