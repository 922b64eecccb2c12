import { isUtf8 } from "node:buffer";
import type { OpenApi } from "../../openapi/operations.ts";
import { escapeToken, valueAt } from "../../openapi/pointer.ts";
import { type DocumentedResponse, describedFields, documentedResponse } from "../../openapi/schema.ts";
import type { Validation, Violation } from "../../openapi/validation.ts";
import { type Assertion, createMismatch, type Difference, type Mismatch, type Part } from "../check.ts";
import { describeType, redactName, redactValue } from "../redaction.ts";
import type { ReceivedResponse } from "../wire.ts";
import { checkBytes, isJsonType, parseMediaType } from "./raw-bytes.ts";
import { locationOf, relevantViolations } from "./relevant-violations.ts";

/** A response to check, and what it is checked against. */
export type ResponseCheck = {
  openapi: OpenApi;
  /** With the validators of the same contract. */
  validation: Validation;
  /** The operation's key. */
  operation: string;
  response: ReceivedResponse;
  /** The expected status. By default, any documented one. */
  expectStatus?: number;
  /** Properties that the body must have beyond its schema, `{ errorType: "NoFace" }`, or the whole text. */
  expectBody?: ExpectedBody;
  /** What was requested, for the mismatches. */
  location: string;
  source: Part;
};

/** What a certain body must have beyond its schema. */
export type ExpectedBody = Record<string, unknown> | string;

/**
 * Checks one response against the contract: its status, media type, documented headers, bytes and body. Other
 * properties than the documented ones are a mismatch, other headers are not.
 *
 * Each error is one mismatch: a response with the wrong status is not checked further, and a body that cannot be
 * parsed is not validated. Values of the response are redacted.
 *
 * @returns `asserted`: the fields of the response that were checked.
 */
export function checkResponse(call: ResponseCheck): { mismatches: Mismatch[]; asserted: Assertion[] } {
  const { openapi, validation, operation, response, expectStatus } = call;
  const { status } = response;
  const documented = documentedResponse(openapi, operation, status);
  if (!documented || status !== (expectStatus ?? status)) {
    const wrong: Difference = {
      instancePath: "status",
      expected: expectStatus === undefined ? "a documented status" : String(expectStatus),
      actual: `${status}${documented ? "" : " (not documented)"}`,
    };
    const asserted = [{ operation, status: expectStatus ?? status, field: "status" }];
    return { mismatches: [createMismatch(wrong, call)], asserted };
  }

  const body = readBody(response, documented);
  const headers = joinedHeaders(response);
  const violations = validation.response(operation, {
    status,
    mediaType: headers["content-type"],
    body: body.value,
    // Validators convert the values to the declared types.
    headers: { ...headers },
  });
  const known = new Set(body.differences.map(({ instancePath }) => instancePath));
  const found = [
    ...headerDifferences(violations, headers),
    ...body.differences,
    ...(body.isValidated ? bodyDifferences(call, violations, body) : []).filter(
      ({ instancePath }) => !known.has(instancePath),
    ),
  ];
  const documentsBody = Object.keys(documented.contents).length > 0;
  const names = [...(documentsBody ? ["content-type"] : []), ...documented.headers];
  const fields = [
    "status",
    ...names.filter((name) => headers[name] !== undefined).map((name) => `header ${name}`),
    ...(body.isValidated ? describedFields(openapi, body.schema, body.value) : ["body"]),
  ];
  return {
    mismatches: found.map((difference) => createMismatch(difference, call)),
    asserted: [...new Set(fields)].map((field) => ({ operation, status, field })),
  };
}

type ReadBody = {
  /** `undefined` for no body. */
  value: unknown;
  schema: unknown;
  differences: Difference[];
  /** Whether there is a value and a schema for it. */
  isValidated: boolean;
};

function readBody(response: ReceivedResponse, { contents }: DocumentedResponse): ReadBody {
  const types = Object.keys(contents);
  const differences: Difference[] = checkBytes(response);
  const unread = { value: undefined, schema: undefined, isValidated: false };
  if (types.length === 0) {
    const { length } = response.body;
    const surplus = { instancePath: "body", expected: "no body", actual: `${length} bytes` };
    return { ...unread, differences: length > 0 ? [surplus] : differences };
  }
  const expected = types.join(" or ");
  if (response.body.length === 0) {
    return { ...unread, differences: [{ instancePath: "body", expected, actual: "no body" }] };
  }
  const { type } = parseMediaType(joinedHeaders(response)["content-type"] ?? "");
  if (!types.includes(type)) {
    const actual = type === "" ? "missing" : redactName(type);
    return { ...unread, differences: [{ instancePath: "header content-type", expected, actual }] };
  }
  const value = readValue(response.body, type);
  const schema = contents[type];
  return { value, schema, differences, isValidated: value !== undefined && schema !== undefined };
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

/** One value for each name. @see https://www.rfc-editor.org/rfc/rfc9110#section-5.2 */
function joinedHeaders({ headers }: ReceivedResponse): Record<string, string> {
  const names = Map.groupBy(headers, ([name]) => name);
  return Object.fromEntries(
    [...names].map(([name, all]) => [name, all.map(([, value]) => value).join(", ")]),
  );
}

function headerDifferences(violations: Violation[], headers: Record<string, string>): Difference[] {
  return violations
    .filter(({ place, keyword }) => place[0] === "header" && keyword !== "mediaType")
    .map((violation) => {
      const name = locationOf(violation)[1]!;
      const expected = expectationOf(violation);
      return { instancePath: `header ${name}`, expected, actual: redactValue(headers[name]) };
    });
}

function bodyDifferences(
  { openapi, expectBody }: ResponseCheck,
  violations: Violation[],
  { value, schema }: ReadBody,
): Difference[] {
  const broken = violations.filter(({ place }) => place[0] === "body");
  const hint = typeof expectBody === "string" ? undefined : expectBody;
  const found = relevantViolations(broken, { openapi, schema, body: value, hint }).map((violation) => {
    const tokens = locationOf(violation).slice(1);
    const actual = valueAt(value, tokens);
    return {
      instancePath: bodyPath(tokens),
      expected: expectationOf(violation),
      actual: violation.keyword in undocumented ? describeType(actual) : redactValue(actual),
      further: violation.further,
    };
  });
  const unexpected = expectedValues(expectBody)
    .filter(({ tokens, expected }) => valueAt(value, tokens) !== expected)
    .map(({ tokens, expected }) => ({
      instancePath: bodyPath(tokens),
      expected: JSON.stringify(expected),
      actual: redactValue(valueAt(value, tokens)),
    }));
  const known = new Set(found.map(({ instancePath }) => instancePath));
  return [...found, ...unexpected.filter(({ instancePath }) => !known.has(instancePath))];
}

function expectedValues(body: ExpectedBody = {}): { tokens: string[]; expected: unknown }[] {
  if (typeof body === "string") return [{ tokens: [], expected: body }];
  return Object.entries(body).map(([name, expected]) => ({ tokens: [name], expected }));
}

function bodyPath(tokens: string[]): string {
  return tokens.length === 0
    ? "body"
    : `body ${tokens.map((token) => `/${redactName(escapeToken(token))}`).join("")}`;
}

/** Describes what was expected, to be read after "should be". */
function expectationOf({ keyword, params, message }: Violation): string {
  return expectations[keyword]?.(params) ?? message.replace(/^must (be )?/, "");
}

const undocumented = {
  additionalProperties: () => "absent (not documented)",
  unevaluatedProperties: () => "absent (not documented)",
};

const expectations: Record<string, (params: Record<string, unknown>) => string> = {
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
