import { describe, expect, test } from "vitest";
import { diff, diffSources } from "../../../tools/diff/diff.ts";
import { RULES } from "../../../tools/diff/rules/rules.ts";
import { readDocument } from "../../../tools/generate/read/document.ts";
import { operationPairs } from "./operation-pairs.ts";
import { changesOf, type Dialect, dialects, documentOf, expectedOf, sourceOf } from "./pair-documents.ts";
import { schemaPairs } from "./schema-pairs.ts";

describe.each(dialects)("schemas in %s", (dialect: Dialect) => {
  const pairs = schemaPairs.filter(([, , , , , only]) => only === undefined || only.includes(dialect));

  test.each(pairs)("%s", (_title, a, b, forth, back) => {
    const [one, other] = [documentOf(a, dialect), documentOf(b, dialect)];
    expect(changesOf(one, other).sort()).toEqual(expectedOf(forth).sort());
    expect(changesOf(other, one).sort()).toEqual(expectedOf(back).sort());
  });
});

describe("operations", () => {
  test.each(operationPairs)("%s", (_title, a, b, forth, back) => {
    expect(changesOf(a, b).sort()).toEqual(forth.toSorted());
    expect(changesOf(b, a).sort()).toEqual(back.toSorted());
  });
});

test("the tables have at least 200 pairs, and every rule", () => {
  const inDialects = schemaPairs.flatMap(([, , , forth, back, only = "2.0 3.0 3.1"]) =>
    only.split(" ").flatMap(() => [forth, back]),
  );
  expect(schemaPairs.length * 2 + operationPairs.length * 2).toBeGreaterThan(200);
  const tested = [
    ...inDialects.flatMap(expectedOf),
    ...operationPairs.flatMap(([, , , forth, back]) => [...forth, ...back]),
  ].map((words) => words.split(" ")[1]);
  expect([...RULES.keys()].filter((id) => !tested.includes(id))).toEqual([]);
});

test("NEC ID v1 and v1.1", async () => {
  const { changes, faults } = await diff({
    old: "spec/necid-v1.yaml",
    new: "spec/necid-v1.1.yaml",
  });
  const added = changes.filter(({ id }) => id === "operation-added").map(({ operation }) => operation);
  expect(added.filter((operation) => !operation.startsWith("OPTIONS"))).toEqual([
    "GET /subjects",
    "GET /subjects/{subjectId}/events",
    "POST /subjects/{subjectId}/events",
    "PUT /subjects/{subjectId}/events/{eventId}",
    "DELETE /subjects/{subjectId}/events/{eventId}",
    "GET /tags",
    "PUT /tags/{name}",
    "POST /tags/{name}",
    "DELETE /tags/{name}",
    "POST /jobs/bulkregister",
    "GET /jobs/bulkregister/{batchId}",
    "GET /jobs/bulkregister/{batchId}/{pagingId}",
  ]);
  expect(
    changes
      .filter(({ id }) => id !== "operation-added")
      .map(({ level, id, operation, location }) => `${level} ${id} ${operation}: ${location}`)
      .sort(),
  ).toEqual([
    "breaking base-path-changed *: server",
    "breaking security-alternative-removed POST /face/extract: security",
    "breaking security-alternative-removed POST /face/verify: security",
    "compatible response-property-added POST /face/search: response 200 body /candidates/*/events",
    "compatible response-property-added POST /face/verify: response 200 body /events",
    "compatible response-property-added POST /subjects: response 201 body /eventId",
    "compatible response-property-added PUT /subjects/{subjectId}: response 200 body /eventId",
  ]);
  expect(faults.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "311 The path parameter pagingId of GET /jobs/bulkregister/{batchId}/{pagingId} is declared in query.",
    "332 The path parameter pagingId of OPTIONS /jobs/bulkregister/{batchId}/{pagingId} is declared in query.",
  ]);
});

test("a change has its places in both files, and one sentence", async () => {
  const { changes } = await diff({
    old: "spec/necid-v1.yaml",
    new: "spec/necid-v1.1.yaml",
  });
  // Found by name: the files may be in any order.
  const at = async (file: string, inside = "") => {
    const pointer = `/paths/~1face~1extract/post/security${inside}`;
    return { file, line: (await readDocument(file)).locate(pointer, "key").line };
  };
  const change = changes.find(
    ({ id, operation }) => id === "security-alternative-removed" && operation === "POST /face/extract",
  );
  expect(change).toEqual({
    id: "security-alternative-removed",
    level: "breaking",
    operation: "POST /face/extract",
    direction: "request",
    location: "security",
    old: await at("spec/necid-v1.yaml", "/1"),
    new: await at("spec/necid-v1.1.yaml"),
    message:
      "The credentials api_key alone no longer suffice: a consumer that sends nothing else is refused, so send sigv4 first.",
  });
});

test("the effective contract and its base with the overlay are one", async () => {
  const { changes } = await diff({
    old: "spec/necid-v1.yaml",
    overlayOld: "spec/necid-v1.overlay.yaml",
    new: "generated/necid-v1/openapi.json",
  });
  expect(changes).toEqual([]);
});

test("a file that is full of faults is compared all the same", () => {
  const broken = {
    swagger: "2.0",
    info: {},
    host: 1,
    security: "none",
    paths: {
      "/a/{id}": {
        get: { parameters: { $ref: "#/nowhere" }, responses: null },
        put: { parameters: [null, { in: "bogus", name: "b" }, { $ref: "#/parameters/self" }], responses: [] },
      },
      "/a/{other}": { get: { responses: { "200": { schema: { $ref: "#/definitions/Self" } } } } },
      "/b": null,
    },
    parameters: { self: { $ref: "#/parameters/self" } },
    definitions: { Self: { $ref: "#/definitions/Self" }, Odd: { type: "int", enum: 1, required: true } },
  };
  const { changes, faults } = diffSources(sourceOf(broken as never), sourceOf(broken as never));
  expect(changes).toEqual([]);
  expect(faults.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      "A parameter cannot be in bogus.",
      "Another path differs from /a/{other} in parameter names alone.",
      "The reference #/definitions/Self leads back to itself.",
    ]),
  );
});
