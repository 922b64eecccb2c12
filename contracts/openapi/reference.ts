/**
 * What a part of a document describes: what it refers to with `$ref`, or the part itself. A reference
 * that leads nowhere describes nothing.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#reference-object
 * @see https://www.rfc-editor.org/rfc/rfc6901#section-4
 */
export function dereference<Part>(document: object, part: unknown): Part | undefined {
  const seen = new Set<unknown>();
  let described = part;
  for (let reference = referenceOf(part); reference; reference = referenceOf(described)) {
    if (seen.has(described)) return undefined;
    seen.add(described);
    described = tokensOf(reference).reduce<unknown>(
      (value, token) => (value as Record<string, unknown> | undefined)?.[token],
      document,
    );
  }
  return described as Part | undefined;
}

function referenceOf(part: unknown): string | undefined {
  return (part as { $ref?: string } | undefined)?.$ref;
}

function tokensOf(reference: string): string[] {
  return reference
    .replace(/^#\//, "")
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
