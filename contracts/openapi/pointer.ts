/** The reference tokens of a JSON Pointer: `/paths/~1subjects/get` is `["paths", "/subjects", "get"]`. */
export type Tokens = readonly (string | number)[];

/**
 * Writes tokens as a JSON Pointer.
 * @see https://www.rfc-editor.org/rfc/rfc6901#section-3
 */
export function formatPointer(tokens: Tokens): string {
  return tokens.map((token) => `/${escapeToken(String(token))}`).join("");
}

/**
 * Reads a JSON Pointer, also in its fragment form (`#/paths/~1subjects`, percent-encoded). Redocly writes
 * `#/` for the whole document, and so is it read here.
 */
export function parsePointer(pointer: string): string[] {
  const isFragment = pointer.startsWith("#");
  return pointer
    .slice(isFragment ? 1 : 0)
    .split("/")
    .slice(1)
    .filter((token, index) => token !== "" || index > 0 || !isFragment)
    .map((token) => (isFragment ? percentDecode(token) : token).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Escapes one token of a JSON Pointer. */
export function escapeToken(token: string): string {
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The value that tokens lead to, `undefined` when they lead nowhere. */
export function valueAt(value: unknown, tokens: Tokens): unknown {
  let current = value;
  for (const token of tokens) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, token)) return undefined;
    current = (current as Record<string | number, unknown>)[token];
  }
  return current;
}

/** Decodes percent-encoded text; text that is not well-formed stays as it is. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
