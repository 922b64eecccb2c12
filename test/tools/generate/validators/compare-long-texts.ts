import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import type { JsonObject } from "../../../../contracts/openapi/json.ts";
import type { ValidateFunction } from "../../../../contracts/openapi/validation.ts";
import { createRandom } from "../../../../mocks/random/random.ts";
import { createValidators } from "../../../../tools/generate/validators/compile.ts";

const patterns = [
  "^[A-Za-z0-9+/]+={0,2}$",
  "^[A-Za-z0-9+/]*=?=?$",
  "^[A-Za-z0-9+/=]+$",
  "^[\\w+/=-]*$",
  "^[A-Za-z0-9+/\\r\\n]+=*$",
  // None of these says Base64: a letter or the padding is missing, or more is asked for.
  "^[A-Za-z0-9+]+={0,2}$",
  "^[A-Za-z0-9+/]+$",
  "^[^A-Z]+$",
  "^[A-Za-z0-9+/]{4,5000}={0,2}$",
  "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
];
const bounds = [0, 1, 4, 2_048, 4_096, 4_100, 8_192, 65_536];
const schemas: JsonObject[] = [
  ...patterns.flatMap((pattern): JsonObject[] => [
    { type: "string", pattern },
    { type: "string", contentEncoding: "base64", minLength: 4, pattern },
  ]),
  ...bounds.flatMap((bound): JsonObject[] => [
    { type: "string", minLength: bound, contentEncoding: "base64" },
    { type: "string", maxLength: bound },
  ]),
  { type: "string", format: "byte" },
];

/**
 * Compares the validators' verdicts on long texts with those of plain ajv and a strict reading of Base64.
 *
 * @param options.count how many texts.
 */
export async function compareLongTexts({ count, seed }: { count: number; seed: string }): Promise<void> {
  const { requestBody } = await createValidators(contractOf(schemas));
  const ours = schemas.map((_, index) => requestBody[`body${index}`]!.content["text/plain"]!);
  const plain = schemas.map(plainly);
  const random = createRandom(seed);
  for (let number = 0; number < count; number++) {
    const text = drawText(random);
    const index = Math.floor(random() * schemas.length);
    const [got, wanted] = [errorsOf(ours[index]!, text), errorsOf(plain[index]!, text)];
    // A comparison by `expect` would take longer than the validation.
    if (JSON.stringify(got) !== JSON.stringify(wanted))
      expect({ number, schema: schemas[index], text: excerpt(text), errors: got }).toEqual({
        errors: wanted,
      });
  }
}

function contractOf(schemas: JsonObject[]): JsonObject {
  const operation = (schema: JsonObject, index: number) => ({
    operationId: `body${index}`,
    requestBody: { content: { "text/plain": { schema } } },
    responses: { 200: { description: "Yes." } },
  });
  return {
    openapi: "3.1.0",
    info: { title: "Long texts", version: "1" },
    paths: Object.fromEntries(
      schemas.map((schema, index) => [`/${index}`, { post: operation(schema, index) }]),
    ),
  };
}

/** ajv with its own keywords, and Base64 by the letter of RFC 4648. */
function plainly(schema: JsonObject): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateSchema: false });
  ajv.removeKeyword("contentEncoding");
  const validate = (_: string, text: string) => isBase64(text);
  ajv.addKeyword({
    keyword: "contentEncoding",
    type: "string",
    validate,
    error: { message: "must be Base64 text" },
  });
  ajv.addFormat("byte", isBase64);
  return ajv.compile(schema) as ValidateFunction;
}

function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}

function errorsOf(validate: ValidateFunction, text: string) {
  if (validate(text)) return [];
  return validate.errors!.map(({ keyword, params, message }) => ({ keyword, params, message }));
}

function excerpt(text: string): string {
  return `${text.length} characters, ${text.slice(0, 20)}…${text.slice(-20)}`;
}

/** Bytes whose text ends near a bound: of the short texts, of a piece that is decoded, of a schema. */
const sizes = [0, 3, 1_536, 3_072, 6_144, 6_144, 3_072, 3_072, 49_152];
const oddities = [
  "-",
  "_",
  "=",
  "==",
  "\n",
  "\r\n",
  " ",
  "\0",
  ".",
  "é",
  "Ł",
  "\ud83d\ude00",
  "\ud83d",
  "\ude00",
  "",
  "AA",
];

function drawText(random: () => number): string {
  const pick = <Item>(items: Item[]): Item => items[Math.floor(random() * items.length)]!;
  const size = Math.max(0, pick(sizes) + Math.floor(random() * 7) - 3);
  if (random() < 0.1) return pick(["\ud83d\ude00", "\ud83d", "é", "A"]).repeat(Math.floor((size * 4) / 3));
  // Few different bytes are drawn; where the text is spoilt, and how, makes the difference.
  const part = Buffer.from(Array.from({ length: Math.min(size, 64) }, () => random() * 256));
  const text = Buffer.alloc(size, part.length > 0 ? part : 0).toString("base64");
  if (random() < 0.4) return text;
  const places = [0, 1, text.length - 3, text.length - 2, text.length - 1, text.length, 65_535, 65_536];
  const at = random() < 0.5 ? pick(places) : Math.floor(random() * text.length);
  const removed = random() < 0.7 ? 1 : 0;
  return text.slice(0, Math.max(at, 0)) + pick(oddities) + text.slice(at + removed);
}
