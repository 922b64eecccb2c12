import { readOperations } from "../../contracts/openapi/operations.ts";
import { createRouter, type Route } from "../../contracts/openapi/router.ts";
import { FaultError } from "../faults/faults.ts";
import { headersByName } from "../gateway/canonical.ts";
import type { Answer, RawRequest } from "../http/exchange.ts";
import { jsonExcess } from "../http/json-limits.ts";
import { defaultLimits } from "../http/limits.ts";
import { splitTarget } from "../http/question.ts";
import { StateError } from "../world/service.ts";
import type { World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { checkAccess } from "./access.ts";
import { type CallOptions, createCalls, type Reply } from "./calls.ts";
import { type Parameter, worldInHeader } from "./describe.ts";
import { controlDescription } from "./description.ts";
import { controlRoot, isControl } from "./is-control.ts";
import { ControlRefusal } from "./refusal.ts";

export type ControlOptions = CallOptions & {
  /** Demanded from everybody, and opens the control API to other machines. */
  token?: string;
};

/** Answers a control call; `undefined` for every other request. */
export type Control = (request: RawRequest) => Promise<Answer> | undefined;

/**
 * The control API: what test authors ask of the mock itself, below `/__necid` and so never below a base
 * path. Its own description is served at `/__necid/openapi.json`.
 *
 * A call is about the world named by `?world=ID` or the header `x-necid-world`, or about the first one. A
 * body is read as JSON whatever its media type.
 */
export function createControl(options: ControlOptions): Control {
  const { worlds, token } = options;
  const calls = createCalls(options);

  return (request) => (isControl(request) ? answer(request).catch(refuse) : undefined);

  async function answer(request: RawRequest): Promise<Answer> {
    const headers = headersByName(request.rawHeaders);
    checkAccess(request, { headers, token });
    const { path, query: search } = splitTarget(request.target);
    const { operation, pathParameters } = find(request.method, path);
    const { parameters } = controlDescription.paths[operation.path]![operation.method.toLowerCase()]!;
    const query = readQuery(search, parameters);
    const named = parameters.includes(worldInHeader)
      ? (query.world ?? headers.get("x-necid-world"))
      : undefined;
    const world = worldOf(worlds, named);
    const body = operation.takesBody ? readBody(request.body) : undefined;
    return write(await calls[operation.key]!({ world, query, body, ...pathParameters }));
  }
}

/** The answer to a control call whose body exceeds the server's limit; `undefined` for every other request. */
export function controlTooLarge(request: RawRequest): Answer | undefined {
  if (!isControl(request)) return undefined;
  const message = `The body of a control call may have ${defaultLimits.controlBody} bytes at most.`;
  return refuse(new ControlRefusal(413, "BODY_TOO_LARGE", message));
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
    throw new ControlRefusal(
      404,
      "CALL_UNKNOWN",
      `There is no such control call. GET ${controlRoot}/openapi.json lists them.`,
    );
  const message = `This control call is made with ${allowed.join(" or ")}.`;
  throw new ControlRefusal(405, "METHOD_NOT_ALLOWED", message, { Allow: allowed.join(", ") });
}

function readQuery(search: string, parameters: Parameter[]): Record<string, string> {
  const known = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => name);
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    if (!known.includes(name))
      throw invalid(
        `The query parameter ${name.slice(0, 40)} is not known; known: ${known.join(", ") || "none"}.`,
      );
    query[name] = value;
  }
  return query;
}

function worldOf(worlds: Worlds, id: string | undefined): World {
  if (id === undefined) return worlds.first;
  const world = worlds.get(id);
  if (world) return world;
  throw new ControlRefusal(
    404,
    "WORLD_UNKNOWN",
    `There is no such world. GET ${controlRoot}/worlds lists them.`,
  );
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `undefined` without a body. */
function readBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const excess = jsonExcess(bytes, { depth: 100, values: 4_000_000 });
  if (excess) throw invalid(`The body is too much: ${excess}.`);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw invalid("The body must be JSON in UTF-8.");
  }
}

function invalid(message: string): ControlRefusal {
  return new ControlRefusal(400, "CALL_INVALID", message);
}

function write({ status, body }: Reply): Answer {
  if (body === undefined) return { status, headers: uncached, body: undefined };
  return { status, headers: { "Content-Type": "application/json", ...uncached }, body: JSON.stringify(body) };
}

function refuse(error: Error): Answer {
  const { status, code, message, headers } = refusalOf(error);
  const answer = write({ status, body: { message, code } });
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function refusalOf(error: Error): ControlRefusal {
  if (error instanceof ControlRefusal) return error;
  if (error instanceof FaultError || error instanceof StateError)
    return new ControlRefusal(400, error.code, error.message);
  return new ControlRefusal(500, "CONTROL_FAILED", `The mock failed: ${error.message}`);
}

const uncached = { "Cache-Control": "no-store" };
