import { describe, expect, it } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import * as validators from "#generated/necid-v1/validators.js";
import { createValidation, type Validators } from "../../../../contracts/openapi/validation.ts";
import { checkResponse, type ExpectedBody } from "../../../../contracts/verify/schema/response-check.ts";
import type { ReceivedResponse } from "../../../../contracts/verify/wire.ts";

const validation = createValidation(validators as unknown as Validators);

const ids: [string, string][] = [
  ["x-amzn-requestid", "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4"],
  ["x-amz-apigw-id", "KbXq3GmZywMFhTA="],
];
const json: [string, string][] = [["content-type", "application/json"], ...ids];

const attributes = {
  faceArea: { left: "161", top: "156", right: "318", bottom: "313" },
  headArea: { left: "131", top: "86", right: "345", bottom: "343" },
  rightEyeCenter: { x: "195", y: "198" },
  leftEyeCenter: { x: "276", y: "191" },
  frontalFaceScore: "0.569824",
  faceRoll: "4.93922",
  facePan: "-9.34863",
  faceTilt: "-0",
  faceScore: "0.999591",
  faceQualityScore: "0.86541",
};
const subject = { id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b", attributes };
const candidate = { id: subject.id, score: 8200 };
const noFace = { message: "No face was found in the image.", errorCode: 2001, errorType: "NoFace" };

/** A response as it could be: by operation key and status. */
const good: Record<string, ReceivedResponse> = {
  register: response(201, json, subject),
  unregister: response(204, ids),
  notFound: response(404, ids),
  extract: response(200, json, { faces: [{ attributes }, { attributes }, { attributes }] }),
  search: response(200, json, { candidates: [candidate, { ...candidate, score: 8000 }], attributes }),
  verify: response(200, json, candidate),
  noFace: response(400, json, noFace),
  forbidden: response(403, [...json, ["x-amzn-errortype", "MissingAuthenticationTokenException"]], {
    message: "Missing Authentication Token",
  }),
  tooLarge: response(
    413,
    [["content-type", "text/plain"], ...ids],
    "HTTP content length exceeded 10485760 bytes.",
  ),
  preflight: response(200, [
    ["access-control-allow-origin", "*"],
    ["access-control-allow-headers", "Content-Type"],
    ["access-control-allow-methods", "POST"],
    ...ids,
  ]),
  health: response(200, json, { status: "OK" }),
};

const operations: Record<string, string> = {
  register: "ApiSubjectsPost",
  unregister: "ApiSubjectsByIdDelete",
  notFound: "ApiSubjectsByIdPut",
  extract: "ApiFaceExtractPost",
  search: "ApiFaceSearchPost",
  verify: "ApiFaceVerifyPost",
  noFace: "ApiFaceSearchPost",
  forbidden: "ApiSubjectsPost",
  tooLarge: "ApiSubjectsPost",
  preflight: "OPTIONS /subjects",
  health: "GET /health",
};

function response(status: number, headers: [string, string][], body?: unknown): ReceivedResponse {
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text) };
}

function check(kind: string, given: ReceivedResponse, expectBody?: ExpectedBody) {
  return checkResponse({
    openapi,
    validation,
    operation: operations[kind]!,
    response: given,
    expectStatus: good[kind]!.status,
    expectBody,
    location: `${good[kind]!.status} ${kind}`,
    source: "schema",
  });
}

describe("a response that follows the contract", () => {
  it.each(Object.keys(good))("%s", (kind) => {
    expect(check(kind, good[kind]!).mismatches).toEqual([]);
  });

  const unpromised: [string, string, (response: ReceivedResponse) => ReceivedResponse][] = [
    ["another order of properties", "verify", withText(`{"score":8200,"id":"${subject.id}"}`)],
    [
      "white space",
      "register",
      (given) => ({ ...given, body: Buffer.from(JSON.stringify(subject, null, 2)) }),
    ],
    ["a charset", "health", withHeader("content-type", "application/json; charset=UTF-8")],
    ["a quoted charset", "health", withHeader("content-type", 'application/json;charset="utf-8"')],
    ["a media type in capitals", "health", withHeader("content-type", "Application/JSON")],
    ["an undocumented header", "health", withHeader("x-cache", "Miss from cloudfront")],
    ["a media type without a body", "notFound", withHeader("content-type", "application/json")],
    ["an escaped character", "noFace", withText(JSON.stringify(noFace).replace("No", "\\u004eo"))],
    ["a message in any words", "noFace", withBody({ ...noFace, message: "Nobody there. 顔がありません 😀" })],
    ["an optional header", "forbidden", withHeader("x-amzn-trace-id", "anything")],
  ];
  it.each(unpromised)("may have %s", (_, kind, alter) => {
    expect(check(kind, alter(good[kind]!)).mismatches).toEqual([]);
  });
});

