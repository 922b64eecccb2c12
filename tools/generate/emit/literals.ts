/**
 * A name of the contract as the key of an object literal in code that is written to a file. Written plainly,
 * `"__proto__": value` would set the prototype.
 */
export function keyOf(name: string): string {
  const text = JSON.stringify(name);
  return name === "__proto__" ? `[${text}]` : text;
}

/** A name of the user in a comment of one line: what could end the line or the comment is escaped. */
export function inComment(text: string): string {
  return text
    .replaceAll(
      /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    )
    .replaceAll("*/", "*\\/");
}
