import {
  basePath,
  hasGateway,
  type OpenApi,
  type Operation,
  readOperations,
} from "../contracts/operations.ts";
import type { Validation, Violation } from "../contracts/validation.ts";
import type { Credentials } from "./credentials.ts";
import { parsePrefer } from "./engine/prefer.ts";
import type { Engine, EngineAnswer, Question } from "./engine/prism.ts";
import type { Answer, RawRequest } from "./exchange.ts";
import { explainSignature } from "./gateway/explain.ts";
import { recogniseRefusal } from "./gateway/recognise.ts";
import { createIds, type Refusal, refusalAnswer, refusals } from "./gateway/refusals.ts";
import { createSignatureVerifier, type SignatureRefusal } from "./gateway/signature.ts";
import { createRouter, type Route } from "./router.ts";

/** What the mock serves: a contract, its engine, and what only this service has. */
export type MockContract = {
  /** How logs and the start text call it, e.g. `necid-v1`. */
  name: string;
  openapi: OpenApi;
  /** The compiled validators; without them the engine alone judges requests. */
  validation?: Validation;
  engine: Engine;
  /** The service's own 400 body for a request that breaks the contract. */
  invalidRequest?: (violations: Violation[]) => unknown;
};

/** `strict` verifies signatures and keys, `presence` only wants the headers, `off` wants nothing. */
export type AuthMode = "strict" | "presence" | "off";

export type HandlerOptions = {
  contract: MockContract;
  auth: AuthMode;
  credentials: Credentials;
  apiKeys: string[];
  publicHosts: string[];
  region: string;
  service: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** A number from 0 up to 1. */
  random: () => number;
};

/** An answer and what a log line wants to know of it. */
export type Handled = { answer: Answer; operation: Operation | undefined; note: string | undefined };

export type Handler = {
  handle(request: RawRequest): Promise<Handled>;
  /** The answer to a body over API Gateway's limit, whatever else the request is. */
  tooLarge(): Handled;
  /** The answer when the mock itself fails; the note names the error. */
  failed(error: Error): Handled;
  operations: Operation[];
  basePath: string;
};

/**
 * The whole story of a request: route, signature, API key, validation, answer; each step may end it.
 * Behind API Gateway (the contract has a Signature V4 scheme) the first refusal is the gateway's.
 */
export function createHandler(options: HandlerOptions): Handler {
  const { contract, auth, apiKeys, now } = options;
  const operations = readOperations(contract.openapi);
  const base = basePath(contract.openapi);
  const route = createRouter(operations, base);
  const gateway = hasGateway(contract.openapi);
  const ids = createIds({ random: options.random, now });
  const verifierOptions = {
    region: options.region,
    service: options.service,
    publicHosts: options.publicHosts,
    now,
    credentials: (accessKeyId: string) =>
      accessKeyId === options.credentials.accessKeyId ? options.credentials : undefined,
  };
  const verify = createSignatureVerifier(verifierOptions);

  return {
    handle,
    tooLarge: () => refused(refusals.contentTooLong()),
    failed: (error) =>
      refused(refusals.internalServerError(), undefined, `the mock failed: ${error.message}`),
    operations,
    basePath: base,
  };

  async function handle(request: RawRequest): Promise<Handled> {
    const [path = "/", search = ""] = splitTarget(request.target);
    const headers = headerRecord(request.rawHeaders);

    const found = route(request.method, path);
    if (!found) return gateway ? refused(refusals.unknownRoute()) : notFound(request.method, path);
    const { operation } = found;

    const unauthenticated = gateway ? authenticate(operation, request, headers) : undefined;
    if (unauthenticated) return refused(unauthenticated, operation, explain(request, unauthenticated));

    const question = readQuestion(request, found, search, headers);
    if (!("preference" in question)) return invalid([question], undefined, operation);
    const violations = contract.validation?.request(operation.key, {
      mediaType: headers["content-type"],
      body: question.body,
      path: found.pathParameters,
      query: question.query,
      headers,
    });
    if (violations?.length) return invalid(violations, undefined, operation);
    const undocumented = undocumentedPreference(question, operation);
    if (undocumented) return invalid([undocumented], undefined, operation);
    const answer = await contract.engine.ask(question);
    if (answer.violations.length > 0) return invalid(answer.violations.map(fromEngine), answer, operation);
    return answered(answer, operation);
  }

  function authenticate(
    operation: Operation,
    request: RawRequest,
    headers: Record<string, string>,
  ): Refusal | SignatureRefusal | undefined {
    if (auth === "off") return undefined;
    if (operation.signed) {
      const refusal = auth === "strict" ? verify(request) : unsigned(request, headers);
      if (refusal) return refusal;
    }
    if (operation.apiKeyHeader === undefined) return undefined;
    const key = headers[operation.apiKeyHeader];
    const accepted = auth === "strict" ? key !== undefined && apiKeys.includes(key) : Boolean(key);
    return accepted ? undefined : refusals.forbidden();
  }

  function explain(request: RawRequest, refusal: Refusal | SignatureRefusal): string | undefined {
    return "kind" in refusal
      ? explainSignature(request, refusal, { ...verifierOptions, basePath: base })
      : undefined;
  }

  function invalid(violations: Violation[], prism: EngineAnswer | undefined, operation: Operation): Handled {
    const note = violations
      .map((violation) => `${violation.place.join(".")}: ${violation.message}`)
      .join("; ");
    if (gateway && violations.some((violation) => violation.keyword === "415")) {
      return refused(refusals.unsupportedMediaType(), operation, note);
    }
    if (contract.invalidRequest) return json(400, contract.invalidRequest(violations), operation, note);
    if (prism) return answered(prism, operation, note);
    return json(400, { message: note }, operation, note);
  }

  function answered(
    { status, headers, mediaType, body }: EngineAnswer,
    operation: Operation,
    note?: string,
  ): Handled {
    const refusal = gateway ? recogniseRefusal(status, body) : undefined;
    if (refusal) return refused(refusal, operation, note);
    const answer = {
      status,
      headers: {
        ...(mediaType && { "Content-Type": mediaType }),
        ...withoutIdentity(headers),
        ...identity(),
      },
      body:
        typeof body === "string" && !isJson(mediaType)
          ? body
          : body === undefined
            ? undefined
            : JSON.stringify(body),
    };
    return { answer, operation, note };
  }

  function json(status: number, body: unknown, operation: Operation | undefined, note?: string): Handled {
    const headers = { "Content-Type": "application/json", ...identity() };
    return { answer: { status, headers, body: JSON.stringify(body) }, operation, note };
  }

  function refused(refusal: Refusal, operation?: Operation, note?: string): Handled {
    return { answer: refusalAnswer(refusal, ids()), operation, note };
  }

  function notFound(method: string, path: string): Handled {
    const message = `${method} ${path} is not in the contract. Its paths stand below ${base || "/"}.`;
    return json(404, { message }, undefined);
  }

  function identity(): Record<string, string> {
    if (!gateway) return {};
    const { requestId, apigwId } = ids();
    return { "x-amzn-RequestId": requestId, "x-amz-apigw-id": apigwId };
  }
}

