import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Limits } from "../../../mocks/http/limits.ts";
import type { HttpRequest } from "../../../mocks/http/request.ts";
import type { HttpResponse } from "../../../mocks/http/response.ts";
import { ListenError, type Listening, listen } from "../../../mocks/http/server.ts";
import { converse, type Piece } from "../../lab/hostile/converse.ts";

const open: Listening[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

/** A server that responds to every request with what it received of it. */
async function serve(
  options: { delivery?: HttpResponse["delivery"]; limits?: Partial<Limits>; response?: HttpResponse } = {},
): Promise<Listening & { seen: HttpRequest[] }> {
  const seen: HttpRequest[] = [];
  const responder = {
    async respond(request: HttpRequest): Promise<HttpResponse> {
      seen.push(request);
      const body = `${request.method} ${request.target} ${request.body.length}`;
      return options.response ?? { status: 200, headers: {}, body, delivery: options.delivery };
    },
    async tooLarge(): Promise<HttpResponse> {
      return { status: 413, headers: {}, body: "too large" };
    },
  };
  const server = await listen(responder, { host: "127.0.0.1", port: 0, limits: options.limits });
  open.push(server);
  return { ...server, seen };
}

const get = (target: string, headers = "") => `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const post = (target: string, headers: string, body = "") =>
  `POST ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`;

/** Status and body of each response, and how the connection ended. */
async function talk(
  port: number,
  pieces: Piece[],
  options: Parameters<typeof converse>[2] = { responses: 1 },
) {
  const { responses, end } = await converse(port, pieces, options);
  return [...responses.map(({ status, body }) => `${status} ${body}`), end];
}

/** The server's side of the next connection. */
function nextAcceptedSocket(): Promise<Socket> {
  const channel = "net.server.socket";
  return new Promise((resolve) => {
    const accept = (message: unknown) => {
      unsubscribe(channel, accept);
      resolve((message as { socket: Socket }).socket);
    };
    subscribe(channel, accept);
  });
}

const badRequest = '400 {"message":"Bad Request"}';
const timeout = '408 {"message":"Request Timeout"}';

describe("a request", () => {
  test("arrives as its bytes, and known to come from this machine", async () => {
    const { port, seen } = await serve();
    await talk(port, [post("/a?b", "X: \xe9\r\nx: 2\r\nContent-Length: 3\r\n", "a\0\xff")]);
    expect(seen).toEqual([
      {
        method: "POST",
        target: "/a?b",
        rawHeaders: ["Host", "x", "X", "\xe9", "x", "2", "Content-Length", "3"],
        body: Buffer.from([0x61, 0, 0xff]),
        fromLoopback: true,
      },
    ]);
  });

  test("in chunks of one byte arrives whole", async () => {
    const { port, seen } = await serve();
    const chunks = "1\r\na\r\n".repeat(10_000);
    await talk(port, [post("/", "Transfer-Encoding: chunked\r\n"), chunks, "0\r\nTrailer: x\r\n\r\n"]);
    expect(seen.map(({ body }) => body.toString())).toEqual(["a".repeat(10_000)]);
  });

  test("keeps every one of thousands of headers", async () => {
    const { port, seen } = await serve();
    await talk(port, [get("/", "a: \r\n".repeat(2_500))]);
    expect(seen[0]!.rawHeaders.length).toBe(2 * 2_501);
  });

  test("that waits to be asked for its body is asked", async () => {
    const { port } = await serve();
    const pieces = [post("/", "Expect: 100-continue\r\nContent-Length: 2\r\n"), { waitMs: 5 }, "ab"];
    expect(await talk(port, pieces)).toEqual(["200 POST / 2", "complete"]);
  });

  test("with another expectation is served all the same", async () => {
    const { port } = await serve();
    expect(await talk(port, [get("/", "Expect: tea\r\n")])).toEqual(["200 GET / 0", "complete"]);
  });
});

describe("a body over the limit", () => {
  const limits = { body: 1_000, controlBody: 2_000, lingerMs: 100 };

  test.for<[name: string, pieces: Piece[]]>([
    ["by its length", [post("/", "Content-Length: 1001\r\n")]],
    [
      "by its length, sent",
      [post("/", "Content-Length: 5000000\r\n"), { repeat: Buffer.alloc(50_000), times: 100 }],
    ],
    ["in chunks", [post("/", "Transfer-Encoding: chunked\r\n"), `fff\r\n${"a".repeat(4_095)}\r\n`]],
    ["that waits to be asked for", [post("/", "Expect: 100-continue\r\nContent-Length: 1001\r\n")]],
    ["of the control API", [post("/__necid/state", "Content-Length: 2001\r\n")]],
  ])("%s is answered 413 and the connection is closed", async ([, pieces]) => {
    const { port, seen } = await serve({ limits });
    expect(await talk(port, pieces, { responses: 1, untilClosed: true })).toEqual([
      "413 too large",
      "closed",
    ]);
    expect(seen).toEqual([]);
  });

  test("may be larger below /__necid/", async () => {
    const { port } = await serve({ limits });
    const pieces = [post("/__necid/state", "Content-Length: 2000\r\n", "a".repeat(2_000))];
    expect(await talk(port, pieces)).toEqual(["200 POST /__necid/state 2000", "complete"]);
  });

  test("all unfinished bodies together: the one begun first is cut off", async () => {
    const { port } = await serve({ limits: { body: 1_000, unfinishedBodies: 1_500 } });
    const stalled = talk(port, [post("/", "Content-Length: 1000\r\n", "a".repeat(900))]);
    await talk(port, [get("/")]);
    const second = [post("/", "Content-Length: 1000\r\n", "a".repeat(900)), { waitMs: 5 }, "a".repeat(100)];
    expect(await talk(port, second)).toEqual(["200 POST / 1000", "complete"]);
    expect(await stalled).toEqual([expect.stringMatching(/^(closed|reset)$/)]);
  });
});

describe("time limits", () => {
  const limits = { headersMs: 60, requestMs: 120, checkMs: 10 };

  test.for<[name: string, pieces: Piece[]]>([
    ["a connection on which nothing comes", []],
    ["half a request line", ["GET / HT"]],
    [
      "headers that never end",
      ["GET / HTTP/1.1\r\n", ...Array.from({ length: 20 }, () => [{ waitMs: 10 }, "a: b\r\n"]).flat()],
    ],
    ["a body that stalls", [post("/", "Content-Length: 10\r\n", "abc")]],
    ["chunks that stall", [post("/", "Transfer-Encoding: chunked\r\n", "1\r\na\r\n")]],
  ])("%s: 408 and closed", async ([, pieces]) => {
    const { port } = await serve({ limits });
    expect(await talk(port, pieces, { responses: 1, untilClosed: true })).toEqual([timeout, "closed"]);
  });

  test("do not count while the server takes its time", async () => {
    const { port } = await serve({ limits, delivery: { delayMs: 300 } });
    expect(await talk(port, [get("/")])).toEqual(["200 GET / 0", "complete"]);
  });

  test("a client that takes no answer is let go", async () => {
    const body = Buffer.alloc(64 * 1024 * 1024);
    const letGo = nextAcceptedSocket().then((accepted) => once(accepted, "close"));
    const { port } = await serve({
      limits: { idleMs: 100 },
      response: { status: 200, headers: {}, body },
    });
    const socket = connect(port, "127.0.0.1");
    socket.write(get("/"));
    // Pausing before the first byte keeps the response in the server; its end shows once reading goes on.
    socket.pause();
    await letGo;
    let received = 0;
    socket.on("data", (chunk) => (received += chunk.length));
    socket.on("error", () => {});
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(received).toBeLessThan(body.length);
  });
});

describe("one connection", () => {
  test("gets its answers in order, however many requests wait", async () => {
    const { port, seen } = await serve({ limits: { pipelined: 2 } });
    const requests = Array.from({ length: 300 }, (_, n) => post(`/${n}`, "Content-Length: 1\r\n", "a"));
    const responses = await talk(port, [requests.join("")], { responses: 300 });
    expect(responses).toEqual([...Array.from({ length: 300 }, (_, n) => `200 POST /${n} 1`), "complete"]);
    expect(seen.length).toBe(300);
  });

  test("asks the responder for one answer at a time", async () => {
    const { port, seen } = await serve({ delivery: { delayMs: 10_000 } });
    const talking = talk(port, [get("/1").repeat(50)], { responses: 1, quietMs: 50 });
    expect(await talking).toEqual(["quiet"]);
    expect(seen.map(({ target }) => target)).toEqual(["/1"]);
  });

  test("is answered what it asked before the bytes that are no HTTP", async () => {
    const { port } = await serve({ delivery: { delayMs: 20 } });
    const torn = post("/2", "Transfer-Encoding: chunked\r\n", "zz\r\n");
    expect(await talk(port, [`${get("/1")}${torn}`], { responses: 2, untilClosed: true })).toEqual([
      "200 GET /1 0",
      badRequest,
      "closed",
    ]);
  });
});

describe("delivery", () => {
  const target = get("/");

  test("late", async () => {
    const { port } = await serve({ delivery: { delayMs: 80 } });
    const started = performance.now();
    expect(await talk(port, [target])).toEqual(["200 GET / 0", "complete"]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
  });

  test("slowly: the headers at once, the body in portions", async () => {
    const { port } = await serve({ delivery: { bytesPerSecond: 70 } });
    const started = performance.now();
    expect(await talk(port, [target])).toEqual(["200 GET / 0", "complete"]);
    // Seven bytes at 70 a second.
    expect(performance.now() - started).toBeGreaterThanOrEqual(99);
  });

  test("reset before the headers", async () => {
    const { port } = await serve({ delivery: { reset: "before headers" } });
    expect(await converse(port, [target], { responses: 1 })).toEqual({
      responses: [],
      end: "reset",
      rest: Buffer.alloc(0),
    });
  });

  test.for([{}, { bytesPerSecond: 10_000 }])("reset in the middle of the body %o", async (slowly) => {
    const { port } = await serve({ delivery: { reset: "in body", ...slowly } });
    const { responses, end, rest } = await converse(port, [target], { responses: 1 });
    expect([responses, end]).toEqual([[], "reset"]);
    expect(rest.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 7\r\n.*\r\n\r\nGET $/s);
  });

  test("reset in a body that there is none of, before the headers", async () => {
    const delivery = { reset: "in body" } as const;
    const { port } = await serve({ response: { status: 204, headers: {}, body: undefined, delivery } });
    expect(await talk(port, [target])).toEqual(["reset"]);
  });
});

describe("many at once", () => {
  // The system has the last word on how many may wait. Where it turns one away, that one tries again after a second.
  test.runIf(systemQueue() > 1_500)("1,500 clients of one moment are accepted at once", async () => {
    const { port } = await serve();
    const started = performance.now();
    let connected = 0;
    const sockets = Array.from({ length: 1_500 }, () => connect(port, "127.0.0.1", () => connected++));
    while (connected < sockets.length && performance.now() - started < 900)
      await new Promise((resolve) => setImmediate(resolve));
    for (const socket of sockets) socket.destroy();
    expect(connected).toBe(sockets.length);
  });

  test("large bodies are handled in turns of their own, and a small one does not wait for all of them", async () => {
    let turn = 0;
    let over = false;
    const count = () => {
      turn++;
      if (!over) setImmediate(count);
    };
    count();
    const turns: number[] = [];
    const responder = {
      respond(request: HttpRequest): HttpResponse {
        if (request.body.length > 0) turns.push(turn);
        return { status: 200, headers: {}, body: "" };
      },
      tooLarge: (): HttpResponse => ({ status: 413, headers: {}, body: "" }),
    };
    const server = await listen(responder, { host: "127.0.0.1", port: 0, limits: { largeBody: 1_000 } });
    open.push(server);
    const sockets = Array.from({ length: 20 }, () => connect(server.port, "127.0.0.1"));
    const send = async (request: string) => {
      const responses = sockets.map((socket) => once(socket, "data"));
      for (const socket of sockets) socket.write(request);
      await Promise.all(responses);
    };
    // Once every connection is accepted, the bodies come to the server in one turn.
    await send(get("/"));
    await send(post("/", "Content-Length: 1000\r\n", "x".repeat(1_000)));
    for (const socket of sockets) socket.destroy();
    over = true;
    expect(new Set(turns).size).toBe(20);
  });
});

function systemQueue(): number {
  if (process.platform !== "linux") return 0;
  return Number(readFileSync("/proc/sys/net/core/somaxconn", "utf8"));
}

test("closing ends what is late, slow, stalled and idle at once", async () => {
  const late = await serve({ delivery: { delayMs: 60_000 } });
  const slow = await serve({ delivery: { bytesPerSecond: 0.01 } });
  const talks = [
    talk(late.port, [get("/")]),
    talk(slow.port, [get("/")]),
    talk(late.port, [post("/", "Content-Length: 9\r\n", "a")]),
    talk(late.port, []),
  ];
  await talk(slow.port, ["nonsense\r\n\r\n"]);
  // What is late would take a minute, what is slow eleven, and the test ends before either.
  await Promise.all([late.close(), slow.close()]);
  for (const ended of await Promise.all(talks))
    expect(ended).toEqual([expect.stringMatching(/closed|reset/)]);
});

test("a client that goes away leaves no timer and no connection behind", async () => {
  const { port } = await serve({ delivery: { delayMs: 60_000 } });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  expect(await talk(port, [get("/")], { responses: 1, quietMs: 20 })).toEqual(["quiet"]);
  // The next request is taken up after the other one's end was seen.
  await talk(port, [get("/")], { responses: 1, quietMs: 20 });
  await expect.poll(timers).toBeLessThanOrEqual(before);
});

test("a responder that throws costs its client the connection and nobody else", async () => {
  const responder = {
    respond: async ({ target }: HttpRequest): Promise<HttpResponse> => {
      if (target === "/throw") throw new Error("broken");
      return { status: 200, headers: target === "/bad" ? { X: "a\nb" } : {}, body: "fine" };
    },
    tooLarge: async (): Promise<HttpResponse> => ({ status: 413, headers: {}, body: "" }),
  };
  const server = await listen(responder, { host: "127.0.0.1", port: 0 });
  open.push(server);
  expect(await talk(server.port, [get("/throw")])).toEqual(["closed"]);
  expect(await talk(server.port, [get("/bad")])).toEqual(["closed"]);
  expect(await talk(server.port, [get("/")])).toEqual(["200 fine", "complete"]);
});

test("an address in use says so and what to do", async () => {
  const { port } = await serve();
  const second = listen(
    {
      respond: async () => ({ status: 200, headers: {}, body: "" }),
      tooLarge: async () => ({ status: 413, headers: {}, body: "" }),
    },
    { host: "127.0.0.1", port },
  );
  await expect(second).rejects.toThrow(
    `127.0.0.1:${port} is already in use. Stop the other process, or choose another port: npm start -- --port ${port + 1}`,
  );
  await expect(second).rejects.toBeInstanceOf(ListenError);
});

test("a test that fakes timers gets its responses, also the late ones", async () => {
  const { port } = await serve({ delivery: { delayMs: 5 } });
  vi.useFakeTimers();
  try {
    const statuses = await Promise.all(
      [1, 2].map(async () => (await fetch(`http://127.0.0.1:${port}/`)).status),
    );
    expect(statuses).toEqual([200, 200]);
  } finally {
    vi.useRealTimers();
  }
});
