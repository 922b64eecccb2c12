import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleLatency } from "../../../mocks/faults/latency.ts";
import { type Latency, longestMs } from "../../../mocks/faults/schemas.ts";
import { createRandom } from "../../../mocks/random/random.ts";

function samples(latency: Latency, count = 20_000): number[] {
  const random = createRandom("latency");
  return Array.from({ length: count }, () => sampleLatency(latency, random)).toSorted(
    (one, other) => one - other,
  );
}

test("a fixed latency is what it says", () => {
  expect(new Set(samples({ ms: 50 }, 100))).toEqual(new Set([50]));
});

test("a uniform latency lies within its bounds and fills them evenly", () => {
  const sorted = samples({ uniform: [10, 50] });
  expect(sorted[0]).toBeGreaterThanOrEqual(10);
  expect(sorted.at(-1)).toBeLessThanOrEqual(50);
  for (const part of [0.1, 0.5, 0.9]) {
    expect(Math.abs(sorted[sorted.length * part]! - (10 + 40 * part))).toBeLessThan(1);
  }
});

test("a log-normal latency has its median and its spread", () => {
  const sorted = samples({ logNormal: { median: 40, sigma: 0.5 } });
  expect(sorted[0]).toBeGreaterThan(0);
  expect(Math.abs(sorted[sorted.length / 2]! - 40)).toBeLessThan(1);
  // One standard deviation above the median: 84.13 % lie below.
  expect(Math.abs(sorted[Math.floor(sorted.length * 0.8413)]! - 40 * Math.exp(0.5))).toBeLessThan(2);
});

test("no latency is negative, endless or no number, whatever is drawn", () => {
  const drawn = fc.oneof(
    fc.constantFrom(0, 1 - 2 ** -32),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  );
  const latencies = fc.oneof(
    fc
      .record({
        median: fc.integer({ min: 0, max: longestMs }),
        sigma: fc.double({ min: 0, max: 10, noNaN: true }),
      })
      .map((logNormal): Latency => ({ logNormal })),
    fc
      .tuple(fc.integer({ min: 0, max: longestMs }), fc.integer({ min: 0, max: longestMs }))
      .map((ends): Latency => ({ uniform: ends.toSorted((one, other) => one - other) as [number, number] })),
  );
  fc.assert(
    fc.property(latencies, drawn, drawn, (latency, first, second) => {
      const numbers = [first, second];
      const ms = sampleLatency(latency, () => numbers.shift()!);
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(longestMs);
    }),
  );
});
