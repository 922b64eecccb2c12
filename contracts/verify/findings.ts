import type { Assertion, CheckResult, Mismatch, Part } from "./check.ts";
import { mismatchOf } from "./schema/response-check.ts";

/** One thing that an answer must show, and whether it does. */
export type Claim = {
  /** The operation's key: whose promise it is. */
  operation: string;
  /** The status of the answers for which it is promised. */
  status: number | "any";
  /** What was asked, in words. */
  location: string;
  /** Where in the answer, as in `Mismatch`. */
  instancePath: string;
  holds: boolean;
  /** In words; neither may hold a secret or a picture. */
  expected: string;
  actual: string;
};

/** What a check has found so far. */
export type Findings = {
  /** Writes down what was asserted, and a mismatch where it does not hold. Gives `holds` back. */
  claim(claim: Claim): boolean;
  result(): CheckResult;
};

/** Collects what one check asserts; each place of an operation's answers counts once, whatever its index. */
export function createFindings(source: Part): Findings {
  const asserted = new Map<string, Assertion>();
  const mismatches: Mismatch[] = [];
  return {
    claim({ operation, status, location, instancePath, holds, expected, actual }) {
      const field = instancePath.replace(/^bytes .*/, "bytes").replaceAll(/\/\d+(?=\/|$)/g, "/*");
      asserted.set(`${operation} ${status} ${field}`, { operation, status, field });
      if (!holds)
        mismatches.push(mismatchOf({ instancePath, expected, actual }, { operation, source, location }));
      return holds;
    },
    result: () => ({ mismatches, asserted: [...asserted.values()] }),
  };
}
