import { basePath, readOperations } from "../../contracts/openapi/operations.ts";
import { createRouter } from "../../contracts/openapi/router.ts";
import type { AppliedFaults } from "../faults/faults.ts";
import { createIds, refusalAnswer } from "../gateway/refusals.ts";
import type { Answer, RawRequest } from "../http/exchange.ts";
import { jsonExcess } from "../http/json-limits.ts";
import { queryRecord, splitTarget } from "../http/question.ts";
import type { StockAnswer, StockCall } from "../prism/stock.ts";
import type { World } from "../world/world.ts";
import {
  applyTo,
  type Handled,
  type Handler,
  type HandlerOptions,
  type MockContract,
  outsideContract,
} from "./gateway.ts";

/**
 * The whole story of a request to a contract that stands behind no gateway: route, faults, body, and then
 * Prism's answer, remembered or asked for. Whatever is wrong with the request is answered as stock Prism
 * answers it, below the contract's base path.
 */
export function createStockHandler(
  { contract, worlds, auth, random }: HandlerOptions,
  open: NonNullable<MockContract["stock"]>,
): Handler {
  const engine = open({ checkSecurity: auth !== "off" });
  const base = basePath(contract.openapi);
  const route = createRouter(readOperations(contract.openapi), base);
  const ids = createIds({ random, now: () => worlds.first.clock.now() });

  return {
    handle,
    tooLarge: (request) => ({ world: worldOf(headersOf(request)), answer: oversize }),
    failed: (request, error) => ({
      world: worldOf(headersOf(request)),
      answer: internalError,
      note: `the mock failed: ${error.message}`,
    }),
  };

  function handle(request: RawRequest): Handled | Promise<Handled> {
    const headers = headersOf(request);
    const world = worldOf(headers);
    // No request has a fragment; Prism cuts one off.
    const { path: sent, query: search } = splitTarget(request.target.replace(/#.*/s, ""));
    if (!sent.startsWith(`${base}/`))
      return { world, answer: outsideContract(request.method, { path: sent, base }) };
    const path = normalised(sent.slice(base.length));
    if (path === undefined) return { world, answer: internalError, note: "the path cannot be read" };

    const found = route(request.method, `${base}${path}`);
    const operation = found?.operation;
    const application = operation && (headers.get(operation.apiKeyHeader ?? "x-api-key") ?? world.apiKeys[0]);

    const applied = operation && world.faults.apply(operation, application!);
    const handled = (answer: Answer, { body, note }: Pick<Handled, "body" | "note">): Handled => ({
      ...{ world, operation, application, applied, body, note },
      answer: applied ? applyTo(answer, applied) : answer,
    });
    if (applied?.refusal) return handled(refusalAnswer(applied.refusal, ids()), {});

    const read = readBody(request.body, headers.get("content-type"));
    if ("note" in read) return handled(invalidJson, read);
    const call: StockCall = {
      method: request.method,
      operation,
      path,
      search,
      pathParameters: found?.pathParameters ?? {},
      query: queryRecord(search),
      headers: wishing(headers, applied),
      repeated: headers.size * 2 !== request.rawHeaders.length,
      ...read,
    };
    const answered = (answer: StockAnswer) =>
      handled(answer, { body: read.body, note: answer.remarks.join("; ") || undefined });
    // The one place where the way to an answer is chosen.
    const remembered = engine.recall(call);
    if (remembered) return answered(remembered);
    return engine.ask(call).then(answered, (error: Error) => {
      if (!isSenders(error)) throw error;
      return handled(badRequest, { body: read.body, note: error.message });
    });
  }

  function worldOf(headers: Map<string, string>): World {
    return worlds.of({ accessKeyId: undefined, apiKey: headers.get("x-api-key") });
  }
}

/** The path as Prism reads it: as browsers do, without dot segments. */
function normalised(path: string): string | undefined {
  if (/^[\w~/-]*$/.test(path) && !path.includes("//")) return path;
  return URL.canParse(path, origin) ? new URL(path, origin).pathname : undefined;
}

const origin = "http://example.com";

/** A fault's error is a wish, as a test author writes it. */
function wishing(headers: Map<string, string>, applied: AppliedFaults | undefined): Map<string, string> {
  if (!applied?.error) return headers;
  const { status, example } = applied.error;
  return new Map([
    ...headers,
    ["prefer", `code=${status}${example === undefined ? "" : `, example="${example}"`}`],
  ]);
}

const once = new Set(
  "age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent".split(
    " ",
  ),
);

/** The headers as Node joins them, and so Prism reads them. */
function headersOf({ rawHeaders }: RawRequest): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase();
    const value = rawHeaders[at + 1]!;
    const known = headers.get(name);
    if (known === undefined) headers.set(name, value);
    else if (!once.has(name)) headers.set(name, `${known}${name === "cookie" ? "; " : ", "}${value}`);
  }
  return headers;
}

/** Prism reads JSON where the media type says so, and text everywhere else. */
function readBody(
  bytes: Buffer,
  mediaType: string | undefined,
): Pick<StockCall, "text" | "body"> | { note: string } {
  if (bytes.length === 0) return { text: "", body: undefined };
  const json = /^\s*application\/([^;\s]+\+)?json\s*(;|$)/i.test(mediaType ?? "");
  const excess = json ? jsonExcess(bytes) : undefined;
  if (excess) return { note: excess };
  const text = bytes.toString();
  try {
    return { text, body: json ? JSON.parse(text) : text };
  } catch {
    return { note: "the body is not valid JSON" };
  }
}

/** What no one can answer: a path that is not percent-encoded, media types that are none, a status that is none. */
function isSenders(error: Error & { code?: string }): boolean {
  const unreadable = error instanceof URIError || error.message === "invalid media type";
  return unreadable || error.code === "STATUS_INTERIM";
}

function problem(status: number, code: string, message: string): Answer {
  const body = JSON.stringify({ error: { code, message } });
  return { status, headers: { "Content-Type": "application/json; charset=utf-8" }, body };
}

const badRequest = problem(400, "bad_request", "Bad Request");
// What the command line's server says itself.
const invalidJson = problem(400, "invalid_json", "Invalid JSON");
const oversize = problem(413, "request_entity_too_large", "Body exceeded 10mb limit");
const internalError = problem(500, "internal_server_error", "Internal Server Error");
