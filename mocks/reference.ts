import type { OpenApi } from "../contracts/operations.ts";

/**
 * What a part of a document describes: what it refers to with `$ref`, or the part itself. A reference
 * that leads nowhere describes nothing.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#reference-object
 * @see https://www.rfc-editor.org/rfc/rfc6901#section-6
 */
export function dereference<Part>(openapi: OpenApi, part: unknown): Part | undefined {
  const reference = (part as { $ref?: string } | undefined)?.$ref;
  if (reference === undefined) return part as Part | undefined;
  const tokens = reference.replace(/^#\//, "").split("/").map(unescapeToken);
  return tokens.reduce<unknown>(
    (value, token) => (value as Record<string, unknown> | undefined)?.[token],
    openapi,
  ) as Part | undefined;
}

function unescapeToken(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
