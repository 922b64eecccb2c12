import { hash } from "node:crypto";
import type { Report } from "./report.ts";

/**
 * Redacts every text of a report, so that anybody may see it. See `createRedactor`.
 *
 * @param secrets the access key, secret key, session token, API keys and broker token of this run.
 */
export function redactReport(report: Report, secrets: string[]): Report {
  return mapTexts(report, createRedactor(secrets));
}

/**
 * Creates a function that redacts one text: secrets in plain text or in a common encoding, text that may be
 * an image, user and password of a URL, signatures. Possible images are replaced by their length and the
 * beginning of their SHA-256, so that two of them remain distinguishable. Long text is cut at 4000 characters.
 */
export function createRedactor(secrets: string[]): (text: string) => string {
  const encoded = secrets.flatMap(encodingsOf).sort((a, b) => b.length - a.length);
  return (text) => {
    const redacted = encoded
      .reduce((rest, secret) => rest.replaceAll(secret, "(secret)"), text)
      .replace(/:\/\/[^\s/@]+@/g, "://")
      .replace(/Signature=[0-9a-f]{64}/gi, "Signature=(secret)")
      .replace(unbroken, fingerprint);
    return redacted.length > maxLength
      ? `${redacted.slice(0, maxLength)}… (${redacted.length} characters)`
      : redacted;
  };
}

const maxLength = 4_000;

/** Text long enough for a piece of an image: Base64 or Base64url, percent-encoded, escaped, or hexadecimal. */
const unbroken = /[A-Za-z0-9+/_%\\-]{32,}={0,2}/g;

/** JSON Pointers, ids, hashes and kebab-case names can be as long, but consist of words. */
const words =
  /^[/_-]*(?:(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,3}|\d{1,4}|[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{12}|[0-9a-f]{64})(?:[/_-]+|$))+$/;

function fingerprint(text: string): string {
  return words.test(text)
    ? text
    : `(${text.length} characters, SHA-256 ${hash("sha256", text).slice(0, 8)}…)`;
}

function encodingsOf(secret: string): string[] {
  if (secret === "") return [];
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    secret.replaceAll("/", "\\/"),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

function mapTexts<Value>(value: Value, change: (text: string) => string): Value {
  return JSON.parse(JSON.stringify(value), (_, item) => (typeof item === "string" ? change(item) : item));
}
