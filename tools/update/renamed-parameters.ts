import type { JsonObject } from "../../contracts/openapi/json.ts";
import { type OpenApi, type Operation, readOperations } from "../../contracts/openapi/operations.ts";

/** A path parameter that has another name. A request is the same, but the generated types are not. */
export type RenamedParameter = { operation: Operation; from: string; to: string };

/** The path parameters of operations that both contracts have, where their names differ. */
export function renamedParameters(before: JsonObject, after: JsonObject): RenamedParameter[] {
  const now = new Map(readOperations(after as unknown as OpenApi).map((each) => [placeOf(each), each]));
  return readOperations(before as unknown as OpenApi).flatMap((operation) => {
    const [old, fresh] = [namesIn(operation.path), namesIn(now.get(placeOf(operation))?.path ?? "")];
    return old.flatMap((from, index) => {
      const to = fresh[index];
      return to === undefined || to === from ? [] : [{ operation, from, to }];
    });
  });
}

function placeOf({ method, path }: Operation): string {
  return `${method} ${path.replaceAll(/\{[^{}]*\}/g, "{}")}`;
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!);
}
