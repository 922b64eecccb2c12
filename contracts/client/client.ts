import createFetchClient, { type Client } from "openapi-fetch";
import { checkHeaderValues } from "./header-values.ts";
import { checkClientOptions, type SignedClientOptions } from "./options.ts";
import { checkPathParameters } from "./path-parameters.ts";
import { createDelivery } from "./send.ts";

export { HeaderValueError } from "./header-values.ts";
export { ClientOptionError, type SignedClientOptions } from "./options.ts";
export { PathParameterError } from "./path-parameters.ts";
export { UnexpectedResponseError } from "./response.ts";
export { NetworkError, ResponseTimeoutError } from "./send.ts";
export { isStatus } from "./status.ts";

/**
 * Creates an openapi-fetch client for an API behind API Gateway.
 *
 * Every call is signed with Signature Version 4 where it is sent, behind all middleware and whatever
 * `fetch` the call was given, so the signature covers the final bytes. `x-api-key` given as a header of a
 * call takes the place of `apiKey`.
 *
 * - A refusal is a value: `error`, which is `undefined` where the answer had no body. So test
 *   `response.ok`, or narrow with `isStatus`.
 * - A call is sent again by the rules of `retryDelay`, and each try once more when the gateway finds the
 *   date of its signature wrong. A repeated DELETE may answer 404 because an earlier try arrived.
 * - Redirects are not followed.
 *
 * @throws ClientOptionError at once. Calls reject with PathParameterError, HeaderValueError,
 * NetworkError, ResponseTimeoutError, UnexpectedResponseError, or the reason of the caller's own signal. None of them holds
 * a key, a signature, a header or a body.
 */
export function createSignedClient<Paths extends {}>(options: SignedClientOptions): Client<Paths> {
  checkClientOptions(options);
  const { baseUrl, fetch = globalThis.fetch, clock = Date.now, random = Math.random } = options;
  const { timeoutMs = 30_000, retries = 2, unsigned = () => false, repeatable = () => false } = options;
  const { attempts, also = [] } = typeof retries === "number" ? { attempts: retries } : retries;
  const deliver = createDelivery({
    ...options,
    clock,
    random,
    timeoutMs,
    retries: attempts,
    repeatable: (method, path) => repeatable(method, path) || also.includes(`${method} ${path}`),
  });
  const client = createFetchClient({
    baseUrl: baseUrl.replace(/\/+$/, ""),
    headers: { accept: "application/json" },
  });
  const request = client.request as unknown as UntypedRequest;

  async function call(method: string, path: string, init: UntypedInit = {}): Promise<unknown> {
    const { fetch: transport = fetch, parseAs, params, headers } = init;
    checkPathParameters(method, path, params?.path);
    for (const given of [headers, params?.header]) checkHeaderValues(`${method} ${path}`, given);
    return request(method, path, {
      ...init,
      fetch: (final) => deliver(final, { path, signed: !unsigned(final.method, path), transport, parseAs }),
    });
  }
  const methods = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"].map(
    (method) => [method, (path: string, init?: UntypedInit) => call(method, path, init)] as const,
  );
  return {
    ...client,
    ...Object.fromEntries(methods),
    request: (method: string, path: string, init?: UntypedInit) => call(method.toUpperCase(), path, init),
  } as unknown as Client<Paths>;
}

type UntypedRequest = (method: string, path: string, init: UntypedInit) => Promise<unknown>;
type UntypedInit = {
  fetch?: (request: Request) => Promise<Response>;
  parseAs?: string;
  headers?: unknown;
  params?: { path?: Record<string, unknown>; header?: unknown };
};
