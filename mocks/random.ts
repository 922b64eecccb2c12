import { hash } from "node:crypto";

/**
 * Makes a generator of numbers from 0 up to 1, 32 bits each; the same seed gives the same sequence.
 * It is sfc32, small and fast and good enough for tests; never use it for secrets.
 *
 * @see https://pracrand.sourceforge.net/RNG_engines.txt "sfc32"
 */
export function createRandom(seed: string): () => number {
  const bytes = hash("sha256", seed, "buffer");
  let [a, b, c, counter] = [0, 4, 8, 12].map((offset) => bytes.readInt32LE(offset)) as [
    number,
    number,
    number,
    number,
  ];
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

/** As many hexadecimal digits as asked for, lower case. */
export function hexDigits(random: () => number, digits: number): string {
  let text = "";
  while (text.length < digits)
    text += Math.trunc(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  return text.slice(0, digits);
}
