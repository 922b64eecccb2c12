import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { compilePattern } from "../../../contracts/openapi/keywords.ts";
import { safeLengthOf } from "../../../contracts/trust/pattern-cost.ts";
import { anyNode, conjoin, flatten, isAny, listOf, type Node, type Part, schemaNode } from "./pool.ts";

/**
 * A schema in the form in which two are compared: what it says of each JSON type, whatever words it says it
 * with. A type without a facet is not allowed.
 */
export type Shape = {
  facets: Facets;
  /** Of each list at least one holds. */
  any: Node[][];
  /** Of each list exactly one holds. */
  one: OneOf[];
  not: Node[];
  /** Keywords that are only compared for equality. */
  opaque: Opaque[];
};

export type Facets = {
  null?: Facet;
  boolean?: Facet;
  number?: NumberFacet;
  string?: StringFacet;
  array?: ArrayFacet;
  object?: ObjectFacet;
};
export type TypeName = keyof Facets;
export const TYPES: TypeName[] = ["null", "boolean", "number", "string", "array", "object"];

/** `values`: of this type only these, as far as the other fields allow them. */
type Facet = { values?: Json[] };
export type Bound = { value: number; exclusive: boolean };
export type NumberFacet = Facet & {
  integer?: true;
  minimum?: Bound;
  maximum?: Bound;
  multiples?: number[];
  formats?: string[];
};
export type StringFacet = Facet & {
  minLength?: number;
  maxLength?: number;
  patterns?: string[];
  formats?: string[];
  encodings?: string[];
  mediaTypes?: string[];
};
export type ArrayFacet = Facet & {
  minItems?: number;
  maxItems?: number;
  unique?: true;
  prefix?: Node[];
  items?: Node;
};
export type ObjectFacet = Facet & {
  minProperties?: number;
  maxProperties?: number;
  named?: Map<string, Node>;
  matching?: Map<string, Node>;
  /** What holds for the properties that have none of the names and match none of the patterns. */
  additional?: Additional[];
  /** `additionalProperties` is written, be it `true`. */
  explicit?: true;
  required?: Set<string>;
  dependent?: Map<string, Set<string>>;
  names?: Node;
};
type Additional = { names: Set<string>; patterns: string[]; node: Node };
export type OneOf = { nodes: Node[]; discriminated: boolean };
/** `type`: the only type it concerns. `nodes`: the schemas in it; `text`: all else. */
export type Opaque = { keyword: string; type?: TypeName; nodes: Node[]; text: string };

const shapes = new WeakMap<Node, Shape | "pending">();

/** The shape of a node. */
export function shapeOf(node: Node): Shape {
  const known = shapes.get(node);
  if (known === "pending")
    return { ...fullShape(), opaque: [{ keyword: "$ref", nodes: [], text: node.key }] };
  if (known) return known;
  shapes.set(node, "pending");
  const shape = simplify(flatten(node).map(shapeOfPart).reduce(meet, fullShape()));
  shapes.set(node, shape);
  return shape;
}

function fullShape(): Shape {
  return {
    facets: { null: {}, boolean: {}, number: {}, string: {}, array: {}, object: {} },
    any: [],
    one: [],
    not: [],
    opaque: [],
  };
}

/** The types that a shape allows, alternatives included. */
export function typesOf(shape: Shape): Set<TypeName> {
  const lists = [...shape.any, ...shape.one.map(({ nodes }) => nodes)];
  const allowed = lists.map((nodes) => new Set(nodes.flatMap((node) => [...typesOf(shapeOf(node))])));
  return new Set(TYPES.filter((type) => shape.facets[type] && allowed.every((types) => types.has(type))));
}

/** The shape of what both allow. */
export function meet(a: Shape, b: Shape): Shape {
  const facets: Facets = {};
  for (const type of TYPES) {
    const [one, other] = [a.facets[type], b.facets[type]];
    if (one && other) facets[type] = meetFacet(one as AnyFacet, other as AnyFacet) as object;
  }
  return {
    facets,
    any: [...a.any, ...b.any],
    one: [...a.one, ...b.one],
    not: [...a.not, ...b.not],
    opaque: [...a.opaque, ...b.opaque],
  };
}

/** What holds for the property of this name. */
export function propertyNode(facet: ObjectFacet, name: string, none: Node): Node {
  const nodes: Node[] = [];
  const named = facet.named?.get(name);
  if (named) nodes.push(named);
  for (const [pattern, node] of facet.matching ?? []) if (matches(pattern, name)) nodes.push(node);
  for (const { names, patterns, node } of facet.additional ?? []) {
    if (!names.has(name) && !patterns.some((pattern) => matches(pattern, name))) nodes.push(node);
  }
  return nodes.length === 0 ? none : conjoin(none.pool, nodes);
}

