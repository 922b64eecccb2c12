import {
  basePath,
  hasGateway,
  type OpenApi,
  type Operation,
  readOperations,
} from "../../contracts/openapi/operations.ts";
import { createRouter } from "../../contracts/openapi/router.ts";
import type { Validation, Violation } from "../../contracts/openapi/validation.ts";
import type { AppliedFaults } from "../faults/faults.ts";
import { headersByName } from "../gateway/canonical.ts";
import { recogniseRefusal } from "../gateway/recognise.ts";
import { createIds, type Refusal, refusalAnswer, refusals } from "../gateway/refusals.ts";
import {
  createSignatureVerifier,
  type SignatureOptions,
  type SignatureRefusal,
} from "../gateway/signature.ts";
import type { Answer, RawRequest } from "../http/exchange.ts";
import { isJson, readQuestion, splitTarget, withPreference } from "../http/question.ts";
import type { RecallingEngine } from "../prism/cached.ts";
import type { Engine, EngineAnswer, Question } from "../prism/prism.ts";
import type { StockEngine } from "../prism/stock.ts";
import type { Service } from "../world/service.ts";
import type { World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";

/** What the mock serves: a contract, its engine, and what only this service has. */
export type MockContract = {
  /** How logs and the start text call it, e.g. `necid-v1`. */
  name: string;
  openapi: OpenApi;
  /** The compiled validators; without them the engine alone judges requests. */
  validation?: Validation;
  /** Answers requests that the validators let pass. */
  engine: RecallingEngine;
  /** Explains what is wrong with a request, where `invalidRequest` does not. */
  explain?: Engine;
  /** Answers everything, where no gateway stands in front of the contract. */
  stock?: (options: { checkSecurity: boolean }) => StockEngine;
  /** The service's own 400 body for a request that breaks the contract. */
  invalidRequest?: (violations: Violation[]) => unknown;
  /** The behaviour behind the contract; without it, examples answer. */
  service?: Service;
};

/** `strict` verifies signatures and keys, `presence` only wants the headers, `off` wants nothing. */
export type AuthMode = "strict" | "presence" | "off";

export type HandlerOptions = {
  contract: MockContract;
  worlds: Worlds;
  auth: AuthMode;
  publicHosts: string[];
  region: string;
  service: string;
  /** Checks every answer of the service against the contract before it is sent. */
  selfCheck: boolean;
  /** From 0 up to 1, for the identifiers of answers. */
  random: () => number;
};

/** An answer and what the journal and the log want to know of it. */
export type Handled = {
  answer: Answer;
  world: World;
  operation?: Operation;
  /** The API key that named the application. */
  application?: string;
  /** The request's body as it was read. */
  body?: unknown;
  /** Why a request was refused, where that can be told. */
  note?: string;
  applied?: AppliedFaults;
};

export type Handler = {
  /** Answers at once, but for what only Prism can answer. */
  handle(request: RawRequest): Handled | Promise<Handled>;
  /** The answer to a body over API Gateway's limit, whatever else the request is. */
  tooLarge(request: RawRequest): Handled;
  /** The answer when the mock itself fails; the note names the error. */
  failed(request: RawRequest, error: Error): Handled;
};

/**
 * The whole story of a request: route, signature, API key, faults, validation, answer; each step may end
 * it. Behind API Gateway (the contract has a Signature V4 scheme) the first refusal is the gateway's.
 */
export function createHandler(options: HandlerOptions): Handler {
  const { contract, worlds, auth } = options;
  const base = basePath(contract.openapi);
  const route = createRouter(readOperations(contract.openapi), base);
  const gateway = hasGateway(contract.openapi);
  const ids = createIds({ random: options.random, now: () => worlds.first.clock.now() });
  const verifiers = new WeakMap<
    World,
    { verify: ReturnType<typeof createSignatureVerifier>; options: SignatureOptions }
  >();

  return {
    handle,
    tooLarge: (request) => ({ answer: refuse(refusals.contentTooLong()), world: worldOf(request) }),
    failed: (request, error) => ({
      answer: refuse(refusals.internalServerError()),
      world: worldOf(request),
      note: `the mock failed: ${error.message}`,
    }),
  };

  function handle(request: RawRequest): Handled | Promise<Handled> {
    const { path, query } = splitTarget(request.target);
    const headers = headersByName(request.rawHeaders);
    const world = worldOf(request, headers);

    const found = route(request.method, path);
    if (!found)
      return {
        world,
        answer: gateway ? refuse(refusals.unknownRoute()) : outsideContract(request.method, { path, base }),
      };
    const { operation } = found;
    const application = headers.get(operation.apiKeyHeader ?? "x-api-key") ?? world.apiKeys[0]!;

    const unauthenticated = gateway ? authenticate(operation, request, headers, world) : undefined;
    if (unauthenticated) {
      const handled = { world, operation, answer: refuse(unauthenticated) };
      return isOfSignature(unauthenticated) ? withReason(handled, request, unauthenticated) : handled;
    }

    const applied = world.faults.apply(operation, application);
    const call = { operation, application, world, applied };
    const question = applied?.refusal ? undefined : readQuestion(request, found, query, headers);
    const outcome = question ? judgeAndAnswer(question, call) : { answer: refuse(applied!.refusal!) };
    const body = question && "preference" in question ? question.body : undefined;
    const handled = ({ answer, note }: Outcome): Handled => ({
      ...call,
      body,
      answer: applied ? applyTo(answer, applied) : answer,
      note,
    });
    return outcome instanceof Promise ? outcome.then(handled) : handled(outcome);
  }

  function authenticate(
    operation: Operation,
    request: RawRequest,
    headers: Map<string, string>,
    world: World,
  ): Refusal | SignatureRefusal | undefined {
    if (auth === "off") return undefined;
    if (operation.signed) {
      const refusal =
        auth === "strict" ? verifierOf(world).verify(request, headers) : unsigned(request, headers);
      if (refusal) return refusal;
    }
    if (operation.apiKeyHeader === undefined) return undefined;
    const key = headers.get(operation.apiKeyHeader);
    const accepted = auth === "strict" ? key !== undefined && world.apiKeys.includes(key) : Boolean(key);
    return accepted ? undefined : refusals.forbidden();
  }

  type Call = { operation: Operation; application: string; world: World; applied: AppliedFaults | undefined };

  function judgeAndAnswer(question: Question | Violation, call: Call): Outcome | Promise<Outcome> {
    if (!("preference" in question)) return invalid([question]);
    const breaches = contract.validation?.request(call.operation.key, question) ?? [];
    const wrongWish = unknownPreference(question, call.operation);
    if (wrongWish) return invalid([wrongWish, ...breaches]);
    if (breaches.length === 0) return answerTo(question, call);
    return contract.explain ? explained(breaches, question, call) : invalid(breaches);
  }

  /** Prism answers an invalid request by the contract; where it finds nothing wrong, or fails, the breaches stand. */
  async function explained(breaches: Violation[], question: Question, { operation }: Call): Promise<Outcome> {
    const prism = await contract.explain!.ask(question, operation).catch(() => undefined);
    return prism?.violations.length ? invalid(prism.violations.map(fromEngine), prism) : invalid(breaches);
  }

  /**
   * The one place where the way to an answer is chosen: a fault's error or the test's own wish comes from
   * the contract, everything else from the service, and what the service leaves open from the contract.
   */
  function answerTo(
    question: Question,
    { operation, application, world, applied }: Call,
  ): Outcome | Promise<Outcome> {
    const { preference, pathParameters, body } = question;
    const error = isEmpty(preference) ? applied?.error : undefined;
    const wished = error !== undefined || !isEmpty(preference);
    const served = wished
      ? undefined
      : world.service?.respond({ operation, application, pathParameters, body });
    if (served) {
      const answer = json(served.status, served.body, served.json);
      return options.selfCheck ? checked(operation, answer, served.body) : { answer };
    }
    const asked = error ? withPreference(question, { code: error.status, example: error.example }) : question;
    const remembered = contract.engine.recall(asked, operation);
    return remembered ? { answer: write(remembered) } : askPrism(asked, operation);
  }

  async function askPrism(question: Question, operation: Operation): Promise<Outcome> {
    const answer = await contract.engine.ask(question, operation);
    if (answer.violations.length > 0) return invalid(answer.violations.map(fromEngine), answer);
    return { answer: write(answer) };
  }

  function checked(operation: Operation, answer: Answer, body: unknown): Outcome {
    const mediaType = body === undefined ? undefined : "application/json";
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const faults =
      contract.validation?.response(operation.key, { status: answer.status, mediaType, body, headers }) ?? [];
    if (faults.length === 0) return { answer };
    return { answer: refuse(refusals.internalServerError()), note: `self-check failed: ${describe(faults)}` };
  }

  function invalid(violations: Violation[], prism?: EngineAnswer): Outcome {
    const note = describe(violations);
    const wrongType = violations.some(({ keyword }) => keyword === "mediaType" || keyword === "415");
    if (gateway && wrongType) return { answer: refuse(refusals.unsupportedMediaType()), note };
    if (contract.invalidRequest) return { answer: json(400, contract.invalidRequest(violations)), note };
    if (prism) return { answer: write(prism), note };
    return { answer: json(400, { message: note }), note };
  }

  /** @param json the body as JSON text, where it is at hand. */
  function write(
    { status, headers, mediaType, body }: Omit<EngineAnswer, "violations">,
    json?: string,
  ): Answer {
    const refusal = gateway && status >= 400 ? recogniseRefusal(status, body) : undefined;
    if (refusal) return refuse(refusal);
    const text = typeof body === "string" && !isJson(mediaType) ? body : undefined;
    const written: Answer = { status, headers: {}, body: json ?? text ?? JSON.stringify(body) };
    if (body !== undefined && mediaType) written.headers["Content-Type"] = mediaType;
    if (headers !== noHeaders) Object.assign(written.headers, withoutIdentity(headers));
    if (gateway) {
      const { requestId, apigwId } = ids();
      written.headers["x-amzn-RequestId"] = requestId;
      written.headers["x-amz-apigw-id"] = apigwId;
    }
    return written;
  }

  function json(status: number, body: unknown, text?: string): Answer {
    return write({ status, headers: noHeaders, mediaType: "application/json", body }, text);
  }

  function refuse(refusal: Refusal): Answer {
    return refusalAnswer(refusal, ids());
  }

  function worldOf(request: RawRequest, headers = headersByName(request.rawHeaders)): World {
    if (worlds.alone) return worlds.first;
    const credential = /Credential=([^/,\s&]+)/.exec(headers.get("authorization") ?? request.target);
    return worlds.of({ accessKeyId: credential?.[1], apiKey: headers.get("x-api-key") });
  }

  function verifierOf(world: World) {
    const known = verifiers.get(world);
    if (known) return known;
    const { region, service, publicHosts } = options;
    const { credentials, clock } = world;
    const of = (accessKeyId: string) => (accessKeyId === credentials.accessKeyId ? credentials : undefined);
    const signature = { region, service, publicHosts, now: clock.now, credentials: of };
    const made = { verify: createSignatureVerifier(signature), options: signature };
    verifiers.set(world, made);
    return made;
  }

  /** Adds what is wrong with the signature; good requests never load what can tell. */
  async function withReason(
    handled: Handled,
    request: RawRequest,
    refusal: SignatureRefusal,
  ): Promise<Handled> {
    const { explainSignature } = await import("../gateway/explain.ts");
    const options = { ...verifierOf(handled.world).options, basePath: base };
    return { ...handled, note: explainSignature(request, refusal, options) };
  }
}

type Outcome = Pick<Handled, "answer" | "note">;

const noHeaders: Record<string, string> = {};

function isEmpty(preference: Question["preference"]): boolean {
  for (const _ in preference) return false;
  return true;
}

function isOfSignature(refusal: Refusal | SignatureRefusal): refusal is SignatureRefusal {
  return "kind" in refusal;
}

/** Presence mode: some authorization is there, in the header or in the query. */
function unsigned(request: RawRequest, headers: Map<string, string>): Refusal | undefined {
  if (headers.get("authorization") || /[?&]X-Amz-Signature=/.test(request.target)) return undefined;
  return refusals.missingAuthenticationToken();
}

/** The answer to what no contract without a gateway knows. */
export function outsideContract(method: string, { path, base }: { path: string; base: string }): Answer {
  const message = `${method} ${path} is not in the contract. Its paths stand below ${base || "/"}.`;
  return { status: 404, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ message }) };
}

