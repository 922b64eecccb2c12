import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mock, mockApiKeys, startMock } from "../../../mocks/mock.ts";
import { exchangeRaw, type ReceivedResponse } from "../../raw-http.ts";
import { type HandRequest, sha256, signByHand, wire } from "../../sign-by-hand.ts";

const now = Date.UTC(2026, 10, 23, 12, 0, 0);
const date = "20261123T120000Z";
const key = mockApiKeys[0]!;
const register = JSON.stringify({ face: "bmVjaWQtZmFjZTphbGljZQ==" });

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ now: () => now, publicHosts: ["api.id.nec.com.au"], stateless: true });
});
afterAll(() => mock.close());

const host = () => `127.0.0.1:${mock.port}`;

/** A valid registration, changed by what is given. */
function signed(given: Partial<HandRequest> & { extra?: [string, string][] } = {}): HandRequest {
  const { extra = [], ...rest } = given;
  const headers: [string, string][] = [
    ["Host", host()],
    ["Content-Type", "application/json"],
    ["x-api-key", key],
  ];
  return {
    method: "POST",
    target: "/v1/subjects",
    body: register,
    date,
    headers: [...headers, ...extra],
    ...rest,
  };
}

const send = (request: HandRequest) => exchangeRaw(mock.port, signByHand(request).bytes);
const authorization = (given?: Partial<HandRequest>) => signByHand(signed(given)).authorization;

/** The same call with another Authorization header, or none, and other headers beside it. */
function unsignedCall(
  header: string | undefined,
  given: { headers?: [string, string][]; method?: string; target?: string } = {},
) {
  const headers: [string, string][] = [["Host", host()], ...(given.headers ?? [["X-Amz-Date", date]])];
  if (header !== undefined) headers.push(["Authorization", header]);
  return exchangeRaw(
    mock.port,
    wire({ method: given.method ?? "POST", target: given.target ?? "/v1/subjects", headers, body: register }),
  );
}

const hash64 = (text: string) => createHash("sha256").update(text).digest("base64");
const before = (message: string) => `{"message":${JSON.stringify(message)}}`;
const during = (message: string) => `{"message": ${JSON.stringify(message)}}`;
const required = {
  credential: "Authorization header requires 'Credential' parameter.",
  signature: "Authorization header requires 'Signature' parameter.",
  headers: "Authorization header requires 'SignedHeaders' parameter.",
  date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
};
const requires = (sentences: string[], header: string) =>
  before(
    `${sentences.join(" ")} (Hashed with SHA-256 and encoded with Base64) Authorization=${hash64(header)}`,
  );
const mismatch = (canonical: string, toSign: string) =>
  before(
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n" +
      `The Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`,
  );
const mismatchOf = (truth: HandRequest) => {
  const { canonical, toSign } = signByHand(truth);
  return mismatch(canonical, toSign);
};
const preferred = (prefer: string) => send(signed({ extra: [["Prefer", prefer]] }));

type Row = {
  name: string;
  answer: () => Promise<ReceivedResponse>;
  status: number;
  errorType: string | undefined;
  body: string | (() => string);
  phase?: "before" | "during";
  contentType?: string;
};
const missingToken = {
  status: 403,
  errorType: "MissingAuthenticationTokenException",
  body: before("Missing Authentication Token"),
};
const incomplete = { status: 403, errorType: "IncompleteSignatureException" };
const invalid = { status: 403, errorType: "InvalidSignatureException" };
const noPair = (header: string) => ({
  ...incomplete,
  body: before(
    `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash64(header)}'.`,
  ),
});

