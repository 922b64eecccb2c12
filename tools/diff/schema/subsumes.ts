import type { Direction } from "../rules/rules.ts";
import { accepts, acceptsShape, all, isMultiple, some, type Verdict, valuesOf } from "./accepts.ts";
import { createCoinductive } from "./coinductive.ts";
import { anyNode, createIdentical, isAny, type Node, type Pool, partsWith } from "./pool.ts";
import {
  type ArrayFacet,
  type Bound,
  type Facets,
  itemNode,
  matches,
  meet,
  NUMBER_FORMATS,
  type NumberFacet,
  type ObjectFacet,
  type OneOf,
  type Opaque,
  propertyNode,
  type Shape,
  STRING_FORMATS,
  type StringFacet,
  shapeOf,
  TYPES,
  type TypeName,
} from "./shape.ts";

/**
 * Which values count. `direction`: properties that are not sent that way do not. `declared`: only values without
 * properties that the wider schema alone names; nobody sends what is not documented.
 */
export type View = { direction: Direction; declared: boolean };

export type Subsumption = {
  /** Whether `wide` accepts every value that `narrow` accepts: proved, disproved, or neither (`undefined`). */
  covers: (wide: Node, narrow: Node, view: View) => Verdict;
  /** Whether two schemas are written alike, apart from annotations and names. */
  identical: (a: Node, b: Node) => boolean;
  /** Whether it is proved that a schema accepts no value. */
  isEmpty: (node: Node) => boolean;
  /** Whether a property is not sent in that direction: `readOnly` in requests, `writeOnly` in responses. */
  isHidden: (node: Node, direction: Direction) => boolean;
};

/** More combinations of alternatives are not looked at. */
const MOST_COMBINATIONS = 64;
/** A range of so many whole numbers is compared as a list of them. */
const MOST_INTEGERS = 64;

