import type { JsonObject } from "../../contracts/openapi/json.ts";
import { VALUE_KEYWORDS } from "../../contracts/openapi/keywords.ts";
import {
  type OpenApi,
  type Operation,
  type ParameterObject,
  parametersOf,
} from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import { type SecurityCheck, securityCheck } from "./security.ts";

/** How an operation's requests are read. */
export type RequestRules = {
  /** `false` where Prism reads the operation in its own way whatever is sent. */
  alike: boolean;
  /** Names of query parameters; `true` for those that may come more than once. */
  query: Map<string, boolean>;
  /** The same names in lower case: Prism ignores their case. */
  lowerQuery: Set<string>;
  headers: string[];
  /** The JSON media type of the body, `undefined` where none is taken. */
  mediaType: string | undefined;
  /** What in the body's text Prism reads in another way. */
  doubtful: RegExp[];
  admits: SecurityCheck;
};

type Parameter = ParameterObject & { schema?: Schema };
type Schema = JsonObject & { $ref?: string; type?: string | string[]; items?: Schema; format?: string };

/** Reads where Prism and the validators, which keep to the standard, read an operation's requests alike. */
export function readRequestRules(openapi: OpenApi, operation: Operation): RequestRules {
  const { path, definition } = operation;
  const parameters = parametersOf(openapi, operation).map(({ value }) => value as Parameter);
  const [queries, headers] = ["query", "header"].map((place) => parameters.filter((one) => one.in === place));
  const body = dereference<{ content?: Record<string, { schema?: Schema }> }>(
    openapi,
    definition.requestBody,
  );
  const types = Object.entries(body?.content ?? {}).filter(([type]) => /[+/]json\b|\*/i.test(type));
  const [mediaType, media] = types[0] ?? [];
  const keywords = keywordsOf(openapi, media?.schema);
  return {
    alike:
      !("jsonSchemaDialect" in openapi) &&
      hasPlainTemplate(path) &&
      parameters.every((parameter) => isReadAlike(openapi, parameter)) &&
      new Set(parameters.map(({ name, in: place }) => `${place} ${name.toLowerCase()}`)).size ===
        parameters.length &&
      (body === undefined || (types.length === 1 && /^[\w./+-]+$/.test(mediaType!))) &&
      !differing.some((together) => together.every((keyword) => keywords.has(keyword))),
    query: new Map(queries!.map((one) => [one.name, one.explode !== false && isList(openapi, one.schema)])),
    lowerQuery: new Set(queries!.map(({ name }) => name.toLowerCase())),
    headers: headers!.map(({ name }) => name.toLowerCase()),
    mediaType: mediaType?.toLowerCase(),
    doubtful: Object.entries(doubts).flatMap(([format, pattern]) =>
      keywords.has(`format ${format}`) ? [pattern] : [],
    ),
    admits: securityCheck(openapi, definition),
  };
}

/** Each parameter has a path segment of its own. */
function hasPlainTemplate(path: string): boolean {
  return path.split("/").every((segment) => /^(\{[\w.-]+\}|[^{}]*)$/.test(segment));
}

/** Headers that OpenAPI describes in other fields; Prism reads them as parameters. */
const notOurs = new Set(["accept", "authorization", "content-type"]);
const styles: Record<string, string> = { query: "form", path: "simple", header: "simple" };

function isReadAlike(openapi: OpenApi, { name, in: place, schema, content, style, deprecated }: Parameter) {
  if (place === "cookie") return true;
  // Prism's command line encodes the names that it expects, and not those that come.
  if (encodeURI(name) !== name) return false;
  if (deprecated || content || (style && style !== styles[place])) return false;
  if (place === "header" && notOurs.has(name.toLowerCase())) return false;
  if (!isList(openapi, schema)) return isScalar(openapi, schema);
  const list = dereference<Schema>(openapi, schema);
  return place === "query" && isScalar(openapi, list?.items);
}

function isList(openapi: OpenApi, schema: Schema | undefined): boolean {
  return dereference<Schema>(openapi, schema)?.type === "array";
}

function isScalar(openapi: OpenApi, schema: Schema | undefined): boolean {
  const { type = "string", ...rest } = dereference<Schema>(openapi, schema) ?? {};
  const composed = ["allOf", "anyOf", "oneOf", "not", "if", "$ref", "items", "properties"];
  if (schema?.$ref && Object.keys(schema).length > 1) return false;
  return typeof type === "string" && scalars.has(type) && !composed.some((keyword) => keyword in rest);
}

const scalars = new Set(["string", "number", "integer", "boolean"]);

/** Combinations that make Prism stricter than the standard: it merges `allOf`, leaves out `readOnly` and reads draft 7. */
const differing = [
  ["readOnly", "additionalProperties"],
  ["allOf", "pattern"],
  ["allOf", "contains"],
  ["oneOf", "boolean schema"],
  ["anyOf", "boolean schema"],
  ["$ref and more"],
  ["$id"],
  ["$schema"],
  ["$anchor"],
  ["$dynamicRef"],
  ["dependencies"],
  ["additionalItems"],
];

/** Values of formats that only Prism refuses: integers that are no doubles, leap seconds of other zones. */
const doubts: Record<string, RegExp> = { int64: /\d{16}|\de/i, "date-time": /:60/ };

/** Keywords that hold schemas by a name that the author chose. */
const named = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"]);
const annotations = new Set([
  "$ref",
  "description",
  "summary",
  "title",
  "example",
  "examples",
  "default",
  "deprecated",
  "writeOnly",
]);

/** The keywords and formats of a schema and of all that it refers to. */
function keywordsOf(openapi: OpenApi, schema: unknown): Set<string> {
  const keywords = new Set<string>();
  const seen = new Set<unknown>();
  const read = (value: unknown): void => {
    if (typeof value === "boolean") keywords.add("boolean schema");
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      value.forEach(read);
      return;
    }
    for (const [keyword, part] of Object.entries(value)) readKeyword(keyword, part);
    if (!("$ref" in value)) return;
    if (Object.keys(value).some((keyword) => !annotations.has(keyword) && !keyword.startsWith("x-")))
      keywords.add("$ref and more");
    read(dereference(openapi, value));
  };
  const readKeyword = (keyword: string, part: unknown): void => {
    if (keyword.startsWith("x-") || VALUE_KEYWORDS.has(keyword)) return;
    if (keyword === "additionalProperties" && part === true) return;
    keywords.add(keyword);
    if (keyword === "format") keywords.add(`format ${part}`);
    else if (named.has(keyword)) Object.values(part as JsonObject).forEach(read);
    else if (typeof part === "object") read(part);
  };
  read(schema);
  return keywords;
}
