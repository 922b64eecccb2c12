import { expect, test } from "vitest";
import type { ImageRole, PlannedCall } from "../../../../contracts/verify/check.ts";
import { reproduction } from "../../../../contracts/verify/report/reproduction.ts";

const picture = Buffer.from("a picture % of alice, long enough").toString("base64");
const options = {
  target: ["--target", "http://127.0.0.1:4010/v1"],
  roleOf: (text: string): ImageRole | undefined => (text === picture ? "alice-1" : undefined),
  pathOf: (operation: string) =>
    ({ ApiSubjectsPost: "/subjects", ApiSubjectsByIdDelete: "/subjects/{id}" })[operation],
};
const register: PlannedCall = {
  operation: "ApiSubjectsPost",
  method: "POST",
  path: "/subjects",
  body: { face: picture },
  purpose: "register alice",
};
const start = "npx necid call ApiSubjectsPost --target http://127.0.0.1:4010/v1";

const cases: [name: string, planned: Partial<PlannedCall>, commands: string[]][] = [
  ["a picture", {}, [`${start} --body '{"face":"{{file alice-1.jpg}}"}'`]],
  [
    "no body, the second application",
    {
      operation: "ApiSubjectsByIdDelete",
      method: "DELETE",
      path: "/subjects/a'b",
      body: undefined,
      application: 2,
    },
    [
      `npx necid call ApiSubjectsByIdDelete --target http://127.0.0.1:4010/v1 --path '/subjects/a'\\''b' --application 2`,
    ],
  ],
  [
    "a route that the contract does not have",
    { operation: "GET /no-such-path", method: "GET", path: "/no-such-path", body: undefined },
    ["npx necid call 'GET /no-such-path' --target http://127.0.0.1:4010/v1"],
  ],
  [
    "unsigned",
    { signing: "none", body: { a: "it's" } },
    [`${start} --signing none --body '{"a":"it'\\''s"}'`],
  ],
  [
    "a wrong signature, and headers of which credentials are left out",
    { signing: "wrong secret", body: undefined, headers: { prefer: "code=404", "x-api-key": "hush" } },
    [`${start} --signing 'wrong secret' --header 'prefer: code=404'`],
  ],
  [
    "credentials that a probe made up",
    { signing: "none", body: undefined, headers: { authorization: "Bearer made-up" } },
    [`${start} --signing none --header 'authorization: Bearer made-up'`],
  ],
  ["bytes that are text", { body: Buffer.from('{"face":') }, [`${start} --body '{"face":'`]],
  ["a long text", { body: { id: "A".repeat(5000) } }, [`${start} --body '{"id":"{{repeat A 5000}}"}'`]],
  [
    "bytes that are none",
    { body: Buffer.from([0xff]) },
    [
      `${start} --body @body.bin`,
      "# body.bin: 1 bytes, SHA-256 a8100ae6aa1940d0b663bb31cd466142ebbdbd5187131b92d93818987832eb89",
    ],
  ],
];

test.each(cases)("%s", (_, other, commands) => {
  expect(reproduction([{ ...register, ...other }], options).split("\n")).toEqual(commands);
});

test("of many calls the failing one comes first, and then the last ones before it", () => {
  const calls = Array.from({ length: 8 }, (_, index) => ({ ...register, body: index }));
  expect(reproduction(calls, options).split("\n")).toEqual([
    `${start} --body 7`,
    "# The check called before it:",
    "#   (2 more)",
    ...[2, 3, 4, 5, 6].map((index) => `#   ${start} --body ${index}`),
  ]);
});
