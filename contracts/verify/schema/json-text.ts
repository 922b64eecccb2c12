import { escapeToken } from "../../openapi/pointer.ts";
import type { Difference } from "../check.ts";
import { redactName } from "../redaction.ts";

/**
 * Judges JSON text in one pass and without recursion: that it is exactly one whole value, and that it has
 * no property twice, no number that a double cannot hold, no half of a surrogate pair and no NUL in text.
 * What is no JSON ends the pass; the other faults do not.
 *
 * @param bytes valid UTF-8.
 * @param options.start where the value begins, after a byte order mark.
 * @returns at most `most` faults, in the order of the bytes.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 * @see https://www.rfc-editor.org/rfc/rfc7493#section-2
 */
export function checkJson(
  bytes: Buffer,
  { start = 0, most = 100, deepest = 1_000 }: { start?: number; most?: number; deepest?: number } = {},
): Difference[] {
  const faults: Difference[] = [];
  const open: Container[] = [];
  let position = start;
  let state = "value" as State;
  /** Of the text last read. */
  let isEscaped = false;

  // Each step reads one token and sets the next state, or gives what should have stood at the position.
  const steps: Record<Exclude<State, "end">, () => string | undefined> = {
    value: readValue,
    "first item": () => (bytes[position] === code["]"] ? leave() : readValue()),
    "first name": () => (bytes[position] === code["}"] ? leave() : readName()),
    name: readName,
    separator: readSeparator,
  };

  while (faults.length < most && open.length <= deepest) {
    while (isSpace(bytes[position])) position++;
    if (state === "end")
      return position < bytes.length ? [...faults, brokenBy("the end of the body")] : faults;
    const expected = steps[state]();
    if (expected !== undefined) return [...faults, brokenBy(expected)];
  }
  return faults.length < most ? [...faults, tooDeep()] : faults;

  function readValue(): string | undefined {
    const byte = bytes[position];
    if (byte === code["{"]) return enter({ names: new Set(), name: "" }, "first name");
    if (byte === code["["]) return enter({ index: 0 }, "first item");
    if (byte === code['"']) return readText();
    const literal = literals[String.fromCharCode(byte ?? 0)];
    if (literal === undefined) return readNumber();
    if (bytes.toString("latin1", position, position + literal.length) !== literal) return literal;
    position += literal.length;
    return valueEnds();
  }

  function readName(): string | undefined {
    if (bytes[position] !== code['"']) return "a property name";
    const begin = position;
    const end = endOfText();
    if (end === undefined) return "the rest of the name";
    const object = open.at(-1) as OpenObject;
    object.name = isEscaped ? decoded(begin, end) : bytes.toString("utf8", begin + 1, end - 1);
    judgeText(object.name);
    if (object.names.has(object.name)) report("each property once", "a duplicate");
    object.names.add(object.name);
    while (isSpace(bytes[position])) position++;
    if (bytes[position] !== code[":"]) return "a colon";
    position++;
    state = "value";
    return undefined;
  }

  function readText(): string | undefined {
    const begin = position;
    const end = endOfText();
    if (end === undefined) return "the rest of the text";
    // Only an escape can hide a fault here, and texts may be of megabytes.
    if (isEscaped) judgeText(decoded(begin, end));
    return valueEnds();
  }

  function readNumber(): string | undefined {
    let end = position;
    while (numeric.has(bytes[end])) end++;
    const written = bytes.toString("latin1", position, end);
    const [whole = ""] = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?/i.exec(written) ?? [];
    if (whole === "" || whole.length < written.length) {
      // `-`, `1.` and `1e` may be numbers that were cut off.
      position = end === bytes.length && /[-+.e]$/i.test(written) ? end : position + whole.length;
      return written === "" ? "a JSON value" : "a JSON number";
    }
    judgeNumber(whole);
    position = end;
    return valueEnds();
  }

  function readSeparator(): string | undefined {
    const container = open.at(-1)!;
    const isObject = "names" in container;
    const byte = bytes[position];
    if (byte === code[isObject ? "}" : "]"]) return leave();
    if (byte !== code[","]) return isObject ? "a comma or }" : "a comma or ]";
    position++;
    if (!isObject) container.index++;
    state = isObject ? "name" : "value";
    return undefined;
  }

  function enter(container: Container, next: State): undefined {
    open.push(container);
    position++;
    state = next;
  }

  function leave(): undefined {
    open.pop();
    position++;
    valueEnds();
  }

  function valueEnds(): undefined {
    state = open.length === 0 ? "end" : "separator";
  }

  /** Moves behind the text that begins here, or to what breaks it. */
  function endOfText(): number | undefined {
    isEscaped = false;
    position++;
    while (position < bytes.length) {
      const byte = bytes[position]!;
      if (byte === code['"']) return ++position;
      if (byte < 0x20) return undefined;
      if (byte === code["\\"]) {
        const length = escapeLength();
        if (length === undefined) return undefined;
        position += length;
        isEscaped = true;
      } else position++;
    }
    return undefined;
  }

  function escapeLength(): number | undefined {
    if (escapable.has(bytes[position + 1])) return 2;
    return /^\\u[0-9a-fA-F]{4}$/.test(bytes.toString("latin1", position, position + 6)) ? 6 : undefined;
  }

  function decoded(begin: number, end: number): string {
    return JSON.parse(bytes.toString("utf8", begin, end));
  }

  function judgeText(text: string): void {
    if (!text.isWellFormed()) report("whole characters", "half of a surrogate pair");
    if (text.includes("\0")) report("no NUL", "NUL");
  }

  function judgeNumber(written: string): void {
    const meant = Number(written);
    const isLost = !Number.isFinite(meant) || (meant === 0 && /^[^e]*[1-9]/i.test(written));
    const isUnsafe = Number.isInteger(meant) && !Number.isSafeInteger(meant);
    if (isLost) report("a number that a double can hold", written);
    else if (isUnsafe) report("an integer within ±(2^53 - 1)", written);
  }

  function report(expected: string, actual: string): void {
    const pointer = open.map(pointerToken).join("");
    faults.push({
      instancePath: pointer === "" ? "body" : `body ${pointer}`,
      expected,
      actual: actual.length > 40 ? `${actual.slice(0, 40)}…` : actual,
    });
  }

  function brokenBy(expected: string): Difference {
    const place = Math.min(position, bytes.length);
    return { instancePath: `bytes ${place}`, expected, actual: characterAt(bytes, place) };
  }

  function tooDeep(): Difference {
    return { instancePath: `bytes ${position}`, expected: `at most ${deepest} levels`, actual: "more" };
  }
}

type State = "value" | "first item" | "first name" | "name" | "separator" | "end";
type OpenObject = { names: Set<string>; name: string };
type Container = OpenObject | { index: number };

const code = Object.fromEntries(
  Array.from('{}[]",:\\', (character) => [character, character.charCodeAt(0)]),
) as Record<"{" | "}" | "[" | "]" | '"' | "," | ":" | "\\", number>;
const numeric = codesOf("0123456789+-.eE");
/** What a backslash goes before, but for `u`. */
const escapable = codesOf('"\\/bfnrt');
const literals: Record<string, string> = { t: "true", f: "false", n: "null" };

function codesOf(characters: string): Set<number | undefined> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)));
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function pointerToken(container: Container): string {
  if ("index" in container) return `/${container.index}`;
  return `/${escapeToken(redactName(container.name.toWellFormed()))}`;
}

/** One character gives nothing away. */
function characterAt(bytes: Buffer, place: number): string {
  if (place >= bytes.length) return "the end of the body";
  const character = String.fromCodePoint(bytes.toString("utf8", place, place + 4).codePointAt(0)!);
  return JSON.stringify(character);
}
