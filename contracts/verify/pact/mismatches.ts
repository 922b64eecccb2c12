import { isObject } from "../../openapi/json.ts";
import { escapeToken } from "../../openapi/pointer.ts";
import { type Assertion, createMismatch, type Difference, type Mismatch } from "../check.ts";
import { redactName, redactValue } from "../redaction.ts";
import { jsonPathSteps } from "./json-path.ts";
import type { Interaction } from "./pact.ts";
import type { VerifierMismatch } from "./verifier.ts";

/**
 * Converts the Verifier's mismatches: one for each instance path, sorted by it. The Verifier's own sentences
 * are left out, because they contain what the provider sent.
 */
export function mismatchesOf(
  found: VerifierMismatch[],
  { interaction, operation }: { interaction: Interaction; operation: string },
): Mismatch[] {
  // With another status, headers and body belong to another response.
  const wrongStatus = found.filter(({ type }) => type === "StatusMismatch");
  const relevant = wrongStatus.length > 0 ? wrongStatus : found;
  const differences = relevant.flatMap((mismatch) => differencesOf(mismatch, interaction));
  // Several rules for one value count as one.
  const distinct = new Map(differences.map((difference) => [difference.instancePath, difference]));
  return [...distinct.values()]
    .toSorted((a, b) => order(a.instancePath, b.instancePath))
    .map((difference) =>
      createMismatch(difference, { operation, source: "pact", location: interaction.description }),
    );
}

/** Every value of the expected response, with `*` for array items. */
export function assertionsOf({ response, document }: Interaction, operation: string): Assertion[] {
  const { status, headers, body } = response;
  const values = body === undefined ? ["body"] : leavesOf(body).map((pointer) => `body ${pointer}`.trim());
  const fields = [
    "status",
    ...headers.map((name) => `header ${name}`),
    ...(document.response?.body === undefined ? [] : values),
  ];
  return [...new Set(fields)].map((field) => ({ operation, status, field }));
}

function differencesOf(mismatch: VerifierMismatch, interaction: Interaction): Difference[] {
  const { type, key = "", path = "$", expected, actual } = mismatch;
  const fault = ruleFault(mismatch);
  if (fault !== undefined) {
    const place = type === "HeaderMismatch" ? `header ${key.toLowerCase()}` : path;
    return [{ instancePath: `the pact's own rule for ${place}`, expected: fault, actual: "not" }];
  }
  if (type === "StatusMismatch") {
    const rule = describeRule(interaction, { part: "status", steps: [] });
    return [{ instancePath: "status", expected: rule ?? String(expected), actual: String(actual) }];
  }
  if (type === "HeaderMismatch") {
    const name = key.toLowerCase();
    const rule = describeRule(interaction, { part: "header", steps: [name], expected: parseJson(expected) });
    return [
      {
        instancePath: `header ${name}`,
        expected: rule ?? redactValue(parseJson(expected)),
        actual: actual === "" ? "missing" : redactValue(parseJson(actual)),
      },
    ];
  }
  if (type === "BodyTypeMismatch") {
    return [{ instancePath: "header content-type", expected: String(expected), actual: redactValue(actual) }];
  }
  if (type !== "BodyMismatch") {
    return [{ instancePath: "response", expected: "one that Pact can compare", actual: redactValue(actual) }];
  }
  return bodyDifferences({ path, expected: parseJson(expected), actual: parseJson(actual) }, interaction);
}

