import type { OpenApi, Operation } from "../../contracts/openapi/operations.ts";
import type { Validation } from "../../contracts/openapi/validation.ts";
import { type Reading, readingOf } from "./request-rules.ts";

/** A request as it came for one operation, its body read. */
export type Call = {
  operation: Operation;
  /** As received, below the base path, without the query. */
  path: string;
  /** As received, without the question mark. */
  search: string;
  pathParameters: Record<string, string>;
  query: Record<string, string | string[]>;
  /** Names in lower case. */
  headers: ReadonlyMap<string, string>;
  /** Whether some header came twice. */
  repeated: boolean;
  /** The body's text; empty without a body. */
  text: string;
  /** The body's value; `undefined` without a body. */
  body: unknown;
};

/**
 * Whether Prism would surely find a request valid. The compiled validators decide where they and Prism read
 * a contract alike, which is nearly everywhere; where Prism reads it in its own way (lists in one text, names
 * in another case, forms, merged schemas, drafts), nobody is sure, and Prism has to be asked.
 *
 * @param options.checkSecurity whether missing credentials make a request invalid.
 * @throws {SchemaError} when a schema of the operation does not compile.
 */
export function createSurelyValid(
  openapi: OpenApi,
  validation: Validation,
  { checkSecurity }: { checkSecurity: boolean },
): (call: Call) => boolean {
  const known = new Map<string, Reading>();

  return (call) => {
    const { key } = call.operation;
    const reading = known.get(key) ?? readingOf(openapi, call.operation);
    known.set(key, reading);
    if (!reading.alike || call.repeated || !isPlain(call)) return false;
    if (!queryIsPlain(call.query, reading) || !bodyIsPlain(call, reading)) return false;
    const headers = headersOf(call.headers, reading);
    if (!headers || (checkSecurity && !reading.admits(call.headers, call.query))) return false;
    const { pathParameters, query, body } = call;
    const mediaType = call.headers.get("content-type");
    return validation.request(key, { pathParameters, query, headers, mediaType, body }).length === 0;
  };
}

/** Numbers that are too large for some formats, leap seconds of other zones. */
const doubtful = /\d{16}|\de[+-]?\d|:60/i;

/** Prism takes a list where a comma is, and reads the path as browsers do. */
function isPlain({ path, search, headers, query, pathParameters }: Call): boolean {
  if (!/^[\w.~/-]*$/.test(path) || path.includes("//") || path.includes("/.")) return false;
  if (!/^[\x21\x22\x24-\x7e]*$/.test(search) || headers.has("transfer-encoding")) return false;
  return ![...Object.values(query), ...Object.values(pathParameters)]
    .flat()
    .some((text) => doubtful.test(text));
}

/** Prism takes an empty text for an absent one, `__code` for a preference, and names in any case. */
function queryIsPlain(query: Call["query"], reading: Reading): boolean {
  return Object.entries(query).every(([name, value]) => {
    if (name.startsWith("__") || [value].flat().includes("")) return false;
    const repeats = reading.query.get(name);
    if (repeats === undefined) return !reading.lowerQuery.has(name.toLowerCase());
    return typeof value === "string" || repeats;
  });
}

/** A body is read alike when it is JSON and says so; Prism takes `null`, `0` and `false` for none. */
function bodyIsPlain({ text, body, headers }: Call, { mediaType, doubtful }: Reading): boolean {
  if (text === "") return true;
  if (mediaType === undefined || !body) return false;
  const given = headers.get("content-type")?.toLowerCase();
  if (
    given !== mediaType &&
    given !== `${mediaType}; charset=utf-8` &&
    given !== `${mediaType};charset=utf-8`
  )
    return false;
  return !doubtful.some((pattern) => pattern.test(text));
}

/** The documented headers that came; `undefined` when one is empty. */
function headersOf(headers: Call["headers"], reading: Reading): Record<string, string> | undefined {
  const given: Record<string, string> = {};
  for (const name of reading.headers) {
    const value = headers.get(name);
    if (value === "" || doubtful.test(value ?? "")) return undefined;
    if (value !== undefined) given[name] = value;
  }
  return given;
}
