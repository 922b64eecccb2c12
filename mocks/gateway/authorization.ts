import { hash } from "node:crypto";
import { cached } from "../http/cache.ts";
import type { HttpRequest } from "../http/request.ts";
import { queryPairs } from "./canonical.ts";
import { type MissingParameter, type Refusal, refusals } from "./refusals.ts";

/** What a request claims about its own signature, in the bytes received (latin1). Nothing of it is verified. */
export type Authorization = {
  place: "header" | "query";
  credential: string;
  accessKeyId: string;
  /** What follows the access key in the credential: date, region, service and terminator if it is well formed. */
  scope: readonly string[];
  signature: string;
  /** Lower case, sorted, each once. */
  signedHeaders: readonly string[];
  /** The same list as the client wrote it. */
  signedHeadersGiven: string;
  /** The date as received, e.g. `20150830T123600Z`, and the same in milliseconds since the epoch. */
  date: string;
  sentAt: number;
  /** How long a presigned request is valid, in seconds; undefined where the default of five minutes holds. */
  expires: number | undefined;
  securityToken: string | undefined;
};

/** A refusal because of the signature; `kind` is its name in `refusals`. */
export type SignatureRefusal = Refusal & {
  kind: keyof typeof refusals;
  /**
   * With `signatureMismatch` only: what the server computed. Both are sent to the client, as the gateway does
   * it. They hold values of headers, an API key among them, and must not be logged.
   */
  canonicalRequest?: string;
  stringToSign?: string;
};

/**
 * Reads the Authorization header, or the presigned query, up to the point where its parameters are
 * complete and well formed, or refuses: docs/api-gateway.md rows 1, 3 to 6 and 8, in that order.
 *
 * A `Date` header replaces `X-Amz-Date` only in ISO 8601 basic format. One by RFC 1123, as browsers and
 * proxies write it, is refused like any other date.
 */
export function readAuthorization(request: HttpRequest): Authorization | SignatureRefusal {
  const { headers, query } = request;
  const header = authorizationHeader(request.rawHeaders);
  const presigned = query.includes("X-Amz-Algorithm") ? presignedParameters(query) : undefined;
  if (header && presigned?.has("X-Amz-Algorithm")) return refuse("twoAuthentications");
  if (header) return fromHeader(header, headers);
  if (presigned?.has("X-Amz-Algorithm")) return fromQuery(presigned);
  return refuse("missingAuthenticationToken");
}

/** Makes a refusal. Text of the request, one character for each byte, is decoded as UTF-8. */
export function refuse<Kind extends keyof typeof refusals>(
  kind: Kind,
  ...facts: Parameters<(typeof refusals)[Kind]>
): SignatureRefusal {
  const build = refusals[kind] as (...facts: Parameters<(typeof refusals)[Kind]>) => Refusal;
  const refusal = build(...facts);
  return { kind, ...refusal, body: utf8(refusal.body) };
}

