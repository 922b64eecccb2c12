import { hash } from "node:crypto";
import aws4 from "aws4";
import type { Middleware } from "openapi-fetch";

/** Whose signature it is, and for which service. Every value is ASCII text. */
export type SigningOptions = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Sent and signed as `x-api-key`, unless the request names a key of its own. */
  apiKey?: string;
  /** Default `ap-southeast-2`. */
  region?: string;
  /** Default `execute-api`. */
  service?: string;
};

/** A request as it will go over the wire. */
export type UnsignedRequest = {
  method: string;
  /** Absolute: its host is the Host, its path and query are exactly what will be sent. */
  url: string;
  headers: Headers;
  /** The final bytes; `undefined` or empty where no body is sent. */
  body?: Uint8Array;
};

/**
 * Gives the headers that make a request a signed one: `authorization`, `x-amz-date`, and where the
 * options have them `x-api-key` and `x-amz-security-token`. Nothing that is passed in is changed.
 *
 * Signed are `host`, `content-type`, `x-api-key` and every `x-amz-*` header, and no other: what lies
 * between client and gateway may rewrite the rest, and `content-length` belongs to the connection. The
 * payload's hash is always taken of the bytes, whatever an `x-amz-content-sha256` says.
 *
 * @param options.now Unix time in milliseconds to sign for.
 * @see AWS "Signature Version 4 signing process", steps 1 to 4.
 */
export function sign(
  request: UnsignedRequest,
  options: SigningOptions & { now: number },
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken, apiKey, now } = options;
  const { region = "ap-southeast-2", service = "execute-api" } = options;
  const { authority, path, query } = splitUrl(request.url);
  const date = amzDate(now);
  const added: Record<string, string> = { "x-amz-date": date };
  if (sessionToken !== undefined) added["x-amz-security-token"] = sessionToken;
  if (apiKey !== undefined && !request.headers.has("x-api-key")) added["x-api-key"] = apiKey;

  const signer = new GatewaySigner(
    {
      method: request.method,
      service,
      region,
      headers: { ...signedOf(request.headers), ...added, host: authority },
    },
    { accessKeyId, secretAccessKey },
  );
  signer.datetime = date;
  signer.target = {
    path: canonicalPath(path),
    query: canonicalQuery(query),
    payload: hash("sha256", request.body ?? "", "hex"),
  };
  return { ...added, authorization: signer.authHeader() };
}

/**
 * Signs a `Request`: gives a new one with the same bytes that follows no redirect, because a signature
 * holds for one URL only.
 *
 * @param options.clock Unix time in milliseconds, default `Date.now`.
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
 * An openapi-fetch middleware that signs, for a client of your own. It must be the last one of all, those
 * of single calls included; `createSignedClient` needs none, it signs where the request is sent.
 */
export function signingMiddleware(options: SigningOptions & { clock?: () => number }): Middleware {
  return { onRequest: ({ request }) => signRequest(request, options) };
}

/** Unix milliseconds as `YYYYMMDD'T'HHMMSS'Z'`. */
export function amzDate(now: number): string {
  return new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, "");
}

/**
 * aws4 with API Gateway's own canonical request. aws4's differs from what the gateway verifies: it drops
 * empty query names and everything after a thousand, takes double slashes as one, and decodes a path
 * that holds `|`, `[` or `]` before it encodes it.
 */
class GatewaySigner extends aws4.RequestSigner {
  target = { path: "/", query: "", payload: "" };

  override canonicalString(): string {
    const { path, query, payload } = this.target;
    return [
      this.request.method,
      path,
      query,
      `${this.canonicalHeaders()}\n`,
      this.signedHeaders(),
      payload,
    ].join("\n");
  }
}

const signedNames = new Set(["content-type", "x-api-key"]);

function signedOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => signedNames.has(name) || name.startsWith("x-amz-")),
  );
}

/** By hand, because `URL` would resolve dot segments that are about to be sent as they are. */
function splitUrl(url: string): { authority: string; path: string; query: string } {
  const [, authority = "", path = "", query = ""] =
    /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)\??([^#]*)/i.exec(url) ?? [];
  return { authority, path: path || "/", query };
}

/** Encodes the raw path once more, `%20` becomes `%2520`; slashes and dot segments stay as they are. */
function canonicalPath(path: string): string {
  return path.split("/").map(encoded).join("/");
}

/** Encodes anew, sorts by encoded name and then by encoded value; duplicates and empty names stay. */
function canonicalQuery(query: string): string {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => /^([^=]*)=?(.*)$/s.exec(pair)!.slice(1, 3).map(reencoded))
    .sort(([name, value], [otherName, otherValue]) => order(name!, otherName!) || order(value!, otherValue!))
    .map((pair) => pair.join("="))
    .join("&");
}

/** Byte by byte: an escape that is not UTF-8 stays as it is, one that is not hexadecimal is text. */
function reencoded(text: string): string {
  return text.replaceAll("+", "%20").replace(/%[0-9a-f]{2}|[^%]+|%/gi, (piece) => {
    if (!/^%./.test(piece)) return encoded(piece);
    const char = String.fromCharCode(Number.parseInt(piece.slice(1), 16));
    return /[\w.~-]/.test(char) ? char : piece.toUpperCase();
  });
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