type Fault = {
  of: string;
  alter: (response: ReceivedResponse) => ReceivedResponse;
  at: string;
  expected: string;
  actual: string;
  /** How the message ends, where more than one item of a list is wrong. */
  also?: string;
  expectBody?: ExpectedBody;
};

const integerText = "text matching ^-?(0|[1-9][0-9]*)$";
const decimalText = "text matching ^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$";
const idText = "text matching ^necidguid-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";
const reasons = "one of 1001, 2001, 2002";

const faults: [string, Fault | Fault[]][] = [
  [
    "another documented status",
    { of: "register", alter: () => good.noFace!, at: "status", expected: "201", actual: "400" },
  ],
  [
    "an undocumented status",
    {
      of: "register",
      alter: (given) => ({ ...given, status: 200 }),
      at: "status",
      expected: "201",
      actual: "200 (not documented)",
    },
  ],
  [
    "no media type",
    {
      of: "health",
      alter: withoutHeader("content-type"),
      at: "header content-type",
      expected: "application/json",
      actual: "missing",
    },
  ],
  [
    "another media type",
    {
      of: "health",
      alter: withHeader("content-type", "text/html"),
      at: "header content-type",
      expected: "application/json",
      actual: "text/html",
    },
  ],
  [
    "a near media type",
    {
      of: "health",
      alter: withHeader("content-type", "application/problem+json"),
      at: "header content-type",
      expected: "application/json",
      actual: "application/problem+json",
    },
  ],
  [
    "JSON where text is documented",
    {
      of: "tooLarge",
      alter: (given) => ({
        ...withHeader("content-type", "application/json")(given),
        body: Buffer.from("{}"),
      }),
      at: "header content-type",
      expected: "text/plain",
      actual: "application/json",
    },
  ],
  [
    "another charset",
    {
      of: "health",
      alter: withHeader("content-type", "application/json; charset=iso-8859-1"),
      at: "header content-type",
      expected: "charset utf-8 or none",
      actual: "charset iso-8859-1",
    },
  ],
  [
    "a compressed body",
    {
      of: "health",
      alter: withHeader("content-encoding", "gzip"),
      at: "header content-encoding",
      expected: "none",
      actual: "gzip",
    },
  ],
  [
    "a missing header",
    {
      of: "register",
      alter: withoutHeader("x-amz-apigw-id"),
      at: "header x-amz-apigw-id",
      expected: "present",
      actual: "missing",
    },
  ],
  [
    "a missing header of an empty response",
    {
      of: "unregister",
      alter: withoutHeader("x-amzn-requestid"),
      at: "header x-amzn-requestid",
      expected: "present",
      actual: "missing",
    },
  ],
  [
    "a header of another form",
    {
      of: "register",
      alter: withHeader("x-amzn-requestid", "17"),
      at: "header x-amzn-requestid",
      expected: "in the format uuid",
      actual: '"17"',
    },
  ],
  [
    "a header against its pattern",
    {
      of: "register",
      alter: withHeader("x-amz-apigw-id", "short="),
      at: "header x-amz-apigw-id",
      expected: "text matching ^[A-Za-z0-9+/_-]{15}=$",
      actual: '"short="',
    },
  ],
  [
    "a header sent twice",
    {
      of: "health",
      alter: (given) => ({ ...given, headers: [...given.headers, ids[1]!] }),
      at: "header x-amz-apigw-id",
      expected: "text matching ^[A-Za-z0-9+/_-]{15}=$",
      actual: '"KbXq3GmZywMFhTA=, KbXq3GmZywMFhTA="',
    },
  ],
  [
    "a header of another value",
    {
      of: "forbidden",
      alter: withHeader("x-amzn-errortype", "AccessDeniedException"),
      at: "header x-amzn-errortype",
      expected:
        'one of "MissingAuthenticationTokenException", "IncompleteSignatureException", "InvalidSignatureException", "UnrecognizedClientException", "ForbiddenException"',
      actual: '"AccessDeniedException"',
    },
  ],
  [
    "no CORS header",
    {
      of: "preflight",
      alter: withoutHeader("access-control-allow-origin"),
      at: "header access-control-allow-origin",
      expected: "present",
      actual: "missing",
    },
  ],
  [
    "no body",
    { of: "register", alter: withText(""), at: "body", expected: "application/json", actual: "no body" },
  ],
  ["no text", { of: "tooLarge", alter: withText(""), at: "body", expected: "text/plain", actual: "no body" }],
  [
    "a body on 404",
    { of: "notFound", alter: withText("{}"), at: "body", expected: "no body", actual: "2 bytes" },
  ],
  [
    "a body on 204",
    { of: "unregister", alter: withText("gone"), at: "body", expected: "no body", actual: "4 bytes" },
  ],
  [
    "a 204 that announces a body",
    {
      of: "unregister",
      alter: withHeader("content-length", "4"),
      at: "body",
      expected: "no body",
      actual: "4 bytes",
    },
  ],
  [
    "a 204 in chunks",
    {
      of: "unregister",
      alter: withHeader("transfer-encoding", "chunked"),
      at: "body",
      expected: "no body",
      actual: "a body in chunks",
    },
  ],
  [
    "a body on a preflight",
    { of: "preflight", alter: withText("ok"), at: "body", expected: "no body", actual: "2 bytes" },
  ],
  [
    "HTML",
    { of: "health", alter: withText("<html>"), at: "bytes 0", expected: "a JSON value", actual: '"<"' },
  ],
  [
    "a body cut off",
    {
      of: "health",
      alter: withText('{"status":"O'),
      at: "bytes 12",
      expected: "the rest of the text",
      actual: "the end of the body",
    },
  ],
  [
    "a body that goes on",
    {
      of: "health",
      alter: withText('{"status":"OK"} {}'),
      at: "bytes 16",
      expected: "the end of the body",
      actual: '"{"',
    },
  ],
  [
    "a byte order mark",
    {
      of: "health",
      alter: withText('\ufeff{"status":"OK"}'),
      at: "bytes 0",
      expected: "no byte order mark",
      actual: "a byte order mark",
    },
  ],
  [
    "bytes that are no UTF-8",
    {
      of: "noFace",
      alter: (given) => ({
        ...given,
        body: Buffer.from(JSON.stringify({ ...noFace, message: "\xe4" }), "latin1"),
      }),
      at: "bytes 12",
      expected: "UTF-8",
      actual: "0xe4",
    },
  ],
  [
    "a property twice",
    {
      of: "verify",
      alter: withText(`{"score":1,"id":"${subject.id}","score":8200}`),
      at: "body /score",
      expected: "each property once",
      actual: "a duplicate",
    },
  ],
  [
    "an integer that a double rounds",
    {
      of: "verify",
      alter: withText(`{"score":9007199254740993,"id":"${subject.id}"}`),
      at: "body /score",
      expected: "an integer within ±(2^53 - 1)",
      actual: "9007199254740993",
    },
  ],
  [
    "a number in place of text",
    {
      of: "register",
      alter: withBody({ ...subject, attributes: { ...attributes, faceRoll: 4.93922 } }),
      at: "body /attributes/faceRoll",
      expected: "text",
      actual: "4.93922 (number)",
    },
  ],
  [
    "text in place of a number",
    {
      of: "verify",
      alter: withBody({ ...candidate, score: "8200" }),
      at: "body /score",
      expected: "an integer",
      actual: '"8200"',
    },
  ],
  [
    "a fraction in place of an integer",
    {
      of: "verify",
      alter: withBody({ ...candidate, score: 8200.5 }),
      at: "body /score",
      expected: "an integer",
      actual: "8200.5 (number)",
    },
  ],
  [
    "a number out of range",
    {
      of: "verify",
      alter: withBody({ ...candidate, score: 10_000 }),
      at: "body /score",
      expected: "at most 9999",
      actual: "10000 (number)",
    },
  ],
  [
    "a negative score",
    {
      of: "verify",
      alter: withBody({ ...candidate, score: -1 }),
      at: "body /score",
      expected: "at least 0",
      actual: "-1 (number)",
    },
  ],
  [
    "null",
    {
      of: "verify",
      alter: withBody({ ...candidate, score: null }),
      at: "body /score",
      expected: "an integer",
      actual: "null",
    },
  ],
  [
    "a decimal where an integer is in text",
    {
      of: "register",
      alter: withBody({ ...subject, attributes: { ...attributes, leftEyeCenter: { x: "276.5", y: "191" } } }),
      at: "body /attributes/leftEyeCenter/x",
      expected: integerText,
      actual: '"276.5"',
    },
  ],
  [
    "a decimal comma",
    {
      of: "register",
      alter: withBody({ ...subject, attributes: { ...attributes, facePan: "-9,34863" } }),
      at: "body /attributes/facePan",
      expected: decimalText,
      actual: '"-9,34863"',
    },
  ],
  [
    "a score over 1",
    {
      of: "register",
      alter: withBody({ ...subject, attributes: { ...attributes, faceScore: "99.9" } }),
      at: "body /attributes/faceScore",
      expected: "text matching ^(0(\\.[0-9]+)?|1(\\.0+)?)$",
      actual: '"99.9"',
    },
  ],
  [
    "empty text",
    {
      of: "register",
      alter: withBody({ ...subject, id: "" }),
      at: "body /id",
      expected: idText,
      actual: '""',
    },
  ],
  [
    "another id",
    {
      of: "register",
      alter: withBody({ ...subject, id: "fcdf-49eb-9182-5a6825ed2a3b" }),
      at: "body /id",
      expected: idText,
      actual: '"fcdf-49eb-9182-5a6825ed2a3b"',
    },
  ],
  [
    "a missing property",
    {
      of: "register",
      alter: withBody({ attributes }),
      at: "body /id",
      expected: "present",
      actual: "missing",
    },
  ],
  [
    "a missing object",
    {
      of: "search",
      alter: withBody({ candidates: [candidate] }),
      at: "body /attributes",
      expected: "present",
      actual: "missing",
    },
  ],
  [
    "a property too many",
    {
      of: "register",
      alter: withBody({ ...subject, eventId: "eventguid-1" }),
      at: "body /eventId",
      expected: "absent (not documented)",
      actual: "text of 11 characters (SHA-256 747510fe1cff69fd…)",
    },
  ],
  [
    "a misspelt property",
    [
      {
        of: "noFace",
        alter: withBody({ mesage: "No face.", errorCode: 2001, errorType: "NoFace" }),
        at: "body /message",
        expected: "present",
        actual: "missing",
      },
      {
        of: "noFace",
        alter: withBody({ mesage: "No face.", errorCode: 2001, errorType: "NoFace" }),
        at: "body /mesage",
        expected: "absent (not documented)",
        actual: "text of 8 characters (SHA-256 92ec51cf49c769e5…)",
      },
    ],
  ],
  [
    "a name with a slash",
    {
      of: "health",
      alter: withBody({ status: "OK", "a/b~": {} }),
      at: "body /a~1b~0",
      expected: "absent (not documented)",
      actual: "an object with 0 properties",
    },
  ],
  [
    "a list in place of an object",
    { of: "register", alter: withBody([subject]), at: "body", expected: "an object", actual: "a list of 1" },
  ],
  [
    "an object in place of a list",
    {
      of: "search",
      alter: withBody({ candidates: candidate, attributes }),
      at: "body /candidates",
      expected: "a list",
      actual: "an object with 2 properties",
    },
  ],
  [
    "an empty list",
    {
      of: "search",
      alter: withBody({ candidates: [], attributes }),
      at: "body /candidates",
      expected: "a list of at least 1",
      actual: "a list of 0",
    },
  ],
  [
    "a list that is too long",
    {
      of: "extract",
      alter: withBody({ faces: Array(21).fill({ attributes }) }),
      at: "body /faces",
      expected: "a list of at most 20",
      actual: "a list of 21",
    },
  ],
  [
    "the same wrong in every item, said once",
    {
      of: "extract",
      alter: withBody({ faces: Array(3).fill({ attributes: { ...attributes, faceTilt: 0 } }) }),
      at: "body /faces/0/attributes/faceTilt",
      expected: "text",
      actual: "0 (number)",
      also: ", and 2 more of the list",
    },
  ],
  [
    "only a later item wrong",
    {
      of: "search",
      alter: withBody({ candidates: [candidate, { id: subject.id }], attributes }),
      at: "body /candidates/1/score",
      expected: "present",
      actual: "missing",
    },
  ],
  [
    "another constant",
    { of: "health", alter: withBody({ status: "UP" }), at: "body /status", expected: '"OK"', actual: '"UP"' },
  ],
  [
    "an error of another type than asked for",
    {
      of: "noFace",
      alter: withBody({ message: "x", errorCode: 2002, errorType: "PoorQuality" }),
      expectBody: { errorType: "NoFace" },
      at: "body /errorType",
      expected: '"NoFace"',
      actual: '"PoorQuality"',
    },
  ],
  [
    "a code that belongs to another type",
    {
      of: "noFace",
      alter: withBody({ ...noFace, errorCode: 2002 }),
      expectBody: { errorType: "NoFace" },
      at: "body /errorCode",
      expected: "2001",
      actual: "2002 (number)",
    },
  ],
  [
    "a code in text",
    {
      of: "noFace",
      alter: withBody({ ...noFace, errorCode: "2001" }),
      at: "body /errorCode",
      expected: "an integer",
      actual: '"2001"',
    },
  ],
  [
    "an error without a message",
    {
      of: "noFace",
      alter: withBody({ errorCode: 2001, errorType: "NoFace" }),
      at: "body /message",
      expected: "present",
      actual: "missing",
    },
  ],
  [
    "an unknown error",
    [
      {
        of: "noFace",
        alter: withBody({ message: "x", errorCode: 9, errorType: "Odd" }),
        at: "body /errorCode",
        expected: reasons,
        actual: "9 (number)",
      },
      {
        of: "noFace",
        alter: withBody({ message: "x", errorCode: 9, errorType: "Odd" }),
        at: "body /errorType",
        expected: 'one of "InvalidRequest", "NoFace", "PoorQuality"',
        actual: '"Odd"',
      },
    ],
  ],
  [
    "the gateway's message in capitals",
    [
      {
        of: "forbidden",
        alter: withBody({ Message: "Forbidden" }),
        at: "body /message",
        expected: "present",
        actual: "missing",
      },
      {
        of: "forbidden",
        alter: withBody({ Message: "Forbidden" }),
        at: "body /Message",
        expected: "absent (not documented)",
        actual: "text of 9 characters (SHA-256 78342a0905a72ce4…)",
      },
    ],
  ],
  [
    "other text than asked for",
    {
      of: "tooLarge",
      alter: withText("Too large."),
      expectBody: "Too much.",
      at: "body",
      expected: '"Too much."',
      actual: '"Too large."',
    },
  ],
];

