import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";

/** Numbers from 0 to below 1, the same for the same seed. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)]!;
}

/** How objects treat properties that they do not name: always with a word, or never. */
export type Openness = "explicit" | "implicit";

const NAMES = ["a", "b", "c"];
const TEXTS = ["", "x", "ab", "abc", "2020-01-01", "abcd1", "é€😀", "127.0.0.1"];
const PATTERNS = ["^a", "b$", "^[a-c]+$", "\\d", ""];
const FORMATS = ["date", "date-time", "uuid", "ipv4", "email"];

/** A pair: a schema and a variant of it, or two that have nothing to do with each other. */
export function randomPair(random: Random, openness: Openness): [old: Json, now: Json] {
  const old = randomSchema(random, openness, 3);
  if (random() < 0.12) return [old, randomSchema(random, openness, 2)];
  let now = structuredClone(old);
  for (let times = 1 + Math.floor(random() * 2); times > 0; times--) now = vary(random, openness, now);
  return random() < 0.5 ? [old, now] : [now, old];
}

/** The schema that `#/components/schemas/Tree` means on both sides. */
export function randomTree(random: Random, openness: Openness): [old: JsonObject, now: JsonObject] {
  const tree: JsonObject = {
    type: "object",
    properties: { next: { $ref: "#/components/schemas/Tree" }, a: randomSchema(random, openness, 1) },
    ...(openness === "explicit" ? { additionalProperties: false } : {}),
  };
  const now = structuredClone(tree);
  if (random() < 0.4)
    (now.properties as JsonObject).a = vary(random, openness, (now.properties as JsonObject).a!);
  return [tree, now];
}

function randomSchema(random: Random, openness: Openness, depth: number): Json {
  const make = pick(random, depth > 0 ? [...SCALARS, ...DEEP] : SCALARS);
  return make(random, openness, depth - 1);
}

type Make = (random: Random, openness: Openness, depth: number) => Json;

const maybe = (random: Random, chance: number, part: () => JsonObject): JsonObject =>
  random() < chance ? part() : {};
const small = (random: Random) => Math.floor(random() * 7) - 2;

const string: Make = (random) => ({
  type: "string",
  ...maybe(random, 0.3, () => ({ minLength: Math.floor(random() * 4) })),
  ...maybe(random, 0.3, () => ({ maxLength: Math.floor(random() * 5) })),
  ...maybe(random, 0.25, () => ({ pattern: pick(random, PATTERNS) })),
  ...maybe(random, 0.15, () => ({ format: pick(random, FORMATS) })),
});
const number: Make = (random) => ({
  type: pick(random, ["integer", "number", "number"]),
  ...maybe(random, 0.4, () => ({ minimum: small(random) })),
  ...maybe(random, 0.4, () => ({ maximum: small(random) + 2 })),
  ...maybe(random, 0.15, () => ({ exclusiveMinimum: small(random) })),
  ...maybe(random, 0.15, () => ({ exclusiveMaximum: small(random) + 2 })),
  ...maybe(random, 0.2, () => ({ multipleOf: pick(random, [1, 2, 3, 0.5]) })),
  ...maybe(random, 0.15, () => ({ format: pick(random, ["int32", "int64", "double"]) })),
});
const enumeration: Make = (random) => ({
  enum: [...new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, VALUES)))],
  ...maybe(random, 0.3, () => ({ type: pick(random, ["string", "integer"]) })),
});
const VALUES: Json[] = ["x", "ab", "abc", 0, 1, 1.5, true, false, null];
const constant: Make = (random) => ({ const: pick(random, VALUES) });
const types: Make = (random) => ({
  type: pick(random, [
    ["string", "null"],
    ["integer", "null"],
    ["number", "string"],
    ["boolean", "null"],
    ["object", "null"],
  ]),
  ...maybe(random, 0.3, () => ({ minimum: small(random), maxLength: 2 })),
});
const plain: Make = (random) =>
  pick<Json>(random, [true, {}, false, { type: "boolean" }, { type: "null" }, { type: "object" }]);
const loose: Make = (random) =>
  pick<Json>(random, [{ minimum: 1 }, { maxLength: 2 }, { required: ["a"] }, { minItems: 1 }]);

const SCALARS: Make[] = [string, string, number, number, enumeration, constant, types, plain, loose];

