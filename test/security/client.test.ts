import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { amzDate } from "../../contracts/canonical-request.ts";
import {
  ClientOptionError,
  createSignedClient,
  ResponseTooLargeError,
} from "../../contracts/client/client.ts";
import { retryDelay } from "../../contracts/client/retry.ts";
import { serverTime } from "../../contracts/client/server-time.ts";
import { clientOver, json, now, type Paths, secrets, serve } from "../contracts/world.ts";

const face = "4pyT";
const minute = 60_000;
const day = 86_400_000;
const byId = { params: { path: { id: "7" } } };

describe("a refusal that names a time", () => {
  const expired = (time: string) =>
    `Signature expired: 20261123T030000Z is now earlier than 20261123T040500Z (${time} - 5 min.)`;
  const refused = (message: string, headers = {}) => json(403, { message }, headers);
  const named: [name: string, response: Response, tries: number][] = [
    ["the year 9999", refused(expired("99991231T235959Z")), 1],
    ["the year 0000", refused(expired("00000101T000000Z")), 1],
    ["a month 13", refused(expired("20261323T030000Z")), 1],
    ["a time two days ahead", refused(expired(amzDate(now + 2 * day))), 1],
    ["a time two days behind", refused(expired(amzDate(now - 2 * day))), 1],
    ["a second more than a day", refused(expired(amzDate(now + day + 1000))), 1],
    ["exactly a day", refused(expired(amzDate(now + day))), 2],
    [
      "the last Date there is",
      refused("Signature expired: old", { date: "Sat, 13 Sep 275760 00:00:00 GMT" }),
      1,
    ],
    ["a Date of 1970", refused("Signature expired: old", { date: "Thu, 01 Jan 1970 00:00:00 GMT" }), 1],
    ["exactly a day behind", refused(expired(amzDate(now - day))), 2],
    ["a second of 61", refused(expired("20261123T030061Z")), 1],
    ["a day in full width", refused(expired("２０２６1123T030000Z")), 1],
    ["a time far behind a megabyte", refused("x".repeat(1e6) + expired(amzDate(now))), 1],
    [
      "two Dates",
      refused("Signature expired: old", {
        date: "Mon, 23 Nov 2026 04:00:00 GMT, Mon, 23 Nov 2026 05:00:00 GMT",
      }),
      1,
    ],
    [
      "a Date of a local time",
      refused("Signature expired: old", { date: "Mon, 23 Nov 2126 04:00:00 -2359" }),
      1,
    ],
    ["a Date that is none", refused("Signature expired: old", { date: "soon" }), 1],
    ["a time an hour ahead that it refuses too", refused(expired(amzDate(now + 60 * minute))), 2],
  ];
  test.each(named)("of %s changes no later signature", async (_, response, tries) => {
    const { client, requests } = clientOver([...Array(tries).fill(response), json(201, { id: "1" })]);
    const first = await client.POST("/subjects", { body: { face } });
    const second = await client.POST("/subjects", { body: { face } });
    expect([first.response.status, second.response.status, requests.length]).toEqual([403, 201, tries + 1]);
    expect(requests.at(-1)!.headers.get("x-amz-date")).toBe(amzDate(now));
  });

  test.each([429, 502])("is not kept after a %d, which shows no accepted signature", async (status) => {
    const steps = [refused(expired(amzDate(now + 60 * minute))), json(status, {}), json(201, { id: "1" })];
    const { client, requests } = clientOver(steps, { retries: 0 });
    await client.POST("/subjects", { body: { face } });
    await client.POST("/subjects", { body: { face } });
    const dates = requests.map(({ headers }) => headers.get("x-amz-date"));
    expect(dates).toEqual([amzDate(now), amzDate(now + 60 * minute), amzDate(now)]);
  });
});

describe("a response body", () => {
  const limit = 100_000;
  const zeros = Buffer.alloc(50_000_000);
  const bodies: Record<string, { headers?: Record<string, string>; chunks: () => Iterable<Uint8Array> }> = {
    "of a length that it names": {
      headers: { "content-length": String(limit + 1) },
      chunks: () => [Buffer.alloc(limit + 1)],
    },
    "in chunks": { chunks: () => Array(11).fill(Buffer.alloc(10_000)) },
    "in chunks of one byte": { chunks: () => Array(limit + 1).fill(Buffer.from("1")) },
    "without an end": { chunks: () => endless() },
    compressed: { headers: { "content-encoding": "gzip" }, chunks: () => [gzipSync(zeros)] },
    "compressed twice": {
      headers: { "content-encoding": "gzip, gzip" },
      chunks: () => [gzipSync(gzipSync(zeros))],
    },
  };
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    server = await serve(async (request, response) => {
      const { headers, chunks } = bodies[decodeURIComponent(request.url!.split("/").at(-1)!)]!;
      response.setMaxListeners(0);
      response.writeHead(request.headers["x-status"] ? 500 : 200, headers);
      for (const chunk of chunks()) {
        if (response.destroyed) return;
        if (!response.write(chunk)) await Promise.race([once(response, "drain"), once(response, "close")]);
      }
      response.end();
    });
  });
  afterAll(() => server.close());

  test.each(Object.keys(bodies).flatMap((name) => [200, 500].map((status) => [name, status] as const)))(
    "%s that is too long with %d is an error, and is not read to its end",
    async (name, status) => {
      const before = process.memoryUsage().rss;
      const { client, requests } = clientOver([(request) => fetch(request)], {
        baseUrl: server.url,
        maxResponseBytes: limit,
      });
      const headers = status === 500 ? { "x-status": "500" } : {};
      const call = client.GET("/subjects/{id}", { params: { path: { id: name } }, headers });
      await expect(call).rejects.toThrow(ResponseTooLargeError);
      await expect(call).rejects.toMatchObject({
        code: "RESPONSE_TOO_LARGE",
        operation: "GET /subjects/{id}",
        status,
        maxResponseBytes: limit,
        message:
          `GET /subjects/{id} answered ${status} with more than ${limit} bytes. ` +
          "Check that baseUrl is the API itself, or raise maxResponseBytes.",
      });
      expect(requests.length).toBe(1);
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    },
  );

  test("of exactly the limit is read, in chunks of one byte too", async () => {
    const body = new ReadableStream({
      start(controller) {
        for (const char of '{"id":"7"}') controller.enqueue(new TextEncoder().encode(char));
        controller.close();
      },
    });
    const { client } = clientOver([() => new Response(body)], { maxResponseBytes: 10 });
    const { data } = await client.GET("/subjects/{id}", byId);
    expect(data).toEqual({ id: "7" });
  });
});

