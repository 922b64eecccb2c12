import { readFileSync } from "node:fs";
import { load as parseYaml } from "js-yaml";
import { describe, expect, test } from "vitest";
import { createValidation, type Validators } from "../../contracts/openapi/validation.ts";
import * as validators from "../../generated/necid-v1.1/validators.js";
import { buildContract } from "../../tools/generate/read/contract.ts";
import { formatProblem } from "../../tools/generate/read/problem.ts";
import { at, entries, type Json, type JsonObject, operations } from "./contract.ts";

const files = { spec: "spec/necid-v1.1.yaml", overlay: "spec/necid-v1.1.overlay.yaml" };
const published = parseYaml(readFileSync(files.spec, "utf8")) as JsonObject;
const { actions } = parseYaml(readFileSync(files.overlay, "utf8")) as { actions: JsonObject[] };
const built = await buildContract(files);
const contract = built.openapi as JsonObject;
const validation = createValidation(validators as unknown as Validators);

test("the published file's faults are warnings with their places", () => {
  expect(built.warnings.map(formatProblem)).toEqual([
    "spec/necid-v1.1.yaml:320:11 GET /jobs/bulkregister/{batchId}/{pagingId}: the parameter pagingId is declared in query, although the path has {pagingId}.",
    "spec/necid-v1.1.yaml:338:11 OPTIONS /jobs/bulkregister/{batchId}/{pagingId}: the parameter pagingId is declared in query, although the path has {pagingId}.",
  ]);
});

