import type { Direction } from "../rules/rules.ts";
import {
  addChange,
  addLimit,
  differences,
  type Pair,
  type Proofs,
  placeIn,
  placeOf,
  strictly,
} from "./pair.ts";
import { conjoin, type Node } from "./pool.ts";
import { type ArrayFacet, canonical, itemNode, type ObjectFacet, propertyNode } from "./shape.ts";

export function compareArrays(pair: Pair, x: ArrayFacet, y: ArrayFacet, { none }: Proofs): void {
  addLimit(pair, "min-items", x.minItems, y.minItems, "minItems");
  addLimit(pair, "max-items", x.maxItems, y.maxItems, "maxItems");
  if (Boolean(x.unique) !== Boolean(y.unique))
    addChange(pair, x.unique ? "unique-items-removed" : "unique-items-added", {}, "uniqueItems");
  const places = Math.max(x.prefix?.length ?? 0, y.prefix?.length ?? 0);
  for (let index = 0; index < places; index++) {
    pair.children.push({ step: `/${index}`, a: itemNode(x, index, none), b: itemNode(y, index, none) });
  }
  const [one, other] = [x.items ?? none, y.items ?? none];
  if (one !== other) pair.children.push({ step: "/*", a: one, b: other });
}

export function compareObjects(pair: Pair, x: ObjectFacet, y: ObjectFacet, proofs: Proofs): void {
  const { isClean, isEmpty } = proofs;
  const least = (facet: ObjectFacet) =>
    (facet.minProperties ?? 0) > (facet.required?.size ?? 0) ? facet.minProperties : undefined;
  addLimit(pair, "min-properties", least(x), least(y), "minProperties");
  addLimit(pair, "max-properties", x.maxProperties, y.maxProperties, "maxProperties");
  const names = [x.named?.keys() ?? [], y.named?.keys() ?? [], x.required ?? [], y.required ?? []];
  for (const name of new Set(names.flatMap((each) => [...each]))) compareProperty(pair, x, y, name, proofs);

  const [one, other] = [restOf(x, proofs), restOf(y, proofs)];
  const [closed, closes] = [isEmpty(one), isEmpty(other)];
  if (!closed && closes) addChange(pair, "additional-properties-forbidden", {}, ...REST);
  else if (closed && !closes) addChange(pair, "additional-properties-allowed", {}, ...REST);
  else if (!closed && one !== other) pair.children.push({ step: "/*", a: one, b: other });

  const patterns = new Set([...(x.matching?.keys() ?? []), ...(y.matching?.keys() ?? [])]);
  for (const pattern of patterns) {
    const [before, after] = [x.matching?.get(pattern), y.matching?.get(pattern)];
    if (before && after) pair.children.push({ step: `/${pattern}`, a: before, b: after });
    else if (after)
      addChange(pair, "constraint-added", { new: `patternProperties ${pattern}` }, "patternProperties");
    else addChange(pair, "constraint-removed", { old: `patternProperties ${pattern}` }, "patternProperties");
  }
  if (x.names && y.names) {
    if (!isClean(x.names, y.names, pair.direction))
      addChange(pair, "constraint-changed", { new: "propertyNames" }, "propertyNames");
  } else if (x.names) addChange(pair, "constraint-removed", { old: "propertyNames" }, "propertyNames");
  else if (y.names) addChange(pair, "constraint-added", { new: "propertyNames" }, "propertyNames");
  compareDependent(pair, x, y);
}

const REST = ["additionalProperties", "unevaluatedProperties"];