const array: Make = (random, openness, depth) => ({
  type: "array",
  ...maybe(random, 0.8, () => ({ items: randomSchema(random, openness, depth) })),
  ...maybe(random, 0.2, () => ({ prefixItems: [randomSchema(random, openness, 0)] })),
  ...maybe(random, 0.3, () => ({ minItems: Math.floor(random() * 3) })),
  ...maybe(random, 0.3, () => ({ maxItems: Math.floor(random() * 4) })),
  ...maybe(random, 0.2, () => ({ uniqueItems: random() < 0.8 })),
});
/** Not beside prefixItems: there ajv accepts an empty array whatever `contains` says. */
const containing: Make = (random, openness) => ({
  type: "array",
  contains: randomSchema(random, openness, 0),
  ...maybe(random, 0.3, () => ({ minContains: 2 })),
});
const object: Make = (random, openness, depth) => ({
  type: "object",
  ...properties(random, openness, depth),
  ...maybe(random, 0.5, () => ({ required: NAMES.filter(() => random() < 0.4) })),
  ...(openness === "explicit"
    ? { additionalProperties: pick(random, [true, false, false, randomSchema(random, openness, 0)]) }
    : {}),
  ...maybe(random, 0.1, () => ({ minProperties: Math.floor(random() * 3) })),
  ...maybe(random, 0.1, () => ({ maxProperties: Math.floor(random() * 3) })),
  ...maybe(random, openness === "explicit" ? 0.1 : 0, () => ({
    patternProperties: { "^a": randomSchema(random, openness, 0) },
  })),
  ...maybe(random, openness === "explicit" ? 0.06 : 0, () => ({ propertyNames: { maxLength: 1 } })),
  ...maybe(random, 0.08, () => ({ dependentRequired: { a: ["b"] } })),
});
function properties(random: Random, openness: Openness, depth: number): JsonObject {
  const names = NAMES.filter(() => random() < 0.6);
  return {
    properties: Object.fromEntries(names.map((name) => [name, randomSchema(random, openness, depth)])),
  };
}
const list =
  (keyword: string): Make =>
  (random, openness, depth) => ({
    ...maybe(random, 0.2, () => ({ type: pick(random, ["object", "string", "integer"]) })),
    [keyword]: Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      randomSchema(random, openness, depth),
    ),
  });
const negation: Make = (random, openness) => ({
  ...(randomSchema(random, openness, 0) as JsonObject),
  not: randomSchema(random, openness, 0),
});
const THEN = "then";
const condition: Make = (random, openness) => ({
  if: randomSchema(random, openness, 0),
  // Spelled so that nothing takes the schema for a promise.
  [THEN]: randomSchema(random, openness, 0),
});
const tree: Make = () => ({ $ref: "#/components/schemas/Tree" });

const DEEP: Make[] = [
  array,
  containing,
  object,
  object,
  object,
  list("anyOf"),
  list("oneOf"),
  list("allOf"),
  negation,
  condition,
  tree,
];

/** The schema with one thing changed somewhere, or written in another way. */
function vary(random: Random, openness: Openness, schema: Json): Json {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema))
    return randomSchema(random, openness, 1);
  const children = Object.keys(schema).filter((key) => CHILDREN.has(key));
  if (children.length > 0 && random() < 0.6) {
    const key = pick(random, children);
    return { ...schema, [key]: varyInside(random, openness, schema[key]!) };
  }
  return pick(random, VARIATIONS)(random, openness, schema);
}

const CHILDREN = new Set([
  "properties",
  "items",
  "anyOf",
  "oneOf",
  "allOf",
  "not",
  "additionalProperties",
  "prefixItems",
]);

function varyInside(random: Random, openness: Openness, value: Json): Json {
  if (Array.isArray(value)) {
    const index = Math.floor(random() * value.length);
    return value.map((item, place) => (place === index ? vary(random, openness, item) : item));
  }
  const map = value as JsonObject;
  const names = Object.keys(map);
  if (names.length > 0 && names.every((name) => NAMES.includes(name))) {
    const name = pick(random, names);
    return { ...map, [name]: vary(random, openness, map[name]!) };
  }
  return vary(random, openness, value);
}

type Variation = (random: Random, openness: Openness, schema: JsonObject) => Json;

const dropKeyword: Variation = (random, _openness, schema) => {
  const keys = Object.keys(schema).filter((key) => key !== "additionalProperties");
  if (keys.length === 0) return schema;
  const { [pick(random, keys)]: _, ...rest } = schema;
  return rest;
};
const addKeyword: Variation = (random, openness, schema) => {
  const other = randomSchema(random, openness, 1);
  if (typeof other !== "object" || other === null || Array.isArray(other)) return schema;
  const keys = Object.keys(other).filter((key) => key !== "$ref");
  const key = keys.length > 0 ? pick(random, keys) : undefined;
  return key === undefined ? schema : { ...schema, [key]: other[key]! };
};
const changeNumber: Variation = (random, _openness, schema) => {
  const keys = Object.keys(schema).filter((key) => typeof schema[key] === "number");
  if (keys.length === 0) return schema;
  const key = pick(random, keys);
  return {
    ...schema,
    [key]: Math.max(
      key === "multipleOf" ? 1 : key.includes("mum") ? -9 : 0,
      (schema[key] as number) + pick(random, [-1, 1]),
    ),
  };
};
const changeProperty: Variation = (random, openness, schema) => {
  if (typeof schema.properties !== "object") return schema;
  const name = pick(random, NAMES);
  const { [name]: old, ...rest } = schema.properties as JsonObject;
  return {
    ...schema,
    properties: old === undefined ? { ...rest, [name]: randomSchema(random, openness, 1) } : rest,
  };
};
const changeRequired: Variation = (random, _openness, schema) => {
  const required = (schema.required as string[] | undefined) ?? [];
  const name = pick(random, NAMES);
  return {
    ...schema,
    required: required.includes(name) ? required.filter((each) => each !== name) : [...required, name],
  };
};
const changeMembers: Variation = (random, openness, schema) => {
  const key = ["anyOf", "oneOf", "allOf"].find((each) => schema[each]);
  if (key === undefined) return schema;
  const members = schema[key] as Json[];
  if (random() < 0.5 && members.length > 1) return { ...schema, [key]: members.slice(1) };
  return { ...schema, [key]: [...members, randomSchema(random, openness, 1)] };
};
const nullable: Variation = (_random, _openness, schema) =>
  typeof schema.type === "string" ? { ...schema, type: [schema.type, "null"] } : schema;
