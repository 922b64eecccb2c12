import { flatten, isRecord, type Schema, typesOf } from "./schema.ts";

/** A value that breaks its schema in one place, or is as near to that as the keyword allows. */
export type Spoiled = {
  /** The keyword that is broken. */
  keyword: string;
  value: unknown;
};

/**
 * Breaks a value once for each keyword of each place of its schema; whatever is not broken is taken from
 * the value.
 *
 * @param value one that keeps the schema; places that it does not have are not broken.
 */
export function mutate(document: object, schema: Schema | undefined, value: unknown): Spoiled[] {
  return within(document, { schema, value, depth: 0 });
}

type Place = { schema: Schema | undefined; value: unknown; depth: number };

function within(document: object, { schema: given, value, depth }: Place): Spoiled[] {
  if (depth > 8) return [];
  const schema = fitting(document, flatten(document, given), value);
  const here = breakers.flatMap(([keyword, breakOne]) =>
    breakOne(schema, value).map((broken) => ({ keyword, value: broken })),
  );
  return [
    ...here,
    ...inProperties(document, schema, value, depth),
    ...inItems(document, schema, value, depth),
  ];
}

/** Of alternatives the one that the value seems to be made after: which knows most of its properties. */
function fitting(document: object, schema: Schema, value: unknown): Schema {
  const alternatives = (schema.oneOf ?? schema.anyOf ?? []).map((each) => flatten(document, each));
  if (alternatives.length === 0) return schema;
  const known = ({ properties = {} }: Schema) =>
    isRecord(value) ? Object.keys(value).filter((name) => name in properties).length : 0;
  const [best] = alternatives.toSorted((one, other) => known(other) - known(one));
  return flatten(document, { ...schema, allOf: [best!] });
}

function inProperties(
  document: object,
  { properties = {} }: Schema,
  value: unknown,
  depth: number,
): Spoiled[] {
  if (!isRecord(value)) return [];
  return Object.entries(properties)
    .filter(([name]) => Object.hasOwn(value, name))
    .flatMap(([name, schema]) =>
      within(document, { schema, value: value[name], depth: depth + 1 }).map((broken) => ({
        keyword: broken.keyword,
        value: { ...value, [name]: broken.value },
      })),
    );
}

/** The last item stands for all: validators that stop early are tempted there. */
function inItems(document: object, { items }: Schema, value: unknown, depth: number): Spoiled[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const others = value.slice(0, -1);
  return within(document, { schema: items, value: value.at(-1), depth: depth + 1 }).map((broken) => ({
    keyword: broken.keyword,
    value: [...others, broken.value],
  }));
}

type Breaker = (schema: Schema, value: unknown) => unknown[];

/** What breaks each keyword; nothing where a schema has no such keyword. */
const breakers: [keyword: string, Breaker][] = [
  [
    "type",
    (schema) =>
      typesOf(schema)
        .slice(0, 1)
        .flatMap((type) => otherTypes[type] ?? []),
  ],
  ["null", (schema) => (typesOf(schema).length > 0 ? [null] : [])],
  ["required", missing],
  ["additionalProperties", (_, value) => (isRecord(value) ? [{ ...value, undocumented: [1] }] : [])],
  ["minProperties", ({ minProperties }, value) => (minProperties && isRecord(value) ? [{}] : [])],
  [
    "maxProperties",
    ({ maxProperties }, value) =>
      maxProperties !== undefined && isRecord(value) ? [{ ...value, ...keys(maxProperties + 1) }] : [],
  ],
  ["readOnly", ({ readOnly }, value) => (readOnly ? [value] : [])],
  [
    "minItems",
    ({ minItems = 0 }, value) => (minItems > 0 && Array.isArray(value) ? [value.slice(0, minItems - 1)] : []),
  ],
  [
    "maxItems",
    ({ maxItems }, value) => (maxItems !== undefined && maxItems < 2000 ? [filled(value, maxItems + 1)] : []),
  ],
  [
    "uniqueItems",
    ({ uniqueItems }, value) =>
      uniqueItems && Array.isArray(value) && value.length > 0 ? [[...value, value[0]]] : [],
  ],
  ["minimum", ({ minimum }) => (minimum === undefined ? [] : [minimum - 1, minimum - 0.0001])],
  ["maximum", ({ maximum }) => (maximum === undefined ? [] : [maximum + 1, maximum + 0.0001])],
  ["exclusiveMinimum", ({ exclusiveMinimum }) => (exclusiveMinimum === undefined ? [] : [exclusiveMinimum])],
  ["exclusiveMaximum", ({ exclusiveMaximum }) => (exclusiveMaximum === undefined ? [] : [exclusiveMaximum])],
  ["multipleOf", ({ multipleOf }) => (multipleOf === undefined ? [] : [multipleOf * 1.5])],
  [
    "minLength",
    ({ minLength = 0 }) => (minLength > 0 ? ["A".repeat(minLength - 1), "😀".repeat(minLength - 1)] : []),
  ],
  [
    "maxLength",
    ({ maxLength }) =>
      maxLength !== undefined && maxLength < 20_000
        ? ["A".repeat(maxLength + 1), "😀".repeat(maxLength)]
        : [],
  ],
  ["pattern", ({ pattern }) => (pattern === undefined ? [] : ["%", "a b", "0", "é"])],
  ["format", ({ format }) => (format === undefined ? [] : (strange[format] ?? ["no such format"]))],
  ["contentEncoding", ({ contentEncoding }) => (contentEncoding === undefined ? [] : ["AAAAA", "Ä"])],
  [
    "enum",
    ({ enum: allowed }) =>
      allowed === undefined ? [] : ["undocumented", String(allowed[0]).toUpperCase(), 0],
  ],
  ["const", ({ const: constant }) => (constant === undefined ? [] : ["undocumented"])],
];

function missing({ required = [] }: Schema, value: unknown): unknown[] {
  if (!isRecord(value)) return [];
  return required.map((name) => {
    const { [name]: _, ...rest } = value;
    return rest;
  });
}

function filled(value: unknown, count: number): unknown[] {
  const first = Array.isArray(value) && value.length > 0 ? value[0] : "a";
  return Array.from({ length: count }, () => first);
}

function keys(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, place) => [`surplus-${place}`, "x"]));
}

/** The near misses, which a lenient reader takes. */
const otherTypes: Record<string, unknown[]> = {
  string: [161, false, ["a"]],
  integer: ["7", 0.5, "seven", true],
  number: ["7.5", "seven", [1]],
  boolean: ["true", 1, "yes"],
  object: [[], "{}", 1],
  array: [{}, "a,b", 1],
};

const strange: Record<string, unknown[]> = {
  int32: [2 ** 31, -(2 ** 31) - 1],
  int64: [2 ** 63, 1e300],
  float: [1e300],
  double: ["1e400"],
  date: ["2023-02-29", "yesterday", "2023-02-28T00:00:00Z"],
  "date-time": ["2023-02-28", "2023-02-28 10:00:00", "2023-02-28T25:00:00Z"],
  email: ["alice", "alice@"],
  uuid: ["123e4567", "g23e4567-e89b-42d3-a456-426614174000"],
  uri: ["not a uri", "/relative"],
  ipv4: ["192.0.2.256"],
  byte: ["ÄÖÜ", "AAAAA"],
};
