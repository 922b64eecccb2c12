/**
 * Escapes control, format and unassigned characters and lone surrogates as `\u001b`, so that a response can
 * neither control a terminal nor break a file. Newlines and tabs stay.
 *
 * @see https://www.unicode.org/reports/tr44/#General_Category_Values
 */
export function printable(text: string): string {
  return text.replace(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
}

/** Like `printable`, on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
