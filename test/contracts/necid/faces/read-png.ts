import { inflateSync } from "node:zlib";

/** The result of a strict PNG reader that shares no code with the writer. */
export type ReadPng = {
  chunks: string[];
  width: number;
  height: number;
  bitDepth: number;
  colourType: number;
  texts: Record<string, string>;
  pixels: Buffer;
};

/** @throws {Error} if the bytes break the standard, `https://www.w3.org/TR/png-3/`. */
export function readPng(bytes: Buffer): ReadPng {
  if (bytes.toString("hex", 0, 8) !== "89504e470d0a1a0a") throw new Error("no PNG signature");
  const chunks = [...chunksOf(bytes)];
  const header = chunks[0]!.contents;
  const packed = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ contents }) => contents));
  return {
    chunks: chunks.map(({ type }) => type),
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    bitDepth: header[8]!,
    colourType: header[9]!,
    texts: Object.fromEntries(
      chunks
        .filter(({ type }) => type === "tEXt")
        .map(({ contents }) => contents.toString("latin1").split("\0") as [string, string]),
    ),
    pixels: inflateSync(packed),
  };
}

function* chunksOf(bytes: Buffer): Generator<{ type: string; contents: Buffer }> {
  let at = 8;
  while (at < bytes.length) {
    const end = at + 8 + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (bytes.readUInt32BE(end) !== crcOf(bytes.subarray(at + 4, end)))
      throw new Error(`the CRC of ${type} is wrong`);
    yield { type, contents: bytes.subarray(at + 8, end) };
    at = end + 4;
  }
}

/** The CRC of the standard's annex D, bit by bit. */
function crcOf(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
