import { createHash } from "node:crypto";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SignatureOptions } from "../../../mocks/gateway/signature.ts";
import type { HttpRequestInit } from "../../../mocks/http/request.ts";

import { type HandRequest, sha256, signByHand } from "../../sign-by-hand.ts";
import { bytes, createSignatureVerifier, rawSigned, withHeaders } from "./raw-request.ts";

const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const now = Date.UTC(2026, 10, 23, 12, 0, 0);
const date = "20261123T120000Z";
const scope = "20261123/ap-southeast-2/execute-api/aws4_request";
const host: [string, string] = ["Host", "127.0.0.1:4010"];

const post: HandRequest = {
  method: "POST",
  target: "/v1/subjects",
  headers: [host, ["Content-Type", "application/json"], ["x-api-key", "k-1"]],
  body: '{"face":"AAAA"}',
  date,
};

function verifier(options: Partial<SignatureOptions> = {}) {
  return createSignatureVerifier({
    region: "ap-southeast-2",
    service: "execute-api",
    credentials: (id) => (id === accessKeyId ? { secretAccessKey } : undefined),
    now: () => now,
    ...options,
  });
}

/** Kind and message of the refusal, or "verified". */
function verdict(request: HttpRequestInit, options: Partial<SignatureOptions> = {}) {
  const refusal = verifier(options)(request);
  return refusal ? `${refusal.kind}: ${JSON.parse(refusal.body).message}` : "verified";
}

const good = rawSigned(post);
const authorization = signByHand(post).authorization;
const authorized = (header: string, more: Record<string, string | undefined> = {}) =>
  withHeaders(good, { Authorization: header, ...more });
const base64Hash = (text: string) => createHash("sha256").update(text).digest("base64");

const requires = {
  credential: "Authorization header requires 'Credential' parameter.",
  signature: "Authorization header requires 'Signature' parameter.",
  signedHeaders: "Authorization header requires 'SignedHeaders' parameter.",
  date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
};
const tail = (header: string) =>
  `(Hashed with SHA-256 and encoded with Base64) Authorization=${base64Hash(header)}`;
const noEqualSign = (header: string) =>
  `invalidKeyValuePair: Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${base64Hash(header)}'.`;
const invalidToken = "unrecognizedClient: The security token included in the request is invalid.";

/** Credentials whose scope differs from the right one. */
const scoped = (credential: string) => authorization.replace(/Credential=[^,]*/, `Credential=${credential}`);
const region = "Credential should be scoped to a valid region. ";
const service = "Credential should be scoped to correct service: 'execute-api'. ";
const terminator = "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5'. ";
const day = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20261122' != '20261123', from '${date}'.`;

