/**
 * Reads the text of a PNG's first `tEXt` chunk with a keyword. Takes any bytes.
 *
 * @returns `undefined` without such a chunk, for a truncated file, and for anything but a PNG.
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
    const head = bytes.toString("latin1", start + 4, Math.min(start + 4 + wanted.length, end));
    if (head === wanted) return bytes.toString("latin1", start + 4 + wanted.length, end);
    start = end + chunkFrame.after;
  }
  return undefined;
}

/** Whether the bytes start with the PNG signature. */
export function isPng(bytes: Buffer): boolean {
  return bytes.length > pngSignature.length && pngSignature.compare(bytes, 0, pngSignature.length) === 0;
}

/** @see https://www.w3.org/TR/png-3/#5PNG-file-signature */
export const pngSignature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Number of bytes of a chunk before its contents (length and type) and after them (CRC). */
export const chunkFrame = { before: 8, after: 4 };