export function createSubsumption(pool: Pool): Subsumption {
  const none = anyNode(pool);
  const identical = createIdentical();
  const decideCovers = createCoinductive<Verdict>(true);
  const decideEmpty = createCoinductive<boolean>(false);
  const expansions = { left: new WeakMap<Shape, Expansion>(), right: new WeakMap<Shape, Expansion>() };
  const separate = new WeakMap<OneOf, boolean>();
  const hidden = { request: new WeakMap<Node, boolean>(), response: new WeakMap<Node, boolean>() };

  function covers(wide: Node, narrow: Node, view: View): Verdict {
    if (isAny(wide) || wide === narrow) return true;
    return decideCovers(`${wide.key}/${narrow.key}/${view.direction}/${view.declared}`, () =>
      identical(wide, narrow) ? true : shapeCovers(shapeOf(wide), shapeOf(narrow), view),
    );
  }

  function equal(a: Node, b: Node, view: View): boolean {
    const strict = { ...view, declared: false };
    return covers(a, b, strict) === true && covers(b, a, strict) === true;
  }

  function shapeCovers(wide: Shape, narrow: Shape, view: View): Verdict {
    const allowed = expand(wide, "right");
    const given = expand(narrow, "left");
    if (!allowed || !given) return undefined;
    return all(
      given.flatMap((shape) =>
        TYPES.filter((type) => shape.facets[type]).map((type) => () => {
          const only = { ...shape, facets: { [type]: shape.facets[type] } as Facets };
          return coversType(allowed, only, type, view);
        }),
      ),
    );
  }

  function coversType(allowed: Shape[], narrow: Shape, type: TypeName, view: View): Verdict {
    const values = finiteValues(narrow.facets, type);
    if (values) {
      const open = values.filter(
        (value) => some(allowed.map((shape) => () => acceptsShape(shape, value))) !== true,
      );
      if (open.length === 0) return true;
      const refused = open.filter(
        (value) => some(allowed.map((shape) => () => acceptsShape(shape, value))) === false,
      );
      if (refused.some((value) => acceptsShape(narrow, value) === true)) return false;
    }
    const verdict = some(allowed.map((shape) => () => coversPlain(shape, narrow, type, view)));
    if (verdict === true || isEmptyShape(narrow)) return true;
    // Several alternatives may cover one together.
    if (allowed.filter(({ facets }) => facets[type]).length > 1 && type !== "object") return undefined;
    return verdict;
  }

  function coversPlain(wide: Shape, narrow: Shape, type: TypeName, view: View): Verdict {
    const facet = wide.facets[type];
    if (!facet) return false;
    return all([
      () => coversFacet(type, facet, narrow.facets[type]!, view),
      ...wide.not.map((node) => () => excludes(node, narrow, view)),
      ...wide.one.map((list) => () => coveredByOne(list, narrow, view)),
      ...wide.opaque.map((each) => () => {
        if (each.type !== undefined && each.type !== type) return true;
        return narrow.opaque.some((other) => sameOpaque(each, other, view)) || undefined;
      }),
    ]);
  }

  function excludes(node: Node, narrow: Shape, view: View): Verdict {
    if (isApart(narrow, node)) return true;
    const strict = { ...view, declared: false };
    return narrow.not.some((other) => covers(other, node, strict) === true) || undefined;
  }

  function coveredByOne(list: OneOf, narrow: Shape, view: View): Verdict {
    if (narrow.one.some((other) => sameMembers(list.nodes, other.nodes, view))) return true;
    const holds = list.nodes.findIndex((node) => shapeCovers(shapeOf(node), narrow, view) === true);
    if (holds < 0) return undefined;
    const others = list.nodes.filter((_, index) => index !== holds);
    return others.every((node) => isApart(narrow, node)) || undefined;
  }

  /** Whether no value is accepted by both. The lists of an expanded shape have done their part. */
  function isApart(expanded: Shape, node: Node): boolean {
    return isEmptyShape(meet({ ...expanded, any: [], one: [] }, shapeOf(node)));
  }

  function sameMembers(a: Node[], b: Node[], view: View): boolean {
    if (a.length !== b.length) return false;
    const left = [...b];
    return a.every((node) => {
      const found = left.findIndex((other) => equal(node, other, view));
      return found >= 0 && left.splice(found, 1).length > 0;
    });
  }

  function sameOpaque(a: Opaque, b: Opaque, view: View): boolean {
    if (a.keyword !== b.keyword || a.text !== b.text || a.nodes.length !== b.nodes.length) return false;
    return a.nodes.every((node, index) => equal(node, b.nodes[index]!, view));
  }

  function coversFacet(type: TypeName, wide: object, narrow: object, view: View): Verdict {
    const { values } = wide as { values?: unknown[] };
    if (values) {
      if (type !== "array" && type !== "object" && !("patterns" in narrow) && !("formats" in narrow))
        return false;
      return undefined;
    }
    if (type === "number") return coversNumber(wide, narrow);
    if (type === "string") return coversString(wide, narrow);
    if (type === "array") return coversArray(wide, narrow, view);
    if (type === "object") return coversObject(wide, narrow, view);
    return true;
  }

  function coversArray(wide: ArrayFacet, narrow: ArrayFacet, view: View): Verdict {
    const longest = longestArray(narrow);
    if ((wide.minItems ?? 0) > (narrow.minItems ?? 0)) return false;
    if ((wide.maxItems ?? Number.POSITIVE_INFINITY) < longest) return false;
    if (wide.unique && !narrow.unique && longest > 1) return false;
    const places = Math.max(wide.prefix?.length ?? 0, narrow.prefix?.length ?? 0);
    const claims = Array.from({ length: Math.min(places + 1, longest) }, (_, index) => () => {
      return covers(itemNode(wide, index, none), itemNode(narrow, index, none), view);
    });
    return all(claims);
  }

  function longestArray({ maxItems = Number.POSITIVE_INFINITY, prefix = [], items }: ArrayFacet): number {
    const empty = [...prefix, ...(items ? [items] : [])].findIndex(isEmpty);
    return empty < 0 ? maxItems : Math.min(maxItems, empty);
  }

  function coversObject(wide: ObjectFacet, narrow: ObjectFacet, view: View): Verdict {
    const names = new Set([...namesOf(wide), ...namesOf(narrow)]);
    const smallest = Math.max(narrow.minProperties ?? 0, narrow.required?.size ?? 0);
    if ((wide.minProperties ?? 0) > smallest) return false;
    if ((wide.maxProperties ?? Number.POSITIVE_INFINITY) < largestObject(narrow)) return false;
    for (const name of wide.required ?? []) {
      if (isHidden(propertyNode(wide, name, none), view.direction)) continue;
      if (!narrow.required?.has(name) || isHidden(propertyNode(narrow, name, none), view.direction))
        return false;
    }
    const undeclared = (name: string) => view.declared && !narrow.explicit && !isDeclared(narrow, name);
    return all([
      ...Array.from(names, (name) => () => {
        if (undeclared(name)) return true;
        const [outer, inner] = [propertyNode(wide, name, none), propertyNode(narrow, name, none)];
        if (outer === inner || isHidden(outer, view.direction) || isHidden(inner, view.direction))
          return true;
        return isEmpty(inner) || covers(outer, inner, view);
      }),
      ...Array.from(wide.matching ?? [], ([pattern, node]) => () => {
        const same = narrow.matching?.get(pattern);
        return same ? covers(node, same, view) : coversOthers(node, [], narrow, view);
      }),
      ...(wide.additional ?? []).map(
        ({ node, patterns }) =>
          () =>
            coversOthers(node, patterns, narrow, view),
      ),
      ...Array.from(wide.dependent ?? [], ([name, wanted]) => () => {
        const given = new Set([...(narrow.required ?? []), ...(narrow.dependent?.get(name) ?? [])]);
        return [...wanted].every((other) => given.has(other)) || isEmpty(propertyNode(narrow, name, none));
      }),
      () => coversNames(wide, narrow, view),
    ]);
  }

  /** Whether the properties that neither schema names are all accepted by a node. */
  function coversOthers(node: Node, except: string[], narrow: ObjectFacet, view: View): Verdict {
    const patterned = (patterns: Iterable<string>) =>
      [...patterns]
        .filter((pattern) => !except.includes(pattern))
        .map((pattern) => () => {
          const inner = narrow.matching?.get(pattern);
          return inner ? isEmpty(inner) || covers(node, inner, view) : covers(node, none, view);
        });
    if (view.declared && !narrow.explicit) return all(patterned(narrow.matching?.keys() ?? []));
    const rests = narrow.additional ?? [];
    if (rests.length === 0) return covers(node, none, view);
    return some(
      rests.map(
        (rest) => () =>
          all([() => isEmpty(rest.node) || covers(node, rest.node, view), ...patterned(rest.patterns)]),
      ),
    );
  }

  function coversNames(wide: ObjectFacet, narrow: ObjectFacet, view: View): Verdict {
    if (!wide.names) return true;
    if (narrow.names && covers(wide.names, narrow.names, view) === true) return true;
    if (largestObject(narrow) === Number.POSITIVE_INFINITY) return narrow.names ? undefined : false;
    const present = [...namesOf(narrow)].filter((name) => !isEmpty(propertyNode(narrow, name, none)));
    return all(present.map((name) => () => accepts(wide.names!, name)));
  }

  function largestObject(facet: ObjectFacet): number {
    const { maxProperties = Number.POSITIVE_INFINITY, additional = [], matching } = facet;
    if (matching || !additional.some(({ node }) => isEmpty(node))) return maxProperties;
    const possible = [...namesOf(facet)].filter((name) => !isEmpty(propertyNode(facet, name, none)));
    return Math.min(maxProperties, possible.length);
  }

  function isHidden(node: Node, direction: Direction): boolean {
    const known = hidden[direction].get(node);
    if (known !== undefined) return known;
    const keyword = direction === "request" ? "readOnly" : "writeOnly";
    const value = partsWith(node, keyword).some(({ schema }) => schema[keyword] === true);
    hidden[direction].set(node, value);
    return value;
  }

  function isEmpty(node: Node): boolean {
    if (node.key === "never") return true;
    if (isAny(node)) return false;
    return decideEmpty(node.key, () => isEmptyShape(shapeOf(node)));
  }

  function isEmptyShape(shape: Shape): boolean {
    const plain = expand(shape, "left");
    return plain?.every(({ facets }) => TYPES.every((type) => isEmptyFacet(type, facets))) ?? false;
  }

  function isEmptyFacet(type: TypeName, facets: Facets): boolean {
    const facet = facets[type];
    if (!facet) return true;
    if (finiteValues(facets, type)?.length === 0) return true;
    if (type === "number") {
      const { minimum, maximum } = boundsOf(facet);
      if (!minimum || !maximum) return false;
      return (
        minimum.value > maximum.value ||
        (minimum.value === maximum.value && (minimum.exclusive || maximum.exclusive))
      );
    }
    if (type === "string") {
      const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = facet as StringFacet;
      return minLength > maxLength;
    }
    if (type === "array") return ((facet as ArrayFacet).minItems ?? 0) > longestArray(facet);
    if (type !== "object") return false;
    const object = facet as ObjectFacet;
    const wanted = [...(object.required ?? [])];
    if (Math.max(object.minProperties ?? 0, wanted.length) > largestObject(object)) return true;
    return wanted.some((name) => isEmpty(propertyNode(object, name, none)));
  }

  /**
   * The shape as alternatives without alternatives inside; `undefined` when they are too many. On the right,
   * where exactly one may hold, only alternatives that exclude each other are taken apart.
   */
  function expand(shape: Shape, side: "left" | "right"): Shape[] | undefined {
    if (shape.any.length + shape.one.length === 0) return [shape];
    const known = expansions[side].get(shape);
    if (known) return known === "pending" || known === "many" ? undefined : known;
    expansions[side].set(shape, "pending");
    const plain = combine(shape, side);
    expansions[side].set(shape, plain ?? "many");
    return plain;
  }

  function combine(shape: Shape, side: "left" | "right"): Shape[] | undefined {
    const apart = shape.one.filter((list) => side === "left" || isSeparate(list));
    const whole = side === "left" ? shape.one : shape.one.filter((list) => !apart.includes(list));
    let plain: Shape[] = [{ ...shape, any: [], one: whole }];
    for (const nodes of [...shape.any, ...apart.map((list) => list.nodes)]) {
      const next: Shape[] = [];
      for (const node of nodes) {
        const members = expand(shapeOf(node), side);
        if (!members) return undefined;
        for (const member of members) {
          for (const each of plain) {
            const both = meet(each, member);
            if (TYPES.some((type) => both.facets[type])) next.push(both);
          }
        }
        if (next.length > MOST_COMBINATIONS) return undefined;
      }
      plain = next;
    }
    return plain;
  }

  function isSeparate(list: OneOf): boolean {
    const known = separate.get(list);
    if (known !== undefined) return known;
    separate.set(list, false);
    const { nodes } = list;
    const apart =
      list.discriminated ||
      (nodes.length <= 32 &&
        nodes.every((one, index) =>
          nodes.slice(index + 1).every((other) => isEmptyShape(meet(shapeOf(one), shapeOf(other)))),
        ));
    separate.set(list, apart);
    return apart;
  }

  return { covers, identical, isEmpty, isHidden };
}

