import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createClient } from "../../../contracts/necid/client.ts";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { type LogEntry, type Mock, startMock } from "../../../mocks/mock.ts";

const logged: LogEntry[] = [];
let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ log: (entry) => logged.push(entry) });
});
afterAll(() => mock.close());

type Client = Parameters<typeof createClient>[0];
const secret =
  "Nothing in the request explains the signature: most likely it was made with another secret access key.";
const apiKey =
  "The API key in x-api-key is not one of this world's. The mock prints its keys when it starts, and a test's world has its own.";
const refused: [what: string, client: Partial<Client>, note: string][] = [
  ["a wrong secret", { secretAccessKey: "x".repeat(40) }, secret],
  ["a secret of one letter less", { secretAccessKey: "short" }, secret],
  [
    "an unknown access key",
    { accessKeyId: "AKIAUNKNOWN" },
    "No world of this mock has this access key ID, or the session token is not the one that belongs to it.",
  ],
  [
    "a session token that nobody gave",
    { sessionToken: "token" },
    "No world of this mock has this access key ID, or the session token is not the one that belongs to it.",
  ],
  ["an unknown API key", { apiKey: "unknown" }, apiKey],
];

test.each(refused)("%s has its reason in the journal and in the log", async (_, options, note) => {
  const { operations } = createClient({
    ...mock.credentials,
    apiKey: mock.apiKeys[0]!,
    baseUrl: mock.url,
    ...options,
  });
  const { response } = await operations.ApiSubjectsPost({ body: { face: face("alice") } });
  expect(response.status).toBe(403);
  expect([mock.journal.list().at(-1)!.note, logged.at(-1)!.note]).toEqual([note, note]);
});

const paths: [method: string, path: string, note: string][] = [
  ["GET", "/health", "The path lacks the base path: /v1/health is in the contract."],
  ["DELETE", "/subjects/a%20b", "The path lacks the base path: /v1/subjects/a%20b is in the contract."],
  ["GET", "/v1/health/", "The path ends with a slash, which makes it another one."],
  ["GET", "/v1/subjects", "This path has no GET. It has POST, OPTIONS."],
  ["PUT", "/v1/health", "This path has no PUT. It has OPTIONS, GET."],
  ["GET", "/v1/nothing", "The contract has no such path. Its paths stand below /v1."],
  ["GET", "/", "The contract has no such path. Its paths stand below /v1."],
  ["POST", "/v1/subjects", "The request is not signed: it has no Authorization header."],
];

test.each(paths)("%s %s has its reason in the journal", async (method, path, note) => {
  const response = await fetch(new URL(path, mock.url), { method });
  expect(response.status).toBe(403);
  expect(mock.journal.list().at(-1)!.note).toBe(note);
});

test("a wrong signature is explained when somebody reads it, and its large body is not kept till then", async () => {
  const { operations } = createClient({
    ...mock.credentials,
    secretAccessKey: "wrong",
    apiKey: mock.apiKeys[0]!,
    baseUrl: mock.url,
    fetch: mock.fetch,
  });
  const large = Buffer.alloc(300_000).toString("base64");
  await operations.ApiSubjectsPost({ body: { face: large } });
  expect(Object.getOwnPropertyDescriptor(logged.at(-1)!, "note")?.value).toBeUndefined();
  expect(logged.at(-1)!.note).toBe(secret);
  expect(mock.journal.list().at(-1)!.note).toBe(secret);
});

