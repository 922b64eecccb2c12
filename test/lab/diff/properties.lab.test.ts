import { expect, test } from "vitest";
import { checkPair, type Refutation } from "./properties.ts";

const PAIRS = 20_000;

test(`ajv refutes nothing that the diff says of ${PAIRS} random pairs of schemas`, {
  timeout: 600_000,
}, () => {
  const refuted: (Refutation | undefined)[] = [];
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= PAIRS; seed++) {
    refuted.push(
      checkPair(seed, (direction, level) => {
        const key = `${direction} ${level}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }),
    );
  }
  expect(refuted.filter((each) => each !== undefined)).toEqual([]);
  // Each verdict is met often enough to mean something.
  expect(Math.min(...counts.values())).toBeGreaterThan(PAIRS / 100);
  expect(counts.size).toBe(8);
});
