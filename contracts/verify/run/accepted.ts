import { createShapes } from "../../openapi/shape.ts";
import type { Mismatch } from "../check.ts";

/** A known deviation that does not fail a run until a day. */
export type Accepted = {
  operation: string;
  /** As in reports. If left out, any. */
  location?: string;
  instancePath?: string;
  reason: string;
  /** The last day it is accepted, `YYYY-MM-DD`, UTC. */
  expires: string;
};

/** The mismatches of a run, sorted by what is accepted. */
export type Deviations = {
  /** They fail the run. */
  counted: Mismatch[];
  accepted: { mismatch: Mismatch; by: Accepted }[];
  /** Past their day. Their mismatches count again. */
  expired: Accepted[];
  /** No mismatch matches them. */
  gone: Accepted[];
};

/** An `--accept` file is invalid. The message has one line for each problem. */
export class AcceptFileError extends Error {
  readonly code = "ACCEPT_FILE_INVALID";

  constructor(file: string, problems: string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join("\n"));
    this.name = "AcceptFileError";
  }
}

/**
 * Sorts mismatches by what is accepted today.
 *
 * @param now Unix time in milliseconds.
 */
export function sortDeviations(mismatches: Mismatch[], accepted: Accepted[], now: number): Deviations {
  const today = new Date(now).toISOString().slice(0, 10);
  const expired = accepted.filter(({ expires }) => expires < today);
  const valid = accepted.filter(({ expires }) => expires >= today);
  const pairs = mismatches.map((mismatch) => ({
    mismatch,
    by: valid.find((each) => covers(each, mismatch)),
  }));
  return {
    counted: pairs.filter(({ by }) => !by).map(({ mismatch }) => mismatch),
    accepted: pairs.filter((pair): pair is { mismatch: Mismatch; by: Accepted } => pair.by !== undefined),
    expired,
    gone: valid.filter((each) => !mismatches.some((mismatch) => covers(each, mismatch))),
  };
}

/**
 * Parses an accept file: a JSON list of `{ operation, location?, instancePath?, reason, expires }`.
 *
 * @throws {AcceptFileError} with every problem.
 */
export function parseAccepted(file: string, text: string): Accepted[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new AcceptFileError(file, [`is not valid JSON: ${(error as Error).message}`]);
  }
  const problems = shapes("acceptFile", list).map(({ at, rule }) =>
    [at.map((token) => `/${token}`).join(""), rule.replace("known: ", "known are ")].join(" ").trim(),
  );
  if (problems.length > 0) throw new AcceptFileError(file, problems);
  return list as Accepted[];
}

function covers(accepted: Accepted, mismatch: Mismatch): boolean {
  return (["operation", "location", "instancePath"] as const).every(
    (name) => accepted[name] === undefined || accepted[name] === mismatch[name],
  );
}

const text = { type: "string", pattern: "\\S", title: "text" };
const day = { type: "string", pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$" };
const shapes = createShapes({
  acceptFile: {
    type: "array",
    title: "a list of accepted deviations",
    items: {
      type: "object",
      title: "an object",
      properties: {
        operation: text,
        location: text,
        instancePath: text,
        reason: text,
        expires: { ...day, title: "a day, YYYY-MM-DD" },
      },
      required: ["operation", "reason", "expires"],
      additionalProperties: false,
    },
  },
});
