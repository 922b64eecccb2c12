import fc from "fast-check";
import { expect, test } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { type Face, readFaces } from "../../../mocks/necid/face.ts";
import { faceKey, highestStrangerScore, scoreOf, strangerScore } from "../../../mocks/necid/score.ts";

const seed = 20_261_123;

test("pinned figures: the same pair always scores the same", () => {
  expect([
    scoreOf(read("alice"), read("alice")),
    scoreOf(read("alice"), read("alice?photo=2")),
    scoreOf(read("alice"), read("bob")),
    scoreOf(read("alice"), read("carol")),
  ]).toEqual([9999, 7295, 2211, 1370]);
});

test("the same picture in other bytes is another picture of the same person", () => {
  const png = readFaces(Buffer.from(face("alice"), "base64"))[0]!;
  expect(scoreOf(png, png)).toBe(9999);
  expectSamePerson(scoreOf(png, read("alice")));
});

test("two faces of one person in one picture are two pictures", () => {
  const [first, second] = readFaces(Buffer.from("necid-face:alice;alice")) as [Face, Face];
  expectSamePerson(scoreOf(first, second));
});

test(`holds its bounds and does not mind the order (seed ${seed})`, () => {
  const photo = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), photo, photo, (a, b, photoA, photoB) => {
      const [one, other] = [read(`p${a}?photo=${photoA}`), read(`p${b}?photo=${photoB}`)];
      const score = scoreOf(one, other);
      expect(score).toBe(scoreOf(other, one));
      if (a !== b) expectStrangers(score);
      if (a !== b) expect(score).toBe(strangerScore(faceKey(one), faceKey(other)));

      const again = scoreOf(one, read(`p${a}?photo=${photoB}`));
      if (photoA === photoB) expect(again).toBe(9999);
      else expectSamePerson(again);
    }),
    { seed, numRuns: 5000 },
  );
});

test("one probe spreads evenly over a crowd of strangers", () => {
  const keys = Array.from({ length: 40_000 }, (_, index) => faceKey(read(`p${index}`)));
  const tenths = new Array<number>(10).fill(0);
  const probe = faceKey(read("alice"));
  for (const key of keys) tenths[Math.floor(strangerScore(probe, key) / 400)]! += 1;
  expect(Math.min(...tenths)).toBeGreaterThan(3800);
  expect(Math.max(...tenths)).toBeLessThan(4200);
});

function read(list: string): Face {
  return readFaces(Buffer.from(`necid-face:${list}`))[0]!;
}

function expectSamePerson(score: number): void {
  expect(Number.isInteger(score)).toBe(true);
  expect(score).toBeGreaterThanOrEqual(7000);
  expect(score).toBeLessThanOrEqual(9950);
}

function expectStrangers(score: number): void {
  expect(Number.isInteger(score)).toBe(true);
  expect(score).toBeGreaterThanOrEqual(0);
  expect(score).toBeLessThanOrEqual(highestStrangerScore);
}

test.each([
  ["alice?like=bob:6999", "bob", 6999],
  ["alice?like=bob:6999", "bob?photo=7", 6999],
  ["alice?like=bob:6999", "alice?photo=2", 7295],
  ["alice?photo=2&like=alice:7001", "alice", 7001],
  ["alice?like=bob:6000", "bob?like=alice:6500", 6500],
  ["alice?like=a:b:0", "a:b", 0],
])("a card fixes the score of %s and %s", (one, other, score) => {
  const scores = [scoreOf(read(one), read(other)), scoreOf(read(other), read(one))];
  if (score === 7295) expect(scores.every((each) => each >= 7000)).toBe(true);
  else expect(scores).toEqual([score, score]);
});
