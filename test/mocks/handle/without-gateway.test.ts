import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { type OpenApi, readOperations } from "../../../contracts/openapi/operations.ts";
import { createValidation } from "../../../contracts/openapi/validation.ts";
import type { MockContract } from "../../../mocks/handle/handler.ts";
import { type MockOptions, startMock } from "../../../mocks/mock.ts";
import { withCache } from "../../../mocks/prism/cached.ts";
import { createPrismEngine } from "../../../mocks/prism/prism.ts";
import { createStockEngine } from "../../../mocks/prism/stock.ts";
import { createValidators } from "../../../tools/generate/validators/compile.ts";
import { exchangeRaw } from "../../raw-http.ts";
import { strangeContract } from "./strange-contract.ts";

const necId = JSON.parse(readFileSync("generated/necid-v1/openapi.json", "utf8")) as OpenApi;
const opened: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(opened.map((close) => close())));

/** Stock Prism as its command line serves a document, the whole document at once. */
async function startPrism(openapi: OpenApi): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js"));
  const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
  const { createServer } = require("@stoplight/prism-http-server");
  const { createExamplePath } = require("./util/paths.js");
  const logger: Record<string, unknown> = { child: () => logger };
  for (const level of ["info", "warn", "error", "debug", "trace", "fatal", "success"])
    logger[level] = () => {};
  const operations = await getHttpOperationsFromSpec(structuredClone(openapi));
  for (const operation of operations) {
    createExamplePath(operation);
    delete operation.callbacks;
  }
  const server = createServer(operations, {
    cors: false,
    config: {
      isProxy: false,
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: false,
      mock: { dynamic: false },
    },
    components: { logger },
  });
  opened.push(() => server.close());
  return server.listen(0, "127.0.0.1");
}

/** Our mock of the same document, without a gateway; counts what is cached and what is not. */
async function startOurs(openapi: OpenApi, options: MockOptions = {}) {
  const counted = { cached: 0, asked: 0 };
  const validation = createValidation(await createValidators(openapi as unknown as JsonObject));
  const contract: MockContract = {
    name: "stock",
    openapi,
    engine: withCache(createPrismEngine(openapi)),
    stock: ({ checkSecurity }) => {
      const engine = createStockEngine(openapi, { validation, checkSecurity });
      return {
        cached(request) {
          const response = engine.cached(request);
          counted[response ? "cached" : "asked"] += 1;
          return response;
        },
        respond: engine.respond,
      };
    },
  };
  const mock = await startMock({ contract, ...options });
  opened.push(mock.close);
  return { url: mock.url, faults: mock.faults, counted };
}

/** Stock Prism says of itself where its response breaks the contract, and its XML has no names of the contract. */
function keepsSchema({ violations, type }: { violations: string | null; type: string | null }): boolean {
  return !violations?.includes('"location":["response"') && type !== "application/xml";
}

type Asked = { method: string; path: string; headers: Record<string, string>; body?: string };

async function answerOf(url: string, { method, path, headers, body }: Asked) {
  const signal = AbortSignal.timeout(15_000);
  const init = { method, headers, body, redirect: "manual", signal } as const;
  const response = await fetch(`${url}${path}`, init).catch((cause) => {
    throw new Error(`${method} ${url}${path} ${JSON.stringify(headers)} ${body} has no answer`, { cause });
  });
  const named = (name: string) => response.headers.get(name);
  return {
    status: response.status,
    type: named("content-type"),
    violations: named("sl-violations"),
    count: named("x-count"),
    authenticate: named("www-authenticate"),
    deprecation: named("deprecation"),
    body: await response.text(),
  };
}

