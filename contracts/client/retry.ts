/** What the decision to retry needs to know of a try. */
export type TryResult =
  | { kind: "response"; status: number; headers: Headers }
  /** `sent` is false if no connection was made, so that the service cannot have acted. */
  | { kind: "network"; sent: boolean }
  | { kind: "timeout" };

/**
 * Returns the milliseconds to wait before the next try, or `undefined` if there is none.
 *
 * - After 502, 503 and 504, a broken connection or a timeout, the service may have acted: only a repeatable
 *   operation is sent again.
 * - API Gateway's throttle (429 `TooManyRequestsException`) and a connection that was not made did not reach
 *   the service: any operation is sent again.
 * - An exhausted quota (429 `LimitExceededException`) does not recover within a call: nothing is sent again.
 *
 * Half of the delay is random, below a ceiling that doubles from 250 ms to 8 s. It is at least `Retry-After`. If
 * that is more than a minute, or if the waits of a call came to more than two minutes, there is no further try.
 *
 * @param facts.attempt the number of tries so far, 1 after the first.
 * @param facts.retries the number of tries allowed after the first.
 * @param facts.repeatable whether sending twice has the same effect as sending once.
 * @param facts.waitedMs the milliseconds that this call waited before.
 * @param facts.now Unix time in milliseconds, for a `Retry-After` that is a date.
 */
export function retryDelay(
  result: TryResult,
  facts: {
    attempt: number;
    retries: number;
    repeatable: boolean;
    waitedMs?: number;
    now: number;
    random: () => number;
  },
): number | undefined {
  const { attempt, retries, repeatable, waitedMs = 0, now, random } = facts;
  if (attempt > retries || !isTransient(result)) return undefined;
  if (!repeatable && mayHaveActed(result)) return undefined;

  const retryAfterMs = result.kind === "response" ? retryAfter(result.headers, now) : 0;
  if (retryAfterMs > longestRetryAfterMs) return undefined;
  const ceiling = Math.min(8_000, 250 * 2 ** (attempt - 1));
  const delay = Math.max(retryAfterMs, Math.round(ceiling / 2 + (random() * ceiling) / 2));
  return waitedMs + delay > longestWaitsMs ? undefined : delay;
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
export function isIdempotent(method: string): boolean {
  return idempotent.has(method);
}

/** Whether the service may have acted on a try. */
export function mayHaveActed(result: TryResult): boolean {
  if (result.kind === "network") return result.sent;
  if (result.kind === "timeout") return true;
  return !(result.status === 429 && errorType(result.headers) === "TooManyRequestsException");
}

const idempotent = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
const transientStatuses = new Set([429, 502, 503, 504]);
const longestRetryAfterMs = 60_000;
/** All waits of one call together. */
const longestWaitsMs = 120_000;

function isTransient(result: TryResult): boolean {
  if (result.kind !== "response") return true;
  return transientStatuses.has(result.status) && errorType(result.headers) !== "LimitExceededException";
}

/** AWS may append `:` and a URL to the name. */
function errorType(headers: Headers): string | undefined {
  return headers.get("x-amzn-errortype")?.split(":")[0];
}

/** In milliseconds; 0 if the header is absent or invalid. @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function retryAfter(headers: Headers, now: number): number {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return 0;
  const received = Date.parse(headers.get("date") ?? "");
  return Math.max(0, date - (Number.isNaN(received) ? now : received));
}
