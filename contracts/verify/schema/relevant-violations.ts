import { isObject } from "../../openapi/json.ts";
import type { OpenApi } from "../../openapi/operations.ts";
import { valueAt } from "../../openapi/pointer.ts";
import { type Schema, schemasAt } from "../../openapi/schema.ts";
import type { Violation } from "../../openapi/validation.ts";

/** A violation, and in how many further items of its list the same is wrong. */
export type TellingViolation = Violation & { further: number };

/**
 * Reduces what a validator says of a body to one violation for each thing that is wrong:
 *
 * - of the alternatives of a schema only the one speaks that the body seems to mean,
 * - of several rules that one value breaks only the most telling one,
 * - what is wrong alike in several items of a list is said of the first.
 *
 * @param options.hint properties of the body that was expected; they tell which alternative was meant.
 */
export function tellingViolations(
  violations: Violation[],
  { openapi, schema, body, hint }: { openapi: OpenApi; schema: unknown; body: unknown; hint?: object },
): TellingViolation[] {
  const promised = violations.filter((violation) => isPromised(violation));
  const specific = promised.filter(({ keyword }) => !groupings.has(keyword));
  // The document and its validators may be of different days.
  const kept = [specific, promised, violations].find((list) => list.length > 0) ?? [];
  return firstOfLists(mostTelling(kept), body);

  function isPromised({ place, keyword, params }: Violation): boolean {
    const meant = isObject(body) ? { ...body, ...hint } : body;
    return schemasAt(openapi, schema, meant, place.slice(1)).some((part) => promises(part, keyword, params));
  }
}

/** They only say that something inside is wrong. */
const groupings = new Set(["oneOf", "anyOf", "allOf", "if"]);

/** The rules that one value can break together, the most telling first. */
const ranks = ["required", "additionalProperties", "unevaluatedProperties", "type", "const", "enum"];

/** Whether it is this schema that says so. */
function promises(schema: Schema, keyword: string, params: Record<string, unknown>): boolean {
  if (!Object.hasOwn(schema, keyword)) return false;
  const stated = schema[keyword];
  if (keyword === "required") return (stated as unknown[]).includes(params.missingProperty);
  const fact = facts[keyword];
  return fact === undefined || JSON.stringify(params[fact]) === JSON.stringify(stated);
}

/** Where ajv repeats the keyword's value. */
const facts: Record<string, string> = {
  type: "type",
  const: "allowedValue",
  enum: "allowedValues",
  pattern: "pattern",
  format: "format",
  minimum: "limit",
  maximum: "limit",
  exclusiveMinimum: "limit",
  exclusiveMaximum: "limit",
  minLength: "limit",
  maxLength: "limit",
  minItems: "limit",
  maxItems: "limit",
};

/** The place that a violation speaks of: that of the property where one is missing or too many. */
export function subjectOf({ place, params }: Violation): string[] {
  const property = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  return property === undefined ? place : [...place, String(property)];
}

function mostTelling(violations: Violation[]): Violation[] {
  const places = Map.groupBy(violations, (violation) => JSON.stringify(subjectOf(violation)));
  return [...places.values()].map((group) => {
    const [first] = group.toSorted((a, b) => rank(a) - rank(b));
    return first!.keyword === "const" ? eitherConstant(group) : first!;
  });
}

/** Where the body means no alternative, the constants of all of them are allowed. */
function eitherConstant(group: Violation[]): Violation {
  const constants = group.filter(({ keyword }) => keyword === "const");
  const allowedValues = [...new Set(constants.map(({ params }) => params.allowedValue))];
  const [first] = constants;
  return allowedValues.length === 1 ? first! : { ...first!, keyword: "enum", params: { allowedValues } };
}

function rank({ keyword }: Violation): number {
  const known = ranks.indexOf(keyword);
  return known < 0 ? ranks.length : known;
}

function firstOfLists(violations: Violation[], body: unknown): TellingViolation[] {
  const alike = Map.groupBy(violations, (violation) => {
    const tokens = subjectOf(violation).slice(1);
    const pattern = tokens.map((token, at) =>
      Array.isArray(valueAt(body, tokens.slice(0, at))) ? "*" : token,
    );
    return JSON.stringify([pattern, violation.keyword]);
  });
  return [...alike.values()].map((group) => ({ ...group[0]!, further: group.length - 1 }));
}