/** The answer as a fault alters it. */
export function applyTo(answer: Answer, { alter, delivery }: AppliedFaults): Answer {
  const altered = alter ? alter(answer) : answer;
  return delivery ? { ...altered, delivery } : altered;
}

/** A status asked for that the contract does not document; the message lists those that it does. */
function unknownPreference({ preference }: Question, { key, statuses }: Operation): Violation | undefined {
  const { code } = preference;
  if (code === undefined) return undefined;
  const documented = [String(code), `${String(code)[0]}XX`, "default"];
  if (documented.some((status) => statuses.includes(status))) return undefined;
  const message = `code=${code} is not documented for ${key}; documented: ${statuses.join(", ")}`;
  return { place: ["header", "prefer"], keyword: "prefer", params: {}, message };
}

/** The contract documents identifiers with example values; every answer gets its own. */
function withoutIdentity(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^x-amzn-requestid$|^x-amz-apigw-id$/i.test(name)),
  );
}

function describe(violations: Violation[]): string {
  return violations.map(({ place, message }) => `${place.join(".")}: ${message}`).join("; ");
}

function fromEngine({ place, keyword, message }: EngineAnswer["violations"][number]): Violation {
  const missing = keyword === "required" && /required property '([^']+)'/.exec(message)?.[1];
  return { place, keyword, params: missing ? { missingProperty: missing } : {}, message };
}
