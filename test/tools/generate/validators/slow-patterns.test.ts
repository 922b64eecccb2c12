import { expect, test } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import { slowPatternsOf, withoutSlowPatterns } from "../../../../tools/generate/validators/slow-patterns.ts";

const pattern = "^(a+)+$";
const slow = { type: "string", pattern };
const object = (properties: object) => ({ type: "object", properties });
const content = (schema: object) => ({ "application/json": { schema } });
const operation = (fields: object) => ({ paths: { "/a": { post: { responses: {}, ...fields } } } });
const refersTo = ($ref: string) => operation({ requestBody: { content: content({ $ref }) } });
const places: [place: string, document: object][] = [
  ["a property named default", operation({ requestBody: { content: content(object({ default: slow })) } })],
  ["a property named example", operation({ requestBody: { content: content(object({ example: slow })) } })],
  ["a property named enum", operation({ requestBody: { content: content(object({ enum: slow })) } })],
  ["a property named const", operation({ requestBody: { content: content(object({ const: slow })) } })],
  ["a property named x-a", operation({ requestBody: { content: content(object({ "x-a": slow })) } })],
  ["a property named pattern", operation({ requestBody: { content: content(object({ pattern: slow })) } })],
  [
    "a property named properties, in a schema named x-a",
    { components: { schemas: { "x-a": object({ properties: object({ properties: slow }) }) } } },
  ],
  ["the default response", operation({ responses: { default: { content: content(slow) } } })],
  ["a header x-a", operation({ responses: { 200: { headers: { "x-a": { schema: slow } } } } })],
  ["a parameter named x-a", { components: { parameters: { "x-a": { in: "query", schema: slow } } } }],
  [
    "a request body named example",
    { components: { requestBodies: { example: { content: content(slow) } } } },
  ],
  ["a response named enum", { components: { responses: { enum: { content: content(slow) } } } }],
  [
    "a webhook named default",
    { webhooks: { default: { post: { requestBody: { content: content(slow) } } } } },
  ],
  [
    "a key of patternProperties",
    { components: { schemas: { A: { patternProperties: { [pattern]: {} } } } } },
  ],
  [
    "a value that a reference makes a schema",
    { ...refersTo("#/components/schemas/A/default"), components: { schemas: { A: { default: slow } } } },
  ],
  [
    "an extension that a reference makes a schema",
    { ...refersTo("#/x-schemas/A"), "x-schemas": { A: { items: slow } } },
  ],
  [
    "a schema behind two such references",
    {
      ...refersTo("#/x-schemas/A"),
      "x-schemas": { A: { $ref: "#/components/schemas/B/example" } },
      components: { schemas: { B: { example: { not: slow } } } },
    },
  ],
];
test.each(places)("a slow pattern is found in %s", (_, document) => {
  const openapi = { openapi: "3.1.0", ...document } as JsonObject;
  expect(slowPatternsOf(openapi)).toEqual(new Set([pattern]));
  expect(JSON.stringify(withoutSlowPatterns(openapi))).not.toContain(JSON.stringify(pattern));
});

test.each<[place: string, document: object]>([
  ["an example", { components: { schemas: { A: { type: "object", example: slow } } } }],
  ["examples", { components: { schemas: { A: { type: "object", examples: [slow] } } } }],
  ["an extension", { "x-a": slow, components: { schemas: { A: { "x-a": slow } } } }],
  ["the name of a property", { components: { schemas: { A: { properties: { [pattern]: {} } } } } }],
])("none is found in %s", (_, document) => {
  const openapi = { openapi: "3.1.0", ...document } as JsonObject;
  expect(slowPatternsOf(openapi)).toEqual(new Set());
  expect(withoutSlowPatterns(openapi)).toBe(openapi);
});
