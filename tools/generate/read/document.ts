import { isUtf8 } from "node:buffer";
import { extname, resolve } from "node:path";
import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";
import { DEFAULT_MAX_SPEC_SIZE, readRegularFile, UnreadableFileError } from "./file.ts";
import { MOST_LEVELS, PROTO, plainJson } from "./plain-json.ts";
import { type Problem, SpecError } from "./problem.ts";
import { inlineValues, localResolver, type Redocly, redocly } from "./redocly.ts";
import { type Access, leadsOut, referencesIn } from "./references.ts";

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
};

const SUPPORTED = {
  swagger: { version: /^2\.0$/, supported: "Swagger 2.0 is", example: "2.0" },
  openapi: { version: /^3\.[01]\.\d+$/, supported: "OpenAPI 3.0 and 3.1 are", example: "3.0.3" },
  overlay: { version: /^1\.[01]\.\d+$/, supported: "Overlay 1.0 and 1.1 are", example: "1.1.0" },
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
  if (text.trim() === "") throw specError(file, { line: 1, column: 1 }, "The file is empty.");

  const json = isJson(file, text);
  const parsed = json ? await parseJson(file, text) : await parseYamlText(file, text);
  const locate = json ? await jsonPlaces(text) : await yamlPlaces(file, text);
  const value = json
    ? (parsed as Json)
    : plainJson(parsed, ({ tokens, message }) => specError(file, locate(formatPointer(tokens)), message));
  if (!isObject(value)) throw specError(file, { line: 1, column: 1 }, "The document is not an object.");

  return { file, text, value, locate, ...versionOf(file, value, locate) };
}

/** Whether a document has references to other files. */
export function refersElsewhere({ value }: Pick<SpecDocument, "value">): boolean {
  return [...referencesIn(value)].some(({ ref }) => leadsOut(ref));
}

/**
 * The document's value with the files that its references name bundled into it: every reference that is left
 * begins with #.
 */
export async function bundleDocument(document: SpecDocument, access: Access): Promise<JsonObject> {
  if (!refersElsewhere(document)) return document.value;
  const engine = await redocly();
  const source = sourceOf(engine, document);
  const parsed = inlineValues(engine, { root: document.value, file: source.absoluteRef, access });
  const { bundle } = await engine.bundle({
    doc: { source, parsed },
    config: await engine.createConfig({}),
    externalRefResolver: localResolver(engine, access),
  });
  return bundle.parsed as JsonObject;
}

/** The document as the lint engine takes it: relative `$ref`s start from the file's own folder. */
export function sourceOf({ Source }: Redocly, { file, text }: Pick<SpecDocument, "file" | "text">) {
  return new Source(resolve(file), text);
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

async function parseJson(file: string, text: string): Promise<unknown> {
  const { visit, printParseErrorCode } = await import("jsonc-parser");
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

async function parseYamlText(file: string, text: string): Promise<unknown> {
  const { parseYaml } = await redocly();
  try {
    return parseYaml(text);
  } catch (error) {
    // js-yaml counts lines and columns from 0. An error without a mark is about the whole text.
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } };
    if (reason === undefined) throw error;
    const place = { line: (mark?.line ?? 0) + 1, column: (mark?.column ?? 0) + 1 };
    if (reason === "duplicated mapping key") {
      const written = text.split("\n")[place.line - 1]!.slice(place.column - 1);
      const key = written
        .slice(0, written.indexOf(":"))
        .trim()
        .replaceAll(/^["']|["']$/g, "");
      throw specError(file, place, `The key "${key}" is there twice.`);
    }
    throw specError(file, place, `YAML syntax: ${reason}.`);
  }
}

async function jsonPlaces(text: string): Promise<SpecDocument["locate"]> {
  const { parseTree, findNodeAtLocation } = await import("jsonc-parser");
  const starts = lineStarts(text);
  let tree: ReturnType<typeof parseTree>;
  return (pointer, on = "value") => {
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

async function yamlPlaces(file: string, text: string): Promise<SpecDocument["locate"]> {
  const engine = await redocly();
  const source = sourceOf(engine, { file, text });
  return (pointer, on = "value") => {
    const place = engine.getLineColLocation({
      source,
      pointer: `#${formatPointer(parsePointer(pointer))}`,
      reportOnKey: on === "key",
    });
    return { line: place.start.line, column: place.start.col };
  };
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

function versionOf(file: string, value: JsonObject, locate: SpecDocument["locate"]) {
  const kinds = Object.keys(SUPPORTED) as (keyof typeof SUPPORTED)[];
  const kind = kinds.find((name) => Object.hasOwn(value, name));
  if (kind === undefined) {
    throw specError(
      file,
      { line: 1, column: 1 },
      "None of the fields swagger, openapi and overlay is there to say the version.",
    );
  }
  const version = valueAt(value, [kind]);
  const { version: pattern, supported, example } = SUPPORTED[kind];
  if (typeof version !== "string") {
    throw specError(
      file,
      locate(`/${kind}`),
      `The version is not text; write it in quotes, as in ${kind}: "${example}".`,
    );
  }
  if (!pattern.test(version)) {
    throw specError(
      file,
      locate(`/${kind}`),
      `The version ${kind} ${version} is not supported; ${supported}.`,
    );
  }
  return { kind, version };
}

function specError(file: string, place: Place, message: string): SpecError {
  return new SpecError([{ file, ...place, message, severity: "error" }]);
}
