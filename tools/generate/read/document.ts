import { isUtf8 } from "node:buffer";
import { extname } from "node:path";
import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";
import { DEFAULT_MAX_SPEC_SIZE, readRegularFile, UnreadableFileError } from "./file.ts";
import { MOST_LEVELS, PROTO, plainJson } from "./plain-json.ts";
import { type Problem, SpecError } from "./problem.ts";
import { leadsOut, referencesIn } from "./references.ts";
import { parseYaml } from "./yaml.ts";

/** 1-based line and column. */
export type Place = { line: number; column: number };

/** A Swagger, OpenAPI or Overlay file as read: its value is plain JSON, and `locate` finds lines and columns. */
export type SpecDocument = {
  /** The file as the user named it. */
  file: string;
  text: string;
  value: JsonObject;
  /** The place of the value at a JSON Pointer, or of its key; of the nearest value above it when it is not there. */
  locate: (pointer: string, on?: "value" | "key") => Place;
  kind: "swagger" | "openapi" | "overlay";
  /** As written: `2.0`, `3.0.3`, `1.1.0`. */
  version: string;
  /** What is odd about the version. */
  problems: Problem[];
  /** The place of a value that an overlay wrote into it. */
  placeOf?: (tokens: Tokens) => (Place & { file: string }) | undefined;
};

const SUPPORTED = {
  swagger: { version: /^2\.0$/, lenient: /^(2)(\.0)*$/, supported: "Swagger 2.0 is", example: "2.0" },
  openapi: {
    version: /^3\.[01]\.\d+(-[\w.]+)?$/,
    lenient: /^v?(3\.[01])(\.|$)/,
    supported: "OpenAPI 3.0 and 3.1 are",
    example: "3.0.3",
  },
  overlay: {
    version: /^1\.[01]\.\d+$/,
    lenient: /^(1\.[01])(\.|$)/,
    supported: "Overlay 1.0 and 1.1 are",
    example: "1.1.0",
  },
} as const;

/**
 * Reads a Swagger 2.0, OpenAPI 3.0 or 3.1, or Overlay 1.0 or 1.1 file, YAML or JSON by its content.
 * @throws {SpecError} with each problem at its place: no such file, empty, syntax, duplicate key, not an object,
 * version.
 */
export async function readDocument(
  file: string,
  { maxBytes = DEFAULT_MAX_SPEC_SIZE }: { maxBytes?: number } = {},
): Promise<SpecDocument> {
  return parseDocument(file, readText(file, maxBytes));
}

/**
 * Reads the text of such a file.
 * @throws {SpecError} with each problem at its place: empty, syntax, duplicate key, not an object, version.
 */
export async function parseDocument(file: string, text: string): Promise<SpecDocument> {
  const { value, ...parsed } = parseFile(await loadParsers(), file, text);
  if (!isObject(value)) throw specError(file, { line: 1, column: 1 }, "The document is not an object.");
  const version = versionOf(parsed, value);
  return { ...parsed, value: withVersion(value, version), ...version };
}

/** A YAML or JSON file, of any content. */
export type ParsedFile = Pick<SpecDocument, "file" | "text" | "locate"> & { value: Json };

export type Parsers = { yaml: typeof import("js-yaml"); json: typeof import("jsonc-parser") };

export async function loadParsers(): Promise<Parsers> {
  const [yaml, json] = await Promise.all([import("js-yaml"), import("jsonc-parser")]);
  return { yaml, json };
}

/**
 * Reads the text of a YAML or JSON file, by its content.
 * @throws {SpecError} with each problem at its place: empty, syntax, duplicate keys.
 */
export function parseFile(parsers: Parsers, file: string, text: string): ParsedFile {
  if (text.trim() === "") throw specError(file, { line: 1, column: 1 }, "The file is empty.");
  if (isJson(file, text)) {
    const value = parseJson(parsers, file, text) as Json;
    return { file, text, value, locate: jsonPlaces(parsers, text) };
  }
  const { value, faults, offsetOf } = parseYaml(parsers.yaml, text);
  const starts = lineStarts(text);
  const locate: ParsedFile["locate"] = (pointer, on = "value") => placeOf(starts(), offsetOf(pointer, on));
  if (faults.length > 0) {
    throw new SpecError(
      faults.map(({ offset, message }) => ({
        file,
        ...placeOf(starts(), offset),
        message,
        severity: "error",
      })),
    );
  }
  const plain = plainJson(value ?? null, ({ tokens, message }) =>
    specError(file, locate(formatPointer(tokens)), message),
  );
  return { file, text, value: plain, locate };
}