const rewrite: Variation = (random, _openness, schema) =>
  pick<Json>(random, [
    { allOf: [schema] },
    { anyOf: [schema] },
    { oneOf: [schema] },
    { anyOf: [schema, schema] },
    Object.fromEntries(Object.entries(schema).reverse()),
    { ...schema, description: "the same" },
    { allOf: [schema, {}] },
  ]);

const VARIATIONS: Variation[] = [
  dropKeyword,
  addKeyword,
  changeNumber,
  changeNumber,
  changeProperty,
  changeRequired,
  changeMembers,
  nullable,
  rewrite,
  rewrite,
];

/** Values near what a schema allows; an object has only properties that the schema names, and `zz`. */
export function sampleValues(random: Random, schema: Json, document: JsonObject, depth = 3): Json[] {
  const all: Json[] = [null, true, false, "x", 1];
  collect(schema, depth);
  const unique = new Map(all.map((value) => [JSON.stringify(value), value]));
  return [...unique.values()];

  function collect(part: Json, depth: number): void {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return;
    if (typeof part.$ref === "string") {
      const name = part.$ref.split("/").at(-1)!;
      const schemas = (document.components as JsonObject).schemas as JsonObject;
      if (depth > 0) collect(schemas[name]!, depth - 1);
    }
    for (const key of ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]) {
      const bound = part[key];
      if (typeof bound === "number")
        all.push(bound, bound - 1, bound + 1, bound + 0.5, bound - 0.5, bound * 2);
    }
    if (Array.isArray(part.enum)) all.push(...part.enum);
    if (part.const !== undefined) all.push(part.const);
    if (mentions(part, "string", "minLength", "maxLength", "pattern", "format")) all.push(...TEXTS);
    if (mentions(part, "number") || mentions(part, "integer")) all.push(0, 1.5, -3, 2 ** 31, 6);
    for (const key of ["anyOf", "oneOf", "allOf"])
      for (const member of list_(part[key])) collect(member, depth);
    for (const key of ["not", "if", "then", "else"]) if (part[key] !== undefined) collect(part[key], depth);
    if (depth > 0 && mentions(part, "array", "items", "minItems", "prefixItems", "contains"))
      arrays(part, depth);
    if (mentions(part, "object", "properties", "required", "minProperties", "additionalProperties"))
      objects(part, depth);
  }

  function arrays(part: JsonObject, depth: number): void {
    const inner = [...list_(part.prefixItems), part.items, part.contains].filter(
      (each) => each !== undefined,
    );
    const items = inner.flatMap((each) => sampleValues(random, each, document, depth - 1));
    for (let times = 0; times < 14; times++)
      all.push(
        Array.from({ length: Math.floor(random() * 4) }, () =>
          pick(random, items.length > 0 ? items : VALUES),
        ),
      );
  }

  function objects(part: JsonObject, depth: number): void {
    const named = typeof part.properties === "object" ? (part.properties as JsonObject) : {};
    const extra = part.additionalProperties ?? true;
    const names = new Set([...Object.keys(named), ...list_(part.required).map(String), "zz"]);
    if (part.additionalProperties !== undefined || part.patternProperties)
      for (const name of NAMES) names.add(name).add("aa");
    const values = new Map(
      Array.from(names, (name): [string, Json[]] => [
        name,
        depth > 0 ? sampleValues(random, named[name] ?? extra, document, depth - 1) : ["x", 1, null],
      ]),
    );
    for (let times = 0; times < 26; times++) {
      const chance = random();
      const chosen = [...names].filter((name) => list_(part.required).includes(name) || random() < chance);
      all.push(Object.fromEntries(chosen.map((name) => [name, pick(random, values.get(name)!)])));
    }
  }
}

function list_(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function mentions(part: JsonObject, type: string, ...keywords: string[]): boolean {
  return [part.type].flat().includes(type) || keywords.some((keyword) => part[keyword] !== undefined);
}
