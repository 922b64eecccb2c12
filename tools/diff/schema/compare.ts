import { isObject } from "../../../contracts/openapi/json.ts";
import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import type { Direction, Level } from "../rules/rules.ts";
import { valuesOf } from "./accepts.ts";
import { createCoinductive } from "./coinductive.ts";
import { anyNode, conjoin, type Node, type Pool, partsWith } from "./pool.ts";
import {
  type ArrayFacet,
  canonical,
  type Facets,
  itemNode,
  type NumberFacet,
  type ObjectFacet,
  propertyNode,
  type Shape,
  type StringFacet,
  shapeOf,
  TYPES,
  type TypeName,
  typesOf,
} from "./shape.ts";
import { boundsOf, createSubsumption, isTighter, type View } from "./subsumes.ts";

/** One difference between two schemas. */
export type SchemaChange = {
  /** The rule's id without its direction. */
  kind: string;
  /** Where a proof says otherwise than the rule. */
  level?: Level;
  /** The place in the value, a JSON Pointer; `*` stands for each item or property. */
  path: string;
  facts: Record<string, string>;
  old: Tokens;
  new: Tokens;
};

type Places = { old: Tokens; new: Tokens };
type Own = { kind: string; step?: string; facts: Record<string, string>; old?: Tokens; new?: Tokens };
type Child = { step: string; a: Node; b: Node };
type Local = { own: Own[]; children: Child[] };

export type SchemaComparison = {
  a: Node;
  b: Node;
  direction: Direction;
  /** Where both stand, for what has no nearer place. */
  places: Places;
  /** The value travels as text: a parameter or a header. */
  text?: boolean;
};

/** Kinds that are about more than which values are accepted: a proof about values does not lower them. */
const BEYOND_VALUES =
  /^(default|content-|property-(removed|became-(read|write)|no-longer)|required-property-(removed|became)|discriminator)/;

