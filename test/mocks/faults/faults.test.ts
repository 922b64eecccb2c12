import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AppliedFaults, createFaults } from "../../../mocks/faults/faults.ts";
import { builtInScenarios } from "../../../mocks/faults/scenarios.ts";
import type { FaultRule } from "../../../mocks/faults/schemas.ts";
import { refusals } from "../../../mocks/gateway/refusals.ts";
import type { HttpResponse } from "../../../mocks/http/response.ts";
import { createRandom } from "../../../mocks/random/random.ts";
import { createClock } from "../../../mocks/world/clock.ts";
import { operationNamed, operations } from "./operations.ts";

const search = operationNamed("ApiFaceSearchPost");
const register = operationNamed("ApiSubjectsPost");
const health = operationNamed("GET /health");

function open(rules: FaultRule[] = [], { seed = "faults" } = {}) {
  const clock = createClock(() => 0);
  clock.set(1_800_000_000_000);
  const faults = createFaults({ operations, random: createRandom(seed), now: clock.now });
  faults.addAll(rules);
  const call = (operation = search, application = "key 1") => faults.apply(operation, application);
  return { faults, clock, call };
}

/** To which of the next calls a fault is applied, e.g. `..x`. */
function pattern(calls: number, call: () => AppliedFaults | undefined): string {
  return Array.from({ length: calls }, () => (call() ? "x" : ".")).join("");
}

test("without faults nothing is applied", () => {
  expect(open().call()).toBeUndefined();
});

test.each<[string, Omit<FaultRule, "fault">, string]>([
  ["every call", {}, "xxxxxxxxxxxx"],
  ["the next three", { when: { next: 3 } }, "xxx........."],
  ["every fourth", { when: { every: 4 } }, "...x...x...x"],
  ["no more than two", { times: 2 }, "xx.........."],
  ["every third, twice", { when: { every: 3 }, times: 2 }, "..x..x......"],
  ["never", { when: { probability: 0 } }, "............"],
  ["always by chance", { when: { probability: 1 } }, "xxxxxxxxxxxx"],
  ["sometimes", { when: { probability: 0.5 } }, ".x..xxxxx.xx"],
])("a fault applies to %s", (_, rule, wanted) => {
  const { call } = open([{ ...rule, fault: { badGateway: true } }]);
  expect(pattern(12, call)).toBe(wanted);
});

test("a probability applies about as often as it says", () => {
  const { call, faults } = open([{ when: { probability: 0.1 }, fault: { badGateway: true } }]);
  pattern(10_000, call);
  const [fault] = faults.list();
  expect(fault?.asked).toBe(10_000);
  expect(fault?.applied).toBeGreaterThan(900);
  expect(fault?.applied).toBeLessThan(1100);
});

test("a fault is about its own operation, by key, by method and path, or about all", () => {
  const { call, faults } = open([
    { operation: "ApiFaceSearchPost", fault: { contentType: "text/html" } },
    { operation: "GET /health", fault: { contentType: "text/html" } },
    { operation: "POST /subjects", fault: { contentType: "text/html" } },
    { operation: "*", fault: { contentType: "text/html" } },
    { fault: { contentType: "text/html" } },
  ]);
  expect([search, health, register].map((operation) => call(operation)?.faultIds)).toEqual([
    ["fault-1", "fault-4", "fault-5"],
    ["fault-2", "fault-4", "fault-5"],
    ["fault-3", "fault-4", "fault-5"],
  ]);
  expect(faults.list().map(({ operation, asked }) => [operation, asked])).toEqual([
    ["ApiFaceSearchPost", 1],
    ["GET /health", 1],
    ["POST /subjects", 1],
    ["*", 3],
    ["*", 3],
  ]);
});

test.each<[FaultRule["fault"], Omit<AppliedFaults, "faultIds">]>([
  [{ error: "NoFace" }, { error: { status: 400, example: "NoFace" } }],
  [{ error: "InternalError" }, { error: { status: 500, example: "InternalError" } }],
  [{ status: 500 }, { error: { status: 500 } }],
  [{ status: 404 }, { error: { status: 404 } }],
  [{ status: 429, example: "LimitExceeded" }, { error: { status: 429, example: "LimitExceeded" } }],
  [{ quota: { limit: 0 } }, { refusal: refusals.limitExceeded() }],
  [{ badGateway: true }, { refusal: refusals.internalServerError() }],
  [{ timeout: {} }, { refusal: refusals.endpointTimedOut(), delivery: { delayMs: 29_000 } }],
  [{ timeout: { afterMs: 0 } }, { refusal: refusals.endpointTimedOut(), delivery: { delayMs: 0 } }],
  [{ latency: { ms: 50 } }, { delivery: { delayMs: 50 } }],
  [{ reset: "before headers" }, { delivery: { reset: "before headers" } }],
  [{ reset: "in body" }, { delivery: { reset: "in body" } }],
  [{ drip: { bytesPerSecond: 100 } }, { delivery: { bytesPerSecond: 100 } }],
])("%j is applied as %j", (fault, wanted) => {
  expect(open([{ fault }]).call()).toEqual({ faultIds: ["fault-1"], ...wanted });
});

