import { expect, test } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import * as validators from "#generated/necid-v1/validators.js";
import { createValidation, type Validators } from "../../../contracts/openapi/validation.ts";
import { createDynamicResponses } from "../../../mocks/necid/v1.ts";

const validation = createValidation(validators as unknown as Validators);
const keys = [
  "ApiSubjectsPost",
  "ApiSubjectsByIdPut",
  "ApiFaceExtractPost",
  "ApiFaceSearchPost",
  "ApiFaceVerifyPost",
];

test.each(keys)("200 made-up responses of %s keep the contract and lie in the picture", (key) => {
  const dynamic = createDynamicResponses({});
  for (let number = 0; number < 200; number++) {
    const { status, body } = dynamic(key, { dynamic: true, seed: String(number) })!;
    expect(documented(status, key)).toBe(true);
    const found = validation.response(key, {
      status,
      mediaType: "application/json",
      body,
      headers: { "x-amzn-requestid": "x", "x-amz-apigw-id": "x" },
    });
    expect(found.filter(({ place }) => place[0] !== "header")).toEqual([]);
    const edges = JSON.stringify(body).matchAll(/"(left|top|right|bottom)":"([^"]+)"/g);
    for (const [, , pixels] of edges) expect(Number(pixels)).toSatisfy((at: number) => at >= 0 && at < 640);
  }
});

test("the same seed gives the same response, and no seed another one each time", () => {
  const dynamic = createDynamicResponses({});
  const seeded = () => dynamic("ApiSubjectsPost", { dynamic: true, seed: "7" });
  expect(seeded()).toEqual(seeded());
  expect(createDynamicResponses({ seed: "7" })("ApiSubjectsPost", { dynamic: true })).toEqual(seeded());
  const free = () => dynamic("ApiSubjectsPost", { dynamic: true });
  expect(free()).not.toEqual(free());
});

test("other statuses, examples and operations are left to the contract", () => {
  const dynamic = createDynamicResponses({});
  expect(dynamic("ApiSubjectsPost", { dynamic: true, code: 400 })).toBeUndefined();
  expect(dynamic("ApiSubjectsPost", { dynamic: true, example: "documented" })).toBeUndefined();
  expect(dynamic("GET /health", { dynamic: true })).toBeUndefined();
});

function documented(status: number, key: string): boolean {
  const operations = Object.values(openapi.paths).flatMap((item) => Object.values(item)) as {
    operationId?: string;
    responses: object;
  }[];
  return String(status) in operations.find(({ operationId }) => operationId === key)!.responses;
}
