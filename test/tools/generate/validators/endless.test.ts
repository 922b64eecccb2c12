import { expect, test } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import { createValidators } from "../../../../tools/generate/validators/compile.ts";
import { withoutEndlessSchemas } from "../../../../tools/generate/validators/endless.ts";

const base: JsonObject = {
  type: "object",
  required: ["kind"],
  properties: { kind: { type: "string" } },
  discriminator: { propertyName: "kind" },
  oneOf: [{ $ref: "#/components/schemas/Dog" }, { $ref: "#/components/schemas/Cat" }],
};
const kind = (of: string, property: string): JsonObject => ({
  allOf: [
    { $ref: `#/components/schemas/${of}` },
    { type: "object", required: [property], properties: { [property]: { type: "boolean" } } },
  ],
});
const dog = { kind: "Dog", barks: true };

/** Schemas of which the first is validated, and values that it takes and refuses. */
const endless: [title: string, schemas: JsonObject, valid: unknown[], invalid: unknown[]][] = [
  [
    "a base that is one of its kinds",
    { Base: base, Dog: kind("Base", "barks"), Cat: kind("Base", "purrs") },
    [dog, { kind: "Cat", purrs: false }],
    [{ kind: "Dog" }, { barks: true }, { kind: 1, barks: true }, { kind: "Dog", barks: 1 }, "Dog"],
  ],
  [
    "a kind of such a base",
    { Dog: kind("Base", "barks"), Base: base, Cat: kind("Base", "purrs") },
    [dog],
    [{ kind: "Dog" }, { barks: true }, { kind: "Cat", purrs: true }],
  ],
  [
    "a kind of a kind",
    {
      Base: { ...base, oneOf: [{ $ref: "#/components/schemas/Puppy" }] },
      Dog: { ...kind("Base", "barks"), anyOf: [{ $ref: "#/components/schemas/Puppy" }] },
      Puppy: kind("Dog", "plays"),
    },
    [{ ...dog, plays: true }],
    [dog, { kind: "Dog", plays: true }, { barks: true, plays: true }],
  ],
  [
    "all of itself",
    { A: { allOf: [{ $ref: "#/components/schemas/A" }, { type: "object", required: ["a"] }] } },
    [{ a: 1 }],
    [{}, 1],
  ],
  [
    "all of each other",
    {
      A: { allOf: [{ $ref: "#/components/schemas/B" }], required: ["a"] },
      B: { allOf: [{ $ref: "#/components/schemas/A" }], required: ["b"] },
    },
    [{ a: 1, b: 2 }],
    [{ a: 1 }],
  ],
  [
    "choices of one another",
    {
      A: { anyOf: [{ $ref: "#/components/schemas/B" }, { type: "string" }] },
      B: { anyOf: [{ $ref: "#/components/schemas/A" }, { type: "number" }] },
    },
    ["a", 1],
    [],
  ],
  ["not itself", { A: { type: "object", not: { $ref: "#/components/schemas/A" } } }, [], [1]],
  [
    "conditions of itself",
    {
      A: {
        type: "object",
        if: { required: ["a"] },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { $ref: "#/components/schemas/A" },
        required: ["b"],
      },
    },
    [{ b: 1 }, { a: 1, b: 1 }],
    [{ a: 1 }],
  ],
];

test.each(endless)("the validation of %s ends", async (_, schemas, valid, invalid) => {
  const contract = contractOf(schemas);
  const before = structuredClone(contract);
  const { responseBody } = await createValidators(contract);
  const validate = responseBody["GET /a"]![200]!["application/json"]!;
  const verdicts = (values: unknown[]) => values.map((value) => [value, validate(value)]);
  expect(verdicts(valid)).toEqual(valid.map((value) => [value, true]));
  expect(verdicts(invalid)).toEqual(invalid.map((value) => [value, false]));
  expect(contract).toEqual(before);
});

test("a contract is left as it is where a property stands between a schema and itself", () => {
  const contract = contractOf({
    Tree: {
      type: "object",
      properties: { children: { type: "array", items: { $ref: "#/components/schemas/Tree" } } },
    },
    Named: { allOf: [{ $ref: "#/components/schemas/Tree" }], required: ["name"] },
  });
  expect(withoutEndlessSchemas(contract)).toBe(contract);
});

function contractOf(schemas: JsonObject): JsonObject {
  const [name] = Object.keys(schemas);
  const content = { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } };
  return {
    openapi: "3.1.0",
    info: { title: "Endless", version: "1" },
    paths: { "/a": { get: { responses: { "200": { description: "", content } } } } },
    components: { schemas },
  };
}
