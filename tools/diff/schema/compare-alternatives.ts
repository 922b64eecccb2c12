import type { Direction } from "../rules/rules.ts";
import { valuesOf } from "./accepts.ts";
import { typeWords } from "./compare-types.ts";
import { addChange, type Pair, type Proofs, placeOf, take } from "./pair.ts";
import type { Node } from "./pool.ts";
import { canonical, propertyNode, type Shape, shapeOf, TYPES, type TypeName, typesOf } from "./shape.ts";

/** Compares the members of `anyOf` and `oneOf`. */
export function compareAlternatives(pair: Pair, added: Set<TypeName>, proofs: Proofs): void {
  const { a, b, x, y } = pair;
  const [before, after] = [listsOf(x), listsOf(y)];
  if (before.length === 0 && after.length === 0) return;
  const pairs: [kind: string, old: Node[], now: Node[]][] = [];
  if (before.length === after.length) {
    for (const [index, one] of before.entries())
      pairs.push([after[index]!.kind, one.nodes, after[index]!.nodes]);
  } else if (before.length === 0 && isUnion(y)) {
    pairs.push([after[0]!.kind, [a], after[0]!.nodes]);
  } else if (after.length === 0 && isUnion(x)) {
    pairs.push([before[0]!.kind, before[0]!.nodes, [b]]);
  }
  for (const [kind, old, now] of pairs) {
    const { lost, won, alike } = matchMembers(old, now, pair.direction, proofs);
    for (const [one, other] of alike)
      if (one !== a || other !== b) pair.children.push({ step: "", a: one, b: other });
    const places = { old: placeOf(a, "oneOf", "anyOf"), new: placeOf(b, "oneOf", "anyOf") };
    for (const node of lost)
      pair.own.push({ kind: `${kind}-member-removed`, facts: { old: memberName(node) }, ...places });
    for (const node of won) {
      if (added.size > 0 && [...typesOf(shapeOf(node))].every((type) => added.has(type))) continue;
      pair.own.push({ kind: `${kind}-member-added`, facts: { new: memberName(node) }, ...places });
    }
  }
}

/** Pairs the alternatives of both sides: equal ones, those of one name, and what is left over alike. */
function matchMembers(old: Node[], now: Node[], direction: Direction, { isClean, none }: Proofs) {
  const won = [...now];
  let lost = old.filter((node) => !take(won, (other) => isClean(node, other, direction)));
  const alike: [Node, Node][] = [];
  const pairBy = (test: (one: Node, other: Node) => boolean) => {
    lost = lost.filter((node) => {
      const other = take(won, (candidate) => test(node, candidate));
      if (other) alike.push([node, other]);
      return !other;
    });
  };
  pairBy((one, other) => nameOf(one) !== undefined && nameOf(one) === nameOf(other));
  pairBy((one, other) => tagOf(one, none) !== undefined && tagOf(one, none) === tagOf(other, none));
  if (lost.length === won.length) pairBy((one, other) => sameTypes(one, other));
  lost = lost.filter((node) => ![...typesOf(shapeOf(node))].every((type) => type === "null"));
  return {
    lost,
    won: won.filter((node) => [...typesOf(shapeOf(node))].some((type) => type !== "null")),
    alike,
  };
}

/** The value of a property that is required and has only one. */
function tagOf(node: Node, none: Node): string | undefined {
  const object = shapeOf(node).facets.object;
  for (const name of object?.required ?? []) {
    const values = valuesOf(shapeOf(propertyNode(object!, name, none)).facets, "string");
    if (values?.length === 1) return `${name}=${canonical(values[0])}`;
  }
  return undefined;
}

export function listsOf({ any, one }: Shape): { kind: "any-of" | "one-of"; nodes: Node[] }[] {
  return [
    ...any.map((nodes) => ({ kind: "any-of" as const, nodes })),
    ...one.map(({ nodes }) => ({ kind: "one-of" as const, nodes })),
  ];
}

/** Whether a shape is one list of alternatives and says nothing else but the type. */
export function isUnion(shape: Shape): boolean {
  return (
    listsOf(shape).length === 1 && TYPES.every((type) => Object.keys(shape.facets[type] ?? {}).length === 0)
  );
}

function sameTypes(a: Node, b: Node): boolean {
  const [one, other] = [typesOf(shapeOf(a)), typesOf(shapeOf(b))];
  return one.size === other.size && [...one].every((type) => other.has(type));
}

/** The name of a schema that has one. */
function nameOf(node: Node): string | undefined {
  const at = node.parts.length === 1 ? node.parts[0]!.at : [];
  const named = at.length === 2 ? at[0] === "definitions" : at.length === 3 && at[1] === "schemas";
  return named ? String(at.at(-1)) : undefined;
}

function memberName(node: Node): string {
  return nameOf(node) ?? typeWords(shapeOf(node), typesOf(shapeOf(node)));
}

export function compareNot(pair: Pair, { isClean }: Proofs): void {
  const { x, y, direction } = pair;
  const won = [...y.not];
  const lost = x.not.filter((node) => !take(won, (other) => isClean(node, other, direction)));
  if (lost.length > 0 && won.length > 0) {
    pair.own.push({ kind: "constraint-changed", facts: { new: "not" } });
    return;
  }
  for (const _ of lost) pair.own.push({ kind: "not-removed", facts: {} });
  for (const _ of won) pair.own.push({ kind: "not-added", facts: {} });
}

/** Compares the keywords that are compared for equality alone, as `if` and `contains`. */
export function compareOpaque(pair: Pair, { isClean }: Proofs): void {
  const { x, y, direction } = pair;
  const won = [...y.opaque];
  const lost = x.opaque.filter(
    (one) =>
      !take(
        won,
        (other) =>
          one.keyword === other.keyword &&
          one.text === other.text &&
          one.nodes.every((node, index) => isClean(node, other.nodes[index]!, direction)),
      ),
  );
  for (const one of lost) {
    const other = take(won, ({ keyword }) => keyword === one.keyword);
    const facts = { old: one.keyword, new: one.keyword };
    addChange(pair, other ? "constraint-changed" : "constraint-removed", facts, one.keyword);
  }
  for (const { keyword } of won) addChange(pair, "constraint-added", { new: keyword }, keyword);
}
