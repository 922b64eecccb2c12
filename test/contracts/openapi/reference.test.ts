import { expect, test } from "vitest";
import { dereference, follow, locatedAt, locatedEntries } from "../../../contracts/openapi/reference.ts";

const document = {
  paths: { "/a b": { get: { responses: { 200: { $ref: "#/components/responses/first" } } } } },
  components: {
    responses: {
      first: { $ref: "#/components/responses/second", description: "ignored" },
      second: { description: "second" },
      byPath: { $ref: "#/paths/~1a%20b/get" },
      circular: { $ref: "#/components/responses/circular2" },
      circular2: { $ref: "#/components/responses/circular" },
      missing: { $ref: "#/components/responses/none" },
      inherited: { $ref: "#/constructor" },
      elsewhere: { $ref: "other.yaml#/components/responses/second" },
      anchor: { $ref: "#second" },
    },
  },
};
const { responses } = document.components;

test("a reference is followed to the place where the value stands", () => {
  const at = ["paths", "/a b", "get", "responses", "200"];
  const value = document.paths["/a b"].get.responses[200];
  expect(follow(document, { value, at })).toEqual({
    value: responses.second,
    at: ["components", "responses", "second"],
  });
  expect(dereference(document, responses.byPath)).toBe(document.paths["/a b"].get);
});

test("a value without a reference is itself", () => {
  expect(follow(document, { value: responses.second, at: ["x"] })).toEqual({
    value: responses.second,
    at: ["x"],
  });
  expect(dereference(document, undefined)).toBeUndefined();
});

test.each(["circular", "missing", "inherited", "elsewhere", "anchor"] as const)(
  "the reference %j leads nowhere",
  (name) => {
    expect(dereference(document, responses[name])).toBeUndefined();
  },
);

test("the objects inside a located value have their own places", () => {
  const located = { value: document, at: [] };
  const second = { value: responses.second, at: ["components", "responses", "second"] };
  expect(locatedAt(located, "components", "responses", "second")).toEqual(second);
  expect(locatedAt(located, "components", "responses", "second", "description")).toBeUndefined();
  const components = locatedAt(located, "components")!;
  expect(locatedEntries(components, "responses")[1]).toEqual(["second", second]);
  expect(locatedEntries(components, "schemas")).toEqual([]);
});