describe("each violation of the contract is one mismatch", () => {
  it.each(faults)("%s", (_, given) => {
    const [first, ...rest] = [given].flat() as [Fault, ...Fault[]];
    const location = `${good[first.of]!.status} ${first.of}`;
    const operation = operations[first.of]!;
    expect(check(first.of, first.alter(good[first.of]!), first.expectBody).mismatches).toEqual(
      [first, ...rest].map(({ at, expected, actual, also = "" }) => ({
        operation,
        source: "schema",
        location,
        instancePath: at,
        expected,
        actual,
        message: `${operation}, ${location}: ${at} should be ${expected}, but is ${actual}${also}.`,
      })),
    );
  });

  it("without an expected status, only an undocumented one is wrong", () => {
    const call = {
      openapi,
      validation,
      operation: "ApiSubjectsPost",
      location: "any",
      source: "sequence",
    } as const;
    expect(checkResponse({ ...call, response: good.noFace! }).mismatches).toEqual([]);
    expect(checkResponse({ ...call, response: { ...good.register!, status: 418 } }).mismatches).toEqual([
      {
        operation: "ApiSubjectsPost",
        source: "sequence",
        location: "any",
        instancePath: "status",
        expected: "a documented status",
        actual: "418 (not documented)",
        message: "ApiSubjectsPost, any: status should be a documented status, but is 418 (not documented).",
      },
    ]);
  });
});

