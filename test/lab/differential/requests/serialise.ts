import type { Parameter } from "./described.ts";
import { isRecord } from "./schema.ts";

/** One `name=value` of a query or a form, not yet encoded. */
export type Pair = [name: string, value: string];

/**
 * Writes a query parameter, a cookie or a form field in its style.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#style-values
 */
export function asPairs(
  { name, style = "form", explode }: Pick<Parameter, "name" | "style" | "explode">,
  value: unknown,
): Pair[] {
  const exploded = explode ?? style === "form";
  if (Array.isArray(value)) {
    if (exploded) return value.map((item): Pair => [name, asText(item)]);
    return [[name, value.map(asText).join(separators[style] ?? ",")]];
  }
  if (!isRecord(value)) return [[name, asText(value)]];
  const entries = Object.entries(value).map(([key, item]): Pair => [key, asText(item)]);
  if (style === "deepObject") return entries.map(([key, item]): Pair => [`${name}[${key}]`, item]);
  return exploded ? entries : [[name, entries.flat().join(separators[style] ?? ",")]];
}

/** Writes a path or header parameter in its style; every value is encoded by `encode`, delimiters are not. */
export function inSegment(
  { name, style = "simple", explode = false }: Parameter,
  value: unknown,
  encode: (text: string) => string,
): string {
  const single = (item: unknown) => encode(asText(item));
  const parts = Array.isArray(value)
    ? value.map(single)
    : isRecord(value)
      ? Object.entries(value).map(([key, item]) => `${encode(key)}${explode ? "=" : ","}${single(item)}`)
      : [single(value)];
  if (style === "label") return `.${parts.join(explode ? "." : ",")}`;
  if (style !== "matrix") return parts.join(",");
  if (!explode || !(Array.isArray(value) || isRecord(value))) return `;${name}=${parts.join(",")}`;
  return parts.map((part) => (isRecord(value) ? `;${part}` : `;${name}=${part}`)).join("");
}

export function asText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

const separators: Record<string, string> = { spaceDelimited: " ", pipeDelimited: "|" };
