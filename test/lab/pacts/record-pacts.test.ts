import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { readFaceCard } from "../../../contracts/necid/faces/face-card.ts";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { operationKey } from "../../../contracts/verify/pact/operation-key.ts";
import { readPact } from "../../../contracts/verify/pact/pact.ts";
import openapi from "../../../generated/necid-v1/openapi.json" with { type: "json" };
import { pactRecording } from "./interactions.ts";
import { recordPact } from "./record-pact.ts";
import { recordPacts } from "./record-pacts.ts";

const out = "generated/necid-v1/pacts";
const file = `${out}/necid-client-necid-v1.json`;

it("records the committed bytes, every time", async () => {
  expect(await recordPacts({ out, check: true })).toEqual({ file, stale: false });
  expect(await recordPact(pactRecording())).toBe(await readFile(file, "utf8"));
});

it("covers every operation but preflight, and every error of the service itself", async () => {
  const { interactions } = readPact(await readFile(file, "utf8"), { source: file });
  const operations = readOperations(openapi);
  const covered = new Map<string, Set<number>>();
  for (const interaction of interactions) {
    const key = operationKey(operations, interaction);
    covered.set(key, new Set([...(covered.get(key) ?? []), interaction.response.status]));
  }
  expect(Object.fromEntries([...covered].map(([key, statuses]) => [key, [...statuses].sort()]))).toEqual({
    ApiSubjectsPost: [201, 400],
    ApiSubjectsByIdPut: [200, 400, 404],
    ApiSubjectsByIdDelete: [204, 404],
    ApiFaceExtractPost: [200, 400, 404],
    ApiFaceSearchPost: [200, 400, 404],
    ApiFaceVerifyPost: [200, 400, 403, 404],
    "GET /health": [200],
  });
});

it("contains no image but face cards, no key and no version of a tool", async () => {
  const text = await readFile(file, "utf8");
  const long = [...new Set(text.match(/[A-Za-z0-9+/=]{60,}/g) ?? [])];
  expect(long.length).toBeGreaterThan(3);
  expect(long.filter((image) => readFaceCard(Buffer.from(image, "base64")) === undefined)).toEqual([]);
  expect(text).not.toMatch(/authorization|x-api-key|x-amz-date|AKID/i);
  expect(JSON.parse(text).metadata).toEqual({ pactSpecification: { version: "4.0" } });
});

it("fails if the client does not make the described request", async () => {
  const { interactions, ...recording } = pactRecording();
  const [register] = interactions;
  const lazy = { ...register!, call: async () => {} };
  await expect(recordPact({ ...recording, interactions: [lazy] })).rejects.toThrow(
    "Test failed for the following reasons:",
  );
});
