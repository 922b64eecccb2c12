import type { Forgery } from "../signer.ts";
import { type Call, checker, type Kind } from "./call.ts";
import { textCard } from "./pictures.ts";

type Place = { path: string; operation: string };
type Expectation = Parameters<typeof checker>[1];
type Request = Omit<Call, "check">;
type Row = [name: string, request: Request, expected: Expectation];

const subjects: Place = { path: "/subjects", operation: "ApiSubjectsPost" };
const verify: Place = { path: "/face/verify", operation: "ApiFaceVerifyPost" };
const search: Place = { path: "/face/search", operation: "ApiFaceSearchPost" };
const extract: Place = { path: "/face/extract", operation: "ApiFaceExtractPost" };

const face = textCard("alice");
const noFace: Expectation = { status: 400, text: /"errorCode":2001,"errorType":"NoFace"\}$/ };
const poorQuality: Expectation = { status: 400, text: /"errorCode":2002,"errorType":"PoorQuality"\}$/ };
const unsupported: Expectation = {
  status: 415,
  errorType: "BadRequestException",
  text: '{"message": "Unsupported Media Type"}',
};
const missingToken = refused(
  "MissingAuthenticationTokenException",
  '{"message":"Missing Authentication Token"}',
);
const mismatch = refused(
  "InvalidSignatureException",
  /^\{"message":"The request signature we calculated does not/,
);
const forbidden = refused("ForbiddenException", '{"message":"Forbidden"}');

/** Calls that the gateway or the service refuses, and those that ask for a response by `Prefer`. */
export const refusedCalls: Record<string, Kind> = {
  ...kindsOf("invalid", 6, [
    ["face missing", posts(subjects, {}), invalid("face property must be provided.")],
    ["face a number", posts(subjects, { face: 5 }), invalid("face property must be text.")],
    ["face no Base64", posts(subjects, { face: "???" }), invalid("face property must be base64 text.")],
    ["unknown property", posts(subjects, { face, more: 1 }), invalid("more property is not known.")],
    ["no JSON", posts(subjects, '{"face":'), invalid("request body must be valid JSON.")],
    ["a list", posts(subjects, []), invalid("request body must be a JSON object.")],
    ["no body", posts(subjects), invalid("face property must be provided.")],
    ["text/plain", { ...posts(subjects, "x"), contentType: "text/plain" }, unsupported],
    [
      "unreadable card",
      posts(subjects, { face: textCard("alice?photo=0") }),
      invalid(
        "face property must be a face card that can be read: photo of face 1 must be a whole number from 1 to 999999999.",
      ),
    ],
    ["id missing", posts(verify, { probe: face }), invalid("id property must be provided.")],
    ["faces missing", posts(extract, { probe: face }), invalid("faces property must be provided.")],
    [
      "threshold 10000",
      posts(search, { probe: face, threshold: 10_000 }),
      invalid("threshold property must be at most 9999."),
    ],
    ["limit 0", posts(search, { probe: face, limit: 0 }), invalid("limit property must be at least 1.")],
    ["limit 1.5", posts(search, { probe: face, limit: 1.5 }), invalid("limit property must be an integer.")],
  ]),
  ...kindsOf("picture", 2, [
    ["NoFace at register", posts(subjects, { face: textCard("none") }), noFace],
    ["NoFace at search", posts(search, { probe: textCard("none") }), noFace],
    ["PoorQuality at register", posts(subjects, { face: textCard("alice?quality=0.2") }), poorQuality],
    ["PoorQuality at verify", posts(verify, { probe: textCard("alice?quality=0.2"), id: "x" }), poorQuality],
  ]),
  ...kindsOf("gateway", 6, [
    ["unsigned", forged("unsigned"), missingToken],
    ["other secret", forged("other secret"), mismatch],
    ["other body", forged("other body"), mismatch],
    ["other region", forged("other region"), refused("InvalidSignatureException", /valid region\. "/)],
    [
      "other access key",
      forged("other access key"),
      refused("UnrecognizedClientException", /security token included in the request is invalid/),
    ],
    ["expired", forged("expired"), refused("InvalidSignatureException", /"Signature expired: /)],
    ["no parameters", forged("no parameters"), refused("IncompleteSignatureException", /equal-sign/)],
    ["other API key", { ...posts(subjects, { face }), apiKey: "necid-mock-application-key-0009" }, forbidden],
    ["no API key", { ...posts(subjects, { face }), apiKey: null }, forbidden],
    ["unknown path", { method: "GET", path: "/people/alice" }, missingToken],
    ["unknown method", { method: "GET", path: "/subjects" }, missingToken],
  ]),
  ...kindsOf("open", 2, [
    [
      "health",
      { method: "GET", path: "/health", operation: "GET /health", forgery: "unsigned", apiKey: null },
      { status: 200, text: '{"status":"OK"}' },
    ],
    [
      "preflight",
      {
        method: "OPTIONS",
        path: "/subjects",
        operation: "OPTIONS /subjects",
        forgery: "unsigned",
        apiKey: null,
      },
      { status: 200, text: "" },
    ],
  ]),
  ...kindsOf("prefer", 3, [
    [
      "code=404",
      { ...posts(verify, { probe: face, id: "x" }), prefer: "code=404" },
      { status: 404, text: "" },
    ],
    ["NoFace", { ...posts(subjects, { face }), prefer: "code=400, example=NoFace" }, noFace],
    [
      "LimitExceeded",
      { ...posts(search, { probe: face }), prefer: "code=429, example=LimitExceeded" },
      { status: 429, errorType: "LimitExceededException", text: '{"message":"Limit Exceeded"}' },
    ],
    [
      "code=504",
      { ...posts(search, { probe: face }), prefer: "code=504" },
      {
        status: 504,
        errorType: "InternalServerErrorException",
        text: '{"message": "Endpoint request timed out"}',
      },
    ],
    ["code=201", { ...posts(subjects, { face }), prefer: "code=201" }, { status: 201 }],
    [
      "undocumented",
      { ...posts(verify, { probe: face, id: "x" }), prefer: "code=418" },
      { status: 400, text: /^\{"message":"prefer header is invalid: code=418 is not documented/ },
    ],
  ]),
  ...kindsOf("dynamic", 0.1, [
    ["search", { ...posts(search, { probe: face }), prefer: "dynamic=true, seed=7" }, { status: 200 }],
  ]),
};

/** The rows share a weight: each is made equally often. */
function kindsOf(family: string, weight: number, rows: Row[]): Record<string, Kind> {
  return Object.fromEntries(
    rows.map(([name, request, expected]) => {
      const call: Call = { ...request, check: checker(request.operation, expected) };
      return [`${family}: ${name}`, { weight: weight / rows.length, plan: () => call }];
    }),
  );
}

function posts({ path, operation }: Place, body?: object | string): Request {
  const text = typeof body === "object" ? JSON.stringify(body) : body;
  return { method: "POST", path, operation, ...(text !== undefined && { body: text }) };
}

function forged(forgery: Forgery): Request {
  return { ...posts(subjects, { face }), forgery };
}

function refused(errorType: string, text: string | RegExp): Expectation {
  return { status: 403, errorType, text };
}

function invalid(message: string): Expectation {
  return { status: 400, text: JSON.stringify({ message, errorCode: 1001, errorType: "InvalidRequest" }) };
}
