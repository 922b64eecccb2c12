import { resolve } from "node:path";
import { now } from "../../http/real-time.ts";
import type { Clock, Faults, Journal, MockWorld, PactDocument } from "../../mock.ts";
import { createClock } from "../../world/clock.ts";
import { type Calls, createCalls } from "./calls.ts";
import { findServer } from "./find-server.ts";
import { markRequests } from "./mark-requests.ts";
import type { ClosedView, OpenedView } from "./messages.ts";

/** A world of the shared server, for one test. */
type SharedWorld = {
  world: MockWorld;
  /** The time of the world as this process knows it, so that a signature costs no call to the server. */
  time: Pick<Clock, "now">;
  /** Advances the world's clock. */
  advance(ms: number): Promise<void>;
  /** Frees the world. Its last calls are returned. */
  close(): Promise<ClosedView>;
};

/** The shared server as one worker uses it. */
export type SharedWorlds = {
  open(options: { seed?: string }): Promise<SharedWorld>;
  /** Ends the connection. The server ends after the run. */
  close(): void;
};

/** Connects to the server of this test run, which the first worker starts. */
export async function connectWorlds(): Promise<SharedWorlds> {
  const { connection, address } = await findServer();
  const calls = createCalls(address);
  const open = new Set<string>();
  const { url, world: ofWorker } = connection.greeting;
  const unmark = markRequests(url, () => (open.size === 1 ? [...open][0]! : ofWorker));

  return {
    async open(options) {
      const view = (await connection.call({ world: "", member: ["open"], args: [options] })) as OpenedView;
      const { id } = view;
      open.add(id);
      const time = createClock(now);
      return {
        world: viewOf(view, { time, calls }),
        time,
        async advance(ms) {
          time.advance(ms);
          await connection.call({ world: id, member: ["clock", "advance"], args: [ms] });
        },
        async close() {
          open.delete(id);
          return (await connection.call({ world: id, member: ["close"], args: [] })) as ClosedView;
        },
      };
    },
    close() {
      unmark();
      calls.close();
      connection.close();
    },
  };
}

/** The world as a test sees it. Each member is called on the server, and has happened when it returns. */
function viewOf(view: OpenedView, { time, calls }: { time: Clock; calls: Calls }): MockWorld {
  const call = (member: string[], args: unknown[] = []) => calls.call({ world: view.id, member, args });
  const method =
    <Args extends unknown[], Value>(...member: string[]) =>
    (...args: Args) =>
      call(member, args) as Value;
  const faults: Faults = {
    list: method("faults", "list"),
    add: method("faults", "add"),
    addAll: method("faults", "addAll"),
    remove: method("faults", "remove"),
    clear: method("faults", "clear"),
    addScenario: method("faults", "addScenario"),
    listScenarios: method("faults", "listScenarios"),
    removeScenario: method("faults", "removeScenario"),
  };
  const journal: Journal = {
    list: method("journal", "list"),
    clear: method("journal", "clear"),
    get size() {
      return call(["journal", "size"]) as number;
    },
  };
  const clock: Clock = {
    now: method("clock", "now"),
    set(ms) {
      call(["clock", "set"], [ms]);
      time.set(ms);
    },
    advance(ms) {
      call(["clock", "advance"], [ms]);
      time.advance(ms);
    },
    resume() {
      call(["clock", "resume"]);
      time.resume();
    },
    get stopped() {
      return call(["clock", "stopped"]) as boolean;
    },
    get moved() {
      return call(["clock", "moved"]) as boolean;
    },
  };
  return {
    ...view,
    faults,
    journal,
    clock,
    coverage: { report: method("coverage", "report"), clear: method("coverage", "clear") },
    seedSubjects: method("seedSubjects"),
    async pact({ file, ...options }) {
      const absolute = file === undefined ? {} : { file: resolve(file) };
      return call(["pact"], [{ ...options, ...absolute }]) as PactDocument;
    },
    reset() {
      call(["reset"]);
      time.resume();
    },
  };
}
