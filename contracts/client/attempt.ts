import type { Answer } from "./response.ts";

/** What one try came to. */
export type Result =
  | ({ kind: "answer" } & Answer)
  | {
      kind: "network";
      /** The system's code, `ECONNRESET`, else the kind of failure. No text of the failure: it may quote headers. */
      reason: string;
      /** False when no connection was made, so that nothing reached the service. */
      sent: boolean;
    }
  | { kind: "timeout" };

/**
 * Sends a request once and reads its answer to the last byte, within `timeoutMs` milliseconds.
 *
 * @throws the reason of `signal`, at once when it fires, even if the transport takes no notice of it.
 */
export async function attemptOnce(options: {
  url: string;
  method: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | undefined;
  signal: AbortSignal;
  timeoutMs: number;
  transport: (request: Request) => Promise<Response>;
}): Promise<Result> {
  const { url, method, headers, body, signal: callers, timeoutMs, transport } = options;
  callers.throwIfAborted();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const signal = AbortSignal.any([callers, timeout.signal]);
  // A redirect is an answer like any other: followed, it would carry the keys to another address.
  const request = new Request(url, { method, headers, body, signal, redirect: "manual" });
  try {
    return await orAbort(exchange(request, transport), signal);
  } catch (error) {
    callers.throwIfAborted();
    return timeout.signal.aborted ? { kind: "timeout" } : { kind: "network", ...failureOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it fires. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  return promise;
}

async function exchange(
  request: Request,
  transport: (request: Request) => Promise<Response>,
): Promise<Result> {
  const response = await transport(request);
  return { kind: "answer", response, bytes: new Uint8Array(await response.arrayBuffer()) };
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
