import { STATUS_CODES } from "./node-http.ts";
import { now } from "./real-time.ts";
import type { HttpResponse } from "./response.ts";

/**
 * The response to bytes that are no request: 431 where the headers are too long, 408 where they or the body
 * took too long, 400 otherwise. It is written as API Gateway writes a refusal before execution, without
 * identifiers, because there was no request to identify.
 *
 * @param code of the error of Node's parser or of its timeouts.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-2.2
 */
export function malformedResponse(code?: string): HttpResponse {
  const status = statuses[code ?? ""] ?? 400;
  const headers = { "Content-Type": "application/json" };
  return { status, headers, body: JSON.stringify({ message: STATUS_CODES[status] }) };
}

/** The same with a status line and all headers, for a socket that has no request. */
export function malformedBytes(code?: string): string {
  const { status, headers, body } = malformedResponse(code);
  const lines = Object.entries({
    ...headers,
    "Content-Length": Buffer.byteLength(body!),
    Date: new Date(now()).toUTCString(),
    Connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`;
}

const statuses: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};
