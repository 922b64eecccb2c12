import { readFileSync } from "node:fs";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import sources from "#generated/necid-v1/sources.json" with { type: "json" };
import type { OpenApi } from "../../../../contracts/openapi/operations.ts";
import type { Assertion, Check, CheckResult, Mismatch, Part } from "../../../../contracts/verify/check.ts";
import { assembleReport, type ReportParts } from "../../../../contracts/verify/report/assemble.ts";
import type { Report } from "../../../../contracts/verify/report/report.ts";
import { readDocument } from "../../../../tools/generate/read/document.ts";

export const contract = openapi as unknown as OpenApi;
export const lines: Record<string, string> = sources;

/** The text of a `file:line:column`. */
export function lineAt(place: string | undefined): string | undefined {
  const [, file, line] = place?.match(/^(.+):(\d+):\d+$/) ?? [];
  return file && readFileSync(file, "utf8").split("\n")[Number(line) - 1]?.trim();
}

const spec = await readDocument("spec/necid-v1.yaml");

/** Where the vendor's file says that faceRoll is text, whatever the order and the form of the file. */
export const faceRollType = spec.locate("/definitions/Attributes/properties/faceRoll/type", "key");

/** A broken figure, as the schema part words it. */
export const faceRoll: Mismatch = {
  operation: "ApiSubjectsPost",
  source: "schema",
  location: "201 application/json",
  instancePath: "body /attributes/faceRoll",
  expected: "text",
  actual: "4.93922",
  message: "ApiSubjectsPost: body /attributes/faceRoll should be text, but is 4.93922.",
  keyword: "type",
};

/** A refusal in other words, of an operation without operationId's kind of key. */
const notRefused: Mismatch = {
  operation: "ApiFaceVerifyPost",
  source: "probe",
  location: "signed an hour ago",
  instancePath: "status",
  expected: "403",
  actual: "200",
  message: "signed an hour ago: status should be 403, but is 200.",
};

const known: Mismatch = {
  operation: "ApiFaceExtractPost",
  source: "schema",
  location: "200 application/json",
  instancePath: "body /faces/0/attributes",
  expected: "present",
  actual: "nothing",
  message: "ApiFaceExtractPost: body /faces/0/attributes should be present, but is nothing.",
  keyword: "required",
};

type Ran = { part?: Part; operation: string; title: string; id: string; result: Partial<CheckResult> };

const fields = (operation: string, status: number, names: string[]): Assertion[] =>
  names.map((field) => ({ operation, status, field }));

const figures = ["faceRoll", "facePan", "faceTilt", "faceScore"].map((name) => `body /attributes/${name}`);
const ids = ["header content-type", "header x-amzn-requestid", "header x-amz-apigw-id"];

/** What a run with something of everything found out. */
const everything: Ran[] = [
  {
    id: "schema/ApiSubjectsPost/201",
    operation: "ApiSubjectsPost",
    title: "201 the face is registered",
    result: {
      mismatches: [faceRoll],
      asserted: fields("ApiSubjectsPost", 201, ["status", ...ids, "body", "body /id", ...figures]),
    },
  },
  {
    id: "schema/ApiFaceExtractPost/200",
    operation: "ApiFaceExtractPost",
    title: "200 the faces are found",
    result: {
      mismatches: [known],
      asserted: fields("ApiFaceExtractPost", 200, ["status", "body", "body /faces", "body /faces/*"]),
    },
  },
  {
    id: "schema/ApiSubjectsPost/429",
    operation: "ApiSubjectsPost",
    title: "429 too many requests",
    result: { skipped: "nobody can provoke a throttle on purpose" },
  },
  {
    id: "schema/ApiFaceSearchPost/400/NoFace",
    operation: "ApiFaceSearchPost",
    title: "400 a picture without a face",
    result: { skipped: "no picture `none.jpg` was given" },
  },
  {
    id: "schema/ApiSubjectsPost/400/NoFace",
    operation: "ApiSubjectsPost",
    title: "400 a picture without a face",
    result: { skipped: "no picture `none.jpg` was given" },
  },
  {
    id: "probe/expired/ApiFaceVerifyPost",
    part: "probe",
    operation: "ApiFaceVerifyPost",
    title: "ApiFaceVerifyPost refuses a signature of an hour ago",
    result: { mismatches: [notRefused], asserted: fields("ApiFaceVerifyPost", 403, ["status"]) },
  },
  {
    id: "sequence/update-replaces-the-face",
    part: "sequence",
    operation: "ApiSubjectsByIdPut",
    title: "an update replaces the face",
    result: {
      asserted: [
        ...fields("ApiSubjectsByIdPut", 200, ["status", "body", "body /id"]),
        ...fields("ApiSubjectsPost", 201, ["body /id"]),
      ],
    },
  },
];

/** A report as the runner would assemble it; each call may say otherwise. */
export function sampleReport(ran: Ran[] = everything, other: Partial<ReportParts> = {}): Report {
  const checks: Check[] = ran.map(({ id, part = "schema", operation, title }) => ({
    id,
    part,
    operation,
    title,
    run: async () => ({ mismatches: [], asserted: [] }),
  }));
  const outcomes = ran.map(({ result }, index) => ({
    check: checks[index]!,
    result: { mismatches: [], asserted: [], ...result },
    ms: 12.4,
    calls: 2,
  }));
  const all = outcomes.flatMap(({ result }) => result.mismatches);
  const by = { operation: known.operation, reason: "the vendor knows it", expires: "2027-01-31" };
  return assembleReport({
    openapi: contract,
    sources: lines,
    target: { name: "live", baseUrl: "https://somebody:hidden@api.id.nec.com.au/v1" },
    contract: { title: "Biometric API", version: "1.0", sha256: "5e".repeat(32) },
    started: "2026-11-23T04:09:46.000Z",
    ms: 3214.5,
    checks,
    run: { outcomes, skewMs: -4_200, calls: 48, orphans: [], recovered: 0 },
    deviations: {
      counted: all.filter((mismatch) => mismatch !== known),
      accepted: all.includes(known) ? [{ mismatch: known, by }] : [],
      expired: [],
      gone: [],
    },
    registered: 6,
    maxCalls: 100,
    callsOf: () => [
      {
        operation: "ApiSubjectsPost",
        method: "POST",
        path: "/subjects",
        body: { face: "QUxJQ0U=" },
        purpose: "register alice",
      },
    ],
    roleOf: (text) => (text === "QUxJQ0U=" ? "alice-1" : undefined),
    secrets: [],
    ...other,
  });
}

/** A run in which everything held. */
export function greenReport(): Report {
  return sampleReport(everything.filter(({ result }) => !result.mismatches));
}