describe("refusals, row by row", () => {
  test.each<[row: string, request: HttpRequestInit, expected: string]>([
    ["a good request", good, "verified"],
    [
      "1: no Authorization",
      withHeaders(good, { Authorization: undefined }),
      "missingAuthenticationToken: Missing Authentication Token",
    ],
    ["1: an empty one", authorized(""), "missingAuthenticationToken: Missing Authentication Token"],
    ["3: a bearer token", authorized("Bearer abc"), noEqualSign("Bearer abc")],
    ["3: one word", authorized("secret"), noEqualSign("secret")],
    [
      "3: one token of several",
      authorized("AWS4-HMAC-SHA256 Credential=a, b, Signature=c"),
      noEqualSign("AWS4-HMAC-SHA256 Credential=a, b, Signature=c"),
    ],
    ["3: the bytes of UTF-8 are hashed", authorized(bytes("Bearer é")), noEqualSign("Bearer é")],
    ["3: blanks count in the hash", authorized("Bearer   abc"), noEqualSign("Bearer   abc")],
    [
      "4: nothing but the algorithm",
      authorized("AWS4-HMAC-SHA256"),
      `missingParameters: ${requires.credential} ${requires.signature} ${requires.signedHeaders} ${tail("AWS4-HMAC-SHA256")}`,
    ],
    [
      "4: basic authentication",
      authorized("Basic dXNlcg==", { "X-Amz-Date": undefined }),
      `missingParameters: ${requires.credential} ${requires.signature} ${requires.signedHeaders} ${requires.date} ${tail("Basic dXNlcg==")}`,
    ],
    [
      "4: no Signature",
      authorized("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host"),
      `missingParameters: ${requires.signature} ${tail("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host")}`,
    ],
    [
      "4: an empty Credential",
      authorized("AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=b"),
      `missingParameters: ${requires.credential} ${tail("AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=b")}`,
    ],
    [
      "4: no date",
      withHeaders(good, { "X-Amz-Date": undefined }),
      `missingParameters: ${requires.date} ${tail(authorization)}`,
    ],
    [
      "5: an HTTP date in Date",
      withHeaders(good, { "X-Amz-Date": undefined, Date: "Mon, 23 Nov 2026 12:00:00 GMT" }),
      "dateFormat: Date must be in ISO-8601 'basic format'. Got 'Mon, 23 Nov 2026 12:00:00 GMT'. See http://en.wikipedia.org/wiki/ISO_8601",
    ],
    [
      "5: extended format",
      withHeaders(good, { "X-Amz-Date": "2026-11-23T12:00:00Z" }),
      "dateFormat: Date must be in ISO-8601 'basic format'. Got '2026-11-23T12:00:00Z'. See http://en.wikipedia.org/wiki/ISO_8601",
    ],
    [
      "5: no such day",
      withHeaders(good, { "X-Amz-Date": "20260231T120000Z" }),
      "dateFormat: Date must be in ISO-8601 'basic format'. Got '20260231T120000Z'. See http://en.wikipedia.org/wiki/ISO_8601",
    ],
    [
      "5: two dates",
      withHeaders({ ...good, rawHeaders: ["x-amz-date", date, ...good.rawHeaders] }, {}),
      `dateFormat: Date must be in ISO-8601 'basic format'. Got '${date},${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    ],
    [
      "6: another hash",
      authorized(authorization.replace("SHA256", "SHA512")),
      "unsupportedAlgorithm: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.",
    ],
    [
      "6: version 2",
      authorized(`AWS ${accessKeyId}:frJIUN8DYpKDtOLCwo==`),
      "unsupportedAlgorithm: Unsupported AWS 'algorithm': 'AWS'.",
    ],
    [
      "6: another word with all parameters",
      authorized(authorization.replace("AWS4-HMAC-SHA256", "Digest")),
      "unsupportedAlgorithm: Unsupported AWS 'algorithm': 'Digest'.",
    ],
    [
      "7: four parts",
      authorized(scoped(`${accessKeyId}/20261123/ap-southeast-2/execute-api`)),
      `credentialParts: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${accessKeyId}/20261123/ap-southeast-2/execute-api'`,
    ],
    [
      "7: six parts, in UTF-8",
      authorized(scoped(bytes(`é/${scope}/x`))),
      `credentialParts: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'é/${scope}/x'`,
    ],
    [
      "8: host not signed",
      rawSigned({ ...post, signedHeaders: ["x-amz-date"] }),
      "hostNotSigned: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      "9: region",
      authorized(scoped(`${accessKeyId}/20261123/us-east-1/execute-api/aws4_request`)),
      `credentialScope: ${region}`,
    ],
    [
      "10: service",
      authorized(scoped(`${accessKeyId}/20261123/ap-southeast-2/s3/aws4_request`)),
      `credentialScope: ${service}`,
    ],
    [
      "11: terminator",
      authorized(scoped(`${accessKeyId}/20261123/ap-southeast-2/execute-api/aws5`)),
      `credentialScope: ${terminator}`,
    ],
    [
      "12: date",
      authorized(scoped(`${accessKeyId}/20261122/ap-southeast-2/execute-api/aws4_request`)),
      `credentialScope: ${day}`,
    ],
    [
      "13: all of them",
      authorized(scoped(`${accessKeyId}/20261122/us-east-1/s3/aws5`)),
      `credentialScope: ${region}${service}${terminator}${day}`,
    ],
    ["14: unknown access key", rawSigned({ ...post, accessKeyId: "AKIAUNKNOWN" }), invalidToken],
    [
      "15: signed 5 minutes and a second ago",
      rawSigned({ ...post, date: "20261123T115459Z" }),
      "signatureExpired: Signature expired: 20261123T115459Z is now earlier than 20261123T115500Z (20261123T120000Z - 5 min.)",
    ],
    [
      "16: signed 5 minutes and a second ahead",
      rawSigned({ ...post, date: "20261123T120501Z" }),
      "signatureNotYetCurrent: Signature not yet current: 20261123T120501Z is still later than 20261123T120500Z (20261123T120000Z + 5 min.)",
    ],
    ["signed 5 minutes ago", rawSigned({ ...post, date: "20261123T115500Z" }), "verified"],
    ["signed 5 minutes ahead", rawSigned({ ...post, date: "20261123T120500Z" }), "verified"],
  ])("%s", (_, request, expected) => {
    expect(verdict(request)).toBe(expected);
  });

  test("17: another secret, with the canonical request and the string to sign of the server", () => {
    const { canonical, toSign } = signByHand(post);
    expect(verifier()(rawSigned({ ...post, secretAccessKey: "another" }))).toEqual({
      kind: "signatureMismatch",
      status: 403,
      errorType: "InvalidSignatureException",
      contentType: "application/json",
      phase: "before execution",
      body: `{"message":${JSON.stringify(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n" +
          `The Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${toSign}'\n`,
      )}}`,
      canonicalRequest: canonical,
      stringToSign: toSign,
    });
  });
});

describe("the order of the checks", () => {
  const stale = { "X-Amz-Date": "20261123T110000Z" };
  const bare = "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=x, Signature=c";
  test.each<[claim: string, request: HttpRequestInit, kind: string]>([
    ["algorithm before key=value", authorized("AWS3 abc"), "unsupportedAlgorithm"],
    ["key=value before missing parameters", authorized("AWS4-HMAC-SHA256 abc"), "invalidKeyValuePair"],
    [
      "missing parameters before the signed host",
      authorized(bare.replace("Signature=c", "x=y")),
      "missingParameters",
    ],
    ["the signed host before the date's format", authorized(bare, { "X-Amz-Date": "now" }), "hostNotSigned"],
    [
      "the date's format before five parts",
      authorized(bare.replace("=x", "=host"), { "X-Amz-Date": "now" }),
      "dateFormat",
    ],
    ["expired before five parts", authorized(bare.replace("=x", "=host"), stale), "signatureExpired"],
    [
      "expired before the scope",
      authorized(scoped(`${accessKeyId}/20261122/us-east-1/s3/x`), stale),
      "signatureExpired",
    ],
    ["five parts before the access key", authorized(bare.replace("=x", "=host")), "credentialParts"],
    [
      "the scope before the access key",
      authorized(scoped(`nobody/20261123/us-east-1/s3/x`)),
      "credentialScope",
    ],
    ["the access key before the signature", authorized(scoped(`nobody/${scope}`)), "unrecognizedClient"],
  ])("%s", (_, request, kind) => {
    expect(verifier()(request)?.kind).toBe(kind);
  });
});

describe("what is signed", () => {
  const empty = sha256("");
  test.each<[claim: string, request: HttpRequestInit, expected: string]>([
    ["a tampered body", { ...good, body: Buffer.from('{"face":"BBBB"}') }, "signatureMismatch"],
    [
      "a forged, signed x-amz-content-sha256",
      {
        ...rawSigned({ ...post, headers: [...post.headers!, ["x-amz-content-sha256", sha256(post.body!)]] }),
        body: Buffer.from("{}"),
      },
      "signatureMismatch",
    ],
    [
      "an unsigned x-amz-content-sha256 counts for nothing",
      withHeaders(good, { "x-amz-content-sha256": empty }),
      "verified",
    ],
    [
      "UNSIGNED-PAYLOAD",
      rawSigned({
        ...post,
        headers: [...post.headers!, ["x-amz-content-sha256", "UNSIGNED-PAYLOAD"]],
        believed: { payload: "UNSIGNED-PAYLOAD" },
      }),
      "signatureMismatch",
    ],
    ["a header added after signing", withHeaders(good, { "X-Forwarded-For": "10.0.0.1" }), "verified"],
    [
      "x-api-key need not be signed",
      rawSigned({ ...post, signedHeaders: ["content-type", "host", "x-amz-date"] }),
      "verified",
    ],
    ["the date need not be signed", rawSigned({ ...post, signedHeaders: ["host"] }), "verified"],
    ["a signed header taken away", withHeaders(good, { "x-api-key": undefined }), "signatureMismatch"],
    [
      "a signed header that never came, signed as empty",
      rawSigned({ ...post, signedHeaders: ["host", "x-absent", "x-amz-date"] }),
      "verified",
    ],
    ["another value of a signed header", withHeaders(good, { "x-api-key": "k-2" }), "signatureMismatch"],
    [
      "a second value of a signed header",
      { ...good, rawHeaders: [...good.rawHeaders, "x-api-key", "k-2"] },
      "signatureMismatch",
    ],
    [
      "header names in any case",
      { ...good, rawHeaders: good.rawHeaders.map((text, i) => (i % 2 ? text : text.toUpperCase())) },
      "verified",
    ],
    [
      "duplicate headers, in the order sent",
      rawSigned({ ...post, headers: [...post.headers!, ["X-List", "b"], ["x-list", "a"]] }),
      "verified",
    ],
    [
      "blanks around and inside a value",
      withHeaders(rawSigned({ ...post, headers: [...post.headers!, ["X-Note", "a b c"]] }), {
        "X-Note": " \t a \t b  c \t",
      }),
      "verified",
    ],
    [
      "a no-break byte of UTF-8 is no blank",
      rawSigned({ ...post, headers: [...post.headers!, ["X-Name", "déjà vu, à"]] }),
      "verified",
    ],
    [
      "SignedHeaders in another order and case, signed sorted",
      authorized(authorization.replace("content-type;host", "Host;Content-Type")),
      "verified",
    ],
    ["Date instead of X-Amz-Date, in basic format", rawSigned({ ...post, dateHeader: "Date" }), "verified"],
    [
      "X-Amz-Date wins over an HTTP date",
      withHeaders(good, { Date: "Mon, 23 Nov 2026 12:00:00 GMT" }),
      "verified",
    ],
    [
      "commas without a space, other order",
      authorized(
        authorization.replace(/ (Credential=[^,]*), (SignedHeaders=[^,]*), (Signature=.*)/, " $3,$2,$1"),
      ),
      "verified",
    ],
    ["another method", { ...good, method: "PUT" }, "signatureMismatch"],
    [
      "a signature in upper case",
      authorized(
        authorization.replace(/Signature=.*/, (part) => part.toUpperCase().replace("SIGNATURE", "Signature")),
      ),
      "signatureMismatch",
    ],
    ["a short signature", authorized(authorization.slice(0, -1)), "signatureMismatch"],
    ["a scope that never was signed", rawSigned({ ...post, secretAccessKey: "" }), "signatureMismatch"],
  ])("%s", (_, request, expected) => {
    expect(verifier()(request)?.kind ?? "verified").toBe(expected);
  });
});

describe("path and query", () => {
  const get = (target: string, believed: HandRequest["believed"] = {}) =>
    verifier()(rawSigned({ target, headers: [host], date, believed }))
      ?.canonicalRequest?.split("\n")
      .slice(1, 3) ?? "verified";

  test.each<[target: string, path: string, query: string]>([
    ["/v1/subjects/a%20b", "/v1/subjects/a%2520b", ""],
    ["/v1/subjects/a%2Fb", "/v1/subjects/a%252Fb", ""],
    ["/v1/subjects/a%2fb", "/v1/subjects/a%252fb", ""],
    ["/v1/$&+,:;=@!'()*", "/v1/%24%26%2B%2C%3A%3B%3D%40%21%27%28%29%2A", ""],
    ["/v1/%E2%82%AC", "/v1/%25E2%2582%25AC", ""],
    ["/v1/€", "/v1/%E2%82%AC", ""],
    ["/v1/subjects/", "/v1/subjects/", ""],
    ["/v1/./a/../b", "/v1/./a/../b", ""],
    ["/v1//subjects", "/v1//subjects", ""],
    ["//", "//", ""],
    ["/", "/", ""],
    ["http://127.0.0.1:4010/v1/x?a=1", "/v1/x", "a=1"],
    ["http://127.0.0.1:4010", "/", ""],
    ["/?", "/", ""],
    ["/?b=2&a=1", "/", "a=1&b=2"],
    ["/?a=2&a=1&a=2", "/", "a=1&a=2&a=2"],
    ["/?a-b=1&a=2&a.=3", "/", "a=2&a-b=1&a.=3"],
    ["/?B=1&a=2&A=3", "/", "A=3&B=1&a=2"],
    ["/?empty&none=", "/", "empty=&none="],
    ["/?=v&a=1", "/", "=v&a=1"],
    ["/?&&a=1&", "/", "a=1"],
    ["/?a=b=c", "/", "a=b%3Dc"],
    ["/?a?b=c", "/", "a%3Fb=c"],
    ["/?a=1+2%203", "/", "a=1%202%203"],
    ["/?a=%2B", "/", "a=%2B"],
    ["/?a=%7e%41", "/", "a=~A"],
    ["/?a=%e2%82%ac", "/", "a=%E2%82%AC"],
    ["/?a=%zz%4", "/", "a=%25zz%254"],
    ["/?a=!'()*", "/", "a=%21%27%28%29%2A"],
    ["/?X-Amz-Signature=1&b", "/", "X-Amz-Signature=1&b="],
  ])("%s is signed as %s ? %s", (target, path, query) => {
    expect(get(target, { path, query })).toBe("verified");
    expect(get(target, { path: `${path}x`, query })).toEqual([path, query]);
    expect(get(target, { path, query: `${query}x` })).toEqual([path, query]);
  });
});

describe("the host", () => {
  const signedFor = (name: string) =>
    withHeaders(rawSigned({ ...post, headers: [["Host", name], ...post.headers!.slice(1)] }), {
      Host: host[1],
    });
  test.each<[name: string, publicHosts: string[], expected: string]>([
    ["127.0.0.1:4010", [], "verified"],
    ["127.0.0.1", [], "verified"],
    ["api.id.nec.com.au", ["api.id.nec.com.au"], "verified"],
    ["api.id.nec.com.au", [], "signatureMismatch"],
    ["localhost:4010", [], "signatureMismatch"],
    ["", [], "signatureMismatch"],
  ])("signed for %j with public hosts %j: %s", (name, publicHosts, expected) => {
    expect(verifier({ publicHosts })(signedFor(name))?.kind ?? "verified").toBe(expected);
  });

  test("the message shows the Host as received, whatever else is accepted", () => {
    expect(verifier({ publicHosts: ["a.example"] })(signedFor("b.example"))?.canonicalRequest).toContain(
      "\nhost:127.0.0.1:4010\n",
    );
  });

  test(":authority stands for the Host", () => {
    const request: HandRequest = {
      ...post,
      believed: { headers: { ":authority": host[1] } },
      signedHeaders: [":authority", "x-amz-date"],
    };
    expect(verdict(rawSigned(request))).toBe("verified");
    const refusal = verifier()(rawSigned({ ...request, secretAccessKey: "another" }));
    expect(refusal?.canonicalRequest).toContain("\n:authority:127.0.0.1:4010\n");
  });
});

describe("the session token", () => {
  const sessionToken = "IQoJb3JpZ2luX2VjE/EXAMPLE==";
  const temporary = { credentials: () => ({ secretAccessKey, sessionToken }) };
  const carrying = (token: string) =>
    rawSigned({ ...post, headers: [...post.headers!, ["X-Amz-Security-Token", token]] });
  test.each<[claim: string, request: HttpRequestInit, options: Partial<SignatureOptions>, expected: string]>([
    ["signed", carrying(sessionToken), temporary, "verified"],
    [
      "sent but not signed",
      withHeaders(good, { "X-Amz-Security-Token": sessionToken }),
      temporary,
      "verified",
    ],
    ["missing", good, temporary, invalidToken],
    ["another", carrying("another"), temporary, invalidToken],
    ["with long-term credentials", carrying(sessionToken), {}, invalidToken],
  ])("%s", (_, request, options, expected) => {
    expect(verdict(request, options)).toBe(expected);
  });
});

describe("a presigned query", () => {
  const signer = (sessionToken?: string) =>
    new SignatureV4({
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      region: "ap-southeast-2",
      service: "execute-api",
      sha256: Sha256,
    });
  const presign = async (expiresIn = 600, sessionToken?: string): Promise<HttpRequestInit> => {
    const request = {
      method: "GET",
      protocol: "http:",
      hostname: "127.0.0.1",
      path: "/v1/subjects",
      query: { b: "2", a: ["x y", "é"] },
      headers: { host: host[1] },
    };
    const { query } = await signer(sessionToken).presign(request, { signingDate: new Date(now), expiresIn });
    const text = Object.entries(query!).flatMap(([name, values]) =>
      [values].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value!)}`),
    );
    return {
      method: "GET",
      target: `/v1/subjects?${text.join("&")}`,
      rawHeaders: [...host],
      body: Buffer.alloc(0),
    };
  };
  const at = (seconds: number) => ({ now: () => now + seconds * 1000 });
  const changed = (request: HttpRequestInit, from: string | RegExp, to: string) => ({
    ...request,
    target: request.target.replace(from, to),
  });
  const must = (name: string) => `AWS query-string parameters must include '${name}'.`;

  test("verifies until it expires, and not before its time", async () => {
    const request = await presign();
    expect([0, 600, 601, -300, -301].map((seconds) => verdict(request, at(seconds)))).toEqual([
      "verified",
      "verified",
      `signatureExpired: Signature expired: ${date} is now earlier than 20261123T120001Z (20261123T121001Z - 10 min.)`,
      "verified",
      `signatureNotYetCurrent: Signature not yet current: ${date} is still later than 20261123T115959Z (20261123T115459Z + 5 min.)`,
    ]);
  });

  test("may live for a week", async () => {
    expect(verdict(await presign(604_800), at(604_800))).toBe("verified");
    const longer = changed(await presign(), "Expires=600", "Expires=604801");
    const expected = "expiresRange: X-Amz-Expires must be a number of seconds between 0 and 604800 (7 days).";
    expect(verdict(longer)).toBe(expected);
    expect(verdict(changed(longer, "604801", "soon"))).toBe(expected);
  });

  test("counts seconds where its life is no whole minute", async () => {
    expect(verdict(await presign(90), at(91))).toBe(
      `signatureExpired: Signature expired: ${date} is now earlier than 20261123T120001Z (20261123T120131Z - 90 sec.)`,
    );
  });

  test("carries its session token in the query", async () => {
    const options = { credentials: () => ({ secretAccessKey, sessionToken: "t/1" }) };
    expect(verdict(await presign(600, "t/1"), options)).toBe("verified");
    expect(verdict(await presign(600, "t/2"), options)).toBe(invalidToken);
  });

  test("refuses what a header would be refused for", async () => {
    const request = await presign();
    const without = (name: string) => changed(request, new RegExp(`&${name}=[^&]*`), "");
    expect({
      algorithm: verdict(changed(request, "HMAC-SHA256", "HMAC-SHA512")),
      missing: verdict(without("X-Amz-Signature")),
      several: verdict({ ...request, target: "/?X-Amz-Algorithm=AWS4-HMAC-SHA256" }),
      both: verdict(withHeaders(request, { Authorization: authorization })),
      scope: verdict(changed(request, "ap-southeast-2", "us-east-1")),
      query: verifier()(changed(request, "b=2", "b=3"))?.kind,
      noExpires: verifier()(without("X-Amz-Expires"))?.kind,
    }).toEqual({
      algorithm: "unsupportedAlgorithm: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.",
      missing: `missingQueryParameters: ${must("X-Amz-Signature")} Re-examine the query-string parameters.`,
      several: `missingQueryParameters: ${["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"].map(must).join(" ")} Re-examine the query-string parameters.`,
      both: "twoAuthentications: Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
      scope: `credentialScope: ${region}`,
      query: "signatureMismatch",
      noExpires: "signatureMismatch",
    });
  });
});

