import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { fetchText } from "../../contracts/verify/pact/fetch-text.ts";
import { readPacts } from "../../contracts/verify/pact/sources.ts";
import { createCaller } from "../../contracts/verify/run/caller.ts";
import { RunStopped } from "../../contracts/verify/run/stop.ts";
import { type ReceivedResponse, sendRequest } from "../../contracts/verify/wire.ts";
import { openGate } from "../contracts/verify/run/gate.ts";
import { closing, envOf, openMock, startVerify, temporary, verify } from "../contracts/verify/verifying.ts";

const open = new Set<{ close(): void }>();
afterEach(() => {
  for (const each of open) each.close();
  open.clear();
});

/** A server that answers each connection by a function of its own, and its URL. */
async function serve(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.add({
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const get = (url: string, timeoutMs = 1_000) =>
  sendRequest({ method: "GET", url, headers: [], body: undefined }, { timeoutMs });
const head = (lines: string[]) => `HTTP/1.1 ${lines.join("\r\n")}\r\n\r\n`;

describe("every response ends: as a response, or as an error", () => {
  test.each<[name: string, bytes: string | Buffer, status: number | "error"]>([
    ["101 Switching Protocols", head(["101 Switching Protocols", "Upgrade: x", "Connection: upgrade"]), 101],
    ["101 without an upgrade", head(["101 Switching Protocols"]), 101],
    ["100 and nothing after it", head(["100 Continue"]), "error"],
    ["103 and nothing after it", head(["103 Early Hints", "Link: <x>"]), "error"],
    ["100 before the response", head(["100 Continue"]) + head(["204 No Content"]), 204],
    ["no bytes", "", "error"],
    ["no HTTP", "\u0000\u0001garbage", "error"],
    ["a body that is too short", `${head(["200 OK", "Content-Length: 9"])}x`, "error"],
    ["headers without an end", `HTTP/1.1 200 OK\r\nx: ${"a".repeat(70_000)}`, "error"],
    ["a status of four digits", head(["2000 OK", "Content-Length: 0"]), "error"],
    ["two lengths", head(["200 OK", "Content-Length: 1", "Content-Length: 2"]), "error"],
    ["a chunk without an end", `${head(["200 OK", "Transfer-Encoding: chunked"])}5\r\nab`, "error"],
    [
      "a gzip body, which is not decoded",
      Buffer.concat([
        Buffer.from(head(["200 OK", "Content-Encoding: gzip", "Connection: close"])),
        gzipSync(Buffer.alloc(50_000_000)),
      ]),
      200,
    ],
  ])("%s", async (_, bytes, status) => {
    const url = await serve((socket) => socket.end(bytes));
    const result = await get(url).then(
      (response) => response.status,
      (error: Error) => error.name,
    );
    expect(result).toBe(status === "error" ? "NoResponseError" : status);
  });

  test("a response that never ends has its time limit", async () => {
    const url = await serve((socket) => socket.write(`${head(["200 OK", "Content-Length: 9"])}x`));
    await expect(get(url, 300)).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("a body in pieces of one byte takes no more memory than its size", async () => {
    const pieces = 1_000_000;
    const url = await serve((socket) => {
      socket.write(head(["200 OK", "Transfer-Encoding: chunked"]));
      socket.end(`${"1\r\nx\r\n".repeat(pieces)}0\r\n\r\n`);
    });
    const before = process.memoryUsage().heapUsed;
    const { body } = await get(url, 60_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60_000_000);
    expect(body.equals(Buffer.alloc(pieces, "x"))).toBe(true);
  });

  test("a body without an end stops at the limit", async () => {
    const chunk = Buffer.alloc(1 << 20, "x");
    const url = await serve((socket) => {
      socket.write(head(["200 OK", "Connection: close"]));
      const more = () => {
        while (socket.writable && socket.write(chunk));
        if (socket.writable) socket.once("drain", more);
      };
      more();
    });
    await expect(get(url, 60_000)).rejects.toMatchObject({ code: "TOO_LARGE" });
  });
});

describe("a pact that does not end is not read", () => {
  const bomb = (layers: number) => {
    let bytes: Buffer = Buffer.alloc(100_000_000);
    for (let layer = 0; layer < layers; layer++) bytes = gzipSync(bytes);
    return bytes;
  };
  const endless = (first: string | Buffer) => (socket: Socket) => {
    socket.write(first);
    const more = () => {
      while (socket.writable && socket.write(Buffer.alloc(1 << 20, "x")));
      if (socket.writable) socket.once("drain", more);
    };
    more();
  };
  test.each<[name: string, answer: (socket: Socket) => void, problem: string]>([
    [
      "a body without an end",
      endless(head(["200 OK", "Connection: close"])),
      "answers with more than 1000000 bytes",
    ],
    ["a refusal without an end", endless(head(["500 Broken", "Connection: close"])), "answers 500"],
    [
      "a gzip body",
      (socket) =>
        socket.end(
          Buffer.concat([
            Buffer.from(head(["200 OK", "Content-Encoding: gzip", "Connection: close"])),
            bomb(1),
          ]),
        ),
      "answers with more than 1000000 bytes",
    ],
    [
      "a gzip body in a gzip body",
      (socket) =>
        socket.end(
          Buffer.concat([
            Buffer.from(head(["200 OK", "Content-Encoding: gzip, gzip", "Connection: close"])),
            bomb(2),
          ]),
        ),
      "answers with more than 1000000 bytes",
    ],
    ["no response", () => {}, "does not answer within 2 s"],
    [
      "a body that stops",
      (socket) => socket.write(`${head(["200 OK", "Content-Length: 9"])}x`),
      "does not answer within 2 s",
    ],
    [
      "a body in drops",
      (socket) => {
        socket.write(head(["200 OK", "Content-Length: 1000"]));
        const timer = setInterval(() => socket.write("x"), 20);
        socket.once("close", () => clearInterval(timer));
      },
      "does not answer within 2 s",
    ],
    ["no HTTP", (socket) => socket.end("garbage"), "cannot be reached"],
    [
      "101",
      (socket) => socket.end(head(["101 Switching Protocols", "Upgrade: x", "Connection: upgrade"])),
      "cannot be reached",
    ],
    [
      "a redirect to itself",
      (socket) => socket.end(head(["302 Found", "Location: /", "Content-Length: 0", "Connection: close"])),
      "cannot be reached",
    ],
  ])("from a URL: %s", async (_, answer, problem) => {
    const before = process.memoryUsage().rss;
    expect(await fetchText(await serve(answer), { timeoutMs: 2_000, maxBytes: 1_000_000 })).toMatchObject({
      problem,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });

  test.each<[name: string, make: (path: string) => unknown, problem: string]>([
    ["a pipe", (path) => execFileSync("mkfifo", [path]), "is no regular file"],
    [
      "a link to a pipe",
      (path) => {
        execFileSync("mkfifo", [`${path}.pipe`]);
        symlinkSync(`${path}.pipe`, path);
      },
      "is no regular file",
    ],
    ["a device without an end", (path) => symlinkSync("/dev/zero", path), "is no regular file"],
    ["a folder", (path) => mkdirSync(path), "is no regular file"],
    ["a link to itself", (path) => symlinkSync(path, path), "is no regular file"],
    [
      "a file of a terabyte",
      (path) => {
        writeFileSync(path, "{}");
        truncateSync(path, 1e12);
      },
      "is larger than 268435456 bytes",
    ],
  ])("from a folder: %s", async (_, make, problem) => {
    const folder = temporary("pacts");
    mkdirSync(folder);
    make(join(folder, "pact.json"));
    await expect(readPacts([folder])).rejects.toThrow(problem);
  });
});

describe("a throttle costs a bounded number of calls", () => {
  test.each(["0.0000001", "0", "-1", "1e-300", "NaN", "", "Infinity", "1e309", "x", "0.001"])(
    "Retry-After: %s",
    async (value) => {
      let calls = 0;
      const response: ReceivedResponse = {
        status: 429,
        headers: [["retry-after", value]],
        body: Buffer.alloc(0),
      };
      const stop = new AbortController();
      const caller = createCaller({
        target: {
          baseUrl: "http://127.0.0.1:1",
          accessKeyId: "a",
          secretAccessKey: "s",
          apiKeys: ["k"],
          region: "ap-southeast-2",
          service: "execute-api",
        },
        now: () => 0,
        send: async () => {
          calls += 1;
          // The waits double: this many calls take a second and a half, and with waits near zero no time at all.
          if (calls === 5) setTimeout(() => stop.abort(), 50);
          return response;
        },
      });
      const planned = { operation: "x", method: "GET", path: "/", purpose: "x" };
      const limits = { signal: stop.signal, reserved: () => 0 };
      await expect(caller.call(planned, limits)).rejects.toBeInstanceOf(RunStopped);
      expect(calls).toBeLessThanOrEqual(5);
    },
  );
});

describe("a run ends with a report and 1 or 2, whatever is hard to read", () => {
  const nested = (size: number) => `${"[".repeat(size)}${"]".repeat(size)}`;
  test.each<[name: string, body: string | Buffer]>([
    ["lists in lists", `{"id":${nested(100_000)}}`],
    ["objects in objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["lists without an end", "[".repeat(1_000_000)],
    [
      "names that every object inherits",
      '{"__proto__":{"id":"x"},"id":"__proto__","candidates":{"length":1e9}}',
    ],
    ["one name many times", `{${'"id":"a",'.repeat(50_000)}"id":"b"}`],
    ["many names", `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join()}}`],
    ["many candidates", `{"candidates":[${'{"id":"a","score":9999},'.repeat(20_000)}{}]}`],
    ["numbers that are none", `{"id":1e999999,"score":${"9".repeat(100_000)},"a":-0}`],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80])],
    ["escapes", `{"message":"${"\\u005c".repeat(100_000)}"}`],
    ["null", "null"],
  ])("%s", async (_, body) => {
    const mock = await openMock();
    const gate = closing(
      await openGate(mock.url, {
        async respond({ number }, forward) {
          const headers: [string, string][] = [["content-type", "application/json"]];
          // The first calls find out whether the service is there.
          return number < 5 ? forward() : { status: 200, headers, body: Buffer.from(body) };
        },
      }),
    );
    const before = process.cpuUsage();
    const { code, stdout, stderr } = await verify(gate.url, envOf(mock), { maxCalls: 40 });
    const { user, system } = process.cpuUsage(before);
    expect([code, stderr]).toEqual([2, ""]);
    expect(stdout).toMatch(/^could not run \((budget|outage|internal)\)/m);
    expect((user + system) / 1e6).toBeLessThan(30);
  });
});

describe("a run ends with a report and 0, 1 or 2", () => {
  test.each<[name: string, bytes: string]>([
    ["101 to everything", head(["101 Switching Protocols", "Upgrade: x", "Connection: upgrade"])],
    ["no HTTP", "garbage"],
    ["a closed connection", ""],
    ["HTML", `${head(["200 OK", "Content-Type: text/html", "Content-Length: 5"])}<html`],
    ["a redirect", head(["302 Found", "Location: http://127.0.0.1:1/", "Content-Length: 0"])],
  ])("%s", async (_, bytes) => {
    const url = await serve((socket) => socket.end(bytes));
    const { code, stdout, stderr } = await startVerify(["--target", `${url}/v1`, "--part", "probe"]).ended;
    expect([1, 2]).toContain(code);
    expect(stdout).toMatch(/^(could not run|does not conform)/m);
    expect(stderr).not.toMatch(/at .*:\d+:\d+|unsettled/);
  });
});
