import { isObject, type JsonObject } from "./json.ts";
import { scopeOf } from "./scope.ts";
import type { ServerObject } from "./servers.ts";

/**
 * API Gateway's extensions of a contract, as far as they say what a client sends and receives.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 */
const prefix = "x-amazon-apigateway-";

/** The method of a path item that serves each method that the path does not have itself. */
export const anyMethod = `${prefix}any-method`;

/** The extensions that change what is served. Any other says nothing about requests and responses. */
const used: ReadonlySet<string> = new Set(
  [
    "any-method",
    "api-key-source",
    "auth",
    "authorizer",
    "authtype",
    "binary-media-types",
    "cors",
    "gateway-responses",
    "integration",
    "integrations",
    "request-validator",
    "request-validators",
  ].map((name) => prefix + name),
);

/** Whether a name is that of an extension that changes nothing in the contract, such as a policy. */
export function isIgnoredExtension(name: string): boolean {
  return name.startsWith(prefix) && !used.has(name);
}

/**
 * Whether a contract is written for API Gateway: it has an extension of its, a greedy path, or a server that is one of
 * its. One that wants no more than an API key has nothing but its host to say so.
 */
export function isForApiGateway(openapi: object): boolean {
  const { paths, components } = openapi as JsonObject;
  if (scopeOf(openapi as { servers?: ServerObject[] })?.service === "execute-api") return true;
  if (hasExtension(openapi) || hasExtension(components)) return true;
  const schemes = isObject(components) ? components.securitySchemes : undefined;
  if (isObject(schemes) && Object.values(schemes).some(hasExtension)) return true;
  return Object.entries(isObject(paths) ? paths : {}).some(
    ([path, item]) =>
      /\{[^{}]+\+\}/.test(path) ||
      (isObject(item) && (hasExtension(item) || Object.values(item).some(hasExtension))),
  );
}

function hasExtension(value: unknown): boolean {
  return isObject(value) && Object.keys(value).some((name) => name.startsWith(prefix));
}

/** Whether clients name their API key in `x-api-key`. Otherwise an authorizer of the API gives it. */
export function readsApiKeyFromHeader(openapi: object): boolean {
  return (openapi as JsonObject)[`${prefix}api-key-source`] !== "AUTHORIZER";
}

/** Which parts of a request the gateway checks. */
export type RequestChecks = { body: boolean; parameters: boolean };

/**
 * What the request validator of an operation checks. `undefined` where the contract does not say: no validator is
 * named or defined anywhere in it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validators.html
 */
export function requestChecks(openapi: object, operation: object): RequestChecks | undefined {
  const validators = (openapi as JsonObject)[`${prefix}request-validators`];
  const own = (operation as JsonObject)[`${prefix}request-validator`];
  const name = own ?? (openapi as JsonObject)[`${prefix}request-validator`];
  if (name === undefined && !isObject(validators)) return undefined;
  const validator = isObject(validators) ? validators[String(name)] : undefined;
  const isOn = (field: string) => isObject(validator) && String(validator[field]) === "true";
  return { body: isOn("validateRequestBody"), parameters: isOn("validateRequestParameters") };
}

/** How an operation wants its callers to be known, where it says so by itself: `NONE`, `AWS_IAM`. */
export function authOf(operation: object): string | undefined {
  const auth = (operation as JsonObject)[`${prefix}auth`];
  return isObject(auth) && typeof auth.type === "string" ? auth.type.toUpperCase() : undefined;
}

/** Whether a security scheme is Signature Version 4. */
export function isSignatureScheme(scheme: object | undefined): boolean {
  return (scheme as JsonObject | undefined)?.[`${prefix}authtype`] === "awsSigv4";
}

/** What an authorizer reads of a request. Without one of these, the gateway refuses before the authorizer is asked. */
export type Identity = { place: "header" | "query"; name: string };

/**
 * What the authorizer of a security scheme needs of a request; `undefined` for a scheme without an authorizer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
 */
export function identityOf(scheme: object | undefined): Identity[] | undefined {
  const {
    [`${prefix}authorizer`]: authorizer,
    [`${prefix}authtype`]: type,
    ...rest
  } = (scheme ?? {}) as JsonObject;
  if (type === "awsSigv4" || (authorizer === undefined && type === undefined)) return undefined;
  const { identitySource } = isObject(authorizer) ? authorizer : {};
  const header = typeof rest.name === "string" ? rest.name : "Authorization";
  if (typeof identitySource !== "string")
    return [
      rest.in === "query"
        ? { place: "query", name: header }
        : { place: "header", name: header.toLowerCase() },
    ];
  return identitySource.split(",").flatMap((source): Identity[] => {
    const [, place, name] = /^\s*(?:method\.|\$)request\.(header|querystring)\.(\S+)\s*$/.exec(source) ?? [];
    if (place === "querystring") return [{ place: "query", name: name! }];
    return place === "header" ? [{ place: "header", name: name!.toLowerCase() }] : [];
  });
}

/** The media types whose bodies are bytes to the gateway: `image/png`, `image/*`, or all of them. */
export function binaryMediaTypes(openapi: object): string[] {
  const types = (openapi as JsonObject)[`${prefix}binary-media-types`];
  if (!Array.isArray(types)) return [];
  // An export writes the slash as a JSON Pointer does.
  return types.map((type) => String(type).replaceAll("~1", "/").toLowerCase());
}

