import type { Mismatch } from "../check.ts";

/** A deviation that is known and put up with until a day. */
export type Accepted = {
  operation: string;
  /** As reports show them; left out, any. */
  location?: string;
  instancePath?: string;
  reason: string;
  /** The last day it is accepted, `YYYY-MM-DD`, UTC. */
  expires: string;
};

/** The mismatches that count, those that are accepted, and the acceptances that are wrong by now. */
export type Deviations = {
  counted: Mismatch[];
  accepted: { mismatch: Mismatch; by: Accepted }[];
  /** Past their day: what they accepted counts again. */
  expired: Accepted[];
  /** Accept something that did not occur. */
  gone: Accepted[];
};

/** An `--accept` file that cannot be used; one line for each problem. */
export class AcceptFileError extends Error {
  readonly code = "ACCEPT_FILE_INVALID";

  constructor(file: string, problems: string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join("\n"));
    this.name = "AcceptFileError";
  }
}

/** Sorts mismatches by what is accepted on the day of `now` (milliseconds since the epoch). */
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
 * Reads an accept file: a JSON list of `{ operation, location?, instancePath?, reason, expires }`.
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
  if (!Array.isArray(list)) throw new AcceptFileError(file, ["must be a list of accepted deviations"]);
  const problems = list.flatMap((item, place) => problemsOf(item).map((problem) => `/${place}${problem}`));
  if (problems.length > 0) throw new AcceptFileError(file, problems);
  return list as Accepted[];
}

function covers(accepted: Accepted, mismatch: Mismatch): boolean {
  return (["operation", "location", "instancePath"] as const).every(
    (name) => accepted[name] === undefined || accepted[name] === mismatch[name],
  );
}

const names = ["operation", "location", "instancePath", "reason", "expires"];

function problemsOf(item: unknown): string[] {
  if (typeof item !== "object" || item === null) return [" must be an object"];
  const record = item as Record<string, unknown>;
  const unknown = Object.keys(record).filter((name) => !names.includes(name));
  return [
    ...unknown.map((name) => `/${name} is not known; known are ${names.join(", ")}`),
    ...["operation", "reason"].filter((name) => !isText(record[name])).map((name) => `/${name} must be text`),
    ...["location", "instancePath"]
      .filter((name) => record[name] !== undefined && !isText(record[name]))
      .map((name) => `/${name} must be text`),
    ...(isDay(record.expires) ? [] : ["/expires must be a day, YYYY-MM-DD"]),
  ];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function isDay(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}
