import { cached } from "../http/cache.ts";
import { applications } from "./throttle.ts";

/**
 * Admits `limit` calls of each application in a period, which begins with the first call after the last
 * period ended. Without `periodMs` it never ends. Refused calls do not count.
 */
export function createQuota({
  limit,
  periodMs,
  now,
}: {
  limit: number;
  periodMs?: number;
  now: () => number;
}) {
  const periodOf = cached((_application) => ({ start: Number.NEGATIVE_INFINITY, used: 0 }), applications);

  return function admits(application: string): boolean {
    const period = periodOf(application);
    const time = now();
    if (time - period.start >= (periodMs ?? Number.POSITIVE_INFINITY))
      Object.assign(period, { start: time, used: 0 });
    // A clock that is set back must not stretch the period.
    period.start = Math.min(period.start, time);
    if (period.used >= limit) return false;
    period.used += 1;
    return true;
  };
}
