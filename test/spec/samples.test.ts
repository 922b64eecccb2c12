import { describe, expect, test } from "vitest";
import { contract, entries, type Json, type JsonObject, violations } from "./contract.ts";

const ids = [
  "necidguid-fcdf-49eb-9182-5a6825ed2a3b",
  "necidguid-ad57-465b-b538-71b6c9b02447",
  "necidguid-0d05-4052-a44f-83f6b243e70b",
] as const;

const registered = attributes({
  areas: ["161/156/318/313", "131/86/345/343"],
  eyes: ["195,198", "276,191"],
  figures: ["0.569824", "4.93922", "-9.34863", "7.613", "0.999591", "0.86541"],
});
const first = attributes({
  areas: ["434/449/503/518", "423/418/515/531"],
  eyes: ["451,464", "487,466"],
  figures: ["0.574219", "-3.17983", "-9.72147", "7.93723", "0.999993", "0.749248"],
});
const second = attributes({
  areas: ["850/416/921/486", "838/383/933/500"],
  eyes: ["866,431", "904,431"],
  figures: ["0.574707", "-0", "8.36667", "1.05248", "0.999994", "0.764253"],
});
const image = "iVBORw0KGgo=";
const missingFace = {
  message: "face property must be provided.",
  errorCode: 1001,
  errorType: "InvalidRequest",
};

const samples: Record<string, JsonObject> = {
  Subject: { id: ids[0], attributes: registered },
  SearchResult: {
    candidates: [
      { id: ids[0], score: 8200 },
      { id: ids[1], score: 8000 },
      { id: ids[2], score: 7600 },
    ],
    attributes: registered,
  },
  ExtractResult: { faces: [{ attributes: first }, { attributes: second }] },
  Candidate: { id: ids[0], score: 8200 },
  Health: { status: "OK" },
  FaceError: missingFace,
  RegisterRequest: { face: image },
  UpdateRequest: { face: image },
  ExtractRequest: { faces: image },
  SearchRequest: { probe: image, threshold: 7500, limit: 3 },
  VerifyRequest: { probe: image, id: ids[0] },
};

describe("each documented sample", () => {
  test.each(Object.entries(samples))("%s is valid", (name, sample) => {
    expect(violations(sample, "components", "schemas", name)).toEqual([]);
  });

  test.each([
    ["post", "/subjects", "201", samples.Subject],
    ["put", "/subjects/{id}", "200", samples.Subject],
    ["post", "/face/extract", "200", samples.ExtractResult],
    ["post", "/face/search", "200", samples.SearchResult],
    ["post", "/face/verify", "200", samples.Candidate],
    ["get", "/health", "200", samples.Health],
  ])("is the one example of %s %s %s", (method, path, status, sample) => {
    const operation = ((contract.paths as JsonObject)[path] as JsonObject)[method] as JsonObject;
    const { content } = (operation.responses as JsonObject)[status] as { content: JsonObject };
    const { examples } = content["application/json"] as { examples: JsonObject };
    expect(entries(examples).map(([name, example]) => [name, (example as JsonObject).value])).toEqual([
      ["documented", sample],
    ]);
  });
});

