import type { Operation } from "../../openapi/operations.ts";
import { createRouter } from "../../openapi/router.ts";

/**
 * The key of the operation that a request is for, or its method and path where the contract has none.
 *
 * @param path below the base path; its query does not matter.
 */
export function operationKey(
  operations: readonly Operation[],
  { method, path }: { method: string; path: string },
): string {
  const route = createRouter(operations, "")(method, path.split("?")[0]!);
  return route?.operation.key ?? `${method} ${path}`;
}
