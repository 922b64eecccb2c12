import type { Operation } from "../../contracts/openapi/operations.ts";
import type { Refusal } from "../gateway/refusals.ts";
import type { Answer, Delivery } from "../http/exchange.ts";
import { type Blow, type Layer, layers, openEffect } from "./effects.ts";
import { FaultError, readFault, readRules, readScenario } from "./read-rules.ts";
import { appliesTo, type FaultRule } from "./rules.ts";

export { FaultError };

/** What goes wrong in one world, and when. */
export type Faults = {
  /** In the order they were added. */
  list(): Fault[];
  /** @throws {FaultError} naming each wrong place and what is allowed there; then nothing was added. */
  add(given: unknown): Fault;
  /** Adds what a `--faults` file holds: a list of faults, or `{ faults, scenarios }`. @throws {FaultError} likewise. */
  addAll(given: unknown): void;
  /** `false` when there is no such fault. */
  remove(id: string): boolean;
  /** Back to the beginning: no faults, no scenarios, numbering from 1. */
  clear(): void;
  /**
   * Adds the faults of a scenario together: one of the author's, `{ name, faults }`, or a built-in one
   * by its name, `{ name }` or just the text.
   *
   * @throws {FaultError} likewise; a name can be active only once.
   */
  addScenario(given: unknown): Scenario;
  listScenarios(): Scenario[];
  /** Removes a scenario's faults; `false` when it is not active. */
  removeScenario(name: string): boolean;
  /** Counts this call and says what goes wrong with it. Called once for each authenticated call, before validation. */
  strike(operation: Operation, application: string): Strike | undefined;
};

/** A fault that was added. */
export type Fault = FaultRule & {
  id: string;
  operation: string;
  /** The scenario it came with. */
  scenario?: string;
  /** How many calls came to it, and how many of them it struck. */
  asked: number;
  struck: number;
};

/** An active scenario: the faults that were added under one name and are still there. */
export type Scenario = { name: string; faults: Fault[] };

/** All that goes wrong with one call. */
export type Strike = {
  faultIds: string[];
  /** The gateway answers instead of the service. */
  refusal?: Refusal;
  /** The contract's example answers instead of the service. */
  error?: { status: number; example?: string };
  /** How the answer travels, whoever gave it. */
  delivery?: Delivery;
  /** Spoils the answer, whoever gave it. */
  alter?: (answer: Answer) => Answer;
};

export type FaultsOptions = {
  /** What faults may name. */
  operations: Operation[];
  /** A number from 0 up to 1. */
  random: () => number;
  /** Milliseconds since the epoch; throttle and quota go by it. */
  now: () => number;
};

/**
 * Opens an empty list of faults.
 *
 * Several faults may strike one call. They are asked layer by layer, in a layer as they were added:
 *
 * 1. `throttle`, 2. `quota`, 3. `badGateway`, `timeout`, `error`, `status`: the first that strikes has
 *    answered. Those behind it are not asked: the call never came to them, so it does not count for them.
 * 4. `latency`, `reset`, `malformed`, `drip`, `contentType` change how an answer travels, a refusal too,
 *    and add up: latencies are summed, the slowest drip and the first reset count.
 *
 * The same sequence of calls on the same sequence of numbers gives the same faults: a fault with a
 * probability draws one number for each call that it is asked about, a latency one or two when it strikes.
 */
export function createFaults({ operations, random, now }: FaultsOptions): Faults {
  let entries: Entry[] = [];
  let inOrder: Entry[] = [];
  let added = 0;

  return {
    list: () => entries.map(view),
    add: (given) => view(append([readFault(given, operations)])[0]!),
    addAll(given) {
      const { faults, scenarios } = readRules(given, operations);
      refuseActive(scenarios.map(({ name }) => name));
      append(faults);
      for (const scenario of scenarios) append(scenario.faults, scenario.name);
    },
    remove: (id) => keep((entry) => entry.id !== id),
    clear() {
      keep(() => false);
      added = 0;
    },
    addScenario(given) {
      const { name, faults } = readScenario(given, operations);
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
    strike(operation, application) {
      if (inOrder.length === 0) return undefined;
      let strike: Strike | undefined;
      for (const entry of inOrder) {
        if (isSpent(entry) || !appliesTo(entry.rule, operation)) continue;
        if (isAnswered(strike) && entry.layer !== "travel") continue;
        const blow = ask(entry, operation, application);
        if (blow) strike = combine(strike, entry.id, blow);
      }
      return strike;
    },
  };

  function append(rules: FaultRule[], scenario?: string): Entry[] {
    const fresh = rules.map((rule): Entry => {
      added += 1;
      return {
        id: `fault-${added}`,
        rule,
        scenario,
        ...openEffect(rule.fault, { random, now }),
        asked: 0,
        struck: 0,
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

  function ask(entry: Entry, operation: Operation, application: string): Blow | undefined {
    entry.asked += 1;
    if (!isDue(entry)) return undefined;
    const blow = entry.hit(operation, application);
    if (blow) entry.struck += 1;
    return blow;
  }

  function isDue({ rule: { when }, asked }: Entry): boolean {
    if (when && "every" in when) return asked % when.every === 0;
    if (when && "probability" in when) return random() < when.probability;
    return true;
  }
}

type Entry = {
  readonly id: string;
  readonly rule: FaultRule;
  readonly scenario: string | undefined;
  readonly layer: Layer;
  readonly hit: (operation: Operation, application: string) => Blow | undefined;
  asked: number;
  struck: number;
};

function view({ id, rule, scenario, asked, struck }: Entry): Fault {
  return {
    id,
    operation: "*",
    ...structuredClone(rule),
    ...(scenario !== undefined && { scenario }),
    asked,
    struck,
  };
}

function isSpent({ rule: { when, times = Number.POSITIVE_INFINITY }, asked, struck }: Entry): boolean {
  return struck >= times || (when !== undefined && "next" in when && asked >= when.next);
}

function isAnswered(strike: Strike | undefined): boolean {
  return strike?.refusal !== undefined || strike?.error !== undefined;
}

function combine(strike: Strike | undefined, id: string, blow: Blow): Strike {
  if (!strike) return { faultIds: [id], ...blow };
  const { alter: first, delivery: earlier } = strike;
  const { alter: second, delivery: later } = blow;
  const alter = first && second ? (answer: Answer) => second(first(answer)) : (first ?? second);
  const delivery = earlier && later ? together(earlier, later) : (earlier ?? later);
  return {
    ...strike,
    ...blow,
    faultIds: [...strike.faultIds, id],
    ...(alter && { alter }),
    ...(delivery && { delivery }),
  };
}

function together(earlier: Delivery, later: Delivery): Delivery {
  const rates = [earlier.bytesPerSecond, later.bytesPerSecond].filter((rate) => rate !== undefined);
  const delays = [earlier.delayMs, later.delayMs].filter((delay) => delay !== undefined);
  const reset = earlier.reset ?? later.reset;
  return {
    ...(delays.length > 0 && { delayMs: delays.reduce((sum, delay) => sum + delay) }),
    ...(rates.length > 0 && { bytesPerSecond: Math.min(...rates) }),
    ...(reset && { reset }),
  };
}
