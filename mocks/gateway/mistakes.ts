import { hash } from "node:crypto";
import type { HttpRequest } from "../http/request.ts";

import type { Authorization } from "./authorization.ts";
import {
  type CanonicalRequest,
  canonicalPath,
  canonicalText,
  percentDecode,
  percentEncode,
  queryPairs,
} from "./canonical.ts";

/** A mistake that clients make, and the canonical request that a client with this mistake signs. */
export type Mistake = { reason: string; canonical: string };

type Signed = {
  request: HttpRequest;
  authorization: Authorization;
  /** The API's base path, e.g. `/v1`; empty where it has none. */
  basePath: string;
};

/**
 * Every canonical request that differs from the server's by one well-known mistake of a client, the
 * likeliest first. Reasons are clauses without a full stop.
 */
export function* mistakenRequests(server: CanonicalRequest, signed: Signed): Generator<Mistake> {
  const { request, basePath, authorization } = signed;
  const { path, query } = request;
  for (const [reason, change] of [
    ...paths(path, basePath).map(([reason, path]) => [reason, { path }] as const),
    ...payloads(signed).map(([reason, payloadHash]) => [reason, { payloadHash }] as const),
    ...queries(query, authorization.place).map(([reason, query]) => [reason, { query }] as const),
    ...headerLines(server, signed).map(([reason, headers]) => [reason, { headers }] as const),
    ...signedHeaderLists(server, authorization),
    ...methods(request.method).map(([reason, method]) => [reason, { method }] as const),
  ]) {
    yield { reason, canonical: canonicalText({ ...server, ...change }) };
  }
  const text = canonicalText(server);
  const [head, tail] = text.split("\n\n", 2);
  yield {
    reason: "a blank line stands between the headers and the list of their names",
    canonical: `${head}\n${tail}`,
  };
  yield { reason: "nothing follows the payload hash, not even a line end", canonical: `${text}\n` };
}

/** Secrets as mistakes in copying, quoting and environment files leave them. */
export function mistakenSecrets(secret: string): { reason: string; secret: string }[] {
  return [
    { reason: "the client's secret access key ends in a line break", secret: `${secret}\n` },
    { reason: "the client's secret access key ends in a line break", secret: `${secret}\r\n` },
    { reason: "the client's secret access key ends in a carriage return", secret: `${secret}\r` },
    { reason: "the client's secret access key ends in a space", secret: `${secret} ` },
    { reason: "the client's secret access key begins with a space", secret: ` ${secret}` },
    { reason: "the client's secret access key stands in quotes", secret: `"${secret}"` },
    { reason: "the client's secret access key stands in quotes", secret: `'${secret}'` },
    { reason: "the client's secret access key is in lower case", secret: secret.toLowerCase() },
    { reason: "the client's secret access key is empty", secret: "" },
    { reason: "the client's secret access key is the word undefined", secret: "undefined" },
  ];
}

type Variant<Value> = readonly [reason: string, value: Value];

function paths(raw: string, basePath: string): Variant<string>[] {
  const resolved = canonicalPath(percentDecode(raw), "normalise");
  const within = basePath !== "" && raw.startsWith(basePath) ? raw.slice(basePath.length) || "/" : raw;
  const base = `the base path ${basePath} belongs to the signed path`;
  const everyByte = "every byte but letters, digits and - . _ ~ / is to be encoded";
  return [
    ["the path as sent is to be encoded once more", raw],
    ["the path as sent is to be encoded once more, not decoded", percentDecode(raw)],
    [
      "the path as sent is to be encoded once more, not decoded and encoded",
      canonicalPath(percentDecode(raw), "encode-once-more"),
    ],
    [`${everyByte}; encodeURI leaves more of them`, percentEncode(raw, "/;,?:@&=+$!'()*#")],
    [`${everyByte}; encodeURIComponent leaves more of them`, percentEncode(raw, "/!'()*")],
    ["dot segments and double slashes stay as they are", canonicalPath(raw, "normalise")],
    [
      "dot segments and double slashes stay as they are, and the path as sent is to be encoded once more",
      resolved,
    ],
    [base, canonicalPath(within, "encode-once-more")],
    [`${base}, and the path as sent is to be encoded once more`, within],
    ["a slash at the end belongs to the path", canonicalPath(raw.replace(/\/$/, ""), "encode-once-more")],
    ["there is no slash at the end of the path as sent", `${canonicalPath(raw, "encode-once-more")}/`],
    ["the path was left out", "/"],
    ["the path was left out", ""],
  ];
}

type Pair = { name: string; value: string };

