import { expect, test } from "vitest";
import type { Mismatch } from "../../../../contracts/verify/check.ts";
import { parseAccepted, sortDeviations } from "../../../../contracts/verify/run/accepted.ts";

const mismatch = (operation: string, instancePath = "status"): Mismatch => ({
  operation,
  source: "schema",
  location: "201",
  instancePath,
  expected: "201",
  actual: "200",
  message: "",
});
const now = Date.parse("2026-11-23T12:00:00Z");
const accepted = (operation: string, expires: string) => ({ operation, reason: "known", expires });

test("an accepted deviation does not count until its day has passed", () => {
  const [a, b] = [mismatch("A"), mismatch("B")];
  const [today, yesterday] = [accepted("A", "2026-11-23"), accepted("B", "2026-11-22")];
  expect(sortDeviations([a, b], [today, yesterday], now)).toEqual({
    counted: [b],
    accepted: [{ mismatch: a, by: today }],
    expired: [yesterday],
    gone: [],
  });
});

test("one that no longer occurs is reported, and a narrower one leaves the rest counting", () => {
  const [status, roll] = [mismatch("A"), mismatch("A", "body /faceRoll")];
  const narrow = { ...accepted("A", "2027-01-01"), instancePath: "status" };
  const gone = accepted("C", "2027-01-01");
  expect(sortDeviations([status, roll], [narrow, gone], now)).toEqual({
    counted: [roll],
    accepted: [{ mismatch: status, by: narrow }],
    expired: [],
    gone: [gone],
  });
});

test.each([
  ["[", /^f\.json: is not valid JSON: .+$/],
  ["{}", /^f\.json: must be a list of accepted deviations$/],
  ['[{"operation":"A","reason":"x","expires":"soon"}]', /^f\.json: \/0\/expires must be a day, YYYY-MM-DD$/],
  [
    '[{"operation":"A","expires":"2027-01-01"},7]',
    /^f\.json: \/0\/reason must be text\nf\.json: \/1 must be an object$/,
  ],
  [
    '[{"operation":"A","reason":"x","expires":"2027-01-01","until":1}]',
    /^f\.json: \/0\/until is not known; known are .+$/,
  ],
])("%s is refused with its places", (text, message) => {
  expect(() => parseAccepted("f.json", text)).toThrow(message);
});
