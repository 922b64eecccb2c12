import type { OpenApi, Operation } from "../../contracts/openapi/operations.ts";
import type { Validation } from "../../contracts/openapi/validation.ts";
import { createDocumented, type Documented } from "../documented/documented.ts";
import { withoutFraming } from "../documented/headers.ts";
import { kindOf } from "../documented/media.ts";
import { createCache } from "../http/cache.ts";
import { validateHeaderValue } from "../http/node-http.ts";
import type { Preference } from "../http/preference.ts";
import type { HttpRequest } from "../http/request.ts";
import { createIsCacheable } from "./cacheable.ts";
import { createLargeEngine, writtenOwn } from "./large.ts";
import {
  createPrism,
  type Endpoint,
  isOfResponse,
  ownResponse,
  type PrismConfig,
  type PrismPreference,
  type PrismResponse,
  type PrismResult,
  type PrismViolation,
  type ProblemDetails,
  partsOf,
  violation,
  wanted,
} from "./prism.ts";
import { createIsLarge } from "./size.ts";

/** A response as it is sent, its body written. */
type StockResponse = PrismResponse<string | Buffer | undefined>;

/** Responds as the command line's Prism does, to requests whose path stands below the base path. */
export type StockEngine = {
  /** The cached response to a request that is valid for certain; `undefined` where Prism has to respond. */
  cached(request: HttpRequest): StockResponse | undefined;
  /**
   * @throws {UncompilableSchemaError | SchemaError} when a schema of the operation does not compile.
   * @throws {InterimStatusError} when a status below 200 is asked for and documented.
   */
  respond(request: HttpRequest): Promise<StockResponse>;
};

/** A status was asked for that no final response can have. */
export class InterimStatusError extends Error {
  readonly code = "STATUS_INTERIM";

  constructor(status: number) {
    super(`After a status ${status} another one must follow. Ask for one from 200 to 599.`);
    this.name = "InterimStatusError";
  }
}

/**
 * Asks Prism once for each response that cannot change: the response to a valid request depends on the
 * operation and on the `Accept` and `Prefer` headers only. Everything else, above all what is invalid,
 * goes to Prism each time.
 *
 * @param options.checkSecurity whether credentials must be there.
 * @param options.seed makes `dynamic` responses repeatable.
 * @param options.documented responds where Prism fails, where its response breaks the contract, and where it would
 * take too long.
 */
