import { expect, test } from "vitest";
import { sourceLines } from "../../../../contracts/verify/report/source-lines.ts";
import { contract, lineAt, lines } from "./sample.ts";

const promisedBy = sourceLines({ openapi: contract, sources: lines });
const at = { operation: "ApiSubjectsPost", location: "application/json", status: "201" };

const cases: [name: string, broken: Parameters<typeof promisedBy>[0], file: string, line: string][] = [
  ["a documented status", { ...at, instancePath: "status" }, "necid-v1.yaml", '"201":'],
  ["a status of the overlay", { ...at, status: "429", instancePath: "status" }, "overlay", '"429":'],
  ["an undocumented status", { ...at, status: "418", instancePath: "status" }, "necid-v1.yaml", "responses:"],
  ["no status at all", { ...at, status: undefined, instancePath: "status" }, "necid-v1.yaml", "post:"],
  ["a property", { ...at, instancePath: "body /attributes/faceRoll" }, "necid-v1.yaml", "faceRoll:"],
  [
    "its type",
    { ...at, instancePath: "body /attributes/faceRoll", keyword: "type" },
    "necid-v1.yaml",
    "type: string",
  ],
  [
    "its pattern",
    { ...at, instancePath: "body /attributes/faceRoll", keyword: "pattern" },
    "overlay",
    "pattern: ^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$",
  ],
  [
    "that it is there",
    { ...at, instancePath: "body /attributes/faceRoll", keyword: "required" },
    "overlay",
    "required:",
  ],
  [
    "that nothing else is there",
    { ...at, instancePath: "body /attributes/mood", keyword: "additionalProperties" },
    "overlay",
    "additionalProperties: false",
  ],
  [
    "an unknown property without a rule",
    { ...at, instancePath: "body /attributes/mood" },
    "necid-v1.yaml",
    "attributes:",
  ],
  [
    "a property of an item",
    { ...at, operation: "ApiFaceExtractPost", status: "200", instancePath: "body /faces/3/attributes" },
    "overlay",
    "attributes:",
  ],
  [
    "how many items",
    {
      ...at,
      operation: "ApiFaceExtractPost",
      status: "200",
      instancePath: "body /faces",
      keyword: "maxItems",
    },
    "overlay",
    "maxItems: 20",
  ],
  [
    "a property of one of several shapes",
    { ...at, status: "400", instancePath: "body /errorCode" },
    "overlay",
    "errorCode:",
  ],
  ["a header", { ...at, instancePath: "header x-amzn-requestid" }, "overlay", "x-amzn-RequestId:"],
  [
    "a header of a shared response",
    { ...at, status: "403", instancePath: "header x-amzn-errortype", keyword: "enum" },
    "overlay",
    "enum:",
  ],
  ["the media type", { ...at, instancePath: "header content-type" }, "overlay", "application/json:"],
  [
    "the media type of a shared response",
    { ...at, status: "413", instancePath: "header content-type" },
    "overlay",
    "text/plain:",
  ],
  ["bytes", { ...at, instancePath: "bytes 17" }, "necid-v1.yaml", '"201":'],
];

test.each(cases)("%s is located", (_, broken, file, line) => {
  const place = promisedBy(broken);
  expect(place).toContain(file);
  // The vendor's file may be JSON as well.
  const plain = (text: string) => text.replaceAll('"', "").trim();
  const text = plain(lineAt(place)!);
  expect(text.startsWith(plain(line)), `${place} ${text}`).toBe(true);
});

test("an operation that is not in the contract has no line", () => {
  expect(promisedBy({ operation: "GET /nowhere", location: "unsigned", instancePath: "status" })).toBe(
    undefined,
  );
});

test("every documented field has a line", () => {
  const pointers = Object.entries(lines).filter(([pointer]) => pointer.startsWith("/"));
  const missing = pointers.filter(([, place]) => lineAt(place) === undefined);
  expect(missing).toEqual([]);
});
