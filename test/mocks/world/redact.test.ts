import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import { refusals } from "../../../mocks/gateway/refusals.ts";
import { loadNecIdContract } from "../../../mocks/necid/contract.ts";
import { imageProperties, redact, redactResponse, redactText } from "../../../mocks/world/redact.ts";

const images = new Set(["face"]);
const picture = Buffer.from("a picture that is long enough to be one, but not longer than a line");
const inBase64 = picture.toString("base64");
const shown = { sha256: createHash("sha256").update(picture).digest("hex"), bytes: picture.length };
const tiny = Buffer.from("GIF89a, the least of pictures, in a few bytes".slice(0, 35));
const hashed = (text: string | Buffer) => ({
  sha256: createHash("sha256").update(text).digest("hex"),
  bytes: Buffer.byteLength(text),
});

describe("redact", () => {
  const sentence = "many words, each of them short, ".repeat(4);
  test.each([
    ["an image by its property", { face: inBase64 }, { face: shown }],
    ["a short one too", { face: "YWxpY2U=" }, { face: hashed("alice") }],
    ["wherever the property stands", { a: [{ face: inBase64 }] }, { a: [{ face: shown }] }],
    ["and whatever stands in it", { face: [{ a: "YWxpY2U=" }] }, { face: [{ a: hashed("alice") }] }],
    ["an image in another property", { faec: inBase64 }, { faec: shown }],
    ["an image as the body", inBase64, shown],
    ["an image in a list", [[inBase64]], [[shown]]],
    ["what is not Base64, as text", { face: "no Base64: ü" }, { face: hashed("no Base64: ü") }],
    ["any long text", { id: sentence }, { id: hashed(sentence) }],
    ["an image as a property's name", { [inBase64]: 1 }, { "(left out)": 1 }],
    ["a tiny image", { a: tiny.toString("base64") }, { a: hashed(tiny) }],
    [
      "nothing else",
      { id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b", limit: 3, a: [true, null, ""] },
      undefined,
    ],
  ])("%s", (_, value, want = value as never) => {
    expect(redact(value, images)).toEqual(want);
  });

  test("`__proto__` is a property like any other", () => {
    const value = JSON.parse(`{"__proto__":{"face":"${inBase64}"}}`);
    expect(JSON.stringify(redact(value, images))).toBe(`{"__proto__":{"face":${JSON.stringify(shown)}}}`);
  });

  test("the copy is bounded, however deep, wide or wordy the value is", () => {
    let deep: unknown = inBase64;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(JSON.stringify(redact(deep))).toBe(`${"[".repeat(8)}"(left out)"${"]".repeat(8)}`);

    const wide = Array.from({ length: 1_000_000 }, () => 1);
    expect(redact(wide)).toEqual([...wide.slice(0, 499), "(left out)"]);
    expect(redact({ a: wide, b: wide })).toEqual({ a: [...wide.slice(0, 498), "(left out)"] });

    const wordy = Object.fromEntries(
      wide.slice(0, 1000).map((_, index) => [`name ${index}`.padEnd(60), "a".repeat(60)]),
    );
    expect(JSON.stringify(redact(wordy)).length).toBeLessThan(5_000);
  });

  test("no image is shown, in whatever JSON and wherever in it", () => {
    const canary = fc
      .uint8Array({ minLength: 30, maxLength: 400 })
      .map((bytes) => Buffer.from(bytes).toString("base64"));
    fc.assert(
      fc.property(
        fc.jsonValue(),
        canary,
        fc.nat(),
        fc.constantFrom("value", "name"),
        (value, image, place, as) => {
          const text = JSON.stringify(redact(hide(value, image, place, as), images));
          expect(text).not.toContain(image);
        },
      ),
      { numRuns: 2_000, seed: 20261123 },
    );
  });
});

test("an answer's sentences are shown, cut, and none of its long words", () => {
  const message = "many words, each of them short, ".repeat(100);
  expect(redactResponse({ message, more: `${inBase64} property is not known.` })).toEqual({
    message: `${message.slice(0, 997)}…`,
    more: "(left out) property is not known.",
  });
});

test("of an answer's lines the first is shown, since the others repeat a refused request", () => {
  const { body } = refusals.signatureMismatch("POST\n/\n\nx-api-key:canary", "AWS4-HMAC-SHA256\ncanary");
  expect(redactResponse(JSON.parse(body))).toEqual({
    message:
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.…",
  });
});

test.each([
  ["short text", 100, "short text"],
  [`hash ${"0123456789abcdef".repeat(4)}`, 100, `hash ${"0123456789abcdef".repeat(4)}`],
  [`picture ${"0123456789ABCDEF".repeat(4)}`, 100, "picture (left out)"],
  ["short text is not cut", 10, "short text is not cut"],
  [`${"word ".repeat(19)}${"c".repeat(80)}`, 100, `${"word ".repeat(19)}…`],
  ["word ".repeat(30), 10, "word word …"],
  [`see ${"a".repeat(80)} and ${"b".repeat(200)}.`, 100, "see (left out) and …"],
])("redactText(%j, %i)", (text, longest, want) => {
  expect(redactText(text, longest)).toBe(want);
});

test("the contract says which properties carry images", async () => {
  const { openapi } = await loadNecIdContract();
  const images = imageProperties(openapi);
  const found = readOperations(openapi).map(({ key }) => [key, images.get(key)!] as const);
  expect(Object.fromEntries(found.filter(([, names]) => names.size > 0))).toEqual({
    ApiSubjectsPost: new Set(["face"]),
    ApiSubjectsByIdPut: new Set(["face"]),
    ApiFaceExtractPost: new Set(["faces"]),
    ApiFaceSearchPost: new Set(["probe"]),
    ApiFaceVerifyPost: new Set(["probe"]),
  });
});

test("two images of one schema are both found", async () => {
  const { openapi } = await loadNecIdContract({ version: "v1.1" });
  expect(imageProperties(openapi).get("ApiFaceVerifyPost")).toEqual(new Set(["probe", "face"]));
});

test("an image is found through references, lists, alternatives and circles", () => {
  const Node = {
    properties: {
      next: { $ref: "#/components/schemas/Node" },
      photos: { type: "array", items: { oneOf: [{ type: "null" }, { $ref: "#/components/schemas/a~1b" }] } },
      name: { type: "string" },
    },
  };
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Node" } } };
  const openapi = {
    openapi: "3.1.0",
    info: { title: "", version: "" },
    paths: { "/nodes": { post: { requestBody: { $ref: "#/components/requestBodies/Node" } } } },
    components: {
      requestBodies: { Node: { content } },
      schemas: { Node, "a/b": { type: "string", contentEncoding: "base64" } },
    },
  };
  const images = imageProperties(openapi);
  expect(["POST /nodes", "GET /nodes"].map(images.get)).toEqual([new Set(["photos"]), undefined]);
});

/** Puts the image in one place of a JSON value, as a value or as the name of a property. */
function hide(value: unknown, image: string, place: number, as: "value" | "name"): unknown {
  if (typeof value !== "object" || value === null) return as === "name" ? { [image]: value } : image;
  const names = Object.keys(value);
  const name = names[place % (names.length + 1)];
  const rest = Math.trunc(place / (names.length + 1));
  if (Array.isArray(value)) {
    return name === undefined
      ? [...value, hide(0, image, 0, as)]
      : value.map((item, index) => (String(index) === name ? hide(item, image, rest, as) : item));
  }
  if (name !== undefined)
    return { ...value, [name]: hide((value as Record<string, unknown>)[name], image, rest, as) };
  return as === "name" ? { ...value, [image]: 0 } : { ...value, faec: image };
}
