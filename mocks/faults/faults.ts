import type { Operation } from "../../contracts/openapi/operations.ts";
import type { Delivery, HttpResponse } from "../http/response.ts";
import { type ActiveFault, type AppliedFault, createFault, layers } from "./kinds.ts";
import { appliesTo } from "./matching.ts";
import { FaultError, type FaultProblem, readFault, readRules, readScenario } from "./read-rules.ts";
import type { FaultRule, FaultRules, ScenarioRule } from "./schemas.ts";

export { FaultError, type FaultProblem };

/**
 * What goes wrong in one world, and when.
 *
 * @example
 * world.faults.add({ operation: "ApiFaceSearchPost", when: { next: 3 }, fault: { error: "NoFace" } });
 * world.faults.addScenario("flaky");
 */
export type Faults = {
  /** The faults in the order they were added. */
  list(): Fault[];
  /** Adds a fault. @throws {FaultError} naming each wrong place and what is allowed there; then nothing was added. */
  add(rule: FaultRule): Fault;
  /** Adds what a `--faults` file holds: a list of faults, or `{ faults, scenarios }`. @throws {FaultError} likewise. */
  addAll(rules: FaultRules): void;
  /** Removes a fault. @returns `false` when there is no such fault. */
  remove(id: string): boolean;
  /** Removes all faults and scenarios, and numbers the next ones from 1. */
  clear(): void;
  /**
   * Adds the faults of a scenario together: one of the author's, `{ name, faults }`, or a built-in one
   * by its name, `{ name }` or just the text (`throttled`, `exhausted`, `outage`, `slow`, `flaky`, `garbled`).
   *
   * @throws {FaultError} likewise. A name can be active only once.
   */
  addScenario(scenario: ScenarioRule): Scenario;
  /** The scenarios that are active. */
  listScenarios(): Scenario[];
  /** Removes a scenario's faults. @returns `false` when it is not active. */
  removeScenario(name: string): boolean;
};

/** The faults as the server sees them. */
export type ApplicableFaults = Faults & {
  /** Counts a call and returns what goes wrong with it. Called once for each authenticated call, before validation. */
  apply(operation: Operation, application: string): AppliedFaults | undefined;
};

/** A fault that was added. */
export type Fault = FaultRule & {
  id: string;
  operation: string;
  /** The scenario it came with. */
  scenario?: string;
  /** How many calls came to it, and to how many of them it was applied. */
  asked: number;
  applied: number;
};

/** An active scenario: the faults that were added under one name and are still there. */
export type Scenario = { name: string; faults: Fault[] };

/** What all faults together do to one call. */
export type AppliedFaults = AppliedFault & { faultIds: string[] };

export type FaultsOptions = {
  /** The operations that faults may name. */
  operations: Operation[];
  /** A number from 0 up to 1. */
  random: () => number;
  /** Milliseconds since the epoch. Throttle and quota use it. */
  now: () => number;
};

/**
 * Opens an empty list of faults.
 *
 * Several faults may apply to one call. They are tried layer by layer, in a layer as they were added:
 *
 * 1. `throttle`, 2. `quota`, 3. `badGateway`, `timeout`, `expiredSignature`, `error`, `status`, `response`: the first one that applies makes
 *    the response. Those behind it are not tried: the call never came to them, so it does not count for them.
 * 4. `latency`, `reset`, `malformed`, `drip`, `contentType` change how a response is sent, a refusal too,
 *    and add up: latencies are summed, the slowest drip and the first reset count.
 *
 * The same sequence of calls on the same sequence of numbers gives the same faults: a fault with a
 * probability draws one number for each call that comes to it, a latency one or two when it applies.
 */
