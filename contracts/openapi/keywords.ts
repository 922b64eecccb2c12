/** Keywords of a schema that hold values, which may look like schemas but are none. */
export const VALUE_KEYWORDS: ReadonlySet<string> = new Set([
  "example",
  "examples",
  "default",
  "const",
  "enum",
]);

/**
 * Compiles the `pattern` of a schema. Vendors write patterns that only the grammar without the flag `u` takes.
 *
 * @returns the expression, or what is wrong with the pattern.
 * @see https://json-schema.org/draft/2020-12/json-schema-core#section-6.4
 */
export function compilePattern(
  pattern: string,
): { expression: RegExp } | { expression?: undefined; fault: string } {
  try {
    return { expression: new RegExp(pattern, "u") };
  } catch {
    try {
      return { expression: new RegExp(pattern) };
    } catch (error) {
      return { fault: (error as Error).message };
    }
  }
}
