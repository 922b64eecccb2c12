import { type CredentialScope, necIdScope, scopeOfHost } from "./openapi/scope.ts";

/** The credentials that sign, and the scope they sign for. Every value is ASCII text. */
export type SigningOptions = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  /** Sent and signed as `x-api-key`, unless the request has that header already. */
  apiKey?: string;
  /** @default that of the URL's host where it is one of AWS, else "ap-southeast-2", NEC ID's */
  region?: string;
  /** @default that of the URL's host where it is one of AWS, else "execute-api" */
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

/** A request that is ready for its signature. */
export type RequestToSign = {
  /** Headers to add: `x-amz-date`, and `x-api-key` and `x-amz-security-token` if the options have them. */
  added: Record<string, string>;
  /** `x-amz-date`. */
  date: string;
  /** `20261123/ap-southeast-2/execute-api/aws4_request` in its parts. */
  scope: readonly string[];
  /** Lower-case names in order. */
  signedHeaders: readonly string[];
  canonicalRequest: string;
};

/**
 * Prepares a request for its signature. Changes nothing that is passed in.
 *
 * `host`, `content-type`, `x-api-key` and every `x-amz-*` header will be signed. No other is, because proxies may
 * rewrite them and `content-length` belongs to the connection.
 *
 * @param options.now Unix time in milliseconds to sign for.
 * @param payloadHash the SHA-256 of the body in hexadecimal.
 */
export function requestToSign(
  request: Omit<UnsignedRequest, "body">,
  options: SigningOptions & { now: number },
  payloadHash: string,
): RequestToSign {
  const { sessionToken, apiKey, now } = options;
  const { region, service } = { ...scopeFor(new URL(request.url).hostname), ...given(options) };
  const date = amzDate(now);
  const added: Record<string, string> = { "x-amz-date": date };
  if (sessionToken !== undefined) added["x-amz-security-token"] = sessionToken;
  if (apiKey !== undefined && !request.headers.has("x-api-key")) added["x-api-key"] = apiKey;

  const headers = { ...signedOf(request.headers), ...added };
  const signedHeaders = [...new Set([...Object.keys(headers), "host"])].sort(order);
  return {
    added,
    date,
    scope: [date.slice(0, 8), region, service, "aws4_request"],
    signedHeaders,
    canonicalRequest: canonicalRequest(
      { ...request, headers: Object.entries(headers) },
      { signedHeaders, payloadHash },
    ),
  };
}

function scopeFor(host: string): CredentialScope {
  return scopeOfHost(host) ?? necIdScope;
}

function given({ region, service }: SigningOptions): Partial<CredentialScope> {
  return { ...(region !== undefined && { region }), ...(service !== undefined && { service }) };
}

/**
 * The string to sign.
 *
 * @param requestHash the SHA-256 of the canonical request in hexadecimal.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign
 */
export function stringToSign({ date, scope }: RequestToSign, requestHash: string): string {
  return ["AWS4-HMAC-SHA256", date, scope.join("/"), requestHash].join("\n");
}

/** The headers that sign a request. */
export function signatureHeaders(
  { added, scope, signedHeaders }: RequestToSign,
  { accessKeyId, signature }: { accessKeyId: string; signature: string },
): Record<string, string> {
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join("/")}, ` +
    `SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return { ...added, authorization };
}

/**
 * The canonical request, as API Gateway computes it.
 *
 * @param options.signedHeaders lower-case names in order; `host` is that of the URL.
 * @param options.payloadHash the SHA-256 of the body in hexadecimal.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(
  request: { method: string; url: string; headers: Iterable<readonly [name: string, value: string]> },
  { signedHeaders, payloadHash }: { signedHeaders: readonly string[]; payloadHash: string },
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
    payloadHash,
  ].join("\n");
}

/** Unix milliseconds as `YYYYMMDD'T'HHMMSS'Z'`. */
export function amzDate(now: number): string {
  return new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, "");
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
