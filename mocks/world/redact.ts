import { hash } from "node:crypto";
import { findOperation, type OpenApi, readOperations } from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import { type DecodedBase64, decodeBase64 } from "../http/base64.ts";

/** Stands for bytes that must not be shown: their SHA-256 in hexadecimal, and their number. */
export type Fingerprint = { sha256: string; bytes: number };

/** For each operation key, the names of the properties that carry an image. */
export type ImageProperties = { get(operation: string): ReadonlySet<string> | undefined };

/**
 * Copies a JSON value and replaces every image by the fingerprint of its bytes. An image is any text in one of the
 * given properties, at any depth, and any other text that is too long to be read: a misspelt property name must
 * not show a face. The copy is bounded in depth and in size.
 *
 * @param decode where the bytes of some texts are at hand already.
 */
export function redact(
  value: unknown,
  images: ReadonlySet<string> = none,
  decode: DecodeBase64 = decodeBase64,
): unknown {
  const showText = (text: string) => (isReadable(text) ? text : fingerprintOf(text, decode));
  return copy(value, { image: false, depth: 0 }, { ...allowance, images, showText, decode });
}

/** The bytes of Base64 text, and their SHA-256 in hexadecimal. */
export type DecodeBase64 = (text: string) => DecodedBase64;

/**
 * Copies the JSON value of a response in the same way. A response holds no image, so its sentences are shown, cut to
 * a length. Of several lines only the first is shown: API Gateway's response to a wrong signature repeats the
 * request with its keys.
 */
export function redactResponse(value: unknown): unknown {
  const showText = (text: string) => {
    const end = text.indexOf("\n");
    return end < 0 ? redactText(text, 1_000) : `${redactText(text.slice(0, end), 1_000)}…`;
  };
  return copy(
    value,
    { image: false, depth: 0 },
    { ...allowance, images: none, showText, decode: decodeBase64 },
  );
}

/** Cuts long text and leaves out every run of characters that could be an image. */
export function redactText(text: string, longest = 100): string {
  if (text.length < shortestImage) return text;
  const shown = text.slice(0, longest).replaceAll(unbroken, leftOut);
  // The cut may divide such a run, so the last word goes too.
  return text.length > longest ? `${shown.replace(/(?<!\S)\S+$/, "")}…` : shown;
}

/** The fingerprint of bytes, or of text in UTF-8. */
export function fingerprint(content: Buffer | string): Fingerprint {
  return { sha256: hash("sha256", content), bytes: Buffer.byteLength(content) };
}

/**
 * Which properties of each operation's request carry an image: those that the contract describes with
 * `contentEncoding: base64`. The contract is read when it is first needed.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-validation#section-8.3
 */
export function imageProperties(openapi: OpenApi): ImageProperties {
  let operations: ReturnType<typeof readOperations> | undefined;
  const found = new Map<string, ReadonlySet<string>>();
  return {
    get(key) {
      const known = found.get(key);
      if (known) return known;
      operations ??= readOperations(openapi);
      const operation = findOperation(operations, key);
      if (!operation) return undefined;
      const names = new Set<string>();
      collect(operation.definition.requestBody, "", { openapi, names, seen: new Map() });
      found.set(key, names);
      return names;
    },
  };
}

/** The images of several contracts, whose operations may have the same names. */
export function allImageProperties(several: readonly ImageProperties[]): ImageProperties {
  if (several.length === 1) return several[0]!;
  const found = new Map<string, ReadonlySet<string>>();
  return {
    get(key) {
      const known = found.get(key);
      if (known) return known;
      const sets = several.map((one) => one.get(key)).filter((names) => names !== undefined);
      if (sets.length === 0) return undefined;
      const names = new Set(sets.flatMap((set) => [...set]));
      found.set(key, names);
      return names;
    },
  };
}

const none: ReadonlySet<string> = new Set();
const deepest = 8;
const shortestImage = 40;
/** Base64 of an image, even a tiny one, and anything else without a space; but no id, and no SHA-256. */
const unbroken = /(?<![\w+/])(?![0-9a-f]{64}\b)[A-Za-z0-9+/]{40,}={0,2}|\S{80,}/g;
const leftOut = "(left out)";
const fingerprintLength = 90;

const allowance = { values: 500, characters: 4_000 };

type Copying = typeof allowance & {
  images: ReadonlySet<string>;
  showText: (text: string) => unknown;
  decode: DecodeBase64;
};
/** `image`: whether the value stands in an image's property. */
type Place = { image: boolean; depth: number };

function copy(value: unknown, place: Place, left: Copying): unknown {
  left.values -= 1;
  if (isSpent(left)) return leftOut;
  if (typeof value === "string") return copyText(value, place, left);
  if (typeof value !== "object" || value === null) return value;
  if (place.depth === deepest) return leftOut;
  return Array.isArray(value) ? copyItems(value, place, left) : copyProperties(value, place, left);
}

function copyText(text: string, { image }: Place, left: Copying): unknown {
  const shown = image ? fingerprintOf(text, left.decode) : left.showText(text);
  left.characters -= typeof shown === "string" ? shown.length : fingerprintLength;
  return shown;
}

function isReadable(text: string): boolean {
  return text.length < shortestImage || (text.length <= 100 && text.search(unbroken) < 0);
}

function copyItems(items: unknown[], { image, depth }: Place, left: Copying): unknown[] {
  const inside = { image, depth: depth + 1 };
  const shown: unknown[] = [];
  for (const item of items) {
    shown.push(copy(item, inside, left));
    if (isSpent(left)) break;
  }
  return shown;
}

function copyProperties(record: object, { image, depth }: Place, left: Copying): Record<string, unknown> {
  const shown: [string, unknown][] = [];
  for (const [name, value] of Object.entries(record)) {
    const shownName = redactText(name);
    left.characters -= shownName.length;
    shown.push([shownName, copy(value, { image: image || left.images.has(name), depth: depth + 1 }, left)]);
    if (isSpent(left)) break;
  }
  // Defines each property, so that `__proto__` is one like any other.
  return Object.fromEntries(shown);
}

function isSpent({ values, characters }: Copying): boolean {
  return values < 0 || characters < 0;
}

/** The fingerprint of the bytes of Base64 text, or of other text as it is. The decoder skips what is no Base64. */
function fingerprintOf(text: string, decode: DecodeBase64): Fingerprint {
  const decoded = decode(text);
  const { length } = decoded;
  if (!decoded.isWhole) {
    const digits = text.length - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
    if (length !== Math.trunc((digits * 3) / 4)) return fingerprint(text);
  }
  return { sha256: decoded.sha256, bytes: length };
}

type Collecting = { openapi: OpenApi; names: Set<string>; seen: Map<object, Set<string>> };

/** Walks a description; `name` is the property that what stands here belongs to. */
function collect(part: unknown, name: string, into: Collecting): void {
  if (typeof part !== "object" || part === null) return;
  // Properties may share a schema, as two images do.
  const names = into.seen.get(part) ?? new Set();
  if (names.has(name)) return;
  into.seen.set(part, names.add(name));
  const { $ref, contentEncoding, properties, examples, ...rest } = part as Record<string, unknown>;
  if (contentEncoding === "base64") into.names.add(name);
  if (typeof $ref === "string") collect(dereference(into.openapi, part), name, into);
  for (const [property, schema] of Object.entries(properties ?? {})) collect(schema, property, into);
  for (const inner of Object.values(rest)) collect(inner, name, into);
}
