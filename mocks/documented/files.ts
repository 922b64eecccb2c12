import { crc32, deflateSync, gzipSync } from "node:zlib";

/** A small file of a media type, as its own readers take it; any bytes where the type is not known. */
export function fileOf(mediaType: string): Buffer {
  const type = mediaType.split(";")[0]!.trim().toLowerCase();
  const found = files.find(([pattern]) => pattern.test(type));
  return found ? found[1]() : Buffer.from("bytes\n");
}

const files: [type: RegExp, make: () => Buffer][] = [
  [/^image\/(png|apng|\*)$/, png],
  [/^image\/jpe?g$/, jpeg],
  [/^image\/gif$/, gif],
  [/^image\/(bmp|x-ms-bmp)$/, bmp],
  [/^image\/(x-icon|vnd\.microsoft\.icon)$/, icon],
  [/^image\/webp$/, webp],
  [/^image\/tiff?$/, tiff],
  [/^image\/svg/, () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')],
  [/^application\/(x-)?pdf$/, pdf],
  [/^application\/(x-)?(gzip|tgz)(-compressed)?$/, () => gzipSync(Buffer.alloc(0))],
  // The documents of office programs are archives too.
  [/^application\/((x-)?zip|java-archive|vnd\.openxmlformats|vnd\.oasis|epub)/, zip],
  [/^application\/(x-)?tar$/, () => Buffer.alloc(1024)],
  [/^audio\/(x-|vnd\.)?wave?$|^audio\/\*$/, wave],
  [/^audio\/(mpeg|mp3)$/, mp3],
  [/^video\/(mp4|\*)$/, mp4],
];

function png(): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const pixel = deflateSync(Buffer.from([0, 255]));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", pixel),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  return Buffer.concat([number(data.length), named, number(crc32(named))]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** One grey pixel. Each of its two code tables has one code. */
function jpeg(): Buffer {
  const table = (kind: number) => [0xff, 0xc4, 0, 20, kind, 1, ...Array(15).fill(0), 0];
  return Buffer.from([
    ...[0xff, 0xd8],
    ...[0xff, 0xdb, 0, 67, 0, ...Array(64).fill(1)],
    ...[0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0],
    ...table(0x00),
    ...table(0x10),
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x3f],
    ...[0xff, 0xd9],
  ]);
}

function gif(): Buffer {
  const screen = [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  const image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b];
  return Buffer.concat([Buffer.from("GIF89a"), Buffer.from([...screen, ...image])]);
}

/** One white pixel of 24 bits, in a row of four bytes. */
function bmp(): Buffer {
  const bytes = Buffer.alloc(58);
  bytes.write("BM");
  for (const [at, value] of [
    [2, 58],
    [10, 54],
    [14, 40],
    [18, 1],
    [22, 1],
    [34, 4],
  ] as const)
    bytes.writeUInt32LE(value, at);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  bytes.fill(255, 54, 57);
  return bytes;
}

function icon(): Buffer {
  const image = png();
  const bytes = Buffer.alloc(22);
  bytes.writeUInt16LE(1, 2);
  bytes.writeUInt16LE(1, 4);
  bytes.set([1, 1], 6);
  bytes.writeUInt16LE(1, 10);
  bytes.writeUInt16LE(8, 12);
  bytes.writeUInt32LE(image.length, 14);
  bytes.writeUInt32LE(22, 18);
  return Buffer.concat([bytes, image]);
}

/** @see https://developers.google.com/speed/webp/docs/webp_lossless_bitstream_specification */
function webp(): Buffer {
  const data = Buffer.from([0x2f, 0, 0, 0, 0, 0x88, 0x88, 0x08, 0]);
  const padded = Buffer.concat([data, Buffer.alloc(data.length % 2)]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(12 + padded.length);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from("RIFF"), size, Buffer.from("WEBPVP8L"), length, padded]);
}

/** One black pixel of one bit, in one strip. */
function tiff(): Buffer {
  const fields: [tag: number, type: number, value: number][] = [
    [256, 3, 1],
    [257, 3, 1],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 8],
    [278, 3, 1],
    [279, 4, 1],
  ];
  const bytes = Buffer.alloc(10 + 2 + fields.length * 12 + 4);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(10, 4);
  bytes.writeUInt16LE(fields.length, 10);
  for (const [index, [tag, type, value]] of fields.entries()) {
    const at = 12 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}

/** One empty page. The table at its end names the place of each object. */
function pdf(): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>",
  ];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const start = text.length;
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
  text += `${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text);
}

/** The end of an archive that has no files. */
function zip(): Buffer {
  return Buffer.concat([Buffer.from("PK\x05\x06", "latin1"), Buffer.alloc(18)]);
}

/** Eight thousand samples a second of eight bits, and one of them. */
function wave(): Buffer {
  const bytes = Buffer.alloc(46);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(38, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24);
  bytes.writeUInt32LE(8000, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(1, 40);
  bytes[44] = 128;
  return bytes;
}

/** A silent frame of MPEG 1, layer 3: 32 kbit a second at 44.1 kHz are 104 bytes. */
function mp3(): Buffer {
  const frame = Buffer.alloc(104);
  frame.set([0xff, 0xfb, 0x10, 0xc4]);
  return frame;
}

function mp4(): Buffer {
  return Buffer.concat([number(16), Buffer.from("ftypisom"), number(512), number(8), Buffer.from("free")]);
}
