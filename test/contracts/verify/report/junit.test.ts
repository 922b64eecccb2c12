import { XMLParser, XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { junit } from "../../../../contracts/verify/report/junit.ts";
import { faceRollType, greenReport, sampleReport } from "./sample.ts";

// biome-ignore lint/suspicious/noExplicitAny: the parser returns no types.
function parsed(text: string): any {
  expect(XMLValidator.validate(text)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    trimValues: false,
    htmlEntities: true,
  });
  return parser.parse(text).testsuites;
}

test("a suite for each part and one for the run, counted", () => {
  const { testsuite, ...whole } = parsed(junit(sampleReport()));
  expect(whole).toMatchObject({
    name: "necid verify",
    tests: "10",
    failures: "2",
    errors: "0",
    skipped: "3",
  });
  const counts = testsuite.map((suite: Record<string, string>) =>
    ["name", "tests", "failures", "errors", "skipped"].map((name) => suite[name]).join(" "),
  );
  expect(counts).toEqual(["schema 5 1 0 3", "probe 1 1 0 0", "sequence 1 0 0 0", "run 3 0 0 0"]);
});

test("a failed check has its mismatches, a skipped one the reason, an accepted one the deviation", () => {
  const [schema] = parsed(junit(sampleReport())).testsuite;
  const [failed, accepted, skipped] = schema.testcase;
  expect(failed).toMatchObject({
    classname: "schema.ApiSubjectsPost",
    name: "201 the face is registered",
    time: "0.012",
    failure: { message: "ApiSubjectsPost: body /attributes/faceRoll should be text, but is 4.93922." },
  });
  const { line, column } = faceRollType;
  expect(failed.failure["#text"]).toContain(
    `expected: text\nactual: 4.93922\npromised by: spec/necid-v1.yaml:${line}:${column}\nagain:\nnpx necid call ApiSubjectsPost `,
  );
  expect(accepted["system-out"]).toContain("accepted until 2027-01-31: the vendor knows it");
  expect(skipped.skipped.message).toBe("nobody can provoke a throttle on purpose");
});

test("problems of the run itself are failures too", () => {
  const report = greenReport();
  const runOf = (text: string) => parsed(text).testsuite.at(-1);
  const stopped = runOf(
    junit({ ...report, verdict: "could not run", kind: "clock", reason: "Ten minutes off." }),
  );
  expect(stopped.testcase[0].error.message).toBe("could not run (clock): Ten minutes off.");
  const orphans = [{ role: "bob", application: 1, id: "necidguid-1" }] as const;
  const left = runOf(junit({ ...report, ledger: { ...report.ledger, orphans: [...orphans] } }));
  expect(left.testcase[1].failure.message).toBe("left registered: bob necidguid-1");
});

test("no character of a response makes it invalid", () => {
  const report = sampleReport();
  const [first] = report.mismatches;
  const actual = `\u0000\u001b\ufffe\ud800 ]]> <!-- & " ' \u2028 é 😀`;
  const text = junit({ ...report, mismatches: [{ ...first!, actual, message: actual }] });
  const [failed] = parsed(text).testsuite[0].testcase;
  const escaped = `\\u0000\\u001b\\ufffe\\ud800 ]]> <!-- & " ' \\u2028 é 😀`;
  expect(failed.failure.message).toBe(escaped);
  expect(failed.failure["#text"]).toContain(`actual: ${escaped}\n`);
});
