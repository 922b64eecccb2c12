import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, onTestFinished, test } from "vitest";
import type { Report } from "../../../../contracts/verify/report/report.ts";
import { writeReport } from "../../../../contracts/verify/report/write.ts";
import type { Registration } from "../../../../contracts/verify/run/ledger.ts";
import { RunStopped } from "../../../../contracts/verify/run/stop.ts";
import { greenReport, sampleReport } from "./sample.ts";

const described = JSON.parse(readFileSync("contracts/verify/report/report.schema.json", "utf8"));
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
addFormats.default(ajv);
const validate = ajv.compile(described);

function problemsOf(report: unknown): string[] {
  validate(JSON.parse(JSON.stringify(report)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const stopped = (kind: "quota" | "interrupted") =>
  sampleReport([], {
    run: {
      outcomes: [],
      calls: 3,
      orphans: [],
      recovered: 0,
      stopped: new RunStopped(kind, "Why. Next step."),
    },
  });

test.each([
  ["green", greenReport()],
  ["red", sampleReport()],
  ["stopped by a quota", stopped("quota")],
  ["interrupted", stopped("interrupted")],
])("a %s report keeps its schema", (_, report) => {
  expect(problemsOf(report)).toEqual([]);
});

test("the schema names every field that a report has, and refuses what is none", () => {
  const unknown = (value: unknown, schema: object): string[] => {
    const {
      $ref,
      properties = {},
      items = {},
    } = schema as {
      $ref?: string;
      properties?: Record<string, object>;
      items?: object;
    };
    if ($ref) return unknown(value, described.$defs[$ref.split("/").at(-1)!]);
    if (Array.isArray(value)) return value.flatMap((item) => unknown(item, items));
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, item]) =>
      name in properties ? unknown(item, properties[name]!) : [name],
    );
  };
  expect(unknown(JSON.parse(JSON.stringify(sampleReport())), described)).toEqual([]);
  expect(problemsOf({ ...sampleReport(), verdict: "maybe", kind: undefined })).toEqual([
    " must have required property 'kind'",
    ' must match "else" schema',
    "/verdict must be equal to one of the allowed values",
  ]);
});

test("a run with something of everything becomes this report", () => {
  const { verdict, kind, checks, mismatches, ledger, accepted, target, calls } = sampleReport();
  expect({ verdict, kind, ledger, accepted, target, calls }).toEqual({
    verdict: "does not conform",
    kind: "contract",
    ledger: { registered: 6, unregistered: 6, orphans: [] },
    accepted: [
      {
        operation: "ApiFaceExtractPost",
        instancePath: "anywhere",
        reason: "the vendor knows it",
        expires: "2027-01-31",
        state: "occurs",
      },
    ],
    target: { name: "live", baseUrl: "https://api.id.nec.com.au/v1" },
    calls: { made: 48, limit: 100 },
  });
  expect(checks.map(({ status, reason }) => (reason ? `${status}: ${reason}` : status))).toEqual([
    "failed",
    "passed",
    "skipped: nobody can provoke a throttle on purpose",
    "skipped: no picture `none.jpg` was given",
    "skipped: no picture `none.jpg` was given",
    "failed",
    "passed",
  ]);
  expect(
    mismatches.map(({ check, promisedBy, accepted: by }) => [check, promisedBy?.split(":")[0], by]),
  ).toEqual([
    ["schema/ApiSubjectsPost/201", "spec/necid-v1.yaml", undefined],
    [
      "schema/ApiFaceExtractPost/200",
      "spec/necid-v1.overlay.yaml",
      { reason: "the vendor knows it", expires: "2027-01-31" },
    ],
    ["probe/expired/ApiFaceVerifyPost", "spec/necid-v1.overlay.yaml", undefined],
  ]);
});

test.each<[string, NonNullable<Parameters<typeof sampleReport>[1]>, Report["verdict"]]>([
  ["an orphan", { run: { outcomes: [], calls: 1, recovered: 0, orphans: [orphan()] } }, "does not conform"],
  [
    "an acceptance that expired",
    { deviations: { counted: [], accepted: [], gone: [], expired: [acceptance()] } },
    "does not conform",
  ],
  [
    "an acceptance of nothing",
    { deviations: { counted: [], accepted: [], gone: [acceptance()], expired: [] } },
    "does not conform",
  ],
  ["nothing wrong", {}, "conforms"],
])("%s alone decides the verdict", (_, other, verdict) => {
  const report = sampleReport([], other);
  expect(report.verdict).toBe(verdict);
  expect(problemsOf(report)).toEqual([]);
});

test("checks that a stopped run did not come to are not checked", () => {
  const run = {
    outcomes: [],
    calls: 0,
    orphans: [],
    recovered: 0,
    stopped: new RunStopped("network", "Gone."),
  };
  const { verdict, kind, reason, checks } = sampleReport(undefined, { run });
  expect({ verdict, kind, reason }).toEqual({ verdict: "could not run", kind: "network", reason: "Gone." });
  expect(new Set(checks.map((check) => `${check.status}, ${check.reason}`))).toEqual(
    new Set(["skipped, the run ended before it"]),
  );
});

test("the forms are written whole, and for GitHub only there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "report-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const summaryFile = join(folder, "summary.md");
  await writeFile(summaryFile, "before\n");
  let stdout = "";
  const directory = join(folder, "made", "here");
  const report = sampleReport();
  const write = (env: Record<string, string>) =>
    writeReport(report, { directory, env, stdout: (text) => void (stdout += text) });

  await write({ GITHUB_STEP_SUMMARY: summaryFile });
  expect((await readdir(directory)).sort()).toEqual(["junit.xml", "report.html", "report.json"]);
  expect(JSON.parse(await readFile(join(directory, "report.json"), "utf8"))).toEqual(
    JSON.parse(JSON.stringify(report)),
  );
  expect([stdout, await readFile(summaryFile, "utf8")]).toEqual(["", "before\n"]);

  await write({ GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summaryFile });
  expect(stdout).toMatch(/^::error /);
  expect(await readFile(summaryFile, "utf8")).toMatch(/^before\n## ❌ necid verify: does not conform\n/);
});

function orphan(): Registration {
  return { entry: "1", target: "t", application: 1, run: "r", role: "alice-1", before: [], id: "x" };
}

function acceptance() {
  return { operation: "ApiSubjectsPost", reason: "known", expires: "2026-01-01" };
}
