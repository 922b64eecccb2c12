import { isObject } from "../../openapi/json.ts";
import { type ContentObject, findOperation, type OpenApi, readOperations } from "../../openapi/operations.ts";
import { dereference } from "../../openapi/reference.ts";
import type { Schema } from "../../openapi/schema.ts";

/** A request body that breaks the contract in one place. */
export type BrokenRequest = {
  /** What is broken, in words that follow "with": `threshold 10000`, `no face`. */
  rule: string;
  /** A JSON value, or a `Buffer` of what is no JSON; absent where there is no body at all. */
  body?: unknown;
};

/**
 * Derives from an operation's request schema the bodies that break it: each required property missing, each
 * property of another type, beyond each of its bounds, against its pattern, not Base64, one property too
 * many, no body, no JSON.
 *
 * @param options.valid a body that keeps the contract; whatever is not broken is taken from it.
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

type Subject = {
  described: unknown;
  /** A value that keeps the schema, where one is known. */
  valid: unknown;
  /** Empty for the body itself. */
  name: string;
};
type Broken = { rule: string; value: unknown };

function brokenValues(openapi: OpenApi, subject: Subject): Broken[] {
  const { described, valid, name } = subject;
  const schema = dereference<Schema>(openapi, described) ?? {};
  const values = breakers.flatMap((breakOne) => breakOne(schema, valid));
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

/** The first item stands for all. */
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

/** Each gives values that its rule does not take; none where the schema has no such rule. */
const breakers: ((schema: Schema & Bounds, valid: unknown) => unknown[])[] = [
  ({ type }) => (typeof type === "string" ? (otherTypes[type] ?? []) : []),
  ({ minimum }) => (minimum === undefined ? [] : [minimum - 1]),
  ({ maximum }) => (maximum === undefined ? [] : [maximum + 1]),
  ({ exclusiveMinimum }) => (exclusiveMinimum === undefined ? [] : [exclusiveMinimum]),
  ({ exclusiveMaximum }) => (exclusiveMaximum === undefined ? [] : [exclusiveMaximum]),
  ({ minLength = 0 }) => (minLength > 0 ? ["A".repeat(minLength - 1)] : []),
  ({ maxLength }) => (maxLength === undefined ? [] : ["A".repeat(maxLength + 1)]),
  ({ pattern, minLength = 0 }) => (pattern === undefined ? [] : strangeText(pattern, minLength)),
  // Right letters, wrong length.
  ({ contentEncoding }) => (contentEncoding === "base64" ? ["AAAAA"] : []),
  ({ const: constant, enum: allowed }) =>
    constant === undefined && allowed === undefined ? [] : ["undocumented"],
];

type Bounds = Partial<
  Record<"minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "minLength" | "maxLength", number>
> & { pattern?: string; contentEncoding?: string };

/** The near misses, which a lenient reader takes. */
const otherTypes: Record<string, unknown[]> = {
  string: [161, null],
  integer: ["7", 0.5, null],
  number: ["7", null],
  boolean: ["true", 1, null],
  object: [[]],
  array: [{}],
};

function strangeText(pattern: string, length: number): string[] {
  const texts = ["%", " ", "a", "0"].map((character) => character.repeat(Math.max(1, length)));
  return texts.filter((text) => !new RegExp(pattern).test(text)).slice(0, 1);
}

function briefly(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 40 ? `of ${text.length} characters` : text;
}
