import { expect, test } from "vitest";
import { cached, createCache } from "../../../mocks/http/cache.ts";

test("a full cache drops what was not used for longest, and takes in no long key", () => {
  const cache = createCache<string, number>({ max: 2, maxKeyLength: 5 });
  for (const [value, key] of ["one", "two", "one", "three"].entries()) cache.set(key, value);
  cache.set("longer", 4);
  expect(["one", "two", "three", "longer"].map(cache.get)).toEqual([2, undefined, 3, undefined]);
});

test("a cached function is called once for a text, and each time where it finds nothing", () => {
  const calls: string[] = [];
  const parse = cached((text) => {
    calls.push(text);
    return Number(text) || undefined;
  });
  expect(["1", "1", "x", "x"].map(parse)).toEqual([1, 1, undefined, undefined]);
  expect(calls).toEqual(["1", "x", "x"]);
});
