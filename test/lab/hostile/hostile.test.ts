import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mock, startMock } from "../../../mocks/mock.ts";
import { converse, type Piece } from "./converse.ts";
import { families } from "./families.ts";
import { fuzz } from "./fuzz.ts";
import type { SignedRequest } from "./hostile-case.ts";
import { signed } from "./hostile-values.ts";
import { startMockProcess } from "./mock-process.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const good = '{"face":"bmVjaWQtZmFjZTphbGljZQ=="}';

function pieces(request: SignedRequest): Piece[] {
  const { head, body } = signed(request, mock.port);
  return [head, body];
}

/** Status, body and whether the connection was closed with it; then a good request is answered 201. */
async function attack(sent: Piece[], { closes = false } = {}) {
  const { responses, end } = await converse(mock.port, sent, { responses: 1, untilClosed: closes });
  const after = await converse(mock.port, pieces({ body: good }), { responses: 1 });
  expect(after.responses.map(({ status }) => status)).toEqual([201]);
  return { responses: responses.map(({ status, body }) => `${status} ${body}`), end };
}

const invalid = (message: string) =>
  `400 ${JSON.stringify({ message, errorCode: 1001, errorType: "InvalidRequest" })}`;
const token = '403 {"message":"Missing Authentication Token"}';
const tooLong = "413 HTTP content length exceeded 10485760 bytes.";
const badRequest = '400 {"message":"Bad Request"}';
const fieldsTooLarge = '431 {"message":"Request Header Fields Too Large"}';

describe("a signed request whose body is", () => {
  test.for<[name: string, request: () => SignedRequest, response: string]>([
    [
      "100,000 levels deep",
      () => ({ body: `{"face":${"[".repeat(100_000)}${"]".repeat(100_000)}}` }),
      invalid("request body is invalid: it is nested deeper than 100 levels."),
    ],
    [
      "ten megabytes of keys",
      () => ({ body: `{${Array.from({ length: 700_000 }, (_, n) => `"k${n}":1`).join()}}` }),
      invalid("request body is invalid: it has more than 100000 values."),
    ],
    [
      "thousands of unknown keys",
      () => ({ body: `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join()}}` }),
      invalid("face property must be provided."),
    ],
    [
      "a key called __proto__",
      () => ({ body: '{"face":"aGk=","__proto__":{"polluted":true}}' }),
      invalid("__proto__ property is not known."),
    ],
    ["a constructor", () => ({ body: '{"constructor":"aGk="}' }), invalid("face property must be provided.")],
    [
      "a lone surrogate",
      () => ({ body: '{"face":"\\ud800"}' }),
      invalid("face property must be base64 text."),
    ],
    [
      "no UTF-8",
      () => ({ body: Buffer.from('{"face":"\xff"}', "latin1") }),
      invalid("request body must be valid JSON."),
    ],
    [
      "UTF-16",
      () => ({
        body: Buffer.from(good, "utf16le"),
        headers: [["Content-Type", "application/json; charset=utf-16"]],
      }),
      invalid("request body must be valid JSON."),
    ],
    [
      "compressed",
      () => ({ body: gzipSync(good), headers: [["Content-Encoding", "gzip"]] }),
      invalid("request body must be valid JSON."),
    ],
    [
      "of the media type __proto__",
      () => ({ body: good, headers: [["Content-Type", "__proto__"]] }),
      '415 {"message": "Unsupported Media Type"}',
    ],
  ])("%s", async ([, request, response]) => {
    expect(await attack(pieces(request()))).toEqual({ responses: [response], end: "complete" });
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined);
  });

  test("prefixed by a byte order mark is read without it", async () => {
    const { responses } = await attack(pieces({ body: `\ufeff${good}` }));
    expect(responses[0]).toMatch(/^201 /);
  });
});

