import { isObject } from "../../contracts/openapi/json.ts";
import { createRandom } from "../random/random.ts";
import { numberOf } from "./number.ts";
import { textsOfPattern } from "./pattern-text.ts";
import type { Schemas } from "./schemas.ts";
import { textOf } from "./text.ts";
import { createIsValid, hiddenIn, ownValue, type Side, typesOf } from "./valid.ts";

/** Makes a value that a schema allows. The same schema and options give the same value. */
export type Sample = (schema: unknown, options?: SampleOptions) => unknown;

export type SampleOptions = {
  /** A value that is kept as far as the schema allows it, such as an example. */
  like?: unknown;
  /** Chooses among alternatives and enumerated values. */
  seed?: string;
  /** The name of the alternative that is wanted. */
  alternative?: string;
};

/**
 * Makes values from schemas. Objects have all of their properties but those that only the other
 * side sends (`writeOnly`, `readOnly`); where a schema contains
 * itself, or the value grows large, only those that are required.
 *
 * A schema that no value can keep gives the nearest value that could be made.
 */
export function createSample(schemas: Schemas, side: Side = "response"): Sample {
  const isValid = createIsValid(schemas, side);
  return (schema, { like, seed, alternative } = {}) => {
    const maker = createMaker(schemas, {
      isValid,
      hidden: hiddenIn[side],
      random: seed === undefined ? undefined : createRandom(seed),
      alternative,
    });
    const made = maker([schema], { ...top, like });
    return made === NONE ? (like ?? null) : made;
  };
}

type Schema = Record<string, unknown>;

/** No value was found. */
const NONE = Symbol("none");

type Place = {
  depth: number;
  /** The schemas around this value. One that is among them again contains itself. */
  open: readonly unknown[];
  /** Those of them of which only what is required is made. */
  openLeast: readonly unknown[];
  least: boolean;
  name: string | undefined;
  variant: number;
  like: unknown;
};

const top: Place = {
  depth: 0,
  open: [],
  openLeast: [],
  least: false,
  name: undefined,
  variant: 0,
  like: undefined,
};

/** More values than this are not made where they are not required. */
const mostValues = 1500;
/** Tries end here: some schemas no value can keep. */
const mostTries = 30_000;
const fullDepth = 8;
const deepest = 80;

type Making = {
  /** The keyword of properties that the other side sends. */
  hidden: string;
  isValid: (schema: unknown, value: unknown) => boolean;
  random: (() => number) | undefined;
  alternative: string | undefined;
};