describe("each action of the overlay", () => {
  test.each(actions.map((action, index) => ({ ...action, index }) as JsonObject))(
    "$index $target states what it does and why",
    (action) => {
      expect(action.description).toMatch(/^[A-Z].+\.$/);
      expect(["documentation", "published", "assumption"]).toContain(action["x-evidence"]);
      expect("x-assumption" in action).toBe(action["x-evidence"] === "assumption");
    },
  );

  test("that assumes something is listed in the README, and nothing else is", () => {
    const readme = readFileSync("spec/README.md", "utf8");
    const listedIn = (heading: string) => {
      const section = readme.split(`${heading}\n`)[1]!.split("\n###")[0]!;
      return [...section.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
    };
    const listed = [
      ...listedIn("### Written in the overlay").filter((name) => name !== "health-body"),
      ...listedIn("### Written in the overlay of v1.1"),
    ];
    const assumed = actions.flatMap((action) => (action["x-assumption"] ?? []) as string[]);
    expect(listed.toSorted()).toEqual([...new Set(assumed)].toSorted());
  });
});

describe("the effective contract keeps what is published", () => {
  test.each(operations(published))("$method $path", ({ path, method, operation }) => {
    const now = at(contract, "paths", path, method) as JsonObject;
    expect(now.operationId).toBe(operation.operationId);
    expect(Object.keys(now.responses as JsonObject)).toEqual(
      expect.arrayContaining(Object.keys(operation.responses as JsonObject)),
    );
    for (const { name, in: place } of (operation.parameters ?? []) as JsonObject[]) {
      const declared = name === "pagingId" ? "path" : place!;
      expect(now.parameters).toContainEqual(expect.objectContaining({ name, in: declared, required: true }));
    }
  });

  test.each(operations(published))("$method $path: the security", ({ path, method, operation }) => {
    const alternatives = JSON.stringify(operation.security);
    const expected =
      alternatives === undefined
        ? []
        : [alternatives.includes("api_key") ? { sigv4: [], api_key: [] } : { sigv4: [] }];
    expect(at(contract, "paths", path, method, "security")).toEqual(expected);
  });

  test.each(entries(published.definitions))("the definition %s with every property", (name, definition) => {
    const properties = entries(at(definition, "properties")).map(([property]) => property);
    expect(Object.keys(at(contract, "components", "schemas", name, "properties") as JsonObject)).toEqual(
      expect.arrayContaining(properties),
    );
  });
});

type Example = { where: string; value: Json; request?: string; response?: [key: string, status: number] };

const examples = operations(contract).flatMap(({ path, method, operation }): Example[] => {
  const key = String(operation.operationId ?? `${method.toUpperCase()} ${path}`);
  const inContent = (content: Json | undefined, where: string, more: Omit<Example, "where" | "value">) =>
    entries(at(content ?? {}, "application/json", "examples")).map(([name, example]) => ({
      where: `${where} ${name}`,
      value: (example as JsonObject).value!,
      ...more,
    }));
  return [
    ...inContent(at(operation, "requestBody", "content"), `${key} request`, { request: key }),
    ...entries(operation.responses).flatMap(([status, response]) =>
      inContent(at(response, "content"), `${key} ${status}`, { response: [key, Number(status)] }),
    ),
  ];
});

test.each(examples)("the example $where is valid", ({ value, request, response }) => {
  if (request) {
    const path = { subjectId: "s", eventId: "e", batchId: "b", pagingId: "p", name: "n" };
    const parts = {
      mediaType: "application/json",
      body: value,
      pathParameters: path,
      query: {},
      headers: {},
    };
    expect(validation.request(request, parts)).toEqual([]);
  } else {
    const headers = { "x-amzn-requestid": "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4" };
    const parts = { mediaType: "application/json", body: value, status: response![1] };
    const all = { ...headers, "x-amz-apigw-id": "KbXq3GmZywMFhTA=" };
    expect(validation.response(response![0], { ...parts, headers: all })).toEqual([]);
  }
});

const su = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";
const ev = "eventguid-fcdf-49eb-9182-5a6825ed2a3b";
const row = { id: su, eventId: ev, status: "A", lastUpdated: "2018-08-16T14:08:29+10:00" };

describe("a wrong request is refused", () => {
  const image = "iVBORw0KGgo=";
  test.each<[key: string, body: Json | undefined, query: Record<string, string>, ...rules: string[]]>([
    ["ApiSubjectsPost", { face: image, tags: "visitor" }, {}, "body.tags must be array"],
    ["ApiSubjectsPost", { face: image, tags: [""] }, {}, "body.tags.0 must NOT have fewer than 1 characters"],
    ["ApiFaceExtractPost", { faces: image, limit: 21 }, {}, "body.limit must be <= 20"],
    ["ApiFaceExtractPost", { faces: image, limit: 0 }, {}, "body.limit must be >= 1"],
    [
      "ApiFaceVerifyPost",
      { probe: image, id: "x", face: image },
      {},
      "body must match exactly one schema in oneOf",
    ],
    ["ApiSubjectsGet", undefined, { start: "-1" }, "query.start must be >= 0"],
    ["ApiSubjectsGet", undefined, { length: "1001" }, "query.length must be <= 1000"],
    ["ApiSubjectsGet", undefined, { length: "many" }, "query.length must be integer"],
    ["ApiSubjectsGet", undefined, { dir: "up" }, "query.dir must be equal to one of the allowed values"],
    ["BulkRegister", { registrations: [] }, {}, "body.registrations must NOT have fewer than 1 items"],
    [
      "BulkRegister",
      { registrations: [{ tags: [] }] },
      {},
      "body.registrations.0 must have required property 'filename'",
    ],
    ["UpdateTag", {}, {}, "body must have required property 'newName'"],
  ])("%s with %j and %j", (key, body, query, ...rules) => {
    const mediaType = body === undefined ? undefined : "application/json";
    const path = { name: "n", subjectId: "s", eventId: "e" };
    const found = validation.request(key, { mediaType, body, pathParameters: path, query, headers: {} });
    expect(found.map(({ place, message }) => `${place.join(".")} ${message}`)).toEqual(rules);
  });
});

describe("a wrong response is refused", () => {
  const headers = {
    "x-amzn-requestid": "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
    "x-amz-apigw-id": "KbXq3GmZywMFhTA=",
  };
  test.each<[key: string, status: number, body: Json]>([
    ["ApiSubjectsGet", 200, { subjects: [{ ...row, status: "X" }], total: 1 }],
    ["ApiSubjectsGet", 200, { subjects: [{ ...row, lastUpdated: "yesterday" }], total: 1 }],
    ["ApiSubjectsGet", 200, { subjects: [{ ...row, lastUpdated: "2018-08-16T14:08:29" }], total: 1 }],
    ["ApiSubjectsGet", 200, { subjects: [], total: 0 }],
    ["ApiSubjectsGet", 200, { subjects: [row] }],
    ["ApiSubjectsByIdEventsGet", 200, { events: [{ id: ev }] }],
    ["ApiSubjectsByIdEventsGet", 200, { id: su, events: [{ id: su }] }],
    ["Get", 200, { id: 1, name: "visitor" }],
    ["Get", 200, Array(65).fill("visitor")],
    ["ApiFaceVerifyPost", 200, { id: su }],
    ["BulkRegister", 200, { batchId: su }],
    ["GetBulkRegisterProgress", 200, { batchId: "batchguid-eec5-440a-89fc-60817f5546c8", processsed: [] }],
  ])("%s %i %j", (key, status, body) => {
    expect(validation.response(key, { status, mediaType: "application/json", body, headers })).not.toEqual(
      [],
    );
  });
});
