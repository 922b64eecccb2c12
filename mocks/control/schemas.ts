/** What control calls take and answer. */
export function controlSchemas(): Record<string, object> {
  return {
    Refusal: record({ message: text, code: { type: "string", pattern: "^[A-Z_]+$" } }),
    Health: record({
      status: { const: "OK" },
      contract: record({ name: text, title: text, version: text }),
      worlds: natural,
    }),
    Description: {
      type: "object",
      properties: { openapi: { const: "3.1.0" }, info: { type: "object" }, paths: { type: "object" } },
      required: ["openapi", "info", "paths"],
    },

    State: { type: "object", description: "As GET /state gave it; its form is the mocked service's own." },
    Seed: {
      type: "object",
      description: "For each application, by its number, what its gallery is to hold besides.",
      examples: [{ 1: ["alice", "bob?photo=2"], 2: [] }],
    },
    Seeded: { type: "object", description: "What was added, for each application." },

    Fault: record(
      { id: text, operation: text, fault: ref("FaultKind"), asked: count, applied: count },
      { ...faultOptions, scenario: text },
    ),
    Faults: record({ faults: listOf(ref("Fault")) }),
    FaultRule: record({ fault: ref("FaultKind") }, { ...faultOptions, operation: text }),
    FaultKind: {
      oneOf: [
        record({ error: text }),
        record({ status: { type: "integer", minimum: 100, maximum: 599 } }, { example: text }),
        record({ throttle: record({ rate: { ...above0, maximum: 10_000 }, burst: natural }) }),
        record({ quota: record({ limit: count }, { periodMs: above0 }) }),
        record({ badGateway: { const: true } }),
        record({ timeout: record({}, { afterMs: milliseconds }) }),
        record({ latency: ref("Latency") }),
        record({ reset: { enum: ["before headers", "in body"] } }),
        record({ malformed: { const: true } }),
        record({ drip: record({ bytesPerSecond: natural }) }),
        record({ contentType: text }),
      ],
    },
    Latency: {
      oneOf: [
        record({ ms: milliseconds }),
        record({ uniform: { ...listOf(milliseconds), minItems: 2, maxItems: 2 } }),
        record({
          logNormal: record({ median: milliseconds, sigma: { type: "number", minimum: 0, maximum: 10 } }),
        }),
      ],
    },

    Scenario: record({ name: text, faults: listOf(ref("Fault")) }),
    Scenarios: record({
      scenarios: listOf(ref("Scenario")),
      builtIn: listOf(record({ name: text, description: text, faults: listOf(ref("FaultRule")) })),
    }),
    ScenarioRule: {
      description: "A scenario with its faults, or the name of a built-in one.",
      oneOf: [text, record({ name: text }, { description: text, faults: listOf(ref("FaultRule")) })],
    },

    Clock: record({ time, stopped: truth }),
    SetClock: record({ time }),
    AdvanceClock: record({
      ms: { type: "number", description: "Milliseconds; a negative number goes back." },
    }),

    Journal: record({ entries: listOf(ref("Entry")) }),
    Entry: record(
      {
        id: natural,
        time,
        method: text,
        path: text,
        status,
        ms: { type: "number", minimum: 0 },
        request: record({ query: listOf(text), headers: texts }, { body: ref("Redacted") }),
        response: record({ headers: texts }, { body: ref("Redacted") }),
        faults: listOf(text),
      },
      { operation: text, application: natural, note: text },
    ),
    Redacted: {
      description: "JSON in which `{ sha256, bytes }` stands for every image and every long text.",
    },

    Coverage: record({ documented: count, exercised: count, responses: listOf(ref("CoveredResponse")) }),
    CoveredResponse: record(
      { operation: text, status, documented: truth, calls: count },
      { errorType: text },
    ),

    Worlds: record({ worlds: listOf(record({ id: text, seed: text })) }),
    NewWorld: record({}, { seed: text }),
    World: record({
      id: text,
      seed: text,
      url: { type: "string", format: "uri" },
      accessKeyId: text,
      secretAccessKey: text,
      apiKeys: listOf(text),
    }),
  };
}

const text = { type: "string" };
const texts = { type: "object", additionalProperties: text };
const truth = { type: "boolean" };
const count = { type: "integer", minimum: 0 };
const natural = { type: "integer", minimum: 1 };
const status = { type: "integer", minimum: 100, maximum: 599 };
const above0 = { type: "number", exclusiveMinimum: 0 };
const milliseconds = { type: "number", minimum: 0, maximum: 3_600_000 };
const time = { type: "string", format: "date-time" };

const faultOptions = {
  when: {
    oneOf: [
      record({ next: natural }),
      record({ every: natural }),
      record({ probability: { type: "number", minimum: 0, maximum: 1 } }),
    ],
  },
  times: natural,
};

function record(wanted: Record<string, object>, optional: Record<string, object> = {}): object {
  return {
    type: "object",
    properties: { ...wanted, ...optional },
    required: Object.keys(wanted),
    additionalProperties: false,
  };
}

function listOf(items: object): object {
  return { type: "array", items };
}

function ref(schema: string): object {
  return { $ref: `#/components/schemas/${schema}` };
}
