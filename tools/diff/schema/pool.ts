import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { parsePointer, type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";
import { createCoinductive } from "./coinductive.ts";

/** The two documents of a comparison share a pool: it gives equal schemas one node. */
export type Pool = { parts: WeakMap<object, Part>; nodes: Map<string, Node>; count: number };

export type Dialect = "2.0" | "3.0" | "3.1";

/** One of the two documents. */
export type Side = {
  document: JsonObject;
  dialect: Dialect;
  pool: Pool;
  /** Called for each fault that the comparison met and passed over. */
  report: (at: Tokens, message: string) => void;
};

/** One schema as written, references followed: `at` is where its content stands. */
export type Part = { id: number; side: Side; schema: JsonObject | boolean; at: Tokens };

/** All of these parts hold together. No parts: any value. Equal parts are the same node. */
export type Node = { key: string; parts: Part[]; pool: Pool };

export function createPool(): Pool {
  return { parts: new WeakMap(), nodes: new Map(), count: 1 };
}

/** The node of a schema in a document; of no schema at all, the one that allows any value. */
export function schemaNode(side: Side, schema: unknown, at: Tokens): Node {
  return nodeOf(side.pool, [partOf(side, schema, at)]);
}

/** The node that allows any value. */
export function anyNode(pool: Pool): Node {
  return nodeOf(pool, []);
}

export function isAny(node: Node): boolean {
  return node.parts.length === 0;
}

/** The node for which several hold together. */
export function conjoin(pool: Pool, nodes: Node[]): Node {
  if (nodes.length === 1) return nodes[0]!;
  return nodeOf(
    pool,
    nodes.flatMap(({ parts }) => parts),
  );
}

function nodeOf(pool: Pool, given: Part[]): Node {
  let parts = given.length > 1 ? [...new Set(given)] : given;
  if (parts.some(({ schema }) => schema === true)) parts = parts.filter(({ schema }) => schema !== true);
  const never = parts.find(({ schema }) => schema === false);
  if (never) parts = [never];
  if (parts.length > 1) parts.sort((a, b) => a.id - b.id);
  const key = never ? "never" : parts.map(({ id }) => id).join(",");
  let node = pool.nodes.get(key);
  if (!node) pool.nodes.set(key, (node = { key, parts, pool }));
  return node;
}

/** The part of a schema; references without anything beside them are followed to their content. */
function partOf(side: Side, given: unknown, at: Tokens): Part {
  if (!isObject(given)) return { id: 0, side, schema: given !== false, at };
  const known = side.pool.parts.get(given);
  if (known) return known;
  const part = madePart(side, given, at);
  side.pool.parts.set(given, part);
  return part;
}

function madePart(side: Side, schema: JsonObject, at: Tokens): Part {
  if (typeof schema.$ref !== "string") return { id: side.pool.count++, side, schema, at };
  if (side.dialect === "2.0" && schema["x-nullable"] === true) {
    const union: JsonObject = { anyOf: [{ $ref: schema.$ref }, { enum: [null] }] };
    return { id: side.pool.count++, side, schema: union, at };
  }
  if (side.dialect === "3.1" && Object.keys(schema).some(constrains)) {
    return { id: side.pool.count++, side, schema, at };
  }
  const target = followed(side, schema, at);
  return target ? partOf(side, target.value, target.at) : { id: 0, side, schema: true, at };
}

/** What a `$ref` leads to, over several of them. */
export function followed(
  side: Side,
  reference: JsonObject,
  at: Tokens,
): { value: unknown; at: Tokens } | undefined {
  const seen = new Set<unknown>();
  let value: unknown = reference;
  let place = at;
  while (isObject(value) && typeof value.$ref === "string" && !(seen.size > 0 && hasMore(side, value))) {
    if (seen.has(value)) {
      side.report(at, `The reference ${reference.$ref} leads back to itself.`);
      return undefined;
    }
    seen.add(value);
    const ref: string = value.$ref;
    place = parsePointer(ref);
    value = ref.startsWith("#") ? valueAt(side.document, place) : undefined;
    if (value === undefined) {
      side.report(at, `The reference ${ref} leads nowhere.`);
      return undefined;
    }
  }
  return { value, at: place };
}

/** The node of a schema that the document writes in other words: it has the place of those words. */
export function placeSchema(side: Side, schema: JsonObject, at: Tokens): Node {
  const part = { id: side.pool.count++, side, schema, at };
  side.pool.parts.set(schema, part);
  return nodeOf(side.pool, [part]);
}

function hasMore(side: Side, schema: JsonObject): boolean {
  return side.dialect === "3.1" && Object.keys(schema).some(constrains);
}

const ANNOTATIONS = new Set([
  "title",
  "description",
  "summary",
  "example",
  "examples",
  "externalDocs",
  "xml",
  "$comment",
  "$schema",
  "$id",
  "$anchor",
  "$defs",
  "definitions",
]);

/** Whether a keyword says anything about values: titles, examples and extensions do not. */
function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.has(keyword) || (keyword.startsWith("x-") && keyword !== "x-nullable");
}

