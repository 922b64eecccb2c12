import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import type { IHttpConfig, IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { methods, type OpenApi, type Operation } from "../../contracts/openapi/operations.ts";
import { requirePackages } from "../../contracts/openapi/optional-packages.ts";
import type { Violation } from "../../contracts/openapi/validation.ts";
import type { Documented, WantedResponse } from "../documented/documented.ts";
import { withoutFraming } from "../documented/headers.ts";
import type { Preference } from "../http/preference.ts";
import type { HttpRequest } from "../http/request.ts";
import { createIsLarge } from "./size.ts";
import { sliceOf, withoutGreed } from "./slice.ts";
import type { UncompilableSchemaError } from "./uncompilable.ts";

/** What Prism responds, and why it finds the request invalid. */
export type PrismResponse<Body = unknown> = {
  status: number;
  /** As documented, without the content type. */
  headers: Record<string, string>;
  mediaType: string | undefined;
  /** A value to be written as JSON, text as it is, `undefined` for no body. */
  body: Body;
  violations: Violation[];
};

/** Responds to routed requests by the contract alone: validation, examples, negotiation, dynamic values. */
export type Engine = {
  /**
   * @param preference which response is asked for; what the request's `Prefer` header says unless given.
   * @throws {UncompilableSchemaError} when a schema of the operation does not compile.
   */
  respond(request: HttpRequest, preference?: Preference): Promise<PrismResponse>;
};

/**
 * Runs Prism in this process. This file is the only one that calls it, and works around its traps: the `Accept`
 * header that stays in a shared configuration, the seed that stays in a generator of the whole process, schemas
 * that do not compile and then let everything pass, and callbacks.
 *
 * Prism is loaded with the first request, and reads only the part of the contract that the request's operation
 * needs.
 *
 * @see docs/prism.md
 *
 * @param options.validateRequests `false` takes every request for a valid one.
 * @param options.seed makes `dynamic` values repeatable: the same seed and operation give the same value.
 * @param options.documented responds where Prism fails, where its response breaks the contract, and where it would
 * take too long.
 */
export function createPrismEngine(
  openapi: OpenApi,
  options: { seed?: string; validateRequests?: boolean; documented?: Documented } = {},
): Engine {
  const { documented, validateRequests = true } = options;
  const prism = createPrism(openapi, { validates: validateRequests });
  const isLarge = createIsLarge(openapi);
  return {
    async respond(request, preference = request.preference) {
      const { operation } = request.route!;
      const accept = request.headers.get("accept");
      const own = (like?: unknown) =>
        documented && ownResponse(documented, operation, { ...wanted(preference, options), accept, like });
      const isVaried = preference.seed !== undefined && !preference.dynamic;
      if (documented && (isLarge(operation) || (isVaried && !validateRequests))) {
        return own() ?? failure(undocumented(documented, operation, preference), preference);
      }
      const config = configuration(preference, { ...options, accept });
      const result = await prism.request(request, operation, config).catch((error: Error) => {
        if (documented && isOfResponse(error)) return undefined;
        throw error;
      });
      if (!result) return own() ?? failure(undocumented(documented!, operation, preference), preference);
      if ("problem" in result) {
        const refused = validateRequests && result.problem.additional?.validation !== undefined;
        return (!refused && own()) || failure(result.problem, preference);
      }
      const response = success(result);
      if (response.violations.length > 0 || !documented) return response;
      if (!documented.keeps(operation, response)) return own(partsOf(response.body)) ?? response;
      return {
        ...response,
        headers: { ...response.headers, ...documented.missingHeaders(operation, response) },
      };
    },
  };
}

/** A response of our own; `undefined` where the contract does not document what is wanted. */
export function ownResponse(
  documented: Documented,
  operation: Operation,
  wanted: WantedResponse,
): PrismResponse | undefined {
  const response = documented.respond(operation, wanted);
  return "message" in response ? undefined : { ...response, violations: [] };
}

/** Whether an error is about a schema that only responses have, which can be made without compiling it. */
export function isOfResponse(error: Error): boolean {
  return (error as Partial<UncompilableSchemaError>).isOfResponse === true;
}

/** The parts of a body that breaks the contract may do all the same. */
export function partsOf(body: unknown): object | undefined {
  return typeof body === "object" && body !== null ? body : undefined;
}

/** What a preference asks of a response of our own. Where chance is to choose, it starts from a seed. */
export function wanted(
  { code, example, dynamic, seed }: Preference,
  { seed: given }: { seed?: string | undefined },
): WantedResponse {
  return { code, example, seed: seed ?? (dynamic ? (given ?? randomUUID()) : undefined) };
}

/** The reason of a missing response, as Prism's own problems are. */
function undocumented(documented: Documented, operation: Operation, preference: Preference): ProblemDetails {
  const response = documented.respond(operation, wanted(preference, {}));
  const { status, message } = "message" in response ? response : { status: 406, message: "Not acceptable" };
  return Object.assign(new Error(message), { status, detail: message });
}

/** What Prism makes of a request: a response, or its reason for having none. */
export type PrismResult =
  | {
      output: { statusCode: number; headers?: Record<string, unknown>; body?: unknown };
      validations: { input: PrismViolation[]; output: PrismViolation[] };
    }
  | { problem: ProblemDetails };

/** A violation as Prism has it; severity 0 is an error, 1 a warning. */
export type PrismViolation = {
  path?: (string | number)[];
  location?: (string | number)[];
  code?: string | number;
  message: string;
  severity?: number;
};

/** Prism's own errors: the title is the message. @see https://www.rfc-editor.org/rfc/rfc9457 */
export type ProblemDetails = Error & {
  status?: number;
  detail?: string;
  additional?: { headers?: Record<string, string>; validation?: PrismViolation[] };
};

/** An operation of the contract. */
export type Endpoint = { method: string; path: string };

/** Which response is asked for. */
export type PrismPreference = {
  dynamic?: boolean;
  code?: number;
  exampleKey?: string;
  seed?: string;
  mediaTypes?: string[];
};

/** What Prism is to check, and which response it is to give. */
export type PrismConfig = {
  checkSecurity: boolean;
  validateRequest: boolean;
  validateResponse: boolean;
  mock: PrismPreference;
};

/** Prism itself, with one operation of the contract at a time. */
export type PrismInstance = {
  /**
   * Validates and responds as the configuration says.
   * @throws {UncompilableSchemaError} when a schema of the operation does not compile.
   */
  request(request: HttpRequest, operation: Endpoint, config: PrismConfig): Promise<PrismResult>;
  /** The operation that a method and a path lead to by Prism's own rules, or its reason why there is none. */
  route(request: HttpRequest): Endpoint | { problem: ProblemDetails };
  /** What `Prefer` or the query parameters `__code` and so on ask for. */
  preference(request: HttpRequest): PrismPreference | { problem: ProblemDetails };
  /** Writes a body in its media type. @throws where it cannot be written so. */
  serialize(body: unknown, mediaType: string | undefined): string | undefined;
  /** The body of a problem, `application/problem+json`. */
  problemJson(problem: ProblemDetails): object;
};

/**
 * @param options.asCommandLine reads requests as the server of Prism's command line does. It prints an example of
 * each path when it starts, which changes how lists and objects of the query are read.
 * @param options.validates `false` where nothing is going to be validated: then a schema need not compile.
 * @see createPrismEngine
 */
export function createPrism(
  openapi: OpenApi,
  { asCommandLine = false, validates = true } = {},
): PrismInstance {
  const load = once(loadPrism);
  const server = once(loadServer);
  const instance = once(() => createInstance(load()));
  const routes = once(() => routesOf(openapi));
  const prepared = new Map<string, Promise<Operations>>();
  const inputOf = asCommandLine ? asServerInput : asInput;

  return {
    async request(request, operation, config) {
      const prepared = await prepare(operation);
      const input = inputOf(request) as IHttpRequest;
      const result = await instance().request(input, prepared, completed(config))();
      return result._tag === "Right" ? (result.right as PrismResult) : { problem: result.left };
    },
    route: (request) => eitherOf(server().default({ resources: routes(), input: inputOf(request) })),
    preference: (request) => eitherOf(server().getHttpConfigFromRequest(inputOf(request))),
    serialize: (body, mediaType) => server().serialize(body, mediaType),
    problemJson: (problem) => load().prism.ProblemJsonError.toProblemJson(problem as PrismError),
  };

  function prepare(operation: Endpoint): Promise<Operations> {
    const name = `${operation.method} ${operation.path}`;
    const known = prepared.get(name) ?? transformed(operation);
    prepared.set(name, known);
    return known;
  }

  async function transformed({ method, path }: Endpoint): Promise<Operations> {
    const { refuseUncompilable } = await import("./uncompilable.ts");
    const found = await load().prism.getHttpOperationsFromSpec(sliceOf(openapi, { method, path }));
    const template = withoutGreed(path);
    const operations = found.filter((each) => each.path === template && each.method === method.toLowerCase());
    for (const operation of operations) {
      if (validates) refuseUncompilable(operation);
      if (asCommandLine) server().createExamplePath(operation);
      delete operation.callbacks;
    }
    return operations;
  }
}

function eitherOf<Right>(either: Either<Right>): Right | { problem: ProblemDetails } {
  return either._tag === "Right" ? either.right : { problem: either.left };
}

type Prism = typeof import("@stoplight/prism-http");
type PrismError = InstanceType<Prism["ProblemJsonError"]>;
type Operations = Parameters<ReturnType<Prism["createInstance"]>["request"]>[1];
type Either<Right> = { _tag: "Left"; left: ProblemDetails } | { _tag: "Right"; right: Right };

/** Parts that the packages' indexes do not export; the pinned versions have them here. */
function loadPrism() {
  requirePackages("prism");
  const require = createRequire(import.meta.url);
  return {
    prism: require("@stoplight/prism-http") as Prism,
    ...(require("@stoplight/prism-http/dist/mocker") as { default: PrismHttpComponents["mock"] }),
  };
}

/** What the command line and its server add: they come with one package. */
function loadServer() {
  requirePackages("stock");
  const cli = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
  const require = createRequire(cli);
  return {
    ...(require("@stoplight/prism-http/dist/router") as { default: Route }),
    ...(require("@stoplight/prism-http-server/dist/getHttpConfigFromRequest") as {
      getHttpConfigFromRequest: (input: PrismRequest) => Either<PrismPreference>;
    }),
    ...(require("@stoplight/prism-http-server/dist/serialize") as Pick<PrismInstance, "serialize">),
    ...(require("./util/paths.js") as { createExamplePath: (operation: Operations[number]) => unknown }),
  };
}

type Route = (call: { resources: Endpoint[]; input: PrismRequest }) => Either<Endpoint>;

function createInstance({ prism, default: mock }: ReturnType<typeof loadPrism>) {
  return prism.createInstance(completed(configuration({}, {})), {
    logger: silentLogger as unknown as PrismHttpComponents["logger"],
    mock: (call) => (logger) => {
      // Prism sets a seed in a generator that the whole process shares; each request resets it.
      prism.resetJSONSchemaGenerator();
      const { warn } = console;
      // Its sampler writes there about lists in `allOf`, which nobody can do anything about.
      console.warn = () => {};
      try {
        return mock(call)(logger);
      } finally {
        console.warn = warn;
        prism.resetJSONSchemaGenerator();
      }
    },
  });
}

/** What Prism's router reads of an operation. */
function routesOf({ paths = {} }: OpenApi): Endpoint[] {
  const isMethod = new Set<string>(methods);
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((name) => isMethod.has(name))
      .map((method) => ({ method, path })),
  );
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** A configuration of its own for each call: Prism writes the `Accept` header into the one it gets. */
function configuration(
  preference: Preference,
  { accept, seed, validateRequests = true }: { accept?: string; seed?: string; validateRequests?: boolean },
): PrismConfig {
  const mediaTypes = accept?.split(",").map((type) => type.trim());
  return {
    checkSecurity: false,
    validateRequest: validateRequests,
    validateResponse: false,
    mock: {
      dynamic: preference.dynamic ?? false,
      ...(preference.code !== undefined && { code: preference.code }),
      ...(preference.example !== undefined && { exampleKey: preference.example }),
      // API Gateway answers JSON whatever is accepted, so `*/*` is always the last choice.
      ...(mediaTypes && { mediaTypes: [...mediaTypes, "*/*"] }),
      ...((preference.seed ?? seed) !== undefined && { seed: preference.seed ?? seed }),
    },
  };
}

/** Prism as a mock, which does not fail where its own response is invalid. */
function completed(config: PrismConfig): IHttpConfig {
  const mock = { dynamic: false, ...config.mock };
  return { ...config, mock, isProxy: false, errors: false, upstreamProxy: undefined };
}

/** A request as Prism reads it, the method in lower case; a body of `null` is none. */
type PrismRequest = {
  method: string;
  url: { path: string; baseUrl?: string; query?: Record<string, string | string[]> };
  headers?: Record<string, string>;
  body?: unknown;
};

/** The path is written anew from the values that the router found in it. */
function asInput({ method, route, parts }: HttpRequest): PrismRequest {
  const { operation, pathParameters } = route!;
  const encoded = (_: string, name: string) => encodeURIComponent(pathParameters[name]!);
  return {
    method: method.toLowerCase(),
    url: { path: withoutGreed(operation.path).replaceAll(/\{([^{}]*)\}/g, encoded), query: parts.query },
    headers: parts.headers,
    ...(parts.body !== undefined && { body: parts.body }),
  };
}

/** As Prism's own server does. */
function asServerInput({ method, path, query: search, headers, value }: HttpRequest): PrismRequest {
  const { pathname, searchParams } = new URL(`${path}${search && `?${search}`}`, "http://example.com");
  const query: Record<string, string | string[]> = {};
  for (const name of searchParams.keys()) {
    const values = searchParams.getAll(name);
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return {
    method: method.toLowerCase(),
    url: { path: pathname, baseUrl: searchParams.get("__server") || undefined, query },
    headers: Object.fromEntries(headers),
    body: value ?? null,
  };
}

function success({ output, validations }: Extract<PrismResult, { output: unknown }>): PrismResponse {
  const { mediaType, headers } = splitHeaders(output.headers ?? {});
  return {
    status: output.statusCode,
    headers,
    mediaType: output.body === undefined ? undefined : mediaType,
    body: output.body,
    violations: validations.input
      .filter((item) => item.severity === 0)
      .map((item) => violation(item, ["body"])),
  };
}

/** Prism's own refusals: no such example, a body of an unknown media type, nothing documented for invalid requests. */
function failure(problem: ProblemDetails, preference: Preference): PrismResponse {
  const status = problem.status ?? 500;
  const message = problem.detail || problem.message;
  const violations = (problem.additional?.validation ?? []).map((item) => violation(item, ["body"]));
  if (violations.length === 0 && status === 415) {
    violations.push({ place: ["header", "content-type"], keyword: "415", params: {}, message });
  }
  if (violations.length === 0 && (preference.example !== undefined || preference.code !== undefined)) {
    violations.push({ place: ["header", "prefer"], keyword: "prefer", params: {}, message });
  }
  return { status, headers: {}, mediaType: "application/json", body: { message }, violations };
}

/** @param nowhere the place of a violation that Prism gives none. */
export function violation(
  { path, location, code = "", message }: PrismViolation,
  nowhere: string[],
): Violation {
  const place = (path ?? location)?.map(String) ?? nowhere;
  const keyword = String(code);
  const [, missingProperty] = (keyword === "required" && /required property '([^']+)'/.exec(message)) || [];
  return { place, keyword, params: missingProperty ? { missingProperty } : {}, message };
}

function splitHeaders(headers: Record<string, unknown>) {
  const documented: Record<string, string> = {};
  let mediaType: string | undefined;
  for (const [name, value] of Object.entries(headers)) {
    if (value === null || value === undefined) continue;
    if (name.toLowerCase() === "content-type") mediaType = String(value);
    else documented[name] = String(value);
  }
  return { mediaType, headers: withoutFraming(documented) };
}

const silentLogger = {
  info() {},
  warn() {},
  error() {},
  debug() {},
  trace() {},
  fatal() {},
  success() {},
  child: () => silentLogger,
};
