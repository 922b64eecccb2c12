import type { Assertion, Mismatch } from "../check.ts";

/**
 * The status of the response that a mismatch is about: the one under which the check asserted the same field,
 * else the only one it asserted of the operation, else the one at the start of the mismatch's location.
 *
 * @returns `undefined` when the mismatch is about no particular status.
 */
export function responseStatus(mismatch: Mismatch, asserted: Assertion[]): string | undefined {
  const own = asserted.filter(({ operation }) => operation === mismatch.operation);
  const same = own.find(({ field }) => fieldOf(field) === fieldOf(mismatch.instancePath));
  const statuses = new Set(own.map(({ status }) => status));
  const status = same?.status ?? (statuses.size === 1 ? own[0]!.status : undefined);
  if (status !== undefined) return status === "any" ? undefined : String(status);
  return mismatch.location.match(/^[1-5]\d\d\b/)?.[0];
}

/** The matrix field of an instance path: every array item is `*`, and bytes belong to the body. */
export function fieldOf(instancePath: string): string {
  if (/^bytes\b/.test(instancePath)) return "body";
  return instancePath.startsWith("body /") ? instancePath.replace(/\/\d+(?=\/|$)/g, "/*") : instancePath;
}
