import { describe, expect, test } from "vitest";
import type { Json } from "../../../../contracts/openapi/json.ts";
import { createPool } from "../../../../tools/diff/schema/pool.ts";
import { createSubsumption, isTighter } from "../../../../tools/diff/schema/subsumes.ts";
import { nodeOf } from "./node-of.ts";

function covers(wide: Json, narrow: Json, declared = false) {
  const pool = createPool();
  const [one, other] = [wide, narrow].map((schema) => nodeOf(schema, {}, pool).node);
  return createSubsumption(pool).covers(one!, other!, { direction: "request", declared });
}

describe("a schema accepts all that another one accepts", () => {
  test.each<[wide: Json, narrow: Json]>([
    [true, { type: "string" }],
    [{ type: "string" }, false],
    [{ type: "number" }, { type: "integer" }],
    [{ type: ["string", "null"] }, { type: "string", maxLength: 3 }],
    [{ minimum: 1 }, { type: "integer", exclusiveMinimum: 0 }],
    [{ type: "integer", minimum: 1, maximum: 3 }, { enum: [1, 2, 3] }],
    [{ enum: [1, 2, 3] }, { type: "integer", minimum: 1, maximum: 3 }],
    [{ multipleOf: 2 }, { multipleOf: 6 }],
    [{ type: "object" }, { type: "object", required: ["a"], properties: { a: { type: "string" } } }],
    [{ minProperties: 1 }, { type: "object", required: ["a"] }],
    [{ items: { type: "number" } }, { type: "array", items: { type: "integer" } }],
    [{ anyOf: [{ type: "string" }, { type: "number" }] }, { type: "integer" }],
    [{ not: { type: "string" } }, { type: "number" }],
    [{ type: "string" }, { allOf: [{ minLength: 1 }, { type: "string" }] }],
    [
      { oneOf: [{ type: "string" }, { type: "number" }] },
      { anyOf: [{ type: "number" }, { type: "string" }] },
    ],
  ])("%j and %j", (wide, narrow) => {
    expect(covers(wide, narrow)).toBe(true);
  });
});

describe("a schema refuses something that another one accepts", () => {
  test.each<[wide: Json, narrow: Json]>([
    [false, { type: "string" }],
    [{ type: "integer" }, { type: "number" }],
    [{ maxLength: 3 }, { type: "string", maxLength: 4 }],
    [{ enum: ["a"] }, { enum: ["a", "b"] }],
    [{ enum: ["a"] }, { type: "string" }],
    [{ required: ["a"] }, { type: "object" }],
    [{ additionalProperties: false }, { type: "object", properties: { a: {} } }],
    [{ items: { type: "integer" } }, { type: "array", items: { type: "number" } }],
  ])("%j and %j", (wide, narrow) => {
    expect(covers(wide, narrow)).toBe(false);
  });
});

test.each<[wide: Json, narrow: Json]>([
  [{ pattern: "^a" }, { type: "string", pattern: "^ab" }],
  [{ contains: { type: "string" } }, { type: "array", contains: { const: "a" } }],
])("%j and %j: neither is proved", (wide, narrow) => {
  expect(covers(wide, narrow)).toBeUndefined();
});

test("a property that only the wider schema names is not sent where only declared ones count", () => {
  const wide = { type: "object", properties: { a: { type: "string" } } };
  expect([covers(wide, { type: "object" }, false), covers(wide, { type: "object" }, true)]).toEqual([
    false,
    true,
  ]);
});

test("recursive schemas are compared", () => {
  const pool = createPool();
  const list = (item: Json): Json => ({
    type: "object",
    properties: { value: item, next: { $ref: "#/components/schemas/List" } },
    additionalProperties: false,
  });
  const at = () => ({ $ref: "#/components/schemas/List" });
  const wide = nodeOf(at(), { List: list({ type: "number" }) }, pool).node;
  const narrow = nodeOf(at(), { List: list({ type: "integer" }) }, pool).node;
  const { covers, identical } = createSubsumption(pool);
  const view = { direction: "response", declared: false } as const;
  expect([covers(wide, narrow, view), covers(narrow, wide, view), identical(wide, narrow)]).toEqual([
    true,
    false,
    false,
  ]);
});

test("nothing is accepted by contradictions", () => {
  const empty: Json[] = [
    false,
    { type: "string", enum: [1] },
    { minimum: 3, maximum: 1, type: "number" },
    { type: [] },
  ];
  const filled: Json[] = [true, { type: "string" }, { enum: [null] }];
  const isEmpty = (schema: Json) => {
    const { node, pool } = nodeOf(schema);
    return createSubsumption(pool).isEmpty(node);
  };
  expect([empty.map(isEmpty), filled.map(isEmpty)]).toEqual([empty.map(() => true), filled.map(() => false)]);
});

test("read-only is hidden in requests, write-only in responses", () => {
  const { node: readOnly, pool } = nodeOf({ type: "string", readOnly: true });
  const { node: writeOnly } = nodeOf({ type: "string", writeOnly: true }, {}, pool);
  const { isHidden } = createSubsumption(pool);
  expect([isHidden(readOnly, "request"), isHidden(readOnly, "response")]).toEqual([true, false]);
  expect([isHidden(writeOnly, "request"), isHidden(writeOnly, "response")]).toEqual([false, true]);
});

test("bounds are compared by value, then by whether they are exclusive", () => {
  const [two, three, overTwo] = [
    { value: 2, exclusive: false },
    { value: 3, exclusive: false },
    { value: 2, exclusive: true },
  ];
  expect(isTighter(three, two, 1)).toBe(true);
  expect(isTighter(two, three, 1)).toBe(false);
  expect(isTighter(two, three, -1)).toBe(true);
  expect(isTighter(overTwo, two, 1)).toBe(true);
  expect(isTighter(two, undefined, 1)).toBe(true);
  expect(isTighter(undefined, two, 1)).toBe(false);
});
