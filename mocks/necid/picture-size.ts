import { isPng } from "../../contracts/necid/faces/png.ts";

/** Pixels. */
export type PictureSize = { width: number; height: number };

/**
 * Reads the size of a PNG or JPEG from its headers. Takes any bytes; `undefined` when they are neither, or
 * when the size is missing, zero or cut off.
 */
export function pictureSize(bytes: Buffer): PictureSize | undefined {
  const size = isPng(bytes) ? pngSize(bytes) : jpegSize(bytes);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

/** @see https://www.w3.org/TR/png-3/#11IHDR */
function pngSize(bytes: Buffer): PictureSize | undefined {
  if (bytes.length < 24 || bytes.toString("latin1", 12, 16) !== "IHDR") return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

const marker = { prefix: 0xff, start: 0xd8, end: 0xd9, scan: 0xda };

/**
 * Walks from segment to segment up to the frame header.
 *
 * @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf B.1.1 and B.2.2
 */
function jpegSize(bytes: Buffer): PictureSize | undefined {
  if (bytes[0] !== marker.prefix || bytes[1] !== marker.start) return undefined;
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === marker.prefix) {
    const kind = bytes[at + 1]!;
    if (kind === marker.scan || kind === marker.end) return undefined;
    if (isFrame(kind)) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    // A marker may be preceded by any number of 0xff, and some markers stand without a segment.
    if (kind === marker.prefix) at += 1;
    else if (standsAlone(kind)) at += 2;
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
function isFrame(kind: number): boolean {
  return kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc;
}

/** TEM and RST0 to RST7. */
function standsAlone(kind: number): boolean {
  return kind === 0x01 || (kind >= 0xd0 && kind <= 0xd7);
}
