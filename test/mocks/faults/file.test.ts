import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFaults } from "../../../mocks/faults/faults.ts";
import { FaultsFileError, readFaultsFile } from "../../../mocks/faults/file.ts";
import { operations } from "./operations.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "faults-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const file = join(folder, "faults.json");
  writeFileSync(file, text);
  return file;
}

test("a file of faults and scenarios can be added as it was read", async () => {
  const file = written(
    JSON.stringify({
      faults: [{ operation: "POST /face/search", when: { next: 3 }, fault: { error: "NoFace" } }],
      scenarios: ["outage", { name: "late", faults: [{ fault: { latency: { ms: 5 } } }] }],
    }),
  );
  const faults = createFaults({ operations, random: () => 0, now: () => 0 });
  faults.addAll(await readFaultsFile(file, operations));
  expect(faults.list()).toEqual([
    {
      id: "fault-1",
      operation: "POST /face/search",
      when: { next: 3 },
      fault: { error: "NoFace" },
      asked: 0,
      applied: 0,
    },
    { id: "fault-2", operation: "*", fault: { badGateway: true }, scenario: "outage", asked: 0, applied: 0 },
    { id: "fault-3", operation: "*", fault: { latency: { ms: 5 } }, scenario: "late", asked: 0, applied: 0 },
  ]);
});

test("a file may be just the list of faults", async () => {
  const rules = await readFaultsFile(written('[{"fault":{"badGateway":true}}]'), operations);
  expect(rules).toEqual({ faults: [{ fault: { badGateway: true } }], scenarios: [] });
});

test.each<[string, string, string[]]>([
  [
    "several mistakes",
    '[{"fault":{"status":503}},{"times":0,"fault":{"malformed":1}},{"operation":"GET /health","fault":{"error":"NoFace"}}]',
    [
      "[0].fault.status 503 is not documented for any operation; documented: 201, 400, 403, 413, 415, 429, 500, 502, 504, 200, 404, 204",
      "[1].fault.malformed must be true, but is 1",
      "[1].times must be a whole number, 1 or more, but is 0",
      '[2].fault.error "NoFace" is not documented for GET /health; documented: ContentTooLarge, TooManyRequests, LimitExceeded, InternalError, InternalServerError, EndpointRequestTimedOut',
    ],
  ],
  ["another value", "3", ["the list must be a JSON object, but is 3"]],
  [
    "no JSON",
    '[{"fault":{"badGateway":true}}',
    ["is not valid JSON: Expected ',' or ']' after array element in JSON at position 30 (line 1 column 31)"],
  ],
])("a file with %s is refused with every problem", async (_, text, wanted) => {
  const file = written(text);
  const error = await readFaultsFile(file, operations).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FaultsFileError);
  const { code, message, problems } = error as FaultsFileError;
  expect({ code, message, problems }).toEqual({
    code: "FAULTS_FILE_INVALID",
    message: wanted.map((problem) => `${file}: ${problem}`).join("\n"),
    problems: wanted.map((problem) => `${file}: ${problem}`),
  });
});

test("a file that is not there is refused by its name", async () => {
  const file = join(folder, "absent.json");
  await expect(readFaultsFile(file, operations)).rejects.toThrow(
    `${file}: cannot be read (ENOENT); check --faults`,
  );
});
