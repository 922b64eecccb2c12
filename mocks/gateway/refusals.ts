import { bodyLimit } from "../http/limits.ts";
import { now as realNow } from "../http/real-time.ts";
import type { HttpResponse } from "../http/response.ts";
import { elevenBytes, hexDigits, uuid } from "../random/random.ts";

/**
 * A response that API Gateway makes itself, before the request reaches the service or instead of the service's.
 * `phase` decides the JSON spacing and the headers.
 */
export type Refusal = {
  status: number;
  /** Value of `x-amzn-ErrorType`; undefined where the gateway sends none. */
  errorType?: string;
  body: string;
  contentType: string;
  phase: "before execution" | "during execution";
};

/** The identifiers of one response, refusal or not. */
export type Ids = {
  /** `x-amzn-RequestId`: a UUID. */
  requestId: string;
  /** `x-amz-apigw-id`: 15 characters of Base64 and `=`. */
  apigwId: string;
  /** `X-Amzn-Trace-Id`: only refusals during execution have one, and it is made only for them. */
  traceId(): string;
};

/** What a credential scope can have wrong; the order is the order of the sentences in one message. */
export type ScopeFault =
  | { part: "region" }
  | { part: "service"; expected: string }
  | { part: "terminator"; got: string }
  | { part: "date"; scope: string; day: string; date: string };

/**
 * API Gateway's refusals, one constructor for each case. Status, error type and body are final. Each names its
 * row in docs/api-gateway.md.
 */
