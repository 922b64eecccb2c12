import { setTimeout as wait } from "node:timers/promises";
import type { MadeCall, PlannedCall } from "../check.ts";
import { headerOf, NoResponseError, type ReceivedResponse, type SentRequest, sendRequest } from "../wire.ts";
import { RunStopped } from "./stop.ts";
import { buildRequest, type Target } from "./target.ts";

export type CallerOptions = {
  target: Target;
  /**
   * The hard limit of calls.
   * @default no limit
   */
  maxCalls?: number;
  /**
   * The most calls per second.
   * @default no limit
   */
  rate?: number;
  /** Unix time in milliseconds, which signatures are dated with. */
  now: () => number;
  /**
   * Milliseconds for each call.
   * @default 30_000
   */
  timeoutMs?: number;
  /** Called just before each call. */
  onCall?: (planned: PlannedCall) => void;
  /** Called for each response. A call that is repeated because of a throttle counts once. */
  onMade?: (made: MadeCall) => void;
  /**
   * Whether a call may be made again without an effect, to find out whether the target is out of order.
   * @default no call
   */
  isRepeatable?: (planned: PlannedCall) => boolean;
  /** A valid call without an effect, for the same purpose while no repeatable call has worked. */
  harmless?: () => PlannedCall | undefined;
  /**
   * Sends a request. A plan responds here instead.
   * @default sendRequest
   */
  send?: Send;
};

export type Send = (
  request: SentRequest,
  options: { planned: PlannedCall; timeoutMs: number; signal: AbortSignal },
) => Promise<ReceivedResponse>;

/** What a call must respect besides the options. */
export type CallLimits = {
  signal: AbortSignal;
  /** The number of calls that must remain possible after it. */
  reserved: () => number;
};

export type Caller = {
  readonly calls: number;
  /** @throws {RunStopped} if the limit of calls is reached, the run is interrupted, or the target is out of order. */
  call(planned: PlannedCall, limits: CallLimits): Promise<MadeCall>;
  /** @throws {RunStopped} if that many more calls would exceed the limit. */
  demandCalls(number: number): void;
};

/**
 * Creates the only way to the target. Every call is counted against the limit before it is made, paced, and
 * repeated if the target throttles it. Each repetition counts.
 */
export function createCaller(options: CallerOptions): Caller {
  const { maxCalls = Number.POSITIVE_INFINITY, rate = Number.POSITIVE_INFINITY } = options;
  const {
    target,
    send = sendRequest,
    timeoutMs = 30_000,
    now,
    onCall,
    onMade,
    isRepeatable,
    harmless,
  } = options;
  let calls = 0;
  let throttledMs = 0;
  let last = Number.NEGATIVE_INFINITY;
  /** The operations of the latest signed calls, if they all failed. */
  let failing: string[] = [];
  /** The latest repeatable call that worked, if there is one. */
  let worked: PlannedCall | undefined;

  return {
    get calls() {
      return calls;
    },
    call,
    demandCalls,
  };

  async function call(planned: PlannedCall, limits: CallLimits): Promise<MadeCall> {
    let waitedMs = 0;
    for (let attempt = 0; ; attempt++) {
      demandCalls(1 + limits.reserved());
      await pace(limits.signal);
      const mayRepeat = attempt === 0 && planned.method !== "POST";
      const made = await callOnce(planned, { signal: limits.signal, mayRepeat });
      const delay = made && throttleDelay(made, attempt);
      if (made && delay === undefined) return checkOutage(made, limits);
      waitedMs += delay ?? 0;
      throttledMs += delay ?? 0;
      if (waitedMs > longestThrottleMs || throttledMs > longestThrottlesMs) {
        throw new RunStopped(
          "quota",
          `${planned.method} ${planned.path}: the target throttles, and waiting for it did not help. Try a lower --rate, or later.`,
        );
      }
      if (delay) await wait(delay, undefined, { signal: limits.signal }).catch(interrupted);
    }
  }

  function demandCalls(number: number): void {
    if (calls + number <= maxCalls) return;
    throw new RunStopped(
      "budget",
      `The limit of ${maxCalls} calls is reached. Raise --max-calls, or verify less.`,
    );
  }

  async function pace(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const due = Math.max(last + 1000 / rate, now);
    last = due;
    if (due > now) await wait(due - now, undefined, { signal }).catch(interrupted);
  }

  /** @returns `undefined` if no response came and the call may be made again. */
  async function callOnce(
    planned: PlannedCall,
    {
      signal,
      mayRepeat,
      isRepeated = false,
    }: { signal: AbortSignal; mayRepeat: boolean; isRepeated?: boolean },
  ): Promise<MadeCall | undefined> {
    if (signal.aborted) interrupted();
    calls += 1;
    if (!isRepeated) onCall?.(planned);
    const request = buildRequest(planned, { target, now: now() });
    const started = performance.now();
    try {
      const response = await send(request, { planned, timeoutMs, signal });
      return { planned, request, response, ms: performance.now() - started };
    } catch (error) {
      if (signal.aborted) interrupted();
      if (!(error instanceof NoResponseError)) throw error;
      // A target that timed out once would do so again.
      if (mayRepeat && error.code !== "TIMEOUT") return undefined;
      throw new RunStopped(
        "network",
        `${planned.method} ${planned.path}: no response came (${error.code}). Check the address and the network.`,
      );
    }
  }

  async function checkOutage(made: MadeCall, limits: CallLimits): Promise<MadeCall> {
    const { planned, response } = made;
    onMade?.(made);
    if ((planned.signing ?? "good") !== "good") return made;
    if (response.status < 500) {
      failing = [];
      if (response.status < 300 && isRepeatable?.(planned)) worked = planned;
      return made;
    }
    failing = [...failing, planned.operation];
    if (failing.length < failuresOfOutage || new Set(failing).size === 1) return made;
    failing = [];
    if (await worksAgain(limits)) return made;
    throw new RunStopped(
      "outage",
      `The last ${failuresOfOutage} signed calls, to different operations, were answered with ${response.status} or the like${worked ? ", and so was a call that worked before" : ""}. The service is out of order; try later.`,
    );
  }

  /** A target that answers wrong requests with 500 is not out of order. */
  async function worksAgain(limits: CallLimits): Promise<boolean> {
    const valid = worked ?? harmless?.();
    if (!valid) return false;
    demandCalls(1 + limits.reserved());
    await pace(limits.signal);
    const made = await callOnce(valid, { signal: limits.signal, mayRepeat: false, isRepeated: true });
    return made !== undefined && made.response.status < 500;
  }
}

/** For one call, and for a whole run. */
const longestThrottleMs = 30_000;
const longestThrottlesMs = 120_000;
const failuresOfOutage = 10;

/** How long to wait for a throttle, in milliseconds; `undefined` if there is none. */
function throttleDelay({ response, planned }: MadeCall, attempt: number): number | undefined {
  if (response.status !== 429 || planned.isThrottleExpected) return undefined;
  if (headerOf(response, "x-amzn-errortype")?.startsWith("LimitExceeded")) {
    throw new RunStopped(
      "quota",
      `${planned.method} ${planned.path}: the quota of the application is used up. Wait for the next period, or raise it.`,
    );
  }
  // The least wait doubles, whatever the target asks for: a Retry-After near zero must not flood it with calls.
  const least = 50 * 2 ** Math.min(attempt, 7);
  const after = Number(headerOf(response, "retry-after"));
  return Math.max(least, after > 0 ? after * 1000 : 0);
}

function interrupted(): never {
  throw new RunStopped("interrupted", "The run was interrupted.");
}
