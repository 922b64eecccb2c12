import { hash } from "node:crypto";

/** An answer read to its end. */
export type Answer = { response: Response; bytes: Uint8Array<ArrayBuffer> };

/**
 * An answer that is not the JSON it should be, e.g. the HTML page of a proxy. It holds the body's size and
 * hash, never its text.
 */
export class UnexpectedResponseError extends Error {
  readonly code = "UNEXPECTED_RESPONSE";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  readonly status: number;
  /** The media type without its parameters, where the answer named one. */
  readonly contentType: string | undefined;
  /** In bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly requestId: string | undefined;

  constructor(operation: string, { response, bytes }: Answer) {
    const contentType = mediaType(response.headers);
    const sha256 = hash("sha256", bytes, "hex");
    const requestId = response.headers.get("x-amzn-requestid")?.match(/^[\w-]{1,64}$/)?.[0];
    super(
      `${operation} answered ${response.status} with ${bytes.length} bytes of ${contentType ?? "no media type"} ` +
        `(SHA-256 ${sha256.slice(0, 16)}…, request id ${requestId ?? "none"}) that are not JSON. ` +
        "Check that baseUrl is the API itself and that no proxy answers in its place.",
    );
    this.name = "UnexpectedResponseError";
    this.operation = operation;
    this.status = response.status;
    this.contentType = contentType;
    this.size = bytes.length;
    this.sha256 = sha256;
    this.requestId = requestId;
  }
}

/**
 * Lets an answer through that is JSON or empty, as a `Response` that openapi-fetch reads without a
 * surprise: an empty one always gives `data` or `error` undefined.
 *
 * API Gateway's 413 is plain text and passes as it is.
 *
 * @param expected.parseAs as given to openapi-fetch; anything but `json` takes every body of a success.
 * @throws UnexpectedResponseError
 */
export function expectJson(
  answer: Answer,
  call: { method: string; path: string; parseAs?: string },
): Response {
  const { method, path, parseAs = "json" } = call;
  const { response, bytes } = answer;
  const free = (response.ok && parseAs !== "json") || isPlainText(response);
  if (!free && bytes.length > 0 && !isJson(bytes))
    throw new UnexpectedResponseError(`${method} ${path}`, answer);

  const { status, statusText, url } = response;
  const headers = new Headers(response.headers);
  if (bytes.length === 0 && method !== "HEAD") markEmpty(headers);
  const body = bytes.length === 0 || bodiless.has(status) ? null : bytes;
  return Object.defineProperty(new Response(body, { status, statusText, headers }), "url", { value: url });
}

function isPlainText(response: Response): boolean {
  return response.status === 413 && mediaType(response.headers) === "text/plain";
}

/** @see https://www.rfc-editor.org/rfc/rfc8259#section-8.1 */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Statuses that `Response` allows no body for. @see https://fetch.spec.whatwg.org/#null-body-status */
const bodiless = new Set([204, 205, 304]);

/** openapi-fetch takes a body for empty by these two headers only. */
function markEmpty(headers: Headers): void {
  headers.set("content-length", "0");
  headers.delete("transfer-encoding");
}

function mediaType(headers: Headers): string | undefined {
  return headers
    .get("content-type")
    ?.match(/^\s*([\w.+-]+\/[\w.+-]+)/)?.[1]
    ?.toLowerCase();
}