/** Whether a document has references to other files. */
export function refersElsewhere({ value }: Pick<SpecDocument, "value">): boolean {
  return [...referencesIn(value)].some(({ ref }) => leadsOut(ref));
}

function readText(file: string, maxBytes: number): string {
  const bytes = readBytes(file, maxBytes);
  const text = new TextDecoder().decode(bytes);
  if (isUtf8(bytes)) return text;
  const place = placeOf(lineStarts(text)(), text.indexOf("\uFFFD"));
  throw specError(file, place, "The bytes here are not UTF-8; save the file as UTF-8.");
}

function readBytes(file: string, maxBytes: number): Buffer {
  try {
    return readRegularFile(file, maxBytes);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw specError(file, { line: 1, column: 1 }, error.message);
  }
}

function isJson(file: string, text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  return !/^\.ya?ml$/i.test(extname(file));
}

function parseJson(parsers: Parsers, file: string, text: string): unknown {
  const value = plainlyParsed(text);
  return value === undefined ? parseJsonWithPlaces(parsers, file, text) : value;
}

/** The value of a text that has nothing to report; `undefined` where something may be. It takes a tenth of the time. */
function plainlyParsed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const keys = keysIn(value);
  return keys !== undefined && keys === keysWritten(text) ? value : undefined;
}

/** How many keys a value has; `undefined` where one is odd, or the value is nested too deep. */
function keysIn(root: unknown): number | undefined {
  let count = 0;
  return isPlain(root, 1) ? count : undefined;

  function isPlain(value: unknown, level: number): boolean {
    if (typeof value !== "object" || value === null) return true;
    if (level > MOST_LEVELS) return false;
    if (Array.isArray(value)) return value.every((item) => isPlain(item, level + 1));
    for (const key of Object.keys(value)) {
      count++;
      if (key === "__proto__" || !isPlain((value as JsonObject)[key], level + 1)) return false;
    }
    return true;
  }
}

/** How many keys a text of JSON has: texts that a colon follows. Of a key that is there twice, a value has one. */
function keysWritten(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at)) {
    at = endOfText(text, at);
    if (text[afterBlanks(text, at)] === ":") count++;
  }
  return count;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

function parseJsonWithPlaces({ json }: Parsers, file: string, text: string): unknown {
  const { visit, printParseErrorCode } = json;
  const problems: Problem[] = [];
  const report = (line: number, character: number, message: string) =>
    problems.push({ file, line: line + 1, column: character + 1, message, severity: "error" });

  // One set of keys for each object or array that is open; that of an array stays empty.
  const open: Set<string>[] = [];
  const enter = (line: number, character: number) => {
    open.push(new Set());
    if (open.length <= MOST_LEVELS) return;
    report(line, character, `JSON syntax: nesting exceeded ${MOST_LEVELS} levels.`);
    throw new SpecError(problems);
  };
  visit(
    text,
    {
      onObjectBegin: (_offset, _length, line, character) => enter(line, character),
      onObjectEnd: () => void open.pop(),
      onArrayBegin: (_offset, _length, line, character) => enter(line, character),
      onArrayEnd: () => void open.pop(),
      onObjectProperty: (key, _offset, _length, line, character) => {
        if (key === "__proto__") report(line, character, PROTO);
        if (open.at(-1)?.has(key)) report(line, character, `The key "${key}" is there twice.`);
        open.at(-1)?.add(key);
      },
      onError: (code, _offset, _length, line, character) =>
        report(line, character, `JSON syntax: ${asWords(printParseErrorCode(code))}.`),
    },
    { disallowComments: true, allowTrailingComma: false },
  );
  if (problems.length > 0) throw new SpecError(problems);
  return JSON.parse(text);
}

