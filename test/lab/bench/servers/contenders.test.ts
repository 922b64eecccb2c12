import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MeasureOptions, measure, statusOf } from "../load/measure.ts";
import { scenarios } from "../load/scenarios.ts";
import { contenders } from "./contenders.ts";
import { mockoonEnvironment } from "./mockoon-environment.ts";
import { findPeers } from "./peers.ts";
import { type RecordedResponses, recordResponses } from "./record-responses.ts";
import { wiremockStubs } from "./wiremock-stubs.ts";

let folder: string;
let recorded: RecordedResponses;
let options: Omit<MeasureOptions, "place">;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "necid-bench-"));
  recorded = await recordResponses(scenarios);
  writeFileSync(join(folder, "answers.json"), JSON.stringify(recorded));
  options = { subject: recorded.subject, env: {}, connections: 2, warmUpMs: 0, measuredMs: 50 };
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the mock gives the answers that the others are told to give", () => {
  expect(Object.entries(recorded.responses).map(([name, { status }]) => [name, status])).toEqual(
    scenarios.map(({ name, status }) => [name, status]),
  );
  const { candidates } = JSON.parse(recorded.responses.search!.body);
  expect(candidates).toEqual([{ id: recorded.subject, score: 9999 }]);
});

// WireMock and Mockoon are no dependencies of the project: the bench itself sees whether they answer right.
test.each<[string, string]>([
  ["bare node:http", "register"],
  ["bare node:http", "delete"],
  ...scenarios.map(({ name }) => ["mock, signed, strict", name] as [string, string]),
  ["mock, --auth off", "verify"],
  ["mock, --auth off", "unsigned"],
  ["prism.request", "register"],
  ["prism.request", "delete"],
  ["prism.request", "unsigned"],
])("%s is measured at %s, by right answers only", async (name, scenarioName) => {
  const contender = contenders.find((one) => one.name === name)!;
  const scenario = scenarios.find((one) => one.name === scenarioName)!;
  const peers = await findPeers({ install: false, say: expect.unreachable });
  const measured = await measure(contender, scenario, {
    ...options,
    place: { folder, scenario: scenarioName, peers },
  });
  expect(measured.status).toBe(statusOf(contender, scenario));
  expect(measured.requestsPerSecond).toBeGreaterThan(0);
});

test("a contender that answers otherwise stops the bench", async () => {
  const [bare] = contenders;
  const peers = await findPeers({ install: false, say: expect.unreachable });
  const place = { folder, scenario: "invalid", peers };
  await expect(measure(bare!, scenarios[0]!, { ...options, place })).rejects.toThrow(
    /^bare node:http should answer 201 as the contract has it, and answered HTTP\/1\.1 400 Bad Request/,
  );
});

test("WireMock's stubs and Mockoon's responses: one for each scenario, with the mock's answer", () => {
  const { mappings } = wiremockStubs(recorded) as {
    mappings: { name: string; request: object; response: object }[];
  };
  expect(mappings.map(({ name, request, response }) => [name, typeof request, response])).toEqual(
    Object.entries(recorded.responses).map(([name, response]) => [name, "object", response]),
  );
  const { routes } = mockoonEnvironment(recorded) as {
    routes: { responses: { statusCode: number; body: string; default: boolean }[] }[];
  };
  const responses = routes.flatMap((route) => route.responses);
  for (const { status, body } of Object.values(recorded.responses)) {
    expect(responses).toContainEqual(expect.objectContaining({ statusCode: status, body }));
  }
  expect(routes.map((route) => route.responses.filter((one) => one.default).length)).toEqual([1, 1, 1, 1]);
});

test("only WireMock can be missing, and says why", () => {
  const peers = { prism: "", mockoon: "", wiremock: "", java: false };
  expect(
    contenders.flatMap(({ name, missing }) => missing?.(peers) && [name, missing(peers)]).filter(Boolean),
  ).toEqual(["WireMock", "no java"]);
});
