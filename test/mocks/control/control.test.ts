import { describe, expect, test } from "vitest";
import { controlTooLarge } from "../../../mocks/control/control.ts";
import { HttpRequest } from "../../../mocks/http/request.ts";
import { began, openControlRoom } from "./control-room.ts";

const alice = { 1: ["alice"] };

describe("a call that is wrong is refused in words", () => {
  const id = "?world=nobody";
  const when = { 400: "CALL_INVALID", 404: "CALL_UNKNOWN", 405: "METHOD_NOT_ALLOWED" };
  test.each([
    ["GET /", {}, 404, when[404], "There is no such control call. GET /__necid/openapi.json lists them."],
    [
      "GET /nothing",
      {},
      404,
      when[404],
      "There is no such control call. GET /__necid/openapi.json lists them.",
    ],
    [
      "GET /state/",
      {},
      404,
      when[404],
      "There is no such control call. GET /__necid/openapi.json lists them.",
    ],
    ["PATCH /clock", {}, 405, when[405], "This control call is made with GET or PUT."],
    ["POST /faults/fault-1", {}, 405, when[405], "This control call is made with DELETE."],
    ["OPTIONS /state", {}, 405, when[405], "This control call is made with GET or PUT."],
    [`GET /clock${id}`, {}, 404, "WORLD_UNKNOWN", "There is no such world. GET /__necid/worlds lists them."],
    [
      "GET /journal?operationid=a",
      {},
      400,
      when[400],
      "The query parameter operationid is not known; known: operationId, status, since, world.",
    ],
    ["GET /health?world=first", {}, 400, when[400], "The query parameter world is not known; known: none."],
    [
      "GET /journal?status=4xx",
      {},
      400,
      when[400],
      "The query parameter status must be a whole number, 100 or more.",
    ],
    [
      "GET /journal?since=-1",
      {},
      400,
      when[400],
      "The query parameter since must be a whole number, 0 or more.",
    ],
    ["PUT /clock", {}, 400, when[400], "The body must be a JSON object with time."],
    ["PUT /clock", { bytes: "{" }, 400, when[400], "The body must be JSON in UTF-8."],
    [
      "PUT /clock",
      { bytes: Buffer.from([0x22, 0xff, 0x22]) },
      400,
      when[400],
      "The body must be JSON in UTF-8.",
    ],
    [
      "PUT /clock",
      { bytes: "[".repeat(10_000) },
      400,
      when[400],
      "The body is too much: it is nested deeper than 100 levels.",
    ],
    ["PUT /clock", { body: [] }, 400, when[400], "The body must be a JSON object with time."],
    [
      "PUT /clock",
      { body: {} },
      400,
      when[400],
      'time must be a time as ISO 8601, like "2026-01-31T12:00:00Z".',
    ],
    [
      "PUT /clock",
      { body: { time: began } },
      400,
      when[400],
      'time must be a time as ISO 8601, like "2026-01-31T12:00:00Z".',
    ],
    [
      "PUT /clock",
      { body: { time: "2026-02-30T00:00:00Z" } },
      400,
      when[400],
      'time must be a time as ISO 8601, like "2026-01-31T12:00:00Z".',
    ],
    [
      "PUT /clock",
      { body: { time: "2026-02-03" } },
      400,
      when[400],
      'time must be a time as ISO 8601, like "2026-01-31T12:00:00Z".',
    ],
    ["PUT /clock", { body: { tiem: "" } }, 400, when[400], "tiem is not known; known: time."],
    ["PUT /clock", { bytes: '{"__proto__":{}}' }, 400, when[400], "__proto__ is not known; known: time."],
    ["POST /clock/advance", { body: { ms: "5" } }, 400, when[400], "ms must be a number."],
    ["POST /clock/advance", { bytes: '{"ms":1e999}' }, 400, when[400], "ms must be a number."],
    [
      "POST /clock/advance",
      { body: { ms: 1e15 } },
      400,
      when[400],
      "ms must lead to a year from 0000 to 9999.",
    ],
    [
      "POST /clock/advance",
      { body: { ms: -1e15 } },
      400,
      when[400],
      "ms must lead to a year from 0000 to 9999.",
    ],
    ["POST /worlds", { body: { seed: 7 } }, 400, when[400], "seed must be text."],
    ["POST /faults", {}, 400, when[400], "The body must be provided."],
    ["POST /faults", { body: {} }, 400, "FAULT_INVALID", undefined],
    ["POST /scenarios", { body: "nobody" }, 400, "FAULT_INVALID", undefined],
    ["PUT /state", { body: {} }, 400, "STATE_INVALID", undefined],
    ["POST /state/seed", { body: { 3: [] } }, 400, "STATE_INVALID", undefined],
    ["DELETE /faults/fault-9", {}, 404, "FAULT_UNKNOWN", "There is no such fault."],
    ["DELETE /scenarios/none", {}, 404, "SCENARIO_UNKNOWN", "There is no such scenario."],
    ["DELETE /worlds/none", {}, 404, "WORLD_UNKNOWN", "There is no such world."],
    ["DELETE /worlds/first", {}, 409, "WORLD_STAYS", "The first world stays. Reset it instead."],
    [
      "POST /state/save",
      {},
      409,
      "NO_STATE_FILE",
      "Only the first world is saved, to the file that the mock was started with: --state FILE.",
    ],
  ])("%s %j → %i", async (call, sent, status, code, message = expect.any(String)) => {
    const { send } = await openControlRoom();
    const received = await send(call, sent);
    expect({ status: received.status, body: received.body }).toEqual({ status, body: { message, code } });
  });

  test("405 says what is allowed", async () => {
    const { send } = await openControlRoom();
    expect((await send("PUT /journal")).headers.Allow).toBe("GET, DELETE");
  });

  test("an invalid fault is named by its place", async () => {
    const { send } = await openControlRoom();
    const { body } = await send("POST /faults", { body: { fault: { throttle: { rate: -1, burst: 1 } } } });
    expect((body as { message: string }).message).toMatch(/^fault\.throttle\.rate must be a number above 0/);
  });

  test("a service without state has none to give", async () => {
    const { send } = await openControlRoom({ stateless: true });
    const message = "This mock answers by the contract's examples and keeps nothing.";
    expect(await send("GET /state")).toMatchObject({ status: 409, body: { message, code: "NO_STATE" } });
  });

  test("a body over the limit is answered in the same form", () => {
    const request = { method: "PUT", target: "/__necid/state", rawHeaders: [], body: Buffer.alloc(0) };
    expect(controlTooLarge(new HttpRequest(request))).toEqual({
      status: 413,
      headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
      body: '{"message":"The body of a control call may have 67108864 bytes at most.","code":"BODY_TOO_LARGE"}',
    });
    expect(controlTooLarge(new HttpRequest({ ...request, target: "/v1/subjects" }))).toBeUndefined();
  });
});

