import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Piece } from "./converse.ts";
import type { HostileCase, HostileValues } from "./hostile-case.ts";

/** A family of attacks: each call makes another one, by the random numbers it is given. */
export type Family = (values: HostileValues) => HostileCase;

/** Every kind of hostile request that the fuzz run sends, by name. */
export const families: Record<string, Family> = {
  "deep JSON": ({ between, pick, signed }) => {
    const depth = pick([101, 1_000, between(101, 10_000), 120_000]);
    const [open, close] = pick([
      ["[", "]"],
      ['{"a":', "}"],
      ['[{"face":', "}]"],
    ] as const);
    const nested = `${open.repeat(depth)}1${pick([close.repeat(depth), "", "]"])}`;
    const body = pick([nested, `{"face":${nested}}`, `{"face":"aGk=","x":${nested}}`]);
    return whole(signed({ body }), { statuses: [400], operation: register });
  },

  "many keys": ({ between, pick, signed, random }) => {
    const count = random() < 0.01 ? 900_000 : between(1_000, 10_000);
    const item = pick([(n: number) => `"k${n}":${n}`, () => `"face":"aGk="`, (n: number) => `"${n}":{}`]);
    const list = Array.from({ length: count }, (_, n) => item(n)).join(",");
    // A property given twice counts once, by its last value (RFC 8259, 4), so repeating one is no fault.
    const statuses = list.length + 2 > limit ? [413] : list.startsWith('"face"') ? [201, 400] : [400];
    return whole(signed({ body: `{${list}}` }), { statuses, operation: register });
  },

  "dangerous keys": ({ pick, signed }) => {
    const name = pick([
      "__proto__",
      "constructor",
      "prototype",
      "toString",
      "hasOwnProperty",
      "valueOf",
      "then",
    ]);
    const value = pick([
      '{"face":"aGk="}',
      '{"polluted":true}',
      "null",
      '"x"',
      '{"__proto__":{"polluted":1}}',
    ]);
    const body = pick([
      `{"${name}":${value}}`,
      `{"${name}":${value},"face":"aGk="}`,
      `{"face":{"${name}":${value}}}`,
      `[{"${name}":${value}}]`,
    ]);
    return whole(signed({ body }), { statuses: [400], operation: register });
  },

  "broken text": ({ pick, signed, bytes, between }) => {
    const good = '{"face":"aGk="}';
    const body = pick([
      () => Buffer.from('{"face":"\\ud800"}'),
      () => Buffer.from('{"\\udfff":"\\ud800\\ud800","face":"aGk="}'),
      () => Buffer.from(`{"${"k".repeat(between(1, 50_000))}":1,"face":"aGk="}`),
      () => Buffer.from('{"face":"\xc3\x28\xed\xa0\x80"}', "latin1"),
      () => Buffer.concat([Buffer.from('{"face":"'), bytes(between(1, 200)), Buffer.from('"}')]),
      () => Buffer.from(`\xff\xfe${good}`, "latin1"),
      () => Buffer.from(good, "utf16le"),
      () => Buffer.from(good, "utf16le").swap16(),
      () => Buffer.from('{"face":"aGk=\0"}'),
      () => Buffer.from('{"face":"\\u0000"}'),
      () => Buffer.from(`{"face":"aGk="}${"}".repeat(between(1, 9))}`),
      () => bytes(between(1, 5_000)),
      () => Buffer.from("\0"),
    ])();
    return whole(signed({ body }), { statuses: [400], operation: register });
  },

  charsets: ({ pick, signed }) => {
    const type = pick([
      "application/json; charset=utf-16",
      "application/json;charset=\xff",
      "application/json; charset=",
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/xml",
      "a/b/c;;;===",
      ";",
      `application/${"x".repeat(3_000)}`,
      "__proto__",
      "constructor/json",
    ]);
    const body = pick(['{"face":"aGk="}', "face=aGk%3D", "--x\r\n\r\nx\r\n--x--", "<face/>"]);
    const bodyKept = body.startsWith("{");
    return whole(signed({ body, headers: [["Content-Type", type]] }), {
      statuses: bodyKept ? [201, 400, 415] : [400, 415],
      operation: register,
    });
  },

  "content codings": ({ pick, signed, between }) => {
    const plain = Buffer.from('{"face":"aGk="}');
    const coded = pick([
      () => gzipSync(plain),
      () => deflateSync(plain),
      () => brotliCompressSync(plain),
      () => gzipSync(Buffer.alloc(between(1, 1_000_000))),
      () => Buffer.concat([gzipSync(plain), gzipSync(plain)]),
    ])();
    const coding = pick(["gzip", "deflate", "br", "zstd", "gzip, gzip, gzip", "identity", "\xff"]);
    return whole(signed({ body: coded, headers: [["Content-Encoding", coding]] }), {
      statuses: [400],
      operation: register,
    });
  },

  chunks: ({ between, pick, signed, random }) => {
    const { head, body } = signed({
      body: '{"face":"aGk="}',
      unframed: true,
      headers: [["Transfer-Encoding", "chunked"]],
    });
    const chunks = pieces(body, () => between(1, 5)).map(
      (part) =>
        `${pick(["", "000"])}${part.length.toString(16)}${pick(["", ";a=b"])}\r\n${part.toString()}\r\n`,
    );
    const last = `0\r\n${pick(["", "Trailer: x\r\n"])}\r\n`;
    if (random() < 0.5) {
      return { pieces: [head, ...chunks, last], responses: 1, statuses: [201, 400], operation: register };
    }
    const broken = pick([
      "zz\r\n",
      "-1\r\n",
      "ffffffffffffffffff\r\n",
      "5\nabcde",
      '1;"\r\n',
      "1\r\nab\r\n",
      `1;${"x".repeat(20_000)}\r\n`,
      "\0\0\0",
    ]);
    return { pieces: [head, ...chunks, broken, last], responses: 1, statuses: [400], closes: true };
  },

  "half a request": ({ between, signed, pick, bytes }) => {
    const { head, body } = signed({
      body: JSON.stringify({ face: bytes(between(1, 50_000)).toString("base64") }),
    });
    const whole = Buffer.concat([Buffer.from(head, "latin1"), body]);
    const cut = whole.subarray(0, pick([between(0, head.length), between(head.length, whole.length - 1)]));
    return { pieces: [cut], responses: 1, statuses: [], leavesAfterMs: between(0, 20) };
  },

  "slow bytes": ({ between, signed }) => {
    const { head, body } = signed({ body: '{"face":"aGk="}' });
    const bytes = Buffer.concat([Buffer.from(head, "latin1"), body]);
    const slow = pieces(bytes, () => between(1, 200)).flatMap((part): Piece[] => [part, { waitMs: 1 }]);
    return { pieces: slow, responses: 1, statuses: [201, 400], operation: register };
  },

  "too large": ({ between, pick, signed, random }) => {
    const size = between(limit + 1, 100_000_000);
    const framing = random() < 0.1 ? "chunked" : pick(["length", "expect"]);
    const headers: [string, string][] = [
      ...(framing === "chunked" ? [] : ([["Content-Length", String(size)]] as [string, string][])),
      ...(framing === "chunked" ? ([["Transfer-Encoding", "chunked"]] as [string, string][]) : []),
      ...(framing === "expect" ? ([["Expect", "100-continue"]] as [string, string][]) : []),
    ];
    const { head } = signed({ unframed: true, headers });
    const one = Buffer.alloc(65_536, "A");
    const chunk = Buffer.concat([Buffer.from("10000\r\n"), one, Buffer.from("\r\n")]);
    const sent: Piece[] =
      framing === "chunked"
        ? [{ repeat: chunk, times: limit / 65_536 + 1 }]
        : framing === "expect"
          ? []
          : [{ repeat: one, times: random() < 0.02 ? Math.floor(size / 65_536) : between(0, 4) }];
    return { pieces: [head, ...sent], responses: 1, statuses: [413] };
  },

  "header floods": ({ between, pick, signed, random }) => {
    const line = pick([
      (n: number) => `X-${n}: ${n}\r\n`,
      () => "a:\r\n",
      () => "x-api-key: wrong\r\n",
      () => "X-Amz-Date: 20200101T000000Z\r\n",
      () => "Prefer: code=404\r\n",
      () => "Cookie: a=b; __proto__=c\r\n",
      (n: number) => `${"h".repeat(n % 900)}x: y\r\n`,
    ]);
    const flood = Array.from({ length: between(1, 2_500) }, (_, n) => line(n)).join("");
    const { head, body } = signed({ body: '{"face":"aGk="}' });
    const bytes =
      random() < 0.5 ? head.replace("\r\n\r\n", `\r\n${flood}\r\n`) : `${head.slice(0, -2)}${flood}\r\n`;
    return {
      pieces: [bytes, body],
      responses: 1,
      statuses: [201, 400, 403, 404, 431],
      operation: register,
    };
  },

  smuggling: ({ pick }) => {
    const hidden = "GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n";
    const fields = pick([
      ["Content-Length: 5", "Transfer-Encoding: chunked"],
      ["Transfer-Encoding: chunked", "Content-Length: 5"],
      ["Content-Length: 5", "Content-Length: 6"],
      ["Content-Length: 5", "Content-Length: 5"],
      ["Content-Length: 5, 5"],
      ["Content-Length: +5"],
      ["Content-Length: -5"],
      ["Content-Length: 0x5"],
      ["Content-Length: 99999999999999999999"],
      ["Transfer-Encoding: xchunked"],
      ["Transfer-Encoding: chunked, identity"],
      ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
      ["Transfer-Encoding : chunked"],
      ["Transfer-Encoding:\x0bchunked"],
      ["X: y", " Transfer-Encoding: chunked"],
      ["X: y\nTransfer-Encoding: chunked"],
      ["X: y\rTransfer-Encoding: chunked"],
      ["Content-Length : 5"],
      ["Host: y"],
    ]);
    const request = `POST /v1/subjects HTTP/1.1\r\nHost: x\r\n${fields.join("\r\n")}\r\n\r\n0\r\n\r\n`;
    return { pieces: [`${request}${hidden}`], responses: 1, statuses: [400], closes: true };
  },

  pipelines: ({ between, pick, signed }) => {
    const kinds = Array.from({ length: between(2, 200) }, () =>
      pick(["health", "unknown", "register", "head"]),
    );
    const { head, body } = signed({ body: '{"face":"aGk="}' });
    const requests = {
      health: "GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
      unknown: "GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n",
      head: "HEAD /v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
      register: `${head}${body.toString()}`,
    };
    return {
      pieces: [kinds.map((kind) => requests[kind as "head"]).join("")],
      responses: kinds.length,
      statuses: [200, 201, 400, 403],
      methods: kinds.map((kind) => (kind === "head" ? "HEAD" : "POST")),
    };
  },

  "other protocols": ({ pick, bytes, between }) => {
    const closing: [Buffer | string, number[]][] = [
      ["CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", []],
      ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
      ["GET /v1/health\r\n\r\n", [400]],
      ["GET /v1/health HTTP/9.9\r\nHost: x\r\n\r\n", [400]],
      ["GET /v1/health HTTP/1.1\r\n\r\n", [400]],
      ["GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n", [400]],
      ["GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", [400]],
      ["GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", [400]],
      ["SSH-2.0-OpenSSH_9.9\r\n", [400]],
      ["EHLO x\r\n", [400]],
      ["*1\r\n$4\r\nPING\r\n", [400]],
      [Buffer.from(`160301020001000${"1fc0303"}${"5a".repeat(80)}`, "hex"), [400]],
      [Buffer.concat([Buffer.from([0x80 + between(0, 127)]), bytes(between(1, 3_000))]), [400]],
      ["GET /v1/health HTTP/1.0\r\n\r\n", [200]],
    ];
    const kept: [string, number[]][] = [
      ["GET http://elsewhere/v1/health HTTP/1.1\r\nHost: x\r\n\r\n", [200]],
      ["OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", [403]],
      ["TRACE /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", [403]],
      ["GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", [200]],
      ["GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", [200]],
      ["PROPFIND /v1/subjects HTTP/1.1\r\nHost: x\r\n\r\n", [403]],
    ];
    const [text, statuses] = pick([...closing, ...kept]);
    const closes = closing.some(([other]) => other === text);
    return { pieces: [text], responses: 1, statuses, closes, operation: "GET /health" };
  },

  targets: ({ pick, signed, between }) => {
    const odd = pick([
      "%",
      "%zz",
      "%00",
      "%ed%a0%80",
      "%2e%2e%2f",
      "..",
      ".",
      "__proto__",
      "%7Bid%7D",
      "a".repeat(between(1, 9_000)),
      ";a=b",
      "%0d%0a",
      "a//b",
    ]);
    const [path, method] = pick([
      [`/subjects/${odd}`, "DELETE"],
      [`/subjects/${odd}`, "PUT"],
      [`/subjects/${odd}/${odd}`, "DELETE"],
      [`/${odd}`, "GET"],
      [`/subjects?${`${odd}&`.repeat(between(1, 3))}`, "POST"],
      [`/subjects?${"a&".repeat(between(1, 4_000))}`, "POST"],
    ] as const);
    const operations = {
      DELETE: "ApiSubjectsByIdDelete",
      PUT: "ApiSubjectsByIdPut",
      POST: register,
      GET: "none",
    };
    const body = method === "PUT" || method === "POST" ? '{"face":"aGk="}' : "";
    return whole(signed({ method, path, body }), {
      statuses: [200, 201, 204, 400, 403, 404, 431],
      operation: operations[method],
    });
  },

  "torn authorization": ({ pick, signed, between, bytes }) => {
    const { head, body } = signed({ body: '{"face":"aGk="}' });
    const value = pick([
      () => `AWS4-HMAC-SHA256 ${"a=b,".repeat(between(1, 2_500))}`,
      () => `AWS4-HMAC-SHA256 Credential=${"/".repeat(between(0, 5_000))}, SignedHeaders=host, Signature=00`,
      () =>
        `AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=${"host;".repeat(between(1, 1_500))}, Signature=${"0".repeat(64)}`,
      () => bytes(between(1, 500)).toString("base64"),
      () =>
        `AWS4-HMAC-SHA256 Credential=__proto__/20200101/ap-southeast-2/execute-api/aws4_request, SignedHeaders=host, Signature=${"f".repeat(64)}`,
      () => "\xff\xfe=\xfd",
      () => "Bearer x",
    ])();
    const torn = pick([
      () => head.replace(/Authorization: [^\r]*/, `Authorization: ${value}`),
      () => head.replace(/Signature=..../, "Signature=0000"),
      () =>
        head.replace(
          /X-Amz-Date: [^\r]*/,
          `X-Amz-Date: ${pick(["", "0", "99999999T999999Z", "x".repeat(4_000)])}`,
        ),
      () =>
        head.replace(
          " /v1/subjects ",
          ` /v1/subjects?X-Amz-Algorithm=AWS4-HMAC-SHA256&${"X-Amz-Expires=1&".repeat(between(1, 500))} `,
        ),
    ])();
    return { pieces: [torn, body], responses: 1, statuses: [403], operation: register };
  },

  "odd preferences": ({ pick, signed, between }) => {
    const prefer = pick([
      "code=99999999999",
      "code=-1",
      "example=__proto__",
      "example=constructor",
      "dynamic=true",
      "dynamic=maybe",
      "code=201, code=404",
      "=,=,=;;",
      "code=1e9",
      "code=0x10",
      `example=${"x".repeat(between(1, 5_000))}`,
      "code=404;dynamic=true",
      "return=minimal",
      "code=\xff",
    ]);
    return whole(signed({ body: '{"face":"aGk="}', headers: [["Prefer", prefer]] }), {
      statuses: [201, 400, 404],
      operation: register,
    });
  },

  mutations: ({ between, pick, random, bytes, signed }) => {
    const { head, body } = signed({ body: '{"face":"aGk="}' });
    let wire = Buffer.concat([Buffer.from(head, "latin1"), body]);
    for (let count = between(1, 8); count > 0; count--) {
      const at = between(0, wire.length - 1);
      const change = pick([
        () => Buffer.concat([wire.subarray(0, at), bytes(between(1, 4)), wire.subarray(at)]),
        () => Buffer.concat([wire.subarray(0, at), wire.subarray(at + between(1, 4))]),
        () =>
          Buffer.concat([
            wire.subarray(0, at),
            Buffer.from([Math.floor(random() * 256)]),
            wire.subarray(at + 1),
          ]),
        () => Buffer.concat([wire.subarray(0, at), wire.subarray(Math.max(0, at - 40))]),
      ]);
      wire = change();
    }
    return {
      pieces: [wire],
      responses: 1,
      statuses: [200, 201, 204, 400, 403, 404, 413, 415],
      operation: register,
      closes: false,
      leavesAfterMs: 100,
    };
  },
};

const register = "ApiSubjectsPost";
const limit = 10_485_760;

/** A request sent as it is, which must be answered. */
function whole(
  { head, body }: { head: string; body: Buffer },
  rest: { statuses: number[]; operation: string },
): HostileCase {
  return { pieces: [head, body], responses: 1, ...rest };
}

function pieces(bytes: Buffer, size: () => number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = size();
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return parts;
}