describe("another contract", () => {
  const schema = { type: "array", items: { type: "object", properties: { id: { type: "integer" } } } };
  const other = {
    openapi: "3.1.1",
    info: { title: "Other", version: "1" },
    paths: {
      "/tags": {
        get: { operationId: "Tags", responses: { 200: { content: { "application/json": { schema } } } } },
      },
    },
  };

  it("may be a list, and its validators may know more than its document", () => {
    const errors = [
      { instancePath: "/1/id", keyword: "type", params: { type: "integer" }, message: "must be integer" },
    ];
    const validate = Object.assign(() => false, { errors });
    const made = createValidation({
      requestBody: {},
      parameters: {},
      responseBody: { Tags: { 200: { "application/json": validate } } },
      responseHeaders: {},
    });
    const given = response(200, [["content-type", "application/json"]], [{ id: 1 }, { id: "2" }]);
    const call = { operation: "Tags", response: given, location: "200", source: "schema" as const };
    const messages = (openapi: typeof other) =>
      checkResponse({ ...call, openapi, validation: made }).mismatches.map(({ message }) => message);
    expect(messages(other)).toEqual(['Tags, 200: body /1/id should be an integer, but is "2".']);
    const today = structuredClone(other);
    today.paths["/tags"].get.responses[200].content["application/json"].schema.items.properties.id.type =
      "string";
    expect(messages(today)).toEqual(['Tags, 200: body /1/id should be an integer, but is "2".']);
  });
});

