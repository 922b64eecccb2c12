import createFetchClient from "openapi-fetch";
import { checkHeaderValues } from "./header-values.ts";
import { writeLongBody } from "./long-body.ts";
import { checkClientOptions, type SignedClientOptions } from "./options.ts";
import { checkPathParameters, withGreedyParameter } from "./path-parameters.ts";
import { readResponse } from "./response.ts";
import { isIdempotent, mayHaveActed, retryDelay } from "./retry.ts";
import {
  abortable,
  NetworkError,
  ResponseTimeoutError,
  ResponseTooLargeError,
  type SendResult,
  sendOnce,
} from "./send.ts";
import { serverTime } from "./server-time.ts";
import type { SignedClient } from "./signed-client.ts";
import { createSigner, sha256 } from "./signer.ts";

export { encodeImage, type ImageSource, ImageTooLargeError } from "./encode-image.ts";
export { HeaderValueError } from "./header-values.ts";
export { ClientOptionError, type SignedClientOptions } from "./options.ts";
export { PathParameterError } from "./path-parameters.ts";
export { UnexpectedResponseError } from "./response.ts";
export { NetworkError, ResponseTimeoutError, ResponseTooLargeError } from "./send.ts";
export type { SignedClient } from "./signed-client.ts";
export { isStatus } from "./status.ts";

/**
 * Creates an openapi-fetch client for an API behind API Gateway.
 *
 * A call is checked, signed with Signature Version 4, sent, sent again where that is safe, and read. The
 * signature covers the final bytes, because it is made after all middleware and for any `fetch` of the call.
 * A call's own `x-api-key` header replaces `apiKey`.
 *
 * - A refusal is a value: `error`, which is `undefined` if the response had no body. Test `response.ok`, or
 *   narrow with `isStatus`.
 * - `retryDelay` decides whether a call is sent again. In addition, each try is repeated once if the gateway
 *   refuses the date of its signature. A repeated DELETE may get a 404 because an earlier try succeeded.
 * - Redirects are not followed.
 *
 * @throws {ClientOptionError} at once. Calls reject with PathParameterError, HeaderValueError, NetworkError,
 * ResponseTimeoutError, ResponseTooLargeError, UnexpectedResponseError, or the reason of the caller's signal. No error contains a key,
 * a signature, a header or a body.
 * @example
 * const client = createSignedClient<paths>({ baseUrl, accessKeyId, secretAccessKey, apiKey });
 * const { data, error, response } = await client.POST("/subjects", { body: { face } });
 */
export function createSignedClient<Paths extends {}>(options: SignedClientOptions): SignedClient<Paths> {
  const scope = checkClientOptions(options);
  const { baseUrl, fetch = globalThis.fetch } = options;
  const deliver = createDelivery({ ...options, ...scope });
  const client = createFetchClient({
    baseUrl: withoutSlashes(baseUrl),
    headers: { accept: "application/json" },
  });
  const request = client.request as unknown as UntypedRequest;

  async function call(method: string, path: string, init: UntypedInit = {}): Promise<unknown> {
    const { fetch: transport = fetch, parseAs, params, headers } = init;
    checkPathParameters(method, path, params?.path);
    for (const given of [headers, params?.header]) checkHeaderValues(`${method} ${path}`, given);
    // A text of several megabytes would block the event loop while JSON.stringify writes it.
    const long = isJson(init) ? await writeLongBody(init.body) : undefined;
    return request(method, withGreedyParameter(path, params?.path), {
      ...init,
      ...(long && { bodySerializer: () => long }),
      fetch: (final) => deliver(final, { path, transport, parseAs }),
    });
  }
  const methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"].map(
    (method) => [method, (path: string, init?: UntypedInit) => call(method, path, init)] as const,
  );
  return {
    ...client,
    ...Object.fromEntries(methods),
    request: (method: string, path: string, init?: UntypedInit) => call(method.toUpperCase(), path, init),
  } as unknown as SignedClient<Paths>;
}

/** A request's operation, and how its call wants it sent and read. */
type PendingCall = {
  /** The path template, `/subjects/{id}`. */
  path: string;
  transport: (request: Request) => Promise<Response>;
  parseAs?: string;
};

/**
 * Creates the function that delivers a request: sign, send, retry, read. Each try is signed anew. The offset of
 * this machine's clock is corrected at most once for each try, by a day at most. Later calls use it only after the
 * gateway accepted a signature that was dated with it.
 */