/** What holds for the item at this place. */
export function itemNode(facet: ArrayFacet, index: number, none: Node): Node {
  return facet.prefix?.[index] ?? facet.items ?? none;
}

const expressions = new Map<string, { expression: RegExp | undefined; safeLength: number }>();

/** Whether a pattern matches. One that no engine compiles, or that would take long on this text, matches everything. */
export function matches(pattern: string, text: string): boolean {
  const known = expressions.get(pattern) ?? {
    expression: compilePattern(pattern).expression,
    safeLength: safeLengthOf(pattern),
  };
  expressions.set(pattern, known);
  return text.length > known.safeLength || (known.expression?.test(text) ?? true);
}

/** The same text for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

export function typeOf(value: Json): TypeName {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value as TypeName;
}

type AnyFacet = NumberFacet & StringFacet & ArrayFacet & ObjectFacet;

function meetFacet(a: AnyFacet, b: AnyFacet): AnyFacet {
  if (Object.keys(a).length === 0) return b;
  if (Object.keys(b).length === 0) return a;
  const facet: AnyFacet = { ...a, ...b };
  if (a.values && b.values) {
    const allowed = new Set(b.values.map(canonical));
    facet.values = a.values.filter((value) => allowed.has(canonical(value)));
  }
  for (const field of ["minLength", "minItems", "minProperties"] as const)
    if (a[field] !== undefined && b[field] !== undefined) facet[field] = Math.max(a[field], b[field]);
  for (const field of ["maxLength", "maxItems", "maxProperties"] as const)
    if (a[field] !== undefined && b[field] !== undefined) facet[field] = Math.min(a[field], b[field]);
  for (const field of ["patterns", "formats", "encodings", "mediaTypes", "multiples"] as const) {
    const [one, other] = [a[field], b[field]];
    if (one && other) Object.assign(facet, { [field]: [...new Set<string | number>([...one, ...other])] });
  }
  if (a.minimum && b.minimum) facet.minimum = tighter(a.minimum, b.minimum, 1);
  if (a.maximum && b.maximum) facet.maximum = tighter(a.maximum, b.maximum, -1);
  meetItems(facet, a, b);
  meetProperties(facet, a, b);
  return facet;
}

function tighter(a: Bound, b: Bound, sign: 1 | -1): Bound {
  if (a.value === b.value) return a.exclusive ? a : b;
  return a.value * sign > b.value * sign ? a : b;
}

function meetItems(facet: ArrayFacet, a: ArrayFacet, b: ArrayFacet): void {
  const pool = (a.items ?? a.prefix?.[0] ?? b.items ?? b.prefix?.[0])?.pool;
  if (!pool) return;
  const none = anyNode(pool);
  const both = (index: number) => conjoin(pool, [itemNode(a, index, none), itemNode(b, index, none)]);
  const length = Math.max(a.prefix?.length ?? 0, b.prefix?.length ?? 0);
  if (length > 0) facet.prefix = Array.from({ length }, (_, index) => both(index));
  if (a.items || b.items) facet.items = conjoin(pool, [a.items ?? none, b.items ?? none]);
}

function meetProperties(facet: ObjectFacet, a: ObjectFacet, b: ObjectFacet): void {
  if (a.named && b.named) facet.named = meetMaps(a.named, b.named);
  if (a.matching && b.matching) facet.matching = meetMaps(a.matching, b.matching);
  if (a.additional && b.additional) facet.additional = [...a.additional, ...b.additional];
  if (a.required && b.required) facet.required = new Set([...a.required, ...b.required]);
  if (a.names && b.names) facet.names = conjoin(a.names.pool, [a.names, b.names]);
  if (a.dependent && b.dependent) {
    facet.dependent = new Map(a.dependent);
    for (const [name, wanted] of b.dependent)
      facet.dependent.set(name, new Set([...(facet.dependent.get(name) ?? []), ...wanted]));
  }
}

function meetMaps(a: Map<string, Node>, b: Map<string, Node>): Map<string, Node> {
  const both = new Map(a);
  for (const [name, node] of b) {
    const other = both.get(name);
    both.set(name, other ? conjoin(node.pool, [other, node]) : node);
  }
  return both;
}

function shapeOfPart(part: Part): Shape {
  const { side, schema, at } = part;
  const shape = fullShape();
  if (schema === true) return shape;
  if (schema === false) return { ...shape, facets: {} };
  const node = (keyword: string, ...more: (string | number)[]): Node => {
    const value = more.reduce<unknown>((inner, key) => (inner as JsonObject)?.[key], schema[keyword]);
    return schemaNode(side, value, [...at, keyword, ...more]);
  };
  readTypes(shape, schema, side.dialect);
  readNumbers(shape, schema);
  readStrings(shape, schema);
  readArrays(shape, schema, node);
  readObjects(shape, schema, node);
  readValues(shape, schema);
  readAlternatives(shape, schema, node);
  readOpaque(shape, schema, part.id, node);
  if (schema.unevaluatedProperties !== undefined) readUnevaluated(shape, part, node);
  return shape;
}

type Child = (keyword: string, ...more: (string | number)[]) => Node;

function readTypes(shape: Shape, schema: JsonObject, dialect: string): void {
  if (schema.type === undefined) return;
  const names = (Array.isArray(schema.type) ? schema.type : [schema.type]).map(String);
  const allowed = new Set(names.map((name) => ({ integer: "number", file: "string" })[name] ?? name));
  if (names.some((name) => !isTypeName(name))) {
    shape.opaque.push({ keyword: "type", nodes: [], text: canonical(schema.type) });
    return;
  }
  const nullable = dialect === "2.0" ? schema["x-nullable"] : dialect === "3.0" && schema.nullable;
  if (nullable === true) allowed.add("null");
  for (const type of TYPES) if (!allowed.has(type)) delete shape.facets[type];
  if (names.includes("integer") && !names.includes("number")) shape.facets.number = { integer: true };
  if (names.includes("file")) shape.facets.string = { mediaTypes: ["application/octet-stream"] };
}

function isTypeName(name: string): boolean {
  return name === "integer" || name === "file" || (TYPES as string[]).includes(name);
}

function readNumbers({ facets }: Shape, schema: JsonObject): void {
  const facet = facets.number;
  if (!facet) return;
  const minimum = bound(schema.minimum, schema.exclusiveMinimum, 1);
  const maximum = bound(schema.maximum, schema.exclusiveMaximum, -1);
  if (minimum) facet.minimum = minimum;
  if (maximum) facet.maximum = maximum;
  const step = schema.multipleOf;
  if (typeof step === "number" && step > 0) {
    if (Number.isInteger(step)) facet.integer = true;
    if (step !== 1) facet.multiples = [step];
  }
  const format = schema.format;
  if (typeof format === "string" && (NUMBER_FORMATS.has(format) || !STRING_FORMATS.has(format)))
    facet.formats = [format];
}

function bound(inclusive: unknown, exclusive: unknown, sign: 1 | -1): Bound | undefined {
  const bounds: Bound[] = [];
  if (typeof inclusive === "number") bounds.push({ value: inclusive, exclusive: exclusive === true });
  if (typeof exclusive === "number") bounds.push({ value: exclusive, exclusive: true });
  return bounds.length === 0 ? undefined : bounds.reduce((a, b) => tighter(a, b, sign));
}

export const NUMBER_FORMATS = new Set(["int32", "int64", "float", "double"]);
export const STRING_FORMATS = new Set([
  "byte",
  "binary",
  "date",
  "date-time",
  "time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uri-reference",
  "uri-template",
  "url",
  "uuid",
  "json-pointer",
  "relative-json-pointer",
  "regex",
  "password",
]);

function readStrings({ facets }: Shape, schema: JsonObject): void {
  const facet = facets.string;
  if (!facet) return;
  if (natural(schema.minLength)) facet.minLength = schema.minLength as number;
  if (typeof schema.maxLength === "number") facet.maxLength = schema.maxLength;
  if (typeof schema.pattern === "string" && !/^(\^?(\.\*)?|\$)$/.test(schema.pattern))
    facet.patterns = [schema.pattern];
  if (typeof schema.contentEncoding === "string") facet.encodings = [schema.contentEncoding.toLowerCase()];
  if (typeof schema.contentMediaType === "string") facet.mediaTypes = [schema.contentMediaType];
  const format = schema.format;
  if (format === "byte") facet.encodings = ["base64"];
  else if (format === "binary") facet.mediaTypes = ["application/octet-stream"];
  else if (typeof format === "string" && format !== "password" && !NUMBER_FORMATS.has(format))
    facet.formats = [format];
}

/** A lower bound of 0 says nothing. */
function natural(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

function readArrays({ facets }: Shape, schema: JsonObject, child: Child): void {
  const facet = facets.array;
  if (!facet) return;
  if (natural(schema.minItems)) facet.minItems = schema.minItems as number;
  if (typeof schema.maxItems === "number") facet.maxItems = schema.maxItems;
  if (schema.uniqueItems === true) facet.unique = true;
  const tuple = Array.isArray(schema.items) ? "items" : "prefixItems";
  const rest = Array.isArray(schema.items) ? "additionalItems" : "items";
  if (Array.isArray(schema[tuple])) facet.prefix = schema[tuple].map((_, index) => child(tuple, index));
  if (schema[rest] !== undefined) {
    const items = child(rest);
    if (!isAny(items)) facet.items = items;
  }
}

function readObjects({ facets }: Shape, schema: JsonObject, child: Child): void {
  const facet = facets.object;
  if (!facet) return;
  if (natural(schema.minProperties)) facet.minProperties = schema.minProperties as number;
  if (typeof schema.maxProperties === "number") facet.maxProperties = schema.maxProperties;
  const required = listOf(schema.required).filter((name) => typeof name === "string");
  if (required.length > 0) facet.required = new Set(required);
  if (isObject(schema.properties)) {
    facet.named = new Map(Object.keys(schema.properties).map((name) => [name, child("properties", name)]));
  }
  if (isObject(schema.patternProperties)) {
    const patterns = Object.keys(schema.patternProperties);
    facet.matching = new Map(patterns.map((name) => [name, child("patternProperties", name)]));
  }
  if (schema.additionalProperties !== undefined) {
    facet.explicit = true;
    const node = child("additionalProperties");
    const names = new Set(facet.named?.keys());
    if (!isAny(node)) facet.additional = [{ names, patterns: [...(facet.matching?.keys() ?? [])], node }];
  }
  if (schema.propertyNames !== undefined) facet.names = child("propertyNames");
  if (isObject(schema.dependentRequired)) {
    const rows = Object.entries(schema.dependentRequired).filter(([, wanted]) => listOf(wanted).length > 0);
    if (rows.length > 0)
      facet.dependent = new Map(rows.map(([name, wanted]) => [name, new Set(listOf(wanted).map(String))]));
  }
}

function readValues(shape: Shape, schema: JsonObject): void {
  const lists: Json[][] = [];
  if (Array.isArray(schema.enum)) lists.push(schema.enum);
  if (Object.hasOwn(schema, "const")) lists.push([schema.const!]);
  for (const list of lists) {
    const unique = [...new Map(list.map((value) => [canonical(value), value])).values()];
    for (const type of TYPES) {
      const facet = shape.facets[type];
      if (!facet) continue;
      const values = unique.filter((value) => typeOf(value) === type);
      if (values.length === 0) delete shape.facets[type];
      else if (!(type === "null" || (type === "boolean" && values.length === 2)))
        shape.facets[type] = facet.values ? meetFacet(facet as AnyFacet, { values }) : { ...facet, values };
    }
  }
}

function readAlternatives(shape: Shape, schema: JsonObject, child: Child): void {
  if (Array.isArray(schema.anyOf)) shape.any.push(schema.anyOf.map((_, index) => child("anyOf", index)));
  if (Array.isArray(schema.oneOf)) {
    const nodes = schema.oneOf.map((_, index) => child("oneOf", index));
    shape.one.push({ nodes, discriminated: schema.discriminator !== undefined });
  }
  if (schema.not !== undefined) shape.not.push(child("not"));
}

const OPAQUE: [keyword: string, type: TypeName | undefined, beside: string[]][] = [
  ["contains", "array", ["minContains", "maxContains"]],
  ["unevaluatedItems", "array", []],
  ["if", undefined, ["then", "else"]],
  ["contentSchema", "string", []],
];

function readOpaque(shape: Shape, schema: JsonObject, id: number, child: Child): void {
  for (const [keyword, type, beside] of OPAQUE) {
    if (schema[keyword] === undefined) continue;
    const present = beside.filter((name) => schema[name] !== undefined);
    const schemas = [keyword, ...(keyword === "if" ? present : [])];
    const text = canonical(keyword === "if" ? present : present.map((name) => [name, schema[name]!]));
    // What is evaluated elsewhere in the schema is not worked out for items: no two are equal.
    const place = keyword === "unevaluatedItems" ? ` of ${id}` : "";
    shape.opaque.push({ keyword, type, nodes: schemas.map((name) => child(name)), text: text + place });
  }
  const isConditional = schema.if !== undefined || isObject(schema.dependentSchemas);
  // A condition may name properties that the schema itself does not.
  if (isConditional && shape.facets.object) shape.facets.object.explicit = true;
  if (isObject(schema.dependentSchemas)) {
    const names = Object.keys(schema.dependentSchemas).sort();
    const nodes = names.map((name) => child("dependentSchemas", name));
    shape.opaque.push({ keyword: "dependentSchemas", type: "object", nodes, text: canonical(names) });
  }
  if (typeof schema.$dynamicRef === "string")
    shape.opaque.push({ keyword: "$dynamicRef", nodes: [], text: schema.$dynamicRef });
  for (const keyword of Object.keys(schema))
    if (keyword.startsWith("$recursive"))
      shape.opaque.push({ keyword, nodes: [], text: `${canonical(schema[keyword])} of ${id}` });
}

/** `unevaluatedProperties` beside nothing but `allOf` is `additionalProperties` that sees into it. */
function readUnevaluated({ facets, opaque }: Shape, part: Part, child: Child): void {
  const node = child("unevaluatedProperties");
  if (!facets.object || isAny(node)) return;
  const beside = flatten(schemaNode(part.side, part.schema, part.at)).map(({ schema }) => schema);
  const objects = beside.filter(isObject);
  if (objects.some((schema) => schema.additionalProperties !== undefined)) return;
  if (objects.some((schema) => CONDITIONAL.some((keyword) => schema[keyword] !== undefined))) {
    // Which properties are evaluated is not worked out here: no two are equal.
    opaque.push({ keyword: "unevaluatedProperties", type: "object", nodes: [], text: `of ${part.id}` });
    return;
  }
  const keys = (keyword: string) =>
    objects.flatMap((schema) => (isObject(schema[keyword]) ? Object.keys(schema[keyword]) : []));
  facets.object.explicit = true;
  facets.object.additional = [
    ...(facets.object.additional ?? []),
    { names: new Set(keys("properties")), patterns: keys("patternProperties"), node },
  ];
}

const CONDITIONAL = ["anyOf", "oneOf", "if", "dependentSchemas", "$dynamicRef", "not"];

/** Alternatives of different types are written as one schema of several types. */
function simplify(shape: Shape): Shape {
  const kept: Shape = { ...shape, any: [], one: [], not: [] };
  const unions: Shape[] = [];
  for (const nodes of shape.any) {
    const distinct = [...new Set(nodes)];
    if (distinct.some(isAny)) continue;
    const union = unionOf(distinct, false);
    if (union) unions.push(union);
    else kept.any.push(distinct);
  }
  for (const list of shape.one) {
    const union = unionOf(list.nodes, true);
    if (union) unions.push(union);
    else kept.one.push(list);
  }
  for (const node of shape.not) {
    const types = typesOnly(shapeOf(node));
    if (types) unions.push({ ...fullShape(), facets: without(types) });
    else kept.not.push(node);
  }
  return unions.reduce(meet, kept);
}

function unionOf(nodes: Node[], exactlyOne: boolean): Shape | undefined {
  const members = nodes.map(shapeOf);
  if (members.length === 1) return members[0];
  const facets: Facets = {};
  for (const { facets: own, any, one, not, opaque } of members) {
    if (any.length + one.length + not.length + opaque.length > 0) return undefined;
    for (const type of TYPES) {
      const [facet, before] = [own[type], facets[type]];
      if (!facet) continue;
      if (!before) facets[type] = facet as never;
      else if (onlyValues(before) && onlyValues(facet)) {
        const all = [...before.values!, ...facet.values!];
        const unique = [...new Map(all.map((value) => [canonical(value), value])).values()];
        if (exactlyOne && unique.length < all.length) return undefined;
        facets[type] = type === "boolean" && unique.length === 2 ? {} : { values: unique };
      } else return undefined;
    }
  }
  return { ...fullShape(), facets };
}

function onlyValues(facet: Facet): boolean {
  return facet.values !== undefined && Object.keys(facet).length === 1;
}

/** The types of a shape that allows each of its types whole. */
function typesOnly({ facets, any, one, not, opaque }: Shape): TypeName[] | undefined {
  if (any.length + one.length + not.length + opaque.length > 0) return undefined;
  const types = TYPES.filter((type) => facets[type]);
  return types.every((type) => Object.keys(facets[type]!).length === 0) ? types : undefined;
}

function without(types: TypeName[]): Facets {
  const { facets } = fullShape();
  for (const type of types) delete facets[type];
  return facets;
}
