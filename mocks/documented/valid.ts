import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { isObject } from "../../contracts/openapi/json.ts";
import type { Schemas } from "./schemas.ts";

/** Who sends a value. */
export type Side = "request" | "response";

/** What the other side alone sends. */
export const hiddenIn = { request: "readOnly", response: "writeOnly" } as const;

/** Whether a value keeps a schema. */
export type IsValid = (schema: unknown, value: unknown) => boolean;

/**
 * Makes a validator that interprets schemas instead of compiling them: an answer needs few schemas, each once, and
 * compiling one compiles all that it refers to. In a response, `writeOnly` properties are not required, and in a
 * request `readOnly` ones.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */
export function createIsValid({ target, testPattern }: Schemas, side: Side = "response"): IsValid {
  const hidden = hiddenIn[side];
  return isValid;

  function isValid(schema: unknown, value: unknown, depth = 0): boolean {
    if (typeof schema === "boolean") return schema;
    if (!isObject(schema) || depth > 200) return true;
    const at = depth + 1;
    for (const ref of [schema.$ref, schema.$dynamicRef])
      if (typeof ref === "string" && !isValid(target(ref), value, at)) return false;
    return (
      isOfType(schema, value) &&
      isAllowed(schema, value) &&
      (typeof value === "number" ? isNumber(schema, value) : true) &&
      (typeof value === "string" ? isText(schema, value) : true) &&
      (Array.isArray(value) ? isList(schema, value, at) : true) &&
      (isObject(value) ? isRecord(schema, value, at) : true) &&
      isComposed(schema, value, at)
    );
  }

  function isText(schema: Schema, value: string): boolean {
    const { pattern, format, contentEncoding } = schema;
    const length = [...value].length;
    if (typeof schema.minLength === "number" && length < schema.minLength) return false;
    if (typeof schema.maxLength === "number" && length > schema.maxLength) return false;
    if (typeof pattern === "string" && !testPattern(pattern, value)) return false;
    if (contentEncoding === "base64" && !isBase64(value)) return false;
    return typeof format !== "string" || isOfFormat(format, value);
  }

  function isList(schema: Schema, value: unknown[], depth: number): boolean {
    const { prefixItems, items, contains, minContains = 1, maxContains } = schema;
    if (typeof schema.minItems === "number" && value.length < schema.minItems) return false;
    if (typeof schema.maxItems === "number" && value.length > schema.maxItems) return false;
    if (schema.uniqueItems === true && !areUnique(value)) return false;
    const prefix = Array.isArray(prefixItems) ? prefixItems : [];
    if (prefix.some((one, index) => index < value.length && !isValid(one, value[index], depth))) return false;
    if (items !== undefined && value.slice(prefix.length).some((one) => !isValid(items, one, depth)))
      return false;
    if (contains === undefined) return true;
    const found = value.filter((one) => isValid(contains, one, depth)).length;
    return found >= Number(minContains) && (maxContains === undefined || found <= Number(maxContains));
  }

  function isRecord(schema: Schema, value: Schema, depth: number): boolean {
    const { properties, patternProperties, additionalProperties, propertyNames } = schema;
    const names = Object.keys(value);
    if (typeof schema.minProperties === "number" && names.length < schema.minProperties) return false;
    if (typeof schema.maxProperties === "number" && names.length > schema.maxProperties) return false;
    if (!requiredOf(schema).every((name) => Object.hasOwn(value, name))) return false;
    const described = isObject(properties) ? properties : {};
    const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : [];
    for (const name of names) {
      const matching = patterns.filter(([pattern]) => testPattern(pattern, name)).map(([, one]) => one);
      const known = Object.hasOwn(described, name) ? [described[name]] : [];
      const all = [...known, ...matching];
      const held = all.length === 0 && additionalProperties !== undefined ? [additionalProperties] : all;
      if (!held.every((one) => isValid(one, value[name], depth))) return false;
      if (propertyNames !== undefined && !isValid(propertyNames, name, depth)) return false;
    }
    return areDependenciesKept(schema, value, depth);
  }

  function requiredOf({ required, properties }: Schema): string[] {
    if (!Array.isArray(required)) return [];
    return required.filter(
      (name): name is string => typeof name === "string" && !isHidden(ownValue(properties, name)),
    );
  }

  function isHidden(schema: unknown, seen = new Set<unknown>()): boolean {
    if (!isObject(schema) || seen.has(schema)) return false;
    if (schema[hidden] === true) return true;
    seen.add(schema);
    return typeof schema.$ref === "string" && isHidden(target(schema.$ref), seen);
  }

  function areDependenciesKept(schema: Schema, value: Schema, depth: number): boolean {
    const { dependentRequired, dependentSchemas } = schema;
    const lists = isObject(dependentRequired) ? Object.entries(dependentRequired) : [];
    const schemas = isObject(dependentSchemas) ? Object.entries(dependentSchemas) : [];
    return (
      lists.every(
        ([name, others]) =>
          !Object.hasOwn(value, name) || (others as string[]).every((other) => Object.hasOwn(value, other)),
      ) && schemas.every(([name, one]) => !Object.hasOwn(value, name) || isValid(one, value, depth))
    );
  }

  function isComposed(schema: Schema, value: unknown, depth: number): boolean {
    const { allOf, anyOf, oneOf, not, if: condition } = schema;
    const keeps = (one: unknown) => isValid(one, value, depth);
    if (Array.isArray(allOf) && !allOf.every(keeps)) return false;
    if (Array.isArray(anyOf) && anyOf.length > 0 && !anyOf.some(keeps)) return false;
    if (Array.isArray(oneOf) && oneOf.length > 0 && oneOf.filter(keeps).length !== 1) return false;
    if (not !== undefined && keeps(not)) return false;
    if (condition === undefined) return true;
    const branch = keeps(condition) ? schema.then : schema.else;
    return branch === undefined || keeps(branch);
  }
}

