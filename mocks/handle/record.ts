import type { Responder } from "../http/connections.ts";
import { elapsed } from "../http/real-time.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import { hundredths } from "../world/journal.ts";
import { readNote } from "../world/note.ts";
import type { World } from "../world/world.ts";
import type { Handled } from "./handler.ts";
import type { LogEntry } from "./log.ts";
import type { ServedContract } from "./served.ts";

/**
 * Hands each request to the handler of its contract, and enters what comes of it into the world's journal
 * and coverage and into the log. A handler that throws has a response too.
 */
export function createRecorder({
  served,
  log,
}: {
  /** Finds the contract of a request. */
  served: (request: HttpRequest) => Pick<ServedContract, "handler" | "further">;
  log: ((entry: LogEntry) => void) | undefined;
}): Responder {
  return {
    respond: (request) => recorded(request, "handle"),
    tooLarge: (request) => recorded(request, "tooLarge"),
  };

  function recorded(request: HttpRequest, way: "handle" | "tooLarge"): HttpResponse | Promise<HttpResponse> {
    const started = elapsed();
    const { handler, further } = served(request);
    try {
      const handled = handler[way](request);
      if (!(handled instanceof Promise)) return record(request, handled, { started, further });
      return handled.then(
        (late) => record(request, late, { started, further }),
        (error: Error) => record(request, handler.failed(request, error), { started, further }),
      );
    } catch (error) {
      return record(request, handler.failed(request, error as Error), { started, further });
    }
  }

  function record(
    request: HttpRequest,
    handled: Handled,
    { started, further }: { started: number; further: string | undefined },
  ): HttpResponse {
    const ms = elapsed() - started;
    const { world, operation, application, note, applied } = handled;
    const response = dated(handled.response, world);
    const at = world.clock.now();
    world.journal.record({
      request,
      at,
      ms,
      operation,
      contract: operation && further,
      application: placeOf(world, application),
      body: request.value,
      response,
      note,
      faults: applied?.faultIds,
    });
    world.coverage.record({ operation: operation?.key, contract: further, response });
    log?.({
      time: new Date(at).toISOString(),
      method: request.method,
      path: request.path,
      operation: operation?.key,
      status: response.status,
      ms: hundredths(ms),
      // Finding what is wrong with a signature takes longer than the response.
      get note() {
        return readNote(note);
      },
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
