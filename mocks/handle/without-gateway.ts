import { basePath, readOperations } from "../../contracts/openapi/operations.ts";
import { createRouter } from "../../contracts/openapi/router.ts";
import type { AppliedFaults } from "../faults/faults.ts";
import { createIds, refusalResponse } from "../gateway/refusals.ts";
import { prismBody } from "../http/body.ts";
import { joinHeadersAsNode } from "../http/headers.ts";
import { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import type { PrismResponse } from "../prism/prism.ts";
import type { World } from "../world/world.ts";
import {
  describe,
  type Handled,
  type Handler,
  type HandlerOptions,
  type MockContract,
  outsideContract,
  withFault,
} from "./handler.ts";

/**
 * Handles requests to a contract without a gateway: route, faults, body, and then Prism's response, cached
 * or asked for. Whatever is wrong with the request, the response is stock Prism's, with paths below
 * the contract's base path.
 */
export function createHandlerWithoutGateway(
  { contract, worlds, auth, random }: HandlerOptions,
  open: NonNullable<MockContract["stock"]>,
): Handler {
  const engine = open({ checkSecurity: auth !== "off" });
  const base = basePath(contract.openapi);
  const route = createRouter(readOperations(contract.openapi), base);
  const ids = createIds({ random, now: () => worlds.first.clock.now() });

  return {
    handle,
    tooLarge: (request) => ({ world: worldOf(joinHeadersAsNode(request.rawHeaders)), response: oversize }),
    failed: (request, error) => ({
      world: worldOf(joinHeadersAsNode(request.rawHeaders)),
      response: internalError,
      note: `the mock failed: ${error.message}`,
    }),
  };

  function handle(received: HttpRequest): Handled | Promise<Handled> {
    const headers = joinHeadersAsNode(received.rawHeaders);
    const world = worldOf(headers);

    // Path.
    const sent = withoutFragment(received);
    if (!sent.path.startsWith(`${base}/`)) return { world, response: outsideContract(sent, base) };
    const path = normalised(sent.path.slice(base.length));
    if (path === undefined) return { world, response: internalError, note: "the path cannot be read" };
    const request = sent.with({ path, headers });

    // Route. Prism itself responds where there is none.
    request.route = route(request.method, `${base}${path}`);
    const operation = request.route?.operation;

    // Faults, counted for each request of an application that leads to an operation.
    const application = operation && (headers.get(operation.apiKeyHeader ?? "x-api-key") ?? world.apiKeys[0]);
    const applied = operation && world.faults.apply(operation, application!);
    const handled = (response: HttpResponse, note?: string): Handled => ({
      world,
      operation,
      application,
      applied,
      response: applied ? withFault(response, applied) : response,
      note,
    });
    if (applied?.refusal) return handled(refusalResponse(applied.refusal, ids()));

    // Body.
    const unreadable = request.decodeBody(prismBody);
    if (unreadable) return handled(invalidJson, unreadable.message);
    received.value = request.value;

    if (applied?.response) return handled(ownResponse(applied.response));

    // The one place where the source of a response is chosen.
    const preferred = applied?.error ? preferring(applied.error, request) : request;
    const responded = (response: PrismResponse<string | Buffer | undefined>) =>
      handled(response, describe(response.violations));
    const cached = engine.cached(preferred);
    if (cached) return responded(cached);
    return engine.respond(preferred).then(responded, (error: Error) => {
      if (!isClientError(error)) throw error;
      return handled(badRequest, error.message);
    });
  }

  function worldOf(headers: ReadonlyMap<string, string>): World {
    return worlds.of({ accessKeyId: undefined, apiKey: headers.get("x-api-key") });
  }
}

/** A response of the test's own. */
function ownResponse({ status, headers, body }: NonNullable<AppliedFaults["response"]>): HttpResponse {
  const type: Record<string, string> = body === undefined ? {} : { "Content-Type": "application/json" };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

/** No request has a fragment; Prism cuts one off. */
function withoutFragment(request: HttpRequest): HttpRequest {
  const { target } = request;
  if (!target.includes("#")) return request;
  return new HttpRequest({ ...request, target: target.slice(0, target.indexOf("#")) });
}

/** The path as Prism reads it: as browsers do, without dot segments. */
function normalised(path: string): string | undefined {
  if (/^[\w~/-]*$/.test(path) && !path.includes("//")) return path;
  return URL.canParse(path, origin) ? new URL(path, origin).pathname : undefined;
}

const origin = "http://example.com";

/** The request asking for a fault's error by a Prefer header, as a test author writes it. */
function preferring(
  { status, example }: NonNullable<AppliedFaults["error"]>,
  request: HttpRequest,
): HttpRequest {
  const prefer = `code=${status}${example === undefined ? "" : `, example="${example}"`}`;
  const others = request.rawHeaders.filter(
    (_, index, all) => all[index - (index % 2)]!.toLowerCase() !== "prefer",
  );
  const rawHeaders = [...others, "Prefer", prefer];
  return request.with({ rawHeaders, headers: joinHeadersAsNode(rawHeaders) });
}

/** What makes Prism throw: a path with a malformed escape, a malformed media type, a status below 200. */
function isClientError(error: Error & { code?: string }): boolean {
  const unreadable = error instanceof URIError || error.message === "invalid media type";
  return unreadable || error.code === "STATUS_INTERIM";
}

function problem(status: number, code: string, message: string): HttpResponse {
  const body = JSON.stringify({ error: { code, message } });
  return { status, headers: { "Content-Type": "application/json; charset=utf-8" }, body };
}

const badRequest = problem(400, "bad_request", "Bad Request");
// What the command line's server sends itself.
const invalidJson = problem(400, "invalid_json", "Invalid JSON");
const oversize = problem(413, "request_entity_too_large", "Body exceeded 10mb limit");
const internalError = problem(500, "internal_server_error", "Internal Server Error");
