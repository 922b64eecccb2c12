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
  | { kind: "timeout" };

/**
 * Sends a request once and reads the response to its last byte.
 *
 * @param options.timeoutMs for both together.
 * @throws the reason of `signal`, as soon as it aborts, even if the transport ignores it.
 */
export async function sendOnce(options: {
  url: string;
  method: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | undefined;
  signal: AbortSignal;
  timeoutMs: number;
  transport: (request: Request) => Promise<Response>;
}): Promise<SendResult> {
  const { url, timeoutMs, transport, signal: callersSignal, ...init } = options;
  callersSignal.throwIfAborted();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const signal = AbortSignal.any([callersSignal, timeout.signal]);
  // If a redirect were followed, it would carry the keys to another address.
  const request = new Request(url, { ...init, signal, redirect: "manual" });
  try {
    return await abortable(exchange(request, transport), signal);
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

async function exchange(
  request: Request,
  transport: (request: Request) => Promise<Response>,
): Promise<SendResult> {
  const response = await transport(request);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { kind: "response", status: response.status, headers: response.headers, response, bytes };
}

const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** fetch rejects with `TypeError: fetch failed`; the system's code is that of its cause. */
function failureOf(error: unknown): { reason: string; sent: boolean } {
  const { name, code, cause } = Object(error) as Record<"name" | "code" | "cause", unknown>;
  const reason = [Object(cause).code, code, name].find(isWord) ?? "unknown";
  return { reason, sent: !neverConnected.has(reason) };
}

function isWord(value: unknown): value is string {
  return typeof value === "string" && /^\w{1,64}$/.test(value);
}

function tries(attempts: number): string {
  return attempts === 1 ? "1 try" : `${attempts} tries`;
}
