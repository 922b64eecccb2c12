import { now } from "../http/real-time.ts";

/**
 * A clock that tests can move. All times are milliseconds since the epoch. Throttles, quotas, signatures, journal
 * entries and the `Date` header use it.
 *
 * @example
 * world.clock.set(Date.UTC(2026, 0, 31));
 * world.clock.advance(60_000);
 */
export type Clock = {
  /** The time that the clock shows. */
  now(): number;
  /** Stops the clock at this time. */
  set(time: number): void;
  /** Moves the clock by milliseconds, back with a negative number. A stopped clock stays stopped. */
  advance(ms: number): void;
  /** Starts the clock again at real time. */
  resume(): void;
  /** Whether `set` stopped the clock. */
  readonly stopped: boolean;
  /** Whether the clock was set or advanced since `resume`. */
  readonly moved: boolean;
};

/** Makes a clock that follows `real`, in milliseconds since the epoch, until it is set or advanced. */
export function createClock(real: () => number = now): Clock {
  let stoppedAt: number | undefined;
  let ahead = 0;
  return {
    now: () => stoppedAt ?? real() + ahead,
    set(time) {
      stoppedAt = time;
    },
    advance(ms) {
      if (stoppedAt === undefined) ahead += ms;
      else stoppedAt += ms;
    },
    resume() {
      stoppedAt = undefined;
      ahead = 0;
    },
    get stopped() {
      return stoppedAt !== undefined;
    },
    get moved() {
      return stoppedAt !== undefined || ahead !== 0;
    },
  };
}
