import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type FaceCard,
  FaceCardError,
  type FaceOptions,
  face,
  readFaceCard,
} from "../../../../contracts/necid/faces/faces.ts";
import { readPng } from "./read-png.ts";

const seed = 20_261_123;

describe("face", () => {
  test.each<[name: string, options: FaceOptions, width: number, height: number, most: number]>([
    ["the default size", {}, 640, 480, 300],
    ["one pixel", { width: 1, height: 1 }, 1, 1, 300],
    ["a width that fills no byte", { width: 13, height: 3 }, 13, 3, 300],
    ["a width alone", { width: 1000 }, 1000, 480, 300],
    ["a portrait", { width: 1080, height: 1920 }, 1080, 1920, 600],
    ["the largest", { width: 4096, height: 4096 }, 4096, 4096, 2300],
  ])("makes a PNG that a strict reader takes: %s", (_name, options, width, height, most) => {
    const bytes = Buffer.from(face("alice", options), "base64");
    const { pixels, texts, ...rest } = readPng(bytes);
    expect(rest).toEqual({
      chunks: ["IHDR", "tEXt", "IDAT", "IEND"],
      width,
      height,
      bitDepth: 1,
      colourType: 0,
    });
    expect(Object.keys(texts)).toEqual(["necid-face"]);
    expect(pixels.length).toBe((1 + Math.ceil(width / 8)) * height);
    expect(bytes.length).toBeLessThan(most);
  });

  test("returns plain Base64 that the contract allows, the same each time", () => {
    expect(face("alice", { photo: 2 })).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    expect(face("alice", { photo: 2 })).toBe(face("alice", { photo: 2 }));
    expect(face("alice", { photo: 2 })).not.toBe(face("alice", { photo: 3 }));
  });

  test.each<[list: string, options: FaceOptions, written: string, card: FaceCard]>([
    ["alice", {}, "alice", card([one("alice")])],
    ["alice", { photo: 2 }, "alice?photo=2", card([one("alice", 2)])],
    [
      "alice",
      { photo: 2, quality: 0.9, roll: -4.5, pan: 12, tilt: -0, frontal: 1 },
      "alice?photo=2&quality=0.9&roll=-4.5&pan=12&tilt=-0&frontal=1",
      card([one("alice", 2, { quality: "0.9", roll: "-4.5", pan: "12", tilt: "-0", frontal: "1" })]),
    ],
    ["alice", { quality: undefined }, "alice", card([one("alice")])],
    ["alice?quality=0.30", {}, "alice?quality=0.30", card([one("alice", 1, { quality: "0.30" })])],
    [
      "alice;bob?photo=2; carol",
      { quality: 0.5 },
      "alice?quality=0.5;bob?photo=2&quality=0.5; carol?quality=0.5",
      card([
        one("alice", 1, { quality: "0.5" }),
        one("bob", 2, { quality: "0.5" }),
        one("carol", 1, { quality: "0.5" }),
      ]),
    ],
    [
      "alice;bob",
      { width: 800, height: 600 },
      "alice?width=800&height=600;bob?width=800&height=600",
      card([one("alice"), one("bob")], 800, 600),
    ],
    ["alice?width=320;bob", {}, "alice?width=320;bob", card([one("alice"), one("bob")], 320)],
    ["none", {}, "none", card([])],
    ["none", { width: 9, height: 8 }, "none?width=9&height=8", card([], 9, 8)],
    ["alice;none;bob", {}, "alice;none;bob", card([one("alice"), one("bob")])],
    [
      "Zoë Łuksza;山田",
      {},
      "Zo%C3%AB %C5%81uksza;%E5%B1%B1%E7%94%B0",
      card([one("Zoë Łuksza"), one("山田")]),
    ],
    ["a%3Bb%3Fc%25", {}, "a%3Bb%3Fc%25", card([one("a;b?c%")])],
    ["%6eone", {}, "%6eone", card([one("none")])],
    ["__proto__", {}, "__proto__", card([one("__proto__")])],
  ])("writes %s with %o as a card that reads back", (list, options, written, expected) => {
    const bytes = Buffer.from(face(list, options), "base64");
    expect(readPng(bytes).texts).toEqual({ "necid-face": written });
    expect(readFaceCard(bytes)).toEqual(expected);
  });

  test("a name of lone surrogates is replaced, not refused", () => {
    expect(readFaceCard(Buffer.from(face("a\ud800"), "base64"))).toEqual(card([one("a\ufffd")]));
  });
});

