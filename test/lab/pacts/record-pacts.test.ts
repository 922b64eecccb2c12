import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { readFaceCard } from "../../../contracts/necid/faces/face-card.ts";
import { type OpenApi, readOperations } from "../../../contracts/openapi/operations.ts";
import { operationKey } from "../../../contracts/verify/pact/operation-key.ts";
import { readPact } from "../../../contracts/verify/pact/pact.ts";
import openapi from "../../../generated/necid-v1/openapi.json" with { type: "json" };
import openapiV11 from "../../../generated/necid-v1.1/openapi.json" with { type: "json" };
import { pactRecording } from "./interactions.ts";
import { pactRecordingV11 } from "./interactions-v1.1.ts";
import { recordPact } from "./record-pact.ts";
import { recordPacts } from "./record-pacts.ts";

const out = "generated/necid-v1/pacts";
const file = `${out}/necid-client-necid-v1.json`;
const outV11 = "generated/necid-v1.1/pacts";
const fileV11 = `${outV11}/necid-client-necid-v1.1.json`;

it("records the committed bytes, every time", async () => {
  expect(await recordPacts({ out, check: true })).toEqual({ file, stale: false });
  expect(await recordPact(pactRecording())).toBe(await readFile(file, "utf8"));
});

it("records those of v1.1", async () => {
  const recording = pactRecordingV11();
  expect(await recordPacts({ out: outV11, check: true, recording })).toEqual({ file: fileV11, stale: false });
});

/** The statuses of each operation that a pact expects. */
async function coveredBy(pact: string, description: OpenApi): Promise<Record<string, number[]>> {
  const { interactions } = readPact(await readFile(pact, "utf8"), { source: pact });
  const operations = readOperations(description);
  const covered = new Map<string, Set<number>>();
  for (const interaction of interactions) {
    const key = operationKey(operations, interaction);
    covered.set(key, new Set([...(covered.get(key) ?? []), interaction.response.status]));
  }
  return Object.fromEntries([...covered].map(([key, statuses]) => [key, [...statuses].sort()]));
}

it("covers every operation of v1.1 but preflight", async () => {
  const covered = await coveredBy(fileV11, openapiV11);
  const operations = readOperations(openapiV11).filter(({ method }) => method !== "OPTIONS");
  expect(Object.keys(covered).sort()).toEqual(operations.map(({ key }) => key).sort());
});

it("covers every operation but preflight, and every error of the service itself", async () => {
  expect(await coveredBy(file, openapi)).toEqual({
    ApiSubjectsPost: [201, 400],
    ApiSubjectsByIdPut: [200, 400, 404],
    ApiSubjectsByIdDelete: [204, 404],
    ApiFaceExtractPost: [200, 400, 404],
    ApiFaceSearchPost: [200, 400, 404],
    ApiFaceVerifyPost: [200, 400, 403, 404],
    "GET /health": [200],
  });
});

it.each([file, fileV11])(
  "%s contains no image but face cards, no key and no version of a tool",
  async (file) => {
    const text = await readFile(file, "utf8");
    const long = [...new Set(text.match(/[A-Za-z0-9+/=]{60,}/g) ?? [])];
    expect(long.length).toBeGreaterThan(3);
    expect(long.filter((image) => readFaceCard(Buffer.from(image, "base64")) === undefined)).toEqual([]);
    expect(text).not.toMatch(/authorization|x-api-key|x-amz-date|AKID/i);
    expect(JSON.parse(text).metadata).toEqual({ pactSpecification: { version: "4.0" } });
  },
);

it("fails if the client does not make the described request", async () => {
  const { interactions, ...recording } = pactRecording();
  const [register] = interactions;
  const lazy = { ...register!, call: async () => {} };
  await expect(recordPact({ ...recording, interactions: [lazy] })).rejects.toThrow(
    "Test failed for the following reasons:",
  );
});
