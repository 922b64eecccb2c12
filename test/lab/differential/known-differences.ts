import { type Aspect, type ComparedResponse, fieldsOf, parsed } from "./compare.ts";
import type { Case } from "./requests/cases.ts";
import { leavesPrismSilent, processEnded } from "./send-to-both.ts";

/** Both responses to one request. */
export type Pair = Case & {
  /** The contract stands behind API Gateway. */
  gateway: boolean;
  ours: ComparedResponse;
  prism: ComparedResponse;
};

/** A difference that is meant. */
export type KnownDifference = {
  id: string;
  reason: string;
  /** What it explains; left out, the whole response. */
  aspects?: Aspect[];
  /** As narrow as can be seen from outside. */
  holds(pair: Pair): boolean;
};

/** Whether a known difference is about this aspect of a response. */
export function explains({ aspects }: KnownDifference, aspect: Aspect): boolean {
  return aspects === undefined || aspects.includes(aspect);
}

const whole: Aspect[] = ["verdict", "status", "content type", "body"];
const problem: Aspect[] = [...whole, "header www-authenticate"];

/** All of them; whatever else differs is a fault of ours. */
export const knownDifferences: KnownDifference[] = [
  {
    id: "prism-hangs",
    reason:
      "stock Prism gives no answer to a JSON body that cannot be parsed, nor where a status below 200 is wished",
    holds: ({ sent, ours, prism }) => prism.status === 0 && leavesPrismSilent(sent) && isSane(ours, sent),
  },
  {
    id: "prism-ends",
    reason:
      "some requests end the process of stock Prism: a path that is not percent-encoded text, a malformed Accept",
    holds: ({ ours, prism }) => prism.status === 0 && prism.body.equals(ended) && ours.status !== 0,
  },
  {
    id: "prism-fails",
    reason:
      "stock Prism fails inside (a 500 that is no problem+json), at a malformed Content-Type for example",
    holds: ({ sent, ours, prism }) => prism.status === 500 && !isProblem(prism) && isSane(ours, sent),
  },
  {
    id: "prism-invalid-response",
    reason: "Prism's own answer breaks the schema, as its sl-violations header says; ours keeps it",
    aspects: ["body", "header sl-violations"],
    holds: ({ ours, prism }) => reportsResponse(prism) && !reportsResponse(ours),
  },
  {
    id: "prism-write-only",
    reason: "an answer has nothing that only requests may have; Prism leaves writeOnly properties in it",
    aspects: ["body"],
    holds: ({ ours, prism }) =>
      prism.status === ours.status && hasOnlyMore(parsed(prism.body), parsed(ours.body)),
  },
  {
    id: "prism-xml",
    reason:
      "XML has the names, attributes and namespaces of the schema; Prism writes <xml> around plain names, and text without any",
    aspects: ["body"],
    holds: ({ ours, prism }) =>
      /[/+]xml\b/.test(ours.headers["content-type"] ?? "") &&
      ours.body.includes("<?xml ") &&
      (prism.body.includes("<xml>") || !prism.body.includes("<")),
  },
  {
    id: "prism-base64-text",
    reason: "a text of the format base64 is Base64; Prism writes the word string",
    aspects: ["body"],
    holds: ({ ours, prism }) =>
      prism.body.equals(Buffer.from("string")) &&
      ours.body.equals(Buffer.from(prism.body.toString("base64"))),
  },
  {
    id: "prism-undecoded-body",
    reason:
      "a body of XML, YAML or bytes is none of JSON; Prism compares its text with the schema of an object",
    holds: ({ gateway, sent, ours, prism }) =>
      !gateway &&
      /xml|yaml|octet-stream|pdf|image\//i.test(headerOf(sent, "content-type") ?? "") &&
      ours.verdict !== "invalid" &&
      prism.verdict === "invalid",
  },
  {
    id: "prism-cannot-write",
    reason: "Prism fails at `*/*`, at files without an example and at text of an object; ours answers",
    holds: ({ ours, prism }) =>
      prism.status === 500 && isProblem(prism) && prism.verdict === "failed" && ours.verdict === "kept",
  },
  {
    id: "prism-no-schema",
    reason: "a media type without a schema has some body; Prism sends none, which is no JSON",
    aspects: ["body"],
    holds: ({ ours, prism }) =>
      ours.status === prism.status && prism.body.length === 0 && ours.body.length > 0,
  },
  {
    id: "gateway-credentials",
    reason: "API Gateway answers 403 in its own words where credentials are missing; Prism 401 or the like",
    aspects: problem,
    holds: ({ gateway, ours, prism }) => gateway && isRefusal(ours) && prism.verdict === "unauthorized",
  },
  {
    id: "gateway-route",
    reason: "API Gateway knows no 404, no 405 and no empty path parameter: each is a missing token",
    aspects: [...whole, "header sl-violations"],
    holds: ({ gateway, sent, ours, prism }) =>
      gateway &&
      isMissingToken(sent, ours) &&
      (prism.verdict === "unknown route" ||
        [404, 405].includes(prism.status) ||
        /\/(\/|\?|$)/.test(sent.target)),
  },
  {
    id: "gateway-media-type",
    reason: "API Gateway refuses another media type with its own 415",
    aspects: whole,
    holds: ({ gateway, ours, prism }) =>
      gateway && ours.body.equals(unsupported) && prism.verdict === "invalid",
  },
  {
    id: "gateway-json-suffix",
    reason: "Prism takes any +json where application/json is documented; the gateway compares names",
    aspects: whole,
    holds: ({ gateway, sent, ours, prism }) =>
      gateway &&
      ours.body.equals(unsupported) &&
      prism.verdict === "kept" &&
      /\+json/.test(headerOf(sent, "content-type") ?? ""),
  },
  {
    id: "gateway-body",
    reason: "API Gateway passes on a body that the contract does not know; Prism refuses it",
    aspects: [...whole, "header sl-violations"],
    holds: ({ gateway, operation, sent, prism }) =>
      gateway && operation?.body === undefined && sent.body !== undefined && prism.verdict === "invalid",
  },
  {
    id: "gateway-no-content-type",
    reason: "API Gateway takes a body without a media type for JSON; Prism takes it for text",
    aspects: whole,
    holds: ({ gateway, sent, ours, prism }) =>
      gateway &&
      sent.body !== undefined &&
      !headerOf(sent, "content-type") &&
      ours.verdict === "kept" &&
      prism.verdict === "invalid",
  },
  {
    id: "gateway-message",
    reason: "behind API Gateway a refusal is one message, as all of its own; Prism writes problem+json",
    aspects: ["content type", "body"],
    holds: ({ gateway, ours, prism }) =>
      gateway &&
      ours.status === prism.status &&
      isProblem(prism) &&
      fieldsOf(ours).message === (fieldsOf(prism).detail || fieldsOf(prism).title),
  },
  {
    id: "gateway-invalid",
    reason: "what is invalid is 400 behind API Gateway; Prism says 422 where nothing is documented",
    aspects: ["status", "content type", "body"],
    holds: ({ gateway, ours, prism }) =>
      gateway &&
      ours.status === 400 &&
      prism.status === 422 &&
      ours.verdict === "invalid" &&
      prism.verdict === "invalid",
  },
  {
    id: "gateway-empty-value",
    reason: "an empty query parameter has a value, which may be invalid; Prism takes it for absent",
    aspects: whole,
    holds: ({ gateway, sent, ours, prism }) =>
      gateway &&
      /[?&][^=&]+=(&|$)/.test(sent.target) &&
      ours.verdict === "invalid" &&
      prism.verdict === "kept",
  },
  {
    id: "gateway-dot-segment",
    reason: "API Gateway leaves a dot segment as it came; Prism resolves it",
    aspects: whole,
    holds: ({ gateway, sent }) => gateway && /\/\.\.?(\/|\?|$)/.test(sent.target),
  },
  {
    id: "gateway-headers",
    reason: "API Gateway has no sl-violations header",
    aspects: ["header sl-violations"],
    holds: ({ gateway }) => gateway,
  },
  {
    id: "gateway-accept",
    reason: "API Gateway answers JSON whatever is accepted; Prism 406",
    aspects: whole,
    holds: ({ gateway, ours, prism }) => gateway && prism.status === 406 && ours.verdict === "kept",
  },
  {
    id: "vendor-error",
    reason: "NEC ID says what is wrong with a request; Prism answers the documented example",
    aspects: ["body"],
    holds: ({ gateway, ours, prism }) =>
      gateway && isInvalidRequest(ours) && isInvalidRequest(prism) && prism.verdict === "invalid",
  },
  {
    id: "base64",
    reason: "text that is not Base64 is invalid where the contract says contentEncoding; Prism does not look",
    aspects: whole,
    holds: ({ gateway, ours, prism }) =>
      gateway &&
      isInvalidRequest(ours) &&
      ours.body.includes("must be base64 text") &&
      prism.verdict === "kept",
  },
  {
    id: "prism-comma",
    reason: "Prism takes a comma inside a path parameter for a list, whatever its type",
    aspects: whole,
    holds: ({ gateway, sent, ours, prism }) =>
      gateway &&
      /^[^?]*(,|%2C)/i.test(sent.target) &&
      ours.verdict !== "invalid" &&
      prism.verdict === "invalid",
  },
  {
    id: "gateway-no-media-type",
    reason: "an empty answer has no media type; Prism calls it text/plain",
    aspects: ["content type"],
    holds: ({ gateway, ours, prism }) =>
      gateway && ours.body.length + prism.body.length === 0 && prism.headers["content-type"] === "text/plain",
  },
  {
    id: "prefer-undocumented",
    reason:
      "a status or example that the contract does not have is an invalid request; Prism says 404, or 500, and ignores the example of a response without a body",
    aspects: whole,
    holds: ({ gateway, sent, ours, prism }) =>
      gateway &&
      headerOf(sent, "prefer") !== undefined &&
      ours.status === 400 &&
      (prism.verdict === "unanswerable" ||
        (prism.status === 500 && prism.body.includes("We tried default response")) ||
        namesNoExample(ours)),
  },
  {
    id: "prefer-malformed",
    reason:
      "what is not understood in Prefer is ignored (RFC 7240); Prism refuses it with 422, or 404 for a code that is none",
    aspects: whole,
    holds: ({ gateway, sent, prism }) =>
      gateway &&
      ((prism.status === 422 && prism.body.includes("cannot decode")) ||
        (prism.status === 404 && /^code=(?![2-5]\d\d)/.test(headerOf(sent, "prefer") ?? ""))),
  },
  {
    id: "prefer-semicolon",
    reason: "code and example may be parted by a semicolon too; Prism reads only the first of them then",
    aspects: whole,
    holds: ({ gateway, sent, prism, ours }) =>
      gateway &&
      /;/.test(headerOf(sent, "prefer") ?? "") &&
      [prism, ours].every(({ verdict }) => verdict !== "failed"),
  },
  {
    id: "prefer-in-query",
    reason: "the query belongs to the contract; Prism reads wishes from __code, __example and __dynamic too",
    aspects: whole,
    holds: ({ gateway, sent }) =>
      gateway && headerOf(sent, "prefer") === undefined && /[?&]__(code|example|dynamic)=/.test(sent.target),
  },
];

