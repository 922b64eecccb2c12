import { isUtf8 } from "node:buffer";
import type { OpenApi } from "../../openapi/operations.ts";
import { escapeToken, valueAt } from "../../openapi/pointer.ts";
import { type DocumentedResponse, describedFields, documentedResponse } from "../../openapi/schema.ts";
import type { Validation, Violation } from "../../openapi/validation.ts";
import type { Assertion, Mismatch, Part } from "../check.ts";
import { shapeOf, shownName, shownValue } from "../shown-value.ts";
import type { ReceivedResponse } from "../wire.ts";
import { checkBytes, isJsonType, parseMediaType } from "./raw-bytes.ts";
import { subjectOf, tellingViolations } from "./relevant-violations.ts";

/** An answer to be judged, and by what. */
export type JudgedCall = {
  openapi: OpenApi;
  /** By the validators of the same contract. */
  validation: Validation;
  /** The operation's key. */
  operation: string;
  answer: ReceivedResponse;
  /** The status that was to be provoked; without it, every documented one will do. */
  expectStatus?: number;
  /** Properties that the body must have besides, `{ errorType: "NoFace" }`; the whole of one that is text. */
  expectBody?: ExpectedBody;
  /** What was asked, for the mismatches. */
  location: string;
  source: Part;
};

/** What a certain body must have beyond its schema. */
export type ExpectedBody = Record<string, unknown> | string;

/**
 * Holds one answer against the contract, closed world: its status, media type, documented headers, bytes
 * and body. Other headers than the documented ones are nobody's promise and may be there.
 *
 * One thing that is wrong is one mismatch: an answer of the wrong status is not judged further, a body that
 * cannot be read is not validated. What is shown of the answer is cut or hashed.
 *
 * @returns `asserted`: the fields that the answer had and that were judged, right or wrong.
 */
export function checkAnswer(call: JudgedCall): { mismatches: Mismatch[]; asserted: Assertion[] } {
  const { openapi, validation, operation, answer, expectStatus } = call;
  const { status } = answer;
  const documented = documentedResponse(openapi, operation, status);
  if (!documented || status !== (expectStatus ?? status)) {
    const wrong: Disagreement = {
      instancePath: "status",
      expected: expectStatus === undefined ? "a documented status" : String(expectStatus),
      actual: `${status}${documented ? "" : " (not documented)"}`,
    };
    const asserted = [{ operation, status: expectStatus ?? status, field: "status" }];
    return { mismatches: [mismatchOf(wrong, call)], asserted };
  }

  const body = readBody(answer, documented);
  const headers = joinedHeaders(answer);
  const violations = validation.response(operation, {
    status,
    mediaType: headers["content-type"],
    body: body.value,
    // Validators put the declared types in place.
    headers: { ...headers },
  });
  const known = new Set(body.faults.map(({ instancePath }) => instancePath));
  const found = [
    ...headerDisagreements(violations, headers),
    ...body.faults,
    ...(body.isJudged ? bodyDisagreements(call, violations, body) : []).filter(
      ({ instancePath }) => !known.has(instancePath),
    ),
  ];
  const documentsBody = Object.keys(documented.contents).length > 0;
  const names = [...(documentsBody ? ["content-type"] : []), ...documented.headers];
  const fields = [
    "status",
    ...names.filter((name) => headers[name] !== undefined).map((name) => `header ${name}`),
    ...(body.isJudged ? describedFields(openapi, body.schema, body.value) : ["body"]),
  ];
  return {
    mismatches: found.map((disagreement) => mismatchOf(disagreement, call)),
    asserted: [...new Set(fields)].map((field) => ({ operation, status, field })),
  };
}

/** Where an answer differs from what was promised. */
export type Disagreement = Pick<Mismatch, "instancePath" | "expected" | "actual"> & {
  /** In how many further items of the same list. */
  further?: number;
};

/** Words a disagreement as the one record that all parts of a verification give. */
export function mismatchOf(
  { instancePath, expected, actual, further = 0 }: Disagreement,
  { operation, source, location }: Pick<Mismatch, "operation" | "source" | "location">,
): Mismatch {
  const also = further === 0 ? "" : `, and ${further} more of the list`;
  const message = `${operation}, ${location}: ${instancePath} should be ${expected}, but is ${actual}${also}.`;
  return { operation, source, location, instancePath, expected, actual, message };
}

type ReadBody = {
  /** What its schema judges; `undefined` for no body. */
  value: unknown;
  schema: unknown;
  faults: Disagreement[];
  /** There is a value, and the contract has a schema for it. */
  isJudged: boolean;
};