/** A missing property is reported at its own path, not at the object's. */
function bodyDifferences(
  { path, expected, actual }: { path: string; expected: unknown; actual: unknown },
  interaction: Interaction,
): Difference[] {
  const { body } = interaction.response;
  if (body === undefined) return [{ instancePath: "body", expected: "no body", actual: "a body" }];
  const steps = jsonPathSteps(path);
  // For an object, the Verifier lists the expected and the actual names.
  const areNames = isObject(valueAt(body, steps)) && Array.isArray(expected) && Array.isArray(actual);
  if (areNames) {
    return missingOf(expected, actual).map((name) => ({
      instancePath: instancePathOf([...steps, name]),
      expected:
        describeRule(interaction, {
          part: "body",
          steps: [...steps, name],
          expected: valueAt(body, [...steps, name]),
        }) ?? "the property",
      actual: "missing",
    }));
  }
  return [
    {
      instancePath: instancePathOf(steps),
      expected: describeRule(interaction, { part: "body", steps, expected }) ?? redactValue(expected),
      actual: actual === null && steps.length === 0 ? "no body" : redactValue(actual),
    },
  ];
}

function missingOf(expected: unknown[], actual: unknown[]): string[] {
  return expected.filter((name) => !actual.includes(name)).map(String);
}

function instancePathOf(steps: string[]): string {
  return steps.length === 0
    ? "body"
    : `body ${steps.map((step) => `/${escapeToken(redactName(step))}`).join("")}`;
}

/** The value at a path of an example, in which one array item stands for all. */
function valueAt(value: unknown, steps: string[]): unknown {
  return steps.reduce<unknown>(
    (whole, step) =>
      Array.isArray(whole) ? whole[0] : (whole as Record<string, unknown> | undefined)?.[step],
    value,
  );
}

/** What is wrong with the rule itself, if Pact's Verifier could not apply it: then the pact is at fault. */
export function ruleFault({ mismatch = "" }: VerifierMismatch): string | undefined {
  // The provider's text stands before these words, or not at all.
  if (mismatch.includes("' is not a valid regular expression - "))
    return "a regular expression that compiles";
  const begin = mismatch.indexOf("Could not apply the '");
  const end = mismatch.indexOf("' matching rule - ", begin);
  if (begin >= 0 && end >= 0) return "a matcher that Pact knows";
  return undefined;
}

type Matcher = {
  match?: string;
  regex?: string;
  min?: number;
  max?: number;
  format?: string;
  value?: unknown;
  /** Of `eachKey` and `eachValue`. */
  rules?: Matcher[];
};
type Place = { part: "body" | "header" | "status"; steps: string[]; expected?: unknown };

/** Describes what the pact's matching rules expect at a place. A rule for a whole covers its parts by type. */
function describeRule({ document }: Interaction, { part, steps, expected }: Place): string | undefined {
  const rules = rulesOf(document.response?.matchingRules, part);
  const exact = rules.find(({ pattern }) => pattern.length === steps.length && covers(pattern, steps));
  const matchers = exact?.matchers ?? [];
  const particular = matchers.filter((matcher) => !isOfExample(matcher));
  const described = particular.length > 0 ? particular : matchers;
  const descriptions = described.flatMap((matcher) => describeMatcher(matcher, expected));
  if (descriptions.length > 0) return [...new Set(descriptions)].join(", ");
  const members = rules
    .filter(({ pattern }) => pattern.length === steps.length - 1 && covers(pattern, steps))
    .flatMap((rule) => rule.matchers.flatMap((matcher) => describeMembers(matcher, expected)));
  if (members.length > 0) return [...new Set(members)].join(", ");
  const isCovered = rules.some(
    ({ pattern, matchers }) =>
      matchers.some(isByType) && pattern.length < steps.length && covers(pattern, steps),
  );
  return isCovered ? describeType(expected) : undefined;
}

type Rule = { pattern: string[]; matchers: Matcher[] };