type Expansion = Shape[] | "pending" | "many";

/** The values of an enumeration, or of a short range of whole numbers. */
function finiteValues(facets: Facets, type: TypeName) {
  const values = valuesOf(facets, type);
  if (values) return values;
  if (type === "null") return [null];
  if (type === "boolean") return [true, false];
  if (type !== "number") return undefined;
  const facet = facets.number!;
  const { minimum, maximum } = boundsOf(facet);
  if (!minimum || !maximum || facet.formats) return undefined;
  const span = maximum.value - minimum.value;
  if (!facet.integer && span !== 0) return undefined;
  if (span < 0 || span > MOST_INTEGERS || minimum.exclusive || maximum.exclusive) return undefined;
  const all = Array.from({ length: span + 1 }, (_, index) => minimum.value + index);
  return valuesOf({ number: { ...facet, values: all } }, "number");
}

/** The bounds of a number: those of whole numbers are whole and inclusive; int32 has its own. */
export function boundsOf(facet: NumberFacet): { minimum?: Bound; maximum?: Bound } {
  const { integer, formats } = facet;
  const int32 = formats?.includes("int32");
  let { minimum, maximum } = facet;
  if (int32 && (!minimum || minimum.value < -(2 ** 31))) minimum = { value: -(2 ** 31), exclusive: false };
  if (int32 && (!maximum || maximum.value > 2 ** 31 - 1)) maximum = { value: 2 ** 31 - 1, exclusive: false };
  if (!integer && !int32) return { minimum, maximum };
  return { minimum: minimum && whole(minimum, 1), maximum: maximum && whole(maximum, -1) };
}