/** Compares schemas of one pair of documents; what it finds out about a pair it keeps. */
export function createSchemaDiff(pool: Pool, levelOf: (direction: Direction, kind: string) => Level) {
  const none = anyNode(pool);
  const { covers, identical, isEmpty, isHidden } = createSubsumption(pool);
  const decideClean = createCoinductive(true);
  const locals = new Map<string, Local>();

  return function compareSchemas({ a, b, direction, places, text }: SchemaComparison): SchemaChange[] {
    if (text) {
      const change = compareText(a, b, direction);
      if (change) return [{ ...change, path: "", ...nearest({}, a, b, places) }];
    }
    // Of each pair that was walked, whether its changes hurt; `undefined` while it is walked.
    const visited = new Map<string, boolean | undefined>();
    return walk({ step: "", a, b }, "", places);

    function walk(pair: Child, above: string, fallback: Places): SchemaChange[] {
      const { a, b } = pair;
      const key = `${a.key}/${b.key}`;
      if (visited.has(key) || isClean(a, b, direction)) return [];
      visited.set(key, undefined);
      const path = above + pair.step;
      const here = nearest({}, a, b, fallback);
      const { own, children } = local(a, b, direction);
      const changes: SchemaChange[] = own.map((each) => ({
        kind: each.kind,
        facts: each.facts,
        path: path + (each.step ?? ""),
        ...nearest(each, a, b, here),
      }));
      // A pair that is being walked accounts for its own harm.
      let isExplained = false;
      for (const child of children) {
        const inner = `${child.a.key}/${child.b.key}`;
        if (visited.has(inner)) isExplained ||= visited.get(inner) !== false;
        else changes.push(...walk(child, path, here));
      }
      const all = weighed(a, b, changes, isExplained, { path, ...here });
      visited.set(key, isExplained || all.some((change) => levelFor(change) !== "compatible"));
      return all;
    }

    /** Lowers what is proved harmless; adds what no rule has a name for. */
    function weighed(
      a: Node,
      b: Node,
      changes: SchemaChange[],
      isExplained: boolean,
      here: { path: string } & Places,
    ): SchemaChange[] {
      const [wide, narrow] = direction === "request" ? [b, a] : [a, b];
      if (covers(wide, narrow, { direction, declared: false }) === true) {
        for (const change of changes) if (!BEYOND_VALUES.test(change.kind)) lower(change);
        if (changes.length > 0 || isExplained) return changes;
        return [{ kind: direction === "request" ? "schema-widened" : "schema-narrowed", facts: {}, ...here }];
      }
      if (isExplained || changes.some((change) => levelFor(change) !== "compatible")) return changes;
      const verdict = covers(wide, narrow, { direction, declared: true });
      if (verdict === true && changes.length > 0) return changes;
      const kind = direction === "request" ? "schema-narrowed" : "schema-widened";
      return [...changes, { kind: verdict === false ? kind : "schema-changed", facts: {}, ...here }];
    }

    function lower(change: SchemaChange): void {
      if (levelFor(change) !== "compatible") change.level = "compatible";
    }

    function levelFor({ level, kind }: SchemaChange): Level {
      return level ?? levelOf(direction, kind);
    }
  };

  /** Whether there is nothing to say about a pair. */
  function isClean(a: Node, b: Node, direction: Direction): boolean {
    if (a === b) return true;
    return decideClean(`${a.key}/${b.key}/${direction}`, () => {
      if (identical(a, b)) return true;
      const { own, children } = local(a, b, direction);
      const strict = { direction, declared: false };
      return (
        own.length === 0 &&
        children.every((child) => isClean(child.a, child.b, direction)) &&
        covers(a, b, strict) === true &&
        covers(b, a, strict) === true
      );
    });
  }

  function local(a: Node, b: Node, direction: Direction): Local {
    const key = `${a.key}/${b.key}/${direction}`;
    let known = locals.get(key);
    if (!known) locals.set(key, (known = compareLocally(a, b, direction)));
    return known;
  }

  function compareLocally(a: Node, b: Node, direction: Direction): Local {
    const [x, y] = [shapeOf(a), shapeOf(b)];
    const [before, after] = [typesOf(x), typesOf(y)];
    const local: Local = { own: [], children: [] };
    compareDefaults(local, a, b);
    const added = compareTypes(local, a, b);
    const common = TYPES.filter((type) => before.has(type) && after.has(type));
    if (common.every((type) => type === "null") && before.size + after.size > 0 && local.own.length > 0)
      return local;
    const isOneSided = listsOf(x).length !== listsOf(y).length && (isUnion(x) || isUnion(y));
    const plain = isOneSided ? [] : compareValues(local, a, b, common);
    for (const type of plain) {
      const [one, other] = [x.facets[type]!, y.facets[type]!];
      if (type === "number") compareNumbers(local, a, b, one, other);
      if (type === "string") compareStrings(local, a, b, one, other);
      if (type === "array") compareArrays(local, a, b, one, other);
      if (type === "object") compareObjects(local, a, b, one, other, direction);
    }
    compareAlternatives(local, a, b, added, direction);
    compareNot(local, x, y, direction);
    compareOpaque(local, a, b, x, y, direction);
    return local;
  }

  function compareTypes(local: Local, a: Node, b: Node): Set<TypeName> {
    const [x, y] = [shapeOf(a), shapeOf(b)];
    const [before, after] = [typesOf(x), typesOf(y)];
    const added = new Set([...after].filter((type) => !before.has(type)));
    const removed = new Set([...before].filter((type) => !after.has(type)));
    const keyword = ["type", "enum", "const", "anyOf", "oneOf", "nullable", "x-nullable", "not"];
    const places = { old: placeOf(a, ...keyword), new: placeOf(b, ...keyword) };
    const push = (kind: string, facts: Record<string, string> = {}) =>
      local.own.push({ kind, facts, ...places });
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

  /** Compares enumerations. @returns the types that have none on either side. */
  function compareValues(local: Local, a: Node, b: Node, types: TypeName[]): TypeName[] {
    const [x, y] = [shapeOf(a).facets, shapeOf(b).facets];
    const places = { old: placeOf(a, "enum", "const"), new: placeOf(b, "enum", "const") };
    const plain: TypeName[] = [];
    const [added, removed]: [string[], string[]] = [[], []];
    for (const type of types) {
      const [before, after] = [valuesOf(x, type)?.map(canonical), valuesOf(y, type)?.map(canonical)];
      if (before && after) {
        added.push(...after.filter((value) => !before.includes(value)));
        removed.push(...before.filter((value) => !after.includes(value)));
      } else if (after) {
        local.own.push({ kind: "enum-added", facts: { new: list(after) }, ...places });
      } else if (before) {
        local.own.push({ kind: "enum-removed", facts: { old: list(before) }, ...places });
      } else plain.push(type);
    }
    if (added.length > 0)
      local.own.push({ kind: "enum-value-added", facts: { added: list(added) }, ...places });
    if (removed.length > 0)
      local.own.push({ kind: "enum-value-removed", facts: { removed: list(removed) }, ...places });
    return plain;
  }

  function compareNumbers(local: Local, a: Node, b: Node, x: NumberFacet, y: NumberFacet): void {
    const [before, after] = [boundsOf({ ...x, formats: [] }), boundsOf({ ...y, formats: [] })];
    for (const [name, sign] of [["minimum", 1] as const, ["maximum", -1] as const]) {
      const exclusive = `exclusive${name[0]!.toUpperCase()}${name.slice(1)}`;
      const [one, other] = [before[name], after[name]];
      const tighter = isTighter(other, one, sign);
      if (!tighter && !isTighter(one, other, sign)) continue;
      const up = sign === 1 ? tighter : !tighter;
      pushBound(local, a, b, name, one && boundWords(one), other && boundWords(other), up, [name, exclusive]);
    }
    const [old, now] = [list(x.multiples), list(y.multiples)];
    if (old !== now) pushChange(local, a, b, "multiple-of", old, now, "multipleOf");
    compareFormats(local, a, b, x.formats, y.formats);
  }

  function compareStrings(local: Local, a: Node, b: Node, x: StringFacet, y: StringFacet): void {
    compareLimit(local, a, b, "min-length", x.minLength, y.minLength, "minLength");
    compareLimit(local, a, b, "max-length", x.maxLength, y.maxLength, "maxLength");
    const [lost, won] = differences(x.patterns, y.patterns);
    if (lost.length + won.length > 0) pushChange(local, a, b, "pattern", list(lost), list(won), "pattern");
    compareFormats(local, a, b, x.formats, y.formats);
    for (const [field, kind, keyword] of [
      ["encodings", "content-encoding-changed", "contentEncoding"],
      ["mediaTypes", "content-media-type-changed", "contentMediaType"],
    ] as const) {
      const [old, now] = [list(x[field]) || "none", list(y[field]) || "none"];
      if (old !== now) pushOwn(local, a, b, kind, { old, new: now }, keyword, "format");
    }
  }

  function compareFormats(local: Local, a: Node, b: Node, x?: string[], y?: string[]): void {
    const [lost, won] = differences(x, y);
    if (lost.length + won.length === 0) return;
    const [old, now] = [list(lost), list(won)];
    const kind = formatKind(lost, won);
    pushOwn(local, a, b, kind, { old: old || "none", new: now || "none" }, "format");
  }

  function compareArrays(local: Local, a: Node, b: Node, x: ArrayFacet, y: ArrayFacet): void {
    compareLimit(local, a, b, "min-items", x.minItems, y.minItems, "minItems");
    compareLimit(local, a, b, "max-items", x.maxItems, y.maxItems, "maxItems");
    if (Boolean(x.unique) !== Boolean(y.unique))
      pushOwn(local, a, b, x.unique ? "unique-items-removed" : "unique-items-added", {}, "uniqueItems");
    const places = Math.max(x.prefix?.length ?? 0, y.prefix?.length ?? 0);
    for (let index = 0; index < places; index++) {
      local.children.push({ step: `/${index}`, a: itemNode(x, index, none), b: itemNode(y, index, none) });
    }
    const [one, other] = [x.items ?? none, y.items ?? none];
    if (one !== other) local.children.push({ step: "/*", a: one, b: other });
  }

  function compareObjects(
    local: Local,
    a: Node,
    b: Node,
    x: ObjectFacet,
    y: ObjectFacet,
    direction: Direction,
  ): void {
    const least = (facet: ObjectFacet) =>
      (facet.minProperties ?? 0) > (facet.required?.size ?? 0) ? facet.minProperties : undefined;
    compareLimit(local, a, b, "min-properties", least(x), least(y), "minProperties");
    compareLimit(local, a, b, "max-properties", x.maxProperties, y.maxProperties, "maxProperties");
    const names = [x.named?.keys() ?? [], y.named?.keys() ?? [], x.required ?? [], y.required ?? []];
    for (const name of new Set(names.flatMap((each) => [...each])))
      compareProperty(local, a, b, x, y, name, direction);

    const [one, other] = [restOf(x), restOf(y)];
    const [closed, closes] = [isEmpty(one), isEmpty(other)];
    if (!closed && closes) pushOwn(local, a, b, "additional-properties-forbidden", {}, ...REST);
    else if (closed && !closes) pushOwn(local, a, b, "additional-properties-allowed", {}, ...REST);
    else if (!closed && one !== other) local.children.push({ step: "/*", a: one, b: other });

    const patterns = new Set([...(x.matching?.keys() ?? []), ...(y.matching?.keys() ?? [])]);
    for (const pattern of patterns) {
      const [before, after] = [x.matching?.get(pattern), y.matching?.get(pattern)];
      if (before && after) local.children.push({ step: `/${pattern}`, a: before, b: after });
      else if (after)
        pushOwn(
          local,
          a,
          b,
          "constraint-added",
          { new: `patternProperties ${pattern}` },
          "patternProperties",
        );
      else
        pushOwn(
          local,
          a,
          b,
          "constraint-removed",
          { old: `patternProperties ${pattern}` },
          "patternProperties",
        );
    }
    if (x.names && y.names) {
      if (!isClean(x.names, y.names, direction))
        pushOwn(local, a, b, "constraint-changed", { new: "propertyNames" }, "propertyNames");
    } else if (x.names) pushOwn(local, a, b, "constraint-removed", { old: "propertyNames" }, "propertyNames");
    else if (y.names) pushOwn(local, a, b, "constraint-added", { new: "propertyNames" }, "propertyNames");
    compareDependent(local, a, b, x, y);
  }

  function compareProperty(
    local: Local,
    a: Node,
    b: Node,
    x: ObjectFacet,
    y: ObjectFacet,
    name: string,
    direction: Direction,
  ): void {
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
    if (hid !== hides && (mayHave || hid) && (may || hides))
      kind = hiddenKind(hides, direction, wanted, wants);
    else if (!hid && !mayHave && may && !hides) kind = addedKind(x, before, after, wanted, wants, direction);
    else if (!hides && mayHave && !may && !hid) kind = removedKind(y, before, after, wanted, direction);
    if (kind !== undefined) local.own.push({ kind, step, facts: { name }, ...places });
    if (kind !== undefined || hid || hides) return;
    if (wanted !== wants) {
      local.own.push({
        kind: wants ? "property-became-required" : "property-became-optional",
        step,
        facts: { name },
        old: placeOf(a, "required") ?? places.old,
        new: placeOf(b, "required") ?? places.new,
      });
    }
    if (had || has) local.children.push({ step, a: before, b: after });
  }

  function addedKind(
    x: ObjectFacet,
    before: Node,
    after: Node,
    wanted: boolean,
    wants: boolean,
    direction: Direction,
  ): string {
    const [wide, narrow] = direction === "request" ? [after, before] : [before, after];
    const isOtherwise =
      x.additional && !isEmpty(before) && covers(wide, narrow, strictly(direction)) !== true;
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
    before: Node,
    after: Node,
    wanted: boolean,
    direction: Direction,
  ): string {
    if (direction === "response" && wanted) return "required-property-removed";
    if (direction === "request" && isEmpty(after)) return "property-forbidden";
    const [wide, narrow] = direction === "request" ? [after, before] : [before, after];
    const isOtherwise = y.additional && !isEmpty(after) && covers(wide, narrow, strictly(direction)) !== true;
    return isOtherwise ? "property-described-otherwise" : "property-removed";
  }

  function compareDependent(local: Local, a: Node, b: Node, x: ObjectFacet, y: ObjectFacet): void {
    const pairs = (facet: ObjectFacet) =>
      Array.from(facet.dependent ?? [], ([name, wanted]) => [...wanted].map((other) => [name, other])).flat();
    const [lost, won] = differences(pairs(x).map(canonical), pairs(y).map(canonical));
    for (const [kind, texts] of [
      ["dependent-required-removed", lost],
      ["dependent-required-added", won],
    ] as const) {
      for (const text of texts) {
        const [name, other] = JSON.parse(text) as [string, string];
        pushOwn(local, a, b, kind, { name, old: other, new: other }, "dependentRequired");
      }
    }
  }

  function compareAlternatives(
    local: Local,
    a: Node,
    b: Node,
    added: Set<TypeName>,
    direction: Direction,
  ): void {
    const [x, y] = [shapeOf(a), shapeOf(b)];
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
      const { lost, won, alike } = matchMembers(old, now, direction);
      for (const [one, other] of alike)
        if (one !== a || other !== b) local.children.push({ step: "", a: one, b: other });
      const places = { old: placeOf(a, "oneOf", "anyOf"), new: placeOf(b, "oneOf", "anyOf") };
      for (const node of lost)
        local.own.push({ kind: `${kind}-member-removed`, facts: { old: memberName(node) }, ...places });
      for (const node of won) {
        if (added.size > 0 && [...typesOf(shapeOf(node))].every((type) => added.has(type))) continue;
        local.own.push({ kind: `${kind}-member-added`, facts: { new: memberName(node) }, ...places });
      }
    }
  }

  /** Pairs the alternatives of both sides: equal ones, those of one name, and what is left over alike. */
  function matchMembers(old: Node[], now: Node[], direction: Direction) {
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
    pairBy((one, other) => tagOf(one) !== undefined && tagOf(one) === tagOf(other));
    if (lost.length === won.length) pairBy((one, other) => sameTypes(one, other));
    lost = lost.filter((node) => ![...typesOf(shapeOf(node))].every((type) => type === "null"));
    return {
      lost,
      won: won.filter((node) => [...typesOf(shapeOf(node))].some((type) => type !== "null")),
      alike,
    };
  }

  /** The value of a property that is required and has only one. */
  function tagOf(node: Node): string | undefined {
    const object = shapeOf(node).facets.object;
    for (const name of object?.required ?? []) {
      const values = valuesOf(shapeOf(propertyNode(object!, name, none)).facets, "string");
      if (values?.length === 1) return `${name}=${canonical(values[0])}`;
    }
    return undefined;
  }

  function compareNot(local: Local, x: Shape, y: Shape, direction: Direction): void {
    const won = [...y.not];
    const lost = x.not.filter((node) => !take(won, (other) => isClean(node, other, direction)));
    if (lost.length > 0 && won.length > 0) {
      local.own.push({ kind: "constraint-changed", facts: { new: "not" } });
      return;
    }
    for (const _ of lost) local.own.push({ kind: "not-removed", facts: {} });
    for (const _ of won) local.own.push({ kind: "not-added", facts: {} });
  }

  function compareOpaque(local: Local, a: Node, b: Node, x: Shape, y: Shape, direction: Direction): void {
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
      pushOwn(local, a, b, other ? "constraint-changed" : "constraint-removed", facts, one.keyword);
    }
    for (const { keyword } of won) pushOwn(local, a, b, "constraint-added", { new: keyword }, keyword);
  }

  function restOf({ additional = [] }: ObjectFacet): Node {
    return additional.length === 0
      ? none
      : conjoin(
          pool,
          additional.map(({ node }) => node),
        );
  }
}