describe("a sample with one change is invalid", () => {
  const coordinate = 'must match pattern "^-?(0|[1-9][0-9]*)$"';
  const decimal = 'must match pattern "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$"';
  const score = 'must match pattern "^(0(\\.[0-9]+)?|1(\\.0+)?)$"';
  const extra = "must NOT have additional properties";
  const id = 'must match pattern "^necidguid-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$"';
  const base64 = 'must match pattern "^[A-Za-z0-9+/]+={0,2}$"';
  const face = { attributes: first };
  const candidate = { id: ids[0], score: 8200 };

  const table: [schema: string, place: string, value: Json | undefined, ...violations: string[]][] = [
    ["Subject", "/attributes/faceArea/left", 161, "/attributes/faceArea/left must be string"],
    ["Subject", "/attributes/faceArea/left", "1.5", `/attributes/faceArea/left ${coordinate}`],
    ["Subject", "/attributes/faceArea/left", "", `/attributes/faceArea/left ${coordinate}`],
    ["Subject", "/attributes/headArea/top", "0161", `/attributes/headArea/top ${coordinate}`],
    ["Subject", "/attributes/headArea/width", "1", `/attributes/headArea ${extra}`],
    ["Subject", "/attributes/rightEyeCenter/x", " 195", `/attributes/rightEyeCenter/x ${coordinate}`],
    [
      "Subject",
      "/attributes/leftEyeCenter/y",
      undefined,
      "/attributes/leftEyeCenter must have required property 'y'",
    ],
    ["Subject", "/attributes/faceRoll", 4.93922, "/attributes/faceRoll must be string"],
    ["Subject", "/attributes/faceRoll", "1.2.3", `/attributes/faceRoll ${decimal}`],
    ["Subject", "/attributes/facePan", "+9.3", `/attributes/facePan ${decimal}`],
    ["Subject", "/attributes/faceTilt", "1e-05", `/attributes/faceTilt ${decimal}`],
    ["Subject", "/attributes/faceTilt", "7.", `/attributes/faceTilt ${decimal}`],
    ["Subject", "/attributes/faceTilt", "NaN", `/attributes/faceTilt ${decimal}`],
    ["Subject", "/attributes/faceTilt", null, "/attributes/faceTilt must be string"],
    ["Subject", "/attributes/faceScore", "1.5", `/attributes/faceScore ${score}`],
    ["Subject", "/attributes/faceScore", "1.01", `/attributes/faceScore ${score}`],
    ["Subject", "/attributes/frontalFaceScore", "-0.1", `/attributes/frontalFaceScore ${score}`],
    [
      "Subject",
      "/attributes/faceQualityScore",
      undefined,
      "/attributes must have required property 'faceQualityScore'",
    ],
    ["Subject", "/attributes/mood", "fine", `/attributes ${extra}`],
    ["Subject", "/attributes", undefined, " must have required property 'attributes'"],
    ["Subject", "/id", undefined, " must have required property 'id'"],
    ["Subject", "/id", "necidguid-fcdf-49eb-9182-5a6825ed2a3", `/id ${id}`],
    ["Subject", "/id", "eventguid-fcdf-49eb-9182-5a6825ed2a3b", `/id ${id}`],
    ["Subject", "/eventId", "1", ` ${extra}`],
    ["Candidate", "/score", 10000, "/score must be <= 9999"],
    ["Candidate", "/score", -1, "/score must be >= 0"],
    ["Candidate", "/score", "8200", "/score must be integer"],
    ["Candidate", "/score", 8200.5, "/score must be integer", '/score must match format "int32"'],
    ["SearchResult", "/candidates", [], "/candidates must NOT have fewer than 1 items"],
    [
      "SearchResult",
      "/candidates",
      Array(51).fill(candidate),
      "/candidates must NOT have more than 50 items",
    ],
    ["SearchResult", "/candidates/2/id", "somebody", `/candidates/2/id ${id}`],
    ["ExtractResult", "/faces", [], "/faces must NOT have fewer than 1 items"],
    ["ExtractResult", "/faces", Array(21).fill(face), "/faces must NOT have more than 20 items"],
    ["Health", "/status", "DOWN", "/status must be equal to constant"],
    ["SearchRequest", "/threshold", 10000, "/threshold must be <= 9999"],
    ["SearchRequest", "/threshold", -1, "/threshold must be >= 0"],
    ["SearchRequest", "/threshold", "7500", "/threshold must be integer"],
    ["SearchRequest", "/limit", 0, "/limit must be >= 1"],
    ["SearchRequest", "/limit", 51, "/limit must be <= 50"],
    ["SearchRequest", "/treshold", 7500, ` ${extra}`],
    ["SearchRequest", "/probe", undefined, " must have required property 'probe'"],
    ["VerifyRequest", "/id", "", "/id must NOT have fewer than 1 characters"],
    ["VerifyRequest", "/id", undefined, " must have required property 'id'"],
    ["RegisterRequest", "/face", undefined, " must have required property 'face'"],
    ["RegisterRequest", "/face", "data:image/png;base64,iVBORw0KGgo=", `/face ${base64}`],
    ["RegisterRequest", "/face", "iVBO\nRw0K", `/face ${base64}`],
    ["RegisterRequest", "/face", "iVB", "/face must NOT have fewer than 4 characters"],
    ["ExtractRequest", "/faces", [image], "/faces must be string"],
  ];

  test.each(table)("%s with %s as %j", (schema, place, value, ...expected) => {
    expect(violations(changed(samples[schema]!, place, value), "components", "schemas", schema)).toEqual(
      expected,
    );
  });

  test("an ExtractResult as published is refused", () => {
    expect(violations({ faces: [first] }, "components", "schemas", "ExtractResult")).toContain(
      "/faces/0 must have required property 'attributes'",
    );
  });

  test.each<JsonObject>([
    { ...missingFace, errorCode: 2001 },
    { ...missingFace, errorType: "NoFace" },
    { ...missingFace, errorCode: "1001" },
    { ...missingFace, errorType: "Duplicate", errorCode: 1002 },
    { mesage: missingFace.message, errorCode: 1001, errorType: "InvalidRequest" },
  ])("an error of status 400 as %j", (error) => {
    expect(violations(error, "components", "schemas", "FaceError")).toContain(
      " must match exactly one schema in oneOf",
    );
  });
});

