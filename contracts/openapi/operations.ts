import {
  authOf,
  identityOf,
  isForApiGateway,
  isSignatureScheme,
  readsApiKeyFromHeader,
} from "./api-gateway.ts";
import { isObject, type JsonObject } from "./json.ts";
import { type Tokens, valueAt } from "./pointer.ts";
import { dereference, follow, type Located, locatedAt } from "./reference.ts";
import { type ServerObject, serverUrl } from "./servers.ts";

/** The parts of an OpenAPI 3.1 document that are read as operations. */
export type OpenApi = {
  openapi: string;
  info: { title: string; version: string };
  servers?: ServerObject[];
  security?: SecurityRequirement[];
  paths?: Record<string, PathItem>;
  components?: {
    securitySchemes?: Record<string, SecurityScheme>;
    schemas?: Record<string, unknown>;
    responses?: Record<string, unknown>;
  };
};
type SecurityRequirement = Record<string, string[]>;
type PathItem = Partial<Record<Method, OperationObject>> & { parameters?: unknown };
/** An operation as the document describes it. */
export type OperationObject = {
  operationId?: string;
  summary?: string;
  security?: SecurityRequirement[];
  parameters?: unknown;
  requestBody?: unknown;
  responses?: Record<string, unknown>;
};
/** A parameter as the document describes it. */
export type ParameterObject = {
  name: string;
  in: string;
  required?: boolean;
  deprecated?: boolean;
  schema?: unknown;
  content?: unknown;
  style?: string;
  explode?: boolean;
  example?: unknown;
};
/** A request body or a response as the document describes it. */
export type ContentObject = {
  required?: boolean;
  headers?: Record<string, unknown>;
  content?: Record<string, { schema?: unknown; examples?: Record<string, { value?: unknown }> }>;
};
type SecurityScheme = {
  type: string;
  in?: string;
  name?: string;
  "x-amazon-apigateway-authtype"?: string;
};

/** The fields of a path item that hold operations. @see https://spec.openapis.org/oas/v3.1.1.html#path-item-object */
export const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;
type Method = (typeof methods)[number];

/** One operation of the effective contract. */
export type Operation = {
  /** The `operationId`, or `METHOD /path` where the contract gives none. */
  key: string;
  /** Upper case, as on the request line. */
  method: string;
  /** The path template below the base path, e.g. `/subjects/{id}`. */
  path: string;
  /** Where the contract describes it: `["paths", "/subjects/{id}", "put"]`. */
  at: Tokens;
  /** How the contract describes it there. */
  definition: OperationObject;
  /** Wants a Signature V4 (a security scheme with `x-amazon-apigateway-authtype: awsSigv4`). */
  signed: boolean;
  /** The header that names the API key (`x-api-key`), where one is wanted. */
  apiKeyHeader: string | undefined;
  takesBody: boolean;
  /** Documented statuses, in the contract's order. */
  statuses: string[];
  /** Names of the documented examples of each status; a status without any is left out. */
  examples: Record<string, string[]>;
};

/**
 * Lists the operations of an effective contract in its order.
 *
 * API Gateway exports "IAM authorization and an API key" as two security alternatives although it
 * demands both, so a scheme named by any alternative counts as demanded, unless one alternative is
 * empty (optional security).
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object
 */