test("a fraction of a second on the server's clock expires nothing", () => {
  const moments = [300_999, 301_000, -300_001];
  expect(moments.map((later) => verifier({ now: () => now + later })(good)?.kind)).toEqual([
    undefined,
    "signatureExpired",
    "signatureNotYetCurrent",
  ]);
});

test("one verifier goes from day to day", () => {
  let today = now;
  const verify = verifier({ now: () => today });
  const first = verify(good);
  today += 86_400_000;
  expect([first, verify(rawSigned({ ...post, date: "20261124T120000Z" }))]).toEqual([undefined, undefined]);
});

test("a secret that changes for the same access key counts at once", () => {
  let secret = secretAccessKey;
  const verify = verifier({ credentials: () => ({ secretAccessKey: secret }) });
  const before = verify(good);
  secret = "rotated";
  expect([before, verify(good)?.kind, verify(rawSigned({ ...post, secretAccessKey: secret }))]).toEqual([
    undefined,
    "signatureMismatch",
    undefined,
  ]);
});

describe("hostile input", () => {
  const megabyte = 1_000_000;
  const many = Array.from({ length: 100_000 }, (_, i) => `p${(i * 7919) % 100_000}=%e2%82+`).join("&");
  test.each<[claim: string, request: HttpRequestInit]>([
    ["an Authorization of a megabyte", authorized("a".repeat(megabyte))],
    ["a megabyte of commas", authorized(`AWS4-HMAC-SHA256 ${",".repeat(megabyte)}`)],
    ["a megabyte of blanks", authorized(`AWS4-HMAC-SHA256${" ".repeat(megabyte)}x`)],
    [
      "a megabyte of signed names",
      authorized(authorization.replace("host;", `host;${"a;".repeat(megabyte / 2)}`)),
    ],
    [
      "a hundred thousand signed names",
      authorized(authorization.replace("host;", `host;${many.replaceAll("&", ";")};`)),
    ],
    ["a credential of slashes", authorized(scoped("/".repeat(megabyte)))],
    [
      "a header of a megabyte of blanks and tabs",
      withHeaders(good, { "x-api-key": `${" \t".repeat(megabyte / 2)}x` }),
    ],
    ["a hundred thousand query parameters", { ...good, target: `/?${many}` }],
    [
      "a hundred thousand presigned parameters",
      { ...good, target: `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&${many}`, rawHeaders: [] },
    ],
    ["a megabyte of percent signs", { ...good, target: `/${"%".repeat(megabyte)}?${"%".repeat(megabyte)}` }],
    [
      "a hundred thousand headers",
      {
        ...good,
        rawHeaders: [...good.rawHeaders, ...Array.from({ length: 100_000 }, (_, i) => [`h${i}`, "v"]).flat()],
      },
    ],
    ["names of Object.prototype", authorized("AWS4-HMAC-SHA256 __proto__=a, constructor=b, toString=c")],
    ["nothing at all", { method: "", target: "", rawHeaders: [], body: Buffer.alloc(0) }],
    ["half a header", { ...good, rawHeaders: ["Authorization"] }],
    [
      "text that is no latin1",
      { ...good, target: "/\u{1f600}\ud800?\u1234", rawHeaders: [...good.rawHeaders, "x-\u1234", "\udc00"] },
    ],
  ])("%s is answered", (_, request) => {
    const refusal = verifier()(request);
    if (refusal) expect(JSON.parse(refusal.body)).toEqual({ message: expect.any(String) });
  });

  test("bytes that are no UTF-8 are shown as replacement characters, in JSON that parses", () => {
    const refusal = verifier()(withHeaders(good, { "x-api-key": 'a"\\\xff\x01' }));
    expect(JSON.parse(refusal!.body).message).toContain('\nx-api-key:a"\\�\u0001\n');
  });

  test("any strings at all are answered with one of the rows", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("", "AWS4-HMAC-SHA256 ", "Credential=", date, "/".repeat(4)),
    );
    const request = fc.record({
      method: text,
      target: text,
      rawHeaders: fc.array(
        fc.oneof(text, fc.constantFrom("Authorization", "Host", "X-Amz-Date", authorization)),
        { maxLength: 12 },
      ),
      body: fc.uint8Array().map((content) => Buffer.from(content)),
    });
    fc.assert(
      fc.property(request, (anything) => {
        const refusal = verifier()(anything);
        expect(refusal?.status ?? 403).toBe(403);
      }),
      { seed: 20261123, numRuns: 2000 },
    );
  });
});

