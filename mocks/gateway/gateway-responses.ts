import { type GatewayResponse, gatewayResponses, literal } from "../../contracts/openapi/api-gateway.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import type { Refusal } from "./refusals.ts";

/** Changes a response that the gateway made, in place, as the contract's gateway responses say. */
export type CustomiseRefusal = (
  response: HttpResponse,
  refusal: Refusal,
  request: HttpRequest,
  validationErrors: readonly string[],
) => void;

/**
 * Makes what changes the gateway's own responses; `undefined` where the contract changes none. A response type
 * without an entry of its own has that of `DEFAULT_4XX` or `DEFAULT_5XX`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
export function createCustomiseRefusal(openapi: object, stage: string): CustomiseRefusal | undefined {
  const responses = new Map(Object.entries(gatewayResponses(openapi)));
  if (responses.size === 0) return undefined;

  return (response, refusal, request, validationErrors) => {
    const type = responseType(refusal);
    const custom = responses.get(type) ?? responses.get(refusal.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
    if (!custom) return;
    if (custom.status !== undefined) response.status = custom.status;
    for (const [name, source] of Object.entries(custom.headers)) {
      const value = literal(source) ?? requestValue(source, request);
      if (value !== undefined) setHeader(response.headers, name, value);
    }
    const template = templateFor(custom, request.headers.get("accept"));
    if (!template) return;
    const [mediaType, text] = template;
    setHeader(response.headers, "Content-Type", mediaType);
    const values = contextOf(response, { refusal, type, request, stage, validationErrors });
    response.body = fill(text, { values, request });
  };
}

/** The type of a refusal. API Gateway lists no type for some signature errors: they follow the default ones. */
function responseType({ status, errorType, body }: Refusal): string {
  if (errorType === "BadRequestException" && status === 400)
    return body.includes("Invalid request body") ? "BAD_REQUEST_BODY" : "BAD_REQUEST_PARAMETERS";
  if (status === 413) return "REQUEST_TOO_LARGE";
  if (status === 415) return "UNSUPPORTED_MEDIA_TYPE";
  if (status === 504) return "INTEGRATION_TIMEOUT";
  if (status >= 500) return "INTEGRATION_FAILURE";
  return types[errorType ?? ""] ?? "DEFAULT_4XX";
}

const types: Record<string, string> = {
  MissingAuthenticationTokenException: "MISSING_AUTHENTICATION_TOKEN",
  InvalidSignatureException: "INVALID_SIGNATURE",
  ForbiddenException: "INVALID_API_KEY",
  UnauthorizedException: "UNAUTHORIZED",
  TooManyRequestsException: "THROTTLED",
  LimitExceededException: "QUOTA_EXCEEDED",
};

/** The template of an accepted media type, else the one for JSON, else the first. */
function templateFor({ templates }: GatewayResponse, accept = ""): [string, string] | undefined {
  const entries = Object.entries(templates);
  const types = accept.split(",").map((type) => type.split(";")[0]!.trim().toLowerCase());
  const accepted = types.map((type) => entries.find(([name]) => name.toLowerCase() === type)).find(Boolean);
  return accepted ?? entries.find(([name]) => name === "application/json") ?? entries[0];
}

type Facts = {
  refusal: Refusal;
  type: string;
  request: HttpRequest;
  stage: string;
  validationErrors: readonly string[];
};

/** What `$context` has. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference */
function contextOf(
  { headers, status }: HttpResponse,
  { refusal, type, request, stage, validationErrors }: Facts,
): Record<string, string> {
  const message = messageOf(refusal);
  return {
    "error.message": message,
    "error.messageString": JSON.stringify(message),
    "error.responseType": type,
    "error.validationErrorString": validationErrors.length > 0 ? `[${validationErrors.join(", ")}]` : "",
    requestId: headers["x-amzn-RequestId"] ?? "",
    extendedRequestId: headers["x-amz-apigw-id"] ?? "",
    httpMethod: request.method,
    path: request.path,
    resourcePath: request.route?.operation.path ?? "",
    status: String(status),
    protocol: "HTTP/1.1",
    stage,
    domainName: request.headers.get("host") ?? "",
    "identity.sourceIp": "127.0.0.1",
    "identity.userAgent": request.headers.get("user-agent") ?? "",
  };
}

function messageOf({ body, contentType }: Refusal): string {
  return contentType === "application/json" ? String(JSON.parse(body).message) : body;
}

/** Variables are replaced, and nothing else is computed: these templates know no directives. A variable without a value is empty. */
function fill(
  template: string,
  { values, request }: { values: Record<string, string>; request: HttpRequest },
): string {
  return template.replaceAll(
    /\$(?:\{(context|stageVariables)\.([\w.]+)\}|(context|stageVariables)\.(\w+(?:\.\w+)*)|(method\.request\.(?:header|querystring|path)\.[\w-]+))/g,
    (_, inBraces, bracedName, root, name, source) => {
      if (source !== undefined) return requestValue(source, request) ?? "";
      return (inBraces ?? root) === "context" ? (values[bracedName ?? name] ?? "") : "";
    },
  );
}

/** `method.request.header.name`, `.querystring.name` or `.path.name`. */
function requestValue(source: string, { headers, queryValues, route }: HttpRequest): string | undefined {
  const [, place, name] = /^method\.request\.(header|querystring|path)\.(.+)$/.exec(source) ?? [];
  if (place === "header") return headers.get(name!.toLowerCase());
  if (place === "path") return route?.pathParameters[name!];
  const value = place === "querystring" ? queryValues[name!] : undefined;
  return Array.isArray(value) ? value.at(-1) : value;
}

/** Header names are the same in any case. */
function setHeader(headers: Record<string, string>, name: string, value: string): void {
  const known = Object.keys(headers).find((other) => other.toLowerCase() === name.toLowerCase());
  headers[known ?? name] = value.replaceAll(/[\r\n\0]+/g, " ");
}
