import type { MadeCall, ResultBuilder } from "../check.ts";
import { redactValue } from "../redaction.ts";
import { headerOf } from "../wire.ts";
import type { ExpectedRefusal } from "./refusals.ts";

/** Checks that a response is a certain refusal of API Gateway: status, headers, message, and every byte of the body. */
export function checkRefusal(
  { planned, request, response }: MadeCall,
  { builder, refusal, location }: { builder: ResultBuilder; refusal: ExpectedRefusal; location: string },
): void {
  const { operation } = planned;
  const assert = (instancePath: string, holds: boolean, expected: string, actual: string) =>
    builder.assert({ operation, status: 403, location, instancePath, holds, expected, actual });

  // With another status, every other part would differ too.
  if (!assert("status", response.status === 403, "403", String(response.status))) return;
  for (const [name, { says, allows }] of Object.entries(headersOf(refusal))) {
    const value = headerOf(response, name);
    assert(`header ${name}`, value !== undefined && allows(value), says, redactValue(value));
  }
  const text = response.body.toString();
  const message = messageOf(text);
  if (message === undefined) {
    assert("body /message", false, "a text in a JSON object", redactValue(text));
    return;
  }
  const difference = refusal.difference(message, request);
  if (!assert("body /message", !difference, difference?.expected ?? "", difference?.actual ?? "")) return;
  const offset = firstDifference(response.body, Buffer.from(`{"message":${JSON.stringify(message)}}`));
  const instancePath = offset === undefined ? "bytes" : `bytes ${offset}`;
  const around = text.length > 60 ? `${text.slice(0, 20)}…` : text;
  assert(instancePath, offset === undefined, '{"message":"…"} and nothing else', redactValue(around));
}

type HeaderRule = { says: string; allows: (value: string) => boolean };

function headersOf({ errorType }: ExpectedRefusal): Record<string, HeaderRule> {
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
