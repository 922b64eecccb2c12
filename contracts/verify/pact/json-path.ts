/**
 * Splits a path expression of a pact: `$.a['b-c'][0].*` is `["a", "b-c", "0", "*"]`. A JSONPath parser does not
 * read all of them, because Pact also allows `:`, `#` and `@` in `$.a:b`.
 *
 * @see https://github.com/pact-foundation/pact-specification/tree/version-3#matchers
 */
export function jsonPathSteps(path: string): string[] {
  // The search takes the square of the length. No value has such a path.
  if (path.length > longest) return [path];
  const steps = path.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+|\*)\]/g);
  return [...steps].map(([, name, quoted, index]) => name ?? quoted ?? index!);
}

/** In characters. */
const longest = 2_000;
