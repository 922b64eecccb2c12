import { pointerOf, type Segments, segmentsOf, valueAt } from "../../contracts/openapi/pointer.ts";
import { isObject, type Json, type JsonObject } from "./read/document.ts";

/** One operation of an OpenAPI 3.x document. */
export type Operation = {
  /** `operationId`, or `METHOD /path` where there is none. */
  key: string;
  id: string | undefined;
  /** Upper case. */
  method: string;
  path: string;
  value: JsonObject;
  at: Segments;
  /** Those of the path and of the operation, references followed. */
  parameters: Located[];
};

/** A value of the document with the place where it really stands. */
export type Located = { value: JsonObject; at: Segments };

/** The fields of a path item that are operations. */
export const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Lists the operations in the order of the document. */
export function operationsOf(openapi: JsonObject): Operation[] {
  return entriesOf(openapi.paths).flatMap(([path, item]) => {
    if (!isObject(item)) return [];
    const methods = Object.keys(item).filter((name) => METHODS.includes(name));
    return methods.map((name) => {
      const value = item[name] as JsonObject;
      const method = name.toUpperCase();
      const id = typeof value.operationId === "string" ? value.operationId : undefined;
      const at = ["paths", path, name];
      const parameters = [
        ...parametersAt(openapi, ["paths", path, "parameters"]),
        ...parametersAt(openapi, [...at, "parameters"]),
      ];
      return {
        key: id ?? `${method} ${path}`,
        id,
        method,
        path,
        value,
        at,
        parameters: overridden(parameters),
      };
    });
  });
}

/** The value at a place, and where it stands once its `$ref`s are followed; `undefined` when there is none. */
export function follow(openapi: JsonObject, at: Segments): Located | undefined {
  const value = valueAt(openapi, at) as Json | undefined;
  if (!isObject(value)) return undefined;
  if (typeof value.$ref !== "string" || Object.keys(value).length > 1) return { value, at };
  return follow(openapi, segmentsOf(value.$ref)) ?? { value, at };
}

/** The entries of an object, none of anything else. */
export function entriesOf(value: Json | undefined): [string, Json][] {
  return isObject(value) ? Object.entries(value) : [];
}

function parametersAt(openapi: JsonObject, at: Segments): Located[] {
  const list = valueAt(openapi, at);
  if (!Array.isArray(list)) return [];
  return list
    .map((_, index) => follow(openapi, [...at, index]))
    .filter((parameter) => parameter !== undefined);
}

/** A parameter of the operation stands for the one of the path with its name and place. */
function overridden(parameters: Located[]): Located[] {
  return [
    ...new Map(
      parameters.map((parameter) => [`${parameter.value.in} ${parameter.value.name}`, parameter]),
    ).values(),
  ];
}

/** A local reference to a place. */
export function refTo(at: Segments): string {
  return `#${pointerOf(at).split("/").map(encodeURIComponent).join("/")}`;
}
