import { randomUUID } from "node:crypto";
import { type DecodedBase64, decodeWholeBase64 } from "./base64.ts";

/** JSON in which a short text stands for each picture. */
export type WithoutPictures = { bytes: Buffer; pictures: DecodedBase64[] };

/** Where a text of JSON stands between its quotes. */
export type TextRange = { start: number; end: number };

/** Shorter texts are parsed with the rest, which takes no longer. In bytes. */
export const shortestPicture = 16_384;

/**
 * Takes the pictures out of JSON, so that its parser does not copy and read them: for the bytes of a Base64 text
 * decoding says all that a parser would say. Texts that are anything else stay.
 *
 * @param texts the long ones among the values, in their order.
 */
export function takePictures(bytes: Buffer, texts: TextRange[]): WithoutPictures {
  const pictures: DecodedBase64[] = [];
  const rest: Buffer[] = [];
  let at = 0;
  for (const range of texts) {
    const decoded = decodeWholeBase64(bytes, range);
    if (!decoded) continue;
    rest.push(bytes.subarray(at, range.start), Buffer.from(placeholder(pictures.length)));
    pictures.push(decoded);
    at = range.end;
  }
  return pictures.length === 0
    ? { bytes, pictures }
    : { bytes: Buffer.concat([...rest, bytes.subarray(at)]), pictures };
}

/** Puts the pictures back into the parsed value, in place. */
export function putPictures(value: unknown, pictures: DecodedBase64[]): unknown {
  if (pictures.length === 0) return value;
  const texts = new Map(pictures.map(({ text }, index) => [placeholder(index), text]));
  return withTexts(value, texts);
}

function withTexts(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return texts.get(value) ?? value;
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  for (const name of Object.keys(record)) record[name] = withTexts(record[name], texts);
  return record;
}

/** No client knows the number of this process, so that no text of a body is taken for a placeholder. */
const unknown = randomUUID();

function placeholder(index: number): string {
  return `${unknown} ${index}`;
}
