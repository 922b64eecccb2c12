import { crc32, deflateSync } from "node:zlib";

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Bytes of a chunk around its contents: length and type before, CRC after. */
const frame = { before: 8, after: 4 };

/**
 * Makes a black picture, one bit for each pixel, with one text chunk.
 *
 * @param options.keyword 1 to 79 Latin-1 characters.
 * @param options.text Latin-1, without a zero character.
 * @see https://www.w3.org/TR/png-3/#5DataRep
 */
export function createPng(options: { width: number; height: number; keyword: string; text: string }): Buffer {
  const { width, height, keyword, text } = options;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from(`${keyword}\0${text}`, "latin1")),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * Finds the text that a picture carries under a keyword, in the first such `tEXt` chunk. Takes any bytes:
 * what is no PNG, or is cut off before that chunk's end, has none.
 *
 * @see https://www.w3.org/TR/png-3/#11tEXt
 */
export function readPngText(bytes: Buffer, keyword: string): string | undefined {
  if (!isPng(bytes)) return undefined;
  const wanted = `tEXt${keyword}\0`;
  for (let start = signature.length; start + frame.before < bytes.length; ) {
    const contents = start + frame.before;
    const end = contents + bytes.readUInt32BE(start);
    if (end + frame.after > bytes.length) return undefined;
    const opening = bytes.toString("latin1", start + 4, Math.min(start + 4 + wanted.length, end));
    if (opening === wanted) return bytes.toString("latin1", start + 4 + wanted.length, end);
    start = end + frame.after;
  }
  return undefined;
}

/** Whether the bytes begin as every PNG does. */
export function isPng(bytes: Buffer): boolean {
  return bytes.length > signature.length && signature.compare(bytes, 0, signature.length) === 0;
}

function chunk(type: string, contents: Buffer): Buffer {
  const framed = Buffer.alloc(frame.before + contents.length + frame.after);
  framed.writeUInt32BE(contents.length, 0);
  framed.write(type, 4, "latin1");
  contents.copy(framed, frame.before);
  const checked = framed.subarray(4, frame.before + contents.length);
  framed.writeUInt32BE(crc32(checked), frame.before + contents.length);
  return framed;
}
