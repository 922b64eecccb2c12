import { expect, test } from "vitest";
import type { FaultRules } from "../../../mocks/mock.ts";
import { envOf, openMock, verify } from "../../contracts/verify/verifying.ts";
import { comparable, paste, printedCommands } from "../../lab/pasting/paste.ts";
import { pasteMutant } from "../../lab/pasting/paste-mutant.ts";

const faulty: [name: string, rules: FaultRules, operation: string, shows: RegExp][] = [
  [
    "a documented error to everybody",
    [{ operation: "ApiFaceVerifyPost", fault: { error: "NoFace" } }],
    "ApiFaceVerifyPost",
    /^HTTP 400\n[\s\S]*"errorType":"NoFace"/m,
  ],
  [
    "a status that is not documented",
    [{ operation: "ApiSubjectsByIdDelete", fault: { response: { status: 418, body: { tea: true } } } }],
    "ApiSubjectsByIdDelete",
    /^HTTP 418\n[\s\S]*"tea":true/m,
  ],
  [
    "JSON that breaks off",
    [{ operation: "ApiFaceSearchPost", fault: { malformed: true } }],
    "ApiFaceSearchPost",
    /^HTTP 200\n[\s\S]*[^}]\n$/m,
  ],
];

test.each(faulty)("a mock with --faults: %s", async (_, faults, operation, shows) => {
  const mock = await openMock({ faults });
  const { code, stdout } = await verify(mock.url, envOf(mock), { part: ["schema"] });
  expect(code, stdout).toBe(1);
  const lines = printedCommands(stdout);
  const line = lines.find((each) => each.includes(`-- ${operation} `) || each.includes(`-- '${operation}' `));
  expect(await paste(line ?? stdout, envOf(mock))).toMatch(shows);
});

const broken: [id: string, part: "schema" | "probe" | "sequence"][] = [
  ["request-rules/search-limit-51", "schema"],
  ["gateway/extract-unknown-key", "probe"],
  ["arrays/search-worst-first", "sequence"],
  ["state/unregister-keeps", "sequence"],
];

test.each(broken)("the mutant %s, found by the part %s", async (id, part) => {
  const { shown, otherwise, left } = await pasteMutant(id, part);
  // A provider that keeps the contract answers the same line otherwise.
  expect(comparable(shown)).not.toBe(comparable(otherwise));
  // What the line registered is gone, where the mutant lets it go.
  expect(left).toEqual(id === "state/unregister-keeps" ? expect.any(Array) : []);
});
