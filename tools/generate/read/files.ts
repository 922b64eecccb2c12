import { dirname, join, relative, resolve } from "node:path";
import { isObject, type Json } from "../../../contracts/openapi/json.ts";
import { parsePointer, percentDecode, valueAt } from "../../../contracts/openapi/pointer.ts";
import { type ParsedFile, type Parsers, parseFile } from "./document.ts";
import type { WrittenFile } from "./origins.ts";
import { type Problem, SpecError } from "./problem.ts";
import { type Access, leadsOut, RefusedReferenceError, readReferenced, UNREADABLE } from "./references.ts";

/** A file of a description with its name on the disk. */
export type LinkedFile = WrittenFile & { path: string };

/** What a reference leads to. */
export type Target = { document: LinkedFile; tokens: string[]; value: Json };

/** The files that a description is made of. Each is read once. */
export type Files = {
  base: LinkedFile;
  /** Faults of the files themselves. */
  problems: Problem[];
  /** How many `$anchor`s and `$dynamicAnchor`s of a file have a name. */
  countAnchors: (document: LinkedFile, name: string) => number;
  /**
   * What a reference leads to; `undefined` when its file has nothing there.
   * @throws {RefusedReferenceError} when it may not be followed, or the file cannot be read.
   */
  follow: (from: LinkedFile, ref: string) => Target | undefined;
};

export function openFiles(document: WrittenFile, access: Access, parsers: Parsers): Files {
  const base: LinkedFile = { ...document, path: resolve(document.file) };
  const files = new Map<string, LinkedFile | RefusedReferenceError>([[base.path, base]]);
  const named = new Map<ParsedFile, Map<string, string[][]>>();
  const problems: Problem[] = [];

  return {
    base,
    problems,
    countAnchors: (document, name) => anchorsOf(document).get(name)?.length ?? 0,
    follow(from, ref) {
      const at = ref.indexOf("#");
      const [uri, fragment] = at === -1 ? [ref, ""] : [ref.slice(0, at), ref.slice(at + 1)];
      const identified = uri === "" ? undefined : anchor(from, uri);
      const document = uri === "" || identified ? from : open(from, uri);
      const inside =
        fragment === "" || fragment.startsWith("/")
          ? parsePointer(`#${fragment}`)
          : anchor(document, fragment);
      const tokens = inside && [...(identified ?? []), ...inside];
      const value = tokens && valueAt(document.value, tokens);
      return value === undefined ? undefined : { document, tokens: tokens!, value: value as Json };
    },
  };

  function open(from: LinkedFile, uri: string): LinkedFile {
    const path = resolve(dirname(from.path), percentDecode(uri));
    const known = files.get(path) ?? read(from, percentDecode(uri), path);
    files.set(path, known);
    if (known instanceof RefusedReferenceError) throw known;
    return known;
  }

  function read(from: LinkedFile, uri: string, path: string): LinkedFile | RefusedReferenceError {
    try {
      const { text } = readReferenced(access, { base: from.path, uri });
      const name = join(dirname(base.file), relative(dirname(base.path), path));
      if (!/\.(ya?ml|json)$/i.test(path) && !/^\s*[{[]/.test(text)) {
        return { file: name, path, text, value: text, locate: () => ({ line: 1, column: 1 }) };
      }
      return { ...parseFile(parsers, name, text.replaceAll("\r\n", "\n")), path };
    } catch (error) {
      if (error instanceof RefusedReferenceError) return error;
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems);
      return new RefusedReferenceError("the file cannot be parsed");
    }
  }

  /** The place of an `$id`, `$anchor` or `$dynamicAnchor`; the first one counts. */
  function anchor(document: LinkedFile, name: string): string[] | undefined {
    const anchors = anchorsOf(document);
    return (anchors.get(name) ?? anchors.get(percentDecode(name)))?.[0];
  }

  function anchorsOf(document: LinkedFile): Map<string, string[][]> {
    const anchors = named.get(document) ?? anchorsIn(document.value);
    named.set(document, anchors);
    return anchors;
  }
}

const ANCHORS = new Set(["$id", "$anchor", "$dynamicAnchor"]);

function anchorsIn(root: Json): Map<string, string[][]> {
  const anchors = new Map<string, string[][]>();
  const walk = (value: Json, tokens: string[]) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      const isName = ANCHORS.has(key) && typeof item === "string";
      if (isName) anchors.set(item, [...(anchors.get(item) ?? []), tokens]);
      walk(item, [...tokens, key]);
    }
  };
  walk(root, []);
  return anchors;
}

type Report = (fault: {
  message: string;
  /** The reference leads where nothing may be read. */
  isRefused: boolean;
  tokens: readonly (string | number)[];
}) => void;

/**
 * A value in which each reference to another file is replaced by what it leads to. The standard does not follow
 * references in examples and extensions, but readers of the contract would. One that leads nowhere is left out.
 */
export function inlineValue(
  root: Json,
  {
    files,
    document,
    tokens,
    report,
  }: { files: Files; document: LinkedFile; tokens: (string | number)[]; report: Report },
): Json {
  if (!hasReferences(root)) return root;
  const open = new Set<string>();
  let count = 0;
  return inlined(root, document, tokens);

  function inlined(value: Json, from: LinkedFile, at: readonly (string | number)[]): Json {
    if (open.size > 0 && ++count > MOST_INLINED) {
      throw new RefusedReferenceError(`it and others bring in more than ${MOST_INLINED} values`);
    }
    if (typeof value !== "object" || value === null) return value;
    // Within a file that was brought in, the place is that of the reference.
    const below = (key: string | number) => (open.size > 0 ? at : [...at, key]);
    if (Array.isArray(value)) return value.map((item, index) => inlined(item, from, below(index)));
    const { $ref, ...rest } = value;
    const isFollowed =
      typeof $ref === "string" && (leadsOut($ref) || from !== files.base || isDangling($ref));
    if (!isFollowed) {
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, inlined(item, from, below(key))]),
      );
    }
    try {
      return target($ref, from, below("$ref"));
    } catch (error) {
      if (!(error instanceof RefusedReferenceError)) throw error;
      if (open.size > 0) throw error;
      const message = `The $ref ${JSON.stringify($ref)} cannot be followed: ${error.message}.`;
      report({ message, isRefused: !UNREADABLE.has(error.message), tokens: below("$ref") });
      return rest;
    }
  }

  /** Readers of the contract fail on a reference to nothing, wherever it stands. */
  function isDangling(ref: string): boolean {
    return ref.startsWith("#") && files.follow(files.base, ref) === undefined;
  }

  function target(ref: string, from: LinkedFile, at: readonly (string | number)[]): Json {
    const found = files.follow(from, ref);
    if (found === undefined) throw new RefusedReferenceError("the file has nothing there");
    const name = `${found.document.path}#${found.tokens.join("/")}`;
    if (open.has(name)) throw new RefusedReferenceError("it leads back to itself");
    open.add(name);
    try {
      return inlined(found.value, found.document, at);
    } finally {
      open.delete(name);
    }
  }
}

/** References that lead to files with further references multiply. */
const MOST_INLINED = 100_000;

function hasReferences(value: Json): boolean {
  if (typeof value !== "object" || value === null) return false;
  return (isObject(value) && typeof value.$ref === "string") || Object.values(value).some(hasReferences);
}