describe("a request line or header", () => {
  const host = "Host: x\r\n";
  test.for<[name: string, text: string, response: string | undefined]>([
    ["over 16 KiB", `GET /${"a".repeat(17_000)} HTTP/1.1\r\n${host}\r\n`, fieldsTooLarge],
    ["a flood", `GET / HTTP/1.1\r\n${host}${"x-padding: aaaaaaaa\r\n".repeat(2_000)}\r\n`, fieldsTooLarge],
    ["two lengths", `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, badRequest],
    [
      "length and chunks",
      `POST / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
      badRequest,
    ],
    ["an unknown coding", `POST / HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n`, badRequest],
    ["a folded line", `GET / HTTP/1.1\r\n${host}A: b\r\n c\r\n\r\n`, badRequest],
    ["a bare line feed", `GET / HTTP/1.1\nHost: x\n\n`, badRequest],
    ["a space before the colon", `GET / HTTP/1.1\r\n${host}A : b\r\n\r\n`, badRequest],
    ["no host", "GET / HTTP/1.1\r\n\r\n", badRequest],
    ["two hosts", `GET / HTTP/1.1\r\n${host}${host}\r\n`, badRequest],
    ["a NUL", `GET /\0 HTTP/1.1\r\n${host}\r\n`, badRequest],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", badRequest],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", badRequest],
    ["another protocol", "SSH-2.0-OpenSSH_9.9\r\n", badRequest],
    ["CONNECT", `CONNECT x:443 HTTP/1.1\r\n${host}\r\n`, undefined],
    ["HTTP/1.0 without a host", "GET /v1/health HTTP/1.0\r\n\r\n", '200 {"status":"OK"}'],
  ])("%s ends the connection", async ([, text, response]) => {
    const want = { responses: response === undefined ? [] : [response], end: "closed" };
    expect(await attack([text], { closes: true })).toEqual(want);
  });

  test.for<[name: string, line: string, response: string]>([
    ["an absolute target", "GET http://elsewhere/v1/health", '200 {"status":"OK"}'],
    ["an asterisk", "OPTIONS *", token],
    ["TRACE", "TRACE /v1/health", token],
    ["dots", "GET /v1/../v1/health", token],
  ])("%s", async ([, line, response]) => {
    expect(await attack([`${line} HTTP/1.1\r\n${host}\r\n`])).toEqual({
      responses: [response],
      end: "complete",
    });
  });

  test("an upgrade is not taken up", async () => {
    const text = `GET /v1/health HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
    expect(await attack([text])).toEqual({ responses: ['200 {"status":"OK"}'], end: "complete" });
  });
});

test("an upload of 100 MB is answered 413 and costs no memory", async () => {
  const mock = await startMockProcess();
  try {
    const { head } = signed({ unframed: true, headers: [["Content-Length", "100000000"]] }, mock.port);
    const upload: Piece[] = [head, { repeat: Buffer.alloc(100_000), times: 1_000 }];
    await converse(mock.port, upload, { responses: 1 });
    const before = await mock.vitals();
    const uploads = Array.from({ length: 10 }, () => converse(mock.port, upload, { responses: 1 }));
    const responses = (await Promise.all(uploads)).flatMap((conversation) => conversation.responses);
    expect(responses.map(({ status, body }) => `${status} ${body}`)).toEqual(Array(10).fill(tooLong));
    const after = await mock.vitals();
    expect(after.memory - before.memory).toBeLessThan(50e6);
  } finally {
    await mock.end();
  }
});

test("ten thousand idle connections keep nobody out", async () => {
  const mock = await startMockProcess();
  const idle: Socket[] = [];
  try {
    for (let wave = 0; wave * 500 < idleConnections(); wave++) {
      const opened = Array.from({ length: 500 }, () => opens(connect(mock.port, "127.0.0.1")));
      idle.push(...(await Promise.all(opened)));
    }
    const { head, body } = signed({ body: good }, mock.port);
    const { responses } = await converse(mock.port, [head, body], { responses: 1 });
    expect(responses.map(({ status }) => status)).toEqual([201]);
    expect((await mock.vitals()).memory).toBeLessThan(600e6);
  } finally {
    for (const socket of idle) socket.destroy();
    await mock.end();
  }
});

/** Ten thousand, or as many as the system lets this process and the mock open. */
function idleConnections(): number {
  const report = process.report.getReport() as unknown as {
    userLimits?: { open_files: { soft: number | "unlimited" } };
  };
  const files = Number(report.userLimits?.open_files.soft ?? 1_024);
  return Math.min(10_000, Number.isNaN(files) ? 10_000 : files - 500);
}

function opens(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.on("error", reject);
  });
}

test("3,000 attacks of every family: every answer from the contract or the gateway", async () => {
  const { failures, good, families: outcomes, memory } = await fuzz({ requests: 3_000, seed: "ci" });
  expect(failures).toEqual([]);
  expect(good.sent).toBe(120);
  expect(Object.keys(outcomes)).toEqual(Object.keys(families));
  expect(memory.end - memory.warm).toBeLessThan(50e6);
});
