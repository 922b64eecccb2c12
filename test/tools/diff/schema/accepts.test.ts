import { expect, test } from "vitest";
import type { Json } from "../../../../contracts/openapi/json.ts";
import { accepts, all, isMultiple, some } from "../../../../tools/diff/schema/accepts.ts";
import { nodeOf } from "./node-of.ts";

test.each<[schema: Json, accepted: Json[], refused: Json[]]>([
  [true, [null, 1, "a", [], {}], []],
  [false, [], [null, 1, "a", [], {}]],
  [{ type: ["string", "null"] }, ["", null], [1, [], {}, true]],
  [{ type: "integer", minimum: 2, exclusiveMaximum: 5 }, [2, 4], [1, 5, 2.5, "3"]],
  [{ multipleOf: 3 }, [6, "text"], [7]],
  [{ type: "integer", format: "int32" }, [2 ** 31 - 1], [2 ** 31]],
  [{ type: "string", minLength: 2, maxLength: 3 }, ["ab", "äöü", "😀😀"], ["a", "abcd"]],
  [{ type: "string", pattern: "^a+$" }, ["aa"], ["ab"]],
  [{ type: "string", format: "date" }, ["2026-11-25"], ["2026-13-25", "today"]],
  [{ enum: ["a", 1, { b: [] }] }, ["a", 1, { b: [] }], ["b", 2, { b: [1] }]],
  [{ const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [{ a: 1 }]],
  [{ items: { type: "number" }, maxItems: 2 }, [[], [1, 2], "no list"], [["a"], [1, 2, 3]]],
  [{ prefixItems: [{ type: "string" }], items: false }, [[], ["a"]], [[1], ["a", "b"]]],
  [
    { uniqueItems: true },
    [[1, 2, "1"]],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    ],
  ],
  [
    { properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false },
    [{ a: "" }],
    [{}, { a: 1 }, { a: "", b: 1 }],
  ],
  [{ patternProperties: { "^x-": { type: "string" } } }, [{ "x-a": "", b: 1 }], [{ "x-a": 1 }]],
  [{ propertyNames: { maxLength: 1 } }, [{ a: 1 }], [{ ab: 1 }]],
  [{ dependentRequired: { a: ["b"] } }, [{}, { b: 1 }, { a: 1, b: 1 }], [{ a: 1 }]],
  [{ minProperties: 1, maxProperties: 1 }, [{ a: 1 }], [{}, { a: 1, b: 1 }]],
  [{ anyOf: [{ type: "string" }, { minimum: 3 }] }, ["a", 3, null], [2]],
  [
    { oneOf: [{ type: "string" }, { type: "string", maxLength: 1 }, { type: "null" }] },
    ["ab", null],
    ["a", 1],
  ],
  [{ not: { type: "string" } }, [1], ["a"]],
  [{ allOf: [{ type: "string" }, { minLength: 1 }] }, ["a"], ["", 1]],
])("%j", (schema, accepted, refused) => {
  const { node } = nodeOf(schema);
  expect(accepted.map((value) => accepts(node, value))).toEqual(accepted.map(() => true));
  expect(refused.map((value) => accepts(node, value))).toEqual(refused.map(() => false));
});

test.each<[schema: Json, value: Json]>([
  [{ format: "color" }, "red"],
  [{ if: { minimum: 1 }, else: { maximum: 5 } }, 3],
  [{ contentEncoding: "base64" }, "YQ=="],
  [{ multipleOf: 0.1 }, 0.3],
])("%j cannot decide about %j", (schema, value) => {
  expect(accepts(nodeOf(schema).node, value)).toBeUndefined();
});

test("a recursive schema accepts what its content accepts", () => {
  const tree = {
    type: "object",
    properties: { next: { $ref: "#/components/schemas/Tree" } },
    required: ["value"],
  };
  const { node } = nodeOf({ $ref: "#/components/schemas/Tree" }, { Tree: tree });
  expect(accepts(node, { value: 1, next: { value: 2 } })).toBe(true);
  expect(accepts(node, { value: 1, next: {} })).toBe(false);
});

test("all and some know what is not known", () => {
  const claims = (...verdicts: (boolean | undefined)[]) => verdicts.map((verdict) => () => verdict);
  expect([all(claims()), all(claims(true, undefined)), all(claims(undefined, false))]).toEqual([
    true,
    undefined,
    false,
  ]);
  expect([some(claims()), some(claims(false, undefined)), some(claims(undefined, true))]).toEqual([
    false,
    undefined,
    true,
  ]);
});

test("a multiple of a fraction is left to chance only where it is near", () => {
  expect([isMultiple(9, 3), isMultiple(10, 3), isMultiple(0.3, 0.1), isMultiple(0.35, 0.1)]).toEqual([
    true,
    false,
    undefined,
    false,
  ]);
});
