import { hash } from "node:crypto";

/**
 * A value of an answer as a mismatch may show it: numbers with their kind, short text in quotes. Text that
 * is long, or that could be a key, a signature or a picture, is shown by its length and the beginning of
 * its SHA-256, whoever sent it.
 */
export function shownValue(value: unknown): string {
  if (typeof value === "number") return `${Object.is(value, -0) ? "-0" : value} (number)`;
  return typeof value === "string" && isHarmless(value) ? JSON.stringify(value) : shapeOf(value);
}

/** Only what kind of value it is, for one that nobody promised. */
export function shapeOf(value: unknown): string {
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

/** A name that came from outside, likewise, without quotes. */
export function shownName(name: string): string {
  return isHarmless(name) ? name : shapeOf(name);
}

const longest = 80;
/** Shown, although an id is as long as a key: no key has these groups. */
const ids = /[0-9a-f]{4,8}(-[0-9a-f]{4}){2,3}-[0-9a-f]{12}/gi;
const secretive = /(?=[\w+/=.-]*\d)[\w+/=.-]{20,}/;

function isHarmless(text: string): boolean {
  return text.length <= longest && !secretive.test(text.replaceAll(ids, " "));
}
