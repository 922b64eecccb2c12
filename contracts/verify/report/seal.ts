import { hash } from "node:crypto";
import type { Report } from "./report.ts";

/**
 * The report as it may be shown to anybody: no secret in any of its usual spellings, no text that may be an
 * image, no user and password in a URL, no endless value. What is cut out stands as its length and the
 * beginning of its SHA-256, so that two of them can still be told apart; a secret stands as nothing.
 *
 * @param secrets the access key and secret key, session token, API keys and broker token of this run.
 */
export function sealReport(report: Report, secrets: string[]): Report {
  return mapTexts(report, sealText(secrets));
}

/** Seals single texts, for what is shown while the run is on. */
export function sealText(secrets: string[]): (text: string) => string {
  const spellings = secrets.flatMap(spellingsOf).sort((a, b) => b.length - a.length);
  return (text) => {
    const open = spellings.reduce((left, spelling) => left.replaceAll(spelling, "(secret)"), text);
    const told = open
      .replace(/:\/\/[^\s/@]+@/g, "://")
      .replace(/Signature=[0-9a-f]{64}/gi, "Signature=(secret)")
      .replace(runs, fingerprinted);
    return told.length > longest ? `${told.slice(0, longest)}… (${told.length} characters)` : told;
  };
}

const longest = 4_000;

/** Unbroken text that is long enough for a piece of an image: Base64, for URLs too, escaped or hexadecimal. */
const runs = /[A-Za-z0-9+/_%\\-]{32,}={0,2}/g;

/** JSON Pointers, ids, hashes and names in kebab case are as long, but made of words. */
const words =
  /^[/_-]*(?:(?:[A-Z]?[a-z]+(?:[A-Z][a-z]+)*\d{0,3}|\d{1,4}|[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{12}|[0-9a-f]{64})(?:[/_-]+|$))+$/;

function fingerprinted(run: string): string {
  return words.test(run) ? run : `(${run.length} characters, SHA-256 ${hash("sha256", run).slice(0, 8)}…)`;
}

function spellingsOf(secret: string): string[] {
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
  if (typeof value === "string") return change(value) as Value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapTexts(item, change)]),
  ) as Value;
}
