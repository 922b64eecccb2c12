import type { Assertion, Mismatch } from "../check.ts";

/**
 * The status of the answer that a mismatch is about: the one under which its check asserted the same field,
 * or anything of the operation, else the one that it names itself.
 *
 * @returns `undefined` where it is about no status in particular.
 */
export function answerStatus(mismatch: Mismatch, asserted: Assertion[]): string | undefined {
  const own = asserted.filter(({ operation }) => operation === mismatch.operation);
  const same = own.find(({ field }) => fieldOf(field) === fieldOf(mismatch.instancePath));
  const statuses = new Set(own.map(({ status }) => status));
  const status = same?.status ?? (statuses.size === 1 ? own[0]!.status : undefined);
  if (status !== undefined) return status === "any" ? undefined : String(status);
  return mismatch.location.match(/^[1-5]\d\d\b/)?.[0];
}

/** A place in an answer as a field of the matrix: every item of a list is `*`, bytes belong to the body. */
export function fieldOf(place: string): string {
  if (/^bytes\b/.test(place)) return "body";
  return place.startsWith("body /") ? place.replace(/\/\d+(?=\/|$)/g, "/*") : place;
}
