import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { HttpRequestInit } from "../../../mocks/http/request.ts";

import { type HandRequest, sha256, signByHand } from "../../sign-by-hand.ts";
import { createSignatureVerifier, explain, rawSigned, withHeaders } from "./raw-request.ts";

const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const date = "20261123T120000Z";
const options = {
  region: "ap-southeast-2",
  service: "execute-api",
  credentials: (id: string) => (id === accessKeyId ? { secretAccessKey } : undefined),
  publicHosts: ["api.example.com"],
  basePath: "/v1",
  now: () => Date.UTC(2026, 10, 23, 12),
};
const verify = createSignatureVerifier(options);

const body = '{"face": "AAAA", "n": [1, 2]}';
const post: HandRequest = {
  method: "POST",
  target: "/v1/subjects/a%20b$?b=2&a=1&a=0&e&p=%2B!",
  headers: [
    ["Host", "127.0.0.1:4010"],
    ["Content-Type", "application/json"],
    ["x-api-key", "key-of-the-customer"],
  ],
  body,
  date,
};
const path = "/v1/subjects/a%2520b%24";
const query = "a=0&a=1&b=2&e=&p=%2B%21";
const believing = (believed: HandRequest["believed"], more: Partial<HandRequest> = {}) =>
  rawSigned({ ...post, ...more, believed });
const header = (name: string, value: string): Partial<HandRequest> => ({
  headers: [...post.headers!, [name, value]],
});
const hash = sha256(body);
const bytes = "the bytes that were signed are not the bytes that were sent";

function explained(request: HttpRequestInit): string | undefined {
  const refusal = verify(request);
  if (!refusal) return "verified";
  return explain(request, refusal, options);
}

const pathLine = (had: string, reason: string) =>
  `Canonical request, line 2 (path): the client had '${had}', the server has '${path}'; ${reason}.`;
const queryLine = (had: string, reason: string) =>
  `Canonical request, line 3 (query): the client had '${had}', the server has '${query}'; ${reason}.`;
const payloadLine = (had: string, reason: string, line = 10) =>
  `Canonical request, line ${line} (payload hash): the client had '${had}', the server has '${hash}'; ${reason}.`;
const onceMore = "the path as sent is to be encoded once more";
const everyByte = "every byte but letters, digits and - . _ ~ / is to be encoded";