/** The contract documents identifiers with example values; every answer gets its own. */
function withoutIdentity(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^x-amzn-requestid$|^x-amz-apigw-id$/i.test(name)),
  );
}

function undocumentedPreference(
  { preference }: Question,
  { key, statuses }: Operation,
): Violation | undefined {
  const { code } = preference;
  if (code === undefined || statuses.includes(String(code)) || statuses.includes("default")) return undefined;
  if (statuses.includes(`${String(code)[0]}XX`)) return undefined;
  const message = `code=${code} is not documented for ${key}; documented: ${statuses.join(", ")}`;
  return { place: ["header", "prefer"], keyword: "prefer", params: {}, message };
}

/** Presence mode: some authorization is there, in the header or in the query. */
function unsigned(request: RawRequest, headers: Record<string, string>): Refusal | undefined {
  if (headers.authorization || /[?&]X-Amz-Signature=/.test(request.target)) return undefined;
  return refusals.missingAuthenticationToken();
}

function readQuestion(
  request: RawRequest,
  { operation, pathParameters }: Route,
  search: string,
  headers: Record<string, string>,
): Question | Violation {
  // A body that the contract does not know is not looked at: API Gateway passes it on.
  const bytes = operation.takesBody ? request.body : Buffer.alloc(0);
  const body = readBody(bytes, headers["content-type"]);
  if (body instanceof UnreadableBody)
    return { place: ["body"], keyword: "json", params: {}, message: body.message };
  const path = operation.path.replaceAll(/\{([^}]*)\}/g, (_, name: string) =>
    encodeURIComponent(pathParameters[name]!),
  );
  return {
    method: operation.method,
    path,
    query: queryRecord(search),
    // Prism reads the length to tell a body from none, also where it came chunked.
    headers: { ...headers, "content-length": String(bytes.length) },
    body: body.value,
    preference: parsePrefer(headers.prefer),
  };
}

class UnreadableBody {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function readBody(bytes: Buffer, mediaType: string | undefined): { value: unknown } | UnreadableBody {
  if (bytes.length === 0) return { value: undefined };
  try {
    const text = utf8.decode(bytes);
    return { value: isJson(mediaType) ? JSON.parse(text) : text };
  } catch {
    return new UnreadableBody("the body is not valid JSON in UTF-8");
  }
}

/** API Gateway takes a body without a media type for JSON. */
function isJson(mediaType: string | undefined): boolean {
  if (!mediaType) return true;
  const type = mediaType.split(";")[0]!.trim().toLowerCase();
  return type === "application/json" || type.endsWith("+json");
}

function splitTarget(target: string): string[] {
  // RFC 9112, 3.2.2: a request line may hold an absolute URL.
  const local = target.startsWith("/") ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "");
  const mark = local.indexOf("?");
  return mark < 0 ? [local] : [local.slice(0, mark), local.slice(mark + 1)];
}

/** Names in lower case; a repeated header is joined with a comma, as RFC 9110, 5.3 allows. */
function headerRecord(rawHeaders: string[]): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase();
    const value = rawHeaders[index + 1]!;
    record[name] = record[name] === undefined ? value : `${record[name]}, ${value}`;
  }
  return record;
}

function queryRecord(search: string): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(search)) {
    const known = record[name];
    record[name] = known === undefined ? value : [known, value].flat();
  }
  return record;
}

function fromEngine({ place, keyword, message }: EngineAnswer["violations"][number]): Violation {
  const missing = keyword === "required" && /required property '([^']+)'/.exec(message)?.[1];
  return { place, keyword, params: missing ? { missingProperty: missing } : {}, message };
}
