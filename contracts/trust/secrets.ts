/**
 * Creates a function that replaces secrets, in plain text or in a common encoding, and nothing else. It takes time
 * proportional to the text, whatever the text is.
 *
 * @param secrets the values that must not be shown. Without any the text stays as it is.
 */
export function createSecretRedactor(secrets: string[]): (text: string) => string {
  let pattern: RegExp | undefined;
  const known = [...new Set(secrets)].filter((secret) => secret !== "");
  if (known.length === 0) return (text) => text;
  return (text) => text.replace((pattern ??= patternOf(known)), "(secret)");
}

/** One expression for all secrets, so that what replaces one is not searched for another. */
function patternOf(known: string[]): RegExp {
  const texts = known.flatMap(encodingsOf);
  const sources = [...known.filter(({ length }) => length >= 8).map(spelledOut), alternatives(texts)];
  return new RegExp(sources.join("|"), "g");
}

/** The source of an expression for any of the texts, the longest first. */
export function alternatives(texts: string[]): string {
  return texts
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join("|");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/**
 * Each character of a secret plain or in one of the spellings of URLs, JSON, JavaScript, HTML and
 * quoted-printable, with at most two separators after it. Each step reads a bounded piece of text, so the
 * expression is linear.
 */
function spelledOut(secret: string): string {
  return [...Buffer.from(secret)]
    .map((byte) => {
      const hex = byte.toString(16).padStart(2, "0");
      const either = [...hex]
        .map((digit) => (/[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit))
        .join("");
      const forms = [
        escaped(String.fromCharCode(byte)),
        `%(?:25)?${either}`,
        `\\\\{1,2}u00${either}`,
        `\\\\{1,2}u\\{0{0,4}${either}\\}`,
        `\\\\{1,2}x${either}`,
        `\\\\{1,2}0?${byte.toString(8).padStart(3, "0")}`,
        `\\\\{1,2}${escaped(String.fromCharCode(byte))}`,
        `&#0{0,4}${byte};`,
        `&#[xX]0{0,4}${either};`,
        `=${either}`,
        `(?:0x)?${either}(?=[^0-9A-Za-z]|0x|$)`,
      ];
      return `(?:${forms.join("|")})`;
    })
    .join("[\\s.,:;_\\-\\u0000-\\u001f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]{0,2}");
}

/** Encodings of a whole secret, of which every alignment of Base64 is one. */
function encodingsOf(secret: string): string[] {
  if (secret.length < 4) return [secret];
  const bytes = Buffer.from(secret);
  const aligned = [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    // Only the characters that do not depend on what stands around the secret.
    const first = shift === 0 ? 0 : shift + 1;
    const last = Math.floor((shifted.length * 8) / 6);
    return (["base64", "base64url"] as const).map((form) => shifted.toString(form).slice(first, last));
  });
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    secret.replaceAll("/", "\\/"),
    ...aligned.filter(({ length }) => length >= 6),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    Buffer.from(bytes.toString("base64")).toString("base64").replace(/=+$/, "").slice(0, -1),
    Buffer.from(secret, "utf16le").toString("base64").replace(/=+$/, "").slice(0, -1),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    [...secret].reverse().join(""),
    base32(bytes),
  ];
}

/** @see https://www.rfc-editor.org/rfc/rfc4648#section-6 */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const digits = bits.match(/.{5}/g) ?? [];
  return digits.map((digit) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(digit, 2)]).join("");
}
