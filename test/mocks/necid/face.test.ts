import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { type Face, readFaces } from "../../../mocks/necid/face.ts";

const usualSize = { width: 640, height: 480 };

test("any bytes that are no card are one face by their SHA-256", () => {
  const bytes = Buffer.from("no picture at all");
  const digest = hash("sha256", bytes);
  expect(readFaces(bytes)).toEqual<Face[]>([
    { identity: digest, photo: 1, digest, given: {}, picture: usualSize, place: { index: 0, of: 1 } },
  ]);
  expect(readFaces(Buffer.from("others"))[0]!.identity).toBe(hash("sha256", "others"));
  expect(readFaces(Buffer.alloc(0))[0]!.identity).toBe(hash("sha256", ""));
});

test("a card lists its faces from left to right, each a picture of its own", () => {
  const bytes = Buffer.from(face("alice?photo=2;none;bob?quality=0.30;bob", { width: 900 }), "base64");
  const digest = hash("sha256", bytes);
  const picture = { width: 900, height: 480 };
  expect(readFaces(bytes)).toEqual<Face[]>([
    { identity: "alice", photo: 2, digest, given: {}, picture, place: { index: 0, of: 3 } },
    {
      identity: "bob",
      photo: 1,
      digest: hash("sha256", `${digest} 1`),
      given: { quality: "0.30" },
      picture,
      place: { index: 1, of: 3 },
    },
    {
      identity: "bob",
      photo: 1,
      digest: hash("sha256", `${digest} 2`),
      given: {},
      picture,
      place: { index: 2, of: 3 },
    },
  ]);
});

test("a card of nobody has no face", () => {
  expect(readFaces(Buffer.from(face("none"), "base64"))).toEqual([]);
  expect(readFaces(Buffer.from("necid-face:none"))).toEqual([]);
});

test("a card that cannot be read says why", () => {
  expect(() => readFaces(Buffer.from("necid-face:alice;bob?qualty=1"))).toThrow(
    expect.objectContaining({
      code: "FACE_CARD_INVALID",
      problem:
        "face 2 has an unknown parameter 'qualty'; known are photo, quality, roll, pan, tilt, frontal, like, width, height",
    }),
  );
});

describe("the picture's size", () => {
  const png = Buffer.from(face("alice", { width: 320, height: 200 }), "base64");
  const head = png.subarray(0, 33);

  /** SOI, an application segment with a frame header inside, a table, then the frame header. */
  const jpeg = Buffer.from(
    ["ffd8", "ffe0000affc0000801e00280", "ffc40003aa", "ffc2000b08012c019001011100", "ffda"].join(""),
    "hex",
  );
  const jpegSize = { width: 400, height: 300 };

  test.each<[name: string, bytes: Buffer, picture: Face["picture"]]>([
    ["a PNG's header", head, { width: 320, height: 200 }],
    ["a PNG cut off in its header", head.subarray(0, 23), usualSize],
    ["a PNG of width 0", Buffer.concat([head.subarray(0, 16), Buffer.alloc(8)]), usualSize],
    ["a PNG that begins with another chunk", changed(head, 12, "49444154"), usualSize],
    ["a JPEG's frame header, not the one of its thumbnail", jpeg, jpegSize],
    ["a JPEG cut off in its frame header", jpeg.subarray(0, jpeg.indexOf("ffc2", "hex") + 8), usualSize],
    ["fill bytes before a marker", inserted("ffffff"), jpegSize],
    ["markers without a segment", inserted("ff01ffd0ffd7"), jpegSize],
    ["an end before the frame header", inserted("ffd9"), usualSize],
    ["a scan before the frame header", inserted("ffda"), usualSize],
    ["a segment beyond the end", inserted("ffe1ffff"), usualSize],
    ["a segment of length 0", inserted("ffe10000"), usualSize],
    ["a frame of height 0", changed(jpeg, jpeg.indexOf("012c", "hex"), "0000"), usualSize],
    ["a million fill bytes", Buffer.concat([jpeg.subarray(0, 2), Buffer.alloc(1_000_000, 0xff)]), usualSize],
    ["the parameters of a card in plain text", Buffer.from("necid-face:a?width=99&height=98"), size(99, 98)],
    ["one parameter", Buffer.from("necid-face:a?width=99"), size(99, 480)],
    ["the parameters before a PNG's own header", changed(png, 16, "0000000500000006"), size(320, 200)],
  ])("%s", (_name, bytes, picture) => {
    expect(readFaces(bytes)[0]!.picture).toEqual(picture);
  });

  function inserted(hex: string): Buffer {
    const at = jpeg.indexOf("ffc2", "hex");
    return Buffer.concat([jpeg.subarray(0, at), Buffer.from(hex, "hex"), jpeg.subarray(at)]);
  }

  function changed(bytes: Buffer, at: number, hex: string): Buffer {
    const copy = Buffer.from(bytes);
    copy.write(hex, at, "hex");
    return copy;
  }

  function size(width: number, height: number) {
    return { width, height };
  }
});