test("a throttle answers 429 once its burst is used up", () => {
  const { call } = open([{ fault: { throttle: { rate: 1, burst: 1 } } }]);
  expect([call(), call()]).toEqual([
    undefined,
    { faultIds: ["fault-1"], refusal: refusals.tooManyRequests() },
  ]);
});

test("an error applies only to operations that document it", () => {
  const { call, faults } = open([{ fault: { error: "PoorQuality" } }]);
  expect([health, search].map((operation) => call(operation)?.error)).toEqual([
    undefined,
    { status: 400, example: "PoorQuality" },
  ]);
  expect(faults.list()[0]?.asked).toBe(1);
});

describe("several faults on one call", () => {
  test("throttle comes before quota, quota before the service's errors, however they were added", () => {
    const { call, clock } = open([
      { fault: { error: "NoFace" } },
      { fault: { quota: { limit: 2 } } },
      { fault: { throttle: { rate: 1, burst: 1 } } },
    ]);
    const seen = [call(), call()];
    clock.advance(1000);
    seen.push(call());
    clock.advance(1000);
    seen.push(call());
    expect(seen.map((applied) => applied?.faultIds)).toEqual([
      ["fault-1"],
      ["fault-3"],
      ["fault-1"],
      ["fault-2"],
    ]);
  });

  test("of two that answer, the first one does; the second is kept for the next call", () => {
    const { call, faults } = open([
      { when: { next: 1 }, fault: { error: "NoFace" } },
      { when: { next: 1 }, fault: { status: 500 } },
    ]);
    expect([call()?.error, call()?.error, call()]).toEqual([
      { status: 400, example: "NoFace" },
      { status: 500 },
      undefined,
    ]);
    expect(faults.list().map(({ asked, applied }) => [asked, applied])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  test("what happens on the way adds up, for a refusal too", () => {
    const { call } = open([
      { fault: { latency: { ms: 10 } } },
      { fault: { latency: { ms: 5 } } },
      { fault: { drip: { bytesPerSecond: 500 } } },
      { fault: { drip: { bytesPerSecond: 100 } } },
      { fault: { reset: "in body" } },
      { fault: { reset: "before headers" } },
      { fault: { timeout: { afterMs: 100 } } },
    ]);
    expect(call()).toEqual({
      faultIds: ["fault-7", "fault-1", "fault-2", "fault-3", "fault-4", "fault-5", "fault-6"],
      refusal: refusals.endpointTimedOut(),
      delivery: { delayMs: 115, bytesPerSecond: 100, reset: "in body" },
    });
  });

  test("both ways to spoil an answer go together", () => {
    const { call } = open([{ fault: { malformed: true } }, { fault: { contentType: "text/html" } }]);
    const answer = { status: 200, headers: { "Content-Type": "application/json" }, body: '{"a":1}' };
    expect(call()?.alter?.(answer)).toEqual({
      status: 200,
      headers: { "Content-Type": "text/html" },
      body: '{"a",',
    });
  });
});

test("malformed JSON is refused by the parser, whatever the value was", () => {
  const alter = open([{ fault: { malformed: true } }]).call()!.alter!;
  fc.assert(
    fc.property(fc.jsonValue(), fc.boolean(), (value, asBytes) => {
      const text = JSON.stringify(value);
      const answer: HttpResponse = { status: 200, headers: {}, body: asBytes ? Buffer.from(text) : text };
      const { body, ...rest } = alter(answer);
      expect(() => JSON.parse(String(body))).toThrow(SyntaxError);
      expect(rest).toEqual({ status: 200, headers: {} });
      expect(String(answer.body)).toBe(text);
    }),
  );
});

test("an answer without a body stays as it is", () => {
  const { call } = open([{ fault: { malformed: true } }, { fault: { contentType: "text/html" } }]);
  const answer = { status: 204, headers: { "x-amzn-RequestId": "1" }, body: undefined };
  expect(call()?.alter?.(answer)).toEqual(answer);
});

test("the same seed and the same calls give the same faults; another seed gives others", () => {
  const rules: FaultRule[] = [
    { when: { probability: 0.3 }, fault: { badGateway: true } },
    { operation: "ApiFaceSearchPost", when: { probability: 0.2 }, fault: { error: "NoFace" } },
    { when: { every: 3 }, fault: { latency: { logNormal: { median: 40, sigma: 0.5 } } } },
    { when: { probability: 0.4 }, fault: { latency: { uniform: [1, 9] } } },
    { fault: { throttle: { rate: 2, burst: 5 } } },
  ];
  const run = (seed: string) => {
    const { call, clock } = open(rules, { seed });
    return Array.from({ length: 300 }, (_, turn) => {
      clock.advance(turn % 7 === 0 ? 400 : 100);
      return call(turn % 2 ? search : register, `key ${turn % 3}`);
    });
  };
  expect(run("one")).toEqual(run("one"));
  expect(run("one")).not.toEqual(run("two"));
});

test("a probability draws one number for each call that comes to it, and no other fault draws", () => {
  let drawn = 0;
  const random = () => {
    drawn += 1;
    return 0.9;
  };
  const faults = createFaults({ operations, random, now: () => 0 });
  faults.addAll([
    { operation: "ApiFaceSearchPost", when: { probability: 0.5 }, fault: { badGateway: true } },
    { when: { every: 2 }, fault: { status: 500 } },
    { fault: { latency: { ms: 1 } } },
  ]);
  for (const operation of [search, register, search]) faults.apply(operation, "key 1");
  expect(drawn).toBe(2);
});

describe("the list of faults", () => {
  test("shows each as it was added, with what it has done", () => {
    const { call, faults } = open();
    const added = faults.add({ when: { every: 2 }, times: 9, fault: { error: "NoFace" } });
    const wanted = {
      id: "fault-1",
      operation: "*",
      when: { every: 2 },
      times: 9,
      fault: { error: "NoFace" },
      asked: 0,
      applied: 0,
    };
    expect(added).toEqual(wanted);
    pattern(5, call);
    expect(faults.list()).toEqual([{ ...wanted, asked: 5, applied: 2 }]);
  });

  test("is a copy: changing it or what was given changes no fault", () => {
    const { call, faults } = open();
    const given = { when: { next: 1 }, fault: { status: 500 } };
    const added = faults.add(given);
    given.when.next = 5;
    given.fault.status = 404;
    (added.fault as { status: number }).status = 404;
    (faults.list()[0]!.when as { next: number }).next = 5;
    expect([call()?.error, call()]).toEqual([{ status: 500 }, undefined]);
  });

  test("loses what is removed, once", () => {
    const { call, faults } = open([{ fault: { badGateway: true } }, { fault: { status: 500 } }]);
    expect([faults.remove("fault-1"), faults.remove("fault-1")]).toEqual([true, false]);
    expect(call()).toEqual({ faultIds: ["fault-2"], error: { status: 500 } });
  });

  test("is empty and counts from one again when it was cleared", () => {
    const { call, faults } = open([{ fault: { badGateway: true } }]);
    faults.addScenario("outage");
    faults.clear();
    expect([call(), faults.list(), faults.listScenarios()]).toEqual([undefined, [], []]);
    expect(faults.add({ fault: { badGateway: true } }).id).toBe("fault-1");
  });
});

describe("scenarios", () => {
  const scenario = {
    name: "flaky search",
    faults: [
      { operation: "ApiFaceSearchPost", when: { next: 1 }, fault: { error: "NoFace" } },
      { fault: { latency: { ms: 5 } } },
    ],
  };

  test("add and remove their faults together", () => {
    const { faults } = open([{ fault: { badGateway: true } }]);
    const added = faults.addScenario(scenario);
    expect(added).toEqual({
      name: "flaky search",
      faults: [
        { id: "fault-2", ...scenario.faults[0], scenario: "flaky search", asked: 0, applied: 0 },
        {
          id: "fault-3",
          operation: "*",
          ...scenario.faults[1],
          scenario: "flaky search",
          asked: 0,
          applied: 0,
        },
      ],
    });
    expect(faults.listScenarios()).toEqual([added]);
    expect([faults.removeScenario("flaky search"), faults.removeScenario("flaky search")]).toEqual([
      true,
      false,
    ]);
    expect(faults.list().map(({ id }) => id)).toEqual(["fault-1"]);
  });

  test("cannot be active twice", () => {
    const { faults } = open();
    faults.addScenario(scenario);
    expect(() => faults.addScenario(scenario)).toThrow(
      'scenario "flaky search" is active already; remove it first.',
    );
    expect(() => faults.addAll({ faults: [{ fault: { status: 500 } }], scenarios: [scenario] })).toThrow(
      'scenario "flaky search" is active already; remove it first.',
    );
    expect(faults.list()).toHaveLength(2);
  });

  test.each(builtInScenarios.map(({ name }) => name))("%s is built in", (name) => {
    const { faults } = open();
    const built = builtInScenarios.find((each) => each.name === name)!;
    expect(faults.addScenario({ name }).faults).toHaveLength(built.faults.length);
    faults.clear();
    expect(faults.addScenario(name).name).toBe(name);
    faults.clear();
    expect(faults.addScenario(built).name).toBe(name);
  });

  test("come beside faults in one list", () => {
    const { faults } = open();
    faults.addAll({
      faults: [{ fault: { status: 500 } }],
      scenarios: ["outage", { name: "slow" }, scenario],
    });
    expect(faults.list().map(({ id, scenario }) => [id, scenario])).toEqual([
      ["fault-1", undefined],
      ["fault-2", "outage"],
      ["fault-3", "slow"],
      ["fault-4", "flaky search"],
      ["fault-5", "flaky search"],
    ]);
  });
});
