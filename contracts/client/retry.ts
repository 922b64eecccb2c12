/** What a try came to, as far as another one depends on it. */
export type Outcome =
  | { kind: "answer"; status: number; headers: Headers }
  /** `sent` is false where the connection was never made, so that nobody can have acted on it. */
  | { kind: "network"; sent: boolean }
  | { kind: "timeout" };

/**
 * Says how many milliseconds to wait before the next try; `undefined` ends the tries.
 *
 * - Answers 502, 503 and 504, broken connections and timeouts leave open whether the service acted:
 *   only a repeatable operation is sent again.
 * - API Gateway's own throttle (429 `TooManyRequestsException`) and a connection that was never made
 *   did not reach the service: any operation is sent again.
 * - A used-up quota (429 `LimitExceededException`) does not come back within a call: never again.
 *
 * The wait is half fixed and half random below a ceiling that doubles from 250 ms to 8 s, and no less
 * than `Retry-After`; one that asks for more than a minute ends the tries.
 *
 * @param facts.attempt the number of tries made, 1 after the first.
 * @param facts.retries the number of tries allowed after the first.
 * @param facts.repeatable sending it twice does no more than sending it once.
 * @param facts.now Unix time in milliseconds, for a `Retry-After` that is a date.
 */
export function retryDelay(
  outcome: Outcome,
  facts: { attempt: number; retries: number; repeatable: boolean; now: number; random: () => number },
): number | undefined {
  const { attempt, retries, repeatable, now, random } = facts;
  if (attempt > retries || !isPassing(outcome)) return undefined;
  if (!repeatable && mayHaveActed(outcome)) return undefined;

  const asked = outcome.kind === "answer" ? retryAfter(outcome.headers, now) : 0;
  if (asked > longestAsked) return undefined;
  const ceiling = Math.min(8_000, 250 * 2 ** (attempt - 1));
  return Math.max(asked, Math.round(ceiling / 2 + (random() * ceiling) / 2));
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
export function isIdempotent(method: string): boolean {
  return idempotent.has(method);
}

/** Whether the service may have acted on a try. */
export function mayHaveActed(outcome: Outcome): boolean {
  if (outcome.kind === "network") return outcome.sent;
  if (outcome.kind === "timeout") return true;
  return !(outcome.status === 429 && errorType(outcome.headers) === "TooManyRequestsException");
}

const idempotent = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
const passingStatuses = new Set([429, 502, 503, 504]);
const longestAsked = 60_000;

function isPassing(outcome: Outcome): boolean {
  if (outcome.kind !== "answer") return true;
  return passingStatuses.has(outcome.status) && errorType(outcome.headers) !== "LimitExceededException";
}

/** AWS may append `:` and an address to the name. */
function errorType(headers: Headers): string | undefined {
  return headers.get("x-amzn-errortype")?.split(":")[0];
}

/** Milliseconds; 0 where the header is absent or says nothing. @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
function retryAfter(headers: Headers, now: number): number {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return 0;
  const received = Date.parse(headers.get("date") ?? "");
  return Math.max(0, date - (Number.isNaN(received) ? now : received));
}
