import { isObject } from "../../contracts/openapi/json.ts";
import {
  type OpenApi,
  type Operation,
  type ParameterObject,
  parametersOf,
} from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";

type Query = Record<string, string | string[]>;

/**
 * Puts the parts of objects together that a query carries apart: `filter[from]=1`, or `from=1` where the object is
 * exploded.
 *
 * @returns the same query where the operation has no objects in its query.
 * @see https://spec.openapis.org/oas/v3.1.1.html#style-values
 */
export function withObjects(openapi: OpenApi, operation: Operation, query: Query): Query {
  const objects = parametersOf(openapi, operation).filter(
    ({ value }) => value.in === "query" && isObjectSchema(openapi, value),
  );
  if (objects.length === 0) return query;
  const read: Record<string, unknown> = { ...query };
  for (const { value: parameter } of objects) {
    const parts = partsOf(openapi, parameter, query);
    if (Object.keys(parts).length === 0) continue;
    for (const name of Object.keys(query)) if (belongs(name, parameter, parts)) delete read[name];
    read[parameter.name] = parts;
  }
  return read as Query;
}

function partsOf(openapi: OpenApi, { name, schema, style = "form", explode }: ParameterObject, query: Query) {
  const { properties } = dereference<{ properties?: object }>(openapi, schema) ?? {};
  const parts: Record<string, unknown> = {};
  for (const [given, value] of Object.entries(query)) {
    const [, inner] = given.startsWith(`${name}[`)
      ? (/^\[([^\]]+)\]/.exec(given.slice(name.length)) ?? [])
      : [];
    if (style === "deepObject" && inner !== undefined) parts[inner] = value;
    else if (
      style === "form" &&
      explode !== false &&
      isObject(properties) &&
      Object.hasOwn(properties, given)
    )
      parts[given] = value;
  }
  const listed = style === "form" && explode === false ? query[name] : undefined;
  const texts = typeof listed === "string" ? listed.split(",") : [];
  for (let index = 0; index + 1 < texts.length; index += 2) parts[texts[index]!] = texts[index + 1];
  return parts;
}

function belongs(given: string, { name, style }: ParameterObject, parts: object): boolean {
  return style === "deepObject"
    ? given.startsWith(`${name}[`)
    : given === name || Object.hasOwn(parts, given);
}

function isObjectSchema(openapi: OpenApi, { schema }: ParameterObject): boolean {
  const { type, properties, additionalProperties } =
    dereference<{ type?: unknown; properties?: unknown; additionalProperties?: unknown }>(openapi, schema) ??
    {};
  return type === undefined
    ? isObject(properties) || isObject(additionalProperties)
    : [type].flat().includes("object");
}
