import { isObject, type Json } from "../../../contracts/openapi/json.ts";
import type { Files, LinkedFile } from "./files.ts";
import { leadsOut, RefusedReferenceError, UNREADABLE } from "./references.ts";

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
  if (!refersOut(root, document !== files.base)) return root;
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
    if (typeof $ref !== "string" || !(leadsOut($ref) || from !== files.base)) {
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

function refersOut(value: Json, isElsewhere: boolean): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isObject(value) && typeof value.$ref === "string" && (isElsewhere || leadsOut(value.$ref))) return true;
  return Object.values(value).some((item) => refersOut(item, isElsewhere));
}
