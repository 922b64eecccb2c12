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
  if (type === "StatusMismatch") {
    return [{ instancePath: "status", expected: String(expected), actual: String(actual) }];
  }
  if (type === "HeaderMismatch") {
    const name = key.toLowerCase();
    const rule = describeRule(interaction, "header", (known) => known.toLowerCase() === name);
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
      expected: expectedAt(interaction, [...steps, name]) ?? "the property",
      actual: "missing",
    }));
  }
  return [
    {
      instancePath: instancePathOf(steps),
      expected: expectedAt(interaction, steps) ?? redactValue(expected),
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

/** Describes what the pact's matching rules expect at a path. */
function expectedAt(interaction: Interaction, steps: string[]): string | undefined {
  return describeRule(interaction, "body", (path) => {
    const pattern = jsonPathSteps(path);
    return pattern.length === steps.length && pattern.every((step, at) => step === "*" || step === steps[at]);
  });
}

type Matcher = { match?: string; regex?: string; min?: number; max?: number };
type Rules = Record<string, { matchers?: Matcher[] }>;

function describeRule(
  { document }: Interaction,
  part: "body" | "header",
  matches: (path: string) => boolean,
): string | undefined {
  const { matchingRules } = (document.response ?? {}) as { matchingRules?: Partial<Record<string, Rules>> };
  const rule = Object.entries(matchingRules?.[part] ?? {}).find(([path]) => matches(path));
  const descriptions = (rule?.[1].matchers ?? []).flatMap(describeMatcher);
  return descriptions.length > 0 ? descriptions.join(", ") : undefined;
}

function describeMatcher({ match, regex, min, max }: Matcher): string[] {
  if (regex !== undefined) return [`text matching ${regex}`];
  if (min !== undefined || max !== undefined) return [`a list of ${min ?? 0} to ${max ?? "any number"}`];
  if (match === "integer") return ["an integer"];
  return match === undefined || match === "type" ? [] : [`a value matching "${match}"`];
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
