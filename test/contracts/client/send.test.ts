import { describe, expect, test } from "vitest";
import { amzDate } from "../../../contracts/canonical-request.ts";
import { NetworkError, ResponseTimeoutError } from "../../../contracts/client/client.ts";
import { broken, clientOver, json, now, type Step, serve } from "../world.ts";

const face = "4pyT";
const byId = { params: { path: { id: "7" } } };
const unavailable = json(503, { message: "Service Unavailable" });
const throttled = json(
  429,
  { message: "Too Many Requests" },
  { "x-amzn-errortype": "TooManyRequestsException" },
);
const quota = json(429, { message: "Limit Exceeded" }, { "x-amzn-errortype": "LimitExceededException" });
const never = () => new Promise<Response>(() => {});

describe("sending again", () => {
  type Result = { status: number; tries: number };
  const registrations: [name: string, step: Step, want: Result][] = [
    ["503", unavailable, { status: 503, tries: 1 }],
    ["504", json(504, { message: "Endpoint request timed out" }), { status: 504, tries: 1 }],
    ["throttled", throttled, { status: 201, tries: 2 }],
    ["quota used up", quota, { status: 429, tries: 1 }],
    ["connection refused", broken("ECONNREFUSED"), { status: 201, tries: 2 }],
    ["name not found", broken("ENOTFOUND"), { status: 201, tries: 2 }],
  ];
  test.each(registrations)("a registration, first %s", async (_, step, want) => {
    const { client, requests } = clientOver([step, json(201, { id: "1" })]);
    const { response } = await client.POST("/subjects", { body: { face } });
    expect({ status: response.status, tries: requests.length }).toEqual(want);
  });

  test("a registration whose connection broke is not sent again", async () => {
    const { client, requests } = clientOver([broken("ECONNRESET"), json(201, { id: "1" })]);
    await expect(client.POST("/subjects", { body: { face } })).rejects.toThrow(NetworkError);
    expect(requests.length).toBe(1);
  });

  test("a registration is sent again if the options allow it", async () => {
    const { client, requests } = clientOver([broken("ECONNRESET"), json(201, { id: "1" })], {
      retries: { attempts: 1, also: ["POST /subjects"] },
    });
    const { data } = await client.POST("/subjects", { body: { face } });
    expect([data, requests.length]).toEqual([{ id: "1" }, 2]);
  });

  test("a search is sent again although it is a POST", async () => {
    const { client, requests } = clientOver([unavailable, json(200, { candidates: [] })], {
      repeatable: (method, path) => `${method} ${path}` === "POST /face/search",
    });
    await client.POST("/face/search", { body: { probe: face } });
    expect(requests.length).toBe(2);
  });

  test("gives the last response when the tries are used up", async () => {
    const { client, requests, waits } = clientOver([unavailable]);
    const { error, response } = await client.GET("/subjects/{id}", byId);
    expect({ error, status: response.status, tries: requests.length, waits }).toEqual({
      error: { message: "Service Unavailable" },
      status: 503,
      tries: 3,
      waits: [188, 375],
    });
  });

  test("sends the same bytes with a new signature", async () => {
    const { client, requests } = clientOver([json(503, {}, { "retry-after": "2" }), json(200, { id: "7" })]);
    await client.PUT("/subjects/{id}", { ...byId, body: { face } });

    const dates = requests.map(({ headers }) => headers.get("x-amz-date"));
    expect(dates).toEqual([amzDate(now), amzDate(now + 2000)]);
    expect(await Promise.all(requests.map((request) => request.text()))).toEqual([
      '{"face":"4pyT"}',
      '{"face":"4pyT"}',
    ]);
    const [first, second] = requests.map(({ headers }) => headers.get("authorization"));
    expect(first).not.toBe(second);
  });

  test("sends once with retries 0", async () => {
    const { client, requests } = clientOver([unavailable], { retries: 0 });
    await client.GET("/subjects/{id}", byId);
    expect(requests.length).toBe(1);
  });

  test("sends again after an incomplete response", async () => {
    let calls = 0;
    const server = await serve((_, response) => {
      calls += 1;
      response.writeHead(200, { "content-type": "application/json", "content-length": "10" });
      if (calls === 1) response.write('{"id"', () => response.destroy());
      else response.end('{"id":"7"}');
    });
    const { client } = clientOver([(request) => fetch(request)], { baseUrl: server.url });
    const { data } = await client.GET("/subjects/{id}", byId);
    await server.close();
    expect([data, calls]).toEqual([{ id: "7" }, 2]);
  });
});