const degrees = (most: number) =>
  `a decimal number from -${most} to ${most}, without an exponent and of at most 20 characters`;
const share = "a decimal number from 0 to 1, without an exponent and of at most 20 characters";
const known = "photo, quality, roll, pan, tilt, frontal, like, width, height";

describe("an invalid card", () => {
  const refused: [list: string, options: FaceOptions, problem: string][] = [
    ["", {}, "face 1 has no name; nobody is written none"],
    ["alice;", {}, "face 2 has no name; nobody is written none"],
    ["a".repeat(201), {}, "face 1 has a name of more than 200 characters"],
    ["alice%zz", {}, "face 1 has a % that begins no percent-encoded UTF-8"],
    ["alice?photo=%ff", {}, "photo of face 1 has a % that begins no percent-encoded UTF-8"],
    ["alice?", {}, `face 1 has an unknown parameter ''; known are ${known}`],
    ["alice?qualty=0.2", {}, `face 1 has an unknown parameter 'qualty'; known are ${known}`],
    ["alice?__proto__=1", {}, `face 1 has an unknown parameter '__proto__'; known are ${known}`],
    [
      `alice?${"x".repeat(50)}=1`,
      {},
      `face 1 has an unknown parameter '${"x".repeat(40)}…'; known are ${known}`,
    ],
    ["alice?photo=1&photo=2", {}, "face 1 has photo twice"],
    ["alice?photo=1", { photo: 2 }, "face 1 has photo twice"],
    ["alice?photo", {}, "photo of face 1 must be a whole number from 1 to 999999999"],
    ["alice;bob?photo=0", {}, "photo of face 2 must be a whole number from 1 to 999999999"],
    ["alice", { photo: 1.5 }, "photo of face 1 must be a whole number from 1 to 999999999"],
    ["alice?photo=2?quality=1", {}, "photo of face 1 must be a whole number from 1 to 999999999"],
    ["alice", { quality: 1.1 }, `quality of face 1 must be ${share}`],
    ["alice", { quality: -0 }, `quality of face 1 must be ${share}`],
    ["alice", { quality: 1e-7 }, `quality of face 1 must be ${share}`],
    ["alice", { frontal: Number.NaN }, `frontal of face 1 must be ${share}`],
    ["alice?frontal=.5", {}, `frontal of face 1 must be ${share}`],
    ["alice?roll=0.0000000000000000001", {}, `roll of face 1 must be ${degrees(180)}`],
    ["alice", { roll: 181 }, `roll of face 1 must be ${degrees(180)}`],
    ["alice", { pan: -91 }, `pan of face 1 must be ${degrees(90)}`],
    ["alice?tilt=+1", {}, `tilt of face 1 must be ${degrees(90)}`],
    ["alice", { width: 0 }, "width of face 1 must be a whole number from 1 to 65535"],
    ["alice", { height: 65_536 }, "height of face 1 must be a whole number from 1 to 65535"],
    ["alice?width=2;bob?width=3", {}, "face 2 gives the picture another width"],
    ["alice", { width: 4097, height: 4096 }, "4097 by 4096 is more than 16777216 pixels"],
    ["none", { photo: 1 }, "face 1 is none, which takes no parameters but width and height"],
    ["a;".repeat(1000), {}, "it lists more than 1000 faces"],
    ["a".repeat(65_537), {}, "it has more than 65536 characters"],
  ];
  test.each(refused.map(([list, options, problem]) => ({ list, options, problem })))("$problem", (row) => {
    const { list, options, problem } = row;
    const made = () => face(list, options);
    expect(made).toThrow(FaceCardError);
    expect(made).toThrow(
      expect.objectContaining({
        code: "FACE_CARD_INVALID",
        problem,
        message: `The face card cannot be read: ${problem}.`,
      }),
    );
  });
});

