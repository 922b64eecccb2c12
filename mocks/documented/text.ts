import { createRandom, uuid } from "../random/random.ts";
import { textsOfPattern } from "./pattern-text.ts";
import type { IsValid } from "./valid.ts";

type Schema = Record<string, unknown>;

/**
 * A text that keeps all of the schemas.
 *
 * @param name of the property that it is for; identifiers follow from it.
 * @param variant another number gives another text, where the schemas leave a choice.
 * @returns `undefined` where none was found.
 */
export function textOf(
  schemas: Schema[],
  { name, variant, isValid }: { name: string | undefined; variant: number; isValid: IsValid },
): string | undefined {
  const keeps = (text: string) => schemas.every((schema) => isValid(schema, text));
  const value = (keyword: string) =>
    schemas.map((schema) => schema[keyword]).filter((one) => one !== undefined);
  const least = Math.max(0, ...value("minLength").map(Number));
  const most = Math.min(longest, ...value("maxLength").map(Number));
  const formats = value("format").map(String);
  if (value("contentEncoding").includes("base64")) formats.push("byte");
  const patterns = value("pattern").map(String);

  for (const format of formats) {
    for (const text of ofFormat(format, { name, variant, least, most })) if (keeps(text)) return text;
  }
  for (const pattern of patterns) {
    for (const text of textsOfPattern(pattern, variant)) if (keeps(text)) return text;
  }
  const plain = ofLength(variant === 0 ? "string" : `string${variant}`, least, most);
  if (keeps(plain)) return plain;
  const numbered = ofLength(`${variant}string`, least, most);
  return keeps(numbered) ? numbered : undefined;
}

/** In characters: a `minLength` of a gigabyte is not written. */
const longest = 1_000_000;

function ofLength(text: string, least: number, most: number): string {
  if (text.length > most) return text.slice(0, most);
  return text.length < least
    ? text.repeat(Math.ceil(Math.min(least, longest) / text.length)).slice(0, least)
    : text;
}

type Wanted = { name: string | undefined; variant: number; least: number; most: number };

function* ofFormat(format: string, { name, variant, least, most }: Wanted): Generator<string> {
  const suffix = variant === 0 ? "" : String(variant);
  if (format === "uuid") yield uuid(createRandom(`${name ?? "id"}${suffix}`));
  if (format === "byte") {
    const text = Buffer.from(`string${suffix}`).toString("base64");
    yield text;
    const bytes = Math.min(Math.max(least, 4), most);
    yield Buffer.alloc(Math.floor(Math.ceil(bytes / 4) * 3), `string${suffix}`).toString("base64");
    yield Buffer.alloc(Math.floor(bytes / 4) * 3, `string${suffix}`).toString("base64");
  }
  if (format === "password") yield ofLength(`pa$$word${suffix}`, least, most);
  for (const make of samples[format] ?? []) {
    const text = make(suffix, variant);
    yield text;
    // A path at the end makes an address as long as it must be.
    if (/^(uri|url|iri)/.test(format) && text.length < least)
      yield `${text}/${"a".repeat(least - text.length - 1)}`;
    if (format === "email" && text.length < least)
      yield `${"a".repeat(Math.min(least - text.length, 60))}${text}`;
  }
}

type Sample = (suffix: string, variant: number) => string;

/** As Prism has them, then shorter ones. */
const samples: Record<string, Sample[]> = {
  "date-time": [(_, variant) => `2019-08-24T14:15:${two(22 + variant)}Z`],
  date: [
    (_, variant) => `2019-08-${two(24 + variant)}`,
    (_, variant) => `2019-${two(1 + (variant % 12))}-01`,
  ],
  time: [(_, variant) => `14:15:${two(22 + variant)}Z`],
  duration: [(_, variant) => `P${variant + 1}D`],
  email: [(suffix) => `user${suffix}@example.com`, (suffix) => `u${suffix}@a.io`],
  "idn-email": [(suffix) => `пользователь${suffix}@пример.ру`, (suffix) => `user${suffix}@example.com`],
  hostname: [(suffix) => `${suffix === "" ? "" : `h${suffix}.`}example.com`, (suffix) => `a${suffix}`],
  "idn-hostname": [(suffix) => `${suffix === "" ? "" : `h${suffix}.`}пример.ру`],
  ipv4: [(_, variant) => `192.168.0.${variant + 1}`],
  ipv6: [(_, variant) => `2001:0db8:85a3:0000:0000:8a2e:0370:${(0x7334 + variant).toString(16)}`],
  uri: [(suffix) => `http://example.com${suffix === "" ? "" : `/${suffix}`}`, (suffix) => `a:${suffix}`],
  url: [(suffix) => `http://example.com${suffix === "" ? "" : `/${suffix}`}`],
  "uri-reference": [(suffix) => `../dictionary${suffix}`, (suffix) => `http://example.com/${suffix}`],
  "uri-template": [(suffix) => `http://example.com/{endpoint${suffix}}`],
  iri: [(suffix) => `http://пример.ру${suffix === "" ? "" : `/${suffix}`}`],
  "iri-reference": [(suffix) => `../словарь${suffix}`],
  "json-pointer": [(suffix) => `/json/pointer${suffix}`, (suffix) => (suffix === "" ? "" : `/${suffix}`)],
  "json-pointer-uri-fragment": [(suffix) => `#/json/pointer${suffix}`],
  "relative-json-pointer": [(suffix) => `1/relative/json/pointer${suffix}`, (_, variant) => `${variant}`],
  regex: [(suffix) => `/regex${suffix}/`, (suffix) => `^a${suffix}$`],
  "iso-time": [(_, variant) => `14:15:${two(22 + variant)}Z`],
  "iso-date-time": [(_, variant) => `2019-08-24T14:15:${two(22 + variant)}Z`],
};

function two(number: number): string {
  return String(number % 60).padStart(2, "0");
}