/** The rules of a response's part. Specification 2 writes `$.body.id`, later ones have the parts apart. */
function rulesOf(rules: Record<string, unknown> | undefined, part: Place["part"]): Rule[] {
  const own = Object.entries(rules ?? {}).flatMap(([path, matcher]): Rule[] => {
    const [first, ...pattern] = jsonPathSteps(path);
    if (!path.startsWith("$") || !isObject(matcher) || first !== (part === "header" ? "headers" : part))
      return [];
    return [{ pattern: part === "header" ? pattern.map(lower) : pattern, matchers: [matcher] }];
  });
  const listed = (rules?.[part] ?? {}) as Record<string, { matchers?: unknown } | Matcher[] | undefined>;
  if (part === "status") return [...own, { pattern: [], matchers: matchersOf(listed) }];
  return [
    ...own,
    ...Object.entries(listed).map(([path, rule]) => ({
      pattern: part === "header" ? [lower(path)] : jsonPathSteps(path),
      matchers: matchersOf(rule),
    })),
  ];
}

function matchersOf(rule: unknown): Matcher[] {
  const { matchers } = (rule ?? {}) as { matchers?: unknown };
  return Array.isArray(matchers) ? matchers.filter(isObject) : [];
}

function lower(text: string): string {
  return text.toLowerCase();
}

function covers(pattern: string[], steps: string[]): boolean {
  return pattern.every((step, at) => step === "*" || step === steps[at]);
}

function isByType({ match, min, max, regex }: Matcher): boolean {
  return regex === undefined && (match === "type" || min !== undefined || max !== undefined);
}

/** What the rule for an object says of each key or value. */
function describeMembers({ match, rules }: Matcher, expected: unknown): string[] {
  if (match !== "eachKey" && match !== "eachValue") return [];
  const described = (rules ?? []).flatMap((rule) => describeMatcher(rule, expected));
  return match === "eachKey" ? described.map((description) => `a key that is ${description}`) : described;
}

/** Another rule of the same place says more. */
function isOfExample({ match, min, max }: Matcher): boolean {
  return match === "type" && min === undefined && max === undefined;
}

/** @param expected the example of the pact. */
function describeMatcher(matcher: Matcher, expected: unknown): string[] {
  const { match = "", regex, min, max, format = "", value } = matcher;
  if (regex !== undefined) return [`text matching ${regex}`];
  if (min !== undefined || max !== undefined) return [`a list of ${min ?? 0} to ${max ?? "any number"}`];
  if (match === "type") return [describeType(expected)];
  if (match === "include") return [`text with ${redactValue(value)}`];
  const known = matcherDescriptions[match];
  if (known !== undefined) return [known.replace("FORMAT", format)];
  return match === "" || match === "equality" ? [] : [`a value matching "${match}"`];
}

const matcherDescriptions: Record<string, string> = {
  integer: "an integer",
  decimal: "a decimal number",
  number: "a number",
  boolean: "true or false",
  null: "null",
  date: "a date like FORMAT",
  time: "a time like FORMAT",
  timestamp: "a date and time like FORMAT",
  datetime: "a date and time like FORMAT",
  semver: "a semantic version",
  notEmpty: "a value that is not empty",
  values: "an object with values like those of the example",
  eachKey: "an object whose keys match",
  eachValue: "an object whose values match",
  arrayContains: "a list with the items of the example",
  statusCode: "a status of the described kind",
  contentType: "content of the described type",
};

/** The matchers of specification 4. @see https://github.com/pact-foundation/pact-specification/tree/version-4 */
export const knownMatchers: ReadonlySet<string> = new Set([
  ...Object.keys(matcherDescriptions),
  "type",
  "regex",
  "include",
  "equality",
]);

function describeType(expected: unknown): string {
  if (expected === null) return "null";
  if (Array.isArray(expected)) return "a list";
  return (
    { string: "a string", number: "a number", boolean: "true or false", object: "an object" }[
      typeof expected as string
    ] ?? "a value of the example's type"
  );
}

/** The Verifier reports values as JSON text. */
function parseJson(text: unknown): unknown {
  if (typeof text !== "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function leavesOf(value: unknown, pointer = ""): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((item) => leavesOf(item, `${pointer}/*`));
  }
  if (!isObject(value) || Object.keys(value).length === 0) return [pointer];
  return Object.entries(value).flatMap(([name, item]) => leavesOf(item, `${pointer}/${escapeToken(name)}`));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
