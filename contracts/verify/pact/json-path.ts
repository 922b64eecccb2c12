/**
 * Takes a JSONPath of names and indices apart: `$.a['b-c'][0].*` is `["a", "b-c", "0", "*"]`. Pact writes no
 * others.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9535#section-2.7
 */
export function jsonPathSteps(path: string): string[] {
  const steps = path.matchAll(/\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+|\*)\]/g);
  return [...steps].map(([, name, quoted, index]) => name ?? quoted ?? index!);
}
