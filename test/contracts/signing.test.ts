import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsV4Signer } from "aws4fetch";
import createClient from "openapi-fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { amzDate, type UnsignedRequest } from "../../contracts/canonical-request.ts";
import { signingMiddleware, signRequest } from "../../contracts/client/signer.ts";
import { sign } from "../../contracts/signing.ts";
import { now, type Paths, secrets, serve, verifierAt } from "./world.ts";

const { accessKeyId, secretAccessKey, sessionToken, apiKey } = secrets;
const face = JSON.stringify({ face: "4pyT" });

/** `aws4fetch` and `smithy` are true where that signer agrees with the gateway's rule. */
const requests: [name: string, target: string, agree?: { aws4fetch?: false; smithy?: false }][] = [
  ["a plain path", "/v1/subjects"],
  ["a trailing slash", "/v1/subjects/"],
  ["the root", "/"],
  ["an escaped space", "/v1/subjects/a%20b"],
  ["an escaped slash", "/v1/subjects/a%2Fb"],
  ["an escaped percent sign", "/v1/subjects/100%25"],
  ["Unicode", "/v1/subjects/%E9%A1%94-%C3%A9"],
  ["what encodeURIComponent leaves", "/v1/subjects/it's(a)*test!"],
  ["reserved characters", "/v1/subjects/a$b&c+d,e;f=g:h@i"],
  ["what URL leaves raw", "/v1/a|b[c]/%2541"],
  ["a double slash", "/v1//subjects", { aws4fetch: false, smithy: false }],
  ["a query out of order", "/v1/subjects?b=2&a=1&B=3"],
  ["duplicate query names", "/v1/subjects?a=2&a=1&a=10"],
  ["empty query values", "/v1/subjects?a=&b"],
  ["an empty query name", "/v1/subjects?=1&a=2", { aws4fetch: false }],
  ["empty query pairs", "/v1/subjects?&a=1&&"],
  ["a plus sign and a space", "/v1/subjects?a=1+2&b=3%2B4&c=5%206"],
  ["raw and escaped reserved characters", "/v1/subjects?a=it%27s(a)*test!&b=%7e%2f/?:@[c]|"],
  ["Unicode in the query", "/v1/subjects?%E9%A1%94=%C3%A9"],
  ["a query value that holds =", "/v1/subjects?a=b=c"],
  ["bytes that are not UTF-8", "/v1/subjects?a=%FF%fe", { aws4fetch: false, smithy: false }],
  ["a stray percent sign", "/v1/subjects?a=100%"],
  ["a query name of Object.prototype", "/v1/subjects?__proto__=1&constructor=2", { smithy: false }],
];

describe("a signed request", () => {
  let server: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    const verify = verifierAt(() => now);
    server = await serve((request, response, body) => {
      const refusal = verify(request, body);
      response.writeHead(200).end(JSON.stringify({ target: request.url, refused: refusal?.body ?? null }));
    });
  });
  afterAll(() => server.close());

  describe.each(["GET", "POST", "PUT", "DELETE"])("%s", (method) => {
    const body = method === "POST" || method === "PUT" ? face : undefined;

    test.each(requests)(
      "with %s passes the gateway and is as other signers sign it",
      async (_, target, agree) => {
        const request = new Request(server.url + target, {
          method,
          body,
          headers: body ? { "content-type": "application/json" } : {},
        });
        const signed = await signRequest(request, { ...secrets, clock: () => now });
        const authorization = signed.headers.get("authorization");

        const unsigned = {
          method,
          url: signed.url,
          headers: request.headers,
          body: body && Buffer.from(body),
        };
        expect(sign(unsigned as UnsignedRequest, { ...secrets, now }).authorization).toBe(authorization);

        const response = await fetch(signed.clone());
        expect(await response.json()).toEqual({ target, refused: null });
        expect((await byAws4fetch(signed, body)) === authorization).toBe(agree?.aws4fetch ?? true);
        expect((await bySmithy(signed, body)) === authorization).toBe(agree?.smithy ?? true);
      },
    );
  });

  test("is refused if a byte of the body changed after signing", async () => {
    const request = new Request(`${server.url}/v1/subjects`, { method: "POST", body: face });
    const signed = await signRequest(request, { ...secrets, clock: () => now });

    const response = await fetch(new Request(signed, { body: face.replace("4", "5") }));
    const { refused } = (await response.json()) as { refused: string };
    expect(refused).toContain("The request signature we calculated does not match");
  });

  test("has its payload hashed whatever x-amz-content-sha256 says", async () => {
    const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const request = new Request(`${server.url}/v1/subjects`, { method: "POST", body: face, headers });
    const response = await fetch(await signRequest(request, { ...secrets, clock: () => now }));
    expect(await response.json()).toEqual({ target: "/v1/subjects", refused: null });
  });

  test("names the Host of its URL, because fetch sends no other", async () => {
    const headers = { host: "elsewhere.example.test" };
    const request = new Request(`${server.url}/v1/health`, { headers });
    const response = await fetch(await signRequest(request, { ...secrets, clock: () => now }));
    expect(await response.json()).toEqual({ target: "/v1/health", refused: null });
  });
});

