import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { refusals } from "../../mocks/gateway/refusals.ts";

type Row = { status: number; errorType: string | undefined; message: string };

const page = readFileSync("docs/api-gateway.md", "utf8");
const rows = new Map(
  [...page.matchAll(/^\| (\d+) \| [^|]+ \| (\d{3}) \| (\w+) \| `([^`]+)` \| [HMA, theend]+ \|$/gm)].map(
    ([, row, status, errorType, message]) => [
      Number(row),
      { status: Number(status), errorType: errorType === "none" ? undefined : errorType, message: message! },
    ],
  ),
);

/** Each row's refusal, with the placeholders of the page as its values. */
const given: [row: number, refusal: ReturnType<typeof refusals.forbidden>][] = [
  [1, refusals.missingAuthenticationToken()],
  [2, refusals.unknownRoute()],
  [3, refusals.invalidKeyValuePair("<hash>")],
  [5, refusals.dateFormat("<date>")],
  [6, refusals.unsupportedAlgorithm("<algorithm>")],
  [7, refusals.credentialParts("<credential>")],
  [8, refusals.hostNotSigned()],
  [9, refusals.credentialScope([{ part: "region" }])],
  [10, refusals.credentialScope([{ part: "service", expected: "execute-api" }])],
  [11, refusals.credentialScope([{ part: "terminator", got: "<terminator>" }])],
  [12, refusals.credentialScope([{ part: "date", scope: "<scope>", day: "<day>", date: "<date>" }])],
  [14, refusals.unrecognizedClient()],
  [15, refusals.signatureExpired({ sent: "<sent>", earliest: "<earliest>", now: "<now>", window: "5 min." })],
  [
    16,
    refusals.signatureNotYetCurrent({ sent: "<sent>", latest: "<latest>", now: "<now>", window: "5 min." }),
  ],
  [18, refusals.forbidden()],
  [19, refusals.tooManyRequests()],
  [20, refusals.limitExceeded()],
  [21, refusals.contentTooLong()],
  [22, refusals.endpointTimedOut()],
  [23, refusals.internalServerError()],
  [24, refusals.unsupportedMediaType()],
];

test("the table has rows 1 to 24", () => {
  expect([...rows.keys()]).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
});

test.each(given)("row %i is what the mock sends", (row, { status, errorType, body, contentType }) => {
  const message = contentType === "application/json" ? JSON.parse(body).message : body;
  expect(rows.get(row)).toEqual({ status, errorType, message } satisfies Row);
});

test.each([
  ["A", refusals.unauthorized()],
  ["B", refusals.missingRequestParameters(["<names>"])],
  ["C", refusals.invalidRequestBody()],
])(
  "row %s is what the mock sends for descriptions of API Gateway's own",
  (row, { status, errorType, body }) => {
    const { message } = JSON.parse(body);
    expect(page).toMatch(new RegExp(`^\\| ${row} \\| [^|]+ \\| ${status} \\| ${errorType} \\| `, "m"));
    expect(page).toContain(`| ${errorType} | \`${message}\` |`);
  },
);

test("row 4 has the sentences of the list below the table", () => {
  const [, list] = /^Row 4 has .*\n.*\n((?:- `.*`\n)+)|^Row 4 has .*\n\n((?:- `.*`\n)+)/m
    .exec(page)!
    .filter(Boolean);
  const sentences = [...list!.matchAll(/`(.*)`/g)].map(([, sentence]) => sentence).join(" ");
  const { body, errorType } = refusals.missingParameters(
    ["Credential", "Signature", "SignedHeaders", "Date"],
    "<hash>",
  );
  expect([JSON.parse(body).message, errorType]).toEqual([
    rows.get(4)!.message.replace("<sentences>", sentences),
    rows.get(4)!.errorType,
  ]);
});

test("row 13 joins the messages of rows 9 to 12", () => {
  const { body } = refusals.credentialScope([
    { part: "region" },
    { part: "service", expected: "execute-api" },
    { part: "terminator", got: "<terminator>" },
    { part: "date", scope: "<scope>", day: "<day>", date: "<date>" },
  ]);
  expect(JSON.parse(body).message).toBe([9, 10, 11, 12].map((row) => rows.get(row)!.message).join(""));
});

test("row 17 is the text below the table", () => {
  const [, text] = /```text figure\n(The request signature.*?)```/s.exec(page)!;
  const { body } = refusals.signatureMismatch("<canonical request>", "<string to sign>");
  expect(JSON.parse(body).message).toBe(text);
});