/** Turns `CommaExpected` into `comma expected`. */
function asWords(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function jsonPlaces({ json }: Parsers, text: string): SpecDocument["locate"] {
  const { parseTree, findNodeAtLocation } = json;
  const starts = lineStarts(text);
  let tree: ReturnType<typeof parseTree>;
  let scanned = 0;
  return (pointer, on = "value") => {
    // For few places, reading up to each of them takes less time than a tree of all values.
    if (tree === undefined && scanned++ < mostScans) {
      return placeOf(starts(), offsetIn(text, parsePointer(pointer), on));
    }
    tree ??= parseTree(text);
    const path = parsePointer(pointer);
    let node = tree;
    for (const [index, token] of path.entries()) {
      const step = node?.type === "array" ? Number(token) : token;
      const next = node && findNodeAtLocation(node, [step]);
      if (!next) break;
      node =
        on === "key" && index === path.length - 1 && node?.type === "object"
          ? next.parent?.children?.[0]
          : next;
    }
    return placeOf(starts(), node?.offset ?? 0);
  };
}

const mostScans = 8;

/** Where the value at a pointer stands in valid JSON, or its key, or the nearest value above it. */
function offsetIn(text: string, path: readonly string[], on: "value" | "key"): number {
  let at = afterBlanks(text, 0);
  for (const [index, token] of path.entries()) {
    const isLast = index === path.length - 1;
    const found = text[at] === "{" ? memberIn(text, at, token) : itemIn(text, at, token);
    if (!found) return at;
    if (isLast && on === "key" && found.key !== undefined) return found.key;
    at = found.value;
  }
  return at;
}

type Found = { key?: number; value: number };

function memberIn(text: string, start: number, name: string): Found | undefined {
  for (let at = afterBlanks(text, start + 1); text[at] === '"'; ) {
    const end = endOfText(text, at);
    const value = afterBlanks(text, afterBlanks(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) return { key: at, value };
    at = afterBlanks(text, endOfValue(text, value));
    if (text[at] === ",") at = afterBlanks(text, at + 1);
  }
  return undefined;
}

function itemIn(text: string, start: number, name: string): Found | undefined {
  if (text[start] !== "[" || !/^\d+$/.test(name)) return undefined;
  let at = afterBlanks(text, start + 1);
  for (let index = 0; text[at] !== "]" && at < text.length; index++) {
    if (index === Number(name)) return { value: at };
    at = afterBlanks(text, endOfValue(text, at));
    if (text[at] === ",") at = afterBlanks(text, at + 1);
  }
  return undefined;
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfText(text, start);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x22) at = endOfText(text, at) - 1;
    else if (char === 0x7b || char === 0x5b) depth++;
    else if (char === 0x7d || char === 0x5d) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (char === 0x2c || char <= 0x20)) return at;
  }
  return text.length;
}

/** Behind the closing quote of the text that begins here. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function afterBlanks(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) <= 0x20) at++;
  return at;
}

function lineStarts(text: string): () => number[] {
  let starts: number[] | undefined;
  return () => {
    starts ??= [0, ...Array.from(text.matchAll(/\n/g), (match) => match.index + 1)];
    return starts;
  };
}

function placeOf(starts: number[], offset: number): Place {
  // The last line that starts at or before the offset, by halving.
  let [line, after] = [0, starts.length];
  while (after - line > 1) {
    const middle = (line + after) >> 1;
    if (starts[middle]! <= offset) line = middle;
    else after = middle;
  }
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}

type Version = Pick<SpecDocument, "kind" | "version" | "problems">;

function versionOf({ file, text, locate }: Omit<ParsedFile, "value">, value: JsonObject): Version {
  const kinds = Object.keys(SUPPORTED) as (keyof typeof SUPPORTED)[];
  const kind = kinds.find((name) => Object.hasOwn(value, name));
  if (kind === undefined) {
    throw specError(
      file,
      { line: 1, column: 1 },
      "None of the fields swagger, openapi and overlay is there to say the version.",
    );
  }
  const written = valueAt(value, [kind]);
  const { version: pattern, lenient, supported, example } = SUPPORTED[kind];
  if (typeof written === "string" && pattern.test(written)) return { kind, version: written, problems: [] };
  const place = locate(`/${kind}`);
  const version = typeof written === "number" ? writtenNumber(text, place) : String(written);
  const match = lenient.exec(version);
  if (!match) throw specError(file, place, `The version ${kind} ${version} is not supported; ${supported}.`);
  const message =
    typeof written === "string"
      ? `The version ${kind} ${version} is not written as in the standard: ${kind}: "${example}".`
      : `The version is not text; write it in quotes, as in ${kind}: "${example}".`;
  const assumed = kind === "swagger" ? "2.0" : `${match[1]}.0`;
  return {
    kind,
    version: assumed,
    problems: [{ file, ...place, message: `${message} It is read as ${assumed}.`, severity: "warning" }],
  };
}

function withVersion(value: JsonObject, { kind, version }: Version): JsonObject {
  return value[kind] === version ? value : { ...value, [kind]: version };
}

/** How a number is written at a place: 2.0 is not 2. */
export function writtenNumber(text: string, { line, column }: Place): string {
  const rest = (text.split("\n")[line - 1] ?? "").slice(column - 1);
  return /^[-+\w.]+/.exec(rest)?.[0] ?? "";
}

function specError(file: string, place: Place, message: string): SpecError {
  return new SpecError([{ file, ...place, message, severity: "error" }]);
}
