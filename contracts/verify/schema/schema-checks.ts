import { type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { Validation } from "../../openapi/validation.ts";
import {
  type Check,
  type CheckResult,
  createMismatch,
  type Difference,
  type MadeCall,
  type Session,
} from "../check.ts";
import { checkResponse, type ExpectedBody } from "./response-check.ts";

/** How to provoke one documented response of an operation. */
export type SchemaCase = {
  /** The operation's key. */
  operation: string;
  status: number;
  /** Distinguishes the cases of one status, e.g. `NoFace`. */
  name?: string;
  /** A sentence without a full stop: `a face is registered`. */
  title: string;
  /** Makes its calls. Returns the responses to check, or the reason why there are none. */
  provoke(session: Session): Promise<Provoked[] | string>;
  /** A different form of the body that is known to occur. It is reported as one mismatch instead of many. */
  knownForm?: Difference & { fits(body: unknown): boolean };
};

/** A provoked response. */
export type Provoked = {
  made: MadeCall;
  /** What was requested, if the case makes several requests: `threshold 10000`. */
  about?: string;
  /** What its body must have beyond its schema. */
  expectBody?: ExpectedBody;
};

/**
 * Makes the checks of all documented responses: one for each case, and a skipped one for a response without a
 * case. Their ids are `schema/ApiSubjectsPost/201` and, where the case has a
 * name, `schema/ApiSubjectsPost/400/NoFace`.
 */
export function schemaChecks({
  openapi,
  validation,
  cases,
}: {
  openapi: OpenApi;
  validation: Validation;
  cases: SchemaCase[];
}): Check[] {
  return readOperations(openapi).flatMap(({ key, statuses }) =>
    statuses.flatMap((status) => {
      const own = cases.filter((each) => each.operation === key && String(each.status) === status);
      if (own.length === 0) return [unprovoked(key, status)];
      return own.map((each) => checkOf(each, { openapi, validation }));
    }),
  );
}

function checkOf(each: SchemaCase, contract: { openapi: OpenApi; validation: Validation }): Check {
  const { operation, status, name, title } = each;
  return {
    id: `schema/${operation}/${status}${name === undefined ? "" : `/${name}`}`,
    part: "schema",
    operation,
    title,
    async run(session) {
      const provoked = await each.provoke(session);
      if (typeof provoked === "string") return skipped(provoked);
      const results = provoked.map((response) => checkProvoked(response, each, contract));
      const asserted = results.flatMap((result) => result.asserted);
      return {
        mismatches: results.flatMap(({ mismatches }) => mismatches),
        callOf: new Map(
          results.flatMap(({ mismatches }, index) =>
            mismatches.map((mismatch) => [mismatch, provoked[index]!.made.planned] as const),
          ),
        ),
        asserted: [...Map.groupBy(asserted, ({ status, field }) => `${status} ${field}`).values()].map(
          ([first]) => first!,
        ),
      };
    },
  };
}

function checkProvoked(
  { made, about, expectBody }: Provoked,
  { operation, status, name, title, knownForm }: SchemaCase,
  contract: { openapi: OpenApi; validation: Validation },
): Omit<CheckResult, "skipped"> {
  const location = [status, name, about ?? (name === undefined ? title : undefined)]
    .filter(Boolean)
    .join(" ");
  const call = { operation, location, source: "schema" as const };
  const { response } = made;
  const result = checkResponse({ ...contract, ...call, response, expectStatus: status, expectBody });
  if (!knownForm || response.status !== status || !knownForm.fits(parsed(response.body))) return result;
  const others = result.mismatches.filter(({ instancePath }) => !instancePath.startsWith("body"));
  return { ...result, mismatches: [...others, createMismatch(knownForm, call)] };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function unprovoked(operation: string, status: string): Check {
  return {
    id: `schema/${operation}/${status}`,
    part: "schema",
    operation,
    title: `${status} is answered as documented`,
    run: async () => skipped(`no case says how a ${status} is provoked here`),
  };
}

function skipped(reason: string): CheckResult {
  return { mismatches: [], asserted: [], skipped: reason };
}
