import { afterEach, expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import type { MockContract } from "../../../mocks/handle/handler.ts";
import { type Mock, type MockOptions, startMock } from "../../../mocks/mock.ts";
import { loadNecIdContract } from "../../../mocks/necid/contract.ts";
import { exchangeRaw, type ReceivedResponse } from "../../raw-http.ts";

let mock: Mock;
afterEach(() => mock.close());
const start = async (options: MockOptions = {}) => {
  mock = await startMock({ auth: "off", ...options });
};

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${mock.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    mediaType: response.headers.get("content-type"),
    text: await response.text(),
  };
};
const register = (headers?: Record<string, string>) => post("/subjects", { face: face("alice") }, headers);

test("a delivery fault applies to a request that breaks the contract too", async () => {
  await start();
  mock.faults.add({ fault: { contentType: "text/html" } });
  const { status, mediaType } = await post("/subjects", {});
  expect({ status, mediaType }).toEqual({ status: 400, mediaType: "text/html" });
});

test("204 and 404 come without a body, 204 without a length too", async () => {
  await start();
  const { id } = JSON.parse((await register()).text);
  const unregister = () =>
    exchangeRaw(mock.port, `DELETE /v1/subjects/${id} HTTP/1.1\r\nHost: 127.0.0.1:${mock.port}\r\n\r\n`);
  const seen = ({ status, headers, body }: ReceivedResponse) => ({
    status,
    names: headers.map(([name]) => name).toSorted(),
    body,
  });
  const identity = [
    "Access-Control-Allow-Origin",
    "Connection",
    "Date",
    "x-amz-apigw-id",
    "x-amzn-RequestId",
  ];
  expect(seen(await unregister())).toEqual({ status: 204, names: identity, body: "" });
  expect(seen(await unregister())).toEqual({
    status: 404,
    names: ["Content-Length", ...identity].toSorted(),
    body: "",
  });
});

/** NEC ID with a service that breaks it. */
const breaking = async (respond: () => { status: number; body: unknown }): Promise<MockContract> => {
  const contract = await loadNecIdContract();
  const service = contract.service!;
  return { ...contract, service: { open: (world) => ({ ...service.open(world), respond }) } };
};

test("an exception in the service is answered 502 and named in the log, and the next request is served", async () => {
  const notes: (string | undefined)[] = [];
  let calls = 0;
  const contract = await breaking(() => {
    if (calls++ === 0) throw new Error("out of order");
    return { status: 404, body: undefined };
  });
  await start({ contract, log: ({ note }) => notes.push(note) });
  const [first, second] = [await register(), await register()];
  expect([first.status, first.text, second.status]).toEqual([
    502,
    '{"message": "Internal server error"}',
    404,
  ]);
  expect(notes).toEqual(["the mock failed: out of order", undefined]);
});

test("--self-check stops an answer that breaks the contract and says where", async () => {
  const notes: (string | undefined)[] = [];
  const contract = await breaking(() => ({ status: 201, body: { id: 7 } }));
  await start({ contract, selfCheck: true, log: ({ note }) => notes.push(note) });
  expect((await register()).status).toBe(502);
  expect(notes).toEqual([
    "self-check failed: body: must have required property 'attributes'; body.id: must be string",
  ]);
});

test("dynamic answers keep the contract, repeat with a seed, and differ without", async () => {
  await start({ selfCheck: true });
  const dynamic = async (more = "") => (await register({ prefer: `dynamic=true${more}` })).text;
  const [one, two] = [await dynamic(", seed=7"), await dynamic(", seed=7")];
  expect(two).toBe(one);
  expect(JSON.parse(one)).toEqual({ id: expect.any(String), attributes: expect.any(Object) });
  expect(await dynamic()).not.toBe(await dynamic());
});

test("a preference that the contract does not document is refused with what it does", async () => {
  await start();
  const { status, text } = await register({ prefer: "code=418" });
  expect([status, JSON.parse(text).message]).toEqual([
    400,
    "prefer header is invalid: code=418 is not documented for ApiSubjectsPost; documented: 201, 400, 403, 413, 415, 429, 500, 502, 504.",
  ]);
  const unknown = await register({ prefer: "code=400, example=Nobody" });
  expect([unknown.status, JSON.parse(unknown.text).errorCode]).toEqual([400, 1001]);
});

test("the journal and the coverage list what was exercised, without keys and images", async () => {
  await start({ auth: "strict" });
  await fetch(`${mock.url}/health`);
  await register();
  expect(mock.journal.list().map(({ operation, status }) => [operation, status])).toEqual([
    ["GET /health", 200],
    ["ApiSubjectsPost", 403],
  ]);
  expect(mock.coverage.report().filter(({ calls }) => calls > 0)).toEqual([
    {
      operation: "ApiSubjectsPost",
      status: 403,
      errorType: "MissingAuthenticationTokenException",
      documented: true,
      calls: 1,
    },
    { operation: "GET /health", status: 200, documented: true, calls: 1 },
  ]);
  expect(JSON.stringify(mock.journal.list())).not.toContain(face("alice"));
});

test("the clock of a world is the service's clock: moved on, signatures are expired", async () => {
  await start({ auth: "strict" });
  const { createClient } = await import("../../../contracts/necid/client.ts");
  const client = createClient({ ...mock.credentials, apiKey: mock.apiKeys[0]!, baseUrl: mock.url });
  mock.clock.advance(10 * 60_000);
  const { response } = await client.operations.ApiSubjectsPost({ body: { face: face("alice") } });
  expect(response.status).toBe(201);
  expect(Date.parse(response.headers.get("date")!)).toBeGreaterThan(Date.now() + 9 * 60_000);
  expect(mock.journal.list().map(({ status }) => status)).toEqual([403, 201]);
});
