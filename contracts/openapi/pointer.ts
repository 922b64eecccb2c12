/** A JSON Pointer taken apart: `/paths/~1subjects/get` is `["paths", "/subjects", "get"]`. */
export type Segments = readonly (string | number)[];

/**
 * Writes segments as a JSON Pointer.
 * @see https://www.rfc-editor.org/rfc/rfc6901#section-3
 */
export function pointerOf(segments: Segments): string {
  return segments
    .map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

/** Takes a JSON Pointer apart, also in its fragment form (`#/paths/~1subjects`, percent-encoded). */
export function segmentsOf(pointer: string): string[] {
  const fragment = pointer.startsWith("#");
  return pointer
    .slice(fragment ? 1 : 0)
    .split("/")
    .slice(1)
    .filter((segment, index) => segment !== "" || index > 0)
    .map((segment) => (fragment ? decoded(segment) : segment).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value a pointer leads to, `undefined` when it leads nowhere. */
export function valueAt(value: unknown, segments: Segments): unknown {
  let current = value;
  for (const segment of segments) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<string | number, unknown>)[segment];
  }
  return current;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
