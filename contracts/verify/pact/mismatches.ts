import { isObject } from "../../openapi/json.ts";
import { escapeToken } from "../../openapi/pointer.ts";
import type { Assertion, Mismatch } from "../check.ts";
import { mismatchOf } from "../schema/response-check.ts";
import { shownName, shownValue } from "../shown-value.ts";
import { jsonPathSteps } from "./json-path.ts";
import type { Interaction } from "./pact.ts";
import type { Finding } from "./verifier.ts";

/**
 * What Pact's Verifier found, as everybody tells it: one mismatch for each place, in the order of the
 * places. The Verifier's own sentences hold what the provider sent, so none of them is passed on.
 */
export function mismatchesOf(
  findings: Finding[],
  { interaction, operation }: { interaction: Interaction; operation: string },
): Mismatch[] {
  // An answer of another status is another answer altogether.
  const wrongStatus = findings.filter(({ type }) => type === "StatusMismatch");
  const telling = wrongStatus.length > 0 ? wrongStatus : findings;
  const places = telling.flatMap((finding) => placesOf(finding, interaction));
  // Two rules on one place are one promise.
  const distinct = new Map(places.map((place) => [place.instancePath, place]));
  return [...distinct.values()]
    .toSorted((a, b) => order(a.instancePath, b.instancePath))
    .map((place) => mismatchOf(place, { operation, source: "pact", location: interaction.description }));
}

/** Every value of the expected answer, with `*` for the items of lists. */
export function assertionsOf({ answer, written }: Interaction, operation: string): Assertion[] {
  const { status, headers, body } = answer;
  const values = body === undefined ? ["body"] : leavesOf(body).map((pointer) => `body ${pointer}`.trim());
  const fields = [
    "status",
    ...headers.map((name) => `header ${name}`),
    ...(written.response?.body === undefined ? [] : values),
  ];
  return [...new Set(fields)].map((field) => ({ operation, status, field }));
}

type Place = Pick<Mismatch, "instancePath" | "expected" | "actual">;

function placesOf(finding: Finding, interaction: Interaction): Place[] {
  const { type, key = "", path = "$", expected, actual } = finding;
  if (type === "StatusMismatch") {
    return [{ instancePath: "status", expected: String(expected), actual: String(actual) }];
  }
  if (type === "HeaderMismatch") {
    const name = key.toLowerCase();
    const rule = ruled(interaction, "header", (known) => known.toLowerCase() === name);
    return [
      {
        instancePath: `header ${name}`,
        expected: rule ?? shownValue(parsedJson(expected)),
        actual: actual === "" ? "missing" : shownValue(parsedJson(actual)),
      },
    ];
  }
  if (type === "BodyTypeMismatch") {
    return [{ instancePath: "header content-type", expected: String(expected), actual: shownValue(actual) }];
  }
  if (type !== "BodyMismatch") {
    return [{ instancePath: "answer", expected: "one that Pact can compare", actual: shownValue(actual) }];
  }
  return bodyPlaces({ path, expected: parsedJson(expected), actual: parsedJson(actual) }, interaction);
}

/** A missing property is told at its own place, not at the object's. */
function bodyPlaces(
  { path, expected, actual }: { path: string; expected: unknown; actual: unknown },
  interaction: Interaction,
): Place[] {
  const { body } = interaction.answer;
  if (body === undefined) return [{ instancePath: "body", expected: "no body", actual: "a body" }];
  const steps = jsonPathSteps(path);
  // For an object the Verifier lists the names, those that it wants and those that are there.
  const names = isObject(valueAt(body, steps)) && Array.isArray(expected) && Array.isArray(actual);
  if (names) {
    return missingOf(expected, actual).map((name) => ({
      instancePath: placeOf([...steps, name]),
      expected: expectedAt(interaction, [...steps, name]) ?? "the property",
      actual: "missing",
    }));
  }
  return [
    {
      instancePath: placeOf(steps),
      expected: expectedAt(interaction, steps) ?? shownValue(expected),
      actual: actual === null && steps.length === 0 ? "no body" : shownValue(actual),
    },
  ];
}

function missingOf(expected: unknown[], actual: unknown[]): string[] {
  return expected.filter((name) => !actual.includes(name)).map(String);
}

function placeOf(steps: string[]): string {
  return steps.length === 0
    ? "body"
    : `body ${steps.map((step) => `/${escapeToken(shownName(step))}`).join("")}`;
}

/** Items of a list are all as its first one. */
function valueAt(value: unknown, steps: string[]): unknown {
  return steps.reduce<unknown>(
    (whole, step) =>
      Array.isArray(whole) ? whole[0] : (whole as Record<string, unknown> | undefined)?.[step],
    value,
  );
}

/** In words, from the rules that stand in the pact for this place. */
function expectedAt(interaction: Interaction, steps: string[]): string | undefined {
  return ruled(interaction, "body", (known) => {
    const wanted = jsonPathSteps(known);
    return wanted.length === steps.length && wanted.every((step, at) => step === "*" || step === steps[at]);
  });
}

type Matcher = { match?: string; regex?: string; min?: number; max?: number };
type Rules = Record<string, { matchers?: Matcher[] }>;

function ruled(
  { written }: Interaction,
  part: "body" | "header",
  isPlace: (path: string) => boolean,
): string | undefined {
  const { matchingRules } = (written.response ?? {}) as { matchingRules?: Partial<Record<string, Rules>> };
  const rule = Object.entries(matchingRules?.[part] ?? {}).find(([path]) => isPlace(path));
  const words = (rule?.[1].matchers ?? []).flatMap(worded);
  return words.length > 0 ? words.join(", ") : undefined;
}

function worded({ match, regex, min, max }: Matcher): string[] {
  if (regex !== undefined) return [`text matching ${regex}`];
  if (min !== undefined || max !== undefined) return [`a list of ${min ?? 0} to ${max ?? "any number"}`];
  if (match === "integer") return ["an integer"];
  return match === undefined || match === "type" ? [] : [`a value matching "${match}"`];
}

/** The Verifier gives values as JSON text. */
function parsedJson(text: unknown): unknown {
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
