import { expect, test } from "vitest";
import { type Measurement, median, spread, summarise } from "./summarise.ts";

const bare = "bare node:http";
const prism = "Prism CLI";
const names = { bare, prism, wiremock: "WireMock" };

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
    names,
  );
  const ratios = { toWireMock: undefined };
  expect(rows).toEqual([
    { ...figures, ...ratios, name: bare, requestsPerSecond: 48_000, spread: 0.625, toBare: 1, toPrism: 25 },
    { ...figures, ...ratios, name: prism, requestsPerSecond: 2_000, spread: 0.8, toBare: 0.04, toPrism: 1 },
  ]);
  expect(doubts).toEqual([
    "The machine was too noisy to trust: bare node:http spread more than 15.0 % over the rounds (register 62.5 %).",
  ]);
});

test("a scenario is compared with itself only", () => {
  const others = round(1, 10_000, 5_000).map((one) => ({ ...one, scenario: "verify" }));
  const { rows } = summarise([...round(1, 50_000, 2_000), ...others], names);
  expect(rows.map(({ scenario, name, toBare }) => [scenario, name, toBare])).toEqual([
    ["register", bare, 1],
    ["register", prism, 0.04],
    ["verify", bare, 1],
    ["verify", prism, 0.5],
  ]);
});

test("leaves open what was not measured: ratios to nobody, memory that the system does not report", () => {
  const [one] = round(1, 50_000, 2_000).filter(({ name }) => name === prism);
  const { rows } = summarise([{ ...one!, memoryBytes: undefined, busy: undefined }], names);
  expect(rows[0]).toMatchObject({ toBare: undefined, toPrism: 1, memoryBytes: undefined, busy: undefined });
});

test("a steady machine leaves no doubt, a busy load generator does", () => {
  const steady = [...round(1, 50_000, 2_000), ...round(2, 51_000, 2_000), ...round(3, 49_000, 2_000)];
  expect(summarise(steady, names).doubts).toEqual([]);
  const busy = steady.map((one) => (one.name === bare ? { ...one, busy: 0.97 } : one));
  expect(summarise(busy, names).doubts).toEqual([
    "The load generator was busy 97.0 % of the time and may have held back bare node:http, register.",
  ]);
});

const figures = { scenario: "register", status: 201, p50Ms: 0.25, p99Ms: 1.5, memoryBytes: 80e6, busy: 0.5 };

function round(number: number, bareSpeed: number, prismSpeed: number): Measurement[] {
  return [
    { ...figures, name: bare, round: number, requestsPerSecond: bareSpeed },
    { ...figures, name: prism, round: number, requestsPerSecond: prismSpeed },
  ];
}
