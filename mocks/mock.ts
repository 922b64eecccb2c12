import { basePath, readOperations } from "../contracts/openapi/operations.ts";
import { openControl } from "./control/open-control.ts";
import type { Faults } from "./faults/faults.ts";
import type { FaultRules } from "./faults/schemas.ts";
import type { CorsMode } from "./gateway/cors.ts";
import { checkOptions } from "./handle/check-options.ts";
import { createFetch, type MockFetch } from "./handle/fetch.ts";
import { createHandler } from "./handle/gateway.ts";
import type { AuthMode, Handler, LazyContract, MockContract } from "./handle/handler.ts";
import type { LogEntry } from "./handle/log.ts";
import { createRecorder } from "./handle/record.ts";
import { createServedContracts } from "./handle/served.ts";
import { createHandlerWithoutGateway } from "./handle/without-gateway.ts";
import { now as realNow } from "./http/real-time.ts";
import type { HttpRequest } from "./http/request.ts";
import { listen } from "./http/server.ts";
import { loadNecIdContracts } from "./necid/contract.ts";
import type { Clock } from "./world/clock.ts";
import { type ContractResponse, type Coverage, contractResponses } from "./world/coverage.ts";
import { type Credentials, mockApiKeys, mockCredentials } from "./world/credentials.ts";
import type { Journal } from "./world/journal.ts";
import type { PactDocument, PactOptions } from "./world/pact.ts";
import { allImageProperties, imageProperties } from "./world/redact.ts";
import { type Seed, type Seeded, StateError } from "./world/service.ts";
import type { StateFile, StateFileError, StateFileOptions } from "./world/state-file.ts";
import type { World } from "./world/world.ts";
import { createWorlds } from "./world/worlds.ts";

export type { Fault, FaultProblem, Faults, Scenario } from "./faults/faults.ts";
export { FaultError } from "./faults/faults.ts";
export type { FaultKind, FaultRule, FaultRules, Latency, ScenarioRule } from "./faults/schemas.ts";
export type { CorsMode } from "./gateway/cors.ts";
export { MockOptionError } from "./handle/check-options.ts";
export type { MockFetch } from "./handle/fetch.ts";
export type { AuthMode, LazyContract, MockContract } from "./handle/handler.ts";
export type { LogEntry } from "./handle/log.ts";
export { BasePathError } from "./handle/served.ts";
export { ListenError } from "./http/server.ts";
export type { Clock } from "./world/clock.ts";
export type { ContractResponse, Coverage, CoveredResponse } from "./world/coverage.ts";
export { type Credentials, mockApiKeys, mockCredentials } from "./world/credentials.ts";
export type { Journal, JournalEntry, JournalFilter } from "./world/journal.ts";
export type { PactDocument, PactOptions } from "./world/pact.ts";
export { type Seed, type Seeded, StateError } from "./world/service.ts";
export type { StateFileError } from "./world/state-file.ts";

/** The options of `startMock`. Each has a default. */
export type MockOptions = {
  /**
   * The TCP port; 0 takes any free one.
   *
   * @default 0
   */
  port?: number;
  /**
   * The address to listen on. Any other than loopback lets other machines call the mock.
   *
   * @default "127.0.0.1"
   */
  host?: string;
  /**
   * The contract that is served.
   *
   * @default NEC ID v1, and beside it v1.1
   */
  contract?: MockContract;
  /**
   * Several contracts, each below its own base path. They share worlds, and the first service that one of them has.
   * Faults name operations of all of them; coverage and journal name the contract behind the first.
   *
   * @default the one `contract`
   */
  contracts?: readonly (MockContract | LazyContract)[];
  /**
   * `strict` verifies signatures and API keys, `presence` only requires the headers, `off` requires nothing.
   *
   * @default "strict"
   */
  auth?: AuthMode;
  /**
   * Which responses carry the CORS headers that the contract documents for the preflight of their path: `service`
   * those of the service, `all` also the gateway's own refusals, `off` none but preflights.
   *
   * @default "service"
   */
  cors?: CorsMode;
  /**
   * Lets the process end while the mock listens and nothing else keeps it alive.
   *
   * @default false
   */
  unref?: boolean;
  /**
   * The credentials of the first world.
   *
   * @default mockCredentials
   */
  credentials?: Credentials;
  /**
   * The API keys of the first world: one for each application, and so for each gallery.
   *
   * @default mockApiKeys
   */
  apiKeys?: string[];
  /**
   * Host names that clients may sign for, besides the `Host` that they send.
   *
   * @default []
   */
  publicHosts?: string[];
  /**
   * The AWS region of the credential scope.
   *
   * @default that of the contract's host, such as `….execute-api.eu-west-1.amazonaws.com`; "ap-southeast-2" for NEC ID;
   * else any region is right
   */
  region?: string;
  /**
   * The AWS service of the credential scope.
   *
   * @default that of the contract's host, else "execute-api"
   */
  service?: string;
  /**
   * The source of ids, probabilities and later worlds. The same seed and the same calls give the same responses.
   * `dynamic` responses repeat only where a seed is given.
   *
   * @default "necid"
   */
  seed?: string;
  /**
   * Responds with the contract's examples and keeps no subjects.
   *
   * @default false
   */
  stateless?: boolean;
  /**
   * Validates each response of the service before it is sent, and responds 502 where it breaks the contract.
   *
   * @default false
   */
  selfCheck?: boolean;
  /**
   * Faults of the first world from the start, as `faults.addAll` takes them.
   *
   * @default []
   */
  faults?: FaultRules;
  /**
   * Subjects of the first world from the start. A state file that is there already goes before them.
   *
   * @default {}
   */
  subjects?: Seed;
  /**
   * The path of a JSON file that keeps the subjects of the first world from one run to the next.
   *
   * @default undefined: subjects are kept in memory only
   */
  stateFile?: string;
  /**
   * Opens the control API to other machines and to web pages, for callers that send this token.
   *
   * @default undefined: only this machine may call it
   */
  controlToken?: string;
  /**
   * The time that the worlds' clocks show until a test moves them, in milliseconds since the epoch. The mock keeps
   * the real clock and the real timers that it found when it was loaded, so that fake timers of a test runner do not
   * stop it. `() => Date.now()` makes it follow the faked time.
   *
   * @default Date.now, as it was when the mock was loaded
   */
  now?: () => number;
  /**
   * Draws numbers from 0 up to 1 for request identifiers.
   *
   * @default Math.random
   */
  random?: () => number;
  /**
   * Called once for each response of the service, after it is made and before it is sent.
   *
   * @default undefined: nothing is logged
   */
  log?: (entry: LogEntry) => void;
  /**
   * Called with the first of several failed writes of the state file in a row. The next change and `close` try again.
   *
   * @default undefined: errors are ignored
   */
  onStateError?: (error: StateFileError) => void;
};

