import { describe, expect, test } from "vitest";
import {
  exactlyOne,
  integer,
  listOf,
  number,
  record,
  ref,
  text,
} from "../../../contracts/openapi/schema-parts.ts";
import { butIs, createShapes, formatPlace } from "../../../contracts/openapi/shape.ts";

const kind = exactlyOne({ a: text, b: number({ minimum: 0 }) });
const shapes = createShapes({
  Whole: record(
    { name: text, parts: { ...listOf(ref("Part")), minItems: 1 } },
    { time: { ...text, format: "date-time" }, level: { enum: ["low", "high"] }, yes: { const: true } },
  ),
  Part: record({ kind: ref("Kind") }, { count: integer({ minimum: 1, maximum: 9 }) }),
  Kind: {
    ...kind,
    properties: { ...kind.properties, note: text },
    dependentRequired: { note: ["b"] },
  },
});
const said = (name: string, value: unknown) =>
  shapes(name, value).map(({ at, rule, given }) => `${formatPlace(at)} ${rule}${butIs(given)}`.trim());

const part = { kind: { a: "x" } };
const known = "is not known; known: name, parts, time, level, yes";

describe("each place of a wrong shape is reported with its rule", () => {
  test.each<[string, unknown, string[]]>([
    ["Whole", { name: "n", parts: [part, { kind: { b: 0, note: "n" }, count: 9 }] }, []],
    ["Whole", { name: "n", parts: [part], time: undefined, level: "low", yes: true }, []],
    ["Whole", undefined, ["must be a JSON object"]],
    ["Whole", null, ["must be a JSON object, but is null"]],
    ["Whole", {}, ["name must be text", "parts must be a list"]],
    ["Whole", { nmae: "n", parts: [] }, [`nmae ${known}`, "name must be text", "parts must not be empty"]],
    [
      "Whole",
      { name: 1, parts: {} },
      ["name must be text, but is 1", "parts must be a list, but is an object"],
    ],
    [
      "Whole",
      { name: "n", parts: [part], level: "mid", yes: false },
      ['level must be "low" or "high", but is "mid"', "yes must be true, but is false"],
    ],
    ["Whole", { name: "n", parts: [part, {}] }, ["parts[1].kind must be a JSON object"]],
    [
      "Whole",
      { name: "n", parts: [part, { ...part, count: 0.5 }] },
      ["parts[1].count must be a whole number from 1 to 9, but is 0.5"],
    ],
    ["Kind", {}, ["must have exactly one of a, b, but has none"]],
    ["Kind", { a: undefined }, ["must have exactly one of a, b, but has none"]],
    ["Kind", { note: undefined }, ["must have exactly one of a, b, but has none"]],
    ["Kind", { a: "x", b: 1 }, ["must have exactly one of a, b, but has a, b"]],
    ["Kind", { a: "x", note: "n" }, ["note goes with b only"]],
    ["Kind", { note: "n" }, ["note goes with b only"]],
    ["Kind", { c: 1 }, ["c is not known; known: a, b, note"]],
    ["Kind", 3, ["must be a JSON object, but is 3"]],
    ["Kind", { b: Number.NaN }, ["b must be a number, 0 or more, but is NaN"]],
  ])("%s %j", (name, value, want) => {
    expect(said(name, value)).toEqual(want);
  });
});

test.each([
  ["2026-01-31T12:00:00Z", true],
  ["2026-01-31t12:00:00.5+10:00", true],
  ["2026-01-31 12:00:00Z", false],
  ["2026-02-30T00:00:00Z", false],
  ["2026-01-31T23:59:60Z", false],
  ["2026-01-31T12:00:00", false],
])("the time %s: %s", (time, isTime) => {
  expect(shapes("Whole", { name: "n", parts: [part], time })).toHaveLength(isTime ? 0 : 1);
});

test("many mistakes are a hundred problems", () => {
  expect(shapes("Whole", { name: "n", parts: Array(2_000).fill({}) })).toHaveLength(100);
});
