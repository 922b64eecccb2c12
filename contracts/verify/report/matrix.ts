import { type OpenApi, readOperations, responseAt } from "../../openapi/operations.ts";
import { escapeToken } from "../../openapi/pointer.ts";
import { type Located, locatedAt, locatedEntries, reached } from "../../openapi/reference.ts";
import { branchesOf } from "../../openapi/schema.ts";
import type { Check, CheckResult, Part } from "../check.ts";
import { fieldOf, responseStatus } from "./response-status.ts";

/** One promise of the contract, and the parts of the verification that asserted it. */
export type MatrixRow = {
  /** The operation's key. */
  operation: string;
  /** A documented status, an undocumented one that was received, or `any`. */
  status: string;
  /** `status`, `header x-amzn-requestid`, `body`, `body /attributes/faceRoll`; `*` is every item. */
  field: string;
  /** When empty, `notAsserted` gives the reason. */
  assertedBy: Part[];
  notAsserted?: string;
  mismatches: number;
};

type MatrixCheck = Pick<Check, "id" | "part" | "operation"> &
  Pick<CheckResult, "asserted" | "mismatches"> & {
    status: "passed" | "failed" | "skipped";
    /** Why it was skipped. */
    reason?: string;
  };

/**
 * Builds the coverage matrix: one row for each field of each documented response of each operation, with what
 * was asserted of it. Assertions beyond the contract follow after the documented rows.
 */
export function coverageMatrix({
  openapi,
  checks,
}: {
  openapi: OpenApi;
  checks: MatrixCheck[];
}): MatrixRow[] {
  const rows = new Map<string, MatrixRow>();
  const row = (operation: string, status: string, field: string): MatrixRow => {
    const key = JSON.stringify([operation, status, field]);
    const found = rows.get(key) ?? { operation, status, field, assertedBy: [], mismatches: 0 };
    rows.set(key, found);
    return found;
  };

  const assertedIn = (operation: string, status: string, instancePath: string, part: Part): MatrixRow => {
    const found = row(operation, status, fieldOf(instancePath));
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
      const status = responseStatus(mismatch, asserted) ?? "any";
      assertedIn(mismatch.operation, status, mismatch.instancePath, part).mismatches += 1;
    }
  }
  const all = [...rows.values()];
  return all.map((each) =>
    each.assertedBy.length > 0 ? each : { ...each, notAsserted: whyNot(each, { all, checks }) },
  );
}

/** Every field that the contract documents of one response, named as in `Assertion.field`. */
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

/** JSON Pointers of everything inside a schema; a schema that contains itself is expanded once. */
function pointersOf(openapi: OpenApi, located: Located, expanded: unknown[]): string[] {
  const schema = reached(openapi, located);
  if (expanded.includes(schema.value)) return [];
  const under = (token: string, child: Located) => [
    `/${token}`,
    ...pointersOf(openapi, child, [...expanded, schema.value]).map((pointer) => `/${token}${pointer}`),
  ];
  const items = locatedAt(schema, "items");
  return [
    ...locatedEntries(schema, "properties").flatMap(([name, child]) => under(escapeToken(name), child)),
    ...(items ? under("*", items) : []),
    ...branchesOf(schema).flatMap((branch) => pointersOf(openapi, branch, [...expanded, schema.value])),
  ];
}

/** Continues "not asserted, because …". */
function whyNot(
  { operation, status }: MatrixRow,
  { all, checks }: { all: MatrixRow[]; checks: MatrixCheck[] },
): string {
  const own = checks.filter((check) => check.operation === operation && check.id.split("/").includes(status));
  const skipped = own.find(({ reason }) => reason !== undefined);
  if (skipped) return skipped.reason!;
  if (own.some((check) => check.status === "failed")) return "its check failed before it came to this";
  const received = all.some(
    (row) => row.operation === operation && row.status === status && row.assertedBy.length > 0,
  );
  return received ? "no response that came held it" : "no check provokes this response";
}