function createMaker(schemas: Schemas, { isValid, hidden, random, alternative }: Making) {
  let made = 0;
  const makers: Record<string, (flat: Schema[], place: Place) => unknown> = {
    object: objectOf,
    array: listOf,
    string: (flat, { name, variant }) => textOf(flat, { name, variant, isValid }),
    integer: (flat, { variant }) => numberOf(flat, { variant, isWhole: true, isValid }),
    number: (flat, { variant }) => numberOf(flat, { variant, isWhole: false, isValid }),
    boolean: (_, { variant }) => variant % 2 === 0,
    null: () => null,
  };
  return make;

  function make(list: unknown[], place: Place): unknown {
    const flat = flatten(list);
    const value = flat ? makeOf(flat, place) : NONE;
    if (value !== NONE) return value;
    // What extends a schema, or its name, may not fit; then the schema stands for itself.
    const alone = flatten(list, false);
    const other = alone && alone.length !== flat?.length ? makeOf(alone, place) : NONE;
    if (other !== NONE || place.like === undefined) return other;
    return make(list, { ...place, like: undefined });
  }

  function makeOf(flat: Schema[], place: Place): unknown {
    if (place.depth > deepest || ++made > mostTries) return NONE;
    const contains = flat.some((schema) => place.open.includes(schema));
    const least = place.least || contains || made > mostValues || place.depth > fullDepth;
    if (least && flat.some((schema) => place.openLeast.includes(schema))) return NONE;
    const keeps = (value: unknown) => flat.every((schema) => isValid(schema, value));

    if (place.like !== undefined && keeps(place.like)) return place.like;
    const given = flat.flatMap((schema) => givenValues(schema, place));
    const valid = given.filter(keeps);
    if (valid.length > 0) return valid[(place.variant + drawn(valid.length)) % valid.length];

    const composed = flat.filter(isComplex);
    const like = place.like ?? given.find((value) => typeof value === "object" && value !== null);
    const here: Place = {
      ...place,
      like,
      least,
      open: composed.length > 0 ? [...place.open, ...composed] : place.open,
      openLeast: least ? [...place.openLeast, ...composed] : place.openLeast,
    };
    return alternatives(flat, here, keeps) ?? conditional(flat, here, keeps) ?? ofTypes(flat, here, keeps);
  }

  /** `undefined` where the schemas have no alternatives. */
  function alternatives(flat: Schema[], place: Place, keeps: Keeps): unknown {
    const at = flat.findIndex((schema) => isFilled(schema.oneOf) || isFilled(schema.anyOf));
    const schema = flat[at];
    if (!schema) return undefined;
    const keyword = isFilled(schema.oneOf) ? "oneOf" : "anyOf";
    const branches = inOrder(schema[keyword] as unknown[], schema, place);
    const others = flat.toSpliced(at, 1, withoutKeyword(schema, keyword));
    // Alternatives are no deeper value, so that a schema may stand there again; but not for ever.
    const inside = { ...place, depth: place.depth + 0.25, like: place.like };
    for (const least of place.least ? [true] : [false, true]) {
      for (const branch of branches) {
        const named = discriminated(schema, branch);
        for (const list of named
          ? [
              [...others, branch, named],
              [...others, branch],
            ]
          : [[...others, branch]]) {
          const value = make(list, { ...inside, least });
          if (value !== NONE && keeps(value)) return value;
        }
      }
    }
    return NONE;
  }

  function inOrder(branches: unknown[], schema: Schema, { variant, open }: Place): unknown[] {
    const wanted =
      alternative === undefined
        ? -1
        : branches.findIndex((branch) => schemas.namesOf(branch, schema.discriminator).includes(alternative));
    const first = wanted >= 0 ? wanted : (variant + drawn(branches.length)) % branches.length;
    const turned = [...branches.slice(first), ...branches.slice(0, first)];
    const [chosen, ...rest] = wanted >= 0 ? [turned[0], ...turned.slice(1)] : [undefined, ...turned];
    // What contains itself comes last, and so does null.
    const ends = (branch: unknown) => {
      const flat = flatten([branch]) ?? [];
      if (flat.some((one) => open.includes(one))) return 2;
      return flat.some((one) => typesOf(one)?.join() === "null") ? 1 : 0;
    };
    const sorted = rest.toSorted((one, other) => ends(one) - ends(other));
    return wanted >= 0 ? [chosen, ...sorted] : sorted;
  }

  /** The name of an alternative as a property, by the schema's discriminator. */
  function discriminated(schema: Schema, branch: unknown): Schema | undefined {
    const property = propertyOf(schema);
    if (property === undefined) return undefined;
    const [name] = schemas.namesOf(branch, schema.discriminator);
    return name === undefined
      ? undefined
      : { properties: { [property]: { const: name } }, required: [property] };
  }

  function conditional(flat: Schema[], place: Place, keeps: Keeps): unknown {
    const at = flat.findIndex((schema) => schema.if !== undefined);
    if (at === -1) return undefined;
    const { if: condition, then = true, else: otherwise = true } = flat[at]!;
    const others = flat.toSpliced(at, 1, withoutKeyword(flat[at]!, "if"));
    for (const list of [others, [...others, condition, then], [...others, otherwise]]) {
      const value = make(list, { ...place, depth: place.depth + 0.25 });
      if (value !== NONE && keeps(value)) return value;
    }
    return NONE;
  }

  function ofTypes(flat: Schema[], place: Place, keeps: Keeps): unknown {
    const types = commonTypes(flat);
    const mustBeTested = flat.some((schema) => hardKeywords.some((keyword) => keyword in schema));
    for (const type of place.least ? types.toSorted((a) => (a === "null" ? -1 : 0)) : types) {
      for (const least of place.least ? [true] : [false, true]) {
        const found = makers[type]?.(flat, { ...place, least });
        const value = found === undefined ? NONE : found;
        if (value !== NONE && (!mustBeTested || keeps(value))) return value;
        if (!mustBeTested && value === NONE && type !== "object" && type !== "array") break;
      }
    }
    return NONE;
  }

  function drawn(count: number): number {
    return random ? Math.floor(random() * count) : 0;
  }

  /**
   * The schemas that a value must keep, references followed and `allOf` taken apart; `undefined` where none can.
   *
   * @param named whether a discriminated schema stands for one that extends it, or has that one's name.
   */
  function flatten(list: unknown[], named = true): Schema[] | undefined {
    const seen = new Set<Schema>();
    const flat = new Set<Schema>();
    const open = [...list];
    for (let index = 0; index < open.length; index++) {
      const schema = open[index];
      if (schema === false) return undefined;
      if (!isObject(schema) || seen.has(schema)) continue;
      seen.add(schema);
      const refs = [schema.$ref, schema.$dynamicRef].filter((ref) => typeof ref === "string");
      open.push(...refs.map((ref) => schemas.target(ref)));
      if (Array.isArray(schema.allOf)) open.push(...schema.allOf);
      if (named) open.push(...refs.flatMap((ref) => extensionOf(ref, seen)));
      const isOwn = refs.length === 0 && !Array.isArray(schema.allOf);
      const own = isOwn ? schema : withoutKeyword(schema, "$ref");
      if (isOwn || Object.keys(own).length > 0) flat.add(own);
    }
    return [...flat];
  }

  /** One of the schemas that extend a discriminated one, and its name in the property that discriminates. */
  function extensionOf(ref: string, seen: ReadonlySet<Schema>): unknown[] {
    const parent = schemas.target(ref);
    if (!isObject(parent) || isFilled(parent.oneOf) || isFilled(parent.anyOf)) return [];
    const property = propertyOf(parent);
    if (property === undefined) return [];
    const children = [...schemas.childrenOf(ref)];
    const wanted = children.find(([name]) => name === alternative);
    const own = children.find(([, child]) => seen.has(schemas.target(child) as Schema));
    const [name, child] = own ?? wanted ?? children[drawn(children.length)] ?? [];
    if (name === undefined || child === undefined) return [];
    const mapping = isObject(parent.discriminator) ? parent.discriminator.mapping : undefined;
    const mapped = Object.entries(isObject(mapping) ? mapping : {}).find(
      ([, target]) => target === child || target === name,
    );
    const value = mapped?.[0] ?? name;
    const described = [parent, schemas.target(child)].map((one) =>
      isObject(one) ? ownValue(one.properties, property) : undefined,
    );
    const isAllowed = described.every((one) => one === undefined || isValid(one, value));
    const rule = isAllowed ? [{ properties: { [property]: { const: value } }, required: [property] }] : [];
    return own ? rule : [{ $ref: child }, ...rule];
  }

  /** The types that all schemas allow, in the order of the first. */
  function commonTypes(flat: Schema[]): string[] {
    let common: string[] | undefined;
    for (const schema of flat) {
      const types = typesOf(schema);
      if (!types || types.length === 0) continue;
      common = common === undefined ? types : meet(common, types);
    }
    common ??= [...new Set(flat.flatMap(inferred))];
    if (common.length === 0) return ["null"];
    return common.toSorted((one, other) => Number(one === "null") - Number(other === "null"));
  }

  function objectOf(flat: Schema[], place: Place): unknown {
    const described = new Set(
      flat.flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : [])),
    );
    const isLike = isObject(place.like) ? place.like : undefined;
    const required = new Set(
      flat.flatMap(({ required }) => (Array.isArray(required) ? required.map(String) : [])),
    );
    const names = new Set([...described, ...required, ...(isLike ? Object.keys(isLike) : [])]);
    const entries = new Map<string, unknown>();
    for (const name of names) {
      const wanted = propertySchemas(flat, name);
      if (wanted === undefined) {
        if (required.has(name)) return NONE;
        continue;
      }
      if (wanted.some((schema) => isHidden(schema))) continue;
      const isListed = described.has(name) || required.has(name);
      if (place.least && !required.has(name) && !(isLike && name in isLike)) continue;
      const like = ownValue(isLike, name);
      // A value that the example has and no schema describes is kept as it is.
      if (!isListed && wanted.length === 0) {
        entries.set(name, like);
        continue;
      }
      const value = make(wanted, inside(place, { name, like }));
      if (value !== NONE) entries.set(name, value);
      else if (required.has(name)) return NONE;
    }
    if (!isLike) addMapEntries(flat, place, entries);
    addDependent(flat, place, entries);
    const most = Math.min(...flat.map(({ maxProperties }) => Number(maxProperties ?? Infinity)));
    for (const name of [...entries.keys()].reverse()) {
      if (entries.size <= most) break;
      if (!required.has(name)) entries.delete(name);
    }
    return Object.fromEntries(entries);
  }

  /** The schemas of a property; `undefined` where it is not allowed. */
  function propertySchemas(flat: Schema[], name: string): unknown[] | undefined {
    const found: unknown[] = [];
    for (const { properties, patternProperties, additionalProperties } of flat) {
      const own = ownValue(properties, name);
      const matching = Object.entries(isObject(patternProperties) ? patternProperties : {})
        .filter(([pattern]) => schemas.testPattern(pattern, name))
        .map(([, schema]) => schema);
      const all = [...(own === undefined ? [] : [own]), ...matching];
      if (all.length === 0 && additionalProperties !== undefined) all.push(additionalProperties);
      if (all.includes(false)) return undefined;
      found.push(...all.filter((schema) => schema !== true));
    }
    return found;
  }

  /** Entries of a map, and as many more as there must be. */
  function addMapEntries(flat: Schema[], place: Place, entries: Map<string, unknown>): void {
    const least = Math.max(0, ...flat.map(({ minProperties }) => Number(minProperties ?? 0)));
    const isMap = flat.some(({ additionalProperties }) => isObject(additionalProperties));
    const patterns = flat.flatMap(({ patternProperties }) =>
      isObject(patternProperties) ? Object.keys(patternProperties) : [],
    );
    const listed = patterns.length > 0 && entries.size === 0 ? 1 : 0;
    const wanted = Math.max(least, place.least ? 0 : entries.size + (isMap ? 2 : listed));
    const rules = flat.flatMap(({ propertyNames }) => (propertyNames === undefined ? [] : [propertyNames]));
    for (let index = 0; entries.size < wanted && index < wanted + 10; index++) {
      const [matching] = patterns.flatMap((pattern) => textsOfPattern(pattern, index).next().value ?? []);
      const named = rules.length > 0 ? make(rules, inside(place, { variant: index })) : undefined;
      const name = String(typeof named === "string" ? named : (matching ?? `property${index + 1}`));
      const schemas = entries.has(name) ? undefined : propertySchemas(flat, name);
      const value = schemas ? make(schemas, inside(place, { name })) : NONE;
      if (value !== NONE) entries.set(name, value);
    }
  }

  function addDependent(flat: Schema[], place: Place, entries: Map<string, unknown>): void {
    const lists = flat.flatMap(({ dependentRequired }) =>
      isObject(dependentRequired) ? Object.entries(dependentRequired) : [],
    );
    for (const [name, others] of lists) {
      if (!entries.has(name) || !Array.isArray(others)) continue;
      for (const other of others.map(String)) {
        if (entries.has(other)) continue;
        const value = make(propertySchemas(flat, other) ?? [false], inside(place, { name: other }));
        if (value !== NONE) entries.set(other, value);
      }
    }
  }

  function isHidden(schema: unknown): boolean {
    return (flatten([schema]) ?? []).some((one) => one[hidden] === true);
  }

  function listOf(flat: Schema[], place: Place): unknown {
    const minItems = Math.max(0, ...flat.map(({ minItems }) => Number(minItems ?? 0)));
    const maxItems = Math.min(...flat.map(({ maxItems }) => Number(maxItems ?? Infinity)));
    const like = Array.isArray(place.like) ? place.like : undefined;
    const prefix = Math.max(
      0,
      ...flat.map(({ prefixItems }) => (Array.isArray(prefixItems) ? prefixItems.length : 0)),
    );
    const containing = flat.flatMap(({ contains, minContains = 1 }) =>
      contains === undefined ? [] : [{ contains, count: Number(minContains) }],
    );
    const contained = Math.max(0, ...containing.map(({ count }) => count));
    const isDescribed = flat.some(({ items }) => items !== undefined) || prefix > 0 || contained > 0;
    const wanted = place.least || !isDescribed ? minItems : Math.max(minItems, prefix, 1);
    const listed = like && Math.max(like.length, minItems, contained);
    const count = Math.min(maxItems, listed ?? Math.max(wanted, contained), 10_000);
    const isUnique = flat.some(({ uniqueItems }) => uniqueItems === true);
    const items: unknown[] = [];
    for (let index = 0; index < count; index++) {
      const described = flat.flatMap(({ prefixItems, items }) => {
        const own = Array.isArray(prefixItems) ? prefixItems[index] : undefined;
        return own ?? items ?? [];
      });
      const wantedHere = containing.filter((one) => index < one.count).map((one) => one.contains);
      const value = itemOf([...described, ...wantedHere], { place, like: like?.[index], items, isUnique });
      if (value !== NONE) items.push(value);
      else if (like === undefined) break;
    }
    return items.length < minItems ? NONE : items;
  }

  function itemOf(
    wanted: unknown[],
    { place, like, items, isUnique }: { place: Place; like: unknown; items: unknown[]; isUnique: boolean },
  ): unknown {
    const { length } = items;
    for (let variant = isUnique ? length : 0; variant <= length + 12; variant++) {
      const value = make(wanted, inside(place, { name: place.name, like, variant: place.variant + variant }));
      if (!isUnique || value === NONE) return value;
      const text = JSON.stringify(value);
      if (items.every((item) => JSON.stringify(item) !== text)) return value;
    }
    return NONE;
  }

  function inside(place: Place, changes: Partial<Place>): Place {
    return { ...place, depth: Math.floor(place.depth) + 1, like: undefined, name: undefined, ...changes };
  }
}

