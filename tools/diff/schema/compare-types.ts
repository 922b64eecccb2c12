import type { Direction } from "../rules/rules.ts";
import { type Pair, placeOf } from "./pair.ts";
import type { Node } from "./pool.ts";
import { type Facets, type Shape, shapeOf, TYPES, type TypeName, typesOf } from "./shape.ts";

/** Compares the types of JSON. @returns those that only the new schema allows. */
export function compareTypes(pair: Pair): Set<TypeName> {
  const { a, b, x, y } = pair;
  const [before, after] = [typesOf(x), typesOf(y)];
  const added = new Set([...after].filter((type) => !before.has(type)));
  const removed = new Set([...before].filter((type) => !after.has(type)));
  const keyword = ["type", "enum", "const", "anyOf", "oneOf", "nullable", "x-nullable", "not"];
  const places = { old: placeOf(a, ...keyword), new: placeOf(b, ...keyword) };
  const push = (kind: string, facts: Record<string, string> = {}) =>
    pair.own.push({ kind, facts, ...places });
  const words = { old: typeWords(x, before), new: typeWords(y, after) };

  if (before.size === TYPES.length && removed.size > 0) {
    const implied = [...after].some((type) => Object.keys(x.facets[type] ?? {}).length > 0);
    push(implied ? "type-stated" : "type-narrowed", { ...words, removed: `other types than ${words.new}` });
  } else if (after.size === TYPES.length && added.size > 0) {
    const implied = [...before].some((type) => Object.keys(y.facets[type] ?? {}).length > 0);
    push(implied ? "type-not-stated" : "type-widened", { ...words, added: "any type" });
  } else {
    if (before.size > 0 && removed.delete("null")) push("nullable-removed");
    if (before.size > 0 && added.has("null") && before.size + after.size > 1) push("nullable-added");
    const more = [...added].filter((type) => type !== "null");
    const fraction = fractionChange(x, y);
    if (removed.size > 0 && more.length > 0) push("type-changed", words);
    else if (removed.size > 0) push("type-narrowed", { ...words, removed: typeWords(x, removed) });
    else if (more.length > 0) push("type-widened", { ...words, added: typeWords(y, new Set(more)) });
    else if (fraction === "allowed") push("type-widened", { ...words, added: "fractions" });
    else if (fraction === "forbidden") push("type-narrowed", { ...words, removed: "fractions" });
  }
  return added;
}

function fractionChange({ facets: x }: Shape, { facets: y }: Shape): "allowed" | "forbidden" | undefined {
  if (!x.number || !y.number || x.number.values || y.number.values) return undefined;
  if (Boolean(x.number.integer) === Boolean(y.number.integer)) return undefined;
  return x.number.integer ? "allowed" : "forbidden";
}

/** What the words of a value say when it travels as text: every number and every boolean is a text too. */
export function compareText(
  a: Node,
  b: Node,
  direction: Direction,
): { kind: string; facts: Record<string, string> } | undefined {
  const [narrow, wide] = direction === "request" ? [a, b] : [b, a];
  const [inner, outer] = [shapeOf(narrow), shapeOf(wide)];
  const free = outer.facets.string && Object.keys(outer.facets.string).length === 0;
  const scalar = [...typesOf(inner)].every(
    (type) => type === "number" || type === "boolean" || type === "string",
  );
  if (
    !free ||
    typesOf(outer).size !== 1 ||
    outer.any.length + outer.one.length + outer.not.length + outer.opaque.length > 0
  )
    return undefined;
  if (!scalar || typesOf(inner).has("string") || typesOf(inner).size === 0) return undefined;
  const words = {
    old: typeWords(shapeOf(a), typesOf(shapeOf(a))),
    new: typeWords(shapeOf(b), typesOf(shapeOf(b))),
  };
  return direction === "request"
    ? { kind: "type-widened", facts: { ...words, added: "any text" } }
    : { kind: "type-narrowed", facts: { ...words, removed: "any text" } };
}

/** The types in words. */
export function typeWords({ facets }: Shape, types: Set<TypeName>): string {
  if (types.size === TYPES.length) return "any type";
  const words = [...types].map((type) =>
    type === "number" && (facets as Facets).number?.integer ? "integer" : type,
  );
  return words.length === 0 ? "nothing" : words.join(" or ");
}