describe("edges that the documentation allows are valid", () => {
  test.each<[schema: string, place: string, value: Json | undefined]>([
    ["Subject", "/attributes/faceRoll", "-0"],
    ["Subject", "/attributes/faceScore", "1"],
    ["Subject", "/attributes/faceScore", "0"],
    ["Subject", "/attributes/headArea/left", "-12"],
    ["Candidate", "/score", 0],
    ["Candidate", "/score", 9999],
    ["ExtractResult", "/faces", Array(20).fill({ attributes: second })],
    ["SearchRequest", "/threshold", undefined],
    ["SearchRequest", "/limit", undefined],
    ["SearchRequest", "/limit", 50],
    ["SearchRequest", "/threshold", 0],
    ["VerifyRequest", "/id", "nobody"],
    ["FaceError", "", { message: "", errorCode: 2002, errorType: "PoorQuality" }],
  ])("%s with %s as %j", (schema, place, value) => {
    expect(violations(changed(samples[schema]!, place, value), "components", "schemas", schema)).toEqual([]);
  });

  test("a picture of ten megabytes", () => {
    const face = `${"A".repeat(10_485_700)}==`;
    expect(violations({ face }, "components", "schemas", "RegisterRequest")).toEqual([]);
  });
});

describe("each example in the contract is valid against its own schema", () => {
  const examples = [...examplesIn(contract, [])];

  test.each(examples)("$where", ({ value, schema }) => {
    expect(violations(value, ...schema)).toEqual([]);
  });

  test("their names", () => {
    const names = examples.flatMap(({ name }) => name ?? []);
    expect([...new Set(names)].sort()).toEqual([
      "ContentTooLarge",
      "EndpointRequestTimedOut",
      "Forbidden",
      "IncompleteSignature",
      "InternalError",
      "InternalServerError",
      "InvalidRequest",
      "InvalidRequestId",
      "InvalidSignature",
      "LimitExceeded",
      "MissingAuthenticationToken",
      "NoFace",
      "PoorQuality",
      "SignatureExpired",
      "SignatureNotYetCurrent",
      "TooManyRequests",
      "UnrecognizedClient",
      "UnsupportedMediaType",
      "documented",
    ]);
  });
});

/** The attributes of a face from figures in the order of the documentation's tables. */
function attributes(face: {
  areas: [string, string];
  eyes: [string, string];
  figures: string[];
}): JsonObject {
  const area = (text: string) => {
    const [left, top, right, bottom] = text.split("/") as [string, string, string, string];
    return { left, top, right, bottom };
  };
  const point = (text: string) => {
    const [x, y] = text.split(",") as [string, string];
    return { x, y };
  };
  const [frontalFaceScore, faceRoll, facePan, faceTilt, faceScore, faceQualityScore] = face.figures as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    faceArea: area(face.areas[0]),
    headArea: area(face.areas[1]),
    rightEyeCenter: point(face.eyes[0]),
    leftEyeCenter: point(face.eyes[1]),
    frontalFaceScore,
    faceRoll,
    facePan,
    faceTilt,
    faceScore,
    faceQualityScore,
  };
}

/** A copy of a sample with one value replaced, added, or, as undefined, taken out. */
function changed(sample: JsonObject, place: string, value: Json | undefined): Json {
  if (place === "") return value!;
  const [key, ...rest] = place.slice(1).split("/") as [string, ...string[]];
  const copy = structuredClone(sample);
  if (rest.length > 0) copy[key] = changed(copy[key] as JsonObject, `/${rest.join("/")}`, value);
  else if (value === undefined) delete copy[key];
  else copy[key] = value;
  return copy;
}

type Example = { where: string; name?: string; value: Json; schema: string[] };

/** Every example that stands beside a schema, be it of a body, a header or a parameter. */
function* examplesIn(node: Json, path: string[]): Generator<Example> {
  if (node === null || typeof node !== "object") return;
  const { schema, example, examples } = node as JsonObject;
  const beside = { where: path.join(" "), schema: [...path, "schema"] };
  if (schema !== undefined && example !== undefined) yield { ...beside, value: example };
  for (const [name, { value }] of schema === undefined
    ? []
    : (entries(examples) as [string, { value: Json }][])) {
    yield { ...beside, where: `${beside.where} ${name}`, name, value };
  }
  for (const [key, child] of entries(node)) yield* examplesIn(child, [...path, key]);
}
