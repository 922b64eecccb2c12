import { describe, expect, test } from "vitest";
import { createFaults, FaultError } from "../../../mocks/faults/faults.ts";
import { readFault } from "../../../mocks/faults/read-rules.ts";
import type { FaultRule, FaultRules, ScenarioRule } from "../../../mocks/faults/schemas.ts";
import { operations } from "./operations.ts";

const keys =
  "ApiSubjectsPost, OPTIONS /subjects, ApiSubjectsByIdPut, ApiSubjectsByIdDelete, OPTIONS /subjects/{id}, " +
  "ApiFaceExtractPost, OPTIONS /face/extract, ApiFaceSearchPost, OPTIONS /face/search, ApiFaceVerifyPost, " +
  "OPTIONS /face/verify, GET /health, OPTIONS /health";
const kinds =
  "error, status, throttle, quota, badGateway, timeout, expiredSignature, response, latency, reset, malformed, drip, contentType";
const builtIn = "throttled, exhausted, outage, slow, flaky, garbled";

/** The message of what is thrown when this is given. */
function refusal(give: () => unknown): string {
  try {
    give();
  } catch (error) {
    expect(error).toBeInstanceOf(FaultError);
    expect((error as FaultError).code).toBe("FAULT_INVALID");
    expect((error as FaultError).message.startsWith((error as FaultError).place)).toBe(true);
    return (error as Error).message;
  }
  return "nothing was thrown";
}

function faults() {
  return createFaults({ operations, random: () => 0, now: () => 0 });
}

const badGateway = { badGateway: true };
const search = "ApiFaceSearchPost";

test.each<[string, unknown]>([
  ["the fault must be a JSON object.", undefined],
  ["the fault must be a JSON object, but is null.", null],
  ["the fault must be a JSON object, but is a list.", []],
  ['the fault must be a JSON object, but is "NoFace".', "NoFace"],
  ["fault must be a JSON object.", {}],
  ["id is not known; known: fault, operation, when, times.", { id: "fault-1", fault: badGateway }],
  [
    "__proto__ is not known; known: fault, operation, when, times.",
    JSON.parse('{"__proto__":{"polluted":true},"fault":{"badGateway":true}}'),
  ],
  [
    `operation must be *, METHOD /path, or one of ${keys}, but is "ApiFaceFind".`,
    { operation: "ApiFaceFind", fault: badGateway },
  ],
  [
    `operation must be *, METHOD /path, or one of ${keys}, but is an object.`,
    { operation: {}, fault: badGateway },
  ],
  ["times must be a whole number, 1 or more, but is 0.", { times: 0, fault: badGateway }],
  ["when must be a JSON object, but is 3.", { when: 3, fault: badGateway }],
  ["when must have exactly one of next, every, probability, but has none.", { when: {}, fault: badGateway }],
  [
    "when must have exactly one of next, every, probability, but has next, every.",
    { when: { next: 1, every: 2 }, fault: badGateway },
  ],
  ["when.never is not known; known: next, every, probability.", { when: { never: true }, fault: badGateway }],
  ["when.next must be a whole number, 1 or more, but is 1.5.", { when: { next: 1.5 }, fault: badGateway }],
  ['when.every must be a whole number, 1 or more, but is "2".', { when: { every: "2" }, fault: badGateway }],
  [
    "when.probability must be a number from 0 to 1, but is 10.",
    { when: { probability: 10 }, fault: badGateway },
  ],
  [
    "when.probability must be a number from 0 to 1, but is NaN.",
    { when: { probability: Number.NaN }, fault: badGateway },
  ],
  [`fault must have exactly one of ${kinds}, but has none.`, { fault: {} }],
  [
    `fault must have exactly one of ${kinds}, but has error, badGateway.`,
    { fault: { error: "NoFace", badGateway: true } },
  ],
  [
    "fault.trottle is not known; known: error, status, throttle, quota, badGateway, timeout, expiredSignature, response, latency, reset, " +
      "malformed, drip, contentType, example.",
    { fault: { trottle: { rate: 1, burst: 1 } } },
  ],
  ["fault.error must be text, but is 2001.", { fault: { error: 2001 } }],
  [
    'fault.error "NoFaces" is not documented for ApiFaceSearchPost; documented: InvalidRequest, NoFace, ' +
      "PoorQuality, MissingAuthenticationToken, IncompleteSignature, InvalidSignature, SignatureExpired, SignatureNotYetCurrent, " +
      "UnrecognizedClient, Forbidden, ContentTooLarge, UnsupportedMediaType, TooManyRequests, LimitExceeded, " +
      "InternalError, InternalServerError, EndpointRequestTimedOut.",
    { operation: search, fault: { error: "NoFaces" } },
  ],
  [
    'fault.error "documented" is not documented for OPTIONS /health; documented: ContentTooLarge, ' +
      "TooManyRequests, LimitExceeded.",
    { operation: "OPTIONS /health", fault: { error: "documented" } },
  ],
  ["fault.status must be a whole number from 100 to 599, but is 42.", { fault: { status: 42 } }],
  [
    "fault.status 503 is not documented for any operation; documented: 201, 400, 403, 413, 415, 429, 500, " +
      "502, 504, 200, 404, 204.",
    { fault: { status: 503 } },
  ],
  [
    'fault.example "NoFace" of 500 is not documented for ApiFaceSearchPost; documented: InternalError.',
    { operation: search, fault: { status: 500, example: "NoFace" } },
  ],
  [
    'fault.example "NoFace" of 404 is not documented for any operation; documented: none.',
    { fault: { status: 404, example: "NoFace" } },
  ],
  ["fault.example must be text, but is true.", { fault: { status: 400, example: true } }],
  ["fault.example goes with status only.", { fault: { error: "NoFace", example: "NoFace" } }],
  ["fault.throttle must be a JSON object, but is 5.", { fault: { throttle: 5 } }],
  [
    "fault.throttle.rate must be a number above 0, at most 10000; " +
      "fault.throttle.burst must be a whole number, 1 or more.",
    { fault: { throttle: {} } },
  ],
  [
    "fault.throttle.rate must be a number above 0, at most 10000, but is 0.",
    { fault: { throttle: { rate: 0, burst: 1 } } },
  ],
  [
    "fault.throttle.burst must be a whole number, 1 or more, but is 0.",
    { fault: { throttle: { rate: 1, burst: 0 } } },
  ],
  ["fault.quota.limit must be a whole number, 0 or more, but is -1.", { fault: { quota: { limit: -1 } } }],
  [
    "fault.quota.periodMs must be a number above 0, but is Infinity.",
    { fault: { quota: { limit: 1, periodMs: Number.POSITIVE_INFINITY } } },
  ],
  ["fault.badGateway must be true, but is false.", { fault: { badGateway: false } }],
  ["fault.timeout must be a JSON object, but is true.", { fault: { timeout: true } }],
  [
    "fault.timeout.afterMs must be a number from 0 to 3600000, but is -1.",
    { fault: { timeout: { afterMs: -1 } } },
  ],
  [
    "fault.latency must have exactly one of ms, uniform, logNormal, but has none.",
    { fault: { latency: {} } },
  ],
  [
    "fault.latency.ms must be a number from 0 to 3600000, but is 1e+21.",
    { fault: { latency: { ms: 1e21 } } },
  ],
  [
    "fault.latency.uniform must be two numbers from 0 to 3600000, the smaller one first.",
    { fault: { latency: { uniform: [50, 10] } } },
  ],
  [
    "fault.latency.logNormal.sigma must be a number from 0 to 10, but is 11.",
    { fault: { latency: { logNormal: { median: 40, sigma: 11 } } } },
  ],
  ['fault.reset must be "before headers" or "in body", but is "later".', { fault: { reset: "later" } }],
  ["fault.malformed must be true, but is 1.", { fault: { malformed: 1 } }],
  [
    "fault.drip.bytesPerSecond must be a whole number, 1 or more, but is 0.",
    { fault: { drip: { bytesPerSecond: 0 } } },
  ],
  [
    'fault.contentType must be a media type like text/html, but is "text/html\\r\\nx-evil: 1".',
    { fault: { contentType: "text/html\r\nx-evil: 1" } },
  ],
  [
    `fault.contentType must be a media type like text/html, but is "${"x".repeat(40)}…".`,
    { fault: { contentType: "x".repeat(5000) } },
  ],
  [
    "when.every must be a whole number, 1 or more, but is 0; times must be a whole number, 1 or more, but is -1.",
    { fault: badGateway, when: { every: 0 }, times: -1 },
  ],
])("%s", (message, given) => {
  expect(refusal(() => faults().add(given as FaultRule))).toBe(message);
});

