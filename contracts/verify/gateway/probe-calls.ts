import type { OpenApi, Operation } from "../../openapi/operations.ts";
import type { PlannedCall } from "../check.ts";

/** A call that changes nothing even where it is let through by mistake. */
export type ProbeCall = Pick<PlannedCall, "operation" | "method" | "path" | "body">;

/**
 * Gives for each operation that wants a signature a call that is safe to probe with: an id that nobody has,
 * and the body `{}` where something is required of it. The safest stand first: reading, then what names a
 * thing that is not there, then what is refused for its body. An operation without such a call is left out.
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

/** The path of an operation with ids of the documented form that nobody has: every digit is a zero. */
export function madeUpPath(openapi: OpenApi, { path, method }: Pick<Operation, "path" | "method">): string {
  const item = openapi.paths?.[path] as PathParameters | undefined;
  const parameters = [...(item?.parameters ?? []), ...(item?.[method.toLowerCase()]?.parameters ?? [])];
  return path.replaceAll(/\{([^}]*)\}/g, (_, name) => {
    const { example } = parameters.find((parameter) => parameter.name === name) ?? {};
    return encodeURIComponent(String(example ?? "0").replaceAll(/\d/g, "0"));
  });
}

type Parameters = { parameters?: { name?: string; example?: unknown }[] };
type PathParameters = Parameters & Record<string, Parameters | undefined>;

const ranks: ((operation: Operation, openapi: OpenApi) => boolean)[] = [
  ({ method }) => method === "GET",
  ({ path }) => path.includes("{"),
  ({ takesBody, path, method }, openapi) => takesBody && demandsProperties(openapi, { path, method }),
];

function rankOf(openapi: OpenApi, operation: Operation): number {
  const rank = ranks.findIndex((allows) => allows(operation, openapi));
  return rank < 0 ? ranks.length : rank;
}

function demandsProperties(openapi: OpenApi, { path, method }: Pick<Operation, "path" | "method">): boolean {
  const item = openapi.paths?.[path] as Record<string, { requestBody?: RequestBody }> | undefined;
  const given = item?.[method.toLowerCase()]?.requestBody?.content?.["application/json"]?.schema;
  const name = given?.$ref?.replace("#/components/schemas/", "");
  const schema = name === undefined ? given : (openapi.components?.schemas?.[name] as Schema | undefined);
  return (schema?.required ?? []).length > 0;
}

type Schema = { $ref?: string; required?: string[] };
type RequestBody = { content?: Record<string, { schema?: Schema }> };
