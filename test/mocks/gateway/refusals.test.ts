import { describe, expect, test } from "vitest";
import { createIds, type Refusal, refusalResponse, refusals } from "../../../mocks/gateway/refusals.ts";

const ids = {
  requestId: "11111111-2222-4333-8444-555555555555",
  apigwId: "AbCdEfGhIjKlMnO=",
  traceId: () => "Root=1-0-0",
};
const json = { "Content-Type": "application/json" };
const always = { "x-amzn-RequestId": ids.requestId, "x-amz-apigw-id": ids.apigwId };
const traced = { "X-Amzn-Trace-Id": ids.traceId() };

/** The rows whose text is fixed, and one that is escaped; the rest is shown with the requests that earn it. */
test.each<[row: string, refusal: Refusal, status: number, errorType: string | undefined, body: string]>([
  [
    "1",
    refusals.missingAuthenticationToken(),
    403,
    "MissingAuthenticationTokenException",
    '{"message":"Missing Authentication Token"}',
  ],
  [
    "2",
    refusals.unknownRoute(),
    403,
    "MissingAuthenticationTokenException",
    '{"message":"Missing Authentication Token"}',
  ],
  [
    "6, escaped as JSON",
    refusals.unsupportedAlgorithm('"\\/\u0001é'),
    403,
    "IncompleteSignatureException",
    '{"message":"Unsupported AWS \'algorithm\': \'\\"\\\\/\\u0001é\'."}',
  ],
  [
    "14",
    refusals.unrecognizedClient(),
    403,
    "UnrecognizedClientException",
    '{"message":"The security token included in the request is invalid."}',
  ],
  ["18", refusals.forbidden(), 403, "ForbiddenException", '{"message":"Forbidden"}'],
  ["19", refusals.tooManyRequests(), 429, "TooManyRequestsException", '{"message":"Too Many Requests"}'],
  ["20", refusals.limitExceeded(), 429, "LimitExceededException", '{"message":"Limit Exceeded"}'],
])("row %s is written before execution", (_, refusal, status, errorType, body) => {
  const headers = { ...json, ...always, "x-amzn-ErrorType": errorType };
  expect(refusalResponse(refusal, ids)).toEqual({ status, headers, body });
});

test.each<[row: number, refusal: Refusal, status: number, errorType: string, body: string]>([
  [
    22,
    refusals.endpointTimedOut(),
    504,
    "InternalServerErrorException",
    '{"message": "Endpoint request timed out"}',
  ],
  [
    23,
    refusals.internalServerError(),
    502,
    "InternalServerErrorException",
    '{"message": "Internal server error"}',
  ],
  [24, refusals.unsupportedMediaType(), 415, "BadRequestException", '{"message": "Unsupported Media Type"}'],
])(
  "row %i is written during execution: a space in the JSON, and a trace id",
  (_, refusal, status, errorType, body) => {
    const headers = { ...json, ...always, ...traced, "x-amzn-ErrorType": errorType };
    expect(refusalResponse(refusal, ids)).toEqual({ status, headers, body });
  },
);

test("row 21 is plain text without an error type", () => {
  expect(refusalResponse(refusals.contentTooLong(), ids)).toEqual({
    status: 413,
    headers: { "Content-Type": "text/plain", ...always },
    body: "HTTP content length exceeded 10485760 bytes.",
  });
});

describe("identifiers", () => {
  const sequence = () => {
    let state = 42;
    return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  };
  const now = () => Date.UTC(2026, 10, 23, 12);

  test("have the shapes that the gateway gives them", () => {
    const next = createIds({ random: sequence(), now });
    for (const { requestId, apigwId, traceId } of Array.from({ length: 1000 }, next)) {
      expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(apigwId).toMatch(/^[A-Za-z0-9+/]{15}=$/);
      expect(traceId()).toMatch(/^Root=1-6b042ac0-[0-9a-f]{24}$/);
    }
  });

  test("are the same for the same randomness, and differ from answer to answer", () => {
    const [one, other] = [createIds({ random: sequence(), now }), createIds({ random: sequence(), now })];
    const thousand = (next: typeof one) =>
      Array.from({ length: 1000 }, next).map(({ requestId, apigwId, traceId }) => [
        requestId,
        apigwId,
        traceId(),
      ]);
    const first = thousand(one);
    expect(thousand(other)).toEqual(first);
    expect(new Set(first.flat()).size).toBe(3000);
  });

  test("survive randomness at its bounds", () => {
    for (const random of [() => 0, () => 1 - 2 ** -53]) {
      expect(createIds({ random, now })().requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});
