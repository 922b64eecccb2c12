import type { MockResponse } from "../../contracts/openapi/api-gateway.ts";
import { basePath, hasGateway, type Operation, readOperations } from "../../contracts/openapi/operations.ts";
import { createRouter } from "../../contracts/openapi/router.ts";
import { scopeOf } from "../../contracts/openapi/scope.ts";
import type { Violation } from "../../contracts/openapi/validation.ts";
import { withObjects } from "../documented/object-query.ts";
import type { AppliedFaults } from "../faults/faults.ts";
import { createCors, createPreflight } from "../gateway/cors.ts";
import { isIdentified, readExtensions } from "../gateway/extensions.ts";
import { createCustomiseRefusal } from "../gateway/gateway-responses.ts";
import { recogniseRefusal } from "../gateway/recognise.ts";
import { createIds, type Refusal, refusalResponse, refusals } from "../gateway/refusals.ts";
import {
  createSignatureVerifier,
  type SignatureOptions,
  type SignatureRefusal,
  type SignatureVerifier,
} from "../gateway/signature.ts";
import { binaryBody, gatewayBody, isJson } from "../http/body.ts";
import type { Preference } from "../http/preference.ts";
import { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import type { PrismResponse } from "../prism/prism.ts";
import { lazyNote } from "../world/note.ts";
import type { ServiceCall } from "../world/service.ts";
import type { World } from "../world/world.ts";
import {
  describe,
  type Handled,
  type Handler,
  type HandlerOptions,
  outsideContract,
  withFault,
} from "./handler.ts";
import { apiKeyReason, signatureReasons, undocumentedPreference, unknownRouteReason } from "./reasons.ts";

/**
 * Handles requests to a contract behind API Gateway: route, signature, API key, faults, body, validation,
 * response. Each step may end it. Without a gateway (no security scheme is Signature V4) the same steps
 * are taken without signature and API key.
 *
 * @see docs/api-gateway.md
 */
export function createHandler(options: HandlerOptions): Handler {
  const { contract, worlds, auth } = options;
  const known = contract.scope ?? scopeOf(contract.openapi);
  const scope = {
    region: options.region ?? known?.region,
    service: options.service ?? known?.service ?? "execute-api",
  };
  const base = basePath(contract.openapi);
  const operations = readOperations(contract.openapi);
  const route = createRouter(operations, base);
  const addCors = createCors(contract.openapi, operations, options.cors);
  const preflight = createPreflight(contract.openapi, options.cors);
  const extensions = readExtensions(contract.openapi, operations);
  const customise = createCustomiseRefusal(contract.openapi, base.slice(1));
  const madeHere = new WeakMap<HttpResponse, Refusal>();
  const gateway = hasGateway(contract.openapi);
  const ids = createIds({ random: options.random, now: () => worlds.first.clock.now() });
  const verifiers = new WeakMap<World, Verifier>();

  return {
    handle,
    tooLarge(request) {
      const operation = route(request.method, request.path)?.operation;
      const response = finished(refuse(refusals.contentTooLong()), request, operation);
      return { response, world: worldOf(request) };
    },
    failed: (request, error) => ({
      response: finished(refuse(refusals.internalServerError()), request, undefined),
      world: worldOf(request),
      note: `the mock failed: ${error.message}`,
    }),
  };

  function handle(request: HttpRequest): Handled | Promise<Handled> {
    const world = worldOf(request);

    // A preflight that the gateway answers by rules of its own.
    const allowed = preflight?.(request);
    if (allowed) return { world, response: allowed };

    // Route: row 2.
    const found = route(request.method, request.path);
    if (!found) {
      const response = gateway ? refuse(refusals.unknownRoute()) : outsideContract(request, base);
      const note = gateway ? unknownRouteReason(request, { base, route, operations }) : undefined;
      return { world, response: finished(response, request, undefined), note };
    }
    request.route = found;
    const { operation } = found;

    // Signature and API key: rows 1 and 3 to 18.
    const unauthenticated = gateway ? authenticate(request, operation, world) : undefined;
    if (unauthenticated) {
      const handled = { world, operation, response: finished(refuse(unauthenticated), request, operation) };
      if (isOfSignature(unauthenticated)) return withReason(handled, request, unauthenticated);
      const { apiKeyHeader = "" } = operation;
      if (unauthenticated.status === 401) return { ...handled, note: signatureReasons.unauthorized };
      const unsigned = unauthenticated.errorType === "MissingAuthenticationTokenException";
      const note = unsigned
        ? signatureReasons.missingAuthenticationToken
        : apiKeyReason(apiKeyHeader, request.headers.get(apiKeyHeader));
      return { ...handled, note };
    }

    // Faults, counted for each authenticated request of an application.
    const application = request.headers.get(operation.apiKeyHeader ?? "x-api-key") ?? world.apiKeys[0]!;
    const applied = world.faults.apply(operation, application);
    const handled = ({ response, note, validationErrors }: Outcome): Handled => {
      const open = finished(response, request, operation, validationErrors);
      return {
        world,
        operation,
        application,
        applied,
        response: applied ? withFault(open, applied) : open,
        note,
      };
    };
    if (applied?.refusal) return handled({ response: refuse(applied.refusal) });
    const refused = gateway && applied?.error ? refusalOf(request, applied.error) : undefined;
    if (refused) return handled({ response: refuse(refused) });

    // Body. One that the contract does not document is not read, as API Gateway passes it on.
    const { checks, takesOnly } = extensions.of(operation);
    const isBinary = extensions.isBinary(request.mediaType);
    const checksBody = !isBinary && checks?.body !== false;
    if (operation.takesBody) {
      const isSent = gateway && request.body.length > 0;
      const unsupported = isSent && contract.validation?.mediaType(operation.key, request.mediaType);
      if (unsupported && (takesOnly ? !takesOnly.includes(mediaTypeOf(request)) : checksBody))
        return handled(invalid([unsupported]));
      const isPassedOn = unsupported && isBinary;
      const unreadable = isPassedOn ? undefined : request.decodeBody(isBinary ? binaryBody : gatewayBody);
      if (unreadable && checksBody) return handled(refusedOrInvalid(operation, [unreadable]));
    }

    // Validation, and the status that the Prefer header asks for.
    const all = violationsOf(request, operation);
    const violations =
      checks || isBinary
        ? all.filter(({ place }) => (place[0] === "body" ? checksBody : checks?.parameters !== false))
        : all;
    const undocumented = undocumentedPreference(request.preference, operation, contract.alternatives);
    if (undocumented) return handled(invalid([undocumented, ...violations]));
    if (violations.length > 0) {
      const refusal = extensions.refusalOf(operation, violations);
      if (refusal || !contract.explain) return handled(refusedOrInvalid(operation, violations));
      return explained(request, violations).then(handled);
    }

    // The response of the service, or an example of the contract.
    const outcome = respond(request, { operation, application, world, applied });
    return outcome instanceof Promise ? outcome.then(handled) : handled(outcome);
  }

  /** The gateway's own refusal where a request validator of the contract makes it, else the service's. */
  function refusedOrInvalid(operation: Operation, violations: Violation[]): Outcome {
    const refusal = extensions.refusalOf(operation, violations);
    if (!refusal) return invalid(violations);
    const validationErrors = violations.map(({ message }) => message);
    return { response: refuse(refusal), note: describe(violations), validationErrors };
  }

  function violationsOf(request: HttpRequest, operation: Operation): Violation[] {
    const found = contract.validation?.request(operation.key, request.parts) ?? [];
    if (!found.some(({ place }) => place[0] === "query")) return found;
    // An object may come in parts, which few operations have and the validators do not put together.
    const query = withObjects(contract.openapi, operation, request.queryValues);
    if (query === request.queryValues) return found;
    const { mediaType, body, base64Texts, pathParameters, headers } = request.parts;
    const parts = { mediaType, body, base64Texts, pathParameters, headers, query };
    return contract.validation!.request(operation.key, parts);
  }

  /** The gateway's refusal that a fault asks for: it comes before the request is validated. */
  function refusalOf(
    request: HttpRequest,
    { status, example }: NonNullable<AppliedFaults["error"]>,
  ): Refusal | undefined {
    if (!isEmpty(request.preference)) return undefined;
    const cached = contract.engine.cached(request, { code: status, example });
    return cached && cached.status === 403 ? recogniseRefusal(403, cached.body) : undefined;
  }

  function authenticate(
    request: HttpRequest,
    operation: Operation,
    world: World,
  ): Refusal | SignatureRefusal | undefined {
    if (auth === "off") return undefined;
    if (operation.signed) {
      const refusal = auth === "strict" ? verifierOf(world).verify(request) : unsigned(request);
      if (refusal) return refusal;
    }
    if (!isIdentified(request, extensions.of(operation).identities)) return refusals.unauthorized();
    if (operation.apiKeyHeader === undefined) return undefined;
    const key = request.headers.get(operation.apiKeyHeader);
    return isAccepted(key, world) ? undefined : refusals.forbidden();
  }

  function isAccepted(key: string | undefined, world: World): boolean {
    if (auth === "off") return true;
    return auth === "strict" ? key !== undefined && world.apiKeys.includes(key) : Boolean(key);
  }

  /**
   * The one place where the source of a response is chosen: what a fault or the Prefer header asks for comes
   * from the contract, everything else from the service, and what the service leaves open from the contract.
   */
  function respond(
    request: HttpRequest,
    { operation, application, world, applied }: Call,
  ): Outcome | Promise<Outcome> {
    if (applied?.response) return { response: ownResponse(applied.response) };
    const isDefault = isEmpty(request.preference);
    const error = isDefault ? applied?.error : undefined;
    if (isDefault && !error) {
      const { integration } = extensions.of(operation);
      if (integration) return { response: integrated(integration) };
      const served =
        contract.service && world.service?.respond(serviceCall(request, { operation, application, world }));
      if (served) {
        const response = json(served.status, served.body, served.json);
        return options.selfCheck ? checked(operation, response, served.body) : { response };
      }
    }
    if (!error && request.preference.dynamic) {
      const made = contract.dynamic?.(operation.key, request.preference);
      if (made) return { response: write(made) };
    }
    const preference = error ? { code: error.status, example: error.example } : request.preference;
    const cached = contract.engine.cached(request, preference);
    return cached ? { response: write(cached) } : askPrism(request, preference);
  }

  function serviceCall(
    request: HttpRequest,
    { operation, application, world }: Pick<Call, "operation" | "application" | "world">,
  ): ServiceCall {
    const { pathParameters } = request.route!;
    return {
      operation,
      contract: contract.name,
      application,
      pathParameters,
      query: request.query === "" ? undefined : request.queryValues,
      body: request.value,
      decodeBase64: (text) => request.decodeBase64(text),
      hasApiKey: operation.apiKeyHeader !== undefined || isAccepted(request.headers.get("x-api-key"), world),
    };
  }

  async function askPrism(request: HttpRequest, preference: Preference): Promise<Outcome> {
    const prism = await contract.engine.respond(request, preference);
    return prism.violations.length > 0 ? invalid(prism.violations, prism) : { response: write(prism) };
  }

  /** Prism explains an invalid request in its own words; where it finds nothing wrong, or fails, ours stand. */
  async function explained(request: HttpRequest, violations: Violation[]): Promise<Outcome> {
    const prism = await contract.explain!.respond(request).catch(() => undefined);
    return prism?.violations.length ? invalid(prism.violations, prism) : invalid(violations);
  }

  function invalid(violations: Violation[], prism?: PrismResponse): Outcome {
    const note = describe(violations);
    const wrongType = violations.some(({ keyword }) => keyword === "mediaType" || keyword === "415");
    if (gateway && wrongType) return { response: refuse(refusals.unsupportedMediaType()), note };
    if (contract.invalidRequest) return { response: json(400, contract.invalidRequest(violations)), note };
    if (prism) return { response: write(prism), note };
    return { response: json(400, { message: note }), note };
  }

  /** The response, or 502 where the contract does not document it. */
  function checked(operation: Operation, response: HttpResponse, body: unknown): Outcome {
    const mediaType = body === undefined ? undefined : "application/json";
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const { status } = response;
    const violations =
      contract.validation?.response(operation.key, { status, mediaType, body, headers }) ?? [];
    if (violations.length === 0) return { response };
    return {
      response: refuse(refusals.internalServerError()),
      note: `self-check failed: ${describe(violations)}`,
    };
  }

  /**
   * @param json the body as JSON text, where it is at hand.
   * @param options.isOwn whether somebody wrote the headers for this response, and not for the contract.
   */
  function write(
    { status, headers, mediaType, body }: Omit<PrismResponse, "violations">,
    json?: string,
    { isOwn = false } = {},
  ): HttpResponse {
    const refusal = gateway && status >= 400 ? recogniseRefusal(status, body) : undefined;
    if (refusal) return refuse(refusal);
    const text = typeof body === "string" && !isJson(mediaType) ? body : undefined;
    const isEncoded = text !== undefined && extensions.isBinary(mediaType);
    const bytes = Buffer.isBuffer(body) ? body : isEncoded ? bytesOf(text) : undefined;
    const written: HttpResponse = {
      status,
      headers: {},
      body: json ?? bytes ?? text ?? JSON.stringify(body),
    };
    if (body !== undefined && mediaType) written.headers["Content-Type"] = mediaType;
    if (headers !== noHeaders)
      Object.assign(written.headers, without(isOwn ? identifiers : serverHeaders, headers));
    if (gateway) {
      const { requestId, apigwId } = ids();
      written.headers["x-amzn-RequestId"] = requestId;
      written.headers["x-amz-apigw-id"] = apigwId;
    }
    return written;
  }

  /** A response of the test's own. */
  function ownResponse({ status, headers, body }: NonNullable<AppliedFaults["response"]>): HttpResponse {
    const mediaType = "application/json";
    return write({ status, headers: headers ?? noHeaders, mediaType, body }, undefined, { isOwn: true });
  }

  function json(status: number, body: unknown, text?: string): HttpResponse {
    return write({ status, headers: noHeaders, mediaType: "application/json", body }, text);
  }

  /** The response of a mock integration, whose body is text. */
  function integrated({ status, headers, body }: MockResponse): HttpResponse {
    const named = Object.keys(headers).find((name) => name.toLowerCase() === "content-type");
    const mediaType = named === undefined ? "application/json" : headers[named]!;
    const others = without(/^content-type$/i, headers);
    const type: Record<string, string> =
      body === undefined && named !== undefined ? { "Content-Type": mediaType } : {};
    return write({ status, headers: { ...type, ...others }, mediaType, body }, body, { isOwn: true });
  }

  function refuse(refusal: Refusal): HttpResponse {
    const response = refusalResponse(refusal, ids());
    madeHere.set(response, refusal);
    return response;
  }

  /** With what the contract says of the gateway's own responses, and with the headers for browsers. */
  function finished(
    response: HttpResponse,
    request: HttpRequest,
    operation: Operation | undefined,
    validationErrors: readonly string[] = noErrors,
  ): HttpResponse {
    const refusal = madeHere.get(response);
    if (refusal && customise) customise(response, refusal, request, validationErrors);
    return addCors(response, { request, operation, isRefusal: refusal !== undefined });
  }

  function worldOf({ headers, target }: HttpRequest): World {
    if (worlds.alone) return worlds.first;
    const credential = /Credential=([^/,\s&]+)/.exec(headers.get("authorization") ?? target);
    const apiKey = headers.get("x-api-key");
    // Calls without credentials, such as health, may name their world as control calls do.
    const named = credential || apiKey ? undefined : worlds.get(headers.get("x-necid-world") ?? "");
    return named ?? worlds.of({ accessKeyId: credential?.[1], apiKey });
  }

  function verifierOf(world: World): Verifier {
    const known = verifiers.get(world);
    if (known) return known;
    const { publicHosts } = options;
    const { credentials, clock } = world;
    const of = (accessKeyId: string) => (accessKeyId === credentials.accessKeyId ? credentials : undefined);
    const signature = { ...scope, publicHosts, now: clock.now, credentials: of };
    const made = { verify: createSignatureVerifier(signature), options: signature };
    verifiers.set(world, made);
    return made;
  }

  /** Adds what is wrong with the signature. It is explained when somebody reads it, and only then. */
  function withReason(
    handled: Handled,
    request: HttpRequest,
    refusal: SignatureRefusal,
  ): Handled | Promise<Handled> {
    const fixed = signatureReasons[refusal.kind];
    if (refusal.kind !== "signatureMismatch") return { ...handled, note: fixed };
    if (!explain) return loadExplain().then(() => withReason(handled, request, refusal));
    const { explainSignature } = explain;
    const options = { ...verifierOf(handled.world).options, basePath: base };
    // A small body is a part of a larger buffer, which nobody shall keep for it.
    const body = request.body.length > smallBody ? request.body : Buffer.from(request.body);
    const kept = new HttpRequest({ ...request, body });
    return { ...handled, note: lazyNote(() => explainSignature(kept, refusal, options) ?? fixed) };
  }
}

/** Loaded with the first wrong signature: most mocks never receive one. */
let explain: typeof import("../gateway/explain.ts") | undefined;

async function loadExplain(): Promise<void> {
  explain = await import("../gateway/explain.ts");
}

/** In bytes. */
const smallBody = 8_192;

type Call = Pick<Handled, "world" | "applied"> & { operation: Operation; application: string };
/** `validationErrors` are those of the gateway's own request validation. */
type Outcome = Pick<Handled, "response" | "note"> & { validationErrors?: readonly string[] };
type Verifier = { verify: SignatureVerifier; options: SignatureOptions };

const noHeaders: Record<string, string> = {};
const noErrors: readonly string[] = [];

function isEmpty(preference: Preference): boolean {
  for (const _ in preference) return false;
  return true;
}

/** A request without a media type is taken for JSON. */
function mediaTypeOf({ mediaType = "application/json" }: HttpRequest): string {
  return mediaType.split(";")[0]!.trim().toLowerCase();
}

/** An example of a binary body is written as Base64. */
function bytesOf(text: string): Buffer | undefined {
  const isBase64 = text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  return isBase64 ? Buffer.from(text, "base64") : undefined;
}

function isOfSignature(refusal: Refusal | SignatureRefusal): refusal is SignatureRefusal {
  return "kind" in refusal;
}

/** Presence mode: some authorization is there, in the header or in the query. */
function unsigned({ headers, target }: HttpRequest): Refusal | undefined {
  if (headers.get("authorization") || /[?&]X-Amz-Signature=/.test(target)) return undefined;
  return refusals.missingAuthenticationToken();
}

/** The headers that a response does not make itself. */
function without(names: RegExp, headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}

/** The contract documents them with example values; every response gets its own. */
const identifiers = /^x-amzn-requestid$|^x-amz-apigw-id$/i;
/** A contract may also document what belongs to the connection. The server writes that itself. */
const serverHeaders =
  /^(x-amzn-requestid|x-amz-apigw-id|date|content-length|content-type|connection|keep-alive|transfer-encoding)$/i;
