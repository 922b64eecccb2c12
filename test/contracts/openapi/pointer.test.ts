import { expect, test } from "vitest";
import { formatPointer, parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";

test.each<[pointer: string, tokens: string[]]>([
  ["", []],
  ["/", [""]],
  ["/paths/~1subjects~1{id}/get", ["paths", "/subjects/{id}", "get"]],
  ["/a~0b/~01", ["a~b", "~1"]],
  ["/a%20b", ["a%20b"]],
])("%j is parsed, and formatted again", (pointer, tokens) => {
  expect(parsePointer(pointer)).toEqual(tokens);
  expect(formatPointer(tokens)).toBe(pointer);
});

test.each<[pointer: string, tokens: string[]]>([
  ["#", []],
  ["#/", []],
  ["#/paths/~1%7Bid%7D", ["paths", "/{id}"]],
  ["#/100%", ["100%"]],
])("the fragment %j is percent-decoded", (pointer, tokens) => {
  expect(parsePointer(pointer)).toEqual(tokens);
});

test("a value is found by its own properties and by indices", () => {
  const value = { list: [{ a: null }], toString: 1 };
  expect(valueAt(value, [])).toBe(value);
  expect(valueAt(value, ["list", 0, "a"])).toBeNull();
  expect(valueAt(value, ["list", "0", "a"])).toBeNull();
  expect(valueAt(value, ["toString"])).toBe(1);
  expect(valueAt(value, ["constructor"])).toBeUndefined();
  expect(valueAt(value, ["list", 1, "a"])).toBeUndefined();
});