function reportsResponse({ headers }: ComparedResponse): boolean {
  return headers["sl-violations"]?.includes('"location":["response"') ?? false;
}

/** Whether a value is another one with further properties. */
function hasOnlyMore(more: unknown, less: unknown): boolean {
  if (typeof more !== "object" || typeof less !== "object" || more === null || less === null)
    return more === less;
  return (
    Array.isArray(more) === Array.isArray(less) &&
    Object.entries(less).every(
      ([name, value]) => name in more && hasOnlyMore(more[name as keyof typeof more], value),
    )
  );
}

const ended = Buffer.from(processEnded);
const missingToken = Buffer.from('{"message":"Missing Authentication Token"}');
const forbidden = Buffer.from('{"message":"Forbidden"}');
const unsupported = Buffer.from('{"message": "Unsupported Media Type"}');

function isRefusal({ status, body }: ComparedResponse): boolean {
  return status === 403 && (body.equals(missingToken) || body.equals(forbidden));
}

/** A missing token; the response to HEAD has no words. */
function isMissingToken({ method }: Case["sent"], { status, body }: ComparedResponse): boolean {
  return status === 403 && (body.equals(missingToken) || (method === "HEAD" && body.length === 0));
}

/** The refusal of an example that is not documented for the status. Prism ignores it where there is no body. */
function namesNoExample({ body }: ComparedResponse): boolean {
  return /prefer(: | header is invalid: )example=/.test(String(body));
}

/** A response to nonsense that a server may give, or one that was asked for. */
function isSane({ status }: ComparedResponse, sent: Case["sent"]): boolean {
  return (status >= 200 && status < 500) || headerOf(sent, "prefer") !== undefined;
}

function isProblem({ headers }: ComparedResponse): boolean {
  return headers["content-type"] === "application/problem+json";
}

function isInvalidRequest(response: ComparedResponse): boolean {
  return response.status === 400 && fieldsOf(response).errorType === "InvalidRequest";
}

function headerOf({ headers }: Case["sent"], wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}
