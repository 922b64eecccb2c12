import { type OpenApi, type Operation, readOperations } from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
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
export function createCors(
  openapi: OpenApi,
  mode: CorsMode,
): (response: HttpResponse, operation: Operation | undefined, isRefusal: boolean) => HttpResponse {
  if (mode === "off") return (response) => response;
  const byPath = new Map<string, Headers>();
  for (const operation of readOperations(openapi)) {
    if (operation.method === "OPTIONS") byPath.set(operation.path, documentedHeaders(openapi, operation));
  }
  if (byPath.size === 0) return (response) => response;
  const [ofUnknownPaths] = byPath.values();

  return (response, operation, isRefusal) => {
    if (mode === "service" && isRefusal) return response;
    const headers = operation ? byPath.get(operation.path) : ofUnknownPaths;
    for (const name in headers) response.headers[name] ??= headers[name]!;
    return response;
  };
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