type Keeps = (value: unknown) => boolean;

/** The values that a schema itself offers, in the order in which Prism takes them. */
function givenValues(schema: Schema, { variant }: Place): unknown[] {
  const { default: fallback, enum: allowed, examples, example } = schema;
  const listed = [
    ...(example === undefined ? [] : [example]),
    ...(fallback === undefined ? [] : [fallback]),
    ...("const" in schema ? [schema.const] : []),
    ...(Array.isArray(allowed) ? allowed : []),
    ...(Array.isArray(examples) ? examples : []),
  ];
  // An example is one value; where several different ones are wanted, the enumerated ones serve.
  if (variant === 0 || Array.isArray(allowed) || "const" in schema) return listed.slice(0, 200);
  return [];
}

/** What a value is made of; scalars cannot contain themselves. */
function isComplex(schema: Schema): boolean {
  return [
    "properties",
    "items",
    "prefixItems",
    "additionalProperties",
    "patternProperties",
    "oneOf",
    "anyOf",
  ].some((keyword) => keyword in schema);
}

/** Keywords that a value made part by part may still break. */
const hardKeywords = [
  "oneOf",
  "anyOf",
  "not",
  "if",
  "enum",
  "const",
  "contains",
  "uniqueItems",
  "propertyNames",
  "patternProperties",
  "minProperties",
  "maxProperties",
  "dependentRequired",
  "dependentSchemas",
  "unevaluatedProperties",
  "unevaluatedItems",
];

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

