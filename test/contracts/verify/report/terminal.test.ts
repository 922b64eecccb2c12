import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createRedactor } from "../../../../contracts/verify/report/redact.ts";
import type { Report, ReportedCheck } from "../../../../contracts/verify/report/report.ts";
import { terminalLook, terminalReport } from "../../../../contracts/verify/report/terminal.ts";
import { faceRoll, faceRollType, greenReport, sampleReport } from "./sample.ts";

const check: ReportedCheck = {
  id: "schema/ApiSubjectsPost/201",
  part: "schema",
  operation: "ApiSubjectsPost",
  title: "201 the face is registered",
  status: "passed",
  ms: 12.4,
  calls: 1,
};

function shown(use: (report: ReturnType<typeof terminalReport>) => void, look = { color: false } as object) {
  let text = "";
  use(
    terminalReport({
      write: (more) => void (text += more),
      redact: createRedactor(["hush-hush"]),
      color: false,
      ...look,
    }),
  );
  return text;
}

test.each<[Partial<ReportedCheck>, string]>([
  [{}, "ok   schema    ApiSubjectsPost         201 the face is registered  12 ms\n"],
  [
    { status: "failed", ms: 2_345 },
    "FAIL schema    ApiSubjectsPost         201 the face is registered  2.3 s\n",
  ],
  [
    { status: "skipped", reason: "no picture `none.jpg` was given", ms: 0 },
    "skip schema    ApiSubjectsPost         201 the face is registered, because no picture `none.jpg` was given  0 ms\n",
  ],
  [
    { title: "\u001b[31mred\n::error::hush-hush ##[error]" },
    "ok   schema    ApiSubjectsPost         \\u001b[31mred\\n::error::(secret) # #[error]  12 ms\n",
  ],
])("a check is one line: %j", (other, line) => {
  expect(shown((report) => report.finished({ ...check, ...other }))).toBe(line);
});

test("on a terminal the running check is shown, and no line is too wide", () => {
  const text = shown(
    (report) => {
      report.started(check);
      report.finished({ ...check, title: "a very long title that goes on and on and on" });
    },
    { color: true, columns: 60 },
  );
  expect(text).toContain("\u001b[32mok\u001b[39m");
  const lines = stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .filter(Boolean);
  expect(lines).toEqual([
    "…    schema    ApiSubjectsPost         201 the face is reg…",
    "ok   schema    ApiSubjectsPost         a very long …  12 ms",
  ]);
  expect(lines.every((line) => line.length < 60)).toBe(true);
});

test("each line says how far the run is", () => {
  const text = shown(
    (report) => {
      for (let time = 0; time < 2; time++) {
        report.started(check);
        report.finished(check);
      }
    },
    { color: false, total: 9 },
  );
  expect(text.match(/ {2}12 ms {2}.*$/gm)).toEqual(["  12 ms  1 of 9", "  12 ms  2 of 9"]);
});

test("equal mismatches are shown once", () => {
  const base = sampleReport();
  const [first] = base.mismatches;
  const mismatches = Array.from({ length: 8 }, (_, index) => ({ ...first!, check: `schema/${index}` }));
  const text = shown((terminal) => terminal.end({ ...base, mismatches }));
  expect(text.split("  expected  ")).toHaveLength(2);
  expect(text).toContain(
    "  also      201 application/json, schema/1\n            201 application/json, schema/2\n",
  );
  expect(text).toContain("            2 more like it\n");
});

test("the end shows everything about a mismatch", () => {
  const text = shown((report) => report.end(sampleReport()));
  const start = text.indexOf("ApiSubjectsPost  body");
  expect(text.slice(start, text.indexOf("\n\n", start))).toBe(
    `ApiSubjectsPost  body /attributes/faceRoll  (201 application/json)
            ApiSubjectsPost: body /attributes/faceRoll should be text, but is 4.93922.
  expected  text
  actual    4.93922
  promised  spec/necid-v1.yaml:${faceRollType.line}:${faceRollType.column}
  check     schema/ApiSubjectsPost/201
  again     npx necid call ApiSubjectsPost --target https://api.id.nec.com.au/v1 --body '{"face":"{{file alice-1.jpg}}"}'`,
  );
  expect(text).toContain(
    "accepted  ApiFaceExtractPost  body /faces/0/attributes  (200 application/json)\n  because   the vendor knows it\n  until     2027-01-31\n",
  );
  expect(text).toContain(
    "not checked, because no picture `none.jpg` was given\n            schema/ApiFaceSearchPost/400/NoFace, schema/ApiSubjectsPost/400/NoFace\n",
  );
  expect(text.trim().split("\n").slice(-2)).toEqual([
    "2 checks passed, 2 failed, 3 not checked (because nobody can provoke a throttle on purpose; no picture `none.jpg` was given)",
    "does not conform: https://api.id.nec.com.au/v1 breaks Biometric API 1.0: 2 mismatches",
  ]);
});

test.each<[string, Report, string]>([
  ["green", greenReport(), "conforms: https://api.id.nec.com.au/v1 keeps Biometric API 1.0"],
  [
    "could not run",
    { ...greenReport(), verdict: "could not run", kind: "quota", reason: "It throttles. Wait." },
    "could not run (quota): It throttles. Wait.",
  ],
  [
    "orphans",
    {
      ...greenReport(),
      verdict: "does not conform",
      ledger: { registered: 2, unregistered: 1, orphans: [{ role: "bob", application: 2 }] },
    },
    "does not conform: https://api.id.nec.com.au/v1 breaks Biometric API 1.0: 0 mismatches, 1 subject left registered",
  ],
])("the last line is the verdict: %s", (_, report, line) => {
  expect(
    shown((terminal) => terminal.end(report))
      .trim()
      .split("\n")
      .at(-1),
  ).toBe(line);
});

test("text of a response controls neither the terminal nor the workflow", () => {
  const hostile = { ...faceRoll, actual: "\u001b]0;x\u0007\r\n::add-mask::a ##[group]\u202e" };
  const base = sampleReport();
  const [first] = base.mismatches;
  const text = shown((terminal) => terminal.end({ ...base, mismatches: [{ ...first!, ...hostile }] }));
  expect(text).toContain("actual    \\u001b]0;x\\u0007\\u000d\\n::add-mask::a # #[group]\\u202e\n");
});

test.each<[string, Parameters<typeof terminalLook>[0], ReturnType<typeof terminalLook>]>([
  ["a terminal", { env: {}, isTTY: true, columns: 120 }, { color: true, columns: 120 }],
  ["a terminal of unknown width", { env: {}, isTTY: true }, { color: true, columns: 80 }],
  ["NO_COLOR", { env: { NO_COLOR: "1" }, isTTY: true, columns: 90 }, { color: false, columns: 90 }],
  ["an empty NO_COLOR", { env: { NO_COLOR: "" }, isTTY: true, columns: 90 }, { color: true, columns: 90 }],
  ["CI", { env: { CI: "true" }, isTTY: true, columns: 90 }, { color: false, columns: undefined }],
  ["a pipe", { env: {}, isTTY: false }, { color: false, columns: undefined }],
  [
    "a dumb terminal",
    { env: { TERM: "dumb" }, isTTY: true, columns: 90 },
    { color: false, columns: undefined },
  ],
])("the look of %s", (_, given, look) => {
  expect(terminalLook(given)).toEqual(look);
});
