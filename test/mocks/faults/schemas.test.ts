import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, expectTypeOf, test } from "vitest";
import {
  type FaultKind,
  type FaultRule,
  faultSchemas,
  type Latency,
  type ScenarioRule,
} from "../../../mocks/faults/schemas.ts";

test("the types are those of the schemas", () => {
  expectTypeOf<FaultKind>().toEqualTypeOf<
    | { error: string }
    | { status: number; example?: string }
    | { throttle: { rate: number; burst: number } }
    | { quota: { limit: number; periodMs?: number } }
    | { badGateway: true }
    | { timeout: { afterMs?: number } }
    | { expiredSignature: true }
    | { response: { status: number; headers?: Record<string, string>; body?: unknown } }
    | { latency: Latency }
    | { reset: "before headers" | "in body" }
    | { malformed: true }
    | { drip: { bytesPerSecond: number } }
    | { contentType: string }
  >();
  expectTypeOf<FaultRule>().toEqualTypeOf<{
    fault: FaultKind;
    operation?: string;
    when?: { next: number } | { every: number } | { probability: number };
    times?: number;
  }>();
  expectTypeOf<Latency>().toEqualTypeOf<
    { ms: number } | { uniform: [number, number] } | { logNormal: { median: number; sigma: number } }
  >();
  expectTypeOf<ScenarioRule>().toEqualTypeOf<
    string | { name: string; description?: string; faults?: FaultRule[] }
  >();
});

test.each(Object.entries(faultSchemas))("%s is JSON Schema", (_, schema) => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false });
  expect([ajv.validateSchema(schema), ajv.errors]).toEqual([true, null]);
});
