import { expect, test } from "vitest";
import { jsonExcess } from "../../../mocks/http/json-limits.ts";

const deep = "it is nested deeper than 3 levels";
const many = "it has more than 5 values";

test.for<[json: string, want: string | undefined]>([
  ["", undefined],
  ["1", undefined],
  ["[[[1]]]", undefined],
  ["[[[[1]]]]", deep],
  ['{"a":[{"b":{', deep],
  ["[[],[],[]]", many],
  ["[1,2,3,4]", undefined],
  ["[1,2,3,4,5]", many],
  ['{"a":1,"b":2,"c":3,"d":4,"e":5}', many],
  ['"[[[[,,,,,,"', undefined],
  ['["\\"[[[[",1]', undefined],
  ['["\\\\",[[[', deep],
  ['["\\\\\\"[[[[,,,,,,"]', undefined],
  ['"never closed [[[[,,,,,,', undefined],
  ['"never closed \\"[[[[,,,,,,', undefined],
  ["]]]][[[[[[[[", deep],
])("%s: %s", ([json, want]) => {
  expect(jsonExcess(Buffer.from(json), { depth: 3, values: 5 })).toBe(want);
});

test("what a request of the contract looks like is never too much", () => {
  const image = Buffer.alloc(7_000_000, ",[{").toString("base64");
  expect(jsonExcess(Buffer.from(JSON.stringify({ probe: image, threshold: 7_000, limit: 10 })))).toBe(
    undefined,
  );
});