describe("one mistake of the client, one sentence", () => {
  test.each<[mistake: string, request: HttpRequestInit, sentence: string]>([
    [
      "path not encoded twice",
      believing({ path: "/v1/subjects/a%20b$" }),
      pathLine("/v1/subjects/a%20b$", onceMore),
    ],
    [
      "path decoded",
      believing({ path: "/v1/subjects/a b$" }),
      pathLine("/v1/subjects/a b$", `${onceMore}, not decoded`),
    ],
    [
      "path encoded once",
      believing({ path: "/v1/subjects/a%20b%24" }),
      pathLine("/v1/subjects/a%20b%24", `${onceMore}, not decoded and encoded`),
    ],
    [
      "encodeURI",
      believing({ path: "/v1/subjects/a%2520b$" }),
      pathLine("/v1/subjects/a%2520b$", `${everyByte}; encodeURI leaves more of them`),
    ],
    [
      "without the base path",
      believing({ path: "/subjects/a%2520b%24" }),
      pathLine("/subjects/a%2520b%24", "the base path /v1 belongs to the signed path"),
    ],
    [
      "without the base path, not encoded",
      believing({ path: "/subjects/a%20b$" }),
      pathLine("/subjects/a%20b$", `the base path /v1 belongs to the signed path, and ${onceMore}`),
    ],
    [
      "a slash too many",
      believing({ path: `${path}/` }),
      pathLine(`${path}/`, "there is no slash at the end of the path as sent"),
    ],
    [
      "dot segments resolved",
      rawSigned({ ...post, target: "/v1//a/../b", believed: { path: "/v1/b" } }),
      "Canonical request, line 2 (path): the client had '/v1/b', the server has '/v1//a/../b'; dot segments and double slashes stay as they are.",
    ],
    [
      "query unsorted",
      believing({ query: "b=2&a=1&a=0&e=&p=%2B%21" }),
      queryLine("b=2&a=1&a=0&e=&p=%2B%21", "the query is to be sorted by name and value"),
    ],
    [
      "values unsorted",
      believing({ query: "a=1&a=0&b=2&e=&p=%2B%21" }),
      queryLine("a=1&a=0&b=2&e=&p=%2B%21", "equal names are to be sorted by value"),
    ],
    [
      "query as sent",
      believing({ query: "b=2&a=1&a=0&e&p=%2B!" }),
      queryLine("b=2&a=1&a=0&e&p=%2B!", "the query is to be sorted, decoded and encoded by RFC 3986"),
    ],
    [
      "query not encoded",
      believing({ query: "a=0&a=1&b=2&e&p=%2B!" }),
      queryLine("a=0&a=1&b=2&e&p=%2B!", "names and values are to be decoded and encoded by RFC 3986"),
    ],
    ["query left out", believing({ query: "" }), queryLine("", "the query is part of the signed request")],
    [
      "empty names left out",
      believing({ query: "a=0&a=1&b=2&p=%2B%21" }),
      queryLine("a=0&a=1&b=2&p=%2B%21", "names without a value are signed as name="),
    ],
    [
      "no = after an empty name",
      believing({ query: "a=0&a=1&b=2&e&p=%2B%21" }),
      queryLine("a=0&a=1&b=2&e&p=%2B%21", "names without a value are signed as name="),
    ],
    [
      "encodeURIComponent",
      believing({ query: "a=0&a=1&b=2&e=&p=%2B!" }),
      queryLine("a=0&a=1&b=2&e=&p=%2B!", "! ' ( ) * are to be encoded; encodeURIComponent leaves them"),
    ],
    [
      "lower-case escapes",
      believing({ query: "a=0&a=1&b=2&e=&p=%2b%21" }),
      queryLine("a=0&a=1&b=2&e=&p=%2b%21", "escapes are to be in upper case"),
    ],
    [
      "the last of equal names",
      believing({ query: "a=1&b=2&e=&p=%2B%21" }),
      queryLine("a=1&b=2&e=&p=%2B%21", "a name that occurs several times is signed as often"),
    ],
    [
      "a plus taken for a plus",
      rawSigned({ ...post, target: "/v1/x?q=a+b", believed: { query: "q=a%2Bb" } }),
      "Canonical request, line 3 (query): the client had 'q=a%2Bb', the server has 'q=a%20b'; a + in the query stands for a space.",
    ],
    [
      "another host",
      believing({ headers: { host: "localhost:4010" } }),
      "Canonical request, line 5 (host): the client had 'host:localhost:4010', the server has 'host:127.0.0.1:4010'; the client signed another host; --public-host accepts it.",
    ],
    [
      "the host before a proxy",
      believing(
        { headers: { host: "api.id.nec.com.au" } },
        { ...header("X-Forwarded-Host", "api.id.nec.com.au"), signedHeaders: ["host", "x-amz-date"] },
      ),
      "Canonical request, line 4 (host): the client had 'host:api.id.nec.com.au', the server has 'host:127.0.0.1:4010'; the client signed another host; --public-host accepts it.",
    ],
    [
      "a content type that grew on the way",
      believing({ headers: { "content-type": "application/json; charset=utf-8" } }),
      "Canonical request, line 4 (content-type): the client had 'content-type:application/json; charset=utf-8', the server has 'content-type:application/json'; the content type was changed after signing.",
    ],
    [
      "a value with several blanks",
      rawSigned({ ...post, ...header("X-Note", "a  b"), believed: { headers: { "x-note": "a  b" } } }),
      "Canonical request, line 8 (x-note): several spaces in a header's value are signed as one.",
    ],
    [
      "only the first of two values",
      rawSigned({
        ...post,
        headers: [...post.headers!, ["X-Note", "a"], ["X-Note", "b"]],
        believed: { headers: { "x-note": "a" } },
      }),
      "Canonical request, line 8 (x-note): a header that occurs several times is signed with its values joined by a comma.",
    ],
    [
      "a signed header that did not arrive",
      withHeaders(rawSigned(post), { "x-api-key": undefined }),
      "Canonical request, line 7 (x-api-key): the header was signed and did not arrive.",
    ],
    [
      "names neither sorted nor lower case",
      rawSigned({ ...post, signedHeaders: ["x-amz-date", "host"] }),
      "Canonical request, line 4 (host): the client had 'x-amz-date:20261123T120000Z', the server has 'host:127.0.0.1:4010'; header names are signed in lower case and sorted.",
    ],
    [
      "UNSIGNED-PAYLOAD",
      believing({ payload: "UNSIGNED-PAYLOAD" }),
      payloadLine("UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD is not accepted, the body is to be hashed"),
    ],
    [
      "an empty payload",
      believing({ payload: sha256("") }),
      payloadLine(sha256(""), "the body is to be hashed, the client signed without one"),
    ],
    ["no payload hash", believing({ payload: "" }), payloadLine("", "the hash of the body is missing")],
    [
      "a body changed after x-amz-content-sha256 was made",
      {
        ...rawSigned({ ...post, ...header("x-amz-content-sha256", sha256("before")), body: "before" }),
        body: Buffer.from(body),
      },
      payloadLine(
        sha256("before"),
        "the client took x-amz-content-sha256, which is not the hash of the body that arrived",
        11,
      ),
    ],
    [
      "JSON without blanks",
      believing({ payload: sha256(JSON.stringify(JSON.parse(body))) }),
      payloadLine(
        sha256('{"face":"AAAA","n":[1,2]}'),
        `${bytes}: the client signed the same JSON written another way`,
      ),
    ],
    [
      "JSON written twice",
      believing({ payload: sha256(JSON.stringify(body)) }),
      payloadLine(
        sha256(JSON.stringify(body)),
        `${bytes}: the client signed the same JSON written another way`,
      ),
    ],
    [
      "a line end too many",
      believing({ payload: sha256(`${body}\n`) }),
      payloadLine(sha256(`${body}\n`), `${bytes}: a line end was lost`),
    ],
    [
      "an upper-case hash",
      believing({ payload: hash.toUpperCase() }),
      payloadLine(hash.toUpperCase(), "the payload hash is to be in lower case"),
    ],
    [
      "another method",
      { ...rawSigned(post), method: "PUT" },
      "Canonical request, line 1 (method): the client had 'POST', the server has 'PUT'; the client signed another method.",
    ],
    [
      "a secret with a line end",
      rawSigned({ ...post, secretAccessKey: `${secretAccessKey}\n` }),
      "The canonical requests agree: the client's secret access key ends in a line break.",
    ],
    [
      "a secret in quotes",
      rawSigned({ ...post, secretAccessKey: `"${secretAccessKey}"` }),
      "The canonical requests agree: the client's secret access key stands in quotes.",
    ],
    [
      "no secret",
      rawSigned({ ...post, secretAccessKey: "" }),
      "The canonical requests agree: the client's secret access key is empty.",
    ],
  ])("%s", (_, request, sentence) => {
    expect(explained(request)).toBe(sentence);
  });

  test("a signature in upper case", () => {
    const { authorization } = signByHand(post);
    const upper = authorization.replace(/[0-9a-f]{64}$/, (digits) => digits.toUpperCase());
    expect(explained(withHeaders(rawSigned(post), { Authorization: upper }))).toBe(
      "The signature is right, but not in lower-case hexadecimal.",
    );
  });

  test("a mistake beside a host that is accepted though it is not the received one", () => {
    const request = believing({ path: "/v1/subjects/a%20b$", headers: { host: "api.example.com" } });
    expect(explained(request)).toBe(pathLine("/v1/subjects/a%20b$", onceMore));
  });
});

