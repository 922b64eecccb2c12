import { readOperations } from "../../contracts/openapi/operations.ts";
import { createRouter, type Route } from "../../contracts/openapi/router.ts";
import { FaultError } from "../faults/faults.ts";
import { defaultLimits } from "../http/limits.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import { ProviderStateError, StateError } from "../world/service.ts";
import type { World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { checkAccess } from "./access.ts";
import { ControlError } from "./control-error.ts";
import { worldInHeader } from "./describe.ts";
import { controlDescription } from "./description.ts";
import { type ControlHandlersOptions, type ControlResponse, createHandlers } from "./handlers.ts";
import { controlRoot, isControl } from "./is-control.ts";
import { readJsonBody, readQuery } from "./read-call.ts";

export type ControlOptions = ControlHandlersOptions & {
  /** Demanded from everybody, and opens the control API to other machines. */
  token?: string;
};

/** Responds to a control call; `undefined` for every other request. */
export type Control = (request: HttpRequest) => Promise<HttpResponse> | undefined;

/**
 * The control API: what test authors ask of the mock itself, below `/__necid` and so never below a base
 * path. Its own description is served at `/__necid/openapi.json`.
 *
 * A call is about the world named by `?world=ID` or the header `x-necid-world`, or about the first one. A
 * body is read as JSON whatever its media type.
 */
export function createControl(options: ControlOptions): Control {
  const { worlds, token } = options;
  const handlers = createHandlers(options);

  return (request) => (isControl(request) ? respond(request).catch(errorResponse) : undefined);

  async function respond(request: HttpRequest): Promise<HttpResponse> {
    const { headers } = request;
    checkAccess(request, { token, url: options.url });
    const { path, query: search } = request;
    const { operation, pathParameters } = find(request.method, path);
    const described = controlDescription.paths[operation.path]![operation.method.toLowerCase()]!;
    const { world: id, ...query } = readQuery(described, search);
    const isOfWorld = described.parameters.includes(worldInHeader);
    const world = worldOf(worlds, isOfWorld ? (id ?? headers.get("x-necid-world")) : undefined);
    const values = operation.path.startsWith("/state") ? mostStateValues : mostValues;
    const body = operation.takesBody ? readJsonBody(request.body, { values }) : undefined;
    return write(await handlers[operation.key]!({ world, query, body, ...pathParameters }));
  }
}

/** How many JSON values a body may have: the state of a large gallery, and anything else. */
const mostStateValues = 4_000_000;
const mostValues = 10_000;

/** The response to a control call whose body exceeds the server's limit; `undefined` for every other request. */
export function controlTooLarge(request: HttpRequest): HttpResponse | undefined {
  if (!isControl(request)) return undefined;
  const message = `The body of a control call may have ${defaultLimits.controlBody} bytes at most.`;
  return errorResponse(new ControlError(413, "BODY_TOO_LARGE", message));
}

const operations = readOperations(controlDescription);
const route = createRouter(operations, controlRoot);

function find(method: string, path: string): Route {
  const found = route(method, path);
  if (found) return found;
  const allowed = [...new Set(operations.map((operation) => operation.method))].filter((other) =>
    route(other, path),
  );
  if (allowed.length === 0)
    throw new ControlError(
      404,
      "CALL_UNKNOWN",
      `There is no such control call. GET ${controlRoot}/openapi.json lists them.`,
    );
  const message = `This control call is made with ${allowed.join(" or ")}.`;
  throw new ControlError(405, "METHOD_NOT_ALLOWED", message, { Allow: allowed.join(", ") });
}

function worldOf(worlds: Worlds, id: string | undefined): World {
  if (id === undefined) return worlds.first;
  const world = worlds.get(id);
  if (world) return world;
  throw new ControlError(
    404,
    "WORLD_UNKNOWN",
    `There is no such world. GET ${controlRoot}/worlds lists them.`,
  );
}

function write({ status, body }: ControlResponse): HttpResponse {
  if (body === undefined) return { status, headers: uncached, body: undefined };
  return { status, headers: { "Content-Type": "application/json", ...uncached }, body: JSON.stringify(body) };
}

function errorResponse(error: Error): HttpResponse {
  const { status, code, message, headers } = controlErrorOf(error);
  const response = write({ status, body: { message, code } });
  return { ...response, headers: { ...response.headers, ...headers } };
}

function controlErrorOf(error: Error): ControlError {
  if (error instanceof ControlError) return error;
  if (error instanceof FaultError || error instanceof StateError || error instanceof ProviderStateError)
    return new ControlError(400, error.code, error.message);
  return new ControlError(500, "CONTROL_FAILED", `The mock failed: ${error.message}`);
}

const uncached = { "Cache-Control": "no-store" };
