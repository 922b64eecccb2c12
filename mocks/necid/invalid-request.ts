import type { Violation } from "../../contracts/openapi/validation.ts";

/** The body of NEC ID's own errors. */
export type NecIdError = { message: string; errorCode: number; errorType: string };

/**
 * NEC ID's response to a request that breaks the contract: 400 with this body. The message names the
 * property and its rule; a missing property comes first (`face property must be provided.`).
 */
export function invalidRequest(violations: Violation[]): NecIdError {
  const [first] = violations.toSorted((a, b) => rank(a) - rank(b));
  const message = first ? sentence(first) : "The request is invalid.";
  return { message, errorCode: 1001, errorType: "InvalidRequest" };
}

/** The most helpful violation comes first: a missing property, then a wrong type. */
function rank({ keyword }: Violation): number {
  const place = ["required", "type", "contentEncoding"].indexOf(keyword);
  return place < 0 ? 3 : place;
}

function sentence(violation: Violation): string {
  const subject = subjectOf(violation);
  const rule = rules[violation.keyword]?.(violation.params) ?? `is invalid: ${violation.message}`;
  return `${subject} ${rule.replace(/\.$/, "")}.`;
}

/** `face property`, `id parameter`, `request body`; the keyword's own property where it names one. */
function subjectOf({ place, params }: Violation): string {
  const [where = "body", ...properties] = place;
  const named = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  const path = named === undefined ? properties : [...properties, String(named)];
  if (path.length === 0) return where === "body" ? "request body" : where;
  return `${shortened(path.join("."))} ${kinds[where] ?? "parameter"}`;
}

/** The client chooses the name of its property, at any length. */
function shortened(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}

const kinds: Record<string, string> = { body: "property", header: "header" };

type Rule = (params: Record<string, unknown>) => string;

const rules: Record<string, Rule> = {
  required: () => "must be provided",
  type: ({ type }) => `must be ${typeNames[String(type)] ?? type}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  minLength: ({ limit }) => (limit === 1 ? "must not be empty" : `must have at least ${limit} characters`),
  maxLength: ({ limit }) => `must have at most ${limit} characters`,
  pattern: ({ pattern }) => `must match ${pattern}`,
  contentEncoding: ({ encoding }) => `must be ${encoding ?? "base64"} text`,
  enum: ({ allowedValues }) => `must be one of ${(allowedValues as unknown[] | undefined)?.join(", ")}`,
  additionalProperties: () => "is not known",
  json: () => "must be valid JSON",
};

const typeNames: Record<string, string> = {
  string: "text",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  object: "a JSON object",
  array: "a list",
  null: "null",
};
