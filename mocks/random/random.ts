import { hash } from "node:crypto";

/**
 * Makes a generator of numbers from 0 up to 1, 32 bits each; the same seed gives the same sequence.
 * It is sfc32, small and fast and good enough for tests; never use it for secrets.
 *
 * @see https://pracrand.sourceforge.net/RNG_engines.txt "sfc32"
 */
export function createRandom(seed: string): () => number {
  const bytes = hash("sha256", seed, "binary");
  let a = wordAt(bytes, 0);
  let b = wordAt(bytes, 4);
  let c = wordAt(bytes, 8);
  let counter = wordAt(bytes, 12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
}

/** 32 bits of bytes in latin1, the lowest first. */
function wordAt(bytes: string, at: number): number {
  const byte = (offset: number) => bytes.charCodeAt(at + offset) << (8 * offset);
  return byte(0) | byte(1) | byte(2) | byte(3);
}

/** Draws this many hexadecimal digits in lower case. */
export function hexDigits(random: () => number, digits: number): string {
  let text = "";
  while (text.length < digits) text += hexWord(word(random));
  return text.length === digits ? text : text.slice(0, digits);
}

/** A UUID of version 4. @see https://www.rfc-editor.org/rfc/rfc9562#section-5.4 */
export function uuid(random: () => number): string {
  const versioned = hexWord((word(random) & 0xffff0fff) | 0x4000);
  const variant = hexWord((word(random) & 0x3fffffff) | 0x80000000);
  const [first, last] = [hexWord(word(random)), hexWord(word(random))];
  return `${first}-${versioned.slice(0, 4)}-${versioned.slice(4)}-${variant.slice(0, 4)}-${variant.slice(4)}${last}`;
}

/** Eleven bytes in Base64. @see https://www.rfc-editor.org/rfc/rfc4648#section-4 */
export function elevenBytes(random: () => number): string {
  let text = "";
  while (text.length < 15) {
    const bits = word(random);
    for (let shift = 0; shift < 30; shift += 6) text += base64[(bits >>> shift) & 63];
  }
  // The last character stands for four bits only.
  return `${text.slice(0, 14)}${base64[base64.indexOf(text[14]!) & 60]}=`;
}

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** 32 bits. */
function word(random: () => number): number {
  return Math.trunc(random() * 0x1_0000_0000);
}

function hexWord(bits: number): string {
  return (
    hexBytes[bits >>> 24]! +
    hexBytes[(bits >>> 16) & 255]! +
    hexBytes[(bits >>> 8) & 255]! +
    hexBytes[bits & 255]!
  );
}
