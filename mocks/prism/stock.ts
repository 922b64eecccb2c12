import type { OpenApi, Operation } from "../../contracts/openapi/operations.ts";
import type { Validation } from "../../contracts/openapi/validation.ts";
import { createMemory } from "../http/cache.ts";
import { validateHeaderValue } from "../http/node-http.ts";
import { type Call, createSurelyValid } from "./cacheable.ts";
import {
  type Asked,
  createPrism,
  type Outcome,
  type PrismConfig,
  type PrismRequest,
  type PrismViolation,
  type Problem,
  type Wishes,
} from "./prism.ts";

/** A request below the base path, its body read; without an operation where no route is known. */
export type StockCall = Omit<Call, "operation"> & { method: string; operation?: Operation };

/** An answer of stock Prism, its body written. */
export type StockAnswer = {
  status: number;
  headers: Record<string, string>;
  body: string | undefined;
  /** What Prism found wrong with the request. */
  remarks: string[];
};

/** Answers as the command line's Prism does. */
export type StockEngine = {
  /** The answer to a request that is surely valid and whose answer is known; else Prism has to be asked. */
  recall(call: StockCall): StockAnswer | undefined;
  /**
   * @throws {UncompilableSchemaError | SchemaError} when a schema of the operation does not compile.
   * @throws {InterimStatusError} when a status below 200 is asked for and documented.
   */
  ask(call: StockCall): Promise<StockAnswer>;
};

/** A status was asked for that no answer can have. */
export class InterimStatusError extends Error {
  readonly code = "STATUS_INTERIM";

  constructor(status: number) {
    super(`After a status ${status} another one must follow. Ask for one from 200 to 599.`);
    this.name = "InterimStatusError";
  }
}

/**
 * Prism decides once, and is remembered: what it answers to a valid request depends on the operation and on
 * the `Accept` and `Prefer` headers only. Everything else, an invalid request above all, it is asked anew.
 *
 * @param options.checkSecurity whether credentials must be there.
 * @param options.seed makes `dynamic` answers repeatable.
 */
export function createStockEngine(
  openapi: OpenApi,
  { validation, checkSecurity, seed }: { validation: Validation; checkSecurity: boolean; seed?: string },
): StockEngine {
  const prism = createPrism(openapi, { asCommandLine: true });
  const isSurelyValid = createSurelyValid(openapi, validation, { checkSecurity });
  const memory = createMemory<StockAnswer>();
  return { recall, ask };

  function recall(call: StockCall): StockAnswer | undefined {
    const known = memory.get(nameOf(call));
    return known && isSurelyValid(call as Call) ? known : undefined;
  }

  async function ask(call: StockCall): Promise<StockAnswer> {
    // Before Prism: a schema that does not compile is refused, and never passes in silence.
    const lasting = call.operation !== undefined && !isDynamic(call) && isSurelyValid(call as Call);
    const answer = await answerOf(call);
    if (lasting && answer.remarks.length === 0) memory.set(nameOf(call), answer);
    return answer;
  }

  async function answerOf(call: StockCall): Promise<StockAnswer> {
    const input = inputOf(call);
    const wishes = prism.wishes(input);
    if ("problem" in wishes) return refused(wishes.problem, {});
    const operation = call.operation ?? prism.route(input);
    if ("problem" in operation) return refused(operation.problem, {});
    return written(await requested(input, operation, configuration(wishes)));
  }

  /** Where Prism's check of its own answer throws, which ends the command line's Prism, it is left out. */
  async function requested(input: PrismRequest, operation: Asked, config: PrismConfig): Promise<Outcome> {
    try {
      return await prism.request(input, operation, config);
    } catch (error) {
      if ("code" in (error as object)) throw error;
      return prism.request(input, operation, { ...config, validateResponse: false });
    }
  }

  function configuration(wishes: Wishes): PrismConfig {
    const given = Object.entries({ seed, ...wishes }).filter(([, value]) => value !== undefined);
    return {
      checkSecurity,
      validateRequest: true,
      validateResponse: true,
      mock: Object.fromEntries(given),
    };
  }

  function written(outcome: Outcome): StockAnswer {
    if ("problem" in outcome) return refused(outcome.problem, {});
    const { output, validations } = outcome;
    if (output.statusCode < 200) throw new InterimStatusError(output.statusCode);
    const remarks = [
      ...validations.input.map((remark) => told("request", remark)),
      ...validations.output.map((remark) => told("response", remark)),
    ];
    const headers: Record<string, string> = remarks.length > 0 ? { "sl-violations": headerOf(remarks) } : {};
    try {
      for (const [name, value] of Object.entries(output.headers ?? {})) {
        validateHeaderValue(name, String(value));
        headers[name] = String(value);
      }
      const body = prism.serialize(output.body, contentTypeOf(headers));
      return { status: output.statusCode, headers, body, remarks: validations.input.map(textOf) };
    } catch (error) {
      return refused(error as Problem, headers);
    }
  }

  function refused(problem: Problem, before: Record<string, string>): StockAnswer {
    const others = Object.entries(before).filter(([name]) => !/^content-type$/i.test(name));
    return {
      status: problem.status ?? 500,
      headers: {
        ...Object.fromEntries(others),
        "Content-Type": "application/problem+json",
        ...problem.additional?.headers,
      },
      body: JSON.stringify(prism.problemJson(problem)),
      remarks: problem.additional?.validation?.map(textOf) ?? [problem.detail || problem.message],
    };
  }
}

/** What the answer to a valid request depends on. */
function nameOf({ operation, headers }: StockCall): string {
  return `${operation?.key}\n${headers.get("accept") ?? ""}\n${headers.get("prefer") ?? ""}`;
}

function isDynamic({ headers }: StockCall): boolean {
  return /dynamic/i.test(headers.get("prefer") ?? "");
}

function inputOf({ method, path, search, headers, body }: StockCall): PrismRequest {
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
    body: body ?? null,
  };
}

function contentTypeOf(headers: Record<string, string>): string | undefined {
  return Object.entries(headers).find(([name]) => /^content-type$/i.test(name))?.[1];
}

/** A remark as the `sl-violations` header has it. */
function told(side: "request" | "response", { path = [], severity, code, message }: PrismViolation): object {
  return { location: [side, ...path], severity: severities[severity ?? 0], code, message };
}

const severities = ["Error", "Warning", "Information", "Hint"];
const longestHeader = 8 * 1024 - 100;

/** What a header cannot carry is escaped; it ends the command line's Prism. */
function headerOf(remarks: object[]): string {
  const text = JSON.stringify(remarks).replaceAll(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length > longestHeader ? `Too many violations! ${text.slice(0, longestHeader)}` : text;
}

function textOf({ path, location, message }: PrismViolation): string {
  const place = (path ?? location ?? []).join(".");
  return place ? `${place}: ${message}` : message;
}
