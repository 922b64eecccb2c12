import type { Responder } from "../http/connections.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import { hundredths } from "../world/journal.ts";
import type { World } from "../world/world.ts";
import type { Handled, Handler } from "./handler.ts";
import type { LogEntry } from "./log.ts";

/**
 * Hands each request to the handler of that moment, and enters what comes of it into the world's journal
 * and coverage and into the log. A handler that throws has a response too.
 */
export function createRecorder({
  handler,
  log,
}: {
  handler: () => Handler;
  log: ((entry: LogEntry) => void) | undefined;
}): Responder {
  return {
    respond: (request) => recorded(request, handler().handle),
    tooLarge: (request) => recorded(request, handler().tooLarge),
  };

  function recorded(
    request: HttpRequest,
    handle: (request: HttpRequest) => Handled | Promise<Handled>,
  ): HttpResponse | Promise<HttpResponse> {
    const started = performance.now();
    try {
      const handled = handle(request);
      if (!(handled instanceof Promise)) return record(request, handled, started);
      return handled.then(
        (late) => record(request, late, started),
        (error: Error) => record(request, handler().failed(request, error), started),
      );
    } catch (error) {
      return record(request, handler().failed(request, error as Error), started);
    }
  }

  function record(request: HttpRequest, handled: Handled, started: number): HttpResponse {
    const ms = performance.now() - started;
    const { world, operation, application, note, applied } = handled;
    const response = dated(handled.response, world);
    const at = world.clock.now();
    world.journal.record({
      request,
      at,
      ms,
      operation,
      application: placeOf(world, application),
      body: request.value,
      response,
      note,
      faults: applied?.faultIds,
    });
    world.coverage.record({ operation: operation?.key, response });
    log?.({
      time: new Date(at).toISOString(),
      method: request.method,
      path: request.path,
      operation: operation?.key,
      status: response.status,
      ms: hundredths(ms),
      note,
    });
    return response;
  }
}

/** A world whose clock was moved has its own date in its responses; otherwise the server dates them. */
function dated(response: HttpResponse, { clock }: World): HttpResponse {
  if (!clock.moved) return response;
  return { ...response, headers: { ...response.headers, Date: new Date(clock.now()).toUTCString() } };
}

/** Journals name an application by its place, never by its key. */
function placeOf(world: World, application: string | undefined): number | undefined {
  const place = application === undefined ? -1 : world.apiKeys.indexOf(application);
  return place < 0 ? undefined : place + 1;
}
