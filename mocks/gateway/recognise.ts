import { type Refusal, refusals } from "./refusals.ts";

/**
 * Finds the gateway's own refusal behind a contract's example, so that an example asked for by `Prefer`
 * is written as the gateway writes it: its error type, its spacing, its headers.
 *
 * @returns undefined when the gateway has no such refusal.
 */
export function recogniseRefusal(status: number, body: unknown): Refusal | undefined {
  const message = typeof body === "string" ? body : (body as { message?: unknown } | undefined)?.message;
  if (typeof message !== "string") return undefined;
  const fixed = fixedRefusals.get(`${status} ${message}`);
  if (fixed || status !== 403) return fixed;
  const errorType = Object.entries(openings).find(([, opening]) => opening.test(message))?.[0];
  if (!errorType) return undefined;
  return { ...refusals.forbidden(), errorType, body: `{"message":${JSON.stringify(message)}}` };
}

const fixedRefusals = new Map(
  [
    refusals.missingAuthenticationToken(),
    refusals.unrecognizedClient(),
    refusals.forbidden(),
    refusals.tooManyRequests(),
    refusals.limitExceeded(),
    refusals.contentTooLong(),
    refusals.endpointTimedOut(),
    refusals.internalServerError(),
    refusals.unsupportedMediaType(),
  ].map((refusal) => [`${refusal.status} ${messageOf(refusal)}`, refusal]),
);

/** How the messages of docs/api-gateway.md rows 3 to 17 begin. */
const openings: Record<string, RegExp> = {
  IncompleteSignatureException:
    /^(Invalid key=value pair|Authorization header requires|Date must be|Unsupported AWS|Credential must have)/,
  InvalidSignatureException:
    /^(Signature expired|Signature not yet current|The request signature we|Credential should be|Date in Credential|'Host')/,
};

function messageOf({ contentType, body }: Refusal): string {
  return contentType === "application/json" ? JSON.parse(body).message : body;
}