function constrains(keyword: string): boolean {
  return keyword !== "$ref" && keyword !== "deprecated" && !isAnnotation(keyword);
}

/**
 * The parts that hold together with those of a node at the same value: itself, what its `$ref`s lead to and its
 * `allOf`.
 */
export function flatten(node: Node): Part[] {
  const flat = new Set<Part>();
  const visit = (part: Part) => {
    if (flat.has(part)) return;
    flat.add(part);
    const { side, schema, at } = part;
    if (typeof schema === "boolean") return;
    if (typeof schema.$ref === "string") {
      const target = followed(side, schema, at);
      if (target) visit(partOf(side, target.value, target.at));
    }
    for (const [index, member] of listOf(schema.allOf).entries())
      visit(partOf(side, member, [...at, "allOf", index]));
  };
  for (const part of node.parts) visit(part);
  return [...flat];
}

/** The parts of a node that have a keyword. */
export function partsWith(node: Node, keyword: string): (Part & { schema: JsonObject })[] {
  const has = ({ schema }: Part) => typeof schema !== "boolean" && Object.hasOwn(schema, keyword);
  return flatten(node).filter(has) as (Part & { schema: JsonObject })[];
}

export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

const MAPS = new Set(["properties", "patternProperties", "dependentSchemas"]);

/** Whether two nodes are written alike, apart from annotations and the names that references go by. */
export function createIdentical(): (a: Node, b: Node) => boolean {
  const decide = createCoinductive(true);

  function nodes(a: Node, b: Node): boolean {
    return (
      a === b || (a.parts.length === b.parts.length && a.parts.every((part, i) => parts(part, b.parts[i]!)))
    );
  }

  function parts(a: Part, b: Part): boolean {
    if (a === b) return true;
    if (typeof a.schema === "boolean" || typeof b.schema === "boolean") return a.schema === b.schema;
    if (a.side.dialect !== b.side.dialect) return false;
    return decide(`${a.id} ${b.id}`, () => schemas(a, b));
  }

  function schemas(a: Part, b: Part): boolean {
    const [one, other] = [a.schema as JsonObject, b.schema as JsonObject];
    const keys = Object.keys(one).filter((key) => !isAnnotation(key));
    if (keys.length !== Object.keys(other).filter((key) => !isAnnotation(key)).length) return false;
    return keys.every((key) => {
      if (!Object.hasOwn(other, key)) return false;
      if (key === "$ref") return child(a, one, a.at, b, other, b.at, true);
      if (MAPS.has(key)) return map(a, one[key], [...a.at, key], b, other[key], [...b.at, key]);
      return child(a, one[key], [...a.at, key], b, other[key], [...b.at, key]);
    });
  }

  function map(a: Part, one: unknown, at: Tokens, b: Part, other: unknown, place: Tokens): boolean {
    if (!isObject(one) || !isObject(other)) return one === other;
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every(
        (key) =>
          Object.hasOwn(other, key) &&
          parts(partOf(a.side, one[key], [...at, key]), partOf(b.side, other[key], [...place, key])),
      )
    );
  }

  function child(
    a: Part,
    one: unknown,
    at: Tokens,
    b: Part,
    other: unknown,
    place: Tokens,
    reference = false,
  ): boolean {
    if (reference) {
      const [x, y] = [followed(a.side, one as JsonObject, at), followed(b.side, other as JsonObject, place)];
      if (!x || !y) return x === y;
      return parts(partOf(a.side, x.value, x.at), partOf(b.side, y.value, y.at));
    }
    if (Array.isArray(one) && Array.isArray(other)) {
      return (
        one.length === other.length &&
        one.every((item, i) => child(a, item, [...at, i], b, other[i], [...place, i]))
      );
    }
    if (isObject(one) && isObject(other)) return parts(partOf(a.side, one, at), partOf(b.side, other, place));
    return one === other;
  }

  return nodes;
}