function whole({ value, exclusive }: Bound, sign: 1 | -1): Bound {
  const inside = sign * Math.ceil(sign * value);
  return { value: exclusive && inside === value ? value + sign : inside, exclusive: false };
}

/** Whether one bound leaves out something that the other lets in. */
export function isTighter(a: Bound | undefined, b: Bound | undefined, sign: 1 | -1): boolean {
  if (!a) return false;
  if (!b) return true;
  if (a.value === b.value) return a.exclusive && !b.exclusive;
  return sign * a.value > sign * b.value;
}

function coversNumber(wide: NumberFacet, narrow: NumberFacet): Verdict {
  const [outer, inner] = [boundsOf(wide), boundsOf(narrow)];
  if (isTighter(outer.minimum, inner.minimum, 1) || isTighter(outer.maximum, inner.maximum, -1)) {
    return narrow.multiples ? undefined : false;
  }
  const isInteger = narrow.integer || narrow.formats?.some((format) => /^int(32|64)$/.test(format));
  if (wide.integer && !isInteger) return narrow.multiples ? undefined : false;
  const steps = [...(narrow.multiples ?? []), ...(isInteger ? [1] : [])];
  return all([
    ...(wide.multiples ?? []).map((step) => () => {
      if (steps.some((each) => each === step || isMultiple(each, step) === true)) return true;
      return narrow.multiples ? undefined : false;
    }),
    ...(wide.formats ?? []).map((format) => () => formatImplied(format, narrow.formats)),
  ]);
}