function createDelivery(options: SignedClientOptions) {
  const { clock = Date.now, random = Math.random, sleep = pause, timeoutMs = 30_000 } = options;
  const { maxResponseBytes = 32 * 1024 * 1024 } = options;
  const { retries = 2, unsigned = () => false, repeatable = () => false } = options;
  const { attempts: maxRetries, also = [] } = typeof retries === "number" ? { attempts: retries } : retries;
  const signer = createSigner(options);
  /** In milliseconds. Added to the clock for every signature. */
  let knownOffset = 0;

  return async function deliver(request: Request, call: PendingCall): Promise<Response> {
    const { method, url, signal } = request;
    const operation = `${method} ${call.path}`;
    const body = request.body ? new Uint8Array(await request.arrayBuffer()) : undefined;
    const isSigned = !unsigned(method, call.path);
    // Once for all tries: the bytes are the same.
    const payloadHash = isSigned ? await sha256(body ?? new Uint8Array()) : "";
    const isRepeatable = isIdempotent(method) || repeatable(method, call.path) || also.includes(operation);
    let sent = false;
    let offset = knownOffset;
    let waitedMs = 0;

    for (let attempt = 1; ; attempt += 1) {
      let result = await signAndSend();
      const corrected = isSigned ? clockOffset(result, clock()) : undefined;
      if (corrected !== undefined) {
        offset = corrected;
        result = await signAndSend();
      }
      if (isSigned && isAccepted(result)) knownOffset = offset;
      if (result.kind === "too large")
        throw new ResponseTooLargeError(operation, { status: result.status, maxResponseBytes });
      sent ||= mayHaveActed(result);
      const delay = retryDelay(result, {
        attempt,
        retries: maxRetries,
        repeatable: isRepeatable,
        waitedMs,
        now: clock() + offset,
        random,
      });
      if (delay !== undefined) {
        waitedMs += delay;
        await abortable(sleep(delay, signal), signal);
        continue;
      }
      if (result.kind === "network")
        throw new NetworkError(operation, { reason: result.reason, sent, attempts: attempt });
      if (result.kind === "timeout")
        throw new ResponseTimeoutError(operation, { timeoutMs, attempts: attempt });
      return readResponse(result, { method, path: call.path, parseAs: call.parseAs });
    }

    async function signAndSend(): Promise<SendResult> {
      const headers = new Headers(request.headers);
      const added = isSigned ? await signer({ method, url, headers, payloadHash }, clock() + offset) : {};
      for (const [name, value] of Object.entries(added)) headers.set(name, value);
      return sendOnce({
        url,
        method,
        headers,
        body,
        signal,
        timeoutMs,
        maxResponseBytes,
        transport: call.transport,
      });
    }
  };
}

/** The offset of a clock, if the gateway refused the date of a signature and named a time within a day of it. */
function clockOffset(result: SendResult, time: number): number | undefined {
  if (result.kind !== "response" || result.status !== 403) return undefined;
  const { status, headers, bytes } = result;
  const right = serverTime({ status, headers, body: new TextDecoder().decode(bytes) });
  if (right === undefined || Math.abs(right - time) > day) return undefined;
  return right - time;
}

/** Whether the response shows that the gateway accepted the signature. */
function isAccepted(result: SendResult): boolean {
  return result.kind === "response" && result.status < 500 && !beforeSignature.has(result.status);
}

/** Statuses with which the gateway may answer before it verified a signature, or because of it. */
const beforeSignature = new Set([403, 413, 429]);
const day = 86_400_000;

function withoutSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === "/") end -= 1;
  return url.slice(0, end);
}

/** Ends as soon as the signal aborts, and leaves no timer behind. */
function pause(ms: number, signal: AbortSignal): Promise<unknown> {
  return new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}

/** Whether openapi-fetch would write the body with JSON.stringify. */
function isJson({ headers, bodySerializer }: UntypedInit): boolean {
  if (bodySerializer) return false;
  const type = new Headers(headers as HeadersInit | undefined).get("content-type");
  return type === null || type === "application/json";
}

type UntypedRequest = (method: string, path: string, init: UntypedInit) => Promise<unknown>;
type UntypedInit = {
  fetch?: (request: Request) => Promise<Response>;
  parseAs?: string;
  headers?: unknown;
  body?: unknown;
  bodySerializer?: (body: unknown) => unknown;
  params?: { path?: Record<string, unknown>; header?: unknown };
};
