import { parsePointer, type Tokens, valueAt } from "./pointer.ts";

/** A value of a document with the place where it stands. */
export type Located<Value = Record<string, unknown>> = { value: Value; at: Tokens };

/**
 * Follows a value's `$ref`, and those of the values that it leads to. A value without `$ref` is returned
 * as it is. The fields beside a `$ref` are ignored.
 *
 * @returns `undefined` for a reference that leads nowhere, back to itself, or to another document.
 * @see https://spec.openapis.org/oas/v3.1.1.html#reference-object
 */
export function follow<Value = Record<string, unknown>>(
  document: object,
  { value, at }: Located<unknown>,
): Located<Value> | undefined {
  const seen = new Set<unknown>();
  let reached = { value, at };
  for (let ref = referenceOf(value); ref !== undefined; ref = referenceOf(reached.value)) {
    if (seen.has(reached.value) || !ref.startsWith("#/")) return undefined;
    seen.add(reached.value);
    const tokens = parsePointer(ref);
    reached = { value: valueAt(document, tokens), at: tokens };
  }
  return reached.value === undefined ? undefined : (reached as Located<Value>);
}

/** What a located value's `$ref` leads to; the value itself where it leads nowhere. See `follow`. */
export function reached(document: object, located: Located): Located {
  return follow(document, located) ?? located;
}

/** The value that a part of a document describes: what its `$ref` leads to, or the part itself. See `follow`. */
export function dereference<Part>(document: object, part: unknown): Part | undefined {
  return follow<Part>(document, { value: part, at: [] })?.value;
}

/** The object at the given fields of a located value; `undefined` where there is none. Follows no `$ref`. */
export function locatedAt({ value, at }: Located<object>, ...fields: Tokens): Located | undefined {
  const found = valueAt(value, fields);
  if (typeof found !== "object" || found === null) return undefined;
  return { value: found as Record<string, unknown>, at: [...at, ...fields] };
}

/** The objects in a field of a located value, by name. Follows no `$ref`. */
export function locatedEntries(located: Located<object>, field: string): [name: string, Located][] {
  const record = locatedAt(located, field);
  return Object.keys(record?.value ?? {}).flatMap((name): [string, Located][] => {
    const entry = locatedAt(record!, name);
    return entry ? [[name, entry]] : [];
  });
}

function referenceOf(value: unknown): string | undefined {
  const { $ref } = (value ?? {}) as { $ref?: unknown };
  return typeof $ref === "string" ? $ref : undefined;
}
