import { hash } from "node:crypto";
import { createSecretRedactor } from "../../trust/secrets.ts";
import type { Report } from "./report.ts";

/**
 * Redacts every text of a report, so that anybody may see it. See `createRedactor`.
 *
 * @param secrets the access key, secret key, session token, API keys and broker token of this run.
 * @param options.keep see `createRedactor`.
 */
export function redactReport(report: Report, secrets: string[], options: { keep?: string[] } = {}): Report {
  return mapTexts(report, createRedactor(secrets, options));
}

/**
 * Creates a function that redacts one text: secrets in plain text or in a common encoding, text that may be
 * an image, user and password of a URL, signatures. Possible images are replaced by their length and the
 * beginning of their SHA-256, so that two of them remain distinguishable. Long text is cut at 4000 characters.
 *
 * It takes time proportional to the text, whatever the text is.
 *
 * @param options.keep texts that a person needs whole, such as the base URL and file names. They are shown
 *   unless they contain a secret.
 * @param options.images whether text that may be an image is replaced.
 * @default options.images true
 */
export function createRedactor(
  secrets: string[],
  { keep = [], images = true }: { keep?: string[]; images?: boolean } = {},
): (text: string) => string {
  const hideSecrets = createSecretRedactor(secrets);
  const kept = keep.filter((text) => text.length > 3 && hideSecrets(text) === text);
  const isKept = kept.length > 0 ? new RegExp(anyOf(kept), "g") : undefined;
  return (text) => {
    // Much more than is shown. What is cut off needs no look.
    const begin = text.slice(0, maxRead);
    const redacted = hideSecrets(begin)
      .replace(/:\/\/[^\s/@]{1,500}@/g, "://")
      .replace(/Signature=[0-9a-f]{64}/gi, "Signature=(secret)");
    const shown = images ? outside(redacted, isKept, redactImages) : redacted;
    return shown.length > maxLength
      ? `${shown.slice(0, maxLength)}… (${text.length > maxRead ? text.length : shown.length} characters)`
      : shown;
  };
}

const maxLength = 4_000;
const maxRead = 200_000;

/** Applies a change to what stands between the matches of a pattern. */
function outside(text: string, pattern: RegExp | undefined, change: (text: string) => string): string {
  if (!pattern) return change(text);
  let changed = "";
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    changed += change(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return changed + change(text.slice(at));
}

/** The source of an expression for any of the texts, the longest first. */
export function anyOf(texts: string[]): string {
  return texts
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
    .join("|");
}

function redactImages(text: string): string {
  return imageRuns.reduce(
    (rest, { pattern, least, items }) =>
      rest.replace(pattern, (run) => (items(run) < least ? run : fingerprint(run))),
    text,
  );
}

/**
 * Runs of text that may be a piece of an image when they have as many items. They are counted here, because an
 * expression that counts is hard to prove linear.
 */
const imageRuns: { pattern: RegExp; least: number; items: (run: string) => number }[] = [
  // Base64 or Base64url, percent-encoded, escaped, or hexadecimal; some characters may be named.
  {
    pattern: /(?:[A-Za-z0-9+/_%\\\uff01-\uff5e-]|&[a-z]{2,8};|=[0-9A-F]{2})+={0,2}/g,
    least: 32,
    items: (run) => run.replaceAll("=", "").length,
  },
  { pattern: /(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]+={0,2}(?:[\r\n]|\\[rn])+)+/g, least: 3, items: longLines },
  // Bytes apart from each other: hexadecimal or decimal, binary, or as references and escapes.
  { pattern: /(?:(?:0x)?[0-9a-fA-F]{1,3}[\s:,.-]{1,3})+/g, least: 16, items: separators },
  { pattern: /(?:[01]{8}[\s:,.]{1,3})+/g, least: 8, items: separators },
  {
    pattern: /(?:&(?:amp;){0,3}#[xX]?[0-9a-fA-F]{1,6};)+/g,
    least: 8,
    items: (run) => run.split("#").length - 1,
  },
  { pattern: /(?:u\{[0-9a-fA-F]{1,6}\}\\*)+/g, least: 8, items: (run) => run.split("{").length - 1 },
  // Single characters apart from each other.
  { pattern: /(?:[A-Za-z0-9+/=][^A-Za-z0-9+/=]{1,3})+/g, least: 32, items: (run) => run.length / 2 },
];

/** Lines as long as Base64 is broken into. */
function longLines(run: string): number {
  return run.split(/[\r\n\\]+/).filter((line) => line.length >= 8 && !word.test(line)).length;
}

function separators(run: string): number {
  return run.split(/[\s:,.-]+/).length - 1;
}

/** An image has digits or capitals in any encoding. JSON Pointers, ids, hashes, ports and kebab-case names can be as long, but consist of words. */
function fingerprint(text: string): string {
  return consistsOfWords(text) || !/[\dA-Z\uff10-\uff3a]/.test(text)
    ? text
    : `(${text.length} characters, SHA-256 ${hash("sha256", text).slice(0, 8)}…)`;
}

/** Tests each word by itself: one expression for all of them could take exponential time. */
function consistsOfWords(text: string): boolean {
  const parts = text.split(/[/_-]/).filter((part) => part !== "");
  return parts.length > 0 && parts.every((part) => word.test(part));
}

const word =
  /^(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,3}|\d{1,5}|[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{12}|[0-9a-f]{64})$/;

function mapTexts<Value>(value: Value, change: (text: string) => string): Value {
  return JSON.parse(JSON.stringify(value), (_, item) => (typeof item === "string" ? change(item) : item));
}