function compareProperty(pair: Pair, x: ObjectFacet, y: ObjectFacet, name: string, proofs: Proofs): void {
  const { a, b, direction } = pair;
  const { none, isEmpty, isHidden } = proofs;
  const step = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const [before, after] = [propertyNode(x, name, none), propertyNode(y, name, none)];
  const [had, has] = [Boolean(x.named?.has(name)), Boolean(y.named?.has(name))];
  const [wanted, wants] = [Boolean(x.required?.has(name)), Boolean(y.required?.has(name))];
  const [hid, hides] = [isHidden(before, direction), isHidden(after, direction)];
  const places = {
    old: placeIn(a, "properties", name) ?? placeOf(a, "properties"),
    new: placeIn(b, "properties", name) ?? placeOf(b, "properties"),
  };
  // A property that can never be there is like one that is not described.
  const [mayHave, may] = [had && !isEmpty(before), has && !isEmpty(after)];
  if (hid && hides) return;
  let kind: string | undefined;
  if (hid !== hides && (mayHave || hid) && (may || hides)) kind = hiddenKind(hides, direction, wanted, wants);
  else if (!hid && !mayHave && may && !hides)
    kind = addedKind(x, { before, after, wanted, wants, direction }, proofs);
  else if (!hides && mayHave && !may && !hid)
    kind = removedKind(y, { before, after, wanted, wants, direction }, proofs);
  if (kind !== undefined) pair.own.push({ kind, step, facts: { name }, ...places });
  if (kind !== undefined || hid || hides) return;
  if (wanted !== wants) {
    pair.own.push({
      kind: wants ? "property-became-required" : "property-became-optional",
      step,
      facts: { name },
      old: placeOf(a, "required") ?? places.old,
      new: placeOf(b, "required") ?? places.new,
    });
  }
  if (had || has) pair.children.push({ step, a: before, b: after });
}

/** What both schemas say of one property. */
type Property = { before: Node; after: Node; wanted: boolean; wants: boolean; direction: Direction };

function addedKind(
  x: ObjectFacet,
  { before, after, wanted, wants, direction }: Property,
  { isEmpty, covers }: Proofs,
): string {
  const [wide, narrow] = direction === "request" ? [after, before] : [before, after];
  const isOtherwise = x.additional && !isEmpty(before) && covers(wide, narrow, strictly(direction)) !== true;
  if (direction === "response" && isEmpty(before)) return "property-added-to-closed-object";
  if (wants && !wanted && direction === "request") return "required-property-added";
  if (isOtherwise) return "property-described-otherwise";
  if (direction === "response") return "property-added";
  const sent = (x.explicit || wanted) && !isEmpty(before);
  const accepted = !sent || covers(after, before, strictly(direction)) === true;
  return accepted ? "property-added" : "property-restricted";
}

function removedKind(
  y: ObjectFacet,
  { before, after, wanted, direction }: Property,
  { isEmpty, covers }: Proofs,
): string {
  if (direction === "response" && wanted) return "required-property-removed";
  if (direction === "request" && isEmpty(after)) return "property-forbidden";
  const [wide, narrow] = direction === "request" ? [after, before] : [before, after];
  const isOtherwise = y.additional && !isEmpty(after) && covers(wide, narrow, strictly(direction)) !== true;
  return isOtherwise ? "property-described-otherwise" : "property-removed";
}

function hiddenKind(hides: boolean, direction: Direction, wanted: boolean, wants: boolean): string {
  if (direction === "request") {
    if (hides) return "property-became-read-only";
    return wants ? "required-property-no-longer-read-only" : "property-no-longer-read-only";
  }
  if (!hides) return "property-no-longer-write-only";
  return wanted ? "required-property-became-write-only" : "property-became-write-only";
}

function compareDependent(pair: Pair, x: ObjectFacet, y: ObjectFacet): void {
  const pairs = (facet: ObjectFacet) =>
    Array.from(facet.dependent ?? [], ([name, wanted]) => [...wanted].map((other) => [name, other])).flat();
  const [lost, won] = differences(pairs(x).map(canonical), pairs(y).map(canonical));
  for (const [kind, texts] of [
    ["dependent-required-removed", lost],
    ["dependent-required-added", won],
  ] as const) {
    for (const text of texts) {
      const [name, other] = JSON.parse(text) as [string, string];
      addChange(pair, kind, { name, old: other, new: other }, "dependentRequired");
    }
  }
}

/** What an object says of the properties that it does not name. */
function restOf({ additional = [] }: ObjectFacet, { none, pool }: Proofs): Node {
  return additional.length === 0
    ? none
    : conjoin(
        pool,
        additional.map(({ node }) => node),
      );
}
