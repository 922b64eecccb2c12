import { realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { isObject, type Json } from "../../../contracts/openapi/json.ts";
import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import { DEFAULT_MAX_SPEC_SIZE, readRegularFile, UnreadableFileError } from "./file.ts";

export type ReadLimits = {
  /** Further folders that references may lead into. */
  allowRefs?: readonly string[];
  /** Bytes of each file. */
  maxSpecSize?: number;
};

/** Which files the references of a description may lead to. */
export type Access = {
  /** Real paths of folders. */
  folders: readonly string[];
  maxBytes: number;
};

/** The access of a description file: what stands below its own folder, and below those that the user allows. */
export function accessOf(file: string, { allowRefs = [], maxSpecSize }: ReadLimits = {}): Access {
  const folders = [dirname(resolve(file)), ...allowRefs].flatMap((folder) => realPath(folder) ?? []);
  return { folders, maxBytes: maxSpecSize ?? DEFAULT_MAX_SPEC_SIZE };
}

/** No files at all. */
export const NO_FILES: Access = { folders: [], maxBytes: 0 };

/** A reference that is not followed. The message fits behind "cannot be followed: ". */
export class RefusedReferenceError extends Error {
  readonly code = "REFERENCE_REFUSED";

  constructor(message: string) {
    super(message);
    this.name = "RefusedReferenceError";
  }
}

/** Whether a reference leads to another file or host, or to somewhere else in its own document. */
export function leadsOut(ref: string): boolean {
  return !ref.startsWith("#") && ref !== "";
}

/** Whether it names a scheme or a host. A drive of Windows has one letter. */
function isUrl(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]+:|^[/\\]{2}/i.test(uri);
}

const NOT_FETCHED = "remote documents are not fetched; save the file here and refer to it by a relative path";

/**
 * The text of the file that a reference of `base` leads to.
 * @param uri the reference up to its `#`.
 * @throws {RefusedReferenceError} unless it is a regular file in one of the folders, links followed.
 */
export function readReferenced(
  access: Access,
  { base, uri }: { base: string; uri: string },
): { file: string; text: string } {
  if (isUrl(uri)) throw new RefusedReferenceError(NOT_FETCHED);
  if (isAbsolute(uri)) {
    throw new RefusedReferenceError(
      "it is an absolute path; save the file here and refer to it by a relative path",
    );
  }
  return readAllowed(access, resolve(dirname(base), uri));
}

/** As `readReferenced`, for a path that was resolved already. */
function readAllowed(access: Access, file: string): { file: string; text: string } {
  if (access.folders.length === 0) {
    throw new RefusedReferenceError(
      "only the description itself can be referred to here, by a # at the start",
    );
  }
  const real = realPath(file);
  // What is outside is refused whether or not something is there.
  if (!access.folders.some((folder) => isBelow(real ?? file, folder))) {
    const isLink = access.folders.some((folder) => isBelow(file, folder));
    if (real !== undefined || !isLink) {
      throw new RefusedReferenceError(
        "it leads out of the folder of the description; copy the file there, or allow its folder with --allow-refs",
      );
    }
  }
  try {
    return { file, text: new TextDecoder().decode(readRegularFile(real ?? file, access.maxBytes)) };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw new RefusedReferenceError(asPart(error.message));
  }
}

/** A reference as it stands in a document. */
export type FoundReference = {
  ref: string;
  /** Where the text stands. */
  at: Tokens;
  /** Whether it stands in an example, an extension or another value that the standard does not look into. */
  isValue: boolean;
  /** Whether it is a mapping of a discriminator. */
  isMapping: boolean;
};

/** Lists the references of a part of a document, wherever they stand, in its order. */
export function* referencesIn(root: Json, start: Position = TOP): Generator<FoundReference> {
  const tokens: (string | number)[] = [];
  yield* walk(root, start);

  function* walk(value: Json, position: Position): Generator<FoundReference> {
    if (typeof value !== "object" || value === null) return;
    if (isObject(value) && typeof value.$ref === "string" && !position.isNames) {
      yield { ref: value.$ref, at: [...tokens, "$ref"], isValue: position.isValue, isMapping: false };
    }
    for (const [key, item] of Object.entries(value)) {
      tokens.push(Array.isArray(value) ? Number(key) : key);
      if (typeof item === "string" && hasReferenceText(position, key, item)) {
        yield { ref: item, at: [...tokens], isValue: false, isMapping: position.isMapping };
      }
      yield* walk(item, below(position, key, item));
      tokens.pop();
    }
  }
}

type Position = {
  isValue: boolean;
  /** The keys are names that the author chose. */
  isNames: boolean;
  isMapping: boolean;
  /** The object is one of `examples`, whose `value` is a value. */
  isExample: boolean;
  /** The object maps names to such objects. */
  isExamples: boolean;
};
const TOP: Position = {
  isValue: false,
  isNames: false,
  isMapping: false,
  isExample: false,
  isExamples: false,
};
const VALUE: Position = { ...TOP, isValue: true };

function below(position: Position, key: string, item: Json): Position {
  if (position.isValue) return VALUE;
  // Swagger 2.0 has the example itself by its media type.
  if (position.isExamples) return key.includes("/") ? VALUE : { ...TOP, isExample: true };
  if (position.isNames) return TOP;
  if (VALUES.has(key) || key.startsWith("x-") || (position.isExample && key === "value")) return VALUE;
  if (key === "examples") return Array.isArray(item) ? VALUE : { ...TOP, isNames: true, isExamples: true };
  if (key === "mapping") return { ...TOP, isNames: true, isMapping: true };
  return NAMES.has(key) && isObject(item) ? { ...TOP, isNames: true } : TOP;
}

/** Fields that hold any value. */
const VALUES = new Set(["example", "default", "const", "enum"]);

/** Fields whose keys are names. */
const NAMES = new Set([
  ...["properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "schemas", "responses"],
  ...["headers", "content", "callbacks", "links", "parameters", "requestBodies", "securitySchemes"],
  ...["pathItems", "paths", "webhooks", "encoding", "variables"],
]);

/** References that are not named `$ref`. Nobody follows `externalValue` and `operationRef` to another host. */
function hasReferenceText({ isValue, isMapping, isNames }: Position, key: string, text: string): boolean {
  if (isValue) return false;
  if (isMapping) return isReferenceText(text) && !text.startsWith("#");
  return !isNames && (key === "externalValue" || key === "operationRef") && !/^https?:|^#/i.test(text);
}

/** Whether a text that may be a name is a reference. */
export function isReferenceText(text: string): boolean {
  return /[/\\]|^\.|\.(ya?ml|json)$|^[a-z][a-z0-9+.-]+:/i.test(text);
}

/** Why a file cannot be read although it may be. */
export const UNREADABLE: ReadonlySet<string> = new Set([
  "the file is not there",
  "the file cannot be parsed",
  "the file has nothing there",
]);

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isBelow(file: string, folder: string): boolean {
  const way = relative(folder, file);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A sentence as a part of another one: `The file is not there.` is `the file is not there`. */
function asPart(sentence: string): string {
  const text = sentence.replace(/^This is /, "it is ").replace(/\.$/, "");
  return text.charAt(0).toLowerCase() + text.slice(1);
}
