import { valuesOf } from "./accepts.ts";
import {
  addBound,
  addChange,
  addLimit,
  addRevision,
  differences,
  listed,
  type Pair,
  placeOf,
} from "./pair.ts";
import { type Node, partsWith } from "./pool.ts";
import { canonical, type NumberFacet, type StringFacet, type TypeName } from "./shape.ts";
import { boundsOf, isTighter } from "./subsumes.ts";

/** Compares enumerations. @returns the types that have none on either side. */
export function compareEnums(pair: Pair, types: TypeName[]): TypeName[] {
  const { a, b } = pair;
  const [x, y] = [pair.x.facets, pair.y.facets];
  const places = { old: placeOf(a, "enum", "const"), new: placeOf(b, "enum", "const") };
  const plain: TypeName[] = [];
  const [added, removed]: [string[], string[]] = [[], []];
  for (const type of types) {
    const [before, after] = [valuesOf(x, type)?.map(canonical), valuesOf(y, type)?.map(canonical)];
    if (before && after) {
      added.push(...after.filter((value) => !before.includes(value)));
      removed.push(...before.filter((value) => !after.includes(value)));
    } else if (after) {
      pair.own.push({ kind: "enum-added", facts: { new: listed(after) }, ...places });
    } else if (before) {
      pair.own.push({ kind: "enum-removed", facts: { old: listed(before) }, ...places });
    } else plain.push(type);
  }
  if (added.length > 0)
    pair.own.push({ kind: "enum-value-added", facts: { added: listed(added) }, ...places });
  if (removed.length > 0)
    pair.own.push({ kind: "enum-value-removed", facts: { removed: listed(removed) }, ...places });
  return plain;
}

export function compareNumbers(pair: Pair, x: NumberFacet, y: NumberFacet): void {
  const [before, after] = [boundsOf({ ...x, formats: [] }), boundsOf({ ...y, formats: [] })];
  for (const [name, sign] of [["minimum", 1] as const, ["maximum", -1] as const]) {
    const exclusive = `exclusive${name[0]!.toUpperCase()}${name.slice(1)}`;
    const [one, other] = [before[name], after[name]];
    const tighter = isTighter(other, one, sign);
    if (!tighter && !isTighter(one, other, sign)) continue;
    const isRaised = sign === 1 ? tighter : !tighter;
    const words = { old: one && boundWords(one), now: other && boundWords(other), isRaised };
    addBound(pair, name, words, name, exclusive);
  }
  const [old, now] = [listed(x.multiples), listed(y.multiples)];
  if (old !== now) addRevision(pair, "multiple-of", old, now, "multipleOf");
  compareFormats(pair, x.formats, y.formats);
}

function boundWords({ value, exclusive }: { value: number; exclusive: boolean }): string {
  return exclusive ? `${value} (exclusive)` : String(value);
}

export function compareStrings(pair: Pair, x: StringFacet, y: StringFacet): void {
  addLimit(pair, "min-length", x.minLength, y.minLength, "minLength");
  addLimit(pair, "max-length", x.maxLength, y.maxLength, "maxLength");
  const [lost, won] = differences(x.patterns, y.patterns);
  if (lost.length + won.length > 0) addRevision(pair, "pattern", listed(lost), listed(won), "pattern");
  compareFormats(pair, x.formats, y.formats);
  for (const [field, kind, keyword] of [
    ["encodings", "content-encoding-changed", "contentEncoding"],
    ["mediaTypes", "content-media-type-changed", "contentMediaType"],
  ] as const) {
    const [old, now] = [listed(x[field]) || "none", listed(y[field]) || "none"];
    if (old !== now) addChange(pair, kind, { old, new: now }, keyword, "format");
  }
}

function compareFormats(pair: Pair, x?: string[], y?: string[]): void {
  const [lost, won] = differences(x, y);
  if (lost.length + won.length === 0) return;
  const [old, now] = [listed(lost), listed(won)];
  const kind = formatKind(lost, won);
  addChange(pair, kind, { old: old || "none", new: now || "none" }, "format");
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

/** Compares the default value, and the property that tells alternatives apart. */
export function compareDefaults(pair: Pair): void {
  const { a, b } = pair;
  const [before, after] = [
    partsWith(a, "default")[0]?.schema.default,
    partsWith(b, "default")[0]?.schema.default,
  ];
  const [old, now] = [
    before === undefined ? "" : canonical(before),
    after === undefined ? "" : canonical(after),
  ];
  if (old !== now) addRevision(pair, "default", old, now, "default");
  const [one, other] = [discriminatorOf(a), discriminatorOf(b)];
  if (one && other && one !== other)
    addChange(pair, "discriminator-changed", { old: one, new: other }, "discriminator");
}

/** Swagger 2.0 has the name alone. */
function discriminatorOf(node: Node): string | undefined {
  const value = partsWith(node, "discriminator")[0]?.schema.discriminator;
  if (typeof value === "string") return value;
  return value === undefined ? undefined : String((value as Record<string, unknown>).propertyName);
}
