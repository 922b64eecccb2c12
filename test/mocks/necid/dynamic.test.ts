import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenApi, readOperations } from "../../../contracts/openapi/operations.ts";
import { createValidation, type Validation } from "../../../contracts/openapi/validation.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";
import { createDynamicResponses } from "../../../mocks/necid/dynamic.ts";

const generated = (file: string) => new URL(`../../../generated/${file}`, import.meta.url);
const readJson = (file: string) => JSON.parse(readFileSync(generated(file), "utf8"));

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ auth: "off" });
});
afterAll(() => mock.close());

describe.each(["v1", "v1.1"] as const)("%s", (version) => {
  const openapi: OpenApi = readJson(`necid-${version}/openapi.json`);
  const { operations: responses } = readJson(`necid-${version}/responses.json`);
  const operations = readOperations(openapi);
  const rows = operations
    .filter(({ method }) => method !== "OPTIONS")
    .flatMap((operation) => operation.statuses.map((status) => ({ operation, key: operation.key, status })));
  let validation: Validation;
  beforeAll(async () => {
    validation = createValidation(await import(generated(`necid-${version}/validators.js`).href));
  });
  const violations = (
    key: string,
    response: { status: number; mediaType: string | undefined; body: unknown },
  ) => validation.response(key, { headers: {}, ...response }).filter(({ place }) => place[0] !== "header");

  test.each(rows)("100 responses of $key with $status keep the contract", ({ key, status }) => {
    const dynamic = createDynamicResponses(responses, { version });
    for (let number = 0; number < 100; number++) {
      const made = dynamic(key, { dynamic: true, code: Number(status), seed: String(number) })!;
      expect(String(made.status)).toBe(status);
      expect(violations(key, made)).toEqual([]);
      const edges = JSON.stringify(made.body ?? null).matchAll(/"(left|top|right|bottom)":"([^"]+)"/g);
      for (const [, , pixels] of edges)
        expect(Number(pixels)).toSatisfy((at: number) => at >= 0 && at < 1000);
      const scores = JSON.stringify(made.body ?? null).matchAll(/"score":(\d+)/g);
      for (const [, score] of scores)
        expect(Number(score)).toSatisfy((at: number) => at >= 7000 && at <= 10_000);
    }
  });

  test.each(rows)(
    "the mock responds to $key with $status, and loads no Prism",
    async ({ operation: { method, path, key }, status }) => {
      const headers = { "content-type": "application/json", prefer: `dynamic=true, code=${status}` };
      const url = `${mock.urls[`necid-${version}`]}${path.replaceAll(/\{.*?\}/g, (name) => samples[name]!)}`;
      const body = bodies[key];
      const response = await mock.fetch(url, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      expect({ status: String(response.status), text }).toEqual({ status, text });
      const mediaType = response.headers.get("content-type") ?? undefined;
      const value = text === "" ? undefined : mediaType === "application/json" ? JSON.parse(text) : text;
      expect(violations(key, { status: response.status, mediaType, body: value })).toEqual([]);
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      expect(loaded.filter((file) => file.includes("prism-http"))).toEqual([]);
    },
  );
});

const picture = Buffer.from("necid-face:alice").toString("base64");
const samples: Record<string, string> = {
  "{id}": "necidguid-fcdf-49eb-9182-5a6825ed2a3b",
  "{subjectId}": "necidguid-fcdf-49eb-9182-5a6825ed2a3b",
  "{eventId}": "eventguid-fcdf-49eb-9182-5a6825ed2a3b",
  "{batchId}": "batchguid-eec5-440a-89fc-60817f5546c8",
  "{pagingId}": "1000",
  "{name}": "visitor",
};
const bodies: Record<string, object> = {
  ApiSubjectsPost: { face: picture },
  ApiSubjectsByIdPut: { face: picture },
  ApiSubjectsByIdEventsPost: { face: picture },
  ApiSubjectsByIdEventByIdPut: { face: picture },
  UpdateTag: { newName: "guest" },
  BulkRegister: { registrations: [{ filename: "alice.jpg" }] },
  ApiFaceExtractPost: { faces: picture },
  ApiFaceSearchPost: { probe: picture },
  ApiFaceVerifyPost: { probe: picture, id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b" },
};

describe("repetition", () => {
  const responses = readJson("necid-v1/responses.json").operations;
  const dynamicOf = (seed?: string) => createDynamicResponses(responses, { version: "v1", seed });

  test("the same seed gives the same response, and no seed another one each time", () => {
    const seeded = () => dynamicOf()("ApiSubjectsPost", { dynamic: true, seed: "7" });
    expect(seeded()).toEqual(seeded());
    expect(dynamicOf("7")("ApiSubjectsPost", { dynamic: true })).toEqual(seeded());
    const free = () => dynamicOf()("ApiSubjectsPost", { dynamic: true });
    expect(free()).not.toEqual(free());
  });

  test("each example of a status comes, and a named one alone", () => {
    const dynamic = dynamicOf();
    const code = 400;
    const drawn = Array.from({ length: 200 }, (_, seed) =>
      dynamic("ApiSubjectsPost", { dynamic: true, code, seed: String(seed) }),
    );
    const documented = responses.ApiSubjectsPost.statuses[400]
      .filter(({ example }: { example?: string }) => example !== undefined)
      .map(({ example: _, ...response }: { example: string }) => ({ status: code, ...response }));
    expect(new Set(drawn.map((one) => JSON.stringify(one))).size).toBe(documented.length);
    expect(documented).toEqual(expect.arrayContaining(drawn));
    const example = "NoFace";
    expect(dynamic("ApiSubjectsPost", { dynamic: true, code, example })!.body).toMatchObject({
      errorType: "NoFace",
    });
  });

  test("there is nothing for a status or an operation that is not documented", () => {
    expect(dynamicOf()("ApiSubjectsPost", { dynamic: true, code: 404 })).toBeUndefined();
    expect(dynamicOf()("GET /nowhere", { dynamic: true })).toBeUndefined();
  });
});
