import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";

/** Swagger 2.0's names of what stands between the items of a list. */
const SEPARATORS: Record<string, string> = { csv: ",", ssv: " ", tsv: "\t", pipes: "|" };

/** What stands between the items of a list that is one text. */
export function formatOf({ collectionFormat }: JsonObject): string {
  return typeof collectionFormat === "string" ? collectionFormat : "csv";
}

/**
 * The schema of a list that is one text, where OpenAPI has no way to say how it is written: a text whose pattern says
 * what its items are and how many.
 */
export function textOfList(list: JsonObject): JsonObject {
  const description = typeof list.description === "string" && { description: list.description };
  const pattern = `^${patternOf(list, [])}$`;
  return { type: "string", ...description, ...(/\[\^|\\d|\|/.test(pattern) && { pattern }) };
}

/** @param outer the separators of the lists around it, which no item may hold. */
function patternOf(list: JsonObject, outer: string[]): string {
  const separator = SEPARATORS[formatOf(list)] ?? ",";
  const within = [...outer, separator];
  const item = `(?:${itemPattern(isObject(list.items) ? list.items : {}, within)})`;
  const least = typeof list.minItems === "number" ? list.minItems : 0;
  const most = typeof list.maxItems === "number" ? Math.max(list.maxItems - 1, 0) : "";
  const further = Math.max(least - 1, 0);
  const times = further === 0 && most === "" ? "*" : `{${further},${most}}`;
  const rest = `(?:${escaped(separator)}${item})${times}`;
  return least === 0 ? `(?:${item}${rest})?` : `${item}${rest}`;
}

function itemPattern(items: JsonObject, separators: string[]): string {
  if (Array.isArray(items.enum)) return items.enum.map((one: Json) => escaped(String(one))).join("|");
  if (items.type === "array") return patternOf(items, separators);
  if (items.type === "integer") return "-?\\d+";
  if (items.type === "number") return "-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?";
  if (items.type === "boolean") return "true|false";
  return `[^${separators.map(escaped).join("")}]*`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll("\t", "\\t");
}