export function createStockEngine(
  openapi: OpenApi,
  {
    validation,
    checkSecurity,
    seed,
    documented = createDocumented(openapi),
  }: { validation: Validation; checkSecurity: boolean; seed?: string; documented?: Documented },
): StockEngine {
  const prism = createPrism(openapi, { asCommandLine: true });
  const isLarge = createIsLarge(openapi);
  const large = createLargeEngine(openapi, { validation, checkSecurity, seed, documented });
  const isCacheable = createIsCacheable(openapi, validation, { checkSecurity });
  const cache = createCache<string, StockResponse>();

  return {
    cached(request) {
      const cached = cache.get(cacheKey(request));
      return cached && isCacheable(request) ? cached : undefined;
    },
    async respond(request) {
      // Before Prism: a schema that does not compile is refused, and never passes in silence.
      const cacheable = request.route !== undefined && !isDynamic(request) && isCacheable(request);
      const isOwn = request.route !== undefined && isLarge(request.route.operation);
      const response = isOwn ? large(request) : await askPrism(request).catch(withoutPrism(request));
      if (cacheable && response.violations.length === 0) cache.set(cacheKey(request), response);
      return response;
    },
  };

  /** A response whose schema Prism cannot compile is made without it. A request is refused then. */
  function withoutPrism(request: HttpRequest): (error: Error) => StockResponse {
    return (error) => {
      if (request.route && isOfResponse(error)) return large(request);
      throw error;
    };
  }

  async function askPrism(request: HttpRequest): Promise<StockResponse> {
    const preference = prism.preference(request);
    if ("problem" in preference) return refused(preference.problem, {});
    const operation = request.route?.operation ?? prism.route(request);
    if ("problem" in operation) return refused(operation.problem, {});
    const own = (like?: unknown) => request.route && ownFor(request, preference, like);
    if (request.route && preference.seed !== undefined && !preference.dynamic) {
      // A seed chooses among alternatives; a request that is not valid is for Prism to explain.
      if (isCacheable(request))
        return own() ?? written(await requested(request, operation, configuration(preference)));
    }
    const result = await requested(request, operation, configuration(preference));
    const isRefused =
      "problem" in result ? isOfRequest(result.problem) : result.validations.input.some(isError);
    if (isRefused && request.route && isUndecoded(request, result)) return large(request);
    if (isRefused || !request.route) return written(result);
    if ("problem" in result) return own() ?? written(result);
    const { statusCode: status, body } = result.output;
    const mediaType = contentTypeOf(result.output.headers ?? {});
    if (!documented.keeps(request.route.operation, { status, mediaType, body }))
      return mended(own(partsOf(body)), result, request.route.operation);
    return written(withHeaders(result, request.route.operation));
  }

  /** A body of our own with the headers that Prism made, as far as they keep their schemas. */
  function mended(
    own: StockResponse | undefined,
    result: Extract<PrismResult, { output: unknown }>,
    operation: Operation,
  ): StockResponse {
    if (!own || own.status !== result.output.statusCode) return own ?? written(result);
    const { headers = {} } = withHeaders(result, operation).output;
    const made = Object.entries(withoutFraming(headers)).filter(([, value]) => value != null);
    try {
      for (const [name, value] of made) validateHeaderValue(name, String(value));
    } catch {
      return own;
    }
    const texts = made.map(([name, value]) => [name, String(value)]);
    return { ...own, headers: { ...own.headers, ...Object.fromEntries(texts) } };
  }

  function withHeaders(
    result: Extract<PrismResult, { output: unknown }>,
    operation: Operation,
  ): Extract<PrismResult, { output: unknown }> {
    const headers = result.output.headers ?? {};
    const framed = Object.entries(headers).filter(([name]) => name === "Content-type");
    const kept = { ...withoutFraming(headers), ...Object.fromEntries(framed) };
    const missing = documented.missingHeaders(operation, {
      status: result.output.statusCode,
      headers: kept,
    });
    // Prism complains of headers that it could not make.
    const isMended = Object.keys(missing).length > 0;
    const output = isMended
      ? result.validations.output.filter(({ path = [] }) => String(path[0]) !== "header")
      : result.validations.output;
    return {
      output: { ...result.output, headers: { ...kept, ...missing } },
      validations: { ...result.validations, output },
    };
  }

  function ownFor(
    request: HttpRequest,
    { code, exampleKey, dynamic, seed: given }: PrismPreference,
    like: unknown,
  ) {
    const response = ownResponse(documented, request.route!.operation, {
      ...wanted({ code, example: exampleKey, dynamic, seed: given } as Preference, { seed }),
      accept: request.headers.get("accept"),
      like,
    });
    return response && writtenOwn(response);
  }

  /** Where Prism's check of its own response throws, which ends the command line's Prism, it is left out. */
  async function requested(
    request: HttpRequest,
    operation: Endpoint,
    config: PrismConfig,
  ): Promise<PrismResult> {
    try {
      return await prism.request(request, operation, config);
    } catch (error) {
      if ("code" in (error as object)) throw error;
      return prism.request(request, operation, { ...config, validateResponse: false });
    }
  }

  function configuration(preference: PrismPreference): PrismConfig {
    const given = Object.entries({ seed, ...preference }).filter(([, value]) => value !== undefined);
    return {
      checkSecurity,
      validateRequest: true,
      validateResponse: true,
      mock: Object.fromEntries(given),
    };
  }

  function written(result: PrismResult): StockResponse {
    if ("problem" in result) return refused(result.problem, {});
    const { output, validations } = result;
    if (output.statusCode < 200) throw new InterimStatusError(output.statusCode);
    const found = [
      ...validations.input.map((item) => located("request", item)),
      ...validations.output.map((item) => located("response", item)),
    ];
    const headers: Record<string, string> = found.length > 0 ? { "sl-violations": headerOf(found) } : {};
    try {
      for (const [name, value] of Object.entries(output.headers ?? {})) {
        validateHeaderValue(name, String(value));
        headers[name] = String(value);
      }
      const mediaType = contentTypeOf(headers);
      const body = prism.serialize(output.body, mediaType);
      const violations = validations.input.map((item) => violation(item, []));
      return { status: output.statusCode, headers, mediaType, body, violations };
    } catch (error) {
      return refused(error as ProblemDetails, headers);
    }
  }

  function refused(problem: ProblemDetails, before: Record<string, string>): StockResponse {
    const others = Object.entries(before).filter(([name]) => !/^content-type$/i.test(name));
    const found = problem.additional?.validation ?? [{ message: problem.detail || problem.message }];
    return {
      status: problem.status ?? 500,
      headers: {
        ...Object.fromEntries(others),
        "Content-Type": "application/problem+json",
        ...problem.additional?.headers,
      },
      mediaType: "application/problem+json",
      body: JSON.stringify(prism.problemJson(problem)),
      violations: found.map((item) => violation(item, [])),
    };
  }
}

