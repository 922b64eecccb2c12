import { setTimeout as wait } from "node:timers/promises";
import { type SigningOptions, sign } from "../signing.ts";
import { attemptOnce, orAbort, type Result } from "./attempt.ts";
import { expectJson } from "./response.ts";
import { isIdempotent, mayHaveActed, type Outcome, retryDelay } from "./retry.ts";
import { serverTime } from "./server-time.ts";

/** What a delivery needs of the world, and its rules. */
export type DeliveryOptions = SigningOptions & {
  /** Unix time in milliseconds. */
  clock: () => number;
  /** From 0 up to 1. */
  random: () => number;
  sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** For each try, to the last byte of its answer. */
  timeoutMs: number;
  /** Tries after the first one. */
  retries: number;
  /** Operations that may be sent twice although their method is not idempotent. */
  repeatable: (method: string, path: string) => boolean;
};

/** Where a request goes and how it is read. */
export type Call = {
  /** The path template, `/subjects/{id}`. */
  path: string;
  signed: boolean;
  transport: (request: Request) => Promise<Response>;
  parseAs?: string;
};

/** No response came; the last try broke before the answer was complete. */
export class NetworkError extends Error {
  readonly code = "NETWORK";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  /** The system's code, `ECONNRESET`, else the kind of failure. No text of the failure: it may quote headers. */
  readonly reason: string;
  /** False when no try can have been acted on: no connection was made, or the gateway refused it. */
  readonly sent: boolean;
  readonly attempts: number;

  constructor(operation: string, facts: { reason: string; sent: boolean; attempts: number }) {
    const { reason, sent, attempts } = facts;
    super(
      `${operation} got no answer after ${tries(attempts)}: ${reason}. ` +
        (sent
          ? "The service may have acted on it; find out before sending it again."
          : "Nothing reached the service; check baseUrl and that the service is up."),
    );
    this.name = "NetworkError";
    this.operation = operation;
    this.reason = reason;
    this.sent = sent;
    this.attempts = attempts;
  }
}

/** The last try had no complete answer within `timeoutMs`. */
export class ResponseTimeoutError extends Error {
  readonly code = "TIMEOUT";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  readonly timeoutMs: number;
  readonly attempts: number;

  constructor(operation: string, facts: { timeoutMs: number; attempts: number }) {
    const { timeoutMs, attempts } = facts;
    super(
      `${operation} got no complete answer within ${timeoutMs} ms in ${tries(attempts)}. ` +
        "The service may have acted on it; find out before sending it again, or raise timeoutMs.",
    );
    this.name = "ResponseTimeoutError";
    this.operation = operation;
    this.timeoutMs = timeoutMs;
    this.attempts = attempts;
  }
}

/**
 * Gives the function that takes a request to its answer: sign, send, read to the end, and again where
 * `retryDelay` allows it or where the gateway named the right time. Each try is signed anew.
 *
 * The offset of this machine's clock is learnt once for each try at most and kept for later ones.
 * The request's signal is honoured at once, in a wait too; it rejects with the signal's own reason.
 *
 * @throws NetworkError, ResponseTimeoutError, UnexpectedResponseError
 */
export function createDelivery(
  options: DeliveryOptions,
): (request: Request, call: Call) => Promise<Response> {
  const { clock, random, sleep = pause, timeoutMs, retries } = options;
  let clockOffset = 0;

  return async function deliver(request, call) {
    const { method, signal } = request;
    const operation = `${method} ${call.path}`;
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
    const repeatable = isIdempotent(method) || options.repeatable(method, call.path);
    let reached = false;

    for (let attempt = 1; ; attempt += 1) {
      let result = await send();
      if (call.signed && correctClock(result)) result = await send();
      const outcome = outcomeOf(result);
      reached ||= mayHaveActed(outcome);
      const delay = retryDelay(outcome, { attempt, retries, repeatable, now: now(), random });
      if (delay === undefined) return settle(result, attempt);
      await orAbort(sleep(delay, signal), signal);
    }

    function send(): Promise<Result> {
      const { url } = request;
      const headers = new Headers(request.headers);
      const added = call.signed ? sign({ method, url, headers, body }, { ...options, now: now() }) : {};
      for (const [name, value] of Object.entries(added)) headers.set(name, value);
      return attemptOnce({ url, method, headers, body, signal, timeoutMs, transport: call.transport });
    }

    function settle(result: Result, attempts: number): Response {
      if (result.kind === "network")
        throw new NetworkError(operation, { reason: result.reason, sent: reached, attempts });
      if (result.kind === "timeout") throw new ResponseTimeoutError(operation, { timeoutMs, attempts });
      return expectJson(result, { method, path: call.path, parseAs: call.parseAs });
    }
  };

  function now(): number {
    return clock() + clockOffset;
  }

  function correctClock(result: Result): boolean {
    if (result.kind !== "answer" || result.response.status !== 403) return false;
    const { status, headers } = result.response;
    const time = serverTime({ status, headers, body: new TextDecoder().decode(result.bytes) });
    if (time !== undefined) clockOffset = time - clock();
    return time !== undefined;
  }
}

function outcomeOf(result: Result): Outcome {
  if (result.kind !== "answer") return result;
  return { kind: "answer", status: result.response.status, headers: result.response.headers };
}

function pause(ms: number, signal: AbortSignal): Promise<unknown> {
  return wait(ms, undefined, { signal });
}

function tries(attempts: number): string {
  return attempts === 1 ? "1 try" : `${attempts} tries`;
}
