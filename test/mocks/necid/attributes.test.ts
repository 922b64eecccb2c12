import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as validators from "#generated/necid-v1/validators.js";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { createValidation, type Validators } from "../../../contracts/openapi/validation.ts";
import { type Attributes, attributesOf } from "../../../mocks/necid/attributes.ts";
import { type Face, readFaces } from "../../../mocks/necid/face.ts";

const seed = 20_261_123;
const validation = createValidation(validators as unknown as Validators);

const pinned: Attributes = {
  faceArea: { left: "290", top: "188", right: "471", bottom: "369" },
  headArea: { left: "260", top: "108", right: "508", bottom: "405" },
  rightEyeCenter: { x: "330", y: "241" },
  leftEyeCenter: { x: "424", y: "236" },
  frontalFaceScore: "0.771772",
  faceRoll: "3.04478",
  facePan: "12.7869",
  faceTilt: "-9.72774",
  faceScore: "0.999219",
  faceQualityScore: "0.771249",
};

test("pinned figures: the same face always has the same ones", () => {
  expect(attributesOf(read("alice"))).toEqual(pinned);
});

test("the figures follow from identity and photo, not from the bytes", () => {
  const png = readFaces(Buffer.from(face("alice"), "base64"))[0]!;
  expect(attributesOf(png)).toEqual(pinned);
  expect(attributesOf(read("alice?photo=2"))).not.toEqual(pinned);
  expect(attributesOf(read("bob"))).not.toEqual(pinned);
});

test("what a card gives stands there as given", () => {
  const given = read("alice?quality=0.30&roll=-0&pan=-12.50&tilt=90&frontal=1.0");
  const { faceQualityScore, faceRoll, facePan, faceTilt, frontalFaceScore } = attributesOf(given);
  expect({ faceQualityScore, faceRoll, facePan, faceTilt, frontalFaceScore }).toEqual({
    faceQualityScore: "0.30",
    faceRoll: "-0",
    facePan: "-12.50",
    faceTilt: "90",
    frontalFaceScore: "1.0",
  });
});

test.each<[given: string, changed: Partial<Attributes>]>([
  ["quality=0.2", { faceQualityScore: "0.2" }],
  ["frontal=0.2", { frontalFaceScore: "0.2" }],
  ["tilt=0.2", { faceTilt: "0.2" }],
  ["roll=3", { faceRoll: "3" }],
])("%s changes nothing else", (given, changed) => {
  expect(attributesOf(read(`alice?${given}`))).toEqual({ ...pinned, ...changed });
});

test("a face that is turned aside is seen less frontal", () => {
  const frontal = (pan: number) => Number(attributesOf(read(`alice?pan=${pan}`)).frontalFaceScore);
  expect(frontal(0)).toBeGreaterThan(frontal(20));
  expect(frontal(20)).toBeGreaterThan(frontal(-30));
  expect(frontal(-30)).toBe(frontal(90));
});

test.each([-180, -90, -45, -10, 0, 10, 45, 90, 180])("a head rolled by %d degrees", (roll) => {
  const attributes = attributesOf(read(`alice?roll=${roll}`));
  expectInside(attributes, { left: 0, right: 639, height: 480 });
  const leaning = Math.max(-45, Math.min(45, roll));
  expect(Math.abs(eyeLine(attributes) - leaning)).toBeLessThan(2);
});

