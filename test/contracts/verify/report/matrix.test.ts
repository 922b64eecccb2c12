import { expect, test } from "vitest";
import { coverageMatrix } from "../../../../contracts/verify/report/matrix.ts";
import { contract, faceRoll } from "./sample.ts";

type Checks = Parameters<typeof coverageMatrix>[0]["checks"];

const schema: Omit<Checks[number], "id" | "operation"> = {
  part: "schema",
  status: "passed",
  asserted: [],
  mismatches: [],
};

function rowsOf(checks: Checks, operation: string, status: string) {
  const all = coverageMatrix({ openapi: contract, checks });
  return all.filter((row) => row.operation === operation && row.status === status);
}

test("without checks it has every promise of the contract, not asserted", () => {
  const rows = rowsOf([], "ApiFaceVerifyPost", "200");
  // The vendor's file may have the properties in any order.
  expect(rows.map(({ field }) => field).sort()).toEqual(
    [
      "status",
      "header content-type",
      "header x-amzn-requestid",
      "header x-amz-apigw-id",
      "body",
      "body /id",
      "body /score",
    ].sort(),
  );
  expect(new Set(rows.map(({ notAsserted }) => notAsserted))).toEqual(
    new Set(["no check provokes this response"]),
  );
});

test("items of lists, shared responses and each of several schemas are expanded", () => {
  const fields = (operation: string, status: string) =>
    rowsOf([], operation, status).map(({ field }) => field);
  expect(fields("ApiFaceExtractPost", "200")).toContain("body /faces/*/attributes/faceArea/left");
  expect(fields("ApiFaceExtractPost", "403")).toContain("header x-amzn-errortype");
  expect(fields("ApiSubjectsPost", "400").filter((field) => field.startsWith("body /"))).toEqual([
    "body /message",
    "body /errorCode",
    "body /errorType",
  ]);
  expect(fields("ApiSubjectsByIdDelete", "204")).toContain("body");
});

test("a row names the parts that asserted it and counts what they found", () => {
  const rows = rowsOf(
    [
      {
        ...schema,
        id: "schema/ApiSubjectsPost/201",
        operation: "ApiSubjectsPost",
        status: "failed",
        asserted: [
          { operation: "ApiSubjectsPost", status: 201, field: "status" },
          { operation: "ApiSubjectsPost", status: 201, field: "body /attributes/faceRoll" },
        ],
        mismatches: [faceRoll, { ...faceRoll, instancePath: "bytes 17" }],
      },
      {
        ...schema,
        id: "sequence/two",
        part: "sequence",
        operation: "ApiSubjectsPost",
        asserted: [{ operation: "ApiSubjectsPost", status: 201, field: "status" }],
      },
    ],
    "ApiSubjectsPost",
    "201",
  );
  const of = (field: string) => rows.find((row) => row.field === field);
  const row = { operation: "ApiSubjectsPost", status: "201" };
  expect(of("status")).toEqual({
    ...row,
    field: "status",
    assertedBy: ["schema", "sequence"],
    mismatches: 0,
  });
  expect(of("body /attributes/faceRoll")).toEqual({
    ...row,
    field: "body /attributes/faceRoll",
    assertedBy: ["schema"],
    mismatches: 1,
  });
  expect(of("body")).toEqual({ ...row, field: "body", assertedBy: ["schema"], mismatches: 1 });
  expect(of("body /id")!.notAsserted).toBe("its check failed before it came to this");
});

test("a row that was not asserted has a reason", () => {
  const skipped: Checks[number] = {
    ...schema,
    id: "schema/ApiFaceSearchPost/429",
    operation: "ApiFaceSearchPost",
    status: "skipped",
    reason: "nobody can provoke a throttle on purpose",
  };
  const received: Checks[number] = {
    ...schema,
    id: "schema/ApiFaceSearchPost/200",
    operation: "ApiFaceSearchPost",
    asserted: [{ operation: "ApiFaceSearchPost", status: 200, field: "status" }],
  };
  const why = (status: string, field: string) =>
    rowsOf([skipped, received], "ApiFaceSearchPost", status).find((row) => row.field === field)?.notAsserted;
  expect([why("429", "status"), why("200", "body"), why("502", "status"), why("200", "status")]).toEqual([
    "nobody can provoke a throttle on purpose",
    "no response that came held it",
    "no check provokes this response",
    undefined,
  ]);
});

test("an undocumented response has a row of its own", () => {
  const teapot = { ...faceRoll, location: "418", instancePath: "status" };
  const rows = coverageMatrix({
    openapi: contract,
    checks: [{ ...schema, id: "probe/x", part: "probe", operation: "GET /nowhere", mismatches: [teapot] }],
  });
  expect(rows.at(-1)).toEqual({
    operation: "ApiSubjectsPost",
    status: "418",
    field: "status",
    assertedBy: ["probe"],
    mismatches: 1,
  });
});