test("a media type may carry parameters", () => {
  const given = { fault: { contentType: "text/html; charset=utf-8" } };
  expect(readFault(given, operations)).toEqual(given);
});

test("a refused fault is not added, and pollutes nothing", () => {
  const list = faults();
  refusal(() => list.add(JSON.parse('{"__proto__":{"polluted":true},"fault":{"badGateway":true}}')));
  expect(list.list()).toEqual([]);
  expect({}).not.toHaveProperty("polluted");
});

test("no more than a hundred problems are reported", () => {
  const given: unknown = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, index) => [`key ${index}`, 1]),
  );
  expect(refusal(() => faults().add(given as FaultRule)).split("; key")).toHaveLength(100);
});

describe("a scenario", () => {
  test.each<[string, unknown]>([
    ["the scenario must be a JSON object, but is 3.", 3],
    [`name "flakey" is not built in; give its faults, or one of ${builtIn}.`, "flakey"],
    [`name "flakey" is not built in; give its faults, or one of ${builtIn}.`, { name: "flakey" }],
    [
      'name must be 1 to 64 letters, digits, spaces, underscores, dots or hyphens, but is "a/b".',
      { name: "a/b", faults: [{ fault: badGateway }] },
    ],
    ["faults must not be empty.", { name: "nothing", faults: [] }],
    ["faults must be a list, but is an object.", { name: "one", faults: { fault: badGateway } }],
    [
      "faults[1].when.every must be a whole number, 1 or more, but is 0.",
      { name: "two", faults: [{ fault: badGateway }, { when: { every: 0 }, fault: badGateway }] },
    ],
  ])("%s", (message, given) => {
    const list = faults();
    expect(refusal(() => list.addScenario(given as ScenarioRule))).toBe(message);
    expect([list.list(), list.listScenarios()]).toEqual([[], []]);
  });
});

test.each<[string, unknown]>([
  ["the list must be a JSON object, but is 3.", 3],
  ["fault is not known; known: faults, scenarios.", { fault: badGateway }],
  [
    "[1].fault.malformed must be true, but is false.",
    [{ fault: badGateway }, { fault: { malformed: false } }],
  ],
  [
    `faults[0].times must be a whole number, 1 or more, but is 0; scenarios[0].name "x" is not built in; give its faults, or one of ${builtIn}.`,
    { faults: [{ fault: badGateway, times: 0 }], scenarios: ["x"] },
  ],
  [
    'scenarios must have different names, but "slow" is there twice.',
    { scenarios: ["slow", { name: "slow" }] },
  ],
])("a list of faults: %s", (message, given) => {
  const list = faults();
  expect(refusal(() => list.addAll(given as FaultRules))).toBe(message);
  expect(list.list()).toEqual([]);
});
