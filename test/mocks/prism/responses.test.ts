import { afterEach, expect, test, vi } from "vitest";
import { collectResponses } from "../../../mocks/prism/responses.ts";

afterEach(() => vi.restoreAllMocks());

const text = { type: "string" };

/** Schemas of a response, which Prism itself does not compile or complains about. */
const odd: [title: string, schema: object][] = [
  [
    "a list in allOf",
    {
      allOf: [
        { type: "array", items: text },
        { type: "array", maxItems: 3 },
      ],
    },
  ],
  ["an escape of old regular expressions", { type: "string", pattern: "^[\\w-.]\\-$" }],
  ["false for a property", { type: "object", properties: { a: false, b: text }, default: {} }],
  ["false for items", { type: "array", items: false }],
  ["names that every object inherits", { type: "object", properties: { constructor: text, toString: text } }],
  ["all of itself", { $ref: "#/components/schemas/Own" }],
];

test.each(odd)("responses are made for %s, and nothing is printed", async (_, schema) => {
  const printed = [vi.spyOn(console, "warn"), vi.spyOn(console, "error"), vi.spyOn(console, "log")];
  const content = { "application/json": { schema } };
  const { "GET /a": responses } = await collectResponses({
    openapi: "3.1.0",
    info: { title: "Odd", version: "1" },
    paths: { "/a": { get: { responses: { "200": { description: "ok", content } } } } },
    components: { schemas: { Own: { allOf: [{ $ref: "#/components/schemas/Own" }, { type: "object" }] } } },
  });
  expect(responses).toMatchObject({
    defaultStatus: 200,
    statuses: { 200: [{ mediaType: "application/json" }] },
  });
  expect(printed.flatMap(({ mock }) => mock.calls)).toEqual([]);
});
