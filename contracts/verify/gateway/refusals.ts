import { hash } from "node:crypto";
import type { Difference } from "../check.ts";
import { redactSecrets } from "../redaction.ts";
import { headerOf, type SentRequest } from "../wire.ts";
import { signatureMessage } from "./signature-message.ts";

/** What API Gateway answers to a call that it does not let through; its status is always 403. */
export type ExpectedRefusal = {
  /** The header `x-amzn-errortype`. */
  errorType: string;
  /** Says how a message differs from the right one for a request, in words; `undefined` where it does not. */
  difference(said: string, request: SentRequest): Omit<Difference, "instancePath"> | undefined;
};

/** The refusals that a caller can provoke, before the service itself is reached. */
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

/** The space at the end of each is the gateway's. */
const scope = {
  region: "Credential should be scoped to a valid region. ",
  service: "Credential should be scoped to correct service: 'execute-api'. ",
};

function invalid(message: () => string): ExpectedRefusal {
  return exactly("InvalidSignatureException", message);
}

function exactly(errorType: string, message: (request: SentRequest) => string): ExpectedRefusal {
  return {
    errorType,
    difference(said, request) {
      const expected = message(request);
      if (said === expected) return undefined;
      return { expected: JSON.stringify(expected), actual: quoted(said, { request, expected }) };
    },
  };
}

/** The moments in the message are the server's but for the first, which is the request's own. */
function timed({
  opening,
  middle,
  sign,
}: {
  opening: string;
  middle: string;
  sign: "+" | "-";
}): ExpectedRefusal {
  const form = new RegExp(
    `^${opening}(\\S+)${middle}(\\d{8}T\\d{6}Z) \\((\\d{8}T\\d{6}Z) \\${sign} 5 min\\.\\)$`,
  );
  return {
    errorType: "InvalidSignatureException",
    difference(said, request) {
      const sent = headerOf(request, "x-amz-date") ?? "";
      const [, date, bound = "", now = ""] = form.exec(said) ?? [];
      const apart = (moment(bound) - moment(now)) / 60_000;
      if (date === sent && apart === Number(`${sign}5`)) return undefined;
      const expected = `${opening}${sent}${middle}T (N ${sign} 5 min.)`;
      return {
        expected: `${JSON.stringify(expected)} with T = N ${sign} 5 minutes`,
        actual: quoted(said, { request, expected }),
      };
    },
  };
}

/** The first line that differs; whoever reads it need not know the rest, which holds an API key. */
function differenceByLine(said: string, request: SentRequest): Omit<Difference, "instancePath"> | undefined {
  const expected = signatureMessage(request);
  if (said === expected) return undefined;
  const [wanted, got] = [expected.split("\n"), said.split("\n")];
  const at = wanted.findIndex((line, index) => line !== got[index]);
  const place = at < 0 ? wanted.length : at;
  const line = (text: string | undefined) => {
    if (text === undefined) return `no line ${place + 1}`;
    const shown = text.replace(secretLine, "$1[not shown]");
    return `line ${place + 1} ${quoted(shown, { request, expected })}`;
  };
  return { expected: line(wanted[place]), actual: line(got[place]) };
}

/** Of a key that is not quite the one sent, too. */
const secretLine = /^'?(x-api-key:|x-amz-security-token:|authorization:).*/i;

/** One line of what was said. What could be a key is shown only where it was expected. */
function quoted(said: string, { request, expected }: { request: SentRequest; expected: string }): string {
  const [line = "", ...more] = redactSecrets(said, request).split("\n");
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
