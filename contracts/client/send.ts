import type { ReadableResponse } from "./response.ts";

/** The result of one try. */
export type SendResult =
  | ({ kind: "response"; status: number; headers: Headers } & ReadableResponse)
  | {
      kind: "network";
      /** The system's code, e.g. `ECONNRESET`, or the error's name. Never its message, which may quote headers. */
      reason: string;
      /** False if no connection was made, so that nothing reached the service. */
      sent: boolean;
    }
  | { kind: "timeout" }
  /** The decoded body is larger than `maxResponseBytes`. Its rest was not read. */
  | { kind: "too large"; status: number };

/**
 * Sends a request once and reads the response to its last byte.
 *
 * @param options.timeoutMs for both together.
 * @param options.maxResponseBytes of the decoded body.
 * @throws the reason of `signal`, as soon as it aborts, even if the transport ignores it.
 */
export async function sendOnce(options: {
  url: string;
  method: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | undefined;
  signal: AbortSignal;
  timeoutMs: number;
  maxResponseBytes: number;
  transport: (request: Request) => Promise<Response>;
}): Promise<SendResult> {
  const { url, timeoutMs, maxResponseBytes, transport, signal: callersSignal, ...init } = options;
  callersSignal.throwIfAborted();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const signal = AbortSignal.any([callersSignal, timeout.signal]);
  // If a redirect were followed, it would carry the keys to another address.
  const request = new Request(url, { ...init, signal, redirect: "manual" });
  try {
    return await abortable(exchange(request, { transport, maxResponseBytes }), signal);
  } catch (error) {
    callersSignal.throwIfAborted();
    return timeout.signal.aborted ? { kind: "timeout" } : { kind: "network", ...failureOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  return promise;
}

/** No complete response came: the last try failed on the network. */
export class NetworkError extends Error {
  readonly code = "NETWORK";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  /** The system's code, e.g. `ECONNRESET`, or the error's name. Never its message, which may quote headers. */
  readonly reason: string;
  /** False if the service cannot have acted: no connection was made, or the gateway refused every try. */
  readonly sent: boolean;
  readonly attempts: number;

  constructor(operation: string, facts: { reason: string; sent: boolean; attempts: number }) {
    const { reason, sent, attempts } = facts;
    super(
      `${operation} got no response after ${tries(attempts)}: ${reason}. ` +
        (sent
          ? "The service may have acted on it; find out before sending it again."
          : "Nothing reached the service; check baseUrl and that the service is up."),
    );
    this.name = "NetworkError";
    this.operation = operation;
    this.reason = reason;
    this.sent = sent;
    this.attempts = attempts;
  }
}

/** No complete response came within `timeoutMs` in the last try. */
export class ResponseTimeoutError extends Error {
  readonly code = "TIMEOUT";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  readonly timeoutMs: number;
  readonly attempts: number;

  constructor(operation: string, facts: { timeoutMs: number; attempts: number }) {
    const { timeoutMs, attempts } = facts;
    super(
      `${operation} got no complete response within ${timeoutMs} ms in ${tries(attempts)}. ` +
        "The service may have acted on it; find out before sending it again, or raise timeoutMs.",
    );
    this.name = "ResponseTimeoutError";
    this.operation = operation;
    this.timeoutMs = timeoutMs;
    this.attempts = attempts;
  }
}

/** The response is larger than `maxResponseBytes`. Its rest was not read. */
export class ResponseTooLargeError extends Error {
  readonly code = "RESPONSE_TOO_LARGE";
  /** Method and path template, `POST /subjects`. */
  readonly operation: string;
  readonly status: number;
  readonly maxResponseBytes: number;

  constructor(operation: string, facts: { status: number; maxResponseBytes: number }) {
    const { status, maxResponseBytes } = facts;
    super(
      `${operation} answered ${status} with more than ${maxResponseBytes} bytes. ` +
        "Check that baseUrl is the API itself, or raise maxResponseBytes.",
    );
    this.name = "ResponseTooLargeError";
    this.operation = operation;
    this.status = status;
    this.maxResponseBytes = maxResponseBytes;
  }
}

async function exchange(
  request: Request,
  options: { transport: (request: Request) => Promise<Response>; maxResponseBytes: number },
): Promise<SendResult> {
  const { transport, maxResponseBytes } = options;
  // As a function: the fetch of a browser fails as the method of another object.
  const response = await transport(request);
  const { status, headers } = response;
  // A browser hides a redirect behind the status 0, and no response of a service has one below 200.
  if (status < 200)
    return { kind: "network", reason: status === 0 ? "REDIRECT" : `STATUS_${status}`, sent: true };
  const bytes = await readBytes(response, maxResponseBytes);
  if (bytes === undefined) return { kind: "too large", status };
  return { kind: "response", status, headers, response, bytes };
}

/**
 * Reads a body into one growing buffer, so that small chunks take no more memory than large ones.
 *
 * @returns `undefined` if the body is longer than the limit.
 */
async function readBytes(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  let buffer = new Uint8Array(16_384);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return buffer.subarray(0, length);
    const end = length + value.byteLength;
    if (end > limit) {
      // The transport may never settle this, and nothing depends on it.
      reader.cancel().catch(() => {});
      return undefined;
    }
    if (end > buffer.length) {
      const larger = new Uint8Array(Math.max(end, Math.min(buffer.length * 2, limit)));
      larger.set(buffer.subarray(0, length));
      buffer = larger;
    }
    buffer.set(value, length);
    length = end;
  }
}

/** fetch calls no port that it knows for another protocol, and gives no code. @see https://fetch.spec.whatwg.org/#port-blocking */
const BAD_PORT = "BAD_PORT";

/** Codes of connections that were not made, and of certificates that were refused before anything was sent. */
const neverConnected = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT", "ERR_SSL_WRONG_VERSION_NUMBER"],
  ...["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "ERR_TLS_CERT_ALTNAME_INVALID"],
  ...["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "CERT_REVOKED", "CERT_UNTRUSTED"],
]);

/** fetch rejects with `TypeError: fetch failed`; the system's code is that of its cause. */
function failureOf(error: unknown): { reason: string; sent: boolean } {
  const { name, code, cause } = Object(error) as Record<"name" | "code" | "cause", unknown>;
  const {
    code: causeCode,
    syscall,
    message,
  } = Object(cause) as Record<"code" | "syscall" | "message", unknown>;
  if (message === "bad port") return { reason: BAD_PORT, sent: false };
  const reason = [causeCode, code, name].find(isWord) ?? "unknown";
  const connected = !neverConnected.has(reason) && syscall !== "connect" && syscall !== "getaddrinfo";
  return { reason, sent: connected };
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && /^\w{1,64}$/.test(value);
}

function tries(attempts: number): string {
  return attempts === 1 ? "1 try" : `${attempts} tries`;
}
