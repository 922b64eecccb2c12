import {
  boolean,
  type FromSchema,
  integer,
  listOf,
  mapOf,
  number,
  record,
  ref,
  text,
} from "../../contracts/openapi/schema-parts.ts";
import { faultSchemas } from "../faults/schemas.ts";
import { seedSchemas } from "../world/service.ts";

const texts = mapOf(text);
const count = integer({ minimum: 0 });
const natural = integer({ minimum: 1 });
const status = integer({ minimum: 100, maximum: 599 });
const time = {
  ...text,
  format: "date-time",
  title: 'a time as ISO 8601, like "2026-01-31T12:00:00Z"',
} as const;

const { fault, operation, when, times } = faultSchemas.FaultRule.properties;

/** What control calls take and return. */
export const controlSchemas = {
  ControlError: record({ message: text, code: { ...text, pattern: "^[A-Z_]+$" } }),
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

  State: { type: "object", description: "As GET /state returned it. Its form is the mocked service's own." },
  ...seedSchemas,

  ProviderState: {
    type: "object",
    properties: { state: text, params: { anyOf: [{ type: "object" }, { type: "null" }] }, action: text },
    required: ["state"],
    description: "As Pact's Verifier sends it to `providerStatesSetupUrl`. It may have further properties.",
  },
  ProviderStateValues: { ...texts, description: "The values that the state gives to the request." },

  ...faultSchemas,
  Fault: record(
    { id: text, operation, fault, asked: count, applied: count },
    { when, times, scenario: text },
  ),
  Faults: record({ faults: listOf(ref("Fault")) }),
  Scenario: record({ name: text, faults: listOf(ref("Fault")) }),
  Scenarios: record({
    scenarios: listOf(ref("Scenario")),
    builtIn: listOf(ref("ScenarioDefinition")),
  }),

  Clock: record({ time, stopped: boolean }),
  SetClock: record({ time }),
  AdvanceClock: record({
    ms: { ...number({}), description: "Milliseconds. A negative number moves the clock back." },
  }),

  Journal: record({ entries: listOf(ref("Entry")) }),
  Entry: record(
    {
      id: natural,
      time,
      method: text,
      path: text,
      status,
      ms: number({ minimum: 0 }),
      request: record({ query: listOf(text), headers: texts }, { body: ref("Redacted") }),
      response: record({ headers: texts }, { body: ref("Redacted") }),
      faults: listOf(text),
    },
    { operation: text, contract: text, application: natural, note: text },
  ),
  Redacted: {
    description: "JSON in which `{ sha256, bytes }` stands for every image and every long text.",
  },

  Coverage: record({ documented: count, exercised: count, responses: listOf(ref("CoveredResponse")) }),
  CoveredResponse: record(
    { operation: text, status, documented: boolean, calls: count },
    { errorType: text, contract: text },
  ),

  Worlds: record({ worlds: listOf(record({ id: text, seed: text })) }),
  NewWorld: record({}, { seed: text }),
  World: record({
    id: text,
    seed: text,
    url: { ...text, format: "uri" },
    accessKeyId: text,
    secretAccessKey: text,
    apiKeys: listOf(text),
  }),
} as const;

/** The values of a schema. */
export type ControlValue<Name extends keyof typeof controlSchemas> = FromSchema<
  (typeof controlSchemas)[Name],
  typeof controlSchemas
>;