describe("waits", () => {
  const facts = { attempt: 1, retries: 10, repeatable: true, now, random: () => 0 };
  test.each([
    "0",
    "0.0000001",
    "-1",
    "1e-9",
    "",
    "soon",
    "NaN",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "00000000",
    "0x10",
  ])("Retry-After %j does not shorten the least wait", (value) => {
    const headers = new Headers({ "retry-after": value });
    expect(retryDelay({ kind: "response", status: 503, headers }, facts)).toBe(125);
  });

  test.each([".001 GMT", ".009 GMT", " GMT", ".999 GMT+0000"])(
    "Retry-After a moment after Date does not shorten the least wait: %s",
    (end) => {
      const headers = new Headers({
        date: "Mon, 23 Nov 2026 03:00:00 GMT",
        "retry-after": `Mon, 23 Nov 2026 03:00:00${end}`,
      });
      const delay = retryDelay({ kind: "response", status: 503, headers }, facts);
      expect(delay).toBe(end.startsWith(".999") ? 999 : 125);
    },
  );

  test.each(["61", "9".repeat(400), "Sat, 13 Sep 275760 00:00:00 GMT"])(
    "Retry-After %j ends the tries",
    (value) => {
      const headers = new Headers({ "retry-after": value });
      expect(retryDelay({ kind: "response", status: 503, headers }, facts)).toBeUndefined();
    },
  );

  test("of a call are two minutes together, however often Retry-After asks for one", async () => {
    const { client, waits, requests } = clientOver([json(503, {}, { "retry-after": "50" })], { retries: 10 });
    await client.GET("/subjects/{id}", byId);
    expect([waits, requests.length]).toEqual([[50_000, 50_000], 3]);
  });
});

describe("http", () => {
  const create = (baseUrl: string, options = {}) =>
    createSignedClient<Paths>({ ...secrets, baseUrl, ...options });
  test.each([
    "http://api.id.nec.com.au/v1",
    "http://api.id.nec.com.au.:8080/v1",
    "http://10.0.0.1",
    "http://192.168.1.7:4010/v1",
    "http://0.0.0.0:4010",
    "http://mock:4010/v1",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://[::ffff:10.0.0.1]",
    "http://notlocalhost",
    "HTTP://API.ID.NEC.COM.AU",
  ])("to another machine is refused: %s", (baseUrl) => {
    expect(() => create(baseUrl)).toThrow(ClientOptionError);
    expect(() => create(baseUrl)).toThrow(
      "The client was not created: baseUrl must be an https URL off this machine, unless allowInsecure is true.",
    );
    expect(() => create(baseUrl, { allowInsecure: true })).not.toThrow();
  });

  test.each([
    "http://127.0.0.1:4010/v1",
    "http://127.1.2.3",
    "http://localhost:4010/v1",
    "http://api.localhost",
    "http://[::1]:4010",
    "https://api.id.nec.com.au/v1",
  ])("to this machine, and https, are allowed: %s", (baseUrl) => {
    expect(() => create(baseUrl)).not.toThrow();
  });
});

test.each([101, 0])("a response of status %d is a network error", async (status) => {
  const response = Object.defineProperty(Response.json({}), "status", { value: status });
  const { client } = clientOver([() => response], { retries: 0 });
  await expect(client.GET("/subjects/{id}", byId)).rejects.toMatchObject({
    code: "NETWORK",
    reason: status === 0 ? "REDIRECT" : "STATUS_101",
  });
});

test.each([
  ["quotation marks", '"'],
  ["beginnings of a refusal", '"Signature expired: '],
  ["parentheses", '"Signature expired: ((('],
  ["spaces", '"Signature expired:                '],
  ["times", '"Signature expired: (20180816T040829Z '],
])("a refusal of %s is read in linear time", (_, piece) => {
  const started = performance.now();
  for (let n = 0; n < 20; n += 1)
    serverTime({ status: 403, headers: new Headers(), body: piece.repeat(65_000 / piece.length) });
  expect(performance.now() - started).toBeLessThan(2_000);
});

function* endless(): Generator<Uint8Array> {
  for (;;) yield Buffer.alloc(65_536);
}

function once(emitter: NodeJS.EventEmitter, event: string): Promise<unknown> {
  return new Promise((resolve) => emitter.once(event, resolve));
}
