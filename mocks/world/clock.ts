/** A clock that tests can move. All times are milliseconds since the epoch. */
export type Clock = {
  now(): number;
  /** Stops the clock at this time. */
  set(time: number): void;
  /** Moves it forward (or back, with a negative number); a stopped clock stays stopped. */
  advance(ms: number): void;
  /** Back to real time, running. */
  resume(): void;
  readonly stopped: boolean;
  /** Whether it shows another time than the real one. */
  readonly moved: boolean;
};

/** Makes a clock that shows `real` until it is set or advanced. */
export function createClock(real: () => number = Date.now): Clock {
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
