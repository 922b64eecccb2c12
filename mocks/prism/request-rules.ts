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
  /** The same names in lower case: Prism does not tell them apart. */
  lowerQuery: Set<string>;
  headers: string[];
  /** The JSON media type of the body, `undefined` where none is taken. */
  mediaType: string | undefined;
  /** What in the body's text is read differently. */
  doubtful: RegExp[];
  admits: SecurityCheck;
};

type Room = Record<string, unknown>;
type Parameter = ParameterObject & { schema?: Schema };
type Schema = Room & { $ref?: string; type?: string | string[]; items?: Schema; format?: string };

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
  const words = wordsOf(openapi, media?.schema);
  return {
    alike:
      !("jsonSchemaDialect" in openapi) &&
      hasPlainTemplate(path) &&
      parameters.every((parameter) => isReadAlike(openapi, parameter)) &&
      new Set(parameters.map(({ name, in: place }) => `${place} ${name.toLowerCase()}`)).size ===
        parameters.length &&
      (body === undefined || (types.length === 1 && /^[\w./+-]+$/.test(mediaType!))) &&
      !differing.some((together) => together.every((word) => words.has(word))),
    query: new Map(queries!.map((one) => [one.name, one.explode !== false && isList(openapi, one.schema)])),
    lowerQuery: new Set(queries!.map(({ name }) => name.toLowerCase())),
    headers: headers!.map(({ name }) => name.toLowerCase()),
    mediaType: mediaType?.toLowerCase(),
    doubtful: Object.entries(doubts).flatMap(([format, pattern]) =>
      words.has(`format ${format}`) ? [pattern] : [],
    ),
    admits: securityCheck(openapi, definition),
  };
}

/** Each parameter stands in a segment of its own. */
function hasPlainTemplate(path: string): boolean {
  return path.split("/").every((segment) => /^(\{[\w.-]+\}|[^{}]*)$/.test(segment));
}

/** Headers that OpenAPI leaves to other fields, and Prism does not. */
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
  return typeof type === "string" && scalars.has(type) && !composed.some((word) => word in rest);
}

const scalars = new Set(["string", "number", "integer", "boolean"]);

/** What together makes Prism, which merges `allOf`, leaves out `readOnly` and reads draft 7, stricter than the standard. */
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

/** Texts of formats that Prism refuses earlier: integers that are no doubles, leap seconds of other zones. */
const doubts: Record<string, RegExp> = { int64: /\d{16}|\de/i, "date-time": /:60/ };

/** Keywords whose fields are schemas by names of the author's choice. */
const named = new Set(["properties", "patternProperties", "$defs", "dependentSchemas"]);
/** Keywords that hold values. */
const values = new Set(["example", "examples", "default", "enum", "const"]);
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
function wordsOf(openapi: OpenApi, schema: unknown): Set<string> {
  const words = new Set<string>();
  const seen = new Set<unknown>();
  const read = (value: unknown): void => {
    if (typeof value === "boolean") words.add("boolean schema");
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      value.forEach(read);
      return;
    }
    for (const [word, part] of Object.entries(value)) readKeyword(word, part);
    if (!("$ref" in value)) return;
    if (Object.keys(value).some((word) => !annotations.has(word) && !word.startsWith("x-")))
      words.add("$ref and more");
    read(dereference(openapi, value));
  };
  const readKeyword = (word: string, part: unknown): void => {
    if (word.startsWith("x-") || values.has(word)) return;
    if (word === "additionalProperties" && part === true) return;
    words.add(word);
    if (word === "format") words.add(`format ${part}`);
    else if (named.has(word)) Object.values(part as Room).forEach(read);
    else if (typeof part === "object") read(part);
  };
  read(schema);
  return words;
}
