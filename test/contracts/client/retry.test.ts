import { expect, test } from "vitest";
import { isIdempotent, retryDelay, type TryResult } from "../../../contracts/client/retry.ts";
import { now } from "../world.ts";

const throttled = { "x-amzn-errortype": "TooManyRequestsException" };

const results: [name: string, result: TryResult, want: { repeatable: boolean; other: boolean }][] = [
  ["200", answered(200), { repeatable: false, other: false }],
  ["400", answered(400), { repeatable: false, other: false }],
  ["500", answered(500), { repeatable: false, other: false }],
  ["502", answered(502), { repeatable: true, other: false }],
  ["503", answered(503), { repeatable: true, other: false }],
  ["504", answered(504), { repeatable: true, other: false }],
  ["429 of the gateway's throttle", answered(429, throttled), { repeatable: true, other: true }],
  [
    "429 of the gateway's throttle with an address",
    answered(429, { "x-amzn-errortype": "TooManyRequestsException:http://internal.amazon.com/" }),
    { repeatable: true, other: true },
  ],
  [
    "429 of the gateway's quota",
    answered(429, { "x-amzn-errortype": "LimitExceededException" }),
    { repeatable: false, other: false },
  ],
  ["429 of somebody else", answered(429), { repeatable: true, other: false }],
  ["a connection never made", { kind: "network", sent: false }, { repeatable: true, other: true }],
  ["a broken connection", { kind: "network", sent: true }, { repeatable: true, other: false }],
  ["a timeout", { kind: "timeout" }, { repeatable: true, other: false }],
];

test.each(results)(
  "after %s a repeatable operation and another one are sent again or not",
  (_, result, want) => {
    const delay = (repeatable: boolean) => retryDelay(result, { ...first, repeatable });
    expect({ repeatable: delay(true), other: delay(false) }).toEqual({
      repeatable: want.repeatable ? 188 : undefined,
      other: want.other ? 188 : undefined,
    });
  },
);

test("the wait doubles up to eight seconds, half of it random, until the tries are used up", () => {
  const waits = (random: number) =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempt) =>
      retryDelay(answered(503), { ...first, attempt, retries: 8, random: () => random }),
    );
  expect(waits(0)).toEqual([125, 250, 500, 1000, 2000, 4000, 4000, 4000, undefined]);
  expect(waits(1)).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000, undefined]);
});

const asked: [name: string, headers: Record<string, string>, want: number | undefined][] = [
  ["seconds", { "retry-after": "7" }, 7000],
  ["fewer seconds than the backoff", { "retry-after": "0" }, 188],
  ["a minute", { "retry-after": "60" }, 60_000],
  ["more than a minute", { "retry-after": "61" }, undefined],
  ["a date", { "retry-after": "Mon, 23 Nov 2026 03:00:09 GMT" }, 9000],
  [
    "a date, by the server's own clock",
    { "retry-after": "Mon, 23 Nov 2026 05:00:03 GMT", date: "Mon, 23 Nov 2026 05:00:00 GMT" },
    3000,
  ],
  ["a date that has passed", { "retry-after": "Mon, 23 Nov 2026 02:00:00 GMT" }, 188],
  ["nonsense", { "retry-after": "soon" }, 188],
];

test.each(asked)("Retry-After of %s", (_, headers, want) => {
  expect(retryDelay(answered(503, headers), first)).toBe(want);
});

test("idempotent are the methods that RFC 9110 names", () => {
  const methods = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "POST", "PATCH"];
  expect(methods.filter(isIdempotent)).toEqual(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);
});

const first = { attempt: 1, retries: 2, repeatable: true, now, random: () => 0.5 };

function answered(status: number, headers: Record<string, string> = {}): TryResult {
  return { kind: "response", status, headers: new Headers(headers) };
}