function coversString(wide: StringFacet, narrow: StringFacet): Verdict {
  // What a pattern or a format says of the length is not worked out.
  const unsure = narrow.patterns || narrow.formats || narrow.encodings ? undefined : false;
  if ((wide.minLength ?? 0) > (narrow.minLength ?? 0)) return unsure;
  if ((wide.maxLength ?? Number.POSITIVE_INFINITY) < (narrow.maxLength ?? Number.POSITIVE_INFINITY))
    return unsure;
  return all([
    ...(wide.patterns ?? []).map((pattern) => () => narrow.patterns?.includes(pattern) || unsure),
    ...(wide.formats ?? []).map((format) => () => formatImplied(format, narrow.formats)),
    ...(["encodings", "mediaTypes"] as const).flatMap((field) =>
      (wide[field] ?? []).map((each) => () => narrow[field]?.includes(each) || undefined),
    ),
  ]);
}

const NARROWER: Record<string, string> = { int64: "int32", double: "float" };

function formatImplied(format: string, given: string[] = []): Verdict {
  if (given.some((each) => each === format || each === NARROWER[format])) return true;
  if (!NUMBER_FORMATS.has(format) && !STRING_FORMATS.has(format)) return undefined;
  return given.length === 0 && format !== "int64" && format !== "float" && format !== "double"
    ? false
    : undefined;
}

function namesOf({ named, required, additional = [] }: ObjectFacet): Set<string> {
  return new Set([
    ...(named?.keys() ?? []),
    ...(required ?? []),
    ...additional.flatMap(({ names }) => [...names]),
  ]);
}

/** Whether a consumer knows of a property: it is described, or required without a description. */
function isDeclared({ named, matching, required }: ObjectFacet, name: string): boolean {
  return (
    Boolean(named?.has(name) || required?.has(name)) ||
    [...(matching?.keys() ?? [])].some((pattern) => matches(pattern, name))
  );
}
