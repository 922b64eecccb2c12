import { expect, test } from "vitest";
import { serverTime } from "../../../contracts/client/server-time.ts";

const expired =
  "Signature expired: 20180816T032046Z is now earlier than 20180816T040329Z (20180816T040829Z - 5 min.)";
const early =
  "Signature not yet current: 20180816T050000Z is still later than 20180816T041329Z (20180816T040829Z + 5 min.)";
const time = "2018-08-16T04:08:29.000Z";
const date = { date: "Thu, 16 Aug 2018 04:09:00 GMT" };

const responses: [
  name: string,
  status: number,
  body: string,
  headers: Record<string, string>,
  want?: string,
][] = [
  ["an expired signature", 403, message(expired), {}, time],
  ["a signature not yet current", 403, message(early), {}, time],
  ["the message goes before the Date header", 403, message(expired), date, time],
  [
    "a message without a time, with Date",
    403,
    message("Signature expired: too old"),
    date,
    "2018-08-16T04:09:00.000Z",
  ],
  ["a message without a time, without Date", 403, message("Signature expired: too old"), {}],
  ["a message with an impossible time", 403, message(expired.replaceAll("0816T04", "9999T04")), {}],
  ["another refusal", 403, message("Forbidden"), date],
  ["another status", 400, message(expired), date],
  ["an empty body", 403, "", date],
];

test.each(responses)("%s", (_, status, body, headers, want) => {
  const got = serverTime({ status, headers: new Headers(headers), body });
  expect(got === undefined ? undefined : new Date(got).toISOString()).toBe(want);
});

function message(text: string): string {
  return JSON.stringify({ message: text });
}
