import type { TextRange } from "./pictures.ts";

/**
 * Why a JSON text is not parsed: it is nested deeper, or made of more values, than any request of a contract.
 * Parsing ten megabytes of keys would take a second and hundreds of megabytes; a hundred thousand levels
 * overflow the stack of whatever walks them. It takes one pass, which skips the inside of a long text (an image).
 *
 * @param bytes JSON in UTF-8; anything else gives no meaningful result, and does no harm.
 * @param limits @default 100 levels, 100,000 values
 * @param texts receives in `found` where each text of at least `shortest` bytes stands that is a value, not a name.
 */
export function jsonExcess(
  bytes: Buffer,
  limits = { depth: 100, values: 100_000 },
  texts?: { shortest: number; found: TextRange[] },
): string | undefined {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === quote) {
      const start = at + 1;
      at = endOfText(bytes, start);
      if (texts && at - start >= texts.shortest && !isName(bytes, at)) texts.found.push({ start, end: at });
    } else if (byte === openBracket || byte === openBrace) {
      values++;
      if (++depth > limits.depth) return `it is nested deeper than ${limits.depth} levels`;
    } else if (byte === closeBracket || byte === closeBrace) {
      depth--;
    } else if (byte === comma && ++values > limits.values) {
      return `it has more than ${limits.values} values`;
    }
  }
  return undefined;
}

/** Whether the text that ends here is the name of a property: a colon follows. */
function isName(bytes: Buffer, end: number): boolean {
  let at = end + 1;
  while (blanks.has(bytes[at]!)) at++;
  return bytes[at] === colon;
}

const blanks = new Set([0x20, 0x09, 0x0a, 0x0d]);
const colon = 0x3a;
const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

function endOfText(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(quote, start);
  if (end < 0) return bytes.length;
  if (bytes[end - 1] !== backslash) return end;
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}
