import { sha256 as sha256Of } from "./signer.ts";

/** A response and its whole body. */
export type ReadableResponse = { response: Response; bytes: Uint8Array<ArrayBuffer> };

/**
 * Reads a response that is JSON or empty, as a `Response` for openapi-fetch: with an empty body, `data` and
 * `error` are always undefined. API Gateway's 413 is plain text and stays so.
 *
 * @param call.parseAs as for openapi-fetch. Anything but `json` allows every body of a successful response.
 * @throws {UnexpectedResponseError}
 */
export async function readResponse(
  received: ReadableResponse,
  call: { method: string; path: string; parseAs?: string },
): Promise<Response> {
  const { method, path, parseAs = "json" } = call;
  const { response, bytes } = received;
  const mayBeAnything = (response.ok && parseAs !== "json") || isPlainText(response);
  if (!mayBeAnything && bytes.length > 0 && !isJson(bytes))
    throw new UnexpectedResponseError(`${method} ${path}`, {
      response,
      bytes,
      sha256: await sha256Of(bytes),
    });

  const { status, statusText, url } = response;
  const headers = new Headers(response.headers);
  if (bytes.length === 0 && method !== "HEAD") markEmpty(headers);
  const body = bytes.length === 0 || nullBodyStatuses.has(status) ? null : bytes;
  return Object.defineProperty(new Response(body, { status, statusText, headers }), "url", { value: url });
}

/** The response is not JSON, e.g. the HTML page of a proxy. The error has the body's size and hash, not its text. */
export class UnexpectedResponseError extends Error {
  readonly code = "UNEXPECTED_RESPONSE";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  readonly status: number;
  /** The media type without its parameters, if the response named one. */
  readonly contentType: string | undefined;
  /** In bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly requestId: string | undefined;

  constructor(operation: string, { response, bytes, sha256 }: ReadableResponse & { sha256: string }) {
    const contentType = mediaType(response.headers);
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

/** @see https://fetch.spec.whatwg.org/#null-body-status */
const nullBodyStatuses = new Set([204, 205, 304]);

/** openapi-fetch recognizes an empty body by these two headers only. */
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