function readBody(answer: ReceivedResponse, { contents }: DocumentedResponse): ReadBody {
  const types = Object.keys(contents);
  const faults: Disagreement[] = checkBytes(answer);
  const unread = { value: undefined, schema: undefined, isJudged: false };
  if (types.length === 0) {
    const { length } = answer.body;
    const surplus = { instancePath: "body", expected: "no body", actual: `${length} bytes` };
    return { ...unread, faults: length > 0 ? [surplus] : faults };
  }
  const expected = types.join(" or ");
  if (answer.body.length === 0) {
    return { ...unread, faults: [{ instancePath: "body", expected, actual: "no body" }] };
  }
  const { type } = parseMediaType(joinedHeaders(answer)["content-type"] ?? "");
  if (!types.includes(type)) {
    const actual = type === "" ? "missing" : shownName(type);
    return { ...unread, faults: [{ instancePath: "header content-type", expected, actual }] };
  }
  const value = readValue(answer.body, type);
  const schema = contents[type];
  return { value, schema, faults, isJudged: value !== undefined && schema !== undefined };
}

function readValue(bytes: Buffer, type: string): unknown {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString("utf8").replace(/^\ufeff/, "");
  if (!isJsonType(type)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One text for each name. @see https://www.rfc-editor.org/rfc/rfc9110#section-5.2 */
function joinedHeaders({ headers }: ReceivedResponse): Record<string, string> {
  const names = Map.groupBy(headers, ([name]) => name);
  return Object.fromEntries(
    [...names].map(([name, all]) => [name, all.map(([, value]) => value).join(", ")]),
  );
}

function headerDisagreements(violations: Violation[], headers: Record<string, string>): Disagreement[] {
  return violations
    .filter(({ place, keyword }) => place[0] === "header" && keyword !== "mediaType")
    .map((violation) => {
      const name = subjectOf(violation)[1]!;
      const expected = promiseOf(violation);
      return { instancePath: `header ${name}`, expected, actual: shownValue(headers[name]) };
    });
}

function bodyDisagreements(
  { openapi, expectBody }: JudgedCall,
  violations: Violation[],
  { value, schema }: ReadBody,
): Disagreement[] {
  const broken = violations.filter(({ place }) => place[0] === "body");
  const hint = typeof expectBody === "string" ? undefined : expectBody;
  const found = tellingViolations(broken, { openapi, schema, body: value, hint }).map((violation) => {
    const tokens = subjectOf(violation).slice(1);
    const actual = valueAt(value, tokens);
    return {
      instancePath: bodyPath(tokens),
      expected: promiseOf(violation),
      actual: violation.keyword in undocumented ? shapeOf(actual) : shownValue(actual),
      further: violation.further,
    };
  });
  const unexpected = expectations(expectBody)
    .filter(({ tokens, expected }) => valueAt(value, tokens) !== expected)
    .map(({ tokens, expected }) => ({
      instancePath: bodyPath(tokens),
      expected: JSON.stringify(expected),
      actual: shownValue(valueAt(value, tokens)),
    }));
  const known = new Set(found.map(({ instancePath }) => instancePath));
  return [...found, ...unexpected.filter(({ instancePath }) => !known.has(instancePath))];
}

function expectations(body: ExpectedBody = {}): { tokens: string[]; expected: unknown }[] {
  if (typeof body === "string") return [{ tokens: [], expected: body }];
  return Object.entries(body).map(([name, expected]) => ({ tokens: [name], expected }));
}

function bodyPath(tokens: string[]): string {
  return tokens.length === 0
    ? "body"
    : `body ${tokens.map((token) => `/${shownName(escapeToken(token))}`).join("")}`;
}

/** What a broken rule promised, to be read after "should be". */
function promiseOf({ keyword, params, message }: Violation): string {
  return promises[keyword]?.(params) ?? message.replace(/^must (be )?/, "");
}

const undocumented = {
  additionalProperties: () => "absent (not documented)",
  unevaluatedProperties: () => "absent (not documented)",
};

const promises: Record<string, (params: Record<string, unknown>) => string> = {
  ...undocumented,
  required: () => "present",
  type: ({ type }) =>
    [type]
      .flat()
      .map((name) => typeNames[String(name)] ?? name)
      .join(" or "),
  const: ({ allowedValue }) => JSON.stringify(allowedValue),
  enum: ({ allowedValues }) =>
    `one of ${(allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(", ")}`,
  pattern: ({ pattern }) => `text matching ${pattern}`,
  format: ({ format }) => `in the format ${format}`,
  minimum: ({ limit }) => `at least ${limit}`,
  maximum: ({ limit }) => `at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `less than ${limit}`,
  minLength: ({ limit }) => `text of at least ${limit} characters`,
  maxLength: ({ limit }) => `text of at most ${limit} characters`,
  minItems: ({ limit }) => `a list of at least ${limit}`,
  maxItems: ({ limit }) => `a list of at most ${limit}`,
  oneOf: () => "exactly one of the documented alternatives",
  anyOf: () => "one of the documented alternatives",
  contentEncoding: () => "Base64 text",
};

const typeNames: Record<string, string> = {
  string: "text",
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};
