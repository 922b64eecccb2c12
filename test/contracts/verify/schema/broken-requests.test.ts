import { describe, expect, it } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import * as validators from "#generated/necid-v1/validators.js";
import type { OpenApi } from "../../../../contracts/openapi/operations.ts";
import { createValidation, type Validators } from "../../../../contracts/openapi/validation.ts";
import { brokenRequests } from "../../../../contracts/verify/schema/broken-requests.ts";

const validation = createValidation(validators as unknown as Validators);
const picture = "AAAA";

describe("of NEC ID", () => {
  const operations: [string, Record<string, unknown>, string[]][] = [
    ["ApiSubjectsPost", { face: picture }, ["no face", ...picturesOf("face")]],
    ["ApiSubjectsByIdPut", { face: picture }, ["no face", ...picturesOf("face")]],
    ["ApiFaceExtractPost", { faces: picture }, ["no faces", ...picturesOf("faces")]],
    [
      "ApiFaceSearchPost",
      { probe: picture },
      [
        "no probe",
        ...picturesOf("probe"),
        ...['threshold "7"', "threshold 0.5", "threshold null", "threshold -1", "threshold 10000"],
        ...['limit "7"', "limit 0.5", "limit null", "limit 0", "limit 51"],
      ],
    ],
    [
      "ApiFaceVerifyPost",
      { probe: picture, id: "x" },
      ["no probe", "no id", ...picturesOf("probe"), "id 161", "id null", 'id ""'],
    ],
  ];

  it.each(operations)("%s: each rule of its schema", (operation, valid, rules) => {
    const broken = brokenRequests({ openapi, operation, valid });
    expect(broken.map(({ rule }) => rule)).toEqual([
      "no body",
      "a body that is cut off",
      "a body []",
      ...rules,
    ]);
  });

  it.each(operations)("%s: the validators refuse each, in one place", (operation, valid) => {
    const rules = brokenRequests({ openapi, operation, valid }).filter(({ body }) => !Buffer.isBuffer(body));
    for (const { rule, body } of rules) {
      const places = validation.request(operation, asked(body)).map(({ place }) => place.join("."));
      expect([rule, new Set(places).size]).toEqual([rule, 1]);
    }
    expect(validation.request(operation, asked(valid))).toEqual([]);
  });

  it.each(operations)("%s: what is cut off is no JSON", (operation, valid) => {
    const [cut] = brokenRequests({ openapi, operation, valid }).filter(({ body }) => Buffer.isBuffer(body));
    expect(() => JSON.parse(String(cut!.body))).toThrow();
  });

  it("an operation without a body has none", () => {
    expect(brokenRequests({ openapi, operation: "ApiSubjectsByIdDelete", valid: {} })).toEqual([]);
  });

  function picturesOf(name: string): string[] {
    return [
      "undocumented",
      `${name} 161`,
      `${name} null`,
      `${name} "AAA"`,
      `${name} "%%%%"`,
      `${name} "AAAAA"`,
    ];
  }

  function asked(body: unknown) {
    const mediaType = "application/json";
    return { mediaType, body, pathParameters: { id: "x" }, query: {}, headers: {} };
  }
});

describe("of another contract", () => {
  it("reaches into objects and lists", () => {
    const schema = {
      type: "object",
      properties: {
        kind: { enum: ["a", "b"] },
        range: {
          type: "object",
          required: ["from"],
          properties: { from: { type: "number", exclusiveMinimum: 0 } },
        },
        tags: { type: "array", minItems: 1, maxItems: 2, items: { type: "string", maxLength: 3 } },
        note: { type: "string", maxLength: 5000 },
      },
    };
    const valid = { kind: "a", range: { from: 1 }, tags: ["x"] };
    const broken = brokenRequests({ openapi: taking(schema), operation: "Ask", valid });
    expect(broken.slice(1).map(({ rule, body }) => [rule, body])).toEqual([
      ["a body []", []],
      ['kind "undocumented"', { ...valid, kind: "undocumented" }],
      ["range []", { ...valid, range: [] }],
      ["no range.from", { ...valid, range: {} }],
      ['range.from "7"', { ...valid, range: { from: "7" } }],
      ["range.from null", { ...valid, range: { from: null } }],
      ["range.from 0", { ...valid, range: { from: 0 } }],
      ["tags {}", { ...valid, tags: {} }],
      ["tags of 0", { ...valid, tags: [] }],
      ["tags of 3", { ...valid, tags: ["x", "x", "x"] }],
      ["tags.0 161", { ...valid, tags: [161] }],
      ["tags.0 null", { ...valid, tags: [null] }],
      ['tags.0 "AAAA"', { ...valid, tags: ["AAAA"] }],
      ["note 161", { ...valid, note: 161 }],
      ["note null", { ...valid, note: null }],
      ["note of 5003 characters", { ...valid, note: "A".repeat(5001) }],
    ]);
  });

  function taking(schema: object): OpenApi {
    const requestBody = { content: { "application/json": { schema } } };
    return {
      openapi: "3.1.1",
      info: { title: "Other", version: "1" },
      paths: { "/ask": { post: { operationId: "Ask", requestBody } } },
    };
  }
});