function queries(raw: string, place: Authorization["place"]): Variant<string>[] {
  const pieces = raw
    .split("&")
    .filter((piece) => !(place === "query" && piece.startsWith("X-Amz-Signature=")));
  const sent = pieces.join("&");
  const pairs = queryPairs(sent);
  const written = (list: Pair[], encode = (text: string) => percentEncode(text)) =>
    list.map(({ name, value }) => `${encode(name)}=${encode(value)}`);
  const nameOrder = (a: Pair, b: Pair) => order(percentEncode(a.name), percentEncode(b.name));
  const valueOrder = (a: Pair, b: Pair) => order(percentEncode(a.value), percentEncode(b.value));
  const byName = [...pairs].sort(nameOrder);
  const sorted = [...pairs].sort((a, b) => nameOrder(a, b) || valueOrder(a, b));
  const last = [...new Map(byName.map((pair) => [pair.name, pair])).values()];
  const first = [...new Map([...byName].reverse().map((pair) => [pair.name, pair])).values()].reverse();
  const once = "a name that occurs several times is signed as often";
  return [
    ["the query is to be sorted by name and value", written(pairs).join("&")],
    ["equal names are to be sorted by value", written(byName).join("&")],
    [
      "the query is to be sorted by encoded name, not by the whole name=value",
      written(pairs).sort(order).join("&"),
    ],
    ["the query is to be sorted, decoded and encoded by RFC 3986", sent],
    ["names and values are to be decoded and encoded by RFC 3986", [...pieces].sort(order).join("&")],
    ["the query is part of the signed request", ""],
    [
      "names without a value are signed as name=",
      written(sorted.filter(({ value }) => value !== "")).join("&"),
    ],
    [
      "names without a value are signed as name=",
      written(sorted)
        .join("&")
        .replace(/=(?=&|$)/g, ""),
    ],
    [
      "a + in the query stands for a space",
      written(queryPairs(sent.replaceAll("+", "%2B")))
        .sort(order)
        .join("&"),
    ],
    ["a space is signed as %20", written(sorted).join("&").replaceAll("%20", "+")],
    [
      "names and values are encoded once",
      written(sorted, (text) => percentEncode(percentEncode(text))).join("&"),
    ],
    [
      "! ' ( ) * are to be encoded; encodeURIComponent leaves them",
      written(sorted, (text) => percentEncode(text, "!'()*")).join("&"),
    ],
    [
      "escapes are to be in upper case",
      written(sorted)
        .join("&")
        .replace(/%../g, (escaped) => escaped.toLowerCase()),
    ],
    ["a value with an empty name is signed too", written(sorted.filter(({ name }) => name !== "")).join("&")],
    [once, written(first).join("&")],
    [once, written(last).join("&")],
  ];
}

function payloads({ request }: Signed): Variant<string>[] {
  const { headers, body } = request;
  const given = headers.get("x-amz-content-sha256");
  const text = body.length > longestText ? undefined : body.toString("utf8");
  const sha256 = (content: string | Buffer) => hash("sha256", content, "hex");
  const variants: Variant<string>[] = [
    ["UNSIGNED-PAYLOAD is not accepted, the body is to be hashed", "UNSIGNED-PAYLOAD"],
    ["the body is to be hashed, the client signed without one", sha256("")],
    ["the hash of the body is missing", ""],
  ];
  if (given)
    variants.push([
      "the client took x-amz-content-sha256, which is not the hash of the body that arrived",
      given,
    ]);
  if (text === undefined || text === "") return variants;
  const bytes = "the bytes that were signed are not the bytes that were sent";
  return [
    ...variants,
    ...jsonForms(text).map(
      (form) => [`${bytes}: the client signed the same JSON written another way`, sha256(form)] as const,
    ),
    [`${bytes}: a line end was added`, sha256(text.replace(/\r?\n$/, ""))],
    [`${bytes}: a line end was lost`, sha256(`${text}\n`)],
    [`${bytes}: line ends were changed`, sha256(text.replace(/\r?\n/g, "\r\n"))],
    [`${bytes}: line ends were changed`, sha256(text.replace(/\r\n/g, "\n"))],
    [`${bytes}: line ends were removed`, sha256(text.replace(/\r?\n/g, ""))],
    [`${bytes}: text was signed in latin1 and sent in UTF-8`, sha256(Buffer.from(text, "latin1"))],
    [`${bytes}: the client signed the Base64 of the body`, sha256(body.toString("base64"))],
    ["the payload hash is to be in lower case", sha256(body).toUpperCase()],
  ];
}

/** In bytes. Longer bodies are not written in other forms to look for a mistake. */
const longestText = 262_144;

