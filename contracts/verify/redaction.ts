import { hash } from "node:crypto";
import type { SentRequest } from "./wire.ts";

/**
 * A value of a response as a mismatch may show it: a number with its type, short text in quotes. Text that is
 * long, or that could be a key, a signature or an image, is replaced by its length and the beginning of its
 * SHA-256.
 */
export function redactValue(value: unknown): string {
  if (typeof value === "number") return `${Object.is(value, -0) ? "-0" : value} (number)`;
  return typeof value === "string" && isHarmless(value) ? JSON.stringify(value) : describeType(value);
}

/** Like `redactValue`, for a name. It is not quoted. */
export function redactName(name: string): string {
  return isHarmless(name) ? name : describeType(name);
}

/** The type and size of a value. Nothing of the value itself is shown. */
export function describeType(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "number") return "a number";
  if (typeof value === "string") {
    return `text of ${value.length} characters (SHA-256 ${hash("sha256", value).slice(0, 16)}…)`;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    return `an object with ${Object.keys(value).length} properties`;
  }
  return String(value);
}

/** Replaces the keys, tokens and signatures of a request in a text from its response by their names. */
export function redactSecrets(text: string, request: SentRequest): string {
  return secretsOf(request).reduce(
    (rest, [name, value]) =>
      rest.replaceAll(value, `[${name}]`).replaceAll(JSON.stringify(value).slice(1, -1), `[${name}]`),
    text,
  );
}

const longest = 80;
/** An id is as long as a key, but no key has these groups. */
const ids = /[0-9a-f]{4,8}(-[0-9a-f]{4}){2,3}-[0-9a-f]{12}/gi;
const keyLike = /[\w+/=.-]{20,}/g;

function isHarmless(text: string): boolean {
  if (text.length > longest) return false;
  const runs = text.replaceAll(ids, " ").match(keyLike) ?? [];
  return !runs.some((run) => /\d/.test(run));
}

const secretHeaders = ["authorization", "x-api-key", "x-amz-security-token"];

function secretsOf({ headers }: SentRequest): [name: string, value: string][] {
  const secrets = headers.filter(([name]) => secretHeaders.includes(name.toLowerCase()));
  const values = secrets.map(([, value]) => value).join(" ");
  const [, accessKey] = /Credential=([^/=]+)\//.exec(values) ?? [];
  const [, signature] = /Signature=(\w+)/.exec(values) ?? [];
  return [...secrets, ["access key", accessKey ?? ""], ["signature", signature ?? ""]].filter(
    (secret): secret is [string, string] => secret[1] !== "",
  );
}
