import type { Change } from "./diff.ts";

/** A change that a person has accepted, with the reason. */
export type AcceptedChange = {
  /** The id of a rule. */
  id: string;
  /** Any operation where it is missing. */
  operation?: string;
  location?: string;
  reason: string;
  /** The day on which it was accepted, `YYYY-MM-DD`. */
  date: string;
  /** The last day on which it is accepted, `YYYY-MM-DD` in UTC. Without it, the change is always accepted. */
  expires?: string;
};

/** The file of `--accept` is invalid. The message has a line for each problem. */
export class AcceptedChangesError extends Error {
  readonly code = "ACCEPTED_CHANGES_INVALID";

  constructor(file: string, problems: string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join("\n"));
    this.name = "AcceptedChangesError";
  }
}

/**
 * Divides changes into those that count and those that are accepted.
 *
 * @param now milliseconds since the epoch; it decides which rows have expired.
 * @returns also the rows that have expired, whose changes count again, and the rows that accept no change.
 */
export function sortByAccepted(changes: Change[], list: AcceptedChange[], now: number) {
  const today = new Date(now).toISOString().slice(0, 10);
  const expired = list.filter(({ expires }) => expires !== undefined && expires < today);
  const valid = list.filter((each) => !expired.includes(each));
  const pairs = changes.map((change) => ({ change, by: valid.find((each) => covers(each, change)) }));
  return {
    counted: pairs.filter(({ by }) => !by).map(({ change }) => change),
    accepted: pairs.filter((pair): pair is { change: Change; by: AcceptedChange } => pair.by !== undefined),
    expired,
    unused: valid.filter((each) => !changes.some((change) => covers(each, change))),
  };
}

/**
 * Reads an accept file: a JSON list of `{ id, operation?, location?, reason, date, expires? }`.
 * @throws {AcceptedChangesError} with every problem.
 */
export function parseAcceptedChanges(file: string, text: string): AcceptedChange[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new AcceptedChangesError(file, [`is not valid JSON: ${(error as Error).message}`]);
  }
  if (!Array.isArray(list)) throw new AcceptedChangesError(file, ["must be a list of accepted changes"]);
  const problems = list.flatMap((item, index) => problemsOf(item).map((problem) => `/${index}${problem}`));
  if (problems.length > 0) throw new AcceptedChangesError(file, problems);
  return list as AcceptedChange[];
}

const FIELDS = ["id", "operation", "location", "reason", "date", "expires"] as const;

function covers(accepted: AcceptedChange, change: Change): boolean {
  return (["id", "operation", "location"] as const).every(
    (name) => accepted[name] === undefined || accepted[name] === change[name],
  );
}

function problemsOf(item: unknown): string[] {
  if (typeof item !== "object" || item === null) return [" must be an object"];
  const record = item as Record<string, unknown>;
  const unknown = Object.keys(record).filter((name) => !(FIELDS as readonly string[]).includes(name));
  return [
    ...unknown.map((name) => `/${name} is not known; known are ${FIELDS.join(", ")}`),
    ...["id", "reason"].filter((name) => !isText(record[name])).map((name) => `/${name} must be text`),
    ...["operation", "location"]
      .filter((name) => record[name] !== undefined && !isText(record[name]))
      .map((name) => `/${name} must be text`),
    ...(["date", "expires"] as const)
      .filter((name) => (name === "date" || record[name] !== undefined) && !isDay(record[name]))
      .map((name) => `/${name} must be a day, YYYY-MM-DD`),
  ];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

function isDay(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}