/** What one test has of the mock for itself. */
export type MockWorld = {
  /** `first`, or `world-` with 12 hexadecimal digits. */
  id: string;
  /** The base URL, the same for each world: the credentials or the API key select the world. */
  url: string;
  /** The base URLs of all contracts, by their names. */
  urls: Record<string, string>;
  /** The credentials that the world's clients sign with. */
  credentials: Credentials;
  /** One for each application, and so for each gallery. */
  apiKeys: string[];
  /** What goes wrong, and when. */
  faults: Faults;
  /** The last calls. */
  journal: Journal;
  /** Which of the contract's responses were sent. */
  coverage: Coverage;
  /** The time of the world. */
  clock: Clock;
  /**
   * Registers subjects.
   *
   * @returns them with their ids; `undefined` where the mock is stateless.
   * @throws {StateError} naming the first wrong place; then nothing was registered.
   * @example world.seedSubjects({ 1: ["alice", "bob?photo=2"] });
   */
  seedSubjects(subjects: Seed): Seeded | undefined;
  /**
   * Makes a pact of the calls in the journal: each distinct interaction once, with matchers from the contract and
   * with provider states. Images become face cards. Calls with a fault or a `Prefer` header, and responses that no
   * provider can be asked for (429, 5xx), are left out.
   *
   * @returns the pact; with `file` it is also written there, or added to the pact of the same consumer there.
   * @throws {PactError} when the contract has no provider states, or the file is another one.
   * @example await world.pact({ consumer: "my-app", file: "pacts/my-app-necid-v1.json" });
   * @see docs/pact.md
   */
  pact(options: PactOptions): Promise<PactDocument>;
  /** Restores the beginning: empty galleries, journal and coverage, no faults, real time. */
  reset(): void;
};

