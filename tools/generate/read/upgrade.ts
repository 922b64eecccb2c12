import { isObject, type JsonObject } from "../../../contracts/openapi/json.ts";
import { parsePointer, type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";

/** What a converter could not carry over: where in the upgraded document, and the converter's message. */
export type Loss = { tokens: Tokens; message: string };

/**
 * Lifts a linted Swagger 2.0 or OpenAPI 3.0 document to OpenAPI 3.1; 3.1 passes as it is.
 * The input is not changed. `losses` is empty when everything was carried over.
 */
export async function upgrade(document: JsonObject): Promise<{ openapi: JsonObject; losses: Loss[] }> {
  let openapi = withOwnPaths(structuredClone(document));
  const losses: Loss[] = [];
  if (openapi.swagger) {
    openapi = await fromSwagger(openapi);
    losses.push(...warningsIn(openapi, []));
  }
  if (String(openapi.openapi).startsWith("3.0")) {
    const { upgradeFromThreeToThreeOne } = await import("@scalar/openapi-upgrader/3.0-to-3.1");
    openapi = upgradeFromThreeToThreeOne(openapi) as JsonObject;
  }
  return { openapi, losses };
}

/** Gives a path that refers to another one its operations, because readers of a contract look for methods. */
function withOwnPaths(document: JsonObject): JsonObject {
  const items = isObject(document.paths) ? Object.values(document.paths).filter(isObject) : [];
  for (const item of items) {
    for (let ref = item.$ref; typeof ref === "string" && ref.startsWith("#/"); ref = item.$ref) {
      delete item.$ref;
      const target = valueAt(document, parsePointer(ref)) as JsonObject;
      Object.assign(item, { ...structuredClone(target), ...item });
    }
  }
  return document;
}

async function fromSwagger(swagger: JsonObject): Promise<JsonObject> {
  const { default: converter } = await import("swagger2openapi");
  // `text` only saves the converter from printing the document as YAML; warnings are collected, not thrown.
  const { openapi } = await converter.convertObj(swagger, { text: " ", anchors: true, warnOnly: true });
  // Through JSON: the converter leaves holes in arrays and objects that are shared.
  return JSON.parse(JSON.stringify(openapi)) as JsonObject;
}

function warningsIn(value: unknown, tokens: Tokens): Loss[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "x-s2o-warning" ? [{ tokens, message: `${item}.` }] : warningsIn(item, [...tokens, key]),
  );
}

/** Sections of Swagger 2.0 that have other places in OpenAPI 3, longest first. */
const MOVED: [to: string[], from: string[]][] = [
  [["components", "schemas"], ["definitions"]],
  [["components", "parameters"], ["parameters"]],
  [["components", "responses"], ["responses"]],
  [["components", "securitySchemes"], ["securityDefinitions"]],
  [["servers"], ["host"]],
];

/** Where a value of the upgraded document, or the nearest value above it, stands in the document before. */
export function beforeUpgrade(document: JsonObject, tokens: Tokens): Tokens {
  const before = document.swagger ? inSwagger(tokens) : tokens;
  const known = before.findIndex((_, index) => valueAt(document, before.slice(0, index + 1)) === undefined);
  return known === -1 ? before : before.slice(0, known);
}

function inSwagger(tokens: Tokens): Tokens {
  const moved = MOVED.find(([to]) => to.every((token, index) => token === tokens[index]));
  return withoutContent(moved ? [...moved[1], ...tokens.slice(moved[0].length)] : tokens);
}

/** Swagger 2.0 writes a response's schema without a media type around it. */
function withoutContent(tokens: Tokens): Tokens {
  const content = tokens.findIndex((token, index) => token === "content" && tokens[index + 2] === "schema");
  return content === -1 ? tokens : tokens.toSpliced(content, 2);
}