describe("the clock", () => {
  const minutes = 60_000;
  /** A gateway whose clock is off by `ahead` milliseconds. */
  const gateway = (ahead: number) => {
    const time = amzDate(now + ahead);
    return (request: Request) => {
      const sent = request.headers.get("x-amz-date")!;
      if (sent === time) return json(201, { id: "1" });
      const message =
        sent < time
          ? `Signature expired: ${sent} is now earlier than ${amzDate(now + ahead - 5 * minutes)} (${time} - 5 min.)`
          : `Signature not yet current: ${sent} is still later than ${amzDate(now + ahead + 5 * minutes)} (${time} + 5 min.)`;
      return json(403, { message });
    };
  };

  test.each([
    ["expired", 10 * minutes],
    ["not yet current", -10 * minutes],
  ])("is corrected when a signature is %s, and stays corrected", async (_, ahead) => {
    const { client, requests, waits } = clientOver([gateway(ahead)], { retries: 0 });
    const first = await client.POST("/subjects", { body: { face } });
    const second = await client.POST("/subjects", { body: { face } });

    expect([first.data, second.data]).toEqual([{ id: "1" }, { id: "1" }]);
    const right = amzDate(now + ahead);
    expect(requests.map(({ headers }) => headers.get("x-amz-date"))).toEqual([amzDate(now), right, right]);
    expect(waits).toEqual([]);
  });

  test("is corrected once for a try, then the refusal is the response", async () => {
    const message =
      "Signature expired: 20261123T030000Z is now earlier than 20261123T040500Z (20261123T041000Z - 5 min.)";
    const { client, requests } = clientOver([json(403, { message })]);
    const { error } = await client.POST("/subjects", { body: { face } });
    expect([error, requests.length]).toEqual([{ message }, 2]);
  });

  test("is left alone by every other 403", async () => {
    const headers = { date: "Mon, 23 Nov 2026 09:00:00 GMT" };
    const { client, requests } = clientOver([json(403, { message: "Forbidden" }, headers)]);
    const { error } = await client.POST("/subjects", { body: { face } });
    expect([error, requests.length]).toEqual([{ message: "Forbidden" }, 1]);
  });
});