describe("readFaceCard", () => {
  const png = Buffer.from(face("alice?photo=2"), "base64");

  test.each<[name: string, bytes: Uint8Array, want: ReturnType<typeof readFaceCard>]>([
    ["plain text", Buffer.from("necid-face:alice;bob?photo=2"), card([one("alice"), one("bob", 2)])],
    ["plain text in UTF-8", Buffer.from("necid-face:Zoë"), card([one("Zoë")])],
    ["plain text that ends a line", Buffer.from("necid-face:alice\n"), card([one("alice")])],
    [
      "plain text with a size that no PNG could have",
      Buffer.from("necid-face:a?width=65535&height=65535"),
      card([one("a")], 65_535, 65_535),
    ],
    [
      "a view into a larger buffer",
      new Uint8Array(Buffer.from("..necid-face:alice..")).subarray(2, 18),
      card([one("alice")]),
    ],
    ["a PNG", png, card([one("alice", 2)])],
    ["a PNG with Latin-1 from elsewhere", withText("necid-face\0Zo\xeb"), card([one("Zoë")])],
    ["a PNG with other texts before", withText("Title\0x", "necid-face\0bob"), card([one("bob")])],
    ["the first of two", withText("necid-face\0alice", "necid-face\0bob"), card([one("alice")])],
    ["plain text without a name", Buffer.from("necid-face:"), { problem: noName }],
    ["a PNG without a name", withText("necid-face\0"), { problem: noName }],
    [
      "plain text that is not UTF-8",
      Buffer.from("necid-face:\xff", "latin1"),
      { problem: "it is not UTF-8" },
    ],
    [
      "a million faces",
      Buffer.from(`necid-face:${"a;".repeat(1_000_000)}`),
      { problem: "it has more than 65536 characters" },
    ],
    ["nothing", Buffer.alloc(0), undefined],
    ["a longer keyword", Buffer.from("necid-faces:alice"), undefined],
    ["another case", Buffer.from("Necid-face:alice"), undefined],
    ["a mark before the keyword", Buffer.from("\ufeffnecid-face:alice"), undefined],
    ["a PNG with another text", withText("necid-faces\0alice"), undefined],
    ["a PNG whose keyword has no end", withText("necid-face"), undefined],
    ["a chunk that claims 4 GB", withLength(0xffffffff), undefined],
    ["a chunk that claims 2 GB", withLength(0x7fffffff), undefined],
    ["a million empty chunks", Buffer.concat([png.subarray(0, 8), Buffer.alloc(12_000_000)]), undefined],
  ])("%s", (_name, bytes, want) => {
    expect(readFaceCard(bytes)).toEqual(want);
  });

  test("a truncated PNG is no card", () => {
    const end = png.indexOf("IDAT") - 4;
    for (let length = 0; length < png.length; length++)
      expect(readFaceCard(png.subarray(0, length)) !== undefined).toBe(length >= end);
  });

  test(`never throws, for any change of a card (seed ${seed})`, () => {
    const changes = fc.array(fc.tuple(fc.nat(png.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(changes, (changed) => {
        const bytes = Buffer.from(png);
        for (const [at, byte] of changed) bytes[at] = byte;
        readFaceCard(bytes);
      }),
      { seed, numRuns: 5000 },
    );
  });

  test(`never throws, for any list (seed ${seed})`, () => {
    const pieces = fc.constantFrom(
      "alice",
      ";",
      "?",
      "&",
      "=",
      "%",
      "%41",
      "none",
      "photo",
      "roll",
      "-1",
      "é",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces).map((parts) => parts.join("")),
          fc.string(),
        ),
        (list) => {
          expect(readFaceCard(Buffer.from(`necid-face:${list}`))).toBeDefined();
        },
      ),
      { seed, numRuns: 5000 },
    );
  });

  test(`reads back any name (seed ${seed})`, () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const bytes = Buffer.from(face(names.map(encodeName).join(";"), { width: 8, height: 8 }), "base64");
        expect(readFaceCard(bytes)).toEqual(
          card(
            names.map((identity) => one(identity)),
            8,
            8,
          ),
        );
      }),
      { seed, numRuns: 1000 },
    );
  });

  function withText(...texts: string[]): Buffer {
    const chunks = texts.map((text) => {
      const chunk = Buffer.alloc(text.length + 12);
      chunk.writeUInt32BE(text.length);
      chunk.write(`tEXt${text}`, 4, "latin1");
      return chunk;
    });
    const start = png.indexOf("tEXt") - 4;
    return Buffer.concat([png.subarray(0, start), ...chunks, png.subarray(png.indexOf("IDAT") - 4)]);
  }

  function withLength(length: number): Buffer {
    const bytes = Buffer.from(png);
    bytes.writeUInt32BE(length, png.indexOf("tEXt") - 4);
    return bytes;
  }
});

const noName = "face 1 has no name; nobody is written none";

function encodeName(name: string): string {
  return name === "none" ? "%6eone" : encodeURIComponent(name);
}

function one(identity: string, photo = 1, given: FaceCard["faces"][number]["given"] = {}) {
  return { identity, photo, given };
}

function card(faces: FaceCard["faces"], width?: number, height?: number): FaceCard {
  return { faces, width, height };
}
