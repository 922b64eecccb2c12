import { type ContentObject, type OpenApi, type Operation, parametersOf } from "../../openapi/operations.ts";
import { dereference } from "../../openapi/reference.ts";
import type { PlannedCall } from "../check.ts";

/** A call that changes nothing, even if the gateway lets it through by mistake. */
export type ProbeCall = Pick<PlannedCall, "operation" | "method" | "path" | "body">;

/**
 * A safe call for each signed operation: with an unknown id, and with the body `{}`. The safest come first: GET,
 * then those with an unknown id, then those whose body is invalid. An operation without a safe call is left out.
 */
export function probeCalls(openapi: OpenApi, operations: Operation[]): ProbeCall[] {
  return operations
    .filter(({ signed }) => signed)
    .map((operation) => ({ rank: rankOf(openapi, operation), operation }))
    .filter(({ rank }) => rank < ranks.length)
    .sort((a, b) => a.rank - b.rank)
    .map(({ operation }) => ({
      operation: operation.key,
      method: operation.method,
      path: madeUpPath(openapi, operation),
      ...(operation.takesBody && { body: {} }),
    }));
}

/** The path of an operation, with unknown ids of the documented form: every digit is a zero. */
export function madeUpPath(openapi: OpenApi, operation: Pick<Operation, "path" | "at">): string {
  const parameters = parametersOf(openapi, operation).map(({ value }) => value);
  return operation.path.replaceAll(/\{([^{}]*)\}/g, (_, name) => {
    const { example = "0" } = parameters.find((parameter) => parameter.name === name) ?? {};
    return encodeURIComponent(String(example).replaceAll(/\d/g, "0"));
  });
}

const ranks: ((operation: Operation, openapi: OpenApi) => boolean)[] = [
  ({ method }) => method === "GET",
  ({ path }) => path.includes("{"),
  ({ definition }, openapi) => demandsProperties(openapi, definition.requestBody),
];

function rankOf(openapi: OpenApi, operation: Operation): number {
  const rank = ranks.findIndex((allows) => allows(operation, openapi));
  return rank < 0 ? ranks.length : rank;
}

function demandsProperties(openapi: OpenApi, requestBody: unknown): boolean {
  const media = dereference<ContentObject>(openapi, requestBody)?.content?.["application/json"];
  return (dereference<{ required?: string[] }>(openapi, media?.schema)?.required ?? []).length > 0;
}
