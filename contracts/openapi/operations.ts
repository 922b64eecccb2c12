import { dereference } from "./reference.ts";

/** The parts of an OpenAPI 3.1 document that routing and authorization read. */
export type OpenApi = {
  openapi: string;
  info: { title: string; version: string };
  servers?: { url: string }[];
  security?: Record<string, string[]>[];
  paths?: Record<string, PathItem>;
  components?: {
    securitySchemes?: Record<string, SecurityScheme>;
    schemas?: Record<string, unknown>;
    responses?: Record<string, ResponseObject>;
  };
};
type PathItem = Partial<Record<Method, OperationObject>>;
type OperationObject = {
  operationId?: string;
  security?: Record<string, string[]>[];
  requestBody?: unknown;
  responses?: Record<string, unknown>;
};
type ResponseObject = { $ref?: string; content?: Record<string, { examples?: Record<string, unknown> }> };
type SecurityScheme = {
  type: string;
  in?: string;
  name?: string;
  "x-amazon-apigateway-authtype"?: string;
};

/** Under which names a path item holds operations. @see https://spec.openapis.org/oas/v3.1.1.html#path-item-object */
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
export function readOperations(openapi: OpenApi): Operation[] {
  const schemes = openapi.components?.securitySchemes ?? {};
  return Object.entries(openapi.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [readOperation(method, path, operation)] : [];
    }),
  );

  function readOperation(method: Method, path: string, operation: OperationObject): Operation {
    const demanded = demandedSchemes(operation.security ?? openapi.security ?? []);
    const upper = method.toUpperCase();
    return {
      key: operation.operationId ?? `${upper} ${path}`,
      method: upper,
      path,
      signed: demanded.some((name) => isSignature(schemes[name])),
      apiKeyHeader: demanded.map((name) => apiKeyHeader(schemes[name])).find(Boolean),
      takesBody: operation.requestBody !== undefined,
      statuses: Object.keys(operation.responses ?? {}),
      examples: readExamples(operation.responses ?? {}),
    };
  }

  function readExamples(responses: Record<string, unknown>): Record<string, string[]> {
    const named = Object.entries(responses).map(([status, response]): [string, string[]] => {
      const contents = Object.values(dereference<ResponseObject>(openapi, response)?.content ?? {});
      return [status, [...new Set(contents.flatMap(({ examples = {} }) => Object.keys(examples)))]];
    });
    return Object.fromEntries(named.filter(([, names]) => names.length > 0));
  }
}

/** Whether requests to this contract pass API Gateway: some scheme is Signature V4. */
export function hasGateway(openapi: OpenApi): boolean {
  return Object.values(openapi.components?.securitySchemes ?? {}).some(isSignature);
}

/** The path of the contract's first server, without a trailing slash: `/v1`, or `""`. */
export function basePath(openapi: OpenApi): string {
  const url = openapi.servers?.[0]?.url ?? "/";
  return new URL(url.replaceAll(/[{}]/g, ""), "http://localhost").pathname.replace(/\/+$/, "");
}

function demandedSchemes(alternatives: Record<string, string[]>[]): string[] {
  if (alternatives.some((alternative) => Object.keys(alternative).length === 0)) return [];
  return alternatives.flatMap((alternative) => Object.keys(alternative));
}

function isSignature(scheme: SecurityScheme | undefined): boolean {
  return scheme?.["x-amazon-apigateway-authtype"] === "awsSigv4";
}

function apiKeyHeader(scheme: SecurityScheme | undefined): string | undefined {
  if (scheme?.type !== "apiKey" || scheme.in !== "header" || isSignature(scheme)) return undefined;
  return scheme.name?.toLowerCase();
}
