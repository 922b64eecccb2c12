import type { OpenApi } from "../../contracts/openapi/operations.ts";
import { builtInScenarios } from "../faults/scenarios.ts";
import type { Clock } from "../world/clock.ts";
import type { ServiceState } from "../world/service.ts";
import type { World } from "../world/world.ts";
import type { Worlds } from "../world/worlds.ts";
import { controlDescription } from "./description.ts";
import { fieldInvalid, readFields, wholeNumber } from "./fields.ts";
import { ControlRefusal } from "./refusal.ts";

export type CallOptions = {
  worlds: Worlds;
  contractName: string;
  openapi: OpenApi;
  /** What `--state` opened; it follows the first world. `flush` may answer the error that kept it from saving. */
  stateFile?: { changed(): void; flush(): Promise<unknown> };
  /** The base URL of the mocked service. */
  url: () => string;
};

/** A control call, found and decoded. */
export type Call = {
  world: World;
  query: Record<string, string>;
  /** Parsed JSON; `undefined` without a body. */
  body: unknown;
  /** Of the path, where it has one. */
  id?: string;
};

/** `body` is written as JSON; absent, the answer has none. */
export type Reply = { status: number; body?: unknown };

/** What each call of the description does, by its operationId. */
export function createCalls(options: CallOptions): Record<string, (call: Call) => Reply | Promise<Reply>> {
  const { worlds, contractName, openapi, stateFile, url } = options;
  const { title, version } = openapi.info;

  return {
    getHealth: () =>
      ok({ status: "OK", contract: { name: contractName, title, version }, worlds: worlds.list().length }),
    getDescription: () => ok(controlDescription),

    getState: ({ world }) => ok(stateOf(world).save()),
    loadState({ world, body }) {
      stateOf(world).load(given(body));
      return done;
    },
    seedState: ({ world, body }) => ok(stateOf(world).seed(given(body))),
    resetWorld({ world }) {
      world.reset();
      return done;
    },
    saveState,

    listFaults: ({ world }) => ok({ faults: world.faults.list() }),
    addFault: ({ world, body }) => created(world.faults.add(given(body))),
    clearFaults({ world }) {
      world.faults.clear();
      return done;
    },
    removeFault: ({ world, id = "" }) => removed(world.faults.remove(id), "fault"),

    listScenarios: ({ world }) => ok({ scenarios: world.faults.listScenarios(), builtIn: builtInScenarios }),
    addScenario: ({ world, body }) => created(world.faults.addScenario(given(body))),
    clearScenarios({ world: { faults } }) {
      for (const { name } of faults.listScenarios()) faults.removeScenario(name);
      return done;
    },
    removeScenario: ({ world, id = "" }) => removed(world.faults.removeScenario(id), "scenario"),

    getClock: ({ world: { clock } }) => ok(shownClock(clock)),
    setClock({ world: { clock }, body }) {
      clock.set(readFields(body, { wanted: { time: "dateTime" } }).time);
      return ok(shownClock(clock));
    },
    advanceClock({ world: { clock }, body }) {
      const { ms } = readFields(body, { wanted: { ms: "number" } });
      if (!isShowable(clock.now() + ms)) throw fieldInvalid("ms", "must lead to a year from 0000 to 9999");
      clock.advance(ms);
      return ok(shownClock(clock));
    },
    resumeClock({ world: { clock } }) {
      clock.resume();
      return ok(shownClock(clock));
    },

    listCalls({ world, query }) {
      const status = wholeNumber("status", query.status, 100);
      const since = wholeNumber("since", query.since, 0);
      return ok({ entries: world.journal.list({ operationId: query.operationId, status, since }) });
    },
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
      const { seed } = readFields(body, { optional: { seed: "text" } });
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

  async function saveState({ world }: Call): Promise<Reply> {
    if (!stateFile || world !== worlds.first)
      throw conflict(
        "NO_STATE_FILE",
        "Only the first world is saved, to the file that the mock was started with: --state FILE.",
      );
    stateFile.changed();
    const failure = await stateFile.flush();
    if (failure instanceof Error) throw new ControlRefusal(500, "STATE_NOT_SAVED", failure.message);
    return done;
  }
}

const done: Reply = { status: 204 };
/** More than any run of tests needs, and little enough to be kept. */
const mostWorlds = 10_000;

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function created(body: unknown): Reply {
  return { status: 201, body };
}

function removed(found: boolean, what: string): Reply {
  if (found) return done;
  throw new ControlRefusal(404, `${what.toUpperCase()}_UNKNOWN`, `There is no such ${what}.`);
}

function conflict(code: string, message: string): ControlRefusal {
  return new ControlRefusal(409, code, message);
}

function given(body: unknown): unknown {
  if (body === undefined) throw fieldInvalid("The body", "must be provided");
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
