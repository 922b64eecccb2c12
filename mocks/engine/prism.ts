import { createRequire } from "node:module";
import type { createInstance, IHttpConfig, IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { Ajv } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { OpenApi } from "../../contracts/operations.ts";
import type { Preference } from "./prefer.ts";

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
export type Engine = { ask(question: Question): Promise<EngineAnswer> };

/** A contract that Prism would validate wrongly: it lets everything pass where a schema does not compile. */
export class UncompilableSchemaError extends Error {
  readonly code = "SCHEMA_DOES_NOT_COMPILE";
  readonly place: string;

  constructor(place: string, reason: string) {
    super(`${place} does not compile: ${reason}. Correct the schema, or every value would pass here.`);
    this.name = "UncompilableSchemaError";
    this.place = place;
  }
}

/**
 * Prism's engine in process, behind a promise and plain records. This file is the only one that
 * knows Prism; it keeps out what leaks there (see field notes): the `Accept` header that sticks in a
 * shared configuration, the seed that stays in the global generator, schemas that silently pass, and
 * callbacks that would call out.
 *
 * @param options.validateRequests `false` answers every request as if it kept the contract.
 * @param options.seed makes `dynamic` values repeatable: the same seed and operation give the same value.
 * @throws {UncompilableSchemaError} when a schema of the contract does not compile.
 */
export async function createPrismEngine(
  openapi: OpenApi,
  options: { seed?: string; validateRequests?: boolean } = {},
): Promise<Engine> {
  const { prism, mock } = loadPrism();
  const operations = await prism.getHttpOperationsFromSpec(structuredClone(openapi));
  const compilers = createCompilers();
  for (const operation of operations) {
    refuseUncompilable(operation as unknown as PrismOperation, compilers);
    delete operation.callbacks;
  }

  const instance = prism.createInstance(configuration({}, {}), {
    logger: silentLogger as unknown as PrismHttpComponents["logger"],
    mock: (call) => (logger) => {
      // Prism sets a seed in a generator shared by the whole process; each call starts afresh.
      prism.resetJSONSchemaGenerator();
      const result = mock(call)(logger);
      prism.resetJSONSchemaGenerator();
      return result;
    },
  });

  return {
    async ask(question) {
      const config = configuration(question.preference, { ...options, accept: question.headers.accept });
      const outcome = await instance.request(prismRequest(question), operations, config)();
      return outcome._tag === "Right" ? success(outcome.right) : failure(outcome.left, question.preference);
    },
  };
}

type Prism = typeof import("@stoplight/prism-http");
type PrismOutcome = Extract<
  Awaited<ReturnType<ReturnType<ReturnType<typeof createInstance>["request"]>>>,
  { _tag: "Right" }
>["right"];
type PrismOperation = {
  method: string;
  path: string;
  __bundled__?: unknown;
  request?: Record<string, unknown>;
  responses?: unknown;
};

function loadPrism(): { prism: Prism; mock: PrismHttpComponents["mock"] } {
  const require = createRequire(import.meta.url);
  return {
    prism: require("@stoplight/prism-http") as Prism,
    // Not exported from the package's index; the pinned version has it here.
    mock: (require("@stoplight/prism-http/dist/mocker") as { default: PrismHttpComponents["mock"] }).default,
  };
}

/** A configuration of its own for each call: Prism writes the `Accept` header into the one it gets. */
function configuration(
  preference: Preference,
  { accept, seed, validateRequests = true }: { accept?: string; seed?: string; validateRequests?: boolean },
): IHttpConfig {
  const mediaTypes = accept?.split(",").map((type) => type.trim());
  return {
    isProxy: false,
    checkSecurity: false,
    validateRequest: validateRequests,
    validateResponse: false,
    errors: false,
    mock: {
      dynamic: preference.dynamic ?? false,
      ...(preference.code !== undefined && { code: preference.code }),
      ...(preference.example !== undefined && { exampleKey: preference.example }),
      // API Gateway answers JSON whatever is accepted, so `*/*` is always the last choice.
      ...(mediaTypes && { mediaTypes: [...mediaTypes, "*/*"] }),
      ...((preference.seed ?? seed) !== undefined && { seed: preference.seed ?? seed }),
    },
    upstreamProxy: undefined,
  } as IHttpConfig;
}

function prismRequest(question: Question): IHttpRequest {
  return {
    method: question.method.toLowerCase() as IHttpRequest["method"],
    url: { path: question.path, query: question.query },
    headers: question.headers,
    ...(question.body !== undefined && { body: question.body }),
  };
}

function success({ output, validations }: PrismOutcome): EngineAnswer {
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
function failure(error: Error, preference: Preference): EngineAnswer {
  const problem = error as Error & {
    status?: number;
    detail?: string;
    additional?: { validation?: PrismViolation[] };
  };
  const status = problem.status ?? 500;
  const message = problem.detail || error.message;
  const violations = (problem.additional?.validation ?? []).map(violation);
  if (violations.length === 0 && status === 415) {
    violations.push({ place: ["header", "content-type"], keyword: "415", message });
  }
  if (violations.length === 0 && (preference.example !== undefined || preference.code !== undefined)) {
    violations.push({ place: ["header", "prefer"], keyword: "prefer", message });
  }
  return { status, headers: {}, mediaType: "application/json", body: { message }, violations };
}

type PrismViolation = {
  path?: (string | number)[];
  location?: (string | number)[];
  code?: string | number;
  message: string;
};

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

function refuseUncompilable(operation: PrismOperation, compilers: Compilers): void {
  const { request, responses, __bundled__ } = operation;
  for (const { place, schema } of schemasOf({ request, responses }, [])) {
    try {
      compilers(schema).compile({ ...schema, __bundled__ });
    } catch (error) {
      const where = `${operation.method.toUpperCase()} ${operation.path} ${place.join("/")}`;
      throw new UncompilableSchemaError(where, (error as Error).message);
    }
  }
}

type Compilers = (schema: Record<string, unknown>) => Ajv;

/** The dialects and options that Prism itself compiles with; each compiles its meta-schema once. */
function createCompilers(): Compilers {
  const options = {
    strict: false,
    allowUnionTypes: true,
    allowMatchingProperties: true,
    logger: false,
  } as const;
  const made = new Map<typeof Ajv | typeof Ajv2019 | typeof Ajv2020, Ajv>();
  return (schema) => {
    const dialect = String(schema.$schema ?? "");
    const Compiler = dialect.includes("2020-12") ? Ajv2020 : dialect.includes("2019-09") ? Ajv2019 : Ajv;
    const compiler = made.get(Compiler) ?? new Compiler(options);
    made.set(Compiler, compiler as Ajv);
    return compiler as Ajv;
  };
}

function schemasOf(value: unknown, place: string[]): { place: string[]; schema: Record<string, unknown> }[] {
  if (value === null || typeof value !== "object") return [];
  const record = value as Record<string, unknown>;
  const { schema, ...rest } = record;
  const own =
    schema && typeof schema === "object" ? [{ place, schema: schema as Record<string, unknown> }] : [];
  return [
    ...own,
    ...Object.entries(rest)
      .filter(([key]) => key !== "examples")
      .flatMap(([key, item]) => schemasOf(item, [...place, nameOf(key, item)])),
  ];
}

function nameOf(key: string, item: unknown): string {
  const { name, code, mediaType } = (item ?? {}) as { name?: string; code?: string; mediaType?: string };
  return name ?? code ?? mediaType ?? key;
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