describe("a Prefer header that asks for what the contract does not document", () => {
  const statuses = "201, 400, 403, 413, 415, 429, 500, 502, 504";
  const wrong: [prefer: string, start: string][] = [
    ...["777", "100", "999", "0", "abc", "", "4", "404", "-1", "2e2"].map((code): [string, string] => [
      `code=${code}`,
      `code=${code} is not documented for ApiSubjectsPost; documented: ${statuses}`,
    ]),
    ["code=777, code=201", "code=777 is not documented"],
    [
      "example=Nope",
      "example=Nope is not documented for 201 of ApiSubjectsPost; documented: 201: documented; 400: InvalidRequest, NoFace, PoorQuality;",
    ],
    ["code=400, example=Nope", "example=Nope is not documented for 400 of ApiSubjectsPost; documented: 201:"],
    ["code=400; example=ContentTooLarge", "example=ContentTooLarge is not documented for 400"],
    [`example=${"x".repeat(300)}`, `example=${"x".repeat(100)}… is not documented`],
    ["example=Nope, dynamic=true", "example=Nope is not documented"],
    ["example=", "example= is not documented for 201"],
    ["dynamic=yes", "dynamic=yes is neither true nor false."],
    ["dynamic=constructor", "dynamic=constructor is neither true nor false."],
    ["dynamic=1, dynamic=true", "dynamic=1 is neither true nor false."],
  ];
  let open: Mock;
  beforeAll(async () => {
    open = await startMock({ auth: "off" });
  });
  afterAll(() => open.close());

  test.each(wrong)("%s: 400 with what is documented", async (prefer, start) => {
    const headers = { "content-type": "application/json", prefer };
    const body = JSON.stringify({ face: face("alice") });
    const response = await open.fetch(`${open.url}/subjects`, { method: "POST", headers, body });
    const { message, errorType } = (await response.json()) as { message: string; errorType: string };
    expect({ status: response.status, errorType }).toEqual({ status: 400, errorType: "InvalidRequest" });
    expect(message.startsWith(`prefer header is invalid: ${start}`)).toBe(true);
  });

  test.each([
    ["code=400, example=NoFace", 400],
    ["code=201", 201],
    ["code=400; code=999", 400],
    ["dynamic", 201],
    ["dynamic=TRUE", 201],
    ["dynamic=false, dynamic=yes", 201],
    ["respond-async", 201],
  ])("%s is served with %i", async (prefer, status) => {
    const headers = { "content-type": "application/json", prefer };
    const body = JSON.stringify({ face: face("alice") });
    const response = await open.fetch(`${open.url}/subjects`, { method: "POST", headers, body });
    expect(response.status).toBe(status);
  });

  const types: [type: string, body: string | Uint8Array<ArrayBuffer>, status: number][] = [
    ["image/png", new Uint8Array([0x89, 0x50, 0xff, 0]), 415],
    ["image/jpeg", new Uint8Array([0xff, 0xd8]), 415],
    ["application/octet-stream", new Uint8Array([0xc3, 0x28]), 415],
    ["multipart/form-data; boundary=x", "--x", 415],
    ["text/plain; charset=utf-8", "text", 415],
    ["application/xml", "<a/>", 415],
    ["application/json", new Uint8Array([0xff]), 400],
    ["application/json; charset=latin1", "{", 400],
  ];
  test.each(types)("a body of %s is judged by its type before it is read", async (type, body, status) => {
    const headers = { "content-type": type };
    const response = await open.fetch(`${open.url}/subjects`, { method: "POST", headers, body });
    expect(response.status).toBe(status);
  });
});

test("a mock goes on by real time while a test fakes all of it, and follows faked time when asked", async () => {
  const faked = await startMock({ now: () => Date.now() });
  vi.useFakeTimers({ now: Date.UTC(2001, 0, 1) });
  try {
    // No timer of the client is needed where nothing is sent through a socket.
    const body = JSON.stringify({ face: face("alice") });
    const response = await mock.fetch(`${mock.url}/subjects`, { method: "POST", body });
    expect(response.status).toBe(403);
    mock.faults.add({ fault: { latency: { ms: 5 } } });
    const late = await mock.fetch(`${mock.url}/health`);
    expect(late.status).toBe(200);
    mock.faults.clear();
    const [entry] = mock.journal.list().slice(-1);
    expect(new Date(entry!.time).getFullYear()).toBeGreaterThan(2001);
    await faked.fetch(`${faked.url}/health`);
    expect(faked.journal.list()[0]!.time).toBe("2001-01-01T00:00:00.000Z");
  } finally {
    vi.useRealTimers();
    await faked.close();
  }
});