export function readOperations(document: OpenApi | JsonObject): Operation[] {
  const openapi = document as OpenApi;
  const schemes = openapi.components?.securitySchemes ?? {};
  const keyInHeader = readsApiKeyFromHeader(openapi);
  return Object.entries(openapi.paths ?? {}).flatMap(([path, item]) =>
    isObject(item)
      ? Object.keys(item)
          .filter(isMethod)
          .map((method) => readOperation(path, method))
      : [],
  );

  function readOperation(path: string, method: Method): Operation {
    const definition = openapi.paths![path]![method]!;
    const auth = authOf(definition);
    const demanded = demandedSchemes(definition.security ?? openapi.security ?? []);
    const signed = auth === "AWS_IAM" || demanded.some((name) => isSignatureScheme(schemes[name]));
    const upper = method.toUpperCase();
    const statuses = Object.keys(definition.responses ?? {}).filter((status) => !status.startsWith("x-"));
    let examples: Record<string, string[]> | undefined;
    return {
      key: definition.operationId ?? `${upper} ${path}`,
      method: upper,
      path,
      at: ["paths", path, method],
      definition,
      signed: auth !== "NONE" && signed,
      apiKeyHeader: keyInHeader
        ? demanded.map((name) => apiKeyHeader(schemes[name])).find(Boolean)
        : undefined,
      takesBody: definition.requestBody !== undefined,
      statuses,
      // Looked for when they are wanted: a mock that starts needs none.
      get examples() {
        return (examples ??= examplesOf(definition, statuses));
      },
    };
  }

  function examplesOf({ responses = {} }: OperationObject, statuses: string[]): Record<string, string[]> {
    const named = statuses.map((status) => [status, exampleNames(responses[status])] as const);
    return Object.fromEntries(named.filter(([, names]) => names.length > 0));
  }

  function exampleNames(response: unknown): string[] {
    const contents = Object.values(dereference<ContentObject>(openapi, response)?.content ?? {});
    return [...new Set(contents.flatMap(({ examples = {} }) => Object.keys(examples)))];
  }
}

/** Finds an operation by its key, or by `METHOD /path` with the path as the contract writes it. */
export function findOperation(operations: readonly Operation[], name: string): Operation | undefined {
  return operations.find(({ key, method, path }) => name === key || name === `${method} ${path}`);
}

/** Where an operation lists its response of a status, else its `default` one. The `$ref` is not followed. */
export function responseAt({ definition, at }: Operation, status: string): Located | undefined {
  const operation = { value: definition, at };
  return locatedAt(operation, "responses", status) ?? locatedAt(operation, "responses", "default");
}

/**
 * The parameters of an operation and of its path, references followed. One of the operation replaces the
 * one of the path that has its name and place.
 */
export function parametersOf(
  openapi: object,
  { at: [, path, method] }: Pick<Operation, "at">,
): Located<ParameterObject>[] {
  const lists = [
    ["paths", path!, "parameters"],
    ["paths", path!, method!, "parameters"],
  ];
  const parameters = lists.flatMap((at) => {
    const list = valueAt(openapi, at);
    if (!Array.isArray(list)) return [];
    return list.flatMap(
      (value, index) => follow<ParameterObject>(openapi, { value, at: [...at, index] }) ?? [],
    );
  });
  return [...new Map(parameters.map((one) => [`${one.value.in} ${one.value.name}`, one])).values()];
}

/** Whether requests to this contract pass API Gateway: it has extensions of API Gateway's. */
export function hasGateway(openapi: OpenApi): boolean {
  return isForApiGateway(openapi);
}

/** The path of the contract's first server, without a trailing slash: `/v1`, or `""` for the root. */
export function basePath(openapi: OpenApi): string {
  const url = serverUrl(openapi) ?? "/";
  return new URL(url.replaceAll(/[{}]/g, ""), "http://localhost").pathname.replace(/(?<!\/)\/+$/, "");
}

function isMethod(name: string): name is Method {
  return (methods as readonly string[]).includes(name);
}

function demandedSchemes(alternatives: SecurityRequirement[]): string[] {
  if (alternatives.some((alternative) => Object.keys(alternative).length === 0)) return [];
  return alternatives.flatMap((alternative) => Object.keys(alternative));
}

function apiKeyHeader(scheme: SecurityScheme | undefined): string | undefined {
  if (scheme?.type !== "apiKey" || scheme.in !== "header") return undefined;
  if (isSignatureScheme(scheme) || identityOf(scheme)) return undefined;
  return scheme.name?.toLowerCase();
}