export function createFaults({ operations, random, now }: FaultsOptions): ApplicableFaults {
  let entries: Entry[] = [];
  let inOrder: Entry[] = [];
  let added = 0;

  return {
    list: () => entries.map(view),
    add: (rule) => view(append([readFault(rule, operations)])[0]!),
    addAll(rules) {
      const { faults, scenarios } = readRules(rules, operations);
      refuseActive(scenarios.map(({ name }) => name));
      append(faults);
      for (const scenario of scenarios) append(scenario.faults, scenario.name);
    },
    remove: (id) => keep((entry) => entry.id !== id),
    clear() {
      keep(() => false);
      added = 0;
    },
    addScenario(scenario) {
      const { name, faults } = readScenario(scenario, operations);
      refuseActive([name]);
      return { name, faults: append(faults, name).map(view) };
    },
    listScenarios() {
      const names = new Set(entries.flatMap(({ scenario }) => scenario ?? []));
      return [...names].map((name) => ({
        name,
        faults: entries.filter(({ scenario }) => scenario === name).map(view),
      }));
    },
    removeScenario: (name) => keep((entry) => entry.scenario !== name),
    apply(operation, application) {
      if (inOrder.length === 0) return undefined;
      let all: AppliedFaults | undefined;
      for (const entry of inOrder) {
        if (isSpent(entry) || !appliesTo(entry.rule, operation)) continue;
        if (hasResponse(all) && entry.layer !== "delivery") continue;
        const one = tryEntry(entry, operation, application);
        if (one) all = combine(all, entry.id, one);
      }
      return all;
    },
  };

  function append(rules: FaultRule[], scenario?: string): Entry[] {
    const fresh = rules.map((rule): Entry => {
      added += 1;
      return {
        id: `fault-${added}`,
        rule,
        scenario,
        ...createFault(rule.fault, { random, now }),
        asked: 0,
        applied: 0,
      };
    });
    arrange([...entries, ...fresh]);
    return fresh;
  }

  function refuseActive(names: string[]): void {
    const problems = names.filter((name) => entries.some(({ scenario }) => scenario === name));
    const rule = (name: string) => `${JSON.stringify(name)} is active already; remove it first`;
    if (problems.length > 0)
      throw new FaultError(problems.map((name) => ({ place: "scenario", rule: rule(name) })));
  }

  function keep(wanted: (entry: Entry) => boolean): boolean {
    const before = entries.length;
    arrange(entries.filter(wanted));
    return entries.length < before;
  }

  function arrange(next: Entry[]): void {
    entries = next;
    inOrder = next.toSorted((one, other) => layers.indexOf(one.layer) - layers.indexOf(other.layer));
  }

  function tryEntry(entry: Entry, operation: Operation, application: string): AppliedFault | undefined {
    entry.asked += 1;
    const applied = isDue(entry) ? entry.apply(operation, application) : undefined;
    if (applied) entry.applied += 1;
    return applied;
  }

  function isDue({ rule: { when }, asked }: Entry): boolean {
    if (when && "every" in when) return asked % when.every === 0;
    if (when && "probability" in when) return random() < when.probability;
    return true;
  }
}

type Entry = Readonly<ActiveFault> & {
  readonly id: string;
  readonly rule: FaultRule;
  readonly scenario: string | undefined;
  asked: number;
  applied: number;
};

function view({ id, rule, scenario, asked, applied }: Entry): Fault {
  return {
    id,
    operation: "*",
    ...structuredClone(rule),
    ...(scenario !== undefined && { scenario }),
    asked,
    applied,
  };
}

function isSpent({ rule: { when, times = Number.POSITIVE_INFINITY }, asked, applied }: Entry): boolean {
  return applied >= times || (when !== undefined && "next" in when && asked >= when.next);
}

function hasResponse(applied: AppliedFaults | undefined): boolean {
  return applied?.refusal !== undefined || applied?.error !== undefined || applied?.response !== undefined;
}

function combine(all: AppliedFaults | undefined, id: string, one: AppliedFault): AppliedFaults {
  if (!all) return { faultIds: [id], ...one };
  const [first, second] = [all.alter, one.alter];
  const alter = first && second ? (response: HttpResponse) => second(first(response)) : (first ?? second);
  const delivery = combineDelivery(all.delivery, one.delivery);
  return {
    ...all,
    ...one,
    faultIds: [...all.faultIds, id],
    ...(alter && { alter }),
    ...(delivery && { delivery }),
  };
}

function combineDelivery(earlier: Delivery | undefined, later: Delivery | undefined): Delivery | undefined {
  if (!earlier || !later) return earlier ?? later;
  const rates = [earlier.bytesPerSecond, later.bytesPerSecond].filter((rate) => rate !== undefined);
  const delays = [earlier.delayMs, later.delayMs].filter((delay) => delay !== undefined);
  const reset = earlier.reset ?? later.reset;
  return {
    ...(delays.length > 0 && { delayMs: delays.reduce((sum, delay) => sum + delay) }),
    ...(rates.length > 0 && { bytesPerSecond: Math.min(...rates) }),
    ...(reset && { reset }),
  };
}
