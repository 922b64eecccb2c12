import { createHash, createHmac } from "node:crypto";

/** A request to be signed, with every part of the signature open to be bent by a test. */
export type HandRequest = {
  method?: string;
  /** Path and query as they go on the wire. */
  target?: string;
  headers?: [name: string, value: string][];
  body?: string;
  /** ISO 8601 basic format. */
  date: string;
  /** Sent as `X-Amz-Date` unless another header is named. */
  dateHeader?: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  scopeDate?: string;
  region?: string;
  service?: string;
  terminator?: string;
  /** Lower case and sorted; all headers by default. */
  signedHeaders?: string[];
  /** What the client believes: replaces a line of its canonical request. */
  believed?: { path?: string; query?: string; payload?: string; headers?: Record<string, string> };
};

const documentationKey = "AKIAIOSFODNN7EXAMPLE";
const documentationSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/**
 * Signs by the letter of AWS's description, in one straight line and without any code of the product,
 * and gives the bytes for the wire.
 */
export function signByHand(request: HandRequest): {
  bytes: string;
  authorization: string;
  canonical: string;
  toSign: string;
} {
  const { method = "GET", target = "/", body = "", date } = request;
  const dateHeader = request.dateHeader ?? "X-Amz-Date";
  const headers: [string, string][] = [...(request.headers ?? []), [dateHeader, date]];
  const [path = "", query = ""] = target.split(/\?(.*)/s);

  const lower = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const tidy = value.trim().replaceAll(/ +/g, " ");
    lower.set(key, lower.has(key) ? `${lower.get(key)},${tidy}` : tidy);
  }
  for (const [name, value] of Object.entries(request.believed?.headers ?? {})) lower.set(name, value);
  const signedHeaders = request.signedHeaders ?? [...lower.keys()].sort();
  const canonical = [
    method,
    request.believed?.path ?? path.split("/").map(encode).join("/"),
    request.believed?.query ?? canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${lower.get(name) ?? ""}`),
    "",
    signedHeaders.join(";"),
    request.believed?.payload ?? sha256(body),
  ].join("\n");

  const { accessKeyId = documentationKey, secretAccessKey = documentationSecret } = request;
  const { region = "ap-southeast-2", service = "execute-api", terminator = "aws4_request" } = request;
  const scope = [request.scopeDate ?? date.slice(0, 8), region, service, terminator];
  const toSign = ["AWS4-HMAC-SHA256", date, scope.join("/"), sha256(canonical)].join("\n");
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of scope) key = createHmac("sha256", key).update(part).digest();
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${[accessKeyId, ...scope].join("/")}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return {
    bytes: wire({ method, target, headers: [...headers, ["Authorization", authorization]], body }),
    authorization,
    canonical,
    toSign,
  };
}

/** Writes a request as bytes; `Content-Length` is added where there is a body. */
export function wire(request: {
  method?: string;
  target?: string;
  headers: [string, string][];
  body?: string;
}): string {
  const { method = "GET", target = "/", headers, body = "" } = request;
  const length: [string, string][] = body === "" ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n${body}`;
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query.split("&").map((pair) => {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return [decode(name), decode(value)].map(encode);
  });
  // By code unit, which for percent-encoded text is by byte.
  pairs.sort(([a, x], [b, y]) => (a === b ? (x! < y! ? -1 : 1) : a! < b! ? -1 : 1));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