const withouts = new WeakMap<Schema, Map<string, Schema>>();

/** The same schema without a keyword; the same object for the same schema. Its references were followed already. */
function withoutKeyword(schema: Schema, keyword: string): Schema {
  const known = withouts.get(schema) ?? new Map<string, Schema>();
  withouts.set(schema, known);
  const made = known.get(keyword) ?? omit(schema, [keyword, "$ref", "$dynamicRef", "allOf"]);
  known.set(keyword, made);
  return made;
}

function omit(schema: Schema, keywords: string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !keywords.includes(name)));
}

function propertyOf({ discriminator }: Schema): string | undefined {
  if (typeof discriminator === "string") return discriminator;
  const { propertyName } = isObject(discriminator) ? discriminator : {};
  return typeof propertyName === "string" ? propertyName : undefined;
}

function meet(one: string[], other: string[]): string[] {
  return one.flatMap((type) => {
    if (other.includes(type)) return [type];
    if (type === "number" && other.includes("integer")) return ["integer"];
    return type === "integer" && other.includes("number") ? [type] : [];
  });
}

/** The type that a schema's keywords are about. */
function inferred(schema: Schema): string[] {
  const found = Object.entries(keywordTypes).find(([keyword]) => keyword in schema);
  return found ? [found[1]] : [];
}

const keywordTypes: Record<string, string> = {
  properties: "object",
  required: "object",
  additionalProperties: "object",
  patternProperties: "object",
  minProperties: "object",
  maxProperties: "object",
  propertyNames: "object",
  items: "array",
  prefixItems: "array",
  contains: "array",
  minItems: "array",
  maxItems: "array",
  uniqueItems: "array",
  pattern: "string",
  format: "string",
  contentEncoding: "string",
  contentMediaType: "string",
  minLength: "string",
  maxLength: "string",
  multipleOf: "number",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
};