const REST = ["additionalProperties", "unevaluatedProperties"];

/** What the words of a value say when it travels as text: every number and every boolean is a text too. */
function compareText(
  a: Node,
  b: Node,
  direction: Direction,
): Omit<SchemaChange, "path" | keyof Places> | undefined {
  const [narrow, wide] = direction === "request" ? [a, b] : [b, a];
  const [inner, outer] = [shapeOf(narrow), shapeOf(wide)];
  const free = outer.facets.string && Object.keys(outer.facets.string).length === 0;
  const scalar = [...typesOf(inner)].every(
    (type) => type === "number" || type === "boolean" || type === "string",
  );
  if (
    !free ||
    typesOf(outer).size !== 1 ||
    listsOf(outer).length + outer.not.length + outer.opaque.length > 0
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

function strictly(direction: Direction): View {
  return { direction, declared: false };
}

function hiddenKind(hides: boolean, direction: Direction, wanted: boolean, wants: boolean): string {
  if (direction === "request") {
    if (hides) return "property-became-read-only";
    return wants ? "required-property-no-longer-read-only" : "property-no-longer-read-only";
  }
  if (!hides) return "property-no-longer-write-only";
  return wanted ? "required-property-became-write-only" : "property-became-write-only";
}

const SIZE_FORMATS = new Set(["int32", "int64", "float", "double"]);
const CHECKED = new Set(
  "date,date-time,time,duration,email,hostname,ipv4,ipv6,uri,uri-reference,uri-template,url,uuid,json-pointer,relative-json-pointer,regex".split(
    ",",
  ),
);
const WIDER = new Map([
  ["int32", "int64"],
  ["float", "double"],
]);

function formatKind([lost, ...more]: string[], [won, ...others]: string[]): string {
  if (more.length + others.length > 0) return "format-hint-changed";
  if (lost !== undefined && won !== undefined && WIDER.get(lost) === won) return "format-widened";
  if (lost !== undefined && won !== undefined && WIDER.get(won) === lost) return "format-narrowed";
  const checked = (format: string | undefined) =>
    format === undefined || format === "int32" || CHECKED.has(format);
  if (lost !== undefined && won !== undefined)
    return (CHECKED.has(lost) && CHECKED.has(won)) || (SIZE_FORMATS.has(lost) && SIZE_FORMATS.has(won))
      ? "format-changed"
      : "format-hint-changed";
  if (!checked(lost) || !checked(won)) return "format-hint-changed";
  return lost === undefined ? "format-added" : "format-removed";
}

function compareDefaults(local: Local, a: Node, b: Node): void {
  const [before, after] = [
    partsWith(a, "default")[0]?.schema.default,
    partsWith(b, "default")[0]?.schema.default,
  ];
  const [old, now] = [
    before === undefined ? "" : canonical(before),
    after === undefined ? "" : canonical(after),
  ];
  if (old !== now) pushChange(local, a, b, "default", old, now, "default");
  const [one, other] = [discriminatorOf(a), discriminatorOf(b)];
  if (one && other && one !== other)
    pushOwn(local, a, b, "discriminator-changed", { old: one, new: other }, "discriminator");
}

/** Swagger 2.0 has the name alone. */
function discriminatorOf(node: Node): string | undefined {
  const value = partsWith(node, "discriminator")[0]?.schema.discriminator;
  if (typeof value === "string") return value;
  return value === undefined ? undefined : String((value as Record<string, unknown>).propertyName);
}

function compareLimit(
  local: Local,
  a: Node,
  b: Node,
  kind: string,
  old: number | undefined,
  now: number | undefined,
  keyword: string,
): void {
  if (old === now) return;
  const up = (now ?? 0) > (old ?? 0);
  pushBound(local, a, b, kind, old?.toString(), now?.toString(), up, [keyword]);
}

function pushBound(
  local: Local,
  a: Node,
  b: Node,
  kind: string,
  old: string | undefined,
  now: string | undefined,
  up: boolean,
  keywords: string[],
): void {
  const change = old === undefined ? "added" : now === undefined ? "removed" : up ? "raised" : "lowered";
  pushOwn(local, a, b, `${kind}-${change}`, { old: old ?? "", new: now ?? "" }, ...keywords);
}

function pushChange(
  local: Local,
  a: Node,
  b: Node,
  kind: string,
  old: string,
  now: string,
  keyword: string,
): void {
  const change = old === "" ? "added" : now === "" ? "removed" : "changed";
  pushOwn(local, a, b, `${kind}-${change}`, { old, new: now }, keyword);
}

function pushOwn(
  local: Local,
  a: Node,
  b: Node,
  kind: string,
  facts: Record<string, string>,
  ...keywords: string[]
): void {
  local.own.push({ kind, facts, old: placeOf(a, ...keywords), new: placeOf(b, ...keywords) });
}

function placeOf(node: Node, ...keywords: string[]): Tokens | undefined {
  for (const keyword of keywords) {
    const [part] = partsWith(node, keyword);
    if (part) return [...part.at, keyword];
  }
  return undefined;
}

function placeIn(node: Node, keyword: string, name: string): Tokens | undefined {
  const part = partsWith(node, keyword).find(
    ({ schema }) => isObject(schema[keyword]) && Object.hasOwn(schema[keyword], name),
  );
  return part && [...part.at, keyword, name];
}

function nearest(own: Partial<Places>, a: Node, b: Node, fallback: Places): Places {
  return {
    old: own.old ?? a.parts[0]?.at ?? fallback.old,
    new: own.new ?? b.parts[0]?.at ?? fallback.new,
  };
}

function listsOf({ any, one }: Shape): { kind: "any-of" | "one-of"; nodes: Node[] }[] {
  return [
    ...any.map((nodes) => ({ kind: "any-of" as const, nodes })),
    ...one.map(({ nodes }) => ({ kind: "one-of" as const, nodes })),
  ];
}

/** Whether a shape is one list of alternatives and says nothing else but the type. */
function isUnion(shape: Shape): boolean {
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

function typeWords({ facets }: Shape, types: Set<TypeName>): string {
  if (types.size === TYPES.length) return "any type";
  const words = [...types].map((type) =>
    type === "number" && (facets as Facets).number?.integer ? "integer" : type,
  );
  return words.length === 0 ? "nothing" : words.join(" or ");
}

function boundWords({ value, exclusive }: { value: number; exclusive: boolean }): string {
  return exclusive ? `${value} (exclusive)` : String(value);
}

function differences(x: string[] = [], y: string[] = []): [lost: string[], won: string[]] {
  return [x.filter((each) => !y.includes(each)), y.filter((each) => !x.includes(each))];
}

function list(values: readonly (string | number)[] | undefined): string {
  return (values ?? []).join(", ");
}

/** Takes the first that fits out of a list. */
function take<Item>(items: Item[], fits: (item: Item) => boolean): Item | undefined {
  const index = items.findIndex(fits);
  return index < 0 ? undefined : items.splice(index, 1)[0];
}
