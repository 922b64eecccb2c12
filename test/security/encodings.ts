/**
 * A text in the encodings that a person can decode at sight or with one tool. Each is what a provider might send
 * back of a secret or of a picture.
 */
export function encodingsOf(text: string): Record<string, string> {
  const bytes = Buffer.from(text);
  const each = (write: (byte: number) => string, between = "") => [...bytes].map(write).join(between);
  const split = (between: string) => [...text].join(between);
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  const HEX = (byte: number) => hex(byte).toUpperCase();
  const base64 = bytes.toString("base64");
  const escapes = each((byte) => `\\u00${hex(byte)}`);
  const percent = each((byte) => `%${HEX(byte)}`);
  const isName = (byte: number) => /[A-Za-z0-9]/.test(String.fromCharCode(byte));
  const inLines = (encoded: string, width: number, end: string) =>
    encoded.replaceAll(new RegExp(`.{${width}}`, "g"), `$&${end}`);
  return {
    plain: text,
    backwards: [...text].reverse().join(""),
    "in JSON": JSON.stringify(text).slice(1, -1),
    "with escaped slashes": text.replaceAll("/", "\\/"),
    "with doubled escaped slashes": text.replaceAll("/", "\\\\/"),
    "a JSON text in a JSON text": JSON.stringify(JSON.stringify(text)),
    "in two halves": `${text.slice(0, text.length / 2)} ${text.slice(text.length / 2)}`,
    "\\u escapes": escapes,
    "\\u escapes in capitals": each((byte) => `\\u00${HEX(byte)}`),
    "doubled \\u escapes": escapes.replaceAll("\\", "\\\\"),
    "\\u escapes, four times": escapes.replaceAll("\\", "\\\\\\\\"),
    "\\u{} escapes": each((byte) => `\\u{${hex(byte)}}`),
    "\\x escapes": each((byte) => `\\x${hex(byte)}`),
    "every second letter a \\u escape": [...text]
      .map((letter, at) => (at % 2 ? letter : `\\u00${hex(letter.charCodeAt(0))}`))
      .join(""),
    "octal escapes": each((byte) => `\\${byte.toString(8).padStart(3, "0")}`),
    "in a URL": encodeURIComponent(text),
    "in a URL twice": encodeURIComponent(encodeURIComponent(text)),
    "in a URL three times": encodeURIComponent(encodeURIComponent(encodeURIComponent(text))),
    "in a URL in lower case": encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
    "percent-encoded": percent,
    "percent-encoded in lower case": percent.toLowerCase(),
    "percent-encoded twice": encodeURIComponent(percent),
    "in mixed percent signs": each((byte) => (byte % 2 ? `%${hex(byte)}` : `%${HEX(byte)}`)),
    "character references": each((byte) => `&#${byte};`),
    "padded character references": each((byte) => `&#00${byte};`),
    "hexadecimal character references": each((byte) => `&#x${hex(byte)};`),
    "hexadecimal character references in capitals": each((byte) => `&#X${HEX(byte)};`),
    "escaped character references": each((byte) => `&amp;#${byte};`),
    "named character references": text
      .replaceAll("&", "&amp;")
      .replaceAll("+", "&plus;")
      .replaceAll("/", "&sol;")
      .replaceAll("=", "&equals;")
      .replaceAll("_", "&lowbar;"),
    "quoted-printable": each((byte) => `=${HEX(byte)}`),
    "quoted-printable where it must be": each((byte) =>
      isName(byte) ? String.fromCharCode(byte) : `=${HEX(byte)}`,
    ),
    Base64: base64,
    "Base64 without padding": base64.replace(/=*$/, ""),
    Base64url: bytes.toString("base64url"),
    "Base64, one byte before": Buffer.from(`x${text}`).toString("base64"),
    "Base64, two bytes before": Buffer.from(`xy${text}`).toString("base64"),
    "Base64, bytes after": Buffer.from(`${text}xyz`).toString("base64"),
    "Base64url, one byte before": Buffer.from(`x${text}`).toString("base64url"),
    "Base64 in lines": inLines(base64, 16, "\n"),
    "Base64 in lines of another width": inLines(base64, 10, "\r\n"),
    "Base64 in lines in JSON": inLines(base64, 12, "\\n"),
    "Base64 in a URL": encodeURIComponent(base64),
    "Base64 in Base64": Buffer.from(base64).toString("base64"),
    "Base64 of UTF-16": Buffer.from(text, "utf16le").toString("base64"),
    "Base64 of a basic authorization": Buffer.from(`user:${text}`).toString("base64"),
    Base32: base32(bytes),
    hexadecimal: bytes.toString("hex"),
    "hexadecimal in capitals": bytes.toString("hex").toUpperCase(),
    "hexadecimal of UTF-16": Buffer.from(text, "utf16le").toString("hex"),
    "hexadecimal in lines": inLines(bytes.toString("hex"), 16, "\n"),
    "hexadecimal with blanks": each(hex, " "),
    "hexadecimal with colons": each(hex, ":"),
    "hexadecimal with hyphens": each(HEX, "-"),
    "hexadecimal with 0x": each((byte) => `0x${hex(byte)}`, ", "),
    "hexadecimal with 0x and nothing between": each((byte) => `0x${hex(byte)}`),
    "decimal with commas": each(String, ","),
    "decimal with blanks": each(String, " "),
    "a list of numbers": JSON.stringify([...bytes], null, 1),
    "octal with blanks": each((byte) => byte.toString(8), " "),
    "binary with blanks": each((byte) => byte.toString(2).padStart(8, "0"), " "),
    "UTF-16 read as bytes": split("\0"),
    "split by blanks": split(" "),
    "split by dots": split("."),
    "split by commas": split(", "),
    "split by hyphens": split("-"),
    "split by newlines": split("\n"),
    "split by tabs": split("\t"),
    "split by zero-width spaces": split("\u200b"),
    "split by soft hyphens": split("\u00ad"),
    "split by directions": split("\u202e"),
    ROT13: text.replaceAll(/[a-z]/gi, (letter) => {
      const first = letter < "a" ? 65 : 97;
      return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
    }),
    "in full width": text.replaceAll(/[!-~]/g, (letter) =>
      String.fromCharCode(letter.charCodeAt(0) + 0xfee0),
    ),
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc4648#section-6 */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits
    .map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(digit.padEnd(5, "0"), 2)])
    .join("");
}