describe("no value of a response is shown that could be a secret or an image", () => {
  const image =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
  const places: [string, ReceivedResponse][] = [
    ["an undocumented property", response(201, json, { ...subject, face: image })],
    ["a documented property", response(201, json, { ...subject, id: image })],
    ["the name of a property", response(201, json, { ...subject, [image]: 1 })],
    ["a header", response(201, [...json.slice(0, 2), ["x-amz-apigw-id", image]], subject)],
    ["the media type", response(201, [["content-type", image], ...ids], subject)],
    ["a name that is there twice", response(201, json, `{"${image}":1,"${image}":2}`)],
    ["text that is no JSON", response(201, json, image)],
  ];
  it.each(places)("%s", (_, given) => {
    const { mismatches } = check("register", given);
    expect(mismatches.length).toBeGreaterThan(0);
    expect(JSON.stringify(mismatches)).not.toContain(image.slice(0, 12));
  });

  it.each([
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "necid-mock-application-key-0001",
    `key=${"ab12".repeat(8)}`,
  ])("%s", (secret) => {
    const { mismatches } = check("register", response(201, json, { ...subject, id: `it is ${secret}` }));
    expect(mismatches).toHaveLength(1);
    expect(JSON.stringify(mismatches)).not.toContain(secret);
  });
});

