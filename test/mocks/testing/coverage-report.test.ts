import { expect, test } from "vitest";
import type { OpenApi } from "../../../contracts/openapi/operations.ts";
import { coveragePage, formatCoverage, reportCoverage } from "../../../mocks/testing/coverage-report.ts";

const openapi = {
  openapi: "3.1.0",
  info: { title: "Greetings", version: "1" },
  paths: {
    "/<hello>": {
      get: {
        operationId: "hello",
        responses: {
          200: {},
          400: {
            content: {
              "application/json": {
                examples: { Rude: { value: { errorType: "Rude" } }, Shy: { value: { errorType: "Shy" } } },
              },
            },
          },
        },
      },
      put: { responses: { 204: {} } },
    },
  },
} as unknown as OpenApi;

test("counts are added up over tests, and what is not documented does not count", () => {
  const report = reportCoverage(openapi, [
    { "hello 200": 2 },
    {},
    { "hello 200": 1, "hello 400 Rude": 1, "hello 418": 9 },
  ]);
  expect(report).toEqual({
    documented: 4,
    covered: 2,
    percent: 50,
    responses: [
      { operation: "hello", status: 200, calls: 3 },
      { operation: "hello", status: 400, errorType: "Rude", calls: 1 },
      { operation: "hello", status: 400, errorType: "Shy", calls: 0 },
      { operation: "PUT /<hello>", status: 204, calls: 0 },
    ],
  });
  expect(formatCoverage(report)).toBe(
    "2 of 4 documented responses were tested (50 %).\nNever tested:\n  hello: 400 Shy\n  PUT /<hello>: 204\n",
  );
  const page = coveragePage(report);
  expect(page).toContain('<tr class="tested"><td>hello<td>400 Rude<td>1\n');
  expect(page).toContain('<tr class="never"><td>PUT /&lt;hello><td>204<td>never\n');
});

test("nothing is left to say where everything was tested", () => {
  const all = { "hello 200": 1, "hello 400 Rude": 1, "hello 400 Shy": 1, "PUT /<hello> 204": 1 };
  expect(formatCoverage(reportCoverage(openapi, [all]))).toBe(
    "4 of 4 documented responses were tested (100 %).\n",
  );
});