describe("who may call", () => {
  const away = "To open them, start the mock with --control-token TOKEN and send the token.";
  test.each([
    [{}, 200, undefined],
    [{ headers: { host: "localhost" } }, 200, undefined],
    [{ headers: { host: "mock.localhost:80" } }, 200, undefined],
    [{ headers: { host: "127.8.9.1:4010" } }, 200, undefined],
    [{ headers: { host: "[::1]:4010" } }, 200, undefined],
    [{ headers: { origin: "http://localhost:4010", "sec-fetch-site": "same-origin" } }, 200, undefined],
    [{ fromLoopback: true }, 200, undefined],
    [{ fromLoopback: false }, 403, `Control calls are taken from this machine only. ${away}`],
    [
      { headers: { host: "evil.example" } },
      403,
      `Control calls must be addressed to a loopback name, not to the host "evil.example". ${away}`,
    ],
    [
      { headers: { host: "127.0.0.1.evil.example" } },
      403,
      `Control calls must be addressed to a loopback name, not to the host "127.0.0.1.evil.example". ${away}`,
    ],
    [
      { headers: { host: "localhost, evil.example" } },
      403,
      `Control calls must be addressed to a loopback name, not to the host "localhost, evil.example". ${away}`,
    ],
    [
      { headers: { host: "user@localhost/\u0000" } },
      403,
      `Control calls must be addressed to a loopback name, not to the host "user@localhost/?". ${away}`,
    ],
    [
      { headers: { origin: "https://evil.example" } },
      403,
      `Control calls are not taken from pages of the origin "https://evil.example". ${away}`,
    ],
    [
      { headers: { origin: "http://localhost:5173" } },
      403,
      `Control calls are not taken from pages of the origin "http://localhost:5173". ${away}`,
    ],
    [
      { headers: { "sec-fetch-site": "cross-site" } },
      403,
      `Control calls are not taken from pages of another site (Sec-Fetch-Site: cross-site). ${away}`,
    ],
    [
      { headers: { origin: "null" } },
      403,
      `Control calls are not taken from pages of the origin "null". ${away}`,
    ],
  ])("without a token: %j → %i", async (sent, status, message) => {
    const { send } = await openControlRoom();
    const received = await send("GET /clock", sent);
    const body = message ? { message, code: "CONTROL_FORBIDDEN" } : expect.anything();
    expect({ status: received.status, body: received.body }).toEqual({ status, body });
  });

  test.each([
    [{}, 401],
    [{ headers: { authorization: "Bearer wrong" } }, 401],
    [{ headers: { authorization: "Basic letmein" } }, 401],
    [{ headers: { "x-necid-control-token": "" } }, 401],
    [{ headers: { authorization: "Bearer letmein" } }, 200],
    [{ headers: { authorization: "bearer letmein", host: "mock.test", origin: "https://ui.test" } }, 200],
    [{ headers: { "x-necid-control-token": "letmein" }, fromLoopback: false }, 200],
  ])("with a token: %j → %i", async (sent, status) => {
    const { send } = await openControlRoom({ token: "letmein" });
    expect((await send("GET /clock", sent)).status).toBe(status);
  });

  test("a refused call has no effect and shows no secret", async () => {
    const { send, worlds } = await openControlRoom({ token: "letmein" });
    const received = await send("POST /worlds", { headers: { authorization: "Bearer guess" } });
    expect(received.headers).toEqual({
      "Content-Type": "application/json",
      "Cache-Control": "no-store",
      "WWW-Authenticate": 'Bearer realm="necid control"',
    });
    expect(JSON.stringify(received)).not.toMatch(/letmein|guess/);
    expect(worlds.list()).toHaveLength(1);
  });
});