function jsonForms(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    const tight = JSON.stringify(value);
    // Python's json.dumps writes a space after each separator; outside strings only.
    const spaced = tight.replace(/"(?:[^"\\]|\\[\s\S])*"?|[,:]/g, (token) =>
      token.startsWith('"') ? token : `${token} `,
    );
    return [
      tight,
      JSON.stringify(value, null, 2),
      JSON.stringify(value, null, 4),
      spaced,
      JSON.stringify(text),
    ];
  } catch {
    return [];
  }
}

function headerLines(server: CanonicalRequest, { request }: Signed): Variant<string[]>[] {
  const { headers } = request;
  const replaced = (name: string, values: readonly string[]) =>
    values.map((value) =>
      server.headers.map((line) => (line.startsWith(`${name}:`) ? `${name}:${value}` : line)),
    );
  const listed = (name: string, reason: string, values: readonly string[]) =>
    server.headers.some((line) => line.startsWith(`${name}:`))
      ? replaced(name, values).map((lines) => [reason, lines] as const)
      : [];
  const host = headers.get("host") ?? "";
  const type = headers.get("content-type") ?? "";
  return [
    ...listed("host", `the client signed another host; --public-host accepts it`, otherHosts(host, headers)),
    ...listed("content-type", "the content type was changed after signing", [
      type.split(";")[0]!.trimEnd(),
      type.toLowerCase(),
      `${type}; charset=utf-8`,
      `${type};charset=utf-8`,
      `${type}; charset=UTF-8`,
      "application/json",
      "application/x-www-form-urlencoded",
      "text/plain;charset=UTF-8",
      "",
    ]),
    ...listed("content-length", "the length was signed and did not arrive like that", [
      String(request.body.length),
      String(request.body.toString("utf8").length),
      "0",
      "",
    ]),
    ...listed("accept", "the Accept header was changed after signing", ["application/json", "*/*", ""]),
    ...server.headers.flatMap((line) => blanksKept(line, server, request)),
    ["header lines have no space after the colon", server.headers.map((line) => line.replace(":", ": "))],
    ["the values of headers keep their case", server.headers.map((line) => line.toLowerCase())],
  ];
}

/** A client behind a proxy, or one that names the machine in another way. */
function otherHosts(host: string, headers: ReadonlyMap<string, string>): string[] {
  const [name = "", port = ""] = host.split(/(?=:\d+$)/);
  const loopback = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0"];
  return [
    ...[headers.get("x-forwarded-host"), headers.get("x-original-host")].filter(
      (given) => given !== undefined,
    ),
    `${name}:80`,
    `${name}:443`,
    host.toLowerCase(),
    ...loopback.flatMap((other) => [`${other}${port}`, other]),
    "",
  ];
}

function blanksKept(line: string, server: CanonicalRequest, request: HttpRequest): Variant<string[]>[] {
  const name = line.slice(0, line.indexOf(":"));
  const values = request.rawHeaders.filter(
    (_, i) => i % 2 === 1 && request.rawHeaders[i - 1]!.toLowerCase() === name,
  );
  const lines = (value: string) =>
    server.headers.map((other) => (other === line ? `${name}:${value}` : other));
  if (values.length > 1) {
    return [
      ["a header that occurs several times is signed with its values joined by a comma", lines(values[0]!)],
      [
        "a header that occurs several times is signed with its values joined by a comma",
        lines(values.at(-1)!),
      ],
      ["values of one header are joined by a comma without a space", lines(values.join(", "))],
      ["values of one header are joined in the order sent", lines([...values].sort().join(","))],
    ];
  }
  return values[0]?.includes("  ")
    ? [["several spaces in a header's value are signed as one", lines(values[0])]]
    : [];
}

function signedHeaderLists(
  server: CanonicalRequest,
  { signedHeadersGiven }: Authorization,
): Variant<Partial<CanonicalRequest>>[] {
  if (signedHeadersGiven === server.signedHeaders) return [];
  const names = signedHeadersGiven.split(";");
  const lineOf = new Map(server.headers.map((line) => [line.slice(0, line.indexOf(":", 1)), line]));
  const headers = names.map((name) => lineOf.get(name.toLowerCase()) ?? `${name.toLowerCase()}:`);
  const asWritten = headers.map((line, i) => `${names[i]}${line.slice(names[i]!.length)}`);
  const rule = "header names are signed in lower case and sorted";
  return [
    [rule, { headers, signedHeaders: signedHeadersGiven }],
    [rule, { headers, signedHeaders: signedHeadersGiven.toLowerCase() }],
    [rule, { headers: asWritten, signedHeaders: signedHeadersGiven }],
    [rule, { signedHeaders: signedHeadersGiven }],
  ];
}

function methods(method: string): Variant<string>[] {
  return ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", method.toLowerCase()]
    .filter((other) => other !== method)
    .map((other) => ["the client signed another method", other]);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
