import { type JSONPath, visit } from "jsonc-parser";
import { escapeToken } from "../../openapi/pointer.ts";
import type { Difference } from "../check.ts";
import { redactName } from "../redaction.ts";

/**
 * Checks JSON text: that it is exactly one complete value, and that it has no duplicate property, no number that
 * a double cannot represent, no lone surrogate and no NUL. A syntax error ends the check.
 *
 * @param options.start the bytes of the body before the text, which is a byte order mark.
 * @returns at most `most` differences, in the order of the text.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 * @see https://www.rfc-editor.org/rfc/rfc7493#section-2
 */
export function checkJson(
  text: string,
  { start = 0, most = 100, deepest = 1_000 }: { start?: number; most?: number; deepest?: number } = {},
): Difference[] {
  const differences: Difference[] = [];
  /** The property names of each open object, `undefined` for an array. */
  const open: (Set<string> | undefined)[] = [];
  let expected: string = value;

  try {
    visit(
      text,
      {
        onObjectBegin: (offset) => enter(new Set(), offset),
        onArrayBegin: (offset) => enter(undefined, offset),
        onObjectEnd: (offset) => leave("}", offset),
        onArrayEnd: (offset) => leave("]", offset),
        onObjectProperty(property, _offset, _length, _line, _character, path) {
          const names = open.at(-1)!;
          const pathOfName = () => [...path(), property];
          checkText(property, pathOfName);
          if (names.has(property)) report("each property once", "a duplicate", pathOfName);
          names.add(property);
          expected = "a colon";
        },
        onSeparator(character) {
          expected = character === "," && open.at(-1) ? name : value;
        },
        onLiteralValue(literal, offset, length, _line, _character, path) {
          if (typeof literal === "string") checkText(literal, path);
          if (typeof literal === "number") checkNumber(text.slice(offset, offset + length), path);
          expected = afterValue();
        },
        onError: (_code, offset) => fail(...syntaxError(text, { offset, expected, afterValue })),
      },
      { disallowComments: true },
    );
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  return differences;

  function enter(names: Set<string> | undefined, offset: number): void {
    open.push(names);
    expected = names ? name : value;
    if (open.length > deepest) fail(`at most ${deepest} levels`, offset + 1, "more");
  }

  /** Called at the end of a text that is cut off, too. */
  function leave(bracket: string, offset: number): void {
    if (text[offset] !== bracket) fail(expected, offset);
    open.pop();
    expected = afterValue();
  }

  function afterValue(): string {
    if (open.length === 0) return "the end of the body";
    return open.at(-1) ? "a comma or }" : "a comma or ]";
  }

  function checkText(decoded: string, path: () => JSONPath): void {
    if (!decoded.isWellFormed()) report("whole characters", "half of a surrogate pair", path);
    if (decoded.includes("\0")) report("no NUL", "NUL", path);
  }

  function checkNumber(written: string, path: () => JSONPath): void {
    const number = Number(written);
    const isLost = !Number.isFinite(number) || (number === 0 && /^[^e]*[1-9]/i.test(written));
    const isUnsafe = Number.isInteger(number) && !Number.isSafeInteger(number);
    if (isLost) report("a number that a double can hold", written, path);
    else if (isUnsafe) report("an integer within ±(2^53 - 1)", written, path);
  }

  function report(expected: string, actual: string, path: () => JSONPath): void {
    const pointer = path().map((token) => `/${escapeToken(redactName(String(token).toWellFormed()))}`);
    const instancePath = pointer.length === 0 ? "body" : `body ${pointer.join("")}`;
    const cut = actual.length > 40 ? `${actual.slice(0, 40)}…` : actual;
    differences.push({ instancePath, expected, actual: cut });
    if (differences.length >= most) throw new Stopped();
  }

  function fail(expected: string, offset: number, actual = characterAt(text, offset)): never {
    const instancePath = `bytes ${start + Buffer.byteLength(text.slice(0, offset))}`;
    differences.push({ instancePath, expected, actual });
    throw new Stopped();
  }
}

class Stopped extends Error {
  readonly code = "STOPPED";
}

const value = "a JSON value";
const name = "a property name";

/** What should have been where, for a token at which the parser reports an error. */
function syntaxError(
  text: string,
  token: { offset: number; expected: string; afterValue: () => string },
): [expected: string, offset: number] {
  const { offset, expected } = token;
  const character = text[offset] ?? "";
  if (character === '"' && expected === value) return ["the rest of the text", endOfText(text, offset)];
  if (character === '"' && expected === name) return ["the rest of the name", endOfText(text, offset)];
  const isNumber = expected === value || /\d/.test(text[offset - 1] ?? "");
  if (isNumber && numeric.test(character)) return ["a JSON number", endOfNumber(text, offset)];
  const literal = expected === value ? literals[character] : undefined;
  if (literal === undefined) return [expected, offset];
  // Another character follows the literal.
  if (text.startsWith(literal, offset)) return [token.afterValue(), offset + literal.length];
  return [literal, offset];
}

const numeric = /[\d.eE+-]/;
const literals: Record<string, string> = { t: "true", f: "false", n: "null" };

/** Where text that begins at an offset is broken. */
function endOfText(text: string, offset: number): number {
  const piece = /[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
  let end = offset + 1;
  for (piece.lastIndex = end; piece.test(text); ) end = piece.lastIndex;
  return end;
}

/** Where a number is broken. The parser may already have read its valid beginning. */
function endOfNumber(text: string, offset: number): number {
  let begin = offset;
  while (numeric.test(text[begin - 1] ?? "")) begin--;
  const [written = ""] = /^[\d.eE+-]+/.exec(text.slice(begin)) ?? [];
  const [valid = ""] = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?/i.exec(written) ?? [];
  // `-`, `1.` and `1e` may be numbers that are cut off.
  const isCutOff = begin + written.length === text.length && /[-+.e]$/i.test(written);
  return begin + (isCutOff ? written : valid).length;
}

/** A single character reveals nothing. */
function characterAt(text: string, offset: number): string {
  const codePoint = text.codePointAt(offset);
  return codePoint === undefined ? "the end of the body" : JSON.stringify(String.fromCodePoint(codePoint));
}
