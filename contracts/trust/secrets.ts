/**
 * Creates a function that replaces secrets, in plain text or in an encoding that a person can read with one tool, and
 * nothing else. It takes time proportional to the text, whatever the text is.
 *
 * A text is brought into a few forms: without escapes, its letters and digits, its numbers. In each of them every
 * encoding of a secret is one fixed text.
 *
 * @param secrets the values that must not be shown. Without any the text stays as it is.
 */
export function createSecretRedactor(secrets: string[]): (text: string) => string {
  const known = [...new Set(secrets)].filter((secret) => secret !== "");
  if (known.length === 0) return (text) => text;
  let searched: Searched | undefined;
  return (text) => {
    searched ??= searchedOf(known);
    const spans = spansOf(text, searched);
    let shown = "";
    let at = 0;
    for (const [start, end] of spans) {
      shown += `${text.slice(at, start)}(secret)`;
      at = end;
    }
    return shown + text.slice(at);
  };
}

/** A text in another form, with the place of each of its characters in the text itself. */
type Form = { text: string; starts?: number[]; ends?: number[] };
type Span = [start: number, end: number];

/** What is searched for: in a text itself, in its letters and digits, in its hexadecimal digits, in its numbers. */
type Searched = { plain: string[] } & Record<"joined" | "hexadecimal" | "numbers", Pieces>;

/** Every piece of one size of some texts: whoever shortens a text shows the beginning of a secret. */
type Pieces = { size: number; texts: Set<string> };

/** Secrets shorter than this are searched for in plain text and in a few encodings only: they are found by chance. */
const shortest = 8;

function searchedOf(secrets: string[]): Searched {
  const long = secrets.filter(({ length }) => length >= shortest);
  const join = (text: string) => joined({ text }).text;
  return {
    plain: unique(secrets.flatMap(encodingsOf)),
    joined: piecesOf(long.flatMap(encodingsOf).map(join), 12),
    hexadecimal: piecesOf(long.flatMap(hexadecimalOf), 16),
    numbers: piecesOf(long.flatMap(numbersOf), 24),
  };
}

function piecesOf(texts: string[], size: number): Pieces {
  const found = new Set<string>();
  for (const text of texts) {
    for (let at = 0; at + size <= text.length; at++) found.add(text.slice(at, at + size));
  }
  return { size, texts: found };
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}

/** Where a text has secrets, from left to right and without overlaps. */
function spansOf(text: string, searched: Searched): Span[] {
  const spans: Span[] = [];
  const add = ({ starts, ends }: Form, at: number, length: number) => {
    const last = at + length - 1;
    spans.push([starts?.[at] ?? at, ends?.[last] ?? last + 1]);
  };
  const searchPieces = (form: Form, { size, texts }: Pieces) => {
    for (let at = 0; at + size <= form.text.length; at++) {
      if (texts.has(form.text.slice(at, at + size))) add(form, at, size);
    }
  };
  for (const form of decodedForms(text)) {
    for (const needle of searched.plain) {
      if (needle.length > form.text.length) continue;
      for (let at = form.text.indexOf(needle); at >= 0; at = form.text.indexOf(needle, at + needle.length)) {
        add(form, at, needle.length);
      }
    }
    searchPieces(joined(form), searched.joined);
    searchPieces(hexadecimal(form), searched.hexadecimal);
    searchPieces(numbers(form), searched.numbers);
  }
  return merged(spans);
}

function merged(spans: Span[]): Span[] {
  const all: Span[] = [];
  for (const [start, end] of spans.sort(([a], [b]) => a - b)) {
    const last = all.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else all.push([start, end]);
  }
  return all;
}

/** A text as it is, and with its escapes decoded once, twice and three times. */
function* decodedForms(text: string): Generator<Form> {
  yield { text };
  const printable = decoded({ text }, quotedPrintable);
  if (printable) yield printable;
  let form: Form | undefined = { text };
  for (let times = 0; times < 3; times++) {
    form = decoded(form, escapes);
    if (!form) return;
    yield form;
  }
}

/** Escapes of URLs, JSON, JavaScript and HTML, and letters in full width. Each reads a bounded piece of text. */
const escapes =
  /%([0-9a-fA-F]{2})|(?<!\\)\\+(?:u\{?0{0,4}([0-9a-fA-F]{2})\}?|x([0-9a-fA-F]{2})|([0-7]{2,3})|([^\\]))|&(?:amp;){0,3}(?:#0{0,6}(\d{2,3})|#[xX]0{0,6}([0-9a-fA-F]{2})|([A-Za-z]{2,8}));|([\uff01-\uff5e])/g;

/** @see https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
const quotedPrintable = /=(?:([0-9a-fA-F]{2})|\r?\n)/g;

/** A form with the matches of a pattern replaced by what they stand for; `undefined` when there are none. */
function decoded(form: Form, pattern: RegExp): Form | undefined {
  const { text } = form;
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (characters: string, from: number, to: number) => {
    parts.push(characters);
    const isCopy = characters.length === to - from;
    for (let index = 0; index < characters.length; index++) {
      const first = isCopy ? from + index : from;
      const last = isCopy ? first : to - 1;
      starts.push(form.starts?.[first] ?? first);
      ends.push(form.ends?.[last] ?? last + 1);
    }
  };
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    add(text.slice(at, match.index), at, match.index);
    at = match.index + match[0].length;
    add(characterOf(match), match.index, at);
  }
  if (at === 0) return undefined;
  add(text.slice(at), at, text.length);
  return { text: parts.join(""), starts, ends };
}

