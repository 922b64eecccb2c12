import { isObject } from "../../openapi/json.ts";
import { type ContentObject, findOperation, type OpenApi, readOperations } from "../../openapi/operations.ts";
import { dereference } from "../../openapi/reference.ts";
import type { Schema } from "../../openapi/schema.ts";
import { safeLengthOf } from "../../trust/pattern-cost.ts";

/** A request body with one violation of the contract. */
export type BrokenRequest = {
  /** The violation, to be read after "with": `threshold 10000`, `no face`. */
  rule: string;
  /** A JSON value, or a `Buffer` that is not JSON. Absent if there is no body. */
  body?: unknown;
};

/**
 * Derives invalid bodies from an operation's request schema: without each required property, with another type,
 * beyond each bound, against a pattern, not Base64, with an additional property, no body, and not JSON.
 *
 * @param options.valid a valid body, which the invalid ones are made of.
 */
export function brokenRequests({
  openapi,
  operation,
  valid,
}: {
  openapi: OpenApi;
  operation: string;
  valid: unknown;
}): BrokenRequest[] {
  const definition = findOperation(readOperations(openapi), operation)?.definition;
  const request = dereference<ContentObject>(openapi, definition?.requestBody);
  const described = request?.content?.["application/json"]?.schema;
  if (described === undefined) return [];
  const cutOff = Buffer.from(JSON.stringify(valid).slice(0, -1));
  return [
    ...(request?.required ? [{ rule: "no body" }] : []),
    { rule: "a body that is cut off", body: cutOff },
    ...brokenValues(openapi, { described, valid, name: "" }).map(({ rule, value }) => ({
      rule,
      body: value,
    })),
  ];
}

type Part = {
  described: unknown;
  /** A valid value, if one is known. */
  valid: unknown;
  /** Empty for the body itself. */
  name: string;
};
type Broken = { rule: string; value: unknown };

function brokenValues(openapi: OpenApi, part: Part): Broken[] {
  const { described, valid, name } = part;
  const schema = dereference<Schema>(openapi, described) ?? {};
  const values = mutations.flatMap((mutate) => mutate(schema, valid));
  return [
    ...values.map((value) => ({ rule: `${name || "a body"} ${briefly(value)}`, value })),
    ...(isObject(valid) ? brokenProperties(openapi, schema, { valid, name }) : []),
    ...(Array.isArray(valid) ? brokenItems(openapi, schema, { valid, name }) : []),
  ];
}

function brokenProperties(
  openapi: OpenApi,
  { required = [], properties = {}, additionalProperties }: Schema,
  { valid, name }: { valid: Record<string, unknown>; name: string },
): Broken[] {
  const path = (property: string) => (name === "" ? property : `${name}.${property}`);
  const surplus = { ...valid, undocumented: true };
  return [
    ...required.map((property) => {
      const { [property]: _, ...value } = valid;
      return { rule: `no ${path(property)}`, value };
    }),
    ...(additionalProperties === false ? [{ rule: path("undocumented"), value: surplus }] : []),
    ...Object.entries(properties).flatMap(([property, described]) =>
      brokenValues(openapi, { described, valid: valid[property], name: path(property) }).map(
        ({ rule, value }) => ({ rule, value: { ...valid, [property]: value } }),
      ),
    ),
  ];
}

/** Only the first item is mutated. */
function brokenItems(
  openapi: OpenApi,
  { items, minItems = 0, maxItems }: Schema & { minItems?: number; maxItems?: number },
  { valid, name }: { valid: unknown[]; name: string },
): Broken[] {
  const [first, ...rest] = valid;
  const surplus = maxItems === undefined ? [] : [Array(maxItems + 1).fill(first)];
  const short = minItems > 0 ? [valid.slice(0, minItems - 1)] : [];
  return [
    ...[...short, ...surplus].map((value) => ({ rule: `${name} of ${value.length}`, value })),
    ...brokenValues(openapi, { described: items, valid: first, name: `${name}.0` }).map(
      ({ rule, value }) => ({
        rule,
        value: [value, ...rest],
      }),
    ),
  ];
}

/** Each returns values that violate its keyword, or none if the schema does not have it. */
const mutations: ((schema: Schema & Bounds, valid: unknown) => unknown[])[] = [
  ({ type }) => (typeof type === "string" ? (otherTypes[type] ?? []) : []),
  ({ minimum }) => (minimum === undefined ? [] : [minimum - 1]),
  ({ maximum }) => (maximum === undefined ? [] : [maximum + 1]),
  ({ exclusiveMinimum }) => (exclusiveMinimum === undefined ? [] : [exclusiveMinimum]),
  ({ exclusiveMaximum }) => (exclusiveMaximum === undefined ? [] : [exclusiveMaximum]),
  ({ minLength = 0 }) => (minLength > 0 ? ["A".repeat(minLength - 1)] : []),
  ({ maxLength }) => (maxLength === undefined ? [] : ["A".repeat(maxLength + 1)]),
  ({ pattern, minLength = 0 }) => (pattern === undefined ? [] : unmatchedText(pattern, minLength)),
  // Right letters, wrong length.
  ({ contentEncoding }) => (contentEncoding === "base64" ? ["AAAAA"] : []),
  ({ const: constant, enum: allowed }) =>
    constant === undefined && allowed === undefined ? [] : ["undocumented"],
];

type Bounds = Partial<
  Record<"minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "minLength" | "maxLength", number>
> & { pattern?: string; contentEncoding?: string };

/** Similar values, which a lenient parser accepts. */
const otherTypes: Record<string, unknown[]> = {
  string: [161, null],
  integer: ["7", 0.5, null],
  number: ["7", null],
  boolean: ["true", 1, null],
  object: [[]],
  array: [{}],
};

function unmatchedText(pattern: string, length: number): string[] {
  const texts = ["%", " ", "a", "0"].map((character) => character.repeat(Math.max(1, length)));
  if (length > safeLengthOf(pattern)) return [];
  return texts.filter((text) => !new RegExp(pattern).test(text)).slice(0, 1);
}

function briefly(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `of ${text.length} characters` : text;
}
