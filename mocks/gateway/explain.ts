import type { HttpRequest } from "../http/request.ts";

import { readAuthorization, type SignatureRefusal, utf8 } from "./authorization.ts";
import { type CanonicalRequest, canonicalRequest, canonicalText, withHost } from "./canonical.ts";
import { hmac } from "./hmac.ts";
import { mistakenRequests, mistakenSecrets } from "./mistakes.ts";
import {
  acceptedHosts,
  deriveSigningKey,
  type Scope,
  type SignatureOptions,
  sameSignature,
  stringToSign,
} from "./signature.ts";

/**
 * Explains a signature mismatch in one sentence: the first line where the client's canonical request differs
 * from the server's, what the client has there, and the mistake that leads to it.
 *
 * It signs what a client with one well-known mistake would sign, and compares. The result is undefined when no
 * such mistake leads to the client's signature, when a client made two, and for any other refusal. It shows no
 * secret, no signature, and no value of a header that may hold one.
 *
 * @param options those of the verifier, and the base path of the API, e.g. `/v1`.
 */
export function explainSignature(
  request: HttpRequest,
  refusal: SignatureRefusal,
  options: SignatureOptions & { basePath?: string },
): string | undefined {
  if (refusal.kind !== "signatureMismatch") return undefined;
  const { headers } = request;
  const authorization = readAuthorization(request);
  if ("kind" in authorization) return undefined;

  const { accessKeyId, scope, date, signature, signedHeaders, place } = authorization;
  const holder = options.credentials(accessKeyId);
  if (!holder) return undefined;
  const signedWith = (secret: string) => {
    const key = deriveSigningKey(secret, scope as Scope);
    return (canonical: string, sent = signature) =>
      sameSignature(hmac(key, stringToSign({ date, scope, canonical })), sent);
  };
  const matches = signedWith(holder.secretAccessKey);

  const { pathRule, publicHosts = [], basePath = "" } = options;
  const presigned = place === "query";
  const signed = { request, authorization, basePath };
  if (signedHeaders.length > mostHeaders) return undefined;
  const received = canonicalRequest(request, { signedHeaders, pathRule, presigned });
  if (canonicalText(received).length > longest) return undefined;
  for (const host of acceptedHosts(headers.get("host") ?? "", publicHosts)) {
    const server = withHost(received, host);
    const text = canonicalText(server);

    if (matches(text, signature.toLowerCase())) return notLowerCase;
    for (const { reason, secret } of mistakenSecrets(holder.secretAccessKey)) {
      if (signedWith(secret)(text)) return `The canonical requests agree: ${reason}.`;
    }
    for (const { reason, canonical } of mistakenRequests(server, signed)) {
      if (matches(canonical)) return sentence(server, canonical, reason);
    }
  }
  const absent = signedHeaders.find((name) => !headers.has(name) && name !== ":authority");
  return (
    absent &&
    `Canonical request, line ${lineOf(absent, signedHeaders)} (${absent}): the header was signed and did not arrive.`
  );
}

const notLowerCase = "The signature is right, but not in lower-case hexadecimal.";

/** Beyond these a stranger could make the mock compute for long; `longest` is in characters. */
const longest = 16_384;
const mostHeaders = 64;

/** Headers whose values may be shown. */
const harmless = new Set([
  "host",
  "accept",
  "content-type",
  "content-length",
  "x-amz-date",
  "x-amz-content-sha256",
]);

const linesBeforeHeaders = 3;

function lineOf(header: string, signedHeaders: readonly string[]): number {
  return linesBeforeHeaders + signedHeaders.indexOf(header) + 1;
}

function sentence(server: CanonicalRequest, client: string, reason: string): string {
  const expected = canonicalText(server).split("\n");
  const had = client.split("\n");
  const index = expected.findIndex((line, i) => line !== had[i]);
  const name = lineName(server, index);
  const place = `Canonical request, line ${index + 1} (${name})`;
  if (
    index >= linesBeforeHeaders &&
    index < linesBeforeHeaders + server.headers.length &&
    !harmless.has(name)
  ) {
    return `${place}: ${reason}.`;
  }
  return `${place}: the client had ${shown(had[index])}, the server has ${shown(expected[index])}; ${reason}.`;
}

function lineName(server: CanonicalRequest, index: number): string {
  const headers = server.headers.map((line) => line.slice(0, line.indexOf(":", 1)));
  return ["method", "path", "query", ...headers, "blank line", "signed headers", "payload hash"][index]!;
}

function shown(line: string | undefined): string {
  if (line === undefined) return "no such line";
  const text = utf8(line.replace(/(X-Amz-Security-Token=)[^&]*/g, "$1…"));
  return text.length > 200 ? `'${text.slice(0, 200)}…'` : `'${text}'`;
}
