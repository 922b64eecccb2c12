import { dereference } from "../../../../contracts/openapi/reference.ts";

/** A schema as the generator reads it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  minProperties?: number;
  maxProperties?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  contentEncoding?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  readOnly?: boolean;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  not?: Schema;
  discriminator?: { propertyName: string; mapping?: Record<string, string> };
};

/** The schema itself, with what it refers to and all of its `allOf` in one; alternatives stay. */
export function flatten(document: object, given: Schema | boolean | undefined, depth = 0): Schema {
  if (given === undefined || typeof given === "boolean" || depth > 20) return {};
  const { $ref, allOf = [], ...own } = given;
  const referred = $ref === undefined ? undefined : dereference<Schema>(document, { $ref });
  const parts = [referred, ...allOf].map((part) => flatten(document, part, depth + 1));
  return parts.reduceRight<Schema>((whole, part) => merge(part, whole), own);
}

function merge(one: Schema, other: Schema): Schema {
  const merged: Schema = { ...one, ...other };
  if (one.properties || other.properties) merged.properties = { ...one.properties, ...other.properties };
  if (one.required || other.required) {
    merged.required = [...new Set([...(one.required ?? []), ...(other.required ?? [])])];
  }
  return merged;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The types a schema names, or the one that its other keywords are about; none where it takes all. */
export function typesOf({ type, properties, items, pattern, minLength, minimum, maximum }: Schema): string[] {
  if (type !== undefined) return [type].flat();
  if (properties) return ["object"];
  if (items) return ["array"];
  if (pattern !== undefined || minLength !== undefined) return ["string"];
  return minimum !== undefined || maximum !== undefined ? ["number"] : [];
}