test("Python's way to write JSON is found", () => {
  const tight = '{"face":"A,B:C","n":[1,2]}';
  const request = rawSigned({
    ...post,
    body: tight,
    believed: { payload: sha256('{"face": "A,B:C", "n": [1, 2]}') },
  });
  expect(explained(request)).toContain("the client signed the same JSON written another way");
});

describe("nothing is said", () => {
  test.each<[reason: string, request: HttpRequestInit]>([
    ["when the secret is simply another", rawSigned({ ...post, secretAccessKey: "another" })],
    ["when two mistakes were made", believing({ path: "/subjects", payload: sha256("") })],
    ["of another refusal, which speaks for itself", rawSigned({ ...post, accessKeyId: "AKIAUNKNOWN" })],
    [
      "of requests with too many signed headers to try",
      rawSigned({
        ...post,
        headers: [
          ...post.headers!,
          ...Array.from({ length: 65 }, (_, i): [string, string] => [`x-h${i}`, "v"]),
        ],
        believed: { path: "/" },
      }),
    ],
    [
      "of requests too large to try",
      rawSigned({ ...post, target: `/v1/${"a".repeat(20_000)}`, believed: { path: "/" } }),
    ],
  ])("%s", (_, request) => {
    expect(explained(request)).toBe(undefined);
  });
});

test("no sentence shows a secret, a signature, an API key or a session token", () => {
  const sessionToken = "IQoJb3JpZ2luX2VjE-secret-token";
  const temporary = { ...options, credentials: () => ({ secretAccessKey, sessionToken }) };
  const secrets = [secretAccessKey, sessionToken, "key-of-the-customer"];
  const carrying = header("X-Amz-Security-Token", sessionToken);
  const requests = [
    believing({ headers: { "x-api-key": "KEY-OF-THE-CUSTOMER" } }, carrying),
    believing({ headers: { "x-amz-security-token": ` ${sessionToken}` } }, carrying),
    believing({ path: "/v1" }, carrying),
    rawSigned({ ...post, ...carrying, secretAccessKey: `${secretAccessKey} ` }),
  ];
  for (const request of requests) {
    const refusal = createSignatureVerifier(temporary)(request)!;
    const text = inspect([explain(request, refusal, temporary)]);
    const signature = /Signature=(\w+)/.exec(request.rawHeaders.join())![1]!;
    expect([...secrets, signature].filter((secret) => text.includes(secret))).toEqual([]);
  }
});

test("the largest request it takes is explained", () => {
  const request = rawSigned({
    ...post,
    target: `/v1?${"a&".repeat(4_000)}`,
    body: `[${"1,".repeat(130_000)}1]`,
    secretAccessKey: "another",
  });
  const refusal = verify(request)!;
  expect(explain(request, refusal, options)).toBe(undefined);
});