describe("any face", () => {
  const side = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 65_535 }));
  const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const given = fc.record(
    { quality: share, frontal: share, roll: degrees(180), pan: degrees(90), tilt: degrees(90) },
    { requiredKeys: [] },
  );

  test(`keeps the contract and stays in its column (seed ${seed})`, () => {
    const group = fc.array(fc.tuple(fc.nat(1e6), fc.integer({ min: 1, max: 9 }), given), {
      minLength: 1,
      maxLength: 24,
    });
    fc.assert(
      fc.property(group, side, side, (people, width, height) => {
        const list = people.map(([name, photo, figures]) => {
          const texts = Object.entries(figures).map(([key, value]) => `&${key}=${value.toFixed(5)}`);
          return `p${name}?photo=${photo}&width=${width}&height=${height}${texts.join("")}`;
        });
        const faces = readFaces(Buffer.from(`necid-face:${list.join(";")}`));
        const all = faces.map(attributesOf);
        expect(violations(all)).toEqual([]);
        for (const [index, attributes] of all.entries()) {
          const left = Math.floor((index * width) / all.length);
          const next = Math.floor(((index + 1) * width) / all.length);
          expectInside(attributes, { left, right: Math.max(left, next - 1), height });
        }
      }),
      { seed, numRuns: 3000 },
    );
  });

  test(`is plausible where the card gives nothing (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), side, side, (name, width, height) => {
        const list = `${encodeURIComponent(`p${name}`)}?width=${width}&height=${height}`;
        const attributes = attributesOf(read(list));
        expectBetween(attributes.frontalFaceScore, 0.4, 0.99);
        expectBetween(attributes.faceRoll, -90, 90);
        expectBetween(attributes.facePan, -30, 30);
        expectBetween(attributes.faceTilt, -30, 30);
        expectBetween(attributes.faceScore, 0.999, 1);
        expectBetween(attributes.faceQualityScore, 0.6, 1);
        expect(Math.abs(eyeLine(attributes) - Number(attributes.faceRoll))).toBeLessThan(0.001);
        if (width >= 200 && height >= 200) expectBetween(attributes.faceRoll, -16, 16);
      }),
      { seed, numRuns: 3000 },
    );
  });

  test("has at most six significant digits", () => {
    for (let index = 0; index < 2000; index++) {
      const { faceArea, headArea, rightEyeCenter, leftEyeCenter, ...decimals } = attributesOf(
        read(`p${index}`),
      );
      for (const text of Object.values(decimals)) {
        expect(text.replace(/^-?0?\.?0*/, "").replace(".", "").length).toBeLessThanOrEqual(6);
      }
    }
  });
});

test("a hundred faces in one picture have a hundred areas", () => {
  const list = Array.from({ length: 100 }, (_, index) => `p${index}`).join(";");
  const all = readFaces(Buffer.from(face(list, { width: 2000 }), "base64")).map(attributesOf);
  expect(all.length).toBe(100);
  for (const [index, { headArea }] of all.slice(1).entries()) {
    expect(Number(headArea.left)).toBeGreaterThan(Number(all[index]!.headArea.right));
  }
});

function read(list: string): Face {
  return readFaces(Buffer.from(`necid-face:${list}`))[0]!;
}

function violations(all: Attributes[]) {
  const body = { faces: all.map((attributes) => ({ attributes })) };
  return validation
    .response("ApiFaceExtractPost", { status: 200, mediaType: "application/json", body, headers: {} })
    .filter(({ place }) => place[0] === "body");
}

/** Eyes in the face, face in the head, head in its column, and the right eye at the left. */
function expectInside(attributes: Attributes, column: { left: number; right: number; height: number }): void {
  const [face, head] = [numbers(attributes.faceArea), numbers(attributes.headArea)];
  const [right, left] = [numbers(attributes.rightEyeCenter), numbers(attributes.leftEyeCenter)];
  const across = [column.left, head.left, face.left, right.x, left.x, face.right, head.right, column.right];
  expect(across).toEqual(across.toSorted((a, b) => a - b));
  if (column.left < column.right) expect(right.x).toBeLessThan(left.x);
  for (const eye of [right, left]) {
    const down = [0, head.top, face.top, eye.y, face.bottom, head.bottom, column.height - 1];
    expect(down).toEqual(down.toSorted((a, b) => a - b));
  }
}

/** Degrees, greater the higher the left eye. */
function eyeLine({ rightEyeCenter, leftEyeCenter }: Attributes): number {
  const [right, left] = [numbers(rightEyeCenter), numbers(leftEyeCenter)];
  return (Math.atan2(right.y - left.y, left.x - right.x) * 180) / Math.PI;
}

function expectBetween(text: string, least: number, most: number): void {
  expect(Number(text)).toBeGreaterThanOrEqual(least);
  expect(Number(text)).toBeLessThanOrEqual(most);
}

function numbers<Key extends string>(texts: Record<Key, string>): Record<Key, number> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Number(text)])) as Record<
    Key,
    number
  >;
}
