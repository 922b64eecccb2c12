import { isObject } from "../../openapi/json.ts";
import type { OpenApi } from "../../openapi/operations.ts";
import { valueAt } from "../../openapi/pointer.ts";
import { type Schema, schemasAt } from "../../openapi/schema.ts";
import type { Violation } from "../../openapi/validation.ts";

/** A violation, and the number of further items of its list with the same violation. */
export type RelevantViolation = Violation & { further: number };

/**
 * Reduces a validator's violations of a body to one for each error:
 *
 * - of a schema's alternatives, only the one counts that the body seems to follow,
 * - of several keywords that fail for one value, only the most relevant counts,
 * - if several items of a list have the same violation, the first counts.
 *
 * @param options.hint properties of the expected body, which determine the alternative.
 */
export function relevantViolations(
  violations: Violation[],
  { openapi, schema, body, hint }: { openapi: OpenApi; schema: unknown; body: unknown; hint?: object },
): RelevantViolation[] {
  const stated = violations.filter((violation) => isStated(violation));
  const specific = stated.filter(({ keyword }) => !groupings.has(keyword));
  // The document and its validators may be of different versions.
  const kept = [specific, stated, violations].find((list) => list.length > 0) ?? [];
  return firstOfLists(mostRelevant(kept), body);

  function isStated({ place, keyword, params }: Violation): boolean {
    const hinted = isObject(body) ? { ...body, ...hint } : body;
    return schemasAt(openapi, schema, hinted, place.slice(1)).some((part) => states(part, keyword, params));
  }
}

/** They only mean that something inside fails. */
const groupings = new Set(["oneOf", "anyOf", "allOf", "if"]);

/** Keywords that can fail together for one value, the most relevant first. */
const ranks = ["required", "additionalProperties", "unevaluatedProperties", "type", "const", "enum"];

/** Whether this schema states the keyword that failed. */
function states(schema: Schema, keyword: string, params: Record<string, unknown>): boolean {
  if (!Object.hasOwn(schema, keyword)) return false;
  const wanted = schema[keyword];
  if (keyword === "required") return (wanted as unknown[]).includes(params.missingProperty);
  const parameter = valueParameters[keyword];
  return parameter === undefined || JSON.stringify(params[parameter]) === JSON.stringify(wanted);
}

/** The parameter of an ajv error that is the keyword's value. */
const valueParameters: Record<string, string> = {
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

/** The location of a violation. If a property is missing or not allowed, that of the property. */
export function locationOf({ place, params }: Violation): string[] {
  const property = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  return property === undefined ? place : [...place, String(property)];
}

function mostRelevant(violations: Violation[]): Violation[] {
  const places = Map.groupBy(violations, (violation) => JSON.stringify(locationOf(violation)));
  return [...places.values()].map((group) => {
    const [first] = group.toSorted((a, b) => rank(a) - rank(b));
    return first!.keyword === "const" ? eitherConstant(group) : first!;
  });
}

/** If the body follows no alternative, the constants of all of them are allowed. */
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

function firstOfLists(violations: Violation[], body: unknown): RelevantViolation[] {
  const groups = Map.groupBy(violations, (violation) => {
    const tokens = locationOf(violation).slice(1);
    const pattern = tokens.map((token, at) =>
      Array.isArray(valueAt(body, tokens.slice(0, at))) ? "*" : token,
    );
    return JSON.stringify([pattern, violation.keyword]);
  });
  return [...groups.values()].map((group) => ({ ...group[0]!, further: group.length - 1 }));
}
