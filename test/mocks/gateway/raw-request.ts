import { explainSignature } from "../../../mocks/gateway/explain.ts";
import * as signature from "../../../mocks/gateway/signature.ts";
import { HttpRequest, type HttpRequestInit } from "../../../mocks/http/request.ts";

import { type HandRequest, signByHand } from "../../sign-by-hand.ts";

/** A signed request as the server gets it: one character for each byte. */
export function rawSigned(request: HandRequest): HttpRequestInit {
  const { method = "GET", target = "/", headers = [], body = "", date, dateHeader = "X-Amz-Date" } = request;
  const { authorization } = signByHand(request);
  const all = [...headers, [dateHeader, date], ["Authorization", authorization]];
  return {
    method,
    target: bytes(target),
    rawHeaders: all.flat().map(bytes),
    body: Buffer.from(body),
  };
}

/** The same request with other values for some headers; undefined takes the header away. */
export function withHeaders(
  request: HttpRequestInit,
  changes: Record<string, string | undefined>,
): HttpRequestInit {
  const pairs: [string, string][] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    pairs.push([request.rawHeaders[i]!, request.rawHeaders[i + 1]!]);
  }
  const kept = pairs.filter(([name]) => !(name in changes));
  const added = Object.entries(changes).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...request, rawHeaders: [...kept, ...added].flat() };
}

/** UTF-8 as Node hands it over. */
export function bytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** The verifier of requests that were not made into an `HttpRequest` yet. */
export function createSignatureVerifier(options: signature.SignatureOptions) {
  const verify = signature.createSignatureVerifier(options);
  return (request: HttpRequestInit) => verify(new HttpRequest(request));
}

/** `explainSignature` likewise. */
export function explain(
  request: HttpRequestInit,
  ...given: Parameters<typeof explainSignature> extends [unknown, ...infer Rest] ? Rest : never
) {
  return explainSignature(new HttpRequest(request), ...given);
}