/** What an escape stands for. A line break that is none, and a name that is not known, stand for nothing. */
function characterOf(match: RegExpExecArray): string {
  const [, percent, unicode, byte, octal, letter, decimal, reference, name, wide] = match;
  const hex = percent ?? unicode ?? byte ?? reference;
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  if (decimal !== undefined) return String.fromCharCode(Number(decimal));
  if (letter !== undefined) return "nrtbfv".includes(letter) ? " " : letter;
  if (wide !== undefined) return String.fromCharCode(wide.charCodeAt(0) - 0xfee0);
  return (name !== undefined && entities.get(name)) || "";
}

/** HTML's names of the characters that keys have besides letters and digits. */
const entities = new Map([
  ["plus", "+"],
  ["sol", "/"],
  ["equals", "="],
  ["hyphen", "-"],
  ["dash", "-"],
  ["lowbar", "_"],
  ["UnderBar", "_"],
  ["period", "."],
  ["colon", ":"],
  ["amp", "&"],
]);

/** The letters and digits of a form, in lower case: without all that people and programs put between them. */
function joined(form: Form): Form {
  return filtered(form, isLetterOrDigit);
}

/** Like `joined`, without the `0x` of hexadecimal numbers. */
function hexadecimal(form: Form): Form {
  const isX = (index: number) => form.text[index] === "x" || form.text[index] === "X";
  const isPrefix = (index: number) => form.text[index] === "0" && isX(index + 1);
  return filtered(
    form,
    (code, index) =>
      isLetterOrDigit(code) && !isPrefix(index) && !(isX(index) && form.text[index - 1] === "0"),
  );
}

/** The numbers of a form, without zeros in front, each after one comma. */
function numbers(form: Form): Form {
  let inNumber = false;
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < form.text.length; index++) {
    const code = form.text.charCodeAt(index);
    const isDigit = code >= 48 && code <= 57;
    if (isDigit && (inNumber || code !== 48)) {
      text += inNumber ? form.text[index] : `,${form.text[index]}`;
      const place = form.starts?.[index] ?? index;
      const end = form.ends?.[index] ?? index + 1;
      starts.push(...(inNumber ? [place] : [place, place]));
      ends.push(...(inNumber ? [end] : [end, end]));
    }
    inNumber = isDigit && (inNumber || code !== 48);
  }
  return { text, starts, ends };
}

function filtered(form: Form, isKept: (code: number, index: number) => boolean): Form {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  for (let index = 0; index < form.text.length; index++) {
    if (!isKept(form.text.charCodeAt(index), index)) continue;
    parts.push(form.text[index]!);
    starts.push(form.starts?.[index] ?? index);
    ends.push(form.ends?.[index] ?? index + 1);
  }
  return { text: parts.join("").toLowerCase(), starts, ends };
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

/** Encodings of a whole secret, of which every alignment of Base64 is one. */
function encodingsOf(secret: string): string[] {
  if (secret.length < 4) return [secret];
  const bytes = Buffer.from(secret);
  const wide = Buffer.from(secret, "utf16le");
  const base64 = bytes.toString("base64");
  return [
    secret,
    encodeURIComponent(secret),
    ...alignedBase64(bytes),
    base64,
    bytes.toString("base64url"),
    ...[wide, Buffer.from(wide).swap16(), Buffer.from(base64)].map((each) =>
      each.toString("base64").slice(0, Math.floor((each.length * 8) / 6)),
    ),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    [...secret].reverse().join(""),
    base32(bytes),
    secret.replaceAll(/[a-z]/gi, rotated),
  ];
}

/** Only the characters that do not depend on what stands around the secret. */
function alignedBase64(bytes: Buffer): string[] {
  const texts = [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = shift === 0 ? 0 : shift + 1;
    const last = Math.floor((shifted.length * 8) / 6);
    return (["base64", "base64url"] as const).map((form) => shifted.toString(form).slice(first, last));
  });
  return texts.filter(({ length }) => length >= 6);
}

/** A secret and its Base64 in hexadecimal digits, in one byte and in two bytes for each character. */
function hexadecimalOf(secret: string): string[] {
  const bytes = [...Buffer.from(secret)].map((byte) => byte.toString(16).padStart(2, "0"));
  const base64 = Buffer.from(Buffer.from(secret).toString("base64")).toString("hex");
  return [bytes.join(""), bytes.join("00"), base64];
}

/** The bytes of a secret as decimal, octal and binary numbers. */
function numbersOf(secret: string): string[] {
  return [10, 8, 2].map((base) => [...Buffer.from(secret)].map((byte) => `,${byte.toString(base)}`).join(""));
}

/** The letter thirteen places further. */
function rotated(letter: string): string {
  const first = letter < "a" ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
}

/** @see https://www.rfc-editor.org/rfc/rfc4648#section-6 */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const digits = bits.match(/.{5}/g) ?? [];
  return digits.map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(digit, 2)]).join("");
}