type Schema = Record<string, unknown>;

/** Only what an object has itself: a property may be called `constructor`. */
export function ownValue(record: unknown, name: string): unknown {
  return isObject(record) && Object.hasOwn(record, name) ? record[name] : undefined;
}

export function typesOf({ type }: Schema): string[] | undefined {
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.filter((one) => typeof one === "string") : undefined;
}

function isOfType(schema: Schema, value: unknown): boolean {
  const types = typesOf(schema);
  return types === undefined || types.length === 0 || types.some((type) => kinds[type]?.(value) ?? true);
}

const kinds: Record<string, (value: unknown) => boolean> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  integer: Number.isInteger,
  number: (value) => typeof value === "number" && Number.isFinite(value),
  string: (value) => typeof value === "string",
  array: Array.isArray,
  object: isObject,
};

function isAllowed(schema: Schema, value: unknown): boolean {
  if ("const" in schema && !isDeepStrictEqual(schema.const, value)) return false;
  return !Array.isArray(schema.enum) || schema.enum.some((one) => isDeepStrictEqual(one, value));
}

function isNumber(schema: Schema, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
  if (typeof minimum === "number" && value < minimum) return false;
  if (typeof maximum === "number" && value > maximum) return false;
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) return false;
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) return false;
  if (typeof multipleOf === "number" && multipleOf > 0 && !Number.isInteger(value / multipleOf)) return false;
  return typeof format !== "string" || isOfFormat(format, value);
}

function areUnique(values: unknown[]): boolean {
  const texts = new Set(values.map((value) => JSON.stringify(value)));
  return texts.size === values.length;
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** The formats that the contract's validators know. Any other is an annotation. */
function isOfFormat(name: string, value: string | number): boolean {
  if (typeof value === "number") return numbers[name]?.(value) ?? true;
  if (name === "byte") return isBase64(value);
  formats ??= loadFormats();
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format instanceof RegExp) return format.test(value);
  const validate = typeof format === "function" ? format : (format as { validate?: unknown })?.validate;
  if (validate instanceof RegExp) return validate.test(value);
  if (typeof validate !== "function" || (format as { type?: string }).type === "number") return true;
  return Boolean(validate(value));
}

const numbers: Record<string, (value: number) => boolean> = {
  int32: (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31,
  int64: (value) => Number.isInteger(value) && Math.abs(value) <= 2 ** 63,
  float: (value) => Math.abs(value) <= 3.4028234663852886e38,
};

let formats: Record<string, unknown> | undefined;

function loadFormats(): Record<string, unknown> {
  const require = createRequire(import.meta.url);
  return (require("ajv-formats/dist/formats.js") as { fullFormats: Record<string, unknown> }).fullFormats;
}
