/**
 * The timers and clocks of Node as they were when the mock was loaded. Test runners replace the global ones to fake
 * the time; the mock in the same process goes on by these. It follows the faked time only where it is told to: the
 * option `now` of `startMock`, or a world's clock.
 */
export const { setTimeout, clearTimeout, setImmediate } = globalThis;
export const { nextTick } = process;

/** Milliseconds since the epoch. */
export const now: () => number = Date.now;

/** Milliseconds since some moment, for measuring. */
export const elapsed: () => number = performance.now.bind(performance);
