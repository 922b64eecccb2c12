import { crc32, deflateSync } from "node:zlib";
import { chunkFrame, pngSignature } from "./png.ts";

/**
 * Encodes a black PNG with one bit per pixel and one text chunk.
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
    pngSignature,
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from(`${keyword}\0${text}`, "latin1")),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, contents: Buffer): Buffer {
  const framed = Buffer.alloc(chunkFrame.before + contents.length + chunkFrame.after);
  framed.writeUInt32BE(contents.length, 0);
  framed.write(type, 4, "latin1");
  contents.copy(framed, chunkFrame.before);
  const checked = framed.subarray(4, chunkFrame.before + contents.length);
  framed.writeUInt32BE(crc32(checked), chunkFrame.before + contents.length);
  return framed;
}