/** A running mock. It is its own first world, which every key that belongs to no other world leads to. */
export type Mock = MockWorld & {
  /** The TCP port that it listens on. */
  port: number;
  /**
   * Responds to a request without a socket, through the same code.
   *
   * @example createClient({ ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url, fetch: mock.fetch })
   */
  fetch: MockFetch;
  /**
   * Makes a world for one test; `delete` frees it.
   *
   * @param options.seed the source of its ids and probabilities; by default it follows from the mock's seed.
   */
  world(options?: { seed?: string }): MockWorld & { delete(): void };
  /**
   * Serves another contract from the next request on, in the place of the one of its name, else of the first.
   * Worlds and connections stay. Faults and coverage keep the operations from the start.
   */
  reload(contract: MockContract): void;
  /** How many operations the first contract has. */
  operations: number;
  /**
   * Ends every connection, writes the state file and frees the port.
   *
   * @throws {StateFileError} when the state could not be saved. The port is free all the same.
   */
  close(): Promise<void>;
  /**
   * The same as `close`.
   *
   * @example await using mock = await startMock();
   */
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * Starts the mock server. It listens when the promise is fulfilled.
 *
 * @throws {MockOptionError} when the host or the control token is empty.
 * @throws {ListenError} when the address is in use or not allowed.
 * @throws {BasePathError} when two contracts have the same base path.
 * @throws {FaultError} when `faults` are not valid for the contract.
 * @throws {StateError} when `subjects` or the state file are invalid.
 * @example
 * const mock = await startMock({ seed: "7", subjects: { 1: ["alice"] } });
 * mock.faults.add({ operation: "ApiFaceSearchPost", fault: { latency: { ms: 200 } } });
 * await mock.close();
 */
export async function startMock(options: MockOptions = {}): Promise<Mock> {
  const {
    port = 0,
    host = "127.0.0.1",
    auth = "strict",
    credentials = mockCredentials,
    apiKeys = mockApiKeys,
    publicHosts = [],
    region,
    service,
    seed = "necid",
    stateless = false,
    selfCheck = false,
    now = realNow,
    cors = "service",
    unref = false,
    random = Math.random,
    log,
  } = options;
  checkOptions({ host, controlToken: options.controlToken });
  const contracts =
    options.contracts ??
    (options.contract ? [options.contract] : await loadNecIdContracts({ seed: options.seed }));
  const contract = contracts[0]!;
  const operations = contracts.map(({ openapi }) => readOperations(openapi));
  let documented: ContractResponse[] | undefined;
  const worlds = createWorlds({
    seed,
    credentials,
    apiKeys,
    operations: operations.flat(),
    documented: () => (documented ??= listDocumented(contracts)),
    images: allImageProperties(contracts.map(({ openapi }) => imageProperties(openapi))),
    service: stateless ? undefined : contracts.find(({ service }) => service)?.service,
    realTime: now,
  });
  const stateFile = await openState();
  if (options.faults !== undefined) worlds.first.faults.addAll(options.faults);

  const served = createServedContracts(contracts, handlerOf);
  const recorder = createRecorder({ served: served.of, log });
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
  const server = await listen(responder, { host, port, unref });
  const origin = `http://${host.includes(":") ? `[${host}]` : host}:${server.port}`;
  const url = `${origin}${basePath(contract.openapi)}`;
  const urls = Object.fromEntries(
    served.list().map(({ contract: { name }, base }) => [name, `${origin}${base}`]),
  );

  return {
    ...viewOf(worlds.first),
    port: server.port,
    operations: operations[0]!.length,
    fetch: createFetch(responder),
    world(given) {
      const world = worlds.create(given);
      return { ...viewOf(world), delete: () => void worlds.delete(world.id) };
    },
    reload: served.replace,
    close,
    [Symbol.asyncDispose]: close,
  };

  async function close(): Promise<void> {
    await server.close();
    const failure = await stateFile?.flush();
    if (failure) throw failure;
  }

  function handlerOf(contract: MockContract): Handler {
    const given = { contract, worlds, auth, publicHosts, region, service, selfCheck, cors, random };
    return contract.stock ? createHandlerWithoutGateway(given, contract.stock) : createHandler(given);
  }

  function viewOf(world: World): MockWorld {
    const { id, faults, journal, coverage, clock } = world;
    return {
      id,
      url,
      urls,
      credentials: world.credentials,
      apiKeys: world.apiKeys,
      faults,
      journal,
      coverage,
      clock,
      seedSubjects: (subjects) => world.service?.seed(subjects),
      async pact({ contract: name = contract.name, ...given }) {
        const called = contracts.find((each) => each.name === name);
        if (!called?.pact) {
          const { PactError } = await import("./world/pact.ts");
          const known = contracts.map((each) => each.name).join(", ");
          throw new PactError(
            called
              ? "This contract has no provider states. A pact is made of calls to NEC ID only."
              : `No contract of this mock is named ${JSON.stringify(name)}; its contracts are ${known}.`,
          );
        }
        // The journal does not name the first contract.
        return called.pact(world, { ...given, contract: called === contract ? undefined : name });
      },
      reset: world.reset,
    };
  }

  /** Loads the state file, or registers the given subjects where there is none yet. */
  async function openState() {
    const state = worlds.first.service;
    if (!state) return undefined;
    const { stateFile: path, subjects, onStateError = () => {} } = options;
    const file =
      path === undefined ? undefined : await openStateFile(path, { save: state.save, onError: onStateError });
    const saved = await file?.load();
    if (saved !== undefined) named(path!, () => state.load(saved));
    if (file) state.onChange(file.changed);
    if (saved === undefined && subjects !== undefined) named("subjects", () => state.seed(subjects));
    return file;
  }
}

async function openStateFile(path: string, options: StateFileOptions): Promise<StateFile> {
  const { createStateFile } = await import("./world/state-file.ts");
  return createStateFile(path, options);
}

/** The responses of all contracts; those of the further ones with the contract's name. */
function listDocumented(contracts: readonly Pick<MockContract, "name" | "openapi">[]): ContractResponse[] {
  return contracts.flatMap(({ name, openapi }, place) =>
    contractResponses(openapi).map((response) => (place === 0 ? response : { ...response, contract: name })),
  );
}

/** Adds the name of a source to the errors of what loads it. */
function named(source: string, load: () => void): void {
  try {
    load();
  } catch (error) {
    throw error instanceof StateError ? new StateError(`${source}: ${error.place}`, error.rule) : error;
  }
}
