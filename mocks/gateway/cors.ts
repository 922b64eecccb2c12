import { type CorsRules, corsRules } from "../../contracts/openapi/api-gateway.ts";
import type { OpenApi, Operation } from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";

/** Which responses carry the contract's CORS headers: also the gateway's refusals, the service's, or none. */
export type CorsMode = "all" | "service" | "off";

/**
 * Adds the headers that a browser wants to see on a call, as the contract documents them for the preflight of the
 * same path. A service that allows an origin in its preflight allows it on its calls too. API Gateway sends none
 * with its own refusals, unless an API configures its gateway responses so.
 *
 * @returns what adds them to a response of an operation, in place; of none where the path is not in the contract.
 * @see https://fetch.spec.whatwg.org/#http-responses
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
 */
export function createCors(openapi: OpenApi, operations: readonly Operation[], mode: CorsMode): AddCors {
  if (mode === "off") return (response) => response;
  const rules = corsRules(openapi);
  if (rules) return (response, { request }) => withRules(response, rules, request);
  const byPath = new Map<string, Headers>();
  for (const operation of operations) {
    if (operation.method === "OPTIONS") byPath.set(operation.path, documentedHeaders(openapi, operation));
  }
  if (byPath.size === 0) return (response) => response;
  const [ofUnknownPaths] = byPath.values();

  return (response, { operation, isRefusal }) => {
    if (mode === "service" && isRefusal) return response;
    const headers = operation ? byPath.get(operation.path) : ofUnknownPaths;
    for (const name in headers) response.headers[name] ??= headers[name]!;
    return response;
  };
}

/** Adds the headers to a response, in place. */
type AddCors = (
  response: HttpResponse,
  call: { request: HttpRequest; operation: Operation | undefined; isRefusal: boolean },
) => HttpResponse;

/**
 * Responds to preflights as the rules of an HTTP API say, whatever operations a path has; `undefined` where the
 * contract has no such rules.
 */
export function createPreflight(
  openapi: OpenApi,
  mode: CorsMode,
): ((request: HttpRequest) => HttpResponse | undefined) | undefined {
  const rules = mode === "off" ? undefined : corsRules(openapi);
  if (!rules) return undefined;
  return (request) => {
    const { method, headers } = request;
    if (method !== "OPTIONS" || !headers.get("origin") || !headers.get("access-control-request-method"))
      return undefined;
    return withRules({ status: 204, headers: {}, body: undefined }, rules, request, { isPreflight: true });
  };
}

function withRules(
  response: HttpResponse,
  { origins, methods, headers, exposed, credentials, maxAge }: CorsRules,
  request: HttpRequest,
  { isPreflight = false } = {},
): HttpResponse {
  const origin = request.headers.get("origin");
  const allowed = origins.includes("*") ? "*" : origins.find((one) => one === origin);
  if (origin === undefined || allowed === undefined) return response;
  response.headers["Access-Control-Allow-Origin"] = allowed;
  if (credentials) response.headers["Access-Control-Allow-Credentials"] = "true";
  if (isPreflight) {
    if (methods.length > 0) response.headers["Access-Control-Allow-Methods"] = methods.join(",");
    if (headers.length > 0) response.headers["Access-Control-Allow-Headers"] = headers.join(",");
    if (maxAge !== undefined) response.headers["Access-Control-Max-Age"] = String(maxAge);
  } else if (exposed.length > 0) response.headers["Access-Control-Expose-Headers"] = exposed.join(",");
  return response;
}

type Headers = Record<string, string>;
type HeaderObject = { example?: unknown; schema?: unknown };
type HeaderSchema = { const?: unknown; default?: unknown; example?: unknown; enum?: unknown[] };

/** The other headers of CORS belong to the preflight alone. */
const ofCalls = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-expose-headers",
];

function documentedHeaders(openapi: OpenApi, { statuses, definition }: Operation): Headers {
  const status = statuses.find((name) => name.startsWith("2"));
  const response = dereference<{ headers?: Record<string, unknown> }>(
    openapi,
    definition.responses?.[status ?? ""],
  );
  const entries = Object.entries(response?.headers ?? {}).flatMap(([name, header]): [string, string][] => {
    const value = ofCalls.includes(name.toLowerCase()) ? documentedValue(openapi, header) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** The value that the contract names. Without one, nothing is known. */
function documentedValue(openapi: OpenApi, header: unknown): string | undefined {
  const { example, schema } = dereference<HeaderObject>(openapi, header) ?? {};
  const inSchema = dereference<HeaderSchema>(openapi, schema) ?? {};
  const value = example ?? inSchema.const ?? inSchema.default ?? inSchema.example ?? inSchema.enum?.[0];
  return value === undefined || value === null ? undefined : String(value);
}