describe("what is no control call is left to the service", () => {
  test.each([
    "/v1/subjects",
    "/",
    "/__neci",
    "/__necids",
    "/v1/__necid/health",
    "/v1/x?next=/__necid/health",
    "*",
  ])("%s", async (target) => {
    const { control } = await openControlRoom();
    const request = new HttpRequest({ method: "GET", target, rawHeaders: [], body: Buffer.alloc(0) });
    expect(control(request)).toBeUndefined();
  });
});

describe("worlds", () => {
  test("a call is about the world that the query or the header names", async () => {
    const { send } = await openControlRoom();
    const { id } = (await send("POST /worlds")).body as { id: string };
    const time = "2030-01-01T00:00:00.000Z";
    await send(`PUT /clock?world=${id}`, { body: { time } });
    const own = { status: 200, body: { time, stopped: true } };
    expect(await send("GET /clock", { headers: { "x-necid-world": id } })).toMatchObject(own);
    expect(await send(`GET /clock?world=${id}`, { headers: { "x-necid-world": "first" } })).toMatchObject(
      own,
    );
    expect((await send("GET /clock")).body).toEqual({ time: new Date(began).toISOString(), stopped: false });
  });

  test("one is made with credentials of its own, listed without them, and gone when deleted", async () => {
    const { send, worlds } = await openControlRoom();
    const made = (await send("POST /worlds", { body: { seed: "7" } })).body as Record<string, string>;
    const { credentials, apiKeys } = worlds.get(made.id!)!;
    expect(made).toEqual({
      id: made.id,
      seed: "7",
      url: "http://127.0.0.1:4010/v1",
      ...credentials,
      apiKeys,
    });
    expect((await send("GET /worlds")).body).toEqual({
      worlds: [
        { id: "first", seed: "control" },
        { id: made.id, seed: "7" },
      ],
    });
    expect(await send(`DELETE /worlds/${made.id}`)).toMatchObject({ status: 204, body: undefined });
    expect((await send(`GET /state?world=${made.id}`)).status).toBe(404);
  });

  test("there is an end to them", async () => {
    const { send, worlds } = await openControlRoom({ stateless: true });
    while (worlds.list().length < 10_000) worlds.create();
    expect(await send("POST /worlds")).toMatchObject({ status: 409, body: { code: "TOO_MANY_WORLDS" } });
  });
});

describe("state", () => {
  test("what GET gives, PUT puts back, in another world too", async () => {
    const { send } = await openControlRoom();
    await send("POST /state/seed", { body: alice });
    const { body } = await send("GET /state");
    const { id } = (await send("POST /worlds")).body as { id: string };
    expect((await send(`PUT /state?world=${id}`, { body })).status).toBe(204);
    expect((await send(`GET /state?world=${id}`)).body).toEqual(body);
    expect(JSON.stringify(body)).toMatch(/alice/);
  });

  test("reset takes the world back to its beginning", async () => {
    const { send, worlds } = await openControlRoom();
    const before = (await send("GET /state")).body;
    await send("POST /state/seed", { body: alice });
    await send("POST /faults", { body: { fault: { badGateway: true } } });
    await send("POST /clock/advance", { body: { ms: 1000 } });
    expect((await send("POST /state/reset")).status).toBe(204);
    expect((await send("GET /state")).body).toEqual(before);
    expect((await send("GET /faults")).body).toEqual({ faults: [] });
    expect(worlds.first.clock.now()).toBe(began);
  });

  test("save writes the file, or says why not", async () => {
    const calls: string[] = [];
    const flush = async () => void calls.push("flush");
    const stateFile = { changed: () => void calls.push("changed"), flush };
    const { send } = await openControlRoom({ stateFile });
    expect((await send("POST /state/save")).status).toBe(204);
    expect(calls).toEqual(["changed", "flush"]);

    const full = { ...stateFile, flush: async () => new Error("the disk is full") };
    const broken = await openControlRoom({ stateFile: full });
    expect(await broken.send("POST /state/save")).toMatchObject({
      status: 500,
      body: { message: "the disk is full", code: "STATE_NOT_SAVED" },
    });
  });
});
