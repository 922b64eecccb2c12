import { cached } from "../http/cache.ts";

/**
 * A token bucket for each application: `burst` tokens, one for each admitted call, refilled at `rate`
 * tokens a second. In any time t it admits at most `burst + rate · t`.
 *
 * The bucket is kept as the time at which it will be full again, which does not gather rounding errors
 * as a count of refilled tokens would. A clock that is set back finds an empty bucket at worst.
 */
export function createThrottle({ rate, burst, now }: { rate: number; burst: number; now: () => number }) {
  const perToken = 1000 / rate;
  const bucketOf = cached((_application) => ({ fullAt: Number.NEGATIVE_INFINITY }), applications);

  return function admits(application: string): boolean {
    const bucket = bucketOf(application);
    const time = now();
    bucket.fullAt = Math.min(Math.max(bucket.fullAt, time), time + burst * perToken);
    if (bucket.fullAt + perToken > time + burst * perToken + roundingMs) return false;
    bucket.fullAt += perToken;
    return true;
  };
}

/** Where API keys are not checked, clients may invent them: the latest thousand applications are kept. */
export const applications = { max: 1_000, maxKeyLength: Number.POSITIVE_INFINITY };

/** Milliseconds since the epoch are exact to 0.0003 ms. */
const roundingMs = 0.001;