const rows: Row[] = [
  { name: "1 no Authorization", answer: () => unsignedCall(undefined), ...missingToken },
  { name: "2 unknown path", answer: () => send(signed({ target: "/v1/nothing" })), ...missingToken },
  {
    name: "2 unknown path, unsigned",
    answer: () => unsignedCall(undefined, { target: "/v1/nothing" }),
    ...missingToken,
  },
  { name: "2 outside the base path", answer: () => send(signed({ target: "/subjects" })), ...missingToken },
  {
    name: "2 known path, another method",
    answer: () => send(signed({ method: "GET", body: "" })),
    ...missingToken,
  },
  {
    name: "2 OPTIONS that is not declared",
    answer: () => unsignedCall(undefined, { method: "OPTIONS", target: "/v1/nothing" }),
    ...missingToken,
  },
  { name: "3 a bearer token", answer: () => unsignedCall("Bearer abc"), ...noPair("Bearer abc") },
  {
    name: "3 a part without an equal sign",
    answer: () => unsignedCall("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, nonsense"),
    ...noPair("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, nonsense"),
  },
  {
    name: "4 everything missing",
    answer: () => unsignedCall("AWS4-HMAC-SHA256 a=b", { headers: [] }),
    ...incomplete,
    body: requires(Object.values(required), "AWS4-HMAC-SHA256 a=b"),
  },
  {
    name: "4 Basic credentials",
    answer: () => unsignedCall("Basic dXNlcjpwYXNzd29yZA==", { headers: [] }),
    ...incomplete,
    body: requires(Object.values(required), "Basic dXNlcjpwYXNzd29yZA=="),
  },
  {
    name: "4 Signature missing",
    answer: () => unsignedCall("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host"),
    ...incomplete,
    body: requires([required.signature], "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host"),
  },
  {
    name: "4 date missing",
    answer: () =>
      unsignedCall("AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0", { headers: [] }),
    ...incomplete,
    body: requires([required.date], "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0"),
  },
  {
    name: "5 date not in basic format",
    answer: () => unsignedCall(authorization(), { headers: [["X-Amz-Date", "2026-11-23T12:00:00Z"]] }),
    ...incomplete,
    body: before(
      "Date must be in ISO-8601 'basic format'. Got '2026-11-23T12:00:00Z'. See http://en.wikipedia.org/wiki/ISO_8601",
    ),
  },
  {
    name: "6 another algorithm",
    answer: () => unsignedCall(authorization().replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512")),
    ...incomplete,
    body: before("Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'."),
  },
  {
    name: "7 Credential of four parts",
    answer: () => unsignedCall("AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=0"),
    ...incomplete,
    body: before(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'",
    ),
  },
  {
    name: "8 host not signed",
    answer: () => send(signed({ signedHeaders: ["x-amz-date", "x-api-key"] })),
    ...invalid,
    body: before("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
  },
  {
    name: "9 another region",
    answer: () => send(signed({ region: "us-east-1" })),
    ...invalid,
    body: before("Credential should be scoped to a valid region. "),
  },
  {
    name: "10 another service",
    answer: () => send(signed({ service: "s3" })),
    ...invalid,
    body: before("Credential should be scoped to correct service: 'execute-api'. "),
  },
  {
    name: "11 another terminator",
    answer: () => send(signed({ terminator: "aws5_request" })),
    ...invalid,
    body: before("Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. "),
  },
  {
    name: "12 another day in the scope",
    answer: () => send(signed({ scopeDate: "20261122" })),
    ...invalid,
    body: before(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261122' != '20261123', from '${date}'.`,
    ),
  },
  {
    name: "13 everything wrong in the scope",
    answer: () => send(signed({ region: "x", service: "y", terminator: "z", scopeDate: "20200101" })),
    ...invalid,
    body: before(
      "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'execute-api'. " +
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'z'. " +
        `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101' != '20261123', from '${date}'.`,
    ),
  },
  {
    name: "14 unknown access key",
    answer: () => send(signed({ accessKeyId: "AKIAI44QH8DHBEXAMPLE" })),
    status: 403,
    errorType: "UnrecognizedClientException",
    body: before("The security token included in the request is invalid."),
  },
  {
    name: "15 signed five minutes and a second ago",
    answer: () => send(signed({ date: "20261123T115459Z" })),
    ...invalid,
    body: before(
      "Signature expired: 20261123T115459Z is now earlier than 20261123T115500Z (20261123T120000Z - 5 min.)",
    ),
  },
  {
    name: "16 signed five minutes and a second ahead",
    answer: () => send(signed({ date: "20261123T120501Z" })),
    ...invalid,
    body: before(
      "Signature not yet current: 20261123T120501Z is still later than 20261123T120500Z (20261123T120000Z + 5 min.)",
    ),
  },
  {
    name: "17 another secret",
    answer: () => send(signed({ secretAccessKey: "x" })),
    ...invalid,
    body: () => mismatchOf(signed()),
  },
  {
    name: "18 no API key",
    answer: () => send(signed({ headers: [["Host", host()]] })),
    status: 403,
    errorType: "ForbiddenException",
    body: before("Forbidden"),
  },
  {
    name: "18 unknown API key",
    answer: () =>
      send(
        signed({
          headers: [
            ["Host", host()],
            ["x-api-key", "necid-mock-application-key-0003"],
          ],
        }),
      ),
    status: 403,
    errorType: "ForbiddenException",
    body: before("Forbidden"),
  },
  {
    name: "19 throttled",
    answer: () => preferred("code=429, example=TooManyRequests"),
    status: 429,
    errorType: "TooManyRequestsException",
    body: before("Too Many Requests"),
  },
  {
    name: "20 quota used up",
    answer: () => preferred("code=429, example=LimitExceeded"),
    status: 429,
    errorType: "LimitExceededException",
    body: before("Limit Exceeded"),
  },
  {
    name: "21 a body announced too large",
    answer: () =>
      exchangeRaw(
        mock.port,
        `POST /v1/subjects HTTP/1.1\r\nHost: ${host()}\r\nContent-Length: 10485761\r\n\r\n`,
      ),
    status: 413,
    errorType: undefined,
    body: "HTTP content length exceeded 10485760 bytes.",
    contentType: "text/plain",
  },
  {
    name: "21 a chunked body that grows too large",
    answer: () =>
      exchangeRaw(
        mock.port,
        `POST /v1/subjects HTTP/1.1\r\nHost: ${host()}\r\nTransfer-Encoding: chunked\r\n\r\na00001\r\n${"x".repeat(10_485_761)}\r\n0\r\n\r\n`,
      ),
    status: 413,
    errorType: undefined,
    body: "HTTP content length exceeded 10485760 bytes.",
    contentType: "text/plain",
  },
  {
    name: "22 the service takes too long",
    answer: () => preferred("code=504"),
    status: 504,
    errorType: "InternalServerErrorException",
    body: during("Endpoint request timed out"),
    phase: "during",
  },
  {
    name: "23 the service fails",
    answer: () => preferred("code=502"),
    status: 502,
    errorType: "InternalServerErrorException",
    body: during("Internal server error"),
    phase: "during",
  },
  {
    name: "24 media type refused",
    answer: () =>
      send(
        signed({
          headers: [
            ["Host", host()],
            ["Content-Type", "text/xml"],
            ["x-api-key", key],
          ],
        }),
      ),
    status: 415,
    errorType: "BadRequestException",
    body: during("Unsupported Media Type"),
    phase: "during",
  },
];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("every row of the gateway's table, over a socket", () => {
  test.each(rows)(
    "$name",
    async ({ answer, status, errorType, body, phase = "before", contentType = "application/json" }) => {
      const got = await answer();
      const expected = typeof body === "string" ? body : body();
      const tooLarge = status === 413;
      expect({ status: got.status, body: got.body }).toEqual({ status, body: expected });
      expect(sorted(got.headers)).toEqual(
        sorted([
          ["Content-Type", contentType],
          ["Content-Length", String(Buffer.byteLength(expected))],
          ["Connection", tooLarge ? "close" : "keep-alive"],
          ["Date", expect.stringMatching(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/)],
          ["x-amzn-RequestId", expect.stringMatching(uuid)],
          ["x-amz-apigw-id", expect.stringMatching(/^[A-Za-z0-9+/]{15}=$/)],
          ...(errorType ? ([["x-amzn-ErrorType", errorType]] as [string, string][]) : []),
          ...(phase === "during"
            ? ([["X-Amzn-Trace-Id", expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)]] as [
                string,
                string,
              ][])
            : []),
        ]),
      );
    },
  );
});

function sorted(headers: [string, string][]): [string, string][] {
  return headers.toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

describe("the order of the checks: of two faults the earlier one is reported", () => {
  const stale = "20261123T110000Z";
  const bearer: [string, string][] = [
    ["Host", "x"],
    ["Authorization", "Bearer abc"],
  ];
  const faults: [name: string, answer: () => Promise<ReceivedResponse>, said: string][] = [
    [
      "size before route",
      () => exchangeRaw(mock.port, `POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 10485761\r\n\r\n`),
      "HTTP content length exceeded",
    ],
    [
      "route before signature",
      () => exchangeRaw(mock.port, wire({ target: "/v1/nothing", headers: bearer })),
      "Missing Authentication Token",
    ],
    [
      "algorithm before key=value",
      () => unsignedCall("AWS4-HMAC-SHA1 nonsense"),
      "Unsupported AWS 'algorithm'",
    ],
    [
      "key=value before missing parameters",
      () => unsignedCall("AWS4-HMAC-SHA256 nonsense"),
      "Invalid key=value pair",
    ],
    [
      "missing parameters before host",
      () => unsignedCall("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=date"),
      required.signature,
    ],
    [
      "host before date format",
      () =>
        unsignedCall("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=date, Signature=0", {
          headers: [["X-Amz-Date", "now"]],
        }),
      "'Host' or ':authority'",
    ],
    [
      "date format before five parts",
      () =>
        unsignedCall("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0", {
          headers: [["X-Amz-Date", "now"]],
        }),
      "Date must be in ISO-8601",
    ],
    [
      "expired before five parts",
      () =>
        unsignedCall("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0", {
          headers: [["X-Amz-Date", stale]],
        }),
      "Signature expired",
    ],
    ["expired before scope", () => send(signed({ date: stale, region: "us-east-1" })), "Signature expired"],
    [
      "five parts before scope",
      () => unsignedCall("AWS4-HMAC-SHA256 Credential=a/x/us-east-1, SignedHeaders=host, Signature=0"),
      "Credential must have exactly 5",
    ],
    [
      "scope before access key",
      () => send(signed({ region: "us-east-1", accessKeyId: "AKIAI44QH8DHBEXAMPLE" })),
      "Credential should be scoped to a valid region. ",
    ],
    [
      "access key before signature",
      () => send(signed({ accessKeyId: "AKIAI44QH8DHBEXAMPLE", secretAccessKey: "x" })),
      "The security token included",
    ],
    [
      "signature before API key",
      () => send(signed({ secretAccessKey: "x", headers: [["Host", host()]] })),
      "The request signature we calculated",
    ],
    [
      "API key before validation",
      () =>
        send(
          signed({
            body: "{}",
            headers: [
              ["Host", host()],
              ["x-api-key", "unknown"],
            ],
          }),
        ),
      "Forbidden",
    ],
    ["validation at last", () => send(signed({ body: "{}" })), "face property must be provided."],
  ];
  test.each(faults)("%s", async (_, answer, said) => {
    const { body } = await answer();
    const message = body.startsWith("{") ? JSON.parse(body).message : body;
    expect(message.slice(0, said.length)).toBe(said);
  });
});

describe("what a signature covers", () => {
  const payloadHash = sha256(register);
  const update = (target: string, given: Partial<HandRequest> = {}) =>
    signed({ method: "PUT", target, ...given });
  const cases: [name: string, answer: () => Promise<ReceivedResponse>, expected: number | (() => string)][] =
    [
      ["a good registration", () => send(signed()), 201],
      [
        "a tampered body",
        () => exchangeRaw(mock.port, signByHand(signed()).bytes.replace("bmVjaWQt", "BmVjaWQt")),
        () => mismatchOf(signed({ body: register.replace("bmVjaWQt", "BmVjaWQt") })),
      ],
      [
        "a forged x-amz-content-sha256: the body's own hash counts",
        () =>
          send(
            signed({
              extra: [["x-amz-content-sha256", sha256("other")]],
              believed: { payload: sha256("other") },
            }),
          ),
        () => mismatchOf(signed({ extra: [["x-amz-content-sha256", sha256("other")]] })),
      ],
      [
        "a false x-amz-content-sha256 beside a right signature",
        () => send(signed({ extra: [["x-amz-content-sha256", sha256("other")]] })),
        201,
      ],
      [
        "a true x-amz-content-sha256",
        () => send(signed({ extra: [["x-amz-content-sha256", payloadHash]] })),
        201,
      ],
      [
        "UNSIGNED-PAYLOAD",
        () =>
          send(
            signed({
              extra: [["x-amz-content-sha256", "UNSIGNED-PAYLOAD"]],
              believed: { payload: "UNSIGNED-PAYLOAD" },
            }),
          ),
        () => mismatchOf(signed({ extra: [["x-amz-content-sha256", "UNSIGNED-PAYLOAD"]] })),
      ],
      [
        "a header added after signing",
        () =>
          exchangeRaw(mock.port, signByHand(signed()).bytes.replace("\r\n\r\n", "\r\nX-Added: yes\r\n\r\n")),
        201,
      ],
      [
        "a signed header changed after signing",
        () =>
          exchangeRaw(mock.port, signByHand(signed()).bytes.replace("application/json", "application/JSON")),
        () =>
          mismatchOf(
            signed({
              headers: [
                ["Host", host()],
                ["Content-Type", "application/JSON"],
                ["x-api-key", key],
              ],
            }),
          ),
      ],
      [
        "the host without its port",
        () => send(signed({ believed: { headers: { host: "127.0.0.1" } } })),
        201,
      ],
      ["a public host", () => send(signed({ believed: { headers: { host: "api.id.nec.com.au" } } })), 201],
      [
        "a host that is neither",
        () => send(signed({ believed: { headers: { host: "example.com" } } })),
        () => mismatchOf(signed()),
      ],
      ["Date instead of X-Amz-Date", () => send(signed({ dateHeader: "Date" })), 201],
      [
        "no content-type at all",
        () =>
          send(
            signed({
              headers: [
                ["Host", host()],
                ["x-api-key", key],
              ],
            }),
          ),
        201,
      ],
      ["%20 in a path, encoded once more", () => send(update("/v1/subjects/a%20b")), 200],
      ["%2F in a path, encoded once more", () => send(update("/v1/subjects/a%2Fb")), 200],
      [
        "%20 in a path, signed as sent",
        () => send(update("/v1/subjects/a%20b", { believed: { path: "/v1/subjects/a%20b" } })),
        () => mismatchOf(update("/v1/subjects/a%20b")),
      ],
      ["$ in a path", () => send(update("/v1/subjects/$a")), 200],
      [
        "duplicate query keys, out of order",
        () => send(signed({ target: "/v1/subjects?b=2&a=2&b=1&a=1" })),
        201,
      ],
      [
        "empty query keys and values",
        () => send(signed({ target: "/v1/subjects?b&a=&=c&".slice(0, -1) })),
        201,
      ],
      ["a plus and a %20 in a query", () => send(signed({ target: "/v1/subjects?q=a+b%20c&r=%7e~" })), 201],
      [
        "a signed header given twice",
        () =>
          send(
            signed({
              extra: [
                ["x-note", "b"],
                ["x-note", " a  c "],
              ],
            }),
          ),
        201,
      ],
      [
        "the application's second key",
        () =>
          send(
            signed({
              headers: [
                ["Host", host()],
                ["x-api-key", mockApiKeys[1]!],
              ],
            }),
          ),
        201,
      ],
      ["health, unsigned", () => unsignedCall(undefined, { method: "GET", target: "/v1/health" }), 200],
      ["preflight, unsigned", () => unsignedCall(undefined, { method: "OPTIONS" }), 200],
    ];
  test.each(cases)("%s", async (_, answer, expected) => {
    const { status, body } = await answer();
    const want =
      typeof expected === "number" ? { status: expected, body } : { status: 403, body: expected() };
    expect({ status, body }).toEqual(want);
  });

  test("a presigned query verifies, and its parameters are covered", async () => {
    const presigned = presign({ "X-Amz-Expires": "300" });
    expect((await exchangeRaw(mock.port, presigned)).status).toBe(201);
    const tampered = presigned.replace("X-Amz-Expires=300", "X-Amz-Expires=301");
    const { status, body } = await exchangeRaw(mock.port, tampered);
    expect(status).toBe(403);
    expect(JSON.parse(body).message).toContain("The request signature we calculated does not match");
  });

  function presign(given: Record<string, string>): string {
    const scope = `20261123/ap-southeast-2/execute-api/aws4_request`;
    const query = new URLSearchParams({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${mock.credentials.accessKeyId}/${scope}`,
      "X-Amz-Date": date,
      "X-Amz-SignedHeaders": "host;x-api-key",
      ...given,
    });
    const headers: [string, string][] = [
      ["Host", host()],
      ["x-api-key", key],
    ];
    // The hand signer adds a date header; a presigned request is signed without it.
    const target = `/v1/subjects?${query}`;
    const { authorization } = signByHand({
      method: "POST",
      target,
      headers,
      body: register,
      date,
      signedHeaders: ["host", "x-api-key"],
    });
    const signature = authorization.split("Signature=")[1]!;
    return wire({
      method: "POST",
      target: `${target}&X-Amz-Signature=${signature}`,
      headers,
      body: register,
    });
  }
});
