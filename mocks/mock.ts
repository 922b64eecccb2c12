import { basePath, readOperations } from "../contracts/openapi/operations.ts";
import { openControl } from "./control/open-control.ts";
import type { Faults } from "./faults/faults.ts";
import type { FaultRules } from "./faults/schemas.ts";
import { createFetch, type MockFetch } from "./handle/fetch.ts";
import { createHandler } from "./handle/gateway.ts";
import type { AuthMode, Handler, MockContract } from "./handle/handler.ts";
import type { LogEntry } from "./handle/log.ts";
import { createRecorder } from "./handle/record.ts";
import { createHandlerWithoutGateway } from "./handle/without-gateway.ts";
import type { HttpRequest } from "./http/request.ts";
import { listen } from "./http/server.ts";
import { loadNecIdContract } from "./necid/contract.ts";
import type { Clock } from "./world/clock.ts";
import { type Coverage, contractResponses } from "./world/coverage.ts";
import { type Credentials, mockApiKeys, mockCredentials } from "./world/credentials.ts";
import type { Journal } from "./world/journal.ts";
import { imageProperties } from "./world/redact.ts";
import { StateError } from "./world/service.ts";
import type { StateFile, StateFileOptions } from "./world/state-file.ts";
import type { World } from "./world/world.ts";
import { createWorlds } from "./world/worlds.ts";

export type { LogEntry };
export { type Credentials, mockApiKeys, mockCredentials };

export type MockOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Loopback unless said otherwise. */
  host?: string;
  /** Another contract than NEC ID v1. */
  contract?: MockContract;
  auth?: AuthMode;
  credentials?: Credentials;
  /** One for each application. */
  apiKeys?: string[];
  /** Host names that clients may have signed for, besides the one they sent. */
  publicHosts?: string[];
  region?: string;
  service?: string;
  /** Where ids, probabilities and `dynamic` answers come from: the same seed, the same run. */
  seed?: string;
  /** Answers by the contract's examples only and keeps nothing. */
  stateless?: boolean;
  /** Checks every answer of the service against the contract before it is sent. */
  selfCheck?: boolean;
  /** Faults from the start, as `faults.addAll` takes them. */
  faults?: FaultRules;
  /** Subjects from the start, as a seed file lists them. */
  subjects?: unknown;
  /** A file that keeps the subjects from one run to the next. */
  stateFile?: string;
  /** Opens the control API to other machines, for callers that show it. */
  controlToken?: string;
  /** Milliseconds since the epoch: the time that the clocks show until they are moved. */
  now?: () => number;
  /** A number from 0 up to 1, for request identifiers. */
  random?: () => number;
  /** Called once for each answered request. */
  log?: (entry: LogEntry) => void;
  /** Called when the state file cannot be written. */
  onStateError?: (error: Error) => void;
};

/** What one test has of the mock for itself. */
export type MockWorld = {
  id: string;
  /** The base URL; the credentials tell the worlds apart. */
  url: string;
  credentials: Credentials;
  /** One for each application, and so for each gallery. */
  apiKeys: string[];
  faults: Faults;
  journal: Journal;
  coverage: Coverage;
  clock: Clock;
  /** Adds subjects, as a seed file lists them. */
  seedSubjects(listed: unknown): unknown;
  /** Empty galleries, journal and coverage, no faults, real time. */
  reset(): void;
};

export type Mock = MockWorld & {
  port: number;
  /** Answers a request without a socket, through the same code. */
  fetch: MockFetch;
  /** A world of its own for one test; `delete` frees it. */
  world(options?: { seed?: string }): MockWorld & { delete(): void };
  /**
   * Serves another contract from the next request on; worlds and connections stay. Faults and coverage go
   * on by the operations of the first one.
   */
  reload(contract: MockContract): void;
  operations: number;
  /** Ends every connection, writes the state file and frees the port. */
  close(): Promise<void>;
};

/**
 * Starts the mock server and answers once it listens.
 *
 * @throws {ListenError} when the address is in use or not allowed.
 * @throws {FaultError | StateError} when given faults, subjects or the state file are invalid.
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const {
    port = 0,
    host = "127.0.0.1",
    auth = "strict",
    credentials = mockCredentials,
    apiKeys = mockApiKeys,
    publicHosts = [],
    region = "ap-southeast-2",
    service = "execute-api",
    seed = "necid",
    stateless = false,
    selfCheck = false,
    now = Date.now,
    random = Math.random,
    log,
  } = options;
  const contract = options.contract ?? (await loadNecIdContract({ seed: options.seed }));
  const operations = readOperations(contract.openapi);
  const worlds = createWorlds({
    seed,
    credentials,
    apiKeys,
    operations,
    documented: () => contractResponses(contract.openapi),
    images: imageProperties(contract.openapi),
    service: stateless ? undefined : contract.service,
    realTime: now,
  });
  const stateFile = await openState();
  if (options.faults !== undefined) worlds.first.faults.addAll(options.faults);

  let handler = handlerOf(contract);
  const recorder = createRecorder({ handler: () => handler, log });
  const control = openControl({
    worlds,
    contractName: contract.name,
    openapi: contract.openapi,
    token: options.controlToken,
    stateFile,
    url: () => url,
  });
  const responder = {
    respond: (request: HttpRequest) => control.respond(request) ?? recorder.respond(request),
    tooLarge: (request: HttpRequest) => control.tooLarge(request) ?? recorder.tooLarge(request),
  };
  const server = await listen(responder, { host, port });
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
  const url = `${origin}${basePath(contract.openapi)}`;

  return {
    ...viewOf(worlds.first),
    port: server.port,
    operations: operations.length,
    fetch: createFetch(responder),
    world(given) {
      const world = worlds.create(given);
      return { ...viewOf(world), delete: () => void worlds.delete(world.id) };
    },
    reload(next) {
      handler = handlerOf(next);
    },
    async close() {
      await server.close();
      await stateFile?.flush();
    },
  };

  function handlerOf(served: MockContract): Handler {
    const given = { contract: served, worlds, auth, publicHosts, region, service, selfCheck, random };
    return served.stock ? createHandlerWithoutGateway(given, served.stock) : createHandler(given);
  }

  function viewOf(world: World): MockWorld {
    const { id, faults, journal, coverage, clock } = world;
    return {
      id,
      url,
      credentials: world.credentials,
      apiKeys: world.apiKeys,
      faults,
      journal,
      coverage,
      clock,
      seedSubjects: (listed) => world.service?.seed(listed),
      reset: world.reset,
    };
  }

  /** The state file goes before the subjects given: those are for a first start. */
  async function openState() {
    const state = worlds.first.service;
    if (!state) return undefined;
    const { stateFile: path, subjects, onStateError = () => {} } = options;
    const file =
      path === undefined ? undefined : await openStateFile(path, { save: state.save, onError: onStateError });
    const saved = await file?.load();
    if (saved !== undefined) of(path!, () => state.load(saved));
    if (file) state.onChange(file.changed);
    if (saved === undefined && subjects !== undefined) of("subjects", () => state.seed(subjects));
    return file;
  }
}

async function openStateFile(path: string, options: StateFileOptions): Promise<StateFile> {
  const { createStateFile } = await import("./world/state-file.ts");
  return createStateFile(path, options);
}

/** Says with the place of a fault in which of the given states it is. */
function of(source: string, load: () => void): void {
  try {
    load();
  } catch (error) {
    throw error instanceof StateError ? new StateError(`${source}: ${error.place}`, error.rule) : error;
  }
}
