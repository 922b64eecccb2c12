import { expect, test } from "vitest";
import { formatTable } from "./format-table.ts";
import { type Measurement, median, spread, summarise } from "./summarise.ts";

const bare = "bare node:http";
const prism = "Prism CLI";

test.each([
  [[3], 3, 0],
  [[9, 1, 5], 5, 1.6],
  [[10, 2, 4, 8], 6, 8 / 6],
  [[100, 20, 3], 20, 97 / 20],
])("median and spread of %j", (values, middle, wide) => {
  expect([median(values), spread(values)]).toEqual([middle, wide]);
});

test("brings the rounds together; ratios hold within a round, whatever the machine does between", () => {
  const { rows, doubts } = summarise(
    [...round(1, 50_000, 2_000), ...round(2, 20_000, 800), ...round(3, 48_000, 2_400)],
    { bare, prism },
  );
  expect(rows).toEqual([
    { ...figures, name: bare, requestsPerSecond: 48_000, spread: 0.625, toBare: 1, toPrism: 25 },
    { ...figures, name: prism, requestsPerSecond: 2_000, spread: 0.8, toBare: 0.04, toPrism: 1 },
  ]);
  expect(doubts).toEqual([
    "The machine was too noisy to trust: bare node:http spread 62.5 % over the rounds, more than 15.0 %.",
  ]);
});

test("a steady machine leaves no doubt, a busy load generator does", () => {
  const steady = [...round(1, 50_000, 2_000), ...round(2, 51_000, 2_000), ...round(3, 49_000, 2_000)];
  expect(summarise(steady, { bare, prism }).doubts).toEqual([]);
  const busy = steady.map((one) => (one.name === bare ? { ...one, busy: 0.97 } : one));
  expect(summarise(busy, { bare, prism }).doubts).toEqual([
    "The load generator was busy 97.0 % of the time and may have held back bare node:http.",
  ]);
});

test("formats the rows in columns; memory is left open where the system does not tell", () => {
  const { rows } = summarise(round(1, 50_000, 2_000), { bare, prism });
  expect(formatTable([rows[0]!, { ...rows[1]!, memoryBytes: undefined }])).toBe(
    [
      "                 requests/s   spread       p50       p99   memory   first answer   to bare   to Prism CLI",
      "bare node:http       50,000      0 %   0.25 ms   1.50 ms    80 MB         100 ms     1.000          25.00",
      "Prism CLI             2,000      0 %   0.25 ms   1.50 ms        ?         100 ms     0.040           1.00",
      "",
    ].join("\n"),
  );
});

const figures = { p50Ms: 0.25, p99Ms: 1.5, memoryBytes: 80e6, firstAnswerMs: 100, busy: 0.5 };

function round(number: number, bareSpeed: number, prismSpeed: number): Measurement[] {
  return [
    { ...figures, name: bare, round: number, requestsPerSecond: bareSpeed },
    { ...figures, name: prism, round: number, requestsPerSecond: prismSpeed },
  ];
}
