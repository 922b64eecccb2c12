import type { OpenApi, Operation } from "../../contracts/openapi/operations.ts";
import type { CredentialScope } from "../../contracts/openapi/scope.ts";
import type { Validation, Violation } from "../../contracts/openapi/validation.ts";
import type { AppliedFaults } from "../faults/faults.ts";
import type { CorsMode } from "../gateway/cors.ts";
import type { Preference } from "../http/preference.ts";
import type { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";
import type { CachedEngine } from "../prism/cached.ts";
import type { Engine, PrismResponse } from "../prism/prism.ts";
import type { StockEngine } from "../prism/stock.ts";
import type { Note } from "../world/note.ts";
import type { PactDocument, PactOptions } from "../world/pact.ts";
import type { Service } from "../world/service.ts";
import type { World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";

/** What the mock serves: a contract, its engine, and what only this service has. */
export type MockContract = {
  /** Its name in logs and in the start text, e.g. `necid-v1`. */
  name: string;
  openapi: OpenApi;
  /** The compiled validators; without them the engine alone validates requests. */
  validation?: Validation;
  /** Responds to requests that the validators find valid. */
  engine: CachedEngine;
  /** Explains what is wrong with a request, where `invalidRequest` does not. */
  explain?: Engine;
  /** Responds to everything, where no gateway stands in front of the contract. */
  stock?: (options: { checkSecurity: boolean }) => StockEngine;
  /** The service's own 400 body for a request that breaks the contract. */
  invalidRequest?: (violations: Violation[]) => unknown;
  /** Makes a pact of a world's calls; without it, there are no provider states for one. */
  pact?: (world: World, options: PactOptions) => Promise<PactDocument>;
  /** Names of a schema's alternatives, which an example may be asked for by. */
  alternatives?: (operation: Operation, status: number) => string[];
  /** The scope of its credentials, where its servers do not say it. */
  scope?: CredentialScope;
  /** Makes up a response for `Prefer: dynamic=true`; where it has none, the engine makes it from the schemas. */
  dynamic?: (key: string, preference: Preference) => Omit<PrismResponse, "violations"> | undefined;
  /** The behaviour behind the contract; without it, the contract's examples are the responses. */
  service?: Service;
};

/** A contract whose validators and responses are loaded with the first request below its base path. */
export type LazyContract = Pick<MockContract, "name" | "openapi" | "service" | "pact"> & {
  load(): Promise<MockContract>;
};

/** `strict` verifies signatures and keys, `presence` only requires the headers, `off` requires nothing. */
export type AuthMode = "strict" | "presence" | "off";

export type HandlerOptions = {
  contract: MockContract;
  worlds: Worlds;
  auth: AuthMode;
  publicHosts: string[];
  /** What a credential must be scoped to; `undefined` where the contract decides. */
  region: string | undefined;
  service: string | undefined;
  /** Validates every response of the service against the contract before it is sent. */
  selfCheck: boolean;
  /** See `CorsMode`. */
  cors: CorsMode;
  /** From 0 up to 1, for the identifiers of responses. */
  random: () => number;
};

/** A response, and what the journal and the log record with it. */
export type Handled = {
  response: HttpResponse;
  world: World;
  operation?: Operation;
  /** The API key that named the application. */
  application?: string;
  /** Why a request was refused, where that is known. */
  note?: Note;
  applied?: AppliedFaults;
};

export type Handler = {
  /** Responds at once, except where only Prism can respond. */
  handle(request: HttpRequest): Handled | Promise<Handled>;
  /** The response to a body over the size limit, whatever else the request is. */
  tooLarge(request: HttpRequest): Handled;
  /** The response when the mock itself fails; the note names the error. */
  failed(request: HttpRequest, error: Error): Handled;
};

/**
 * A handler that is opened by the first request.
 *
 * @param meanwhile responds to what comes to no operation, until then.
 */
export function loadOnFirstRequest(open: () => Promise<Handler>, meanwhile: Handler): Handler {
  let opening: Promise<Handler> | undefined;
  let opened: Handler | undefined;
  const start = async () => {
    opened = await open();
    return opened;
  };
  return {
    handle(request) {
      if (opened) return opened.handle(request);
      opening ??= start();
      return opening.then((handler) => handler.handle(request));
    },
    tooLarge: (request) => (opened ?? meanwhile).tooLarge(request),
    failed: (request, error) => (opened ?? meanwhile).failed(request, error),
  };
}

/** The response to a path that no contract without a gateway has. */
export function outsideContract({ method, path }: HttpRequest, base: string): HttpResponse {
  const message = `${method} ${path} is not in the contract. Its paths stand below ${base || "/"}.`;
  return { status: 404, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ message }) };
}

/** The response as a fault alters it. */
export function withFault(response: HttpResponse, { alter, delivery }: AppliedFaults): HttpResponse {
  const altered = alter ? alter(response) : response;
  return delivery ? { ...altered, delivery } : altered;
}

/** The violations as one text; `undefined` without any. */
export function describe(violations: Violation[]): string | undefined {
  const texts = violations.map(({ place, message }) =>
    place.length === 0 ? message : `${place.join(".")}: ${message}`,
  );
  return texts.join("; ") || undefined;
}
