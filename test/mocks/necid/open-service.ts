import { expect } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import * as validators from "#generated/necid-v1/validators.js";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { createValidation, type Validators } from "../../../contracts/openapi/validation.ts";
import { decodeBase64 } from "../../../mocks/http/base64.ts";
import { necIdService } from "../../../mocks/necid/service.ts";
import { createRandom } from "../../../mocks/random/random.ts";
import type { ServiceResponse } from "../../../mocks/world/service.ts";

export const apiKeys = ["key-1", "key-2"];

/** A service of its own, asked as the server asks it; each request and each answer must keep the contract. */
export function openService({ seed = "test" } = {}) {
  const state = necIdService.open({ apiKeys, random: createRandom(seed), now: () => 0 });
  return {
    state,
    register: (face: string, application?: string) => ask("ApiSubjectsPost", { body: { face }, application }),
    update: (id: string, face: string, application?: string) =>
      ask("ApiSubjectsByIdPut", { id, body: { face }, application }),
    unregister: (id: string, application?: string) => ask("ApiSubjectsByIdDelete", { id, application }),
    verify: (body: { probe: string; id: string }, application?: string) =>
      ask("ApiFaceVerifyPost", { body, application }),
    search: (body: { probe: string; threshold?: number; limit?: number }, application?: string) =>
      ask("ApiFaceSearchPost", { body, application }),
    extract: (faces: string, application?: string) =>
      ask("ApiFaceExtractPost", { body: { faces }, application }),
    ask,
  };

  function ask(
    key: string,
    { id, body, application = apiKeys[0]! }: Asked = {},
  ): ServiceResponse | undefined {
    const pathParameters: Record<string, string> = id === undefined ? {} : { id };
    const mediaType = body === undefined ? undefined : "application/json";
    expect(validation.request(key, { mediaType, body, pathParameters, query: {}, headers: {} })).toEqual([]);
    const answer = state.respond({
      operation: operations.get(key)!,
      application,
      body,
      pathParameters,
      decodeBase64,
    });
    if (!answer) return undefined;
    expect(breaches(key, answer)).toEqual([]);
    // The text that is at hand is that of the body.
    const { json, ...rest } = answer;
    expect(json ?? JSON.stringify(rest.body)).toBe(JSON.stringify(rest.body));
    return rest;
  }
}

type Asked = { id?: string; body?: unknown; application?: string };

/** The id that a registration gave. */
export function idOf(answer: ServiceResponse | undefined): string {
  return (answer!.body as { id: string }).id;
}

/** A face card as plain text, in Base64. */
export function card(list: string): string {
  return Buffer.from(`necid-face:${list}`).toString("base64");
}

export const operations = new Map(readOperations(openapi).map((operation) => [operation.key, operation]));

const validation = createValidation(validators as unknown as Validators);

/** The headers are the server's to add. */
function breaches(key: string, { status, body }: ServiceResponse) {
  const mediaType = body === undefined ? undefined : "application/json";
  const headers = {
    "x-amzn-requestid": "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
    "x-amz-apigw-id": "KbXq3GmZywMFhTA=",
  };
  return validation.response(key, { status, mediaType, body, headers });
}
