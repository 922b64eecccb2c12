import type { MadeCall } from "../check.ts";
import type { Findings } from "../findings.ts";
import { shownValue } from "../shown-value.ts";
import type { Refusal } from "./refusals.ts";

/**
 * Judges whether an answer is a given refusal of API Gateway's: status, headers, message and, because it is
 * written the same way each time, every byte of the body.
 */
export function checkRefusal(
  { planned, request, answer }: MadeCall,
  { findings, refusal, location }: { findings: Findings; refusal: Refusal; location: string },
): void {
  const { operation } = planned;
  const claim = (instancePath: string, holds: boolean, expected: string, actual: string) =>
    findings.claim({ operation, status: 403, location, instancePath, holds, expected, actual });

  // Another status is another answer: what else it says would be told as a dozen faults, and is one.
  if (!claim("status", answer.status === 403, "403", String(answer.status))) return;
  for (const [name, { says, allows }] of Object.entries(headersOf(refusal))) {
    const value = answer.headers.find(([key]) => key === name)?.[1];
    claim(`header ${name}`, value !== undefined && allows(value), says, shownValue(value));
  }
  const text = answer.body.toString();
  const said = messageOf(text);
  if (said === undefined) {
    claim("body /message", false, "a text in a JSON object", shownValue(text));
    return;
  }
  const difference = refusal.difference(said, request);
  if (!claim("body /message", !difference, difference?.expected ?? "", difference?.actual ?? "")) return;
  const offset = firstDifference(answer.body, Buffer.from(`{"message":${JSON.stringify(said)}}`));
  const place = offset === undefined ? "bytes" : `bytes ${offset}`;
  const around = text.length > 60 ? `${text.slice(0, 20)}…` : text;
  claim(place, offset === undefined, '{"message":"…"} and nothing else', shownValue(around));
}

type HeaderRule = { says: string; allows: (value: string) => boolean };

function headersOf({ errorType }: Refusal): Record<string, HeaderRule> {
  return {
    "content-type": {
      says: "application/json",
      allows: (value) => /^application\/json(; *charset="?utf-8"?)?$/i.test(value),
    },
    "x-amzn-errortype": { says: errorType, allows: (value) => value === errorType },
    "x-amzn-requestid": {
      says: "a UUID",
      allows: (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
    },
    "x-amz-apigw-id": {
      says: "15 characters of Base64 and =",
      allows: (value) => /^[A-Za-z0-9+/_-]{15}=$/.test(value),
    },
  };
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) ?? {};
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

function firstDifference(a: Buffer, b: Buffer): number | undefined {
  if (a.equals(b)) return undefined;
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length : at;
}
