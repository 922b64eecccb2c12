import { type OpenApi, readOperations, responseAt } from "../../openapi/operations.ts";
import { escapeToken } from "../../openapi/pointer.ts";
import { type Located, locatedAt, locatedEntries, reached } from "../../openapi/reference.ts";
import { branchesOf } from "../../openapi/schema.ts";
import type { Assertion, Mismatch, Part } from "../check.ts";
import { answerStatus, fieldOf } from "./answer-status.ts";
import type { ReportedCheck } from "./report.ts";

/** One promise of the contract, and who held the provider to it. */
export type MatrixRow = {
  /** The operation's key. */
  operation: string;
  /** A documented status, one that came without being documented, or `any`. */
  status: string;
  /** `status`, `header x-amzn-requestid`, `body`, `body /attributes/faceRoll`; `*` stands for every item. */
  field: string;
  /** Empty: nobody, and `notAsserted` says why. */
  assertedBy: Part[];
  notAsserted?: string;
  mismatches: number;
};

type CheckOutcome = Pick<ReportedCheck, "id" | "part" | "operation" | "status" | "reason"> & {
  asserted: Assertion[];
  mismatches: Mismatch[];
};

/**
 * Lays what was asserted over everything that the contract promises about answers: each operation, each of
 * its documented statuses, each field. What was asserted beyond it follows after the documented rows.
 */
export function coverageMatrix({
  openapi,
  checks,
}: {
  openapi: OpenApi;
  checks: CheckOutcome[];
}): MatrixRow[] {
  const rows = new Map<string, MatrixRow>();
  const row = (operation: string, status: string, field: string): MatrixRow => {
    const key = JSON.stringify([operation, status, field]);
    const found = rows.get(key) ?? { operation, status, field, assertedBy: [], mismatches: 0 };
    rows.set(key, found);
    return found;
  };

  const assertedIn = (operation: string, status: string, place: string, part: Part): MatrixRow => {
    const found = row(operation, status, fieldOf(place));
    if (!found.assertedBy.includes(part)) found.assertedBy.push(part);
    return found;
  };

  for (const operation of readOperations(openapi)) {
    for (const status of operation.statuses) {
      const listed = responseAt(operation, status)!;
      const fields = fieldsOf(openapi, reached(openapi, listed));
      for (const field of fields) row(operation.key, status, field);
    }
  }
  for (const { part, asserted, mismatches } of checks) {
    for (const { operation, status, field } of asserted) assertedIn(operation, String(status), field, part);
    for (const mismatch of mismatches) {
      const status = answerStatus(mismatch, asserted) ?? "any";
      assertedIn(mismatch.operation, status, mismatch.instancePath, part).mismatches += 1;
    }
  }
  const all = [...rows.values()];
  return all.map((each) =>
    each.assertedBy.length > 0 ? each : { ...each, notAsserted: whyNot(each, { all, checks }) },
  );
}

/** Everything that the contract says about one answer, in the words of `Assertion.field`. */
function fieldsOf(openapi: OpenApi, response: Located): string[] {
  const headers = locatedEntries(response, "headers").map(([name]) => `header ${name.toLowerCase()}`);
  const content = locatedEntries(response, "content");
  const schemas = content
    .map(([, media]) => locatedAt(media, "schema"))
    .filter((schema) => schema !== undefined);
  const pointers = new Set(schemas.flatMap((schema) => pointersOf(openapi, schema, [])));
  return [
    "status",
    ...(content.length > 0 ? ["header content-type"] : []),
    ...headers,
    "body",
    ...[...pointers].map((pointer) => `body ${pointer}`),
  ];
}

/** Pointers of everything inside a schema; one that contains itself is opened once. */
function pointersOf(openapi: OpenApi, place: Located, open: unknown[]): string[] {
  const schema = reached(openapi, place);
  if (open.includes(schema.value)) return [];
  const under = (token: string, child: Located) => [
    `/${token}`,
    ...pointersOf(openapi, child, [...open, schema.value]).map((pointer) => `/${token}${pointer}`),
  ];
  const items = locatedAt(schema, "items");
  return [
    ...locatedEntries(schema, "properties").flatMap(([name, child]) => under(escapeToken(name), child)),
    ...(items ? under("*", items) : []),
    ...branchesOf(schema).flatMap((branch) => pointersOf(openapi, branch, [...open, schema.value])),
  ];
}

/** Continues "not asserted, because …". */
function whyNot(
  { operation, status }: MatrixRow,
  { all, checks }: { all: MatrixRow[]; checks: CheckOutcome[] },
): string {
  const own = checks.filter((check) => check.operation === operation && check.id.split("/").includes(status));
  const skipped = own.find(({ reason }) => reason !== undefined);
  if (skipped) return skipped.reason!;
  if (own.some((check) => check.status === "failed")) return "its check failed before it came to this";
  const met = all.some(
    (row) => row.operation === operation && row.status === status && row.assertedBy.length > 0,
  );
  return met ? "no answer that came held it" : "no check provokes this answer";
}