test("sign adds these headers and signs host, content-type, x-api-key and x-amz-*", () => {
  const headers = new Headers({
    accept: "application/json",
    "content-type": "application/json",
    "content-length": "15",
    authorization: "Bearer other",
    "x-request-tag": "1",
    "x-amz-meta": "two  words",
  });
  const before = [...headers];
  const url = "https://api.example.test/v1/subjects";
  const added = sign({ method: "POST", url, headers, body: Buffer.from(face) }, { ...secrets, now });

  expect(added).toEqual({
    "x-amz-date": "20261123T030000Z",
    "x-amz-security-token": sessionToken,
    "x-api-key": apiKey,
    authorization: expect.stringMatching(
      /^AWS4-HMAC-SHA256 Credential=AKIDCANARYKEYID\/20261123\/ap-southeast-2\/execute-api\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-meta;x-amz-security-token;x-api-key, Signature=[0-9a-f]{64}$/,
    ),
  });
  expect([...headers]).toEqual(before);
});

test("an x-api-key of the request takes the place of the option's", () => {
  const headers = new Headers({ "x-api-key": "another-gallery" });
  const added = sign({ method: "GET", url: "https://api.example.test/v1", headers }, { ...secrets, now });
  expect(Object.keys(added)).toEqual(["x-amz-date", "x-amz-security-token", "authorization"]);
});

test("without session token and API key nothing of them is added", () => {
  const url = "https://api.example.test/v1";
  const added = sign({ method: "GET", url, headers: new Headers() }, { accessKeyId, secretAccessKey, now });
  expect(Object.keys(added)).toEqual(["x-amz-date", "authorization"]);
});

test("the middleware signs for an openapi-fetch client of your own", async () => {
  const sent: Request[] = [];
  const fetch = async (request: Request) => {
    sent.push(request);
    return Response.json({ status: "OK" });
  };
  const client = createClient<Paths>({ baseUrl: "https://api.example.test/v1", fetch });
  client.use(signingMiddleware({ ...secrets, clock: () => now }));
  await client.GET("/health");

  const headers = new Headers();
  const url = "https://api.example.test/v1/health";
  expect(Object.fromEntries(sent[0]!.headers)).toEqual(
    sign({ method: "GET", url, headers }, { ...secrets, now }),
  );
});

async function byAws4fetch(signed: Request, body: string | undefined): Promise<string | null> {
  const headers = headersToSign(signed);
  delete headers.host;
  const signer = new AwsV4Signer({
    accessKeyId,
    secretAccessKey,
    method: signed.method,
    url: signed.url,
    headers,
    body,
    service: "execute-api",
    region: "ap-southeast-2",
    datetime: amzDate(now),
    allHeaders: true,
  });
  return signer.authHeader();
}

async function bySmithy(signed: Request, body: string | undefined): Promise<string | undefined> {
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    service: "execute-api",
    region: "ap-southeast-2",
    sha256: Sha256,
    applyChecksum: false,
  });
  const { protocol, hostname, pathname, searchParams } = new URL(signed.url);
  const names = [...new Set(searchParams.keys())];
  const query = Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)]));
  const request = {
    method: signed.method,
    protocol,
    hostname,
    path: pathname,
    query,
    headers: headersToSign(signed),
    body,
  };
  const { headers } = await signer.sign(request, { signingDate: new Date(now) });
  return headers.authorization;
}

function headersToSign(signed: Request): Record<string, string> {
  const names = [...signed.headers].filter(([name]) => name === "content-type" || name.startsWith("x-"));
  return { host: new URL(signed.url).host, ...Object.fromEntries(names) };
}
