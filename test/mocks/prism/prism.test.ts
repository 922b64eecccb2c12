import { expect, test } from "vitest";
import type { OpenApi, Operation } from "../../../contracts/openapi/operations.ts";
import { gatewayBody } from "../../../mocks/http/body.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { createPrismEngine } from "../../../mocks/prism/prism.ts";

const openapi = {
  openapi: "3.1.0",
  info: { title: "Traps", version: "1" },
  paths: {
    "/things": {
      post: {
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["size"],
                properties: { size: { type: "integer", maximum: 9 } },
              },
            },
          },
        },
        responses: {
          "200": {
            description: "both media types",
            headers: { "x-colour": { schema: { type: "string" }, example: "red" } },
            content: {
              "application/json": {
                schema: {
                  type: "object",
                  required: ["word"],
                  properties: {
                    word: { type: "string" },
                    number: { type: "integer", minimum: 0, maximum: 2 ** 40 },
                  },
                },
                examples: { first: { value: { word: "one" } }, second: { value: { word: "two" } } },
              },
              "text/plain": { schema: { type: "string" }, example: "plain" },
            },
          },
          "404": { description: "no body" },
        },
        callbacks: {
          done: { "http://127.0.0.1:9/never": { post: { responses: { "200": { description: "ok" } } } } },
        },
      },
    },
  },
} as unknown as OpenApi;

const operation = { method: "POST", path: "/things" };

/** A request to the one operation, as the gateway's handler hands it to the engine. */
function posting(body: object, headers: string[] = [], endpoint = operation): HttpRequest {
  const request = new HttpRequest({
    method: "POST",
    target: endpoint.path,
    rawHeaders: ["Content-Type", "application/json", ...headers],
    body: Buffer.from(JSON.stringify(body)),
  });
  request.route = { operation: endpoint as Operation, pathParameters: {} };
  request.decodeBody(gatewayBody);
  return request;
}
const request = (...headers: string[]) => posting({ size: 1 }, headers);
const accepting = (accept: string) => request("Accept", accept);
const dynamic = (seed?: string) => request("Prefer", `dynamic=true${seed ? `, seed=${seed}` : ""}`);

test("the first Accept header does not stick: later requests get what they accept", async () => {
  const engine = createPrismEngine(openapi);
  const types = [];
  for (const accept of ["text/plain", "application/json", "text/plain", undefined]) {
    const answer = await engine.respond(accept ? accepting(accept) : request());
    types.push([answer.mediaType, answer.body]);
  }
  expect(types).toEqual([
    ["text/plain", "plain"],
    ["application/json", { word: "one" }],
    ["text/plain", "plain"],
    ["application/json", { word: "one" }],
  ]);
});

test("a media type nobody offers is answered with the first one, as API Gateway does", async () => {
  const engine = createPrismEngine(openapi);
  const { status, mediaType, body } = await engine.respond(accepting("image/png"));
  expect({ status, mediaType, body }).toEqual({
    status: 200,
    mediaType: "application/json",
    body: { word: "one" },
  });
});

test("a seeded answer is repeatable and leaves later unseeded ones free, also when they run at once", async () => {
  const engine = createPrismEngine(openapi);
  const numbers = async (requests: HttpRequest[]) =>
    (await Promise.all(requests.map((each) => engine.respond(each)))).map(
      ({ body }) => (body as { number: number }).number,
    );

  const [first, free, again, other] = await numbers([dynamic("7"), dynamic(), dynamic("7"), dynamic("8")]);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
  // Were the seed still set, the unseeded values would come out the same in both runs.
  await engine.respond(dynamic("7"));
  const after = await numbers(Array.from({ length: 8 }, () => dynamic()));
  await engine.respond(dynamic("7"));
  const afterAgain = await numbers(Array.from({ length: 8 }, () => dynamic()));
  expect(new Set([free, ...after, ...afterAgain]).size).toBeGreaterThan(8);
  expect(after).not.toEqual(afterAgain);
});

test("a server seed makes every dynamic answer repeatable, whatever came before", async () => {
  const one = createPrismEngine(openapi, { seed: "kit" });
  const two = createPrismEngine(openapi, { seed: "kit" });
  await one.respond(dynamic());
  expect((await one.respond(dynamic())).body).toEqual((await two.respond(dynamic())).body);
});

test.each([
  [
    "a request body",
    {
      requestBody: { content: { "application/json": { schema: broken() } } },
      responses: { "200": { description: "" } },
    },
    "POST /broken request/body/contents/application/json",
  ],
  [
    "an answer",
    { responses: { "200": { description: "", content: { "application/json": { schema: broken() } } } } },
    "POST /broken responses/200/contents/application/json",
  ],
  [
    "a query parameter",
    { parameters: [{ in: "query", name: "q", schema: broken() }], responses: { "200": { description: "" } } },
    "POST /broken request/query/q",
  ],
])(
  "a schema of %s that does not compile is refused instead of letting everything pass",
  async (_, post, place) => {
    const engine = createPrismEngine({
      ...openapi,
      paths: { "/broken": { post } },
    } as unknown as OpenApi);
    const refused = engine.respond(posting({ size: 1 }, [], { method: "POST", path: "/broken" }));
    await expect(refused).rejects.toThrow(
      `${place} does not compile: Invalid regular expression: /[/u: Unterminated character class. Correct the schema, or every value would pass here.`,
    );
  },
);

function broken() {
  return { type: "string", pattern: "[" };
}

test("an invalid request gives its violations with their places", async () => {
  const engine = createPrismEngine(openapi);
  const { violations } = await engine.respond(posting({ size: 10 }));
  expect(violations).toEqual([
    {
      place: ["body", "size"],
      keyword: "maximum",
      params: {},
      message: "Request body property size must be <= 9",
    },
  ]);
});

test("a named example, a documented status, and their absence", async () => {
  const engine = createPrismEngine(openapi);
  const second = await engine.respond(request("Prefer", "example=second"));
  expect(second).toEqual({
    status: 200,
    headers: { "x-colour": "red" },
    mediaType: "application/json",
    body: { word: "two" },
    violations: [],
  });
  const empty = await engine.respond(request("Prefer", "code=404"));
  expect(empty).toEqual({ status: 404, headers: {}, mediaType: undefined, body: undefined, violations: [] });
  const unknown = await engine.respond(request("Prefer", "example=third"));
  expect(unknown.violations).toEqual([
    {
      place: ["header", "prefer"],
      keyword: "prefer",
      params: {},
      message: "Response for contentType: application/json and exampleKey: third does not exist.",
    },
  ]);
});
