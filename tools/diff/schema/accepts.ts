import { createRequire } from "node:module";
import type { Json, JsonObject } from "../../../contracts/openapi/json.ts";
import { anyNode, type Node } from "./pool.ts";
import {
  type ArrayFacet,
  canonical,
  type Facets,
  itemNode,
  matches,
  type NumberFacet,
  type ObjectFacet,
  propertyNode,
  type Shape,
  type StringFacet,
  shapeOf,
  type TypeName,
  typeOf,
} from "./shape.ts";

/** `undefined`: it cannot be told. */
export type Verdict = boolean | undefined;

/** Whether a schema accepts a value. */
export function accepts(node: Node, value: Json): Verdict {
  return acceptsShape(shapeOf(node), value);
}

/** The values that an enumeration in fact allows, given what else holds; `undefined` where there is none. */
export function valuesOf(facets: Facets, type: TypeName): Json[] | undefined {
  const facet = facets[type];
  return facet?.values?.filter((value) => acceptsFacet(type, facet, value) !== false);
}

export function acceptsShape({ facets, any, one, not, opaque }: Shape, value: Json): Verdict {
  const type = typeOf(value);
  const facet = facets[type];
  if (!facet) return false;
  return all([
    () => acceptsFacet(type, facet, value),
    ...any.map((nodes) => () => some(nodes.map((node) => () => accepts(node, value)))),
    ...one.map(
      ({ nodes }) =>
        () =>
          exactlyOne(nodes.map((node) => accepts(node, value))),
    ),
    ...not.map((node) => () => negated(accepts(node, value))),
    ...opaque.map((each) => () => (each.type === undefined || each.type === type ? undefined : true)),
  ]);
}

/** True when all are; false when one is. */
export function all(claims: Iterable<() => Verdict>): Verdict {
  let verdict: Verdict = true;
  for (const claim of claims) {
    const one = claim();
    if (one === false) return false;
    if (one === undefined) verdict = undefined;
  }
  return verdict;
}

/** True when one is; false when none is. */
export function some(claims: Iterable<() => Verdict>): Verdict {
  let verdict: Verdict = false;
  for (const claim of claims) {
    const one = claim();
    if (one === true) return true;
    if (one === undefined) verdict = undefined;
  }
  return verdict;
}

function exactlyOne(verdicts: Verdict[]): Verdict {
  const sure = verdicts.filter((verdict) => verdict === true).length;
  if (sure > 1) return false;
  if (verdicts.includes(undefined)) return undefined;
  return sure === 1;
}

function negated(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict;
}

function acceptsFacet(type: TypeName, facet: NonNullable<Facets[TypeName]>, value: Json): Verdict {
  if (facet.values) {
    const text = canonical(value);
    if (!facet.values.some((allowed) => canonical(allowed) === text)) return false;
  }
  if (type === "number") return acceptsNumber(facet as NumberFacet, value as number);
  if (type === "string") return acceptsString(facet as StringFacet, value as string);
  if (type === "array") return acceptsArray(facet as ArrayFacet, value as Json[]);
  if (type === "object") return acceptsObject(facet as ObjectFacet, value as JsonObject);
  return true;
}

function acceptsNumber(
  { integer, minimum, maximum, multiples = [], formats = [] }: NumberFacet,
  value: number,
): Verdict {
  if (integer && !Number.isInteger(value)) return false;
  if (minimum && (minimum.exclusive ? value <= minimum.value : value < minimum.value)) return false;
  if (maximum && (maximum.exclusive ? value >= maximum.value : value > maximum.value)) return false;
  return all([
    ...multiples.map((step) => () => isMultiple(value, step)),
    ...formats.map((format) => () => hasNumberFormat(format, value)),
  ]);
}

/** Whether a number is a multiple; `undefined` where floating point decides it by chance. */
export function isMultiple(value: number, step: number): Verdict {
  const quotient = value / step;
  if (Number.isInteger(value) && Number.isInteger(step)) return Number.isInteger(quotient);
  return Math.abs(quotient - Math.round(quotient)) < 1e-6 ? undefined : false;
}

function hasNumberFormat(format: string, value: number): Verdict {
  if (format === "float" || format === "double") return true;
  if (format === "int32") return Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
  if (format === "int64") return Number.isInteger(value);
  return undefined;
}

function acceptsString(
  { minLength = 0, maxLength = Infinity, patterns = [], formats = [], encodings, mediaTypes }: StringFacet,
  value: string,
): Verdict {
  const length = [...value].length;
  if (length < minLength || length > maxLength) return false;
  return all([
    ...patterns.map((pattern) => () => matches(pattern, value)),
    ...formats.map((format) => () => hasFormat(format, value)),
    () => (encodings || mediaTypes ? undefined : true),
  ]);
}

let stringFormats: Record<string, unknown> | undefined;

function hasFormat(format: string, value: string): Verdict {
  stringFormats ??= createRequire(import.meta.url)("ajv-formats/dist/formats.js").fullFormats;
  const definition = stringFormats![format] as RegExp | { validate?: unknown } | ((text: string) => boolean);
  const check =
    definition && typeof definition === "object" && "validate" in definition
      ? definition.validate
      : definition;
  if (check instanceof RegExp) return check.test(value);
  return typeof check === "function" ? Boolean(check(value)) : undefined;
}

function acceptsArray(facet: ArrayFacet, value: Json[]): Verdict {
  const { minItems = 0, maxItems = Infinity, unique, prefix, items } = facet;
  if (value.length < minItems || value.length > maxItems) return false;
  if (unique && new Set(value.map(canonical)).size < value.length) return false;
  const pool = (items ?? prefix?.[0])?.pool;
  if (!pool) return true;
  return all(value.map((item, index) => () => accepts(itemNode(facet, index, anyNode(pool)), item)));
}

function acceptsObject(facet: ObjectFacet, value: JsonObject): Verdict {
  const { minProperties = 0, maxProperties = Infinity, required = [], dependent = [], names } = facet;
  const present = Object.keys(value);
  if (present.length < minProperties || present.length > maxProperties) return false;
  for (const name of required) if (!Object.hasOwn(value, name)) return false;
  for (const [name, wanted] of dependent)
    if (Object.hasOwn(value, name) && ![...wanted].every((other) => Object.hasOwn(value, other)))
      return false;
  const { named, matching, additional } = facet;
  const pool = [...(named?.values() ?? []), ...(matching?.values() ?? []), additional?.[0]?.node, names].find(
    (node) => node !== undefined,
  )?.pool;
  if (!pool) return true;
  return all([
    ...present.map((name) => () => accepts(propertyNode(facet, name, anyNode(pool)), value[name]!)),
    ...present.map((name) => () => (names ? accepts(names, name) : true)),
  ]);
}
