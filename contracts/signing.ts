import { hash } from "node:crypto";
import aws4 from "aws4";
import type { Middleware } from "openapi-fetch";

/** The credentials that sign, and the scope they sign for. Every value is ASCII text. */
export type SigningOptions = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Sent and signed as `x-api-key`, unless the request has that header already. */
  apiKey?: string;
  /** @default "ap-southeast-2" */
  region?: string;
  /** @default "execute-api" */
  service?: string;
};

/** A request as it will be sent. */
export type UnsignedRequest = {
  method: string;
  /** Absolute. Its host, path and query are sent as they are. */
  url: string;
  headers: Headers;
  /** The final bytes; `undefined` or empty if no body is sent. */
  body?: Uint8Array;
};

/**
 * Returns the headers that sign a request: `authorization` and `x-amz-date`, and `x-api-key` and
 * `x-amz-security-token` if the options have them. Changes nothing that is passed in.
 *
 * It signs `host`, `content-type`, `x-api-key` and every `x-amz-*` header. It signs no other, because proxies
 * may rewrite them and `content-length` belongs to the connection. The payload hash is always that of the
 * bytes, whatever `x-amz-content-sha256` says.
 *
 * @param options.now Unix time in milliseconds to sign for.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function sign(
  request: UnsignedRequest,
  options: SigningOptions & { now: number },
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken, apiKey, now } = options;
  const { region = "ap-southeast-2", service = "execute-api" } = options;
  const date = amzDate(now);
  const added: Record<string, string> = { "x-amz-date": date };
  if (sessionToken !== undefined) added["x-amz-security-token"] = sessionToken;
  if (apiKey !== undefined && !request.headers.has("x-api-key")) added["x-api-key"] = apiKey;

  const headers = { ...signedOf(request.headers), ...added, host: splitUrl(request.url).authority };
  const signer = new GatewaySigner(
    { method: request.method, service, region, headers },
    { accessKeyId, secretAccessKey },
  );
  signer.datetime = date;
  signer.canonical = (names) => canonicalRequest({ ...request, headers: Object.entries(headers) }, names);
  return { ...added, authorization: signer.authHeader() };
}

/**
 * Signs a `Request`. Returns a new one with the same bytes. It follows no redirect, because a signature is
 * valid for one URL only.
 *
 * @param options.clock Unix time in milliseconds, by default `Date.now`.
 * @example
 * const response = await fetch(await signRequest(new Request(url), { accessKeyId, secretAccessKey, apiKey }));
 */
export async function signRequest(
  request: Request,
  options: SigningOptions & { clock?: () => number },
): Promise<Request> {
  const { clock = Date.now, ...signing } = options;
  const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
  const { method, url, signal } = request;
  const headers = new Headers(request.headers);
  const added = sign({ method, url, headers, body }, { ...signing, now: clock() });
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  return new Request(url, { method, headers, body, signal, redirect: "manual" });
}

/**
 * Creates an openapi-fetch middleware that signs, for a client of your own. It must be the last middleware,
 * also after those of single calls. `createSignedClient` does not need it.
 *
 * @example
 * client.use(signingMiddleware({ accessKeyId, secretAccessKey, apiKey }));
 */
export function signingMiddleware(options: SigningOptions & { clock?: () => number }): Middleware {
  return { onRequest: ({ request }) => signRequest(request, options) };
}

/**
 * The canonical request, as API Gateway computes it.
 *
 * @param signedHeaders lower-case names in order; `host` is that of the URL.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(
  request: Omit<UnsignedRequest, "headers"> & { headers: Iterable<[name: string, value: string]> },
  signedHeaders: readonly string[],
): string {
  const { authority, path, query } = splitUrl(request.url);
  const headers = new Map([...request.headers].map(([name, value]) => [name.toLowerCase(), value]));
  headers.set("host", authority);
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(headers.get(name) ?? "")}`),
    "",
    signedHeaders.join(";"),
    hash("sha256", request.body ?? "", "hex"),
  ].join("\n");
}

/** Unix milliseconds as `YYYYMMDD'T'HHMMSS'Z'`. */
export function amzDate(now: number): string {
  return new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, "");
}

/**
 * aws4 with API Gateway's canonical request. aws4's own differs from what the gateway verifies: it drops empty
 * query names and everything after a thousand, merges double slashes, and decodes a path that contains `|`,
 * `[` or `]` before it encodes it.
 */
class GatewaySigner extends aws4.RequestSigner {
  canonical: (signedHeaders: string[]) => string = () => "";

  override canonicalString(): string {
    return this.canonical(this.signedHeaders().split(";"));
  }
}

const signedNames = new Set(["content-type", "x-api-key"]);

function signedOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => signedNames.has(name) || name.startsWith("x-amz-")),
  );
}

/** Does not use `URL`, which resolves dot segments that will be sent as they are. */
function splitUrl(url: string): { authority: string; path: string; query: string } {
  const [, authority = "", path = "", query = ""] =
    /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)\??([^#]*)/i.exec(url) ?? [];
  return { authority, path: path || "/", query };
}

/** Encodes the raw path again: `%20` becomes `%2520`. Slashes and dot segments stay. */
function canonicalPath(path: string): string {
  return path.split("/").map(encoded).join("/");
}

/** Encodes again, sorts by encoded name and then by encoded value. Duplicates and empty names stay. */
function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => /^([^=]*)=?(.*)$/s.exec(pair)!.slice(1, 3).map(reencoded))
    .sort(([name, value], [otherName, otherValue]) => order(name!, otherName!) || order(value!, otherValue!))
    .map((pair) => pair.join("="))
    .join("&");
}

/** Works on bytes: an escape that is not UTF-8 stays, and one that is not hexadecimal is text. */
function reencoded(text: string): string {
  return text.replaceAll("+", "%20").replace(/%[0-9a-f]{2}|[^%]+|%/gi, (piece) => {
    if (!/^%./.test(piece)) return encoded(piece);
    const char = String.fromCharCode(Number.parseInt(piece.slice(1), 16));
    return /[\w.~-]/.test(char) ? char : piece.toUpperCase();
  });
}

function canonicalValue(value: string): string {
  return value.trim().replaceAll(/\s+/g, " ");
}

/** @see https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
