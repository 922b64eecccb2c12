import { hash } from "node:crypto";
import type { HttpRequest } from "../http/request.ts";

/**
 * The six parts of a canonical request. Text is one character for each byte (latin1), as
 * received; `canonicalText` joins the parts.
 */
export type CanonicalRequest = {
  method: string;
  path: string;
  query: string;
  /** `name:value`, one line for each signed header, without line ends. */
  headers: string[];
  signedHeaders: string;
  payloadHash: string;
};

/**
 * - `encode-once-more`: every byte of the path as received is encoded again, `%20` becomes `%2520`; dot
 *   segments and double slashes stay. This is what API Gateway does.
 * - `normalise`: dot segments and double slashes are resolved first. This is what most other services
 *   do, and what the official test suite expects.
 */
export type PathRule = "encode-once-more" | "normalise";

/**
 * Builds the canonical request that a server expects to have been signed.
 *
 * It works on the bytes as received and never fails: a signed header that is absent has an empty value, a
 * malformed percent-escape in the query stays as text.
 *
 * @param options.signedHeaders lower-case names, in the order in which they are to appear.
 * @param options.presigned leaves `X-Amz-Signature` out of the query.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalRequest(
  request: HttpRequest,
  options: {
    signedHeaders: readonly string[];
    pathRule?: PathRule;
    presigned?: boolean;
  },
): CanonicalRequest {
  const { signedHeaders, pathRule = "encode-once-more", presigned = false } = options;
  const { headers } = request;
  return {
    method: request.method,
    path: canonicalPath(request.path, pathRule),
    query: canonicalQuery(request.query, presigned ? (name) => name !== "X-Amz-Signature" : undefined),
    headers: signedHeaders.map(
      (name) => `${name}:${headers.get(name === ":authority" ? "host" : name) ?? ""}`,
    ),
    signedHeaders: signedHeaders.join(";"),
    payloadHash: request.body.length === 0 ? hashOfNothing : hash("sha256", request.body, "hex"),
  };
}

const hashOfNothing = hash("sha256", "", "hex");

/** The canonical request as the text that is hashed, one character for each byte. */
export function canonicalText(parts: CanonicalRequest): string {
  const { method, path, query, headers, signedHeaders, payloadHash } = parts;
  const block = headers.length === 0 ? "" : `${headers.join("\n")}\n`;
  return `${method}\n${path}\n${query}\n${block}\n${signedHeaders}\n${payloadHash}`;
}

/** The same request as it would be for another Host, which HTTP/2 and signers after it call `:authority`. */
export function withHost(parts: CanonicalRequest, host: string): CanonicalRequest {
  const headers = parts.headers.map((line) => {
    const name = line.startsWith("host:") ? "host" : line.startsWith(":authority:") && ":authority";
    return name ? `${name}:${host}` : line;
  });
  return { ...parts, headers };
}

/** The query's names and values, decoded to bytes (`+` is a space), in the order received. */
export function queryPairs(query: string): { name: string; value: string }[] {
  return query
    .replaceAll("+", " ")
    .split("&")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(piece)!;
      return { name: percentDecode(name), value: percentDecode(value) };
    });
}

/** The path line: see `PathRule` for the two rules. */
export function canonicalPath(path: string, rule: PathRule): string {
  if (rule === "encode-once-more" && plainPath.test(path)) return path;
  return percentEncode(rule === "normalise" ? normalised(path) : path, "/") || "/";
}

const plainPath = /^[A-Za-z0-9\-._~/]+$/;

/** Decoded, encoded by RFC 3986, sorted by encoded name and then by encoded value; duplicates stay. */
function canonicalQuery(query: string, keep: (name: string) => boolean = () => true): string {
  if (query === "") return "";
  return queryPairs(query)
    .filter(({ name }) => keep(name))
    .map(({ name, value }) => ({ name: percentEncode(name), value: percentEncode(value) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join("&");
}

const alreadyEncoded = /^[A-Za-z0-9\-._~]*$/;
const reserved = /[^A-Za-z0-9\-._~]/g;

/**
 * Encodes bytes by RFC 3986 with upper-case hexadecimal.
 *
 * @param keep characters that stay as they are besides the unreserved ones.
 */
export function percentEncode(bytes: string, keep = ""): string {
  if (alreadyEncoded.test(bytes)) return bytes;
  return bytes.replace(reserved, (char) =>
    keep.includes(char) ? char : escapes[char.charCodeAt(0) & 0xff]!,
  );
}

/** Decodes to bytes; a malformed escape stays as text. */
export function percentDecode(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const escapes = Array.from(
  { length: 256 },
  (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
);

/** @see RFC 3986 section 5.2.4, plus double slashes taken as one. */
function normalised(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const directory = segments.length > 0 && /\/\.{0,2}$/.test(path);
  return `/${segments.join("/")}${directory ? "/" : ""}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
