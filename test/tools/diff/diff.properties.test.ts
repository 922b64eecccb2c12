import { expect, test } from "vitest";
import { checkPair } from "../../lab/diff/properties.ts";

/** `npm run diff:random` looks at 20,000. */
const PAIRS = 400;

test(`ajv refutes nothing that the diff says of ${PAIRS} random pairs of schemas`, () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= PAIRS; seed++) {
    expect(checkPair(seed, (direction, level) => seen.add(`${direction} ${level}`))).toBeUndefined();
  }
  expect(seen.size).toBe(8);
});
