import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSample, type SampleOptions } from "../../../mocks/documented/sample.ts";
import { readSchemas } from "../../../mocks/documented/schemas.ts";

const components = {
  schemas: {
    Node: {
      type: "object",
      required: ["children"],
      properties: {
        children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
        parent: { $ref: "#/components/schemas/Node" },
      },
    },
    Pet: {
      type: "object",
      required: ["kind"],
      discriminator: { propertyName: "kind" },
      properties: { kind: { type: "string" } },
    },
    Cat: {
      allOf: [
        { $ref: "#/components/schemas/Pet" },
        { type: "object", required: ["claws"], properties: { claws: { type: "integer", minimum: 3 } } },
      ],
    },
    Dog: {
      type: "object",
      required: ["kind", "barks"],
      properties: { kind: {}, barks: { type: "boolean" } },
    },
    Either: {
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }],
      discriminator: { propertyName: "kind", mapping: { dog: "#/components/schemas/Dog" } },
    },
    Endless: {
      type: "object",
      required: ["next"],
      properties: { next: { $ref: "#/components/schemas/Endless" } },
    },
  },
};
const sample = createSample(readSchemas({ components }));
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });

test.each<[what: string, schema: unknown, options: SampleOptions, value: unknown]>([
  [
    "a schema that contains itself",
    named("Node"),
    {},
    { children: [{ children: [] }], parent: { children: [] } },
  ],
  ["a discriminated schema", named("Pet"), {}, { kind: "Cat", claws: 3 }],
  ["an alternative by its name", named("Either"), { alternative: "dog" }, { kind: "dog", barks: true }],
  ["an alternative by its schema", named("Either"), { alternative: "Cat" }, { kind: "Cat", claws: 3 }],
  [
    "an example that is valid",
    named("Dog"),
    { like: { kind: "x", barks: false, more: 1 } },
    { kind: "x", barks: false, more: 1 },
  ],
  [
    "what is valid of an example",
    named("Dog"),
    { like: { kind: "x", barks: "no", more: 1 } },
    { kind: "x", barks: true, more: 1 },
  ],
  ["an example of another type", { type: "integer", minimum: 5 }, { like: "five" }, 5],
  [
    "a writeOnly property",
    { type: "object", required: ["a"], properties: { a: { type: "string", writeOnly: true } } },
    {},
    {},
  ],
  [
    "a property with an odd name",
    JSON.parse('{ "type": "object", "properties": { "__proto__": { "type": "integer" } } }'),
    {},
    JSON.parse('{ "__proto__": 0 }'),
  ],
  ["an enumeration before a type", { type: "string", enum: ["b", "a"] }, {}, "b"],
  ["a default", { type: "integer", default: 7 }, {}, 7],
  ["null where nothing else is allowed", { type: "null" }, {}, null],
  ["a pattern", { type: "string", pattern: "^[A-Z]{2}-\\d{3,5}$" }, {}, "AA-000"],
  ["a pattern of old", { type: "string", pattern: "^[\\w-.]+$", minLength: 3 }, {}, "aaa"],
  ["numbers with a step", { type: "number", exclusiveMinimum: 10, multipleOf: 7 }, {}, 14],
  [
    "different items",
    { type: "array", uniqueItems: true, minItems: 3, items: { type: "boolean" } },
    {},
    null,
  ],
])("%s", (_, schema, options, value) => {
  expect(sample(schema, options)).toEqual(value);
});

test("a seed chooses among alternatives, always the same", () => {
  const schema = { oneOf: ["a", "b", "c", "d"].map((text) => ({ const: text })) };
  const chosen = ["1", "2", "3", "4", "5", "6", "7", "8"].map((seed) => sample(schema, { seed }));
  expect(chosen).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"].map((seed) => sample(schema, { seed })));
  expect(new Set(chosen).size).toBeGreaterThan(1);
});

test("a schema that no value keeps ends all the same", () => {
  expect(sample(named("Endless"))).toBeNull();
});

describe("whatever the schema, the value keeps it by another validator", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: true });
  addFormats.default(ajv);
  const text = fc.constantFrom(
    { type: "string" },
    ...["date", "date-time", "email", "uuid", "uri", "ipv4", "ipv6", "hostname", "time", "duration"].map(
      (format) => ({ type: "string", format }),
    ),
    ...["^a+$", "^(ab|cd){2,3}x?$", "^\\d{4}-\\w+$", "[^a-z]{3}", "^\\p{Lu}\\p{Ll}+$"].map((pattern) => ({
      type: "string",
      pattern,
    })),
    { type: "string", minLength: 9, maxLength: 11 },
    { enum: ["one", 2, null] },
  );
  const number = fc
    .tuple(
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: 8, max: 40 }),
      fc.constantFrom("integer", "number"),
    )
    .map(([minimum, width, type]) => ({ type, minimum, maximum: minimum + width, multipleOf: 4 }));
  const schemas = fc.letrec<{ any: object }>((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      text,
      number,
      fc.constant({ type: "boolean" }),
      fc
        .tuple(tie("any"), fc.integer({ min: 0, max: 3 }))
        .map(([items, minItems]) => ({ type: "array", items, minItems })),
      fc
        .tuple(fc.dictionary(fc.constantFrom("a", "b", "c", "d"), tie("any")), fc.subarray(["a", "b", "z"]))
        .map(([properties, required]) => ({ type: "object", properties, required })),
      fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
      tie("any").map((values) => ({ type: "object", additionalProperties: values, minProperties: 1 })),
    ),
  })).any;

  test("of 500 made up by chance", () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        const value = createSample(readSchemas({}))(schema);
        expect([ajv.validate(schema, value), schema, value]).toEqual([true, schema, value]);
      }),
      { numRuns: 500, seed: 12 },
    );
  });
});