/** Text of one character for each byte, as the UTF-8 that those bytes are. */
export function utf8(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

const algorithm = "AWS4-HMAC-SHA256";

function fromHeader(header: string, headers: ReadonlyMap<string, string>): Authorization | SignatureRefusal {
  const date = headers.get("x-amz-date") || headers.get("date");
  const besides = {
    place: "header",
    expires: undefined,
    securityToken: headers.get("x-amz-security-token"),
  } as const;
  const common = commonForm.exec(header);
  if (common && date) {
    const [, credential, signedHeadersGiven, signature] = common as unknown as [
      string,
      string,
      string,
      string,
    ];
    return complete({ ...besides, credential, signedHeadersGiven, signature, date });
  }

  const blank = header.search(/[ \t]/);
  const word = blank < 0 ? header : header.slice(0, blank);
  const rest = blank < 0 ? "" : header.slice(blank).trimStart();
  if (word.startsWith("AWS") && word !== algorithm) return refuse("unsupportedAlgorithm", word);

  const hashed = () => hash("sha256", Buffer.from(header, "latin1"), "base64");
  const parameters = keyValuePairs(rest === "" && word !== algorithm ? word : rest);
  if (!parameters) return refuse("invalidKeyValuePair", hashed());

  const credential = parameters.get("Credential");
  const signature = parameters.get("Signature");
  const signedHeadersGiven = parameters.get("SignedHeaders");
  if (!credential || !signature || !signedHeadersGiven || !date) {
    const given = {
      Credential: credential,
      Signature: signature,
      SignedHeaders: signedHeadersGiven,
      Date: date,
    };
    return refuse(
      "missingParameters",
      required.filter((name) => !given[name]),
      hashed(),
    );
  }
  if (word !== algorithm) return refuse("unsupportedAlgorithm", word);

  return complete({ ...besides, credential, signedHeadersGiven, signature, date });
}

/** As nearly every client writes it. The other forms take longer to read. */
const commonForm =
  /^AWS4-HMAC-SHA256 Credential=([^,=\s]+), ?SignedHeaders=([^,=\s]+), ?Signature=([^,=\s]+)$/;

function fromQuery(parameters: ReadonlyMap<string, string>): Authorization | SignatureRefusal {
  const given = parameters.get("X-Amz-Algorithm");
  if (given && given !== algorithm) return refuse("unsupportedAlgorithm", given);
  const missing = requiredInQuery.filter((name) => !parameters.get(name));
  if (missing.length > 0) return refuse("missingQueryParameters", missing);

  return complete({
    place: "query",
    credential: parameters.get("X-Amz-Credential")!,
    signature: parameters.get("X-Amz-Signature")!,
    signedHeadersGiven: parameters.get("X-Amz-SignedHeaders")!,
    date: parameters.get("X-Amz-Date")!,
    expires: parameters.get("X-Amz-Expires"),
    securityToken: parameters.get("X-Amz-Security-Token"),
  });
}

type Given = Omit<Authorization, "accessKeyId" | "scope" | "signedHeaders" | "expires" | "sentAt"> & {
  expires: string | undefined;
};

function complete(given: Given): Authorization | SignatureRefusal {
  const signedHeaders = headerNames(given.signedHeadersGiven);
  if (!signedHeaders.includes("host") && !signedHeaders.includes(":authority"))
    return refuse("hostNotSigned");
  const sentAt = basicFormat(given.date);
  if (sentAt === undefined) return refuse("dateFormat", given.date);
  const expires = given.expires === undefined ? undefined : seconds(given.expires);
  if (Number.isNaN(expires)) return refuse("expiresRange");
  const { accessKeyId, scope } = credentialParts(given.credential);
  return { ...given, accessKeyId, scope, signedHeaders, sentAt, expires };
}

const required: readonly MissingParameter[] = ["Credential", "Signature", "SignedHeaders", "Date"];

const requiredInQuery = [
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Signature",
  "X-Amz-SignedHeaders",
  "X-Amz-Date",
];

/** The header as received. Refusals show its hash, so that no blank may be collapsed. */
function authorizationHeader(rawHeaders: readonly string[]): string {
  let header = "";
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length !== "authorization".length || name.toLowerCase() !== "authorization") continue;
    header = header === "" ? rawHeaders[i + 1]! : `${header},${rawHeaders[i + 1]}`;
  }
  return header.trim();
}

function presignedParameters(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const { name, value } of queryPairs(query)) {
    if (name.startsWith("X-Amz-") && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** Undefined when one of the comma-separated tokens has no `=`. */
function keyValuePairs(text: string): Map<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const piece of text.split(",")) {
    const token = piece.trim();
    if (token === "") continue;
    const equals = token.indexOf("=");
    if (equals < 0) return undefined;
    pairs.set(token.slice(0, equals).trim(), token.slice(equals + 1).trim());
  }
  return pairs;
}

function parseHeaderNames(list: string): readonly string[] {
  const names = list.split(";").map((name) => name.trim().toLowerCase());
  return [...new Set(names.filter((name) => name !== ""))].sort();
}

function parseCredential(credential: string): { accessKeyId: string; scope: readonly string[] } {
  const [accessKeyId = "", ...scope] = credential.split("/");
  return { accessKeyId, scope };
}

/** A client signs the same headers with the same credential for each request. */
const headerNames = cached(parseHeaderNames);
const credentialParts = cached(parseCredential);

/** Milliseconds since the epoch; undefined for anything but a real date in `YYYYMMDD'T'HHMMSS'Z'`. */
function parseDate(date: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const moment = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const real = !Number.isNaN(moment.getTime()) && moment.getUTCDate() === Number(day);
  return real ? moment.getTime() : undefined;
}

/** Requests of the same second have the same date. */
const basicFormat = cached(parseDate);

/** A presigned request is valid for a week at most. */
function seconds(text: string): number {
  return /^\d{1,6}$/.test(text) && Number(text) <= 604_800 ? Number(text) : Number.NaN;
}
