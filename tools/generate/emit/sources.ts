import { basename, isAbsolute } from "node:path";
import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import type { Sources } from "../../../contracts/openapi/sources.ts";
import type { BuiltContract } from "../read/contract.ts";
import type { SourceLocation } from "../read/locate.ts";

/**
 * Lists where each constraint on a response is written: JSON Pointer to `file:line:column`, for operations,
 * responses, media types, headers and properties, down to the single keyword. What is not listed is written where
 * the nearest thing above it is.
 */
export function emitSources({ openapi, locate }: Pick<BuiltContract, "openapi" | "locate">): Sources {
  const { schemas, responses, headers } = (openapi.components ?? {}) as JsonObject;
  const constraints: JsonObject = {
    paths: openapi.paths ?? {},
    components: { ...(schemas && { schemas }), ...(responses && { responses }), ...(headers && { headers }) },
  };
  const sources: Sources = {};
  list(constraints, { at: [], named: false, above: "" });
  return sources;

  function list(value: Json, { at, named, above }: { at: Tokens; named: boolean; above: string }): void {
    if (!isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      if (!named && (UNCONSTRAINING.has(key) || key.startsWith("x-"))) continue;
      const inside = [...at, key];
      const location = locate(inside);
      const written = location && (named || !FRAME.has(key)) ? textOf(location) : above;
      if (written !== above) sources[formatPointer(inside)] = written;
      list(item, { at: inside, named: !named && NAMING.has(key), above: written });
    }
  }
}

/** Fields that are maps: the names in them are the author's. */
const NAMING = new Set([
  "paths",
  "responses",
  "headers",
  "content",
  "schemas",
  "properties",
  "patternProperties",
]);

/** Fields that do not constrain a response. */
const UNCONSTRAINING = new Set([
  "description",
  "summary",
  "title",
  "tags",
  "operationId",
  "example",
  "examples",
  "parameters",
  "requestBody",
  "security",
]);

/** Fields whose parts are constraints, while they themselves are not. */
const FRAME = new Set([
  "paths",
  "components",
  "schemas",
  "headers",
  "content",
  "properties",
  "schema",
  "$ref",
]);

/** An absolute name would differ between computers. */
function textOf({ file, line, column }: SourceLocation): string {
  const name = isAbsolute(file) ? basename(file) : file;
  return `${name}:${line}:${column}`;
}
