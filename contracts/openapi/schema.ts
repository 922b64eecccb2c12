import { type OpenApi, readOperations } from "./operations.ts";
import { dereference } from "./reference.ts";

/** A JSON Schema as far as it is walked here. */
export type Schema = {
  type?: string | string[];
  properties?: Record<string, unknown>;
  required?: string[];
  additionalProperties?: unknown;
  items?: unknown;
  allOf?: unknown[];
  anyOf?: unknown[];
  oneOf?: unknown[];
  const?: unknown;
  enum?: unknown[];
  [keyword: string]: unknown;
};

/** What a contract documents of one answer, references resolved. */
export type DocumentedAnswer = {
  /** By media type in lower case; `undefined` where a media type has no schema. Empty where no body is documented. */
  contents: Record<string, unknown>;
  /** Header names in lower case. */
  headers: string[];
};

/** @returns `undefined` when the operation does not document the status. */
export function documentedAnswer(
  openapi: OpenApi,
  operation: string,
  status: number,
): DocumentedAnswer | undefined {
  const found = readOperations(openapi).find(({ key }) => key === operation);
  const item = found && openapi.paths?.[found.path]?.[found.method.toLowerCase() as "get"];
  const response = dereference<{
    headers?: Record<string, unknown>;
    content?: Record<string, { schema?: unknown }>;
  }>(openapi, item?.responses?.[status]);
  if (!response) return undefined;
  const contents = Object.entries(response.content ?? {});
  return {
    contents: Object.fromEntries(contents.map(([type, { schema }]) => [type.toLowerCase(), schema])),
    headers: Object.keys(response.headers ?? {}).map((name) => name.toLowerCase()),
  };
}

/**
 * The fields of a value that its schema describes, as assertions name them: `body /attributes/faceRoll`; a `*`
 * stands for each item of a list.
 */
export function describedFields(openapi: OpenApi, schema: unknown, body: unknown): string[] {
  const fields = new Set<string>();
  walk(schema, body, "");
  return [...fields];

  function walk(described: unknown, value: unknown, pointer: string): void {
    fields.add(pointer === "" ? "body" : `body ${pointer}`);
    for (const { properties = {}, items } of applicable(openapi, described, value)) {
      for (const [name, property] of Object.entries(properties)) {
        const child = childOf(value, name);
        if (child !== undefined) walk(property, child, `${pointer}/${escapeToken(name)}`);
      }
      if (items === undefined || !Array.isArray(value)) continue;
      for (const item of value) walk(items, item, `${pointer}/*`);
    }
  }
}

/**
 * The schemas that hold for a value: the schema itself, those of its `allOf`, and of `oneOf` and `anyOf` the
 * one that the value seems to mean, by its constants; all of them where it means none.
 */
export function applicable(openapi: OpenApi, described: unknown, value: unknown): Schema[] {
  const schema = dereference<Schema>(openapi, described);
  if (!isRecord(schema)) return [];
  const alternatives = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const parts = [...(schema.allOf ?? []), ...meant(openapi, alternatives, value)];
  return [schema as Schema, ...parts.flatMap((part) => applicable(openapi, part, value))];
}

/** The schemas that hold for the value at a place below a schema. */
export function schemasAt(openapi: OpenApi, described: unknown, value: unknown, tokens: string[]): Schema[] {
  const [token, ...rest] = tokens;
  const here = applicable(openapi, described, value);
  if (token === undefined) return here;
  const inside = childOf(value, token);
  const children = here.flatMap(({ properties, items, additionalProperties }) => {
    if (Array.isArray(value)) return [items];
    return [properties && Object.hasOwn(properties, token) ? properties[token] : additionalProperties];
  });
  return children.flatMap((child) => schemasAt(openapi, child, inside, rest));
}

/** The value at a place below a value; `undefined` where there is none. */
export function valueAt(value: unknown, tokens: string[]): unknown {
  return tokens.reduce(childOf, value);
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-3 */
export function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

function meant(openapi: OpenApi, alternatives: unknown[], value: unknown): unknown[] {
  if (!isRecord(value)) return alternatives;
  const scores = alternatives.map((alternative) => likeness(openapi, alternative, value));
  const best = Math.max(0, ...scores);
  return best === 0 ? alternatives : [alternatives[scores.indexOf(best)]];
}

/** How many constants of the schema the value has. */
function likeness(openapi: OpenApi, described: unknown, value: Record<string, unknown>): number {
  const { properties = {} } = dereference<Schema>(openapi, described) ?? {};
  return Object.entries(properties).filter(([name, property]) => {
    const { const: constant, enum: allowed = [constant] } = dereference<Schema>(openapi, property) ?? {};
    return value[name] !== undefined && allowed.includes(value[name]);
  }).length;
}

function childOf(value: unknown, token: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, token)) return undefined;
  return (value as Record<string, unknown>)[token];
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
