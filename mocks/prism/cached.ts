import { createCache } from "../http/cache.ts";
import type { Preference } from "../http/preference.ts";
import type { HttpRequest } from "../http/request.ts";
import type { Engine, PrismResponse } from "./prism.ts";
import type { OperationResponses, StaticResponse } from "./responses.ts";

/** An engine that is asked once for each response that cannot change. */
export type CachedEngine = Engine & {
  /** The response to a valid request, where it is known. */
  cached(request: HttpRequest, preference: Preference): Cached | undefined;
};

type Cached = Omit<PrismResponse, "violations">;

/**
 * Caches what an engine responds. The response to a valid request depends on the operation, the status and
 * the example asked for, and on what is accepted; dynamic responses are new each time.
 *
 * @param prepared the responses that were collected when the contract was generated, by operation key.
 */
export function withCache(engine: Engine, prepared: Record<string, OperationResponses> = {}): CachedEngine {
  const cache = createCache<string, Cached>();
  return {
    cached(request, preference) {
      if (preference.dynamic) return undefined;
      return fromPrepared(prepared, request, preference) ?? cache.get(cacheKey(request, preference));
    },
    async respond(request, preference = request.preference) {
      const response = await engine.respond(request, preference);
      const cacheable = !preference.dynamic && response.violations.length === 0;
      if (cacheable) cache.set(cacheKey(request, preference), response);
      return response;
    },
  };
}

function cacheKey({ route, headers }: HttpRequest, { code, example }: Preference): string {
  return [route!.operation.key, code, example, headers.get("accept")].join("\n");
}

/** `undefined` where Prism decides: several media types to choose from, statuses and examples that are not there. */
function fromPrepared(
  prepared: Record<string, OperationResponses>,
  { route, headers }: HttpRequest,
  { code, example }: Preference,
): Cached | undefined {
  const known = prepared[route!.operation.key];
  if (!known) return undefined;
  const status = code ?? known.defaultStatus;
  const responses = known.statuses[status];
  if (!responses || (offersSeveral(responses) && headers.get("accept"))) return undefined;
  const response = responses.find((each) => each.example === example);
  return (
    response && { status, headers: response.headers, mediaType: response.mediaType, body: response.body }
  );
}

function offersSeveral(responses: StaticResponse[]): boolean {
  return responses.some(({ mediaType }) => mediaType !== responses[0]!.mediaType);
}