describe("no response", () => {
  test("names the failure and that the service may have acted", async () => {
    const { client } = clientOver([broken("ECONNRESET")]);
    await expect(client.DELETE("/subjects/{id}", byId)).rejects.toMatchObject({
      name: "NetworkError",
      code: "NETWORK",
      operation: "DELETE /subjects/{id}",
      reason: "ECONNRESET",
      sent: true,
      attempts: 3,
      message:
        "DELETE /subjects/{id} got no response after 3 tries: ECONNRESET. The service may have acted on it; find out before sending it again.",
    });
  });

  test("at a port where nothing listens says that nothing was sent", async () => {
    const server = await serve(() => {});
    await server.close();
    const { client } = clientOver([(request) => fetch(request)], { baseUrl: server.url, retries: 0 });
    await expect(client.POST("/subjects", { body: { face } })).rejects.toMatchObject({
      reason: "ECONNREFUSED",
      sent: false,
      attempts: 1,
      message:
        "POST /subjects got no response after 1 try: ECONNREFUSED. Nothing reached the service; check baseUrl and that the service is up.",
    });
  });

  const refused = (cause: object) => () =>
    Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error("no"), cause) }));

  test.each<[name: string, transport: (request: Request) => Promise<Response>, reason: string]>([
    [
      "at a port that fetch does not call",
      (request) => fetch(new Request("http://127.0.0.1:6000", request)),
      "BAD_PORT",
    ],
    [
      "of a service whose certificate is refused",
      refused({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
    [
      "over a connection that took too long to make",
      refused({ code: "ETIMEDOUT", syscall: "connect" }),
      "ETIMEDOUT",
    ],
  ])("%s says that nothing was sent", async (_, transport, reason) => {
    const { client } = clientOver([transport], { retries: 0 });
    const thrown = await client.POST("/subjects", { body: { face } }).catch((error) => error);
    expect(thrown).toMatchObject({ reason, sent: false });
  });

  test("that an earlier try may have reached says so", async () => {
    const { client } = clientOver([broken("ECONNRESET"), broken("ECONNREFUSED")]);
    const call = client.DELETE("/subjects/{id}", byId);
    await expect(call).rejects.toMatchObject({ reason: "ECONNREFUSED", sent: true });
  });

  test.each([
    ["a fetch that throws nothing", null, "unknown"],
    ["a fetch that throws text", "secret text", "unknown"],
    ["a fetch with a fault of its own", new RangeError("quotes a header"), "RangeError"],
  ])("from %s has no text of it", async (_, thrown, reason) => {
    const { client } = clientOver([() => Promise.reject(thrown)], { retries: 0 });
    await expect(client.GET("/subjects/{id}", byId)).rejects.toMatchObject({ reason, sent: true });
  });

  test("within timeoutMs is an error of its own", async () => {
    const { client, requests } = clientOver([never], { timeoutMs: 5, retries: 1 });
    const call = client.GET("/subjects/{id}", byId);
    await expect(call).rejects.toThrow(ResponseTimeoutError);
    await expect(call).rejects.toMatchObject({
      code: "TIMEOUT",
      operation: "GET /subjects/{id}",
      timeoutMs: 5,
      attempts: 2,
      message:
        "GET /subjects/{id} got no complete response within 5 ms in 2 tries. The service may have acted on it; find out before sending it again, or raise timeoutMs.",
    });
    expect(requests.length).toBe(2);
  });

  test("to the last byte within timeoutMs is the same error", async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"id"');
    });
    const options = { baseUrl: server.url, timeoutMs: 50, retries: 0 };
    const { client } = clientOver([(request) => fetch(request)], options);
    await expect(client.GET("/subjects/{id}", byId)).rejects.toMatchObject({ code: "TIMEOUT" });
    await server.close();
  });
});

describe("the caller's signal", () => {
  const reason = new Error("the caller has had enough");

  test("ends a try at once, even if the transport ignores it", async () => {
    const controller = new AbortController();
    const { client, requests } = clientOver([
      () => {
        controller.abort(reason);
        return never();
      },
    ]);
    const call = client.GET("/subjects/{id}", { ...byId, signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    expect(requests.length).toBe(1);
  });

  test("ends a wait at once", async () => {
    const controller = new AbortController();
    const sleep = () => {
      controller.abort(reason);
      return never();
    };
    const { client, requests } = clientOver([unavailable], { sleep });
    const call = client.GET("/subjects/{id}", { ...byId, signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    expect(requests.length).toBe(1);
  });

  test("ends the default wait too", async () => {
    const controller = new AbortController();
    const { client } = clientOver(
      [
        () => {
          setImmediate(() => controller.abort(reason));
          return json(503, {}, { "retry-after": "60" });
        },
      ],
      { sleep: undefined },
    );
    const call = client.GET("/subjects/{id}", { ...byId, signal: controller.signal });
    await expect(call).rejects.toBe(reason);
  });

  test("that was aborted before sends nothing", async () => {
    const { client, requests } = clientOver([json(200, {})]);
    const call = client.GET("/subjects/{id}", { ...byId, signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(requests).toEqual([]);
  });
});
