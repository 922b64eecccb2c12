import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PathRule } from "../../../mocks/gateway/canonical.ts";
import type { HttpRequestInit } from "../../../mocks/http/request.ts";
import { createSignatureVerifier } from "./raw-request.ts";

/*
 * The official Signature Version 4 test suite as data: inputs and expected signatures, typed again from
 * the copies that AWS publishes with its SDKs. A case that the suite has in two forms, normalised and
 * not, is here twice; the second form is API Gateway's rule for paths.
 */

const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
const now = () => Date.UTC(2015, 7, 30, 12, 36);
const unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const stsToken =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwt" +
  "hAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVX" +
  "AkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
const shortToken = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";

type Vector = {
  method?: string;
  target: string;
  /** Beside Host and X-Amz-Date. */
  headers?: [name: string, value: string][];
  body?: string;
  signedHeaders?: string;
  signature: string;
  rule?: PathRule;
  sessionToken?: string;
  /** Why Node's HTTP parser cannot carry the request as the suite writes it. */
  notOverHttp?: string;
};

const rawBytes = "the target holds bytes outside ASCII or blanks, which an HTTP request line must not";

const inHeader: Record<string, Vector> = {
  "get-vanilla": {
    target: "/",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  "get-vanilla-query": {
    target: "/",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  "get-vanilla-empty-query-key": {
    target: "/?Param1=value1",
    signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  },
  "get-vanilla-query-order-key": {
    target: "/?Param1=value2&Param1=Value1",
    signature: "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1",
  },
  "get-vanilla-query-order-key-case": {
    target: "/?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  "get-vanilla-query-order-value": {
    target: "/?Param1=value2&Param1=value1",
    signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
  },
  "get-vanilla-query-order-encoded": {
    target: "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
    signature: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
  },
  "get-vanilla-query-unreserved": {
    target: `/?${unreserved}=${unreserved}`,
    signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  },
  "get-vanilla-utf8-query": {
    target: "/?ሴ=bar",
    notOverHttp: rawBytes,
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  "get-vanilla-with-session-token": {
    target: "/",
    headers: [["X-Amz-Security-Token", shortToken]],
    signedHeaders: "host;x-amz-date;x-amz-security-token",
    sessionToken: shortToken,
    signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
  },
  "get-unreserved": {
    target: `/${unreserved}`,
    signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  },
  "get-utf8": {
    target: "/ሴ",
    notOverHttp: rawBytes,
    signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
  },
  "get-space-normalized": {
    target: "/example space/",
    signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    rule: "normalise",
    notOverHttp: rawBytes,
  },
  "get-space-unnormalized": {
    target: "/example space/",
    signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    notOverHttp: rawBytes,
  },
  "get-relative-normalized": {
    target: "/example/..",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    rule: "normalise",
  },
  "get-relative-unnormalized": {
    target: "/example/..",
    signature: "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282",
  },
  "get-relative-relative-normalized": {
    target: "/example1/example2/../..",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    rule: "normalise",
  },
  "get-relative-relative-unnormalized": {
    target: "/example1/example2/../..",
    signature: "dc33e0856fd4baca4d7aa2146c38958283844764f38c74252a333df5e613003b",
  },
  "get-slash-normalized": {
    target: "//",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    rule: "normalise",
  },
  "get-slash-unnormalized": {
    target: "//",
    signature: "c88bcd3d312d75078c0cd961d6deae3f4c754924b01669efcfcb439fd5e5b76e",
  },
  "get-slash-dot-slash-normalized": {
    target: "/./",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    rule: "normalise",
  },
  "get-slash-dot-slash-unnormalized": {
    target: "/./",
    signature: "68714168e6557f8f2de0ef956fc24dc2593a4bd2961f8df51898d8a134695145",
  },
  "get-slash-pointless-dot-normalized": {
    target: "/./example",
    signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
    rule: "normalise",
  },
  "get-slash-pointless-dot-unnormalized": {
    target: "/./example",
    signature: "beb03f223f7deae4146464f06e29eebbee9c8afbe15c290cf07aa8b119e14cff",
  },
  "get-slashes-normalized": {
    target: "//example//",
    signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
    rule: "normalise",
  },
  "get-slashes-unnormalized": {
    target: "//example//",
    signature: "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5",
  },
  "get-header-key-duplicate": {
    target: "/",
    headers: [
      ["My-Header1", "value2"],
      ["My-Header1", "value2"],
      ["My-Header1", "value1"],
    ],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
  "get-header-value-order": {
    target: "/",
    headers: [
      ["My-Header1", "value4"],
      ["My-Header1", "value1"],
      ["My-Header1", "value3"],
      ["My-Header1", "value2"],
    ],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  },
  "get-header-value-multiline": {
    target: "/",
    // The suite folds one value over three lines and expects what three headers would give.
    headers: [
      ["My-Header1", "value1"],
      ["My-Header1", "value2"],
      ["My-Header1", "value3"],
    ],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790",
    notOverHttp: "a folded header line, which RFC 9112 section 5.2 tells a server to refuse",
  },
  "get-header-value-trim": {
    target: "/",
    headers: [
      ["My-Header1", " value1"],
      ["My-Header2", ' "a   b   c"'],
    ],
    signedHeaders: "host;my-header1;my-header2;x-amz-date",
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  "post-vanilla": {
    method: "POST",
    target: "/",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  "post-vanilla-query": {
    method: "POST",
    target: "/?Param1=value1",
    signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  },
  "post-vanilla-empty-query-value": {
    method: "POST",
    target: "/?Param1=value1",
    signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  },
  "post-vanilla-query-space": {
    method: "POST",
    // The suite writes a target with a blank and signs what stands before it.
    target: "/?p",
    signature: "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b",
  },
  "post-vanilla-query-nonunreserved": {
    method: "POST",
    // The suite's + is a plus; API Gateway reads + as a space, so it stands escaped here.
    target: '/?@#$%^&%2B=/,?><`";:\\|][{}',
    signature: "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e",
  },
  "post-header-key-case": {
    method: "POST",
    target: "/",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  "post-header-key-sort": {
    method: "POST",
    target: "/",
    headers: [["My-Header1", "value1"]],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  },
  "post-header-value-case": {
    method: "POST",
    target: "/",
    headers: [["My-Header1", "VALUE1"]],
    signedHeaders: "host;my-header1;x-amz-date",
    signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
  },
  "post-sts-header-before": {
    method: "POST",
    target: "/",
    headers: [["X-Amz-Security-Token", stsToken]],
    signedHeaders: "host;x-amz-date;x-amz-security-token",
    sessionToken: stsToken,
    signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  },
  "post-sts-header-after": {
    method: "POST",
    target: "/",
    headers: [["X-Amz-Security-Token", stsToken]],
    sessionToken: stsToken,
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  "post-x-www-form-urlencoded": {
    method: "POST",
    target: "/",
    headers: [["Content-Type", "application/x-www-form-urlencoded"]],
    body: "Param1=value1",
    signedHeaders: "content-type;host;x-amz-date",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
  "post-x-www-form-urlencoded-parameters": {
    method: "POST",
    target: "/",
    headers: [["Content-Type", "application/x-www-form-urlencoded; charset=utf8"]],
    body: "Param1=value1",
    signedHeaders: "content-type;host;x-amz-date",
    signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
  },
  "post-x-www-form-urlencoded-parameters, the later edition": {
    method: "POST",
    target: "/",
    headers: [
      ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"],
      ["Content-Length", "13"],
      ["x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"],
    ],
    body: "Param1=value1",
    signedHeaders: "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
    signature: "328d1b9eaadca9f5818ef05e8392801e091653bafec24fcab71e7344e7f51422",
  },
};

const inQuery: Record<string, Vector> = {
  "get-vanilla-empty-query-key": {
    target: "/?Param1=value1",
    signature: "49096700cbbaa5753443850f40df10f904fc2fdb544dc9512203cc77c471a9de",
  },
  "get-vanilla-query-order-encoded": {
    target: "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
    signature: "c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787",
  },
  "get-vanilla-utf8-query": {
    target: "/?ሴ=bar",
    notOverHttp: rawBytes,
    signature: "0bdd809b1519ac4f0c1dc3540e2cc46bd0c7f778eda408b2ebf3b913d21ff600",
  },
  "get-vanilla-with-session-token": {
    // The suite's finished request repeats the token after the signature; it is signed once.
    target: `/?X-Amz-Security-Token=${shortToken}`,
    sessionToken: shortToken,
    signature: "7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c",
  },
  "get-header-value-trim": {
    target: "/",
    headers: [
      ["My-Header1", " value1"],
      ["My-Header2", ' "a   b   c"'],
    ],
    signedHeaders: "host;my-header1;my-header2",
    signature: "e7bb0fd515e125e1aec2ecc4c0c17484fb06f6846b927c35e46005dd3df3acd4",
  },
};

const vectors = [
  ...Object.entries(inHeader).map(([name, vector]) => ({ name, vector, request: headerRequest(vector) })),
  ...Object.entries(inQuery).map(([name, vector]) => ({
    name: `${name}, presigned`,
    vector,
    request: queryRequest(vector),
  })),
];

test.each(vectors)("$name verifies", ({ vector, request }) => {
  expect(verifierFor(vector)(request)).toBe(undefined);
});

test.each(vectors)("$name does not verify with another secret", ({ vector, request }) => {
  expect(verifierFor(vector, "another secret")(request)).toMatchObject({ kind: "signatureMismatch" });
});

test("a mismatch shows the canonical request and the string to sign that the suite publishes", () => {
  const request = headerRequest(inHeader["get-vanilla-query-order-key-case"]!);
  expect(verifierFor({}, "another secret")(request)).toMatchObject({
    canonicalRequest: [
      "GET",
      "/",
      "Param1=value1&Param2=value2",
      "host:example.amazonaws.com",
      "x-amz-date:20150830T123600Z",
      "",
      "host;x-amz-date",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ].join("\n"),
    stringToSign: [
      "AWS4-HMAC-SHA256",
      "20150830T123600Z",
      "20150830/us-east-1/service/aws4_request",
      "816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0",
    ].join("\n"),
  });
});

describe("over a socket", () => {
  const received: HttpRequestInit[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk) => chunks.push(chunk));
    message.on("end", () => {
      received.push({
        method: message.method!,
        target: message.url!,
        rawHeaders: message.rawHeaders,
        body: Buffer.concat(chunks),
      });
      response.end();
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

  const carried = vectors.filter(({ vector }) => vector.notOverHttp === undefined);
  test.each(carried)("$name verifies as Node's HTTP parser hands it over", async ({ vector, request }) => {
    received.length = 0;
    expect(await statusLine(wireText(request))).toBe("HTTP/1.1 200 OK");
    const verify = verifierFor(vector);
    expect(received.map((request) => verify(request))).toEqual([undefined]);
  });

  test("these cases cannot come in over Node's HTTP parser as the suite writes them", async () => {
    const written: Record<string, string> = {
      ...Object.fromEntries(
        vectors
          .filter(({ vector }) => vector.notOverHttp !== undefined)
          .map(({ name, request }) => [name, wireText(request)]),
      ),
      "get-header-value-multiline":
        "GET / HTTP/1.1\r\nHost:example.amazonaws.com\r\nMy-Header1:value1\r\n  value2\r\n     value3\r\nConnection:close\r\n\r\n",
      "post-vanilla-query-space":
        "POST /?p aram1=val ue1 HTTP/1.1\r\nHost:example.amazonaws.com\r\nConnection:close\r\n\r\n",
    };
    const answers: Record<string, string> = {};
    for (const [name, text] of Object.entries(written)) answers[name] = await statusLine(text);
    expect(answers).toEqual({
      "get-vanilla-utf8-query": "HTTP/1.1 400 Bad Request",
      "get-vanilla-utf8-query, presigned": "HTTP/1.1 400 Bad Request",
      "get-utf8": "HTTP/1.1 400 Bad Request",
      "get-space-normalized": "HTTP/1.1 400 Bad Request",
      "get-space-unnormalized": "HTTP/1.1 400 Bad Request",
      "get-header-value-multiline": "HTTP/1.1 400 Bad Request",
      "post-vanilla-query-space": "HTTP/1.1 400 Bad Request",
    });
  });

  function statusLine(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1", () =>
        socket.write(text, "latin1"),
      );
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(answer.split("\r\n")[0]!));
    });
  }
});

function verifierFor({ rule, sessionToken }: Partial<Vector>, secret = secretAccessKey) {
  return createSignatureVerifier({
    region: "us-east-1",
    service: "service",
    credentials: (id) => (id === "AKIDEXAMPLE" ? { secretAccessKey: secret, sessionToken } : undefined),
    now,
    pathRule: rule,
  });
}

function headerRequest(vector: Vector): HttpRequestInit {
  const { signedHeaders = "host;x-amz-date", signature } = vector;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return rawRequest(vector, vector.target, [["Authorization", authorization]]);
}

/** The parameters in the suite's order: its own last, the signature after all. */
function queryRequest(vector: Vector): HttpRequestInit {
  const { target, signedHeaders = "host", signature } = vector;
  const parameters = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": scope,
    "X-Amz-Date": "20150830T123600Z",
    "X-Amz-SignedHeaders": signedHeaders,
    "X-Amz-Expires": "3600",
    "X-Amz-Signature": signature,
  });
  return rawRequest(vector, `${target}${target.includes("?") ? "&" : "?"}${parameters}`, []);
}

function rawRequest(vector: Vector, target: string, more: [string, string][]): HttpRequestInit {
  const { method = "GET", headers = [], body = "" } = vector;
  const all = [["Host", "example.amazonaws.com"], ...headers, ...more, ["X-Amz-Date", "20150830T123600Z"]];
  return { method, target: bytes(target), rawHeaders: all.flat(), body: Buffer.from(body) };
}

/** UTF-8 as Node hands it over: one character for each byte. */
function bytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function wireText({ method, target, rawHeaders, body }: HttpRequestInit): string {
  const lines = [];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}:${rawHeaders[i + 1]}`);
  if (body.length > 0 && !rawHeaders.includes("Content-Length")) lines.push(`Content-Length:${body.length}`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\nConnection:close\r\n\r\n${body}`;
}
