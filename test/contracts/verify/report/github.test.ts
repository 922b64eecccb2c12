import { expect, test } from "vitest";
import { github } from "../../../../contracts/verify/report/github.ts";
import { faceRollType, greenReport, sampleReport } from "./sample.ts";

test("an annotation has the source line of the broken promise", () => {
  const [first] = github(sampleReport()).annotations.split("\n");
  expect(first).toBe(
    `::error file=spec/necid-v1.yaml,line=${faceRollType.line},col=${faceRollType.column},title=ApiSubjectsPost body /attributes/faceRoll::` +
      "ApiSubjectsPost: body /attributes/faceRoll should be text, but is 4.93922." +
      "%0A201 application/json%0Aexpected: text%0Aactual: 4.93922",
  );
});

test("neither an accepted deviation nor a passing report has an annotation", () => {
  expect(github(sampleReport()).annotations).not.toContain("ApiFaceExtractPost");
  expect(github(greenReport()).annotations).toBe("");
});

test("text of a response ends neither the annotation nor its properties", () => {
  const report = sampleReport();
  const [first] = report.mismatches;
  const mismatch = {
    ...first!,
    operation: "GET /a,b:c",
    instancePath: "body /100%",
    promisedBy: undefined,
    message: "50%\r\n::set-output::x",
  };
  expect(github({ ...report, mismatches: [mismatch] }).annotations).toBe(
    "::error title=GET /a%2Cb%3Ac body /100%25::50%25\\u000d%0A::set-output::x%0A201 application/json%0A" +
      "expected: text%0Aactual: 4.93922\n",
  );
});

test("many mismatches give ten annotations, and the last one has the number of the others", () => {
  const report = sampleReport();
  const mismatches = Array.from({ length: 14 }, () => report.mismatches[0]!);
  const lines = github({ ...report, mismatches })
    .annotations.trim()
    .split("\n");
  expect([lines.length, lines.at(-1)]).toEqual([10, "::error::5 more mismatches are in the step summary."]);
});

test("a run that was stopped is annotated with its reason", () => {
  const report = {
    ...greenReport(),
    verdict: "could not run",
    kind: "network",
    reason: "Nobody is there.",
  } as const;
  expect(github(report).annotations).toBe(
    "::error title=necid verify::could not run (network): Nobody is there.\n",
  );
});

test("the step summary has every section and escapes text of a response", () => {
  const report = sampleReport();
  const [first] = report.mismatches;
  const hostile = { ...first!, actual: "a | b\n\n# c <img src=x> [d](http://e) `f`" };
  const { stepSummary } = github({ ...report, mismatches: [hostile] });
  const headings = stepSummary.match(/^#+ .*$/gm);
  expect(headings).toEqual(["## ❌ necid verify: does not conform", "### Mismatches", "### Not checked"]);
  const row = stepSummary.split("\n").find((line) => line.includes("faceRoll"))!;
  expect(row.match(/ \| /g)).toHaveLength(5);
  expect(decoded(row)).toContain("a | b\\n\\n# c <img src=x> [d](http://e) `f`");
  expect(row).not.toMatch(/[<>[\]`]/);
});

function decoded(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
