import { createValidation, type Validators } from "../../../contracts/openapi/validation.ts";
import * as validators from "../../../generated/necid-v1/validators.js";
import type { ReceivedResponse } from "../../raw-http.ts";

const validation = createValidation(validators as unknown as Validators);

/** What the server itself answers to bytes that are no HTTP. */
const notHttp: Record<number, string> = {
  400: '{"message":"Bad Request"}',
  408: '{"message":"Request Timeout"}',
  431: '{"message":"Request Header Fields Too Large"}',
};

/** Rows of the gateway table that an attack can meet, by status. */
const gatewayErrors: Record<number, string[]> = {
  403: [
    "MissingAuthenticationTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "ForbiddenException",
  ],
  415: ["BadRequestException"],
};

/** Says why a response is neither the contract's, nor the gateway's, nor the server's own; undefined if it is. */
export function checkResponse(
  response: ReceivedResponse,
  { operation, method }: { operation?: string; method?: string },
): string | undefined {
  const headers = Object.fromEntries(response.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const { status, body } = response;
  if (notHttp[status] === body) {
    return headers.connection === "close" ? undefined : "the connection should be closed with this answer";
  }
  if (!headers["x-amzn-requestid"] || !headers["x-amz-apigw-id"]) return "it has no identifiers";
  if (status === 413) {
    return body === "HTTP content length exceeded 10485760 bytes." ? undefined : "not the gateway's 413";
  }
  if (gatewayErrors[status]) {
    const known = gatewayErrors[status].includes(headers["x-amzn-errortype"] ?? "");
    const worded = method === "HEAD" || /^\{"message": ?".+"\}$/s.test(body);
    return known && worded ? undefined : `not the gateway's ${status}`;
  }
  if (operation === undefined) return "no operation was reached";
  const mediaType = headers["content-type"];
  const [violation] = validation.response(operation, { status, mediaType, body: parsed(body), headers });
  return violation && `breaks the contract: ${violation.place.join(".")} ${violation.message}`;
}

function parsed(body: string): unknown {
  if (body === "") return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
