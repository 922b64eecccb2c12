import { isObject, type Json, type JsonObject } from "./json.ts";
import { parsePointer, type Tokens, valueAt } from "./pointer.ts";

/** Keywords of a schema that hold values, which may look like schemas but are none. */
export const VALUE_KEYWORDS: ReadonlySet<string> = new Set([
  "example",
  "examples",
  "default",
  "const",
  "enum",
]);

/** Fields whose keys are names that the author chose: `default` in them is a property or a response. */
const NAMED_FIELDS = new Set([
  ...["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"],
  ...[
    "schemas",
    "responses",
    "headers",
    "content",
    "callbacks",
    "links",
    "parameters",
    "requestBodies",
    "securitySchemes",
  ],
  ...["pathItems", "webhooks", "encoding", "variables"],
]);

/**
 * Calls a function with each field of an object, or item of an array, that describes something: with none that holds
 * a value, such as an example, and with no extension.
 *
 * @param value the object or array.
 * @param isNames whether its keys are names, as `visit` was told when it came there. False where a walk begins.
 */
export function eachPart(
  value: JsonObject | Json[],
  isNames: boolean,
  visit: (key: string, item: Json, isNames: boolean) => void,
): void {
  for (const key of Object.keys(value)) {
    if (!isNames && (VALUE_KEYWORDS.has(key) || key.startsWith("x-"))) continue;
    const item = (value as JsonObject)[key]!;
    visit(key, item, !isNames && NAMED_FIELDS.has(key) && !Array.isArray(item));
  }
}

/**
 * Visits every object of a document that describes something, once: no value such as an example, unless a reference
 * leads to it, no extension, and no map whose keys are names. `at` is where it stands, until `visit` returns.
 */
export function visitParts(document: JsonObject, visit: (part: JsonObject, at: Tokens) => void): void {
  const seen = new Set<object>();
  /** Followed in the end: few lead to what was not visited before. */
  const references = new Set<string>();
  let at: string[] = [];
  walk(document, false);
  for (const reference of references) {
    at = parsePointer(reference);
    const target = valueAt(document, at);
    if (isObject(target)) walk(target, false);
  }

  function walk(value: JsonObject | Json[], isNames: boolean): void {
    if (seen.has(value)) return;
    seen.add(value);
    if (isObject(value) && !isNames) {
      if (typeof value.$ref === "string" && value.$ref.startsWith("#/")) references.add(value.$ref);
      visit(value, at);
    }
    eachPart(value, isNames, (key, item, itemIsNames) => {
      if (typeof item !== "object" || item === null) return;
      at.push(key);
      walk(item, itemIsNames);
      at.pop();
    });
  }
}

/**
 * Compiles the `pattern` of a schema. Vendors write patterns that only the grammar without the flag `u` takes.
 *
 * @returns the expression, or what is wrong with the pattern.
 * @see https://json-schema.org/draft/2020-12/json-schema-core#section-6.4
 */
export function compilePattern(
  pattern: string,
): { expression: RegExp } | { expression?: undefined; fault: string } {
  try {
    return { expression: new RegExp(pattern, "u") };
  } catch {
    try {
      return { expression: new RegExp(pattern) };
    } catch (error) {
      return { fault: (error as Error).message };
    }
  }
}
