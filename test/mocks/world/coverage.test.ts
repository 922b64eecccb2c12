import { expect, test } from "vitest";
import { refusalResponse, refusals } from "../../../mocks/gateway/refusals.ts";
import { loadNecIdContract } from "../../../mocks/necid/contract.ts";
import { contractResponses, createCoverage } from "../../../mocks/world/coverage.ts";

const { openapi } = await loadNecIdContract();
const ids = { requestId: "", apigwId: "", traceId: () => "" };

test("the contract documents a response for each status, and for each error type of it", () => {
  const responses = contractResponses(openapi).filter(({ operation }) => operation === "ApiSubjectsPost");
  expect(responses.map(({ status, errorType }) => `${status} ${errorType ?? ""}`.trim())).toEqual([
    "201",
    "400 InvalidRequest",
    "400 NoFace",
    "400 PoorQuality",
    "403 MissingAuthenticationTokenException",
    "403 IncompleteSignatureException",
    "403 InvalidSignatureException",
    "403 UnrecognizedClientException",
    "403 ForbiddenException",
    "413",
    "415 BadRequestException",
    "429 TooManyRequestsException",
    "429 LimitExceededException",
    "500 InternalError",
    "502 InternalServerErrorException",
    "504 InternalServerErrorException",
  ]);
});

test("the report has every documented response with its calls, then the undocumented ones", () => {
  const coverage = createCoverage(() => [
    { operation: "a", status: 200 },
    { operation: "a", status: 400, errorType: "NoFace" },
    { operation: "a", status: 403, errorType: "ForbiddenException" },
    { operation: "b", status: 404 },
  ]);
  const noFace = { status: 400, headers: {}, body: '{"errorType":"NoFace"}' };
  coverage.record({ operation: "a", response: noFace });
  coverage.record({ operation: "a", response: { ...noFace, body: Buffer.from(noFace.body) } });
  coverage.record({ operation: "a", response: { ...noFace, body: '{"errorType":"No' } });
  coverage.record({ operation: "a", response: refusalResponse(refusals.forbidden(), ids) });
  coverage.record({ operation: "b", response: { status: 404, headers: {}, body: undefined } });
  coverage.record({ operation: undefined, response: refusalResponse(refusals.unknownRoute(), ids) });
  const report = [
    { operation: "a", status: 200, documented: true, calls: 0 },
    { operation: "a", status: 400, errorType: "NoFace", documented: true, calls: 2 },
    { operation: "a", status: 403, errorType: "ForbiddenException", documented: true, calls: 1 },
    { operation: "b", status: 404, documented: true, calls: 1 },
    { operation: "a", status: 400, documented: false, calls: 1 },
  ];
  expect(coverage.report()).toEqual(report);

  coverage.clear();
  expect(coverage.report()).toEqual(report.slice(0, 4).map((response) => ({ ...response, calls: 0 })));
});