const ids = [
  "ab",
  "x",
  "a%20b",
  "a,b",
  "a%2Cb",
  "a;b",
  "%C3%A9%C3%A9",
  "",
  "12345678901234567",
  "ab/",
  "ab.cd",
];
const searches = [
  "depth=2",
  "depth=9",
  "DEPTH=9",
  "depth=two",
  "depth=",
  "depth=2&depth=3",
  "depth=2&Depth=9",
  "tags=a",
  "tags=a&tags=b",
  "ids=1,2",
  "ids=1&ids=2",
  "ids=a",
  "ids=1,b&ids=2",
  "filter[from]=a&filter[to]=b",
  "filter[to]=7",
  "old=1",
  "other=1",
  "__code=200",
  "__code=410&depth=2",
  "__example=branch",
  "a=%zz&b=%C3%A9#c",
];
const headers: Record<string, string>[] = [
  { "x-key": "" },
  { "x-key": "", authorization: "Bearer abc" },
  { "x-key": "", authorization: "bearer abc" },
  { "x-key": "", authorization: "Basic YTpi" },
  { authorization: "anything" },
  { "x-trace": "abc" },
  { "x-trace": "ab" },
  { "x-trace": "" },
  { accept: "application/json" },
  { accept: "application/xml" },
  { accept: "text/html" },
  { accept: "text/html, application/json;q=0.5" },
  { prefer: "code=200" },
  { prefer: "code=410" },
  { prefer: "code=400" },
  { prefer: "code=418" },
  { prefer: "code=2000" },
  { prefer: "example=branch" },
  { prefer: "example=nobody" },
  { prefer: "example=NoFace, code=400" },
  { prefer: "code=400; example=NoFace" },
  { "content-type": "text/plain" },
  { "content-type": "application/json; charset=utf-8" },
  { "content-type": "APPLICATION/JSON" },
  { "content-type": "application/problem+json" },
  { "content-type": "application/x-www-form-urlencoded" },
];
const leaf = { kind: "leaf", size: 3 };
const bodies = [
  leaf,
  { ...leaf, size: 3.5 },
  { ...leaf, size: 2 ** 53 },
  { ...leaf, size: 1e20 },
  { ...leaf, at: "2026-11-23T06:00:00Z" },
  { ...leaf, at: "2026-11-23T15:59:60-08:00" },
  { ...leaf, at: "2026-11-23" },
  { kind: "branch", children: [leaf, { kind: "branch", children: [{}] }] },
  { kind: "branch", children: [leaf], parent: { kind: "branch", children: [] } },
  { name: "a" },
  { name: "a", id: 7 },
  { name: "a", more: 7 },
  { id: 7 },
  { face: "QUI=" },
  { face: "QUI" },
  { face: "QUI=", id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b" },
  { probe: "QUI=" },
  { probe: "QUI=", id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b", threshold: 99_999 },
  { a: "7" },
  [],
  {},
  null,
  false,
  0,
  "",
  "text",
].map((value) => JSON.stringify(value));

/** One request that may be valid, and many that differ from it in one thing. */
function variants(method: string, template: string, takesBody: boolean): Asked[] {
  const given = { "x-key": "k", "x-api-key": "k", authorization: "Bearer k" };
  const withBody: Record<string, string> = takesBody ? { "content-type": "application/json" } : {};
  const path = (id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b", search = "") =>
    `${template.replaceAll(/\{[^}]*\}/g, id)}${search && `?${search}`}`;
  const base: Asked = {
    method,
    path: path(),
    headers: { ...given, ...withBody },
    ...(takesBody && {
      body: bodies.find((body) => body.includes(template === "/forms" ? "name" : "kind"))!,
    }),
  };
  return [
    base,
    ...ids.map((id) => ({ ...base, path: path(id) })),
    ...searches.map((search) => ({ ...base, path: path(undefined, search) })),
    ...headers.map((more) => ({ ...base, headers: { ...base.headers, ...more } })),
    ...(takesBody ? bodies.map((body) => ({ ...base, body })) : []),
    ...(takesBody
      ? [
          { ...base, body: undefined },
          { ...base, headers: given },
        ]
      : []),
    ...(takesBody || method === "GET" ? [] : [{ ...base, body: "{}" }]),
    { ...base, body: takesBody ? "a=7" : undefined, headers: { ...given, "content-type": form } },
  ];
}
const form = "application/x-www-form-urlencoded";

const key = { "x-key": "k" };
const json = { ...key, "content-type": "application/json" };
/** First a request that is cached, then those that only Prism reads in its own way. */
const ownWay: Asked[] = [
  ...["/own-way/1-2", "/own-way/1-2-3", "/own-way/old", "/own-way/old?old=1"].map(got),
  ...["", "?pair=a,b", "?pair=a&pair=b", "?two=a,b", "?two=a&two=b"].map((list) =>
    got(`/own-way/lists${list}`),
  ),
  ...["", "?odd[name]=a", "?odd%5Bname%5D=a"].map((odd) => got(`/own-way/encoded${odd}`)),
  ...["?one=a", "?one=a,b", "?one=a&one=b"].map((list) => got(`/own-way/one${list}`)),
  ...["?two=a,b", "?two=a&two=b", "?two=a,b&two=c,d"].map((list) => got(`/own-way/two${list}`)),
  ...["word=a", "word=", "word=a&big=7", "word=a&big=12345678901234567", "word=a&big=1e300"].map(
    (search) => ({
      ...got(`/own-way/words?${search}`),
      headers: { ...key, "x-word": "a" },
    }),
  ),
  { ...got("/own-way/words?word=a"), headers: { ...key, "x-word": "" } },
  ...['{"x":"ab"}', "{}", '{"x":"ab"}', '{"x":"a"}'].map((body) => sent("/own-way/merged", body)),
  ...["{}", "null", "0", "false", '""', "[]"].map((body) => sent("/own-way/anything", body)),
  { ...sent("/own-way/anything", "{}"), body: undefined },
  { ...sent("/own-way/anything", "text"), headers: { ...key, "content-type": "text/plain" } },
  ...["long enough", "short"].map((authorization) => ({
    ...got("/own-way/token"),
    headers: { authorization },
  })),
  { ...got("/own-way/anything"), headers: {} },
  { ...got("/own-way/anything"), headers: { authorization: "Bearer k" } },
];

function got(path: string): Asked {
  return { method: "GET", path, headers: key };
}

function sent(path: string, body: string): Asked {
  return { method: "POST", path, headers: json, body };
}

describe.each([
  ["NEC ID", necId, 0.2],
  ["a strange contract", strangeContract, 0.1],
])("%s without a gateway is answered as stock Prism answers it", (_, openapi, share) => {
  test("whatever is sent, asked once and again", async () => {
    const [prism, ours] = [await startPrism(openapi), await startOurs(openapi)];
    const asked = readOperations(openapi).flatMap(({ method, path, takesBody }) =>
      variants(method, path, takesBody),
    );
    asked.push(got("/nowhere"), { ...got("/nodes"), method: "PATCH" }, ...ownWay);
    const otherwise: unknown[] = [];
    for (const request of asked) {
      const want = await answerOf(prism, request);
      for (const round of ["first", "again"]) {
        const got = await answerOf(ours.url, request);
        const expected = keepsSchema(want) ? want : { ...want, violations: null, body: got.body };
        if (JSON.stringify(got) !== JSON.stringify(expected)) otherwise.push({ round, request, want, got });
      }
    }
    expect(otherwise).toEqual([]);
    expect(ours.counted.cached / (2 * asked.length)).toBeGreaterThan(share);
  });
});

/** A contract of `POST /things`, with what is given beside or instead. */
const things = (post: object): OpenApi => {
  const content = {
    "application/json": { schema: { type: "object", properties: { żółw: { type: "integer" } } } },
  };
  const responses = { 200: { description: "", content: { "text/plain": { example: "fine" } } } };
  const paths = { "/things": { post: { requestBody: { content }, responses, ...post } } };
  return { openapi: "3.1.0", info: { title: "Things", version: "1" }, paths } as unknown as OpenApi;
};
const add = (url: string, body = "{}", more: Record<string, string> = {}) =>
  answerOf(url, {
    method: "POST",
    path: "/things",
    headers: { "content-type": "application/json", ...more },
    body,
  });

describe("where stock Prism goes down or never answers", () => {
  test("a body that is no JSON is answered 400", async () => {
    const { url } = await startOurs(things({}));
    const body = '{"error":{"code":"invalid_json","message":"Invalid JSON"}}';
    expect(await add(url, '{"a":')).toMatchObject({ status: 400, body });
    expect(await add(url, "[".repeat(100_000))).toMatchObject({ status: 400, body });
  });

  test("what a header cannot carry is escaped", async () => {
    const { url } = await startOurs(things({ responses: { 400: { description: "" } } }));
    const { status, violations } = await add(url, '{"żółw":"fast"}');
    expect(status).toBe(400);
    expect(violations).toMatch(/^[ -~]+$/);
    expect(JSON.parse(violations!)[0].location).toEqual(["request", "body", "żółw"]);
  });

  test("what nobody can answer is answered 400 and said", async () => {
    const notes: (string | undefined)[] = [];
    const { url } = await startOurs(strangeContract, { log: ({ note }) => notes.push(note) });
    const body = '{"error":{"code":"bad_request","message":"Bad Request"}}';
    const asked = got("/nodes/ab");
    const accepting = { ...asked, headers: { ...key, accept: "nonsense" } };
    expect(await answerOf(url, accepting)).toMatchObject({ status: 400, body });
    expect(await answerOf(url, got("/nodes/%ff"))).toMatchObject({ status: 400, body });
    const interim = { method: "DELETE", path: "/nodes/ab", headers: { prefer: "code=100" } };
    expect(await answerOf(url, interim)).toMatchObject({ status: 400, body });
    expect(notes).toEqual([
      "invalid media type",
      "URI malformed",
      "After a status 100 another one must follow. Ask for one from 200 to 599.",
    ]);
  });

  test("a media type of a body that is none is answered 500, as stock Prism does", async () => {
    const { url } = await startOurs(things({}));
    const body = '{"error":{"code":"internal_server_error","message":"Internal Server Error"}}';
    expect(await add(url, "{}", { "content-type": "nonsense" })).toMatchObject({ status: 500, body });
  });

  test("a documented header that Prism cannot check is no reason to fail", async () => {
    const headers = { "x-list": { schema: { type: "array", items: { type: "string" } } } };
    const { url } = await startOurs(things({ responses: { 204: { description: "", headers } } }));
    expect((await add(url)).status).toBe(204);
  });
});

test("a schema that does not compile fails where it is first needed, and nothing else does", async () => {
  const notes: (string | undefined)[] = [];
  const openapi = things({});
  const pattern = { type: "string", pattern: "[" };
  const content = { "application/json": { schema: pattern } };
  const broken = { requestBody: { content }, responses: { 200: { description: "" } } };
  Object.assign(openapi.paths!, { "/broken": { post: broken } });
  const { url } = await startOurs(openapi, { log: ({ note }) => notes.push(note) });
  const asked = {
    method: "POST",
    path: "/broken",
    headers: { "content-type": "application/json" },
    body: '"a"',
  };
  expect((await answerOf(url, asked)).status).toBe(500);
  expect((await answerOf(url, { ...asked, headers: { "content-type": "text/plain" } })).status).toBe(500);
  expect((await add(url)).status).toBe(200);
  expect(notes).toEqual([
    expect.stringMatching(/^the mock failed: #\/paths\/~1broken\/post\/requestBody\/.+ does not compile: .+/),
    expect.stringMatching(/^the mock failed: POST \/broken request\/body.+ does not compile: .+/),
    undefined,
  ]);
});

test("a path is the one that browsers make of it, below the base path", async () => {
  const { url } = await startOurs(strangeContract, { auth: "off" });
  const statusOf = async (target: string) => {
    const request = `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    return [target, (await exchangeRaw(Number(new URL(url).port), request)).status];
  };
  const targets = ["/nodes/./ab", "/x/../nodes/%2e/ab", "/nodes/ab#x", "/nodes/ab/..", "/..", "//", "//a b"];
  expect(await Promise.all(targets.map((target) => statusOf(`/base${target}`)))).toEqual([
    ["/base/nodes/./ab", 200],
    ["/base/x/../nodes/%2e/ab", 200],
    ["/base/nodes/ab#x", 200],
    ["/base/nodes/ab/..", 422],
    ["/base/..", 404],
    ["/base//", 500],
    ["/base//a b", 400],
  ]);
});

test("--auth off asks for no credentials, the other modes only look for them", async () => {
  const asked = { method: "GET", path: "/nodes/ab", headers: {} };
  const statuses = [];
  for (const auth of ["strict", "presence", "off"] as const) {
    const { url } = await startOurs(strangeContract, { auth });
    statuses.push((await answerOf(url, asked)).status);
    statuses.push((await answerOf(url, { ...asked, headers: { "x-key": "any" } })).status);
  }
  expect(statuses).toEqual([401, 200, 401, 200, 200, 200]);
});

test("a fault's error is answered by the contract, and no longer than it lasts", async () => {
  const { url, faults } = await startOurs(strangeContract);
  const asked = { method: "GET", path: "/nodes/ab", headers: { "x-key": "any" } };
  faults.addAll([{ operation: "getNode", when: { next: 1 }, fault: { status: 410 } }]);
  const answers = [await answerOf(url, asked), await answerOf(url, asked)];
  expect(answers.map(({ status, body }) => [status, JSON.parse(body)])).toEqual([
    [410, { message: "It is gone." }],
    [200, { kind: "leaf", size: 3 }],
  ]);
});

test("a dynamic answer is new each time", async () => {
  const { url, counted } = await startOurs(strangeContract);
  const asked = { method: "GET", path: "/nodes", headers: { "x-key": "any", prefer: "dynamic=true" } };
  const bodies = new Set<string>();
  for (let call = 0; call < 5; call++) bodies.add((await answerOf(url, asked)).body);
  expect(bodies.size).toBeGreaterThan(1);
  expect(counted.cached).toBe(0);
});
