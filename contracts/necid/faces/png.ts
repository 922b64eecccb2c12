/**
 * Finds the text that a picture carries under a keyword, in the first such `tEXt` chunk. Takes any bytes:
 * what is no PNG, or is cut off before that chunk's end, has none.
 *
 * @see https://www.w3.org/TR/png-3/#11tEXt
 */
export function readPngText(bytes: Buffer, keyword: string): string | undefined {
  if (!isPng(bytes)) return undefined;
  const wanted = `tEXt${keyword}\0`;
  for (let start = pngSignature.length; start + chunkFrame.before < bytes.length; ) {
    const contents = start + chunkFrame.before;
    const end = contents + bytes.readUInt32BE(start);
    if (end + chunkFrame.after > bytes.length) return undefined;
    const opening = bytes.toString("latin1", start + 4, Math.min(start + 4 + wanted.length, end));
    if (opening === wanted) return bytes.toString("latin1", start + 4 + wanted.length, end);
    start = end + chunkFrame.after;
  }
  return undefined;
}

/** Whether the bytes begin as every PNG does. */
export function isPng(bytes: Buffer): boolean {
  return bytes.length > pngSignature.length && pngSignature.compare(bytes, 0, pngSignature.length) === 0;
}

/** What every PNG begins with. */
export const pngSignature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Bytes of a chunk around its contents: length and type before, CRC after. */
export const chunkFrame = { before: 8, after: 4 };