export const refusals = {
  /** Row 1. */
  missingAuthenticationToken: () =>
    before(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
  /** Row 2: an unknown path, another method, OPTIONS where it is not declared. The gateway never sends 404 or 405. */
  unknownRoute: () => before(403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
  /** Row 3. `hash` is the Base64 of the header's SHA-256. */
  invalidKeyValuePair: (hash: string) =>
    incomplete(
      `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`,
    ),
  /** Row 4. The parameters in the order Credential, Signature, SignedHeaders, date. */
  missingParameters: (missing: readonly MissingParameter[], hash: string) =>
    incomplete(
      `${missing.map((name) => missingSentence[name]).join(" ")} (Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`,
    ),
  /** Row 4 for a presigned request: the parameters of the query string instead of the header's. */
  missingQueryParameters: (names: readonly string[]) =>
    incomplete(
      `${names.map((name) => `AWS query-string parameters must include '${name}'.`).join(" ")} Re-examine the query-string parameters.`,
    ),
  /** Row 5. */
  dateFormat: (date: string) =>
    incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    ),
  /** Row 6. */
  unsupportedAlgorithm: (algorithm: string) => incomplete(`Unsupported AWS 'algorithm': '${algorithm}'.`),
  /** Row 7. */
  credentialParts: (credential: string) =>
    incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    ),
  /** Row 8. */
  hostNotSigned: () => invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
  /** Rows 9 to 13: one sentence for each fault, in the order region, service, terminator, date. */
  credentialScope: (faults: readonly ScopeFault[]) => invalid(faults.map(scopeSentence).join("")),
  /** Row 14: the access key is unknown, or the session token is not the one that belongs to it. */
  unrecognizedClient: () =>
    before(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
  /** Row 15. `window` is text like `5 min.`; the other values are dates in ISO 8601 basic format. */
  signatureExpired: (at: { sent: string; earliest: string; now: string; window: string }) =>
    invalid(`Signature expired: ${at.sent} is now earlier than ${at.earliest} (${at.now} - ${at.window})`),
  /** Row 16. */
  signatureNotYetCurrent: (at: { sent: string; latest: string; now: string; window: string }) =>
    invalid(
      `Signature not yet current: ${at.sent} is still later than ${at.latest} (${at.now} + ${at.window})`,
    ),
  /** Row 17. Both are what the server computed, never the client's. */
  signatureMismatch: (canonicalRequest: string, stringToSign: string) =>
    invalid(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret " +
        "Access Key and signing method. Consult the service documentation for details.\n\n" +
        `The Canonical String for this request should have been\n'${canonicalRequest}'\n\n` +
        `The String-to-Sign should have been\n'${stringToSign}'\n`,
    ),
  /** A presigned query beside an Authorization header: the client must choose one. */
  twoAuthentications: () =>
    invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."),
  /** A presigned query whose `X-Amz-Expires` is not a number of seconds from 0 to 604800. */
  expiresRange: () => incomplete("X-Amz-Expires must be a number of seconds between 0 and 604800 (7 days)."),
  /** Row 18. */
  forbidden: () => before(403, "ForbiddenException", "Forbidden"),
  /** Row 19. */
  tooManyRequests: () => before(429, "TooManyRequestsException", "Too Many Requests"),
  /** Row 20. */
  limitExceeded: () => before(429, "LimitExceededException", "Limit Exceeded"),
  /** Row 21: plain text, not JSON, and without an error type. */
  contentTooLong: (): Refusal => ({
    status: 413,
    body: `HTTP content length exceeded ${bodyLimit} bytes.`,
    contentType: "text/plain",
    phase: "before execution",
  }),
  /** Row 22. */
  endpointTimedOut: () => during(504, "InternalServerErrorException", "Endpoint request timed out"),
  /** Row 23. */
  internalServerError: () => during(502, "InternalServerErrorException", "Internal server error"),
  /** Row 24. */
  unsupportedMediaType: () => during(415, "BadRequestException", "Unsupported Media Type"),
  /** What an authorizer reads is not there: row A of API Gateway's own descriptions. */
  unauthorized: () => before(401, "UnauthorizedException", "Unauthorized"),
  /** Row B there. */
  missingRequestParameters: (names: readonly string[]) =>
    during(400, "BadRequestException", `Missing required request parameters: [${names.join(", ")}]`),
  /** Row C there. */
  invalidRequestBody: () => during(400, "BadRequestException", "Invalid request body"),
};

export type MissingParameter = keyof typeof missingSentence;

/** Writes a refusal as a response. The server adds `Content-Length`, `Connection` and `Date`. */
export function refusalResponse(refusal: Refusal, ids: Ids): HttpResponse {
  return {
    status: refusal.status,
    headers: {
      "Content-Type": refusal.contentType,
      "x-amzn-RequestId": ids.requestId,
      ...(refusal.errorType && { "x-amzn-ErrorType": refusal.errorType }),
      "x-amz-apigw-id": ids.apigwId,
      ...(refusal.phase === "during execution" && { "X-Amzn-Trace-Id": ids.traceId() }),
    },
    body: refusal.body,
  };
}

/**
 * Makes the identifiers of responses. A successful response has `requestId` and `apigwId` too.
 *
 * @param options.random a number from 0 up to 1, like `Math.random`; seed it for reproducible responses.
 * @param options.now milliseconds since the epoch, for the time inside the trace id.
 */
export function createIds({
  random,
  now = realNow,
}: {
  random: () => number;
  now?: () => number;
}): () => Ids {
  return () => ({
    requestId: uuid(random),
    apigwId: elevenBytes(random),
    traceId() {
      const seconds = Math.trunc(now() / 1000).toString(16);
      return `Root=1-${seconds.padStart(8, "0")}-${hexDigits(random, 24)}`;
    },
  });
}

const missingSentence = {
  Credential: "Authorization header requires 'Credential' parameter.",
  Signature: "Authorization header requires 'Signature' parameter.",
  SignedHeaders: "Authorization header requires 'SignedHeaders' parameter.",
  Date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
} as const;

function scopeSentence(fault: ScopeFault): string {
  switch (fault.part) {
    case "region":
      return "Credential should be scoped to a valid region. ";
    case "service":
      return `Credential should be scoped to correct service: '${fault.expected}'. `;
    case "terminator":
      return `Credential should be scoped with a valid terminator: 'aws4_request', not '${fault.got}'. `;
    case "date":
      return `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${fault.scope}' != '${fault.day}', from '${fault.date}'.`;
  }
}

function incomplete(message: string): Refusal {
  return before(403, "IncompleteSignatureException", message);
}

function invalid(message: string): Refusal {
  return before(403, "InvalidSignatureException", message);
}

function before(status: number, errorType: string, message: string): Refusal {
  const body = `{"message":${JSON.stringify(message)}}`;
  return { status, errorType, body, contentType: "application/json", phase: "before execution" };
}

/** The space after the colon shows a client that the refusal was made during execution. */
function during(status: number, errorType: string, message: string): Refusal {
  const body = `{"message": ${JSON.stringify(message)}}`;
  return { status, errorType, body, contentType: "application/json", phase: "during execution" };
}
