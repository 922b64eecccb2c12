import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createQuota } from "../../../mocks/faults/quota.ts";
import { createThrottle } from "../../../mocks/faults/throttle.ts";

const start = 1_800_000_000_000;

function throttle(options: { rate: number; burst: number }) {
  const time = { now: start };
  return { time, admits: createThrottle({ ...options, now: () => time.now }) };
}

function quota(options: { limit: number; periodMs?: number }) {
  const time = { now: start };
  return { time, admits: createQuota({ ...options, now: () => time.now }) };
}

function admitted(calls: number, admits: (application: string) => boolean, application = "key 1"): number {
  return Array.from({ length: calls }, () => admits(application)).filter(Boolean).length;
}

describe("a throttle", () => {
  test("admits its burst at once, then one call for each token that came back", () => {
    const { time, admits } = throttle({ rate: 2, burst: 3 });
    const seen = [admitted(5, admits)];
    for (const ms of [499, 1, 500, 1000, 60_000]) {
      time.now += ms;
      seen.push(admitted(5, admits));
    }
    expect(seen).toEqual([3, 0, 1, 1, 2, 3]);
  });

  test("loses no token to rounding when the time passes in small steps", () => {
    const { time, admits } = throttle({ rate: 0.1, burst: 1 });
    admits("key 1");
    const seen = Array.from({ length: 100 }, () => {
      time.now += 100;
      return admits("key 1");
    });
    expect(seen.indexOf(true)).toBe(99);
  });

  test("has a bucket for each application", () => {
    const { admits } = throttle({ rate: 1, burst: 2 });
    expect([admitted(5, admits, "key 1"), admitted(5, admits, "key 2")]).toEqual([2, 2]);
  });

  test("goes on with an empty bucket when the clock is set back", () => {
    const { time, admits } = throttle({ rate: 1, burst: 2 });
    time.now += 86_400_000;
    admitted(2, admits);
    time.now -= 86_400_000;
    const seen = [admitted(2, admits)];
    time.now += 2000;
    seen.push(admitted(5, admits));
    expect(seen).toEqual([0, 2]);
  });

  test("never admits more than burst + rate · t in any span of time, nor less than a full bucket's worth", () => {
    const rates = fc.oneof(
      fc.integer({ min: 1, max: 10_000 }),
      fc.double({ min: 0.01, max: 10_000, noNaN: true }),
    );
    const waits = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 3000, noNaN: true })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 20 }), waits, (rate, burst, steps) => {
        const { time, admits } = throttle({ rate, burst });
        const admissions: number[] = [];
        let tokens = burst;
        for (const step of steps) {
          time.now += step;
          tokens = Math.min(burst, tokens + (rate * step) / 1000);
          const wanted = tokens >= 1;
          const nearly = Math.abs(tokens - 1) < 0.05;
          const got = admits("key 1");
          if (!nearly) expect(got).toBe(wanted);
          if (got) {
            tokens -= 1;
            admissions.push(time.now);
          }
        }
        for (const [first, from] of admissions.entries()) {
          for (const [last, to] of admissions.entries()) {
            if (last < first) continue;
            expect(last - first + 1).toBeLessThanOrEqual(burst + (rate * (to - from)) / 1000 + 0.05);
          }
        }
      }),
    );
  });
});

describe("a quota", () => {
  test("admits its limit, then nothing until the period is over", () => {
    const { time, admits } = quota({ limit: 3, periodMs: 1000 });
    const seen = [admitted(5, admits)];
    for (const ms of [999, 1, 5000]) {
      time.now += ms;
      seen.push(admitted(5, admits));
    }
    expect(seen).toEqual([3, 0, 3, 3]);
  });

  test("without a period it is used up for good", () => {
    const { time, admits } = quota({ limit: 2 });
    admitted(5, admits);
    time.now += 10 * 365 * 86_400_000;
    expect(admitted(5, admits)).toBe(0);
  });

  test("counts each application by itself", () => {
    const { admits } = quota({ limit: 2 });
    expect([admitted(5, admits, "key 1"), admitted(5, admits, "key 2")]).toEqual([2, 2]);
  });

  test("a clock that is set back does not stretch the period", () => {
    const { time, admits } = quota({ limit: 1, periodMs: 1000 });
    admits("key 1");
    time.now -= 86_400_000;
    const seen = [admits("key 1")];
    time.now += 1000;
    seen.push(admits("key 1"));
    expect(seen).toEqual([false, true]);
  });

  test("never admits more than its limit in a period that begins with an admitted call", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 1, max: 2000 }),
        steps,
        (limit, periodMs, waits) => {
          const { time, admits } = quota({ limit, periodMs });
          const periods = new Map<number, number>();
          let begin = Number.NEGATIVE_INFINITY;
          for (const wait of waits) {
            time.now += wait;
            if (time.now - begin >= periodMs) begin = time.now;
            if (admits("key 1")) periods.set(begin, (periods.get(begin) ?? 0) + 1);
          }
          for (const used of periods.values()) expect(used).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });
});

test("thousands of invented applications are forgotten, the oldest first", () => {
  const { admits } = quota({ limit: 1 });
  const seen = [admits("key 1"), admits("key 1")];
  for (let number = 0; number < 999; number++) admits(`invented ${number}`);
  seen.push(admits("key 1"));
  for (let number = 0; number < 1000; number++) admits(`another ${number}`);
  seen.push(admits("key 1"));
  expect(seen).toEqual([true, false, false, true]);
});