/** A response that the gateway makes itself, as the contract changes it. */
export type GatewayResponse = {
  status?: number;
  /** Header names, and where their values come from: `'text'`, or `method.request.header.name`. */
  headers: Record<string, string>;
  /** By media type. */
  templates: Record<string, string>;
};

/**
 * The gateway's own responses that the contract changes, by their types such as `DEFAULT_4XX`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html
 */
export function gatewayResponses(openapi: object): Record<string, GatewayResponse> {
  const responses = (openapi as JsonObject)[`${prefix}gateway-responses`];
  if (!isObject(responses)) return {};
  return Object.fromEntries(
    Object.entries(responses)
      .filter(([, response]) => isObject(response))
      .map(([type, response]) => [type, readGatewayResponse(response as JsonObject)]),
  );
}

function readGatewayResponse(response: JsonObject): GatewayResponse {
  const status = Number(response.statusCode);
  return {
    ...(Number.isInteger(status) && status >= 100 && status <= 599 && { status }),
    headers: headersNamed(/^gatewayresponse\.header\.(.+)$/i, response.responseParameters),
    templates: texts(response.responseTemplates),
  };
}

/** What a mock integration responds. */
export type MockResponse = { status: number; headers: Record<string, string>; body: string | undefined };

/**
 * The response of an operation whose integration is a mock: the one of the status that the request template asks for,
 * else the default one. `undefined` for other integrations, and for a body that a template has to compute.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function mockIntegration(openapi: object, operation: object): MockResponse | undefined {
  const integration = integrationOf(openapi, operation);
  if (!integration || String(integration.type).toLowerCase() !== "mock") return undefined;
  const responses = isObject(integration.responses) ? integration.responses : {};
  const [request = ""] = Object.values(texts(integration.requestTemplates));
  const asked = /"?statusCode"?\s*:\s*"?(\d{3})/.exec(request)?.[1] ?? "200";
  const chosen = Object.keys(responses).find((name) => name !== "default" && matches(name, asked));
  const response = responses[chosen ?? "default"];
  if (!isObject(response)) return undefined;
  const templates = texts(response.responseTemplates);
  const body = templates["application/json"] ?? Object.values(templates)[0] ?? "";
  if (/[$#]/.test(body)) return undefined;
  const sources = headersNamed(/^method\.response\.header\.(.+)$/i, response.responseParameters);
  const headers = Object.entries(sources).flatMap(([name, source]) => {
    const value = literal(source);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    status: Number(response.statusCode ?? asked),
    headers: Object.fromEntries(headers),
    body: body.trim() === "" ? undefined : body,
  };
}

/** Whether an operation's integration takes only bodies of the media types that it has a template for. */
export function takesOnly(openapi: object, operation: object): string[] | undefined {
  const integration = integrationOf(openapi, operation);
  if (!integration || String(integration.passthroughBehavior).toLowerCase() !== "never") return undefined;
  return Object.keys(texts(integration.requestTemplates)).map((type) => type.toLowerCase());
}

/** A static value, which is written in single quotes. */
export function literal(source: string): string | undefined {
  return /^'([\s\S]*)'$/.exec(source.trim())?.[1];
}

function integrationOf(openapi: object, operation: object): JsonObject | undefined {
  const integration = (operation as JsonObject)[`${prefix}integration`];
  if (!isObject(integration)) return undefined;
  const name = /^#\/components\/x-amazon-apigateway-integrations\/([^/]+)$/.exec(String(integration.$ref));
  if (!name) return integration;
  const { components } = openapi as JsonObject;
  const shared = isObject(components) ? components[`${prefix}integrations`] : undefined;
  const found = isObject(shared) ? shared[name[1]!] : undefined;
  return isObject(found) ? found : undefined;
}

/** Cross-origin rules of an HTTP API. They replace what the service sends. */
export type CorsRules = {
  origins: string[];
  methods: string[];
  headers: string[];
  exposed: string[];
  credentials: boolean;
  maxAge?: number;
};

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-cors-configuration.html */
export function corsRules(openapi: object): CorsRules | undefined {
  const cors = (openapi as JsonObject)[`${prefix}cors`];
  if (!isObject(cors)) return undefined;
  const list = (name: string) => {
    const value = cors[name];
    if (Array.isArray(value)) return value.map(String);
    return value === undefined || value === null ? [] : [String(value)];
  };
  const maxAge = Number(cors.maxAge);
  return {
    origins: list("allowOrigins"),
    methods: list("allowMethods").map((method) => method.toUpperCase()),
    headers: list("allowHeaders"),
    exposed: list("exposeHeaders"),
    credentials: cors.allowCredentials === true,
    ...(cors.maxAge !== undefined && Number.isInteger(maxAge) && { maxAge }),
  };
}

/** Values by the header that their names mean. */
function headersNamed(pattern: RegExp, parameters: unknown): Record<string, string> {
  const entries = Object.entries(texts(parameters)).flatMap(([name, value]): [string, string][] => {
    const header = pattern.exec(name)?.[1];
    return header === undefined ? [] : [[header, value]];
  });
  return Object.fromEntries(entries);
}

function texts(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

/** Names of an integration's responses are regular expressions. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return false;
  }
}
