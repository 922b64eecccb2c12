import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createPng } from "../../../contracts/necid/faces/create-png.ts";
import { decodeBase64, decodeWholeBase64 } from "../../../mocks/http/base64.ts";
import { type Face, readFaces } from "../../../mocks/necid/face.ts";
import { withFaces } from "../../../mocks/necid/pictures.ts";
import type { ServiceCall } from "../../../mocks/world/service.ts";

const segment = (kind: number, length: number) =>
  Buffer.concat([Buffer.from([0xff, kind, (length + 2) >> 8, (length + 2) & 0xff]), Buffer.alloc(length)]);
const frame = Buffer.from([0xff, 0xc0, 0, 17, 8, 567 >> 8, 567 & 0xff, 1234 >> 8, 1234 & 0xff]);
const start = Buffer.from([0xff, 0xd8]);
const png = createPng({ width: 800, height: 600, keyword: "necid-face", text: "alice;bob" });
const length = Buffer.alloc(4);
length.writeUInt32BE(200_000);
const longChunk = Buffer.concat([length, Buffer.from("junk"), Buffer.alloc(200_004)]);

const pictures: [what: string, bytes: Buffer][] = [
  ["random bytes", randomBytes(200_000)],
  ["a JPEG", Buffer.concat([start, segment(0xe0, 14), frame, randomBytes(200_000)])],
  [
    "a JPEG whose size stands far behind",
    Buffer.concat([start, segment(0xe1, 65_000), segment(0xe1, 65_000), frame, Buffer.alloc(99)]),
  ],
  ["what begins as a JPEG and has no size", Buffer.concat([start, randomBytes(200_000)])],
  ["a PNG whose face card comes last", Buffer.concat([png.subarray(0, 33), longChunk, png.subarray(33)])],
  ["a long face card", Buffer.from(`necid-face:${Array(900).fill("somebody?quality=0.9").join(";")}`)],
  ["a face card that cannot be read", Buffer.from(`necid-face:${"x".repeat(20_000)}`)],
  ["two megabytes", randomBytes(2_000_000)],
];

test.each(pictures)("the faces of %s are the same, however it is decoded", (_, bytes) => {
  const text = bytes.toString("base64");
  const whole = decodeWholeBase64(Buffer.from(`"${text}"`), { start: 1, end: 1 + text.length })!;
  expect(whole.text === text).toBe(true);
  expect(whole.bytes.equals(bytes)).toBe(true);
  expect({ sha256: whole.sha256, length: whole.length }).toEqual({
    sha256: decodeBase64(text).sha256,
    length: bytes.length,
  });
  expect(seenIn(text, () => whole)).toEqual(expected(bytes));
  expect(seenIn(text, decodeBase64)).toEqual(expected(bytes));
});

function seenIn(text: string, decode: ServiceCall["decodeBase64"]) {
  const seen: Face[][] = [];
  const call = { body: { face: text }, decodeBase64: decode } as unknown as ServiceCall;
  const { status } = withFaces(call, "face", (faces) => {
    seen.push(faces);
    return { status: 200, body: undefined };
  });
  return { status, faces: seen[0] };
}

function expected(bytes: Buffer) {
  try {
    return { status: 200, faces: readFaces(bytes) };
  } catch {
    return { status: 400, faces: undefined };
  }
}