/** A problem of the request, not of the response that was to be made. */
function isOfRequest({ additional, status = 500, message }: ProblemDetails): boolean {
  return (
    additional?.validation !== undefined || status === 401 || status === 415 || message === "Invalid request"
  );
}

/** Whether nothing is wrong with a request but its body, which is neither JSON nor a form and was read as text. */
function isUndecoded({ mediaType = "", value }: HttpRequest, result: PrismResult): boolean {
  if (typeof value !== "string" || !["xml", "file", "yaml"].includes(kindOf(mediaType))) return false;
  const found =
    "problem" in result ? (result.problem.additional?.validation ?? []) : result.validations.input;
  const errors = found.filter(
    (item) => item.severity === undefined || item.severity === 0 || isErrorText(item),
  );
  return (
    errors.length > 0 && errors.every(({ path, location, code }) => isOfWholeBody(path ?? location, code))
  );
}

function isErrorText({ severity }: { severity?: unknown }): boolean {
  return severity === "Error";
}

function isOfWholeBody(place: readonly (string | number)[] = [], code: string | number = ""): boolean {
  return place.length === 1 && place[0] === "body" && code === "type";
}

function isError({ severity }: PrismViolation): boolean {
  return severity === 0;
}

/** What the response to a valid request depends on. */
function cacheKey({ route, headers }: HttpRequest): string {
  return `${route?.operation.key}\n${headers.get("accept") ?? ""}\n${headers.get("prefer") ?? ""}`;
}

function isDynamic({ headers }: HttpRequest): boolean {
  return /dynamic/i.test(headers.get("prefer") ?? "");
}

function contentTypeOf(headers: Record<string, unknown>): string | undefined {
  const found = Object.entries(headers).findLast(([name]) => /^content-type$/i.test(name))?.[1];
  return found === undefined ? undefined : String(found);
}

/** A violation as the `sl-violations` header has it. */
function located(
  side: "request" | "response",
  { path = [], severity, code, message }: PrismViolation,
): object {
  return { location: [side, ...path], severity: severities[severity ?? 0], code, message };
}

const severities = ["Error", "Warning", "Information", "Hint"];
const longestHeader = 8 * 1024 - 100;

/** What a header cannot carry is escaped; it ends the command line's Prism. */
function headerOf(violations: object[]): string {
  const text = JSON.stringify(violations).replaceAll(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length > longestHeader ? `Too many violations! ${text.slice(0, longestHeader)}` : text;
}
