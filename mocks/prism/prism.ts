import { createRequire } from "node:module";
import type { IHttpConfig, IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { methods, type OpenApi } from "../../contracts/openapi/operations.ts";
import type { Preference } from "./prefer.ts";
import { sliceOf } from "./slice.ts";

/** One request, decoded, as the engine reads it; the path stands below the base path. */
export type Question = {
  method: string;
  path: string;
  /** Percent-decoded. */
  pathParameters: Record<string, string>;
  query: Record<string, string | string[]>;
  /** Names in lower case. */
  headers: Record<string, string>;
  mediaType: string | undefined;
  /** Parsed JSON, or text for other media types; `undefined` without a body. */
  body: unknown;
  preference: Preference;
};

/** One reason why a request breaks the contract. */
export type Violation = {
  /** `body`, `path`, `query`, `header`, followed by property names: `["body", "threshold"]`. */
  place: string[];
  /** The JSON Schema keyword, or the HTTP status that Prism suggests (`415`). */
  keyword: string;
  message: string;
};

/** What the engine decides: an answer, and whether the request kept the contract. */
export type EngineAnswer = {
  status: number;
  /** As documented, without the content type. */
  headers: Record<string, string>;
  mediaType: string | undefined;
  /** A value to be written as JSON, text as it is, `undefined` for no body. */
  body: unknown;
  violations: Violation[];
};

/** Answers questions by the contract alone: validation, examples, negotiation, dynamic values. */
export type Engine = {
  /** @throws {UncompilableSchemaError} when a schema of the operation does not compile. */
  ask(question: Question, operation: Asked): Promise<EngineAnswer>;
};

/**
 * Prism's engine in process, behind a promise and plain records. This file is the only one that
 * knows Prism; it keeps out what leaks there (see field notes): the `Accept` header that sticks in a
 * shared configuration, the seed that stays in the global generator, schemas that silently pass, and
 * callbacks that would call out.
 *
 * Prism is loaded with the first question, and reads of the contract what the operation asked for needs.
 *
 * @param options.validateRequests `false` answers every request as if it kept the contract.
 * @param options.seed makes `dynamic` values repeatable: the same seed and operation give the same value.
 */
export function createPrismEngine(
  openapi: OpenApi,
  options: { seed?: string; validateRequests?: boolean } = {},
): Engine {
  const { request } = createPrism(openapi);
  return {
    async ask(question, operation) {
      const config = configuration(question.preference, { ...options, accept: question.headers.accept });
      const outcome = await request(prismRequest(question), operation, config);
      return "output" in outcome ? success(outcome) : failure(outcome.problem, question.preference);
    },
  };
}

/** What Prism makes of a request: an answer, or its reason for having none. */
export type Outcome =
  | {
      output: { statusCode: number; headers?: Record<string, unknown>; body?: unknown };
      validations: { input: PrismViolation[]; output: PrismViolation[] };
    }
  | { problem: Problem };

/** One of Prism's remarks; severity 0 is an error, 1 a warning. */
export type PrismViolation = {
  path?: (string | number)[];
  location?: (string | number)[];
  code?: string | number;
  message: string;
  severity?: number;
};

/** Prism's own errors: the title is the message. */
export type Problem = Error & {
  status?: number;
  detail?: string;
  additional?: { headers?: Record<string, string>; validation?: PrismViolation[] };
};

/** Which operation of the contract is asked. */
export type Asked = { method: string; path: string };

/** A request as Prism reads it, the method in lower case; a body of `null` is none. */
export type PrismRequest = {
  method: string;
  url: { path: string; baseUrl?: string; query?: Record<string, string | string[]> };
  headers?: Record<string, string>;
  body?: unknown;
};

/** Which answer is wished for. */
export type Wishes = {
  dynamic?: boolean;
  code?: number;
  exampleKey?: string;
  seed?: string;
  mediaTypes?: string[];
};

/** What Prism is to check, and which answer it is to give. */
export type PrismConfig = {
  checkSecurity: boolean;
  validateRequest: boolean;
  validateResponse: boolean;
  mock: Wishes;
};

/** Prism itself, with one operation of the contract at a time. */
export type PrismInstance = {
  /**
   * Validates and answers as the configuration says.
   * @throws {UncompilableSchemaError} when a schema of the operation does not compile.
   */
  request(input: PrismRequest, operation: Asked, config: PrismConfig): Promise<Outcome>;
  /** The operation that a method and a path lead to by Prism's own rules, or its reason why there is none. */
  route(input: PrismRequest): Asked | { problem: Problem };
  /** What `Prefer` or the query parameters `__code` and so on ask for. */
  wishes(input: PrismRequest): Wishes | { problem: Problem };
  /** Writes a body in its media type. @throws where it cannot be written so. */
  serialize(body: unknown, mediaType: string | undefined): string | undefined;
  /** The body of a problem, `application/problem+json`. */
  problemJson(problem: Problem): object;
};

/**
 * @param options.asCommandLine reads lists and objects of the query as the command line's Prism does: printing
 * an example of each path when it starts, it changes how the parameters are read.
 * @see createPrismEngine
 */
export function createPrism(openapi: OpenApi, { asCommandLine = false } = {}): PrismInstance {
  const load = once(loadPrism);
  const server = once(loadServer);
  const instance = once(() => createInstance(load()));
  const routes = once(() => routesOf(openapi));
  const prepared = new Map<string, Promise<Operations>>();

  return {
    async request(input, operation, config) {
      const prepared = await prepare(operation);
      const outcome = await instance().request(input as IHttpRequest, prepared, whole(config))();
      return outcome._tag === "Right" ? (outcome.right as Outcome) : { problem: outcome.left };
    },
    route: (input) => eitherOf(server().default({ resources: routes(), input })),
    wishes: (input) => eitherOf(server().getHttpConfigFromRequest(input)),
    serialize: (body, mediaType) => server().serialize(body, mediaType),
    problemJson: (problem) => load().prism.ProblemJsonError.toProblemJson(problem as PrismError),
  };

  function prepare(operation: Asked): Promise<Operations> {
    const name = `${operation.method} ${operation.path}`;
    const known = prepared.get(name) ?? transformed(operation);
    prepared.set(name, known);
    return known;
  }

  async function transformed({ method, path }: Asked): Promise<Operations> {
    const { refuseUncompilable } = await import("./uncompilable.ts");
    const found = await load().prism.getHttpOperationsFromSpec(sliceOf(openapi, { method, path }));
    const asked = found.filter((each) => each.path === path && each.method === method.toLowerCase());
    for (const operation of asked) {
      refuseUncompilable(operation);
      if (asCommandLine) server().createExamplePath(operation);
      delete operation.callbacks;
    }
    return asked;
  }
}

function eitherOf<Right>(either: Either<Right>): Right | { problem: Problem } {
  return either._tag === "Right" ? either.right : { problem: either.left };
}

type Prism = typeof import("@stoplight/prism-http");
type PrismError = InstanceType<Prism["ProblemJsonError"]>;
type Operations = Parameters<ReturnType<Prism["createInstance"]>["request"]>[1];
type Either<Right> = { _tag: "Left"; left: Problem } | { _tag: "Right"; right: Right };

/** Parts that the packages' indexes do not export; the pinned versions have them here. */
function loadPrism() {
  const require = createRequire(import.meta.url);
  return {
    prism: require("@stoplight/prism-http") as Prism,
    ...(require("@stoplight/prism-http/dist/mocker") as { default: PrismHttpComponents["mock"] }),
  };
}

/** What the command line and its server add: they come with one package. */
function loadServer() {
  const cli = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
  const require = createRequire(cli);
  return {
    ...(require("@stoplight/prism-http/dist/router") as { default: Route }),
    ...(require("@stoplight/prism-http-server/dist/getHttpConfigFromRequest") as {
      getHttpConfigFromRequest: (input: PrismRequest) => Either<Wishes>;
    }),
    ...(require("@stoplight/prism-http-server/dist/serialize") as Pick<PrismInstance, "serialize">),
    ...(require("./util/paths.js") as { createExamplePath: (operation: Operations[number]) => unknown }),
  };
}

type Route = (call: { resources: Asked[]; input: PrismRequest }) => Either<Asked>;

function createInstance({ prism, default: mock }: ReturnType<typeof loadPrism>) {
  return prism.createInstance(whole(configuration({}, {})), {
    logger: silentLogger as unknown as PrismHttpComponents["logger"],
    mock: (call) => (logger) => {
      // Prism sets a seed in a generator shared by the whole process; each call starts afresh.
      prism.resetJSONSchemaGenerator();
      const result = mock(call)(logger);
      prism.resetJSONSchemaGenerator();
      return result;
    },
  });
}

/** What Prism's router reads of an operation. */
function routesOf({ paths = {} }: OpenApi): Asked[] {
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

/** Prism as a mock, which goes on where its own answer is wrong. */
function whole(config: PrismConfig): IHttpConfig {
  const mock = { dynamic: false, ...config.mock };
  return { ...config, mock, isProxy: false, errors: false, upstreamProxy: undefined };
}

function prismRequest(question: Question): PrismRequest {
  return {
    method: question.method.toLowerCase(),
    url: { path: question.path, query: question.query },
    headers: question.headers,
    ...(question.body !== undefined && { body: question.body }),
  };
}

function success({ output, validations }: Extract<Outcome, { output: unknown }>): EngineAnswer {
  const { mediaType, headers } = splitHeaders(output.headers ?? {});
  return {
    status: output.statusCode,
    headers,
    mediaType: output.body === undefined ? undefined : mediaType,
    body: output.body,
    violations: validations.input.filter((item) => item.severity === 0).map(violation),
  };
}

/** Prism's own refusals: no such example, a body of an unknown media type, nothing documented for invalid requests. */
function failure(problem: Problem, preference: Preference): EngineAnswer {
  const status = problem.status ?? 500;
  const message = problem.detail || problem.message;
  const violations = (problem.additional?.validation ?? []).map(violation);
  if (violations.length === 0 && status === 415) {
    violations.push({ place: ["header", "content-type"], keyword: "415", message });
  }
  if (violations.length === 0 && (preference.example !== undefined || preference.code !== undefined)) {
    violations.push({ place: ["header", "prefer"], keyword: "prefer", message });
  }
  return { status, headers: {}, mediaType: "application/json", body: { message }, violations };
}

function violation(item: PrismViolation): Violation {
  const place = item.path ?? item.location ?? ["body"];
  return { place: place.map(String), keyword: String(item.code ?? ""), message: item.message };
}

function splitHeaders(headers: Record<string, unknown>) {
  const documented: Record<string, string> = {};
  let mediaType: string | undefined;
  for (const [name, value] of Object.entries(headers)) {
    if (value === null || value === undefined) continue;
    if (name.toLowerCase() === "content-type") mediaType = String(value);
    else documented[name] = String(value);
  }
  return { mediaType, headers: documented };
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
