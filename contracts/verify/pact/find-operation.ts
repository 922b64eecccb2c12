import type { Operation } from "../../openapi/operations.ts";

/**
 * Finds the operation that a request is for; a path without parameters goes before one with.
 *
 * @param path below the base path; its query does not matter.
 * @see https://spec.openapis.org/oas/v3.1.1.html#path-templating-matching
 */
export function findOperation(
  operations: readonly Operation[],
  { method, path }: { method: string; path: string },
): Operation | undefined {
  const steps = path.split("?")[0]!.split("/");
  return operations
    .filter((operation) => operation.method === method && fits(operation.path.split("/"), steps))
    .toSorted((a, b) => parameters(a.path) - parameters(b.path))[0];
}

function fits(template: string[], steps: string[]): boolean {
  return (
    template.length === steps.length &&
    template.every((part, index) => (part.startsWith("{") ? steps[index] !== "" : part === steps[index]))
  );
}

function parameters(template: string): number {
  return template.split("{").length;
}
