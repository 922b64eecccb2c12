import { isObject } from "../../../contracts/openapi/json.ts";
import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import type { Direction } from "../rules/rules.ts";
import { type Node, type Pool, partsWith } from "./pool.ts";
import { type Shape, shapeOf } from "./shape.ts";
import type { View } from "./subsumes.ts";

/** Two schemas that are compared, and what differs between them. */
export type Pair = {
  a: Node;
  b: Node;
  /** What each says of the types of JSON. */
  x: Shape;
  y: Shape;
  direction: Direction;
  /** What differs here. */
  own: Own[];
  /** The pairs inside, which are compared on their own. */
  children: Child[];
};

type Own = { kind: string; step?: string; facts: Record<string, string>; old?: Tokens; new?: Tokens };
export type Child = { step: string; a: Node; b: Node };

/** What the comparison of one pair may ask about others. */
export type Proofs = {
  pool: Pool;
  /** The schema that allows everything. */
  none: Node;
  covers: (wide: Node, narrow: Node, view: View) => boolean | undefined;
  isEmpty: (node: Node) => boolean;
  isHidden: (node: Node, direction: Direction) => boolean;
  /** Whether there is nothing to say about a pair. */
  isClean: (a: Node, b: Node, direction: Direction) => boolean;
};

export function openPair(a: Node, b: Node, direction: Direction): Pair {
  return { a, b, x: shapeOf(a), y: shapeOf(b), direction, own: [], children: [] };
}

/** Adds a change that stands at the first of the keywords that is written. */
export function addChange(
  pair: Pair,
  kind: string,
  facts: Record<string, string>,
  ...keywords: string[]
): void {
  pair.own.push({ kind, facts, old: placeOf(pair.a, ...keywords), new: placeOf(pair.b, ...keywords) });
}

/** Adds `KIND-added`, `KIND-removed` or `KIND-changed`; the empty text stands for nothing. */
export function addRevision(pair: Pair, kind: string, old: string, now: string, keyword: string): void {
  const change = old === "" ? "added" : now === "" ? "removed" : "changed";
  addChange(pair, `${kind}-${change}`, { old, new: now }, keyword);
}

/** Adds `KIND-added`, `KIND-removed`, `KIND-raised` or `KIND-lowered`. */
export function addBound(
  pair: Pair,
  kind: string,
  { old, now, isRaised }: { old: string | undefined; now: string | undefined; isRaised: boolean },
  ...keywords: string[]
): void {
  const change =
    old === undefined ? "added" : now === undefined ? "removed" : isRaised ? "raised" : "lowered";
  addChange(pair, `${kind}-${change}`, { old: old ?? "", new: now ?? "" }, ...keywords);
}

/** Adds the change of a limit that is a whole number, if there is one. */
export function addLimit(
  pair: Pair,
  kind: string,
  old: number | undefined,
  now: number | undefined,
  keyword: string,
): void {
  if (old === now) return;
  const isRaised = (now ?? 0) > (old ?? 0);
  addBound(pair, kind, { old: old?.toString(), now: now?.toString(), isRaised }, keyword);
}

export function placeOf(node: Node, ...keywords: string[]): Tokens | undefined {
  for (const keyword of keywords) {
    const [part] = partsWith(node, keyword);
    if (part) return [...part.at, keyword];
  }
  return undefined;
}

export function placeIn(node: Node, keyword: string, name: string): Tokens | undefined {
  const part = partsWith(node, keyword).find(
    ({ schema }) => isObject(schema[keyword]) && Object.hasOwn(schema[keyword], name),
  );
  return part && [...part.at, keyword, name];
}

export function differences(x: string[] = [], y: string[] = []): [lost: string[], won: string[]] {
  return [x.filter((each) => !y.includes(each)), y.filter((each) => !x.includes(each))];
}

export function listed(values: readonly (string | number)[] | undefined): string {
  return (values ?? []).join(", ");
}

/** Takes the first that fits out of a list. */
export function take<Item>(items: Item[], fits: (item: Item) => boolean): Item | undefined {
  const index = items.findIndex(fits);
  return index < 0 ? undefined : items.splice(index, 1)[0];
}

/** Whether what a document does not describe counts too. */
export function strictly(direction: Direction): View {
  return { direction, declared: false };
}
