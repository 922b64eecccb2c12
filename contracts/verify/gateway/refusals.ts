import { hash } from "node:crypto";
import type { Difference } from "../check.ts";
import { redactSecrets } from "../redaction.ts";
import { headerOf, type SentRequest } from "../wire.ts";
import { signatureMessage } from "./signature-message.ts";

/** A refusal of API Gateway. Its status is always 403. */
export type ExpectedRefusal = {
  /** The header `x-amzn-errortype`. */
  errorType: string;
  /** How a message differs from the expected one for a request; `undefined` if it does not. */
  difference(message: string, request: SentRequest): Omit<Difference, "instancePath"> | undefined;
};

/** The refusals that a caller can provoke. */
export const refusals = {
  missingToken: exactly("MissingAuthenticationTokenException", () => "Missing Authentication Token"),
  noKeyValuePair: exactly(
    "IncompleteSignatureException",
    (request) =>
      "Invalid key=value pair (missing equal-sign) in Authorization header " +
      `(hashed with SHA-256 and encoded with Base64): '${hashedAuthorization(request)}'.`,
  ),
  missingParameters: exactly(
    "IncompleteSignatureException",
    (request) =>
      "Authorization header requires 'Signature' parameter. " +
      "Authorization header requires 'SignedHeaders' parameter. " +
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
      `(Hashed with SHA-256 and encoded with Base64) Authorization=${hashedAuthorization(request)}`,
  ),
  hostNotSigned: invalid(() => "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
  expired: timed({ opening: "Signature expired: ", middle: " is now earlier than ", sign: "-" }),
  notYetCurrent: timed({
    opening: "Signature not yet current: ",
    middle: " is still later than ",
    sign: "+",
  }),
  wrongRegion: invalid(() => scope.region),
  wrongService: invalid(() => scope.service),
  wrongRegionAndService: invalid(() => scope.region + scope.service),
  unknownAccessKey: exactly(
    "UnrecognizedClientException",
    () => "The security token included in the request is invalid.",
  ),
  wrongSignature: { errorType: "InvalidSignatureException", difference: differenceByLine },
  forbidden: exactly("ForbiddenException", () => "Forbidden"),
} satisfies Record<string, ExpectedRefusal>;

/** The gateway writes the spaces at the end. */
const scope = {
  region: "Credential should be scoped to a valid region. ",
  service: "Credential should be scoped to correct service: 'execute-api'. ",
};

function invalid(message: () => string): ExpectedRefusal {
  return exactly("InvalidSignatureException", message);
}

function exactly(errorType: string, messageFor: (request: SentRequest) => string): ExpectedRefusal {
  return {
    errorType,
    difference(message, request) {
      const expected = messageFor(request);
      if (message === expected) return undefined;
      return { expected: JSON.stringify(expected), actual: quoted(message, { request, expected }) };
    },
  };
}

const times =
  /^(\S+)( is now earlier than | is still later than )(\d{8}T\d{6}Z) \((\d{8}T\d{6}Z) ([+-]) 5 min\.\)$/;

/** The first time in the message is the request's. The others are the server's. */
function timed({
  opening,
  middle,
  sign,
}: {
  opening: string;
  middle: string;
  sign: "+" | "-";
}): ExpectedRefusal {
  return {
    errorType: "InvalidSignatureException",
    difference(message, request) {
      const sent = headerOf(request, "x-amz-date") ?? "";
      const rest = message.startsWith(opening) ? message.slice(opening.length) : "";
      const [, date, between, bound = "", now = "", direction] = times.exec(rest) ?? [];
      const apart = (moment(bound) - moment(now)) / 60_000;
      if (date === sent && between === middle && direction === sign && apart === Number(`${sign}5`))
        return undefined;
      const expected = `${opening}${sent}${middle}T (N ${sign} 5 min.)`;
      return {
        expected: `${JSON.stringify(expected)} with T = N ${sign} 5 minutes`,
        actual: quoted(message, { request, expected }),
      };
    },
  };
}

/** Shows only the first line that differs, because the rest contains an API key. */
function differenceByLine(
  message: string,
  request: SentRequest,
): Omit<Difference, "instancePath"> | undefined {
  const expected = signatureMessage(request);
  if (message === expected) return undefined;
  const [wanted, got] = [expected.split("\n"), message.split("\n")];
  const found = wanted.findIndex((line, index) => line !== got[index]);
  const position = found < 0 ? wanted.length : found;
  const line = (text: string | undefined) => {
    if (text === undefined) return `no line ${position + 1}`;
    const shown = text.replace(secretLine, "$1[not shown]");
    return `line ${position + 1} ${quoted(shown, { request, expected })}`;
  };
  return { expected: line(wanted[position]), actual: line(got[position]) };
}

/** Also if it is not exactly the key that was sent. */
const secretLine = /^'?(x-api-key:|x-amz-security-token:|authorization:).*/i;

/** The first line of a message. What could be a key is shown only if it was expected. */
function quoted(message: string, { request, expected }: { request: SentRequest; expected: string }): string {
  const [line = "", ...more] = redactSecrets(message, request).split("\n");
  const plain = line.replaceAll(/[\w+/=.-]{20,}/g, (word) =>
    /\d/.test(word) && !expected.includes(word) ? `[${word.length} characters]` : word,
  );
  const cut = plain.length > longest || more.length > 0;
  return JSON.stringify(cut ? `${plain.slice(0, longest)}…` : plain);
}

const longest = 300;

function hashedAuthorization(request: SentRequest): string {
  return hash("sha256", headerOf(request, "authorization") ?? "", "base64");
}

/** ISO 8601 basic format to milliseconds. */
function moment(text: string): number {
  return Date.parse(text.replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
}