describe("what was checked is listed", () => {
  it("by status, headers and every field that the response had", () => {
    const { asserted } = check("search", good.search!);
    expect(new Set(asserted.map(({ operation, status }) => `${operation} ${status}`))).toEqual(
      new Set(["ApiFaceSearchPost 200"]),
    );
    expect(asserted.map(({ field }) => field)).toEqual([
      "status",
      "header content-type",
      "header x-amzn-requestid",
      "header x-amz-apigw-id",
      "body",
      "body /candidates",
      "body /candidates/*",
      "body /candidates/*/id",
      "body /candidates/*/score",
      "body /attributes",
      ...["faceArea", "headArea"].flatMap((area) => [
        `body /attributes/${area}`,
        ...["left", "top", "right", "bottom"].map((side) => `body /attributes/${area}/${side}`),
      ]),
      ...["rightEyeCenter", "leftEyeCenter"].flatMap((eye) => [
        `body /attributes/${eye}`,
        `body /attributes/${eye}/x`,
        `body /attributes/${eye}/y`,
      ]),
      ...["frontalFaceScore", "faceRoll", "facePan", "faceTilt", "faceScore", "faceQualityScore"].map(
        (name) => `body /attributes/${name}`,
      ),
    ]);
  });

  const listed: [string, ReceivedResponse, string[]][] = [
    ["an absent field is not", response(404, [ids[0]!]), ["status", "header x-amzn-requestid", "body"]],
    ["nor what follows a wrong status", response(418, ids), ["status"]],
  ];
  it.each(listed)("%s", (_, given, fields) => {
    const { asserted } = check("notFound", given);
    expect(asserted).toEqual(
      fields.map((field) => ({ operation: "ApiSubjectsByIdPut", status: 404, field })),
    );
  });

  it("in the fields of the alternative that the body follows", () => {
    expect(check("noFace", good.noFace!).asserted.map(({ field }) => field)).toEqual([
      "status",
      "header content-type",
      "header x-amzn-requestid",
      "header x-amz-apigw-id",
      "body",
      "body /message",
      "body /errorCode",
      "body /errorType",
    ]);
  });
});

function withHeader(name: string, value: string): (response: ReceivedResponse) => ReceivedResponse {
  return (given) => ({ ...given, headers: [...withoutHeader(name)(given).headers, [name, value]] });
}

function withoutHeader(name: string): (response: ReceivedResponse) => ReceivedResponse {
  return (given) => ({ ...given, headers: given.headers.filter(([known]) => known !== name) });
}

function withText(text: string): (response: ReceivedResponse) => ReceivedResponse {
  return (given) => ({ ...given, body: Buffer.from(text) });
}

function withBody(body: unknown): (response: ReceivedResponse) => ReceivedResponse {
  return withText(JSON.stringify(body));
}