describe("property: requests signed by @smithy/signature-v4", () => {
  const seed = 20261123;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region: "ap-southeast-2",
    service: "execute-api",
    sha256: Sha256,
    uriEscapePath: true,
  });
  const anyText = fc.oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    fc.string({ minLength: 1, maxLength: 12 }),
  );
  // The signer resolves dot segments and keeps one value for equal names after encoding; neither is ours to test here.
  const segment = anyText.map((text) => encodeURIComponent(text)).filter((text) => !/^\.{1,2}$/.test(text));
  const value = fc.stringMatching(/^[!-~]([ -~]{0,12}[!-~])?$/);
  const request = fc.record({
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
    segments: fc.array(segment, { minLength: 1, maxLength: 4 }),
    query: fc.dictionary(
      anyText,
      fc.oneof(anyText, fc.constant(""), fc.array(anyText, { minLength: 1, maxLength: 3 })),
      { maxKeys: 4, noNullPrototype: true },
    ),
    headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), value, { maxKeys: 4, noNullPrototype: true }),
    body: fc.string({ maxLength: 40 }),
    pick: fc.nat(),
  });

  async function sign(given: {
    method: string;
    segments: string[];
    query: Record<string, string | string[]>;
    headers: Record<string, string>;
    body: string;
  }): Promise<HttpRequestInit> {
    const { method, query, body } = given;
    const path = `/${given.segments.join("/")}`;
    const { headers } = await signer.sign(
      {
        method,
        protocol: "http:",
        hostname: "127.0.0.1",
        path,
        query,
        headers: { host: host[1], ...given.headers },
        body,
      },
      { signingDate: new Date(now) },
    );
    const text = Object.entries(query).flatMap(([name, values]) =>
      [values].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
    );
    return {
      method,
      target: text.length > 0 ? `${path}?${text.join("&")}` : path,
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(body),
    };
  }

  /** Another byte in its place, so that it differs in the canonical form too. */
  const changedAt = (text: string, at: number) =>
    `${text.slice(0, at)}${text[at] === "Z" ? "Y" : "Z"}${text.slice(at + 1)}`;

  test(`each verifies, and no change of one byte does (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        const signed = await sign(given);
        expect(verdict(signed)).toBe("verified");

        const { pick } = given;
        const at = 1 + (pick % Math.max(1, signed.target.length - 1));
        const values = signed.rawHeaders.map((_, i) => i).filter((i) => i % 2 === 1);
        const index = values[pick % values.length]!;
        const header = signed.rawHeaders[index]!;
        // In Authorization only the signature; the case of a signed name, for one, may change freely.
        const changed = header.startsWith("AWS4") ? header.length - 1 - (pick % 64) : pick % header.length;
        const changes: HttpRequestInit[] = [
          { ...signed, method: changedAt(signed.method, pick % signed.method.length) },
          { ...signed, target: changedAt(signed.target, at) },
          { ...signed, rawHeaders: signed.rawHeaders.with(index, changedAt(header, changed)) },
          { ...signed, body: Buffer.concat([signed.body, Buffer.from([pick % 256])]) },
        ];
        if (signed.body.length > 0) {
          const body = Buffer.from(signed.body);
          body[pick % body.length]! ^= 1 + (pick % 255);
          changes.push({ ...signed, body });
        }
        const verified = changes.filter((change) => verifier()(change) === undefined);
        expect(verified.filter((change) => !sameMeaning(signed, change))).toEqual([]);
      }),
      { seed, numRuns: 400 },
    );
  });

  /** `Z` for `+`, or the case of an escape, may be another spelling of the same query. */
  function sameMeaning(a: HttpRequestInit, b: HttpRequestInit): boolean {
    return (
      a.target !== b.target &&
      a.target.split("?")[0] === b.target.split("?")[0] &&
      isDeepEqual(pairs(a), pairs(b))
    );
  }
  const pairs = ({ target }: HttpRequestInit) => [...new URLSearchParams(target.split("?")[1])].sort();
  const isDeepEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
});
