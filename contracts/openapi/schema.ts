import { isObject } from "./json.ts";
import { type ContentObject, findOperation, type OpenApi, readOperations } from "./operations.ts";
import { escapeToken, valueAt } from "./pointer.ts";
import { dereference, type Located, locatedEntries } from "./reference.ts";

/** A JSON Schema, with the keywords that are read here. */
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

/** What a contract documents of one response, references resolved. */
export type DocumentedResponse = {
  /** By media type in lower case; `undefined` where a media type has no schema. Empty where no body is documented. */
  contents: Record<string, unknown>;
  /** Header names in lower case. */
  headers: string[];
};

/**
 * @param operation its key.
 * @returns `undefined` when the operation does not document the status.
 */
export function documentedResponse(
  openapi: OpenApi,
  operation: string,
  status: number,
): DocumentedResponse | undefined {
  const listed = findOperation(readOperations(openapi), operation)?.definition.responses?.[status];
  const response = dereference<ContentObject>(openapi, listed);
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
        const child = valueAt(value, [name]);
        if (child !== undefined) walk(property, child, `${pointer}/${escapeToken(name)}`);
      }
      if (items === undefined || !Array.isArray(value)) continue;
      for (const item of value) walk(items, item, `${pointer}/*`);
    }
  }
}

/**
 * The schemas that apply to a value: the schema itself, those of its `allOf`, and of `oneOf` and `anyOf` the
 * one whose constants the value has most of; all of them where it has none.
 */
function applicable(openapi: OpenApi, described: unknown, value: unknown): Schema[] {
  const schema = dereference<unknown>(openapi, described);
  if (!isSchema(schema)) return [];
  const alternatives = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const parts = [...(schema.allOf ?? []), ...matching(openapi, alternatives, value)];
  return [schema, ...parts.flatMap((part) => applicable(openapi, part, value))];
}

/** The schemas that apply to the value at a place below a schema. */
export function schemasAt(openapi: OpenApi, described: unknown, value: unknown, tokens: string[]): Schema[] {
  const [token, ...rest] = tokens;
  const here = applicable(openapi, described, value);
  if (token === undefined) return here;
  const inside = valueAt(value, [token]);
  const children = here.flatMap(({ properties, items, additionalProperties }) => {
    if (Array.isArray(value)) return [items];
    return [properties && Object.hasOwn(properties, token) ? properties[token] : additionalProperties];
  });
  return children.flatMap((child) => schemasAt(openapi, child, inside, rest));
}

/** The schemas that a schema is composed of, each where it stands. */
export function branchesOf(schema: Located): Located[] {
  return ["allOf", "anyOf", "oneOf"].flatMap((keyword) =>
    locatedEntries(schema, keyword).map(([, branch]) => branch),
  );
}

function matching(openapi: OpenApi, alternatives: unknown[], value: unknown): unknown[] {
  if (!isObject(value)) return alternatives;
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

/** `true` and `false` are schemas too, but describe no parts of a value. */
function isSchema(schema: unknown): schema is Schema {
  return isObject(schema);
}
