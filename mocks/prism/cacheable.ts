import type { OpenApi } from "../../contracts/openapi/operations.ts";
import type { Validation } from "../../contracts/openapi/validation.ts";
import type { HttpRequest } from "../http/request.ts";
import { type RequestRules, readRequestRules } from "./request-rules.ts";

/**
 * Whether the response to a routed request may be cached: Prism must find the request valid. The compiled
 * validators decide where they and Prism read a contract alike, which is nearly everywhere. Where Prism reads
 * it in its own way (lists in one text, names in another case, forms, merged schemas, drafts), the answer is
 * no, and Prism decides.
 *
 * @param options.checkSecurity whether missing credentials make a request invalid.
 * @throws {SchemaError} when a schema of the operation does not compile.
 */
export function createIsCacheable(
  openapi: OpenApi,
  validation: Validation,
  { checkSecurity }: { checkSecurity: boolean },
): (request: HttpRequest) => boolean {
  const known = new Map<string, RequestRules>();

  return (request) => {
    const { operation, pathParameters } = request.route!;
    const rules = known.get(operation.key) ?? readRequestRules(openapi, operation);
    known.set(operation.key, rules);
    if (!rules.alike || hasRepeatedHeader(request) || !isPlain(request)) return false;
    const { queryValues: query, mediaType, value: body } = request;
    if (!isPlainQuery(query, rules) || !isPlainBody(request, rules)) return false;
    const headers = documentedHeaders(request.headers, rules);
    if (!headers || (checkSecurity && !rules.admits(request.headers, query))) return false;
    const parts = { pathParameters, query, headers, mediaType, body };
    return validation.request(operation.key, parts).length === 0;
  };
}

function hasRepeatedHeader({ headers, rawHeaders }: HttpRequest): boolean {
  return headers.size * 2 !== rawHeaders.length;
}

/** Numbers that are too large for some formats, leap seconds of other zones. */
const doubtful = /\d{16}|\de[+-]?\d|:60/i;

/** Prism takes a list where a comma is, and reads the path as browsers do. */
function isPlain({ path, query, headers, queryValues, route }: HttpRequest): boolean {
  if (!/^[\w.~/-]*$/.test(path) || path.includes("//") || path.includes("/.")) return false;
  if (!/^[\x21\x22\x24-\x7e]*$/.test(query) || headers.has("transfer-encoding")) return false;
  return ![...Object.values(queryValues), ...Object.values(route!.pathParameters)]
    .flat()
    .some((text) => doubtful.test(text));
}

/** Prism takes an empty text for an absent one, `__code` for a preference, and names in any case. */
function isPlainQuery(query: HttpRequest["queryValues"], rules: RequestRules): boolean {
  return Object.entries(query).every(([name, value]) => {
    if (name.startsWith("__") || [value].flat().includes("")) return false;
    const repeats = rules.query.get(name);
    if (repeats === undefined) return !rules.lowerQuery.has(name.toLowerCase());
    return typeof value === "string" || repeats;
  });
}

/** A body is read alike when it is JSON and says so; Prism takes `null`, `0` and `false` for none. */
function isPlainBody(request: HttpRequest, { mediaType, doubtful }: RequestRules): boolean {
  if (request.body.length === 0) return true;
  if (mediaType === undefined || !request.value) return false;
  const given = request.mediaType?.toLowerCase();
  if (
    given !== mediaType &&
    given !== `${mediaType}; charset=utf-8` &&
    given !== `${mediaType};charset=utf-8`
  )
    return false;
  if (doubtful.length === 0) return true;
  const text = request.body.toString();
  return !doubtful.some((pattern) => pattern.test(text));
}

/** The documented headers that came; `undefined` when one is empty. */
function documentedHeaders(
  headers: HttpRequest["headers"],
  rules: RequestRules,
): Record<string, string> | undefined {
  const given: Record<string, string> = {};
  for (const name of rules.headers) {
    const value = headers.get(name);
    if (value === "" || doubtful.test(value ?? "")) return undefined;
    if (value !== undefined) given[name] = value;
  }
  return given;
}
