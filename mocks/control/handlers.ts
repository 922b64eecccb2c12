import type { OpenApi } from "../../contracts/openapi/operations.ts";
import { builtInScenarios } from "../faults/scenarios.ts";
import type { FaultRule, ScenarioRule } from "../faults/schemas.ts";
import type { Clock } from "../world/clock.ts";
import type { Seed, ServiceState } from "../world/service.ts";
import type { World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { ControlError } from "./control-error.ts";
import { controlDescription } from "./description.ts";
import { checked, invalid, type Query } from "./read-call.ts";

export type ControlHandlersOptions = {
  worlds: Worlds;
  contractName: string;
  openapi: OpenApi;
  /** The file of `--state`, which follows the first world. `flush` may return the error that kept it from saving. */
  stateFile?: { changed(): void; flush(): Promise<unknown> };
  /** The base URL of the mocked service. */
  url: () => string;
};

/** A control call: its operation is found, its query and body are decoded. */
type ControlCall = {
  world: World;
  query: Omit<Query, "world">;
  /** Parsed JSON; `undefined` without a body. */
  body: unknown;
  /** Of the path, where it has one. */
  id?: string;
};

type ProviderStateCall = { state: string; params?: Record<string, unknown> | null; action?: string };

/** `body` is sent as JSON; without it the response has none. */
export type ControlResponse = { status: number; body?: unknown };

type Handler = (call: ControlCall) => ControlResponse | Promise<ControlResponse>;

/** What each operation of the description does, by its operationId. */
export function createHandlers(options: ControlHandlersOptions): Record<string, Handler> {
  const { worlds, contractName, openapi, stateFile, url } = options;
  const { title, version } = openapi.info;
  /** The faults of provider states, until Pact's Verifier tears them down. */
  const stateFaults = new WeakMap<World, string[]>();

  return {
    getHealth: () =>
      ok({ status: "OK", contract: { name: contractName, title, version }, worlds: worlds.list().length }),
    getDescription: () => ok(controlDescription),

    getState: ({ world }) => ok(stateOf(world).save()),
    loadState({ world, body }) {
      stateOf(world).load(given(body));
      return done;
    },
    seedState: ({ world, body }) => ok(stateOf(world).seed(given(body) as Seed)),
    resetWorld({ world }) {
      world.reset();
      return done;
    },
    saveState,

    async setUpProviderState({ world, body }) {
      const {
        state: name,
        params,
        action = "setup",
      } = checked("ProviderState", given(body)) as ProviderStateCall;
      clearStateFaults(world, { used: action !== "teardown" });
      if (action === "teardown") return ok({});
      const service = stateOf(world);
      if (!service.setUpState) throw conflict("NO_PROVIDER_STATES", "This mock has no provider states.");
      const { values, fault } = await service.setUpState({ name, parameters: params ?? {} });
      if (fault) stateFaults.set(world, [...(stateFaults.get(world) ?? []), world.faults.add(fault).id]);
      return ok(values);
    },

    listFaults: ({ world }) => ok({ faults: world.faults.list() }),
    addFault: ({ world, body }) => created(world.faults.add(given(body) as FaultRule)),
    clearFaults({ world }) {
      world.faults.clear();
      return done;
    },
    removeFault: ({ world, id = "" }) => removed(world.faults.remove(id), "fault"),

    listScenarios: ({ world }) => ok({ scenarios: world.faults.listScenarios(), builtIn: builtInScenarios }),
    addScenario: ({ world, body }) => created(world.faults.addScenario(given(body) as ScenarioRule)),
    clearScenarios({ world: { faults } }) {
      for (const { name } of faults.listScenarios()) faults.removeScenario(name);
      return done;
    },
    removeScenario: ({ world, id = "" }) => removed(world.faults.removeScenario(id), "scenario"),

    getClock: ({ world: { clock } }) => ok(shownClock(clock)),
    setClock({ world: { clock }, body }) {
      clock.set(Date.parse(checked("SetClock", body).time));
      return ok(shownClock(clock));
    },
    advanceClock({ world: { clock }, body }) {
      const { ms } = checked("AdvanceClock", body);
      if (!isShowable(clock.now() + ms)) throw invalid("ms must lead to a year from 0000 to 9999.");
      clock.advance(ms);
      return ok(shownClock(clock));
    },
    resumeClock({ world: { clock } }) {
      clock.resume();
      return ok(shownClock(clock));
    },

    listCalls: ({ world, query }) => ok({ entries: world.journal.list(query) }),
    clearJournal({ world }) {
      world.journal.clear();
      return done;
    },

    getCoverage({ world }) {
      const responses = world.coverage.report();
      const documented = responses.filter((response) => response.documented);
      const exercised = documented.filter(({ calls }) => calls > 0);
      return ok({ documented: documented.length, exercised: exercised.length, responses });
    },
    clearCoverage({ world }) {
      world.coverage.clear();
      return done;
    },

    listWorlds: () => ok({ worlds: worlds.list().map(({ id, seed }) => ({ id, seed })) }),
    createWorld({ body = {} }) {
      const { seed } = checked("NewWorld", body);
      if (worlds.list().length >= mostWorlds)
        throw conflict("TOO_MANY_WORLDS", `There are ${mostWorlds} worlds. Delete some.`);
      const { id, credentials, apiKeys, ...world } = worlds.create({ seed });
      const { accessKeyId, secretAccessKey } = credentials;
      return created({ id, seed: world.seed, url: url(), accessKeyId, secretAccessKey, apiKeys });
    },
    deleteWorld({ id = "" }) {
      if (id === worlds.first.id) throw conflict("WORLD_STAYS", "The first world stays. Reset it instead.");
      return removed(worlds.delete(id), "world");
    },
  };

  /** @param options.used removes only those that were applied: an interaction may have several states. */
  function clearStateFaults(world: World, { used }: { used: boolean }): void {
    const own = stateFaults.get(world) ?? [];
    const ended = world.faults.list().filter(({ id, applied }) => own.includes(id) && (!used || applied > 0));
    for (const { id } of ended) world.faults.remove(id);
  }

  async function saveState({ world }: ControlCall): Promise<ControlResponse> {
    if (!stateFile || world !== worlds.first)
      throw conflict(
        "NO_STATE_FILE",
        "Only the first world is saved, to the file that the mock was started with: --state FILE.",
      );
    stateFile.changed();
    const failure = await stateFile.flush();
    if (failure instanceof Error) throw new ControlError(500, "STATE_NOT_SAVED", failure.message);
    return done;
  }
}

const done: ControlResponse = { status: 204 };
/** More than any run of tests needs, and little enough to be kept. */
const mostWorlds = 10_000;

function ok(body: unknown): ControlResponse {
  return { status: 200, body };
}

function created(body: unknown): ControlResponse {
  return { status: 201, body };
}

function removed(found: boolean, what: string): ControlResponse {
  if (found) return done;
  throw new ControlError(404, `${what.toUpperCase()}_UNKNOWN`, `There is no such ${what}.`);
}

function conflict(code: string, message: string): ControlError {
  return new ControlError(409, code, message);
}

function given(body: unknown): unknown {
  if (body === undefined) throw invalid("The body must be provided.");
  return body;
}

function stateOf({ service }: World): ServiceState {
  if (service) return service;
  throw conflict("NO_STATE", "This mock answers by the contract's examples and keeps nothing.");
}

function shownClock(clock: Clock): { time: string; stopped: boolean } {
  return { time: new Date(clock.now()).toISOString(), stopped: clock.stopped };
}

/** Whether ISO 8601 writes this time with a year of four digits. */
function isShowable(time: number): boolean {
  return time >= Date.parse("0000-01-01T00:00:00Z") && time <= Date.parse("9999-12-31T23:59:59.999Z");
}
