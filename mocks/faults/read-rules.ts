import type { Operation } from "../../contracts/openapi/operations.ts";
import { longestMs } from "./latency.ts";
import {
  documentedAnswer,
  documentedErrors,
  documentedExamples,
  type FaultKind,
  type FaultRule,
  isNamed,
  type ScenarioRule,
} from "./rules.ts";
import { builtInScenarios } from "./scenarios.ts";
import {
  butIs,
  type Check,
  isRecord,
  isTrue,
  list,
  mediaType,
  number,
  oneOf,
  oneText,
  type Place,
  type Report,
  range,
  record,
  show,
  text,
  whole,
  write,
} from "./shape.ts";

/** What a `--faults` file holds. */
export type Rules = { faults: FaultRule[]; scenarios: ScenarioRule[] };

/** Something in a fault that cannot be: where, and what is allowed there. */
export type FaultProblem = { place: string; rule: string };

/** What was given is no fault, or not one of this contract. */
export class FaultError extends Error {
  readonly code = "FAULT_INVALID";
  /** The first place that is wrong, e.g. `fault.throttle.rate`. */
  readonly place: string;
  readonly problems: FaultProblem[];

  constructor(problems: FaultProblem[]) {
    super(`${problems.map(({ place, rule }) => `${place} ${rule}`).join("; ")}.`);
    this.name = "FaultError";
    this.place = problems[0]?.place ?? "";
    this.problems = problems;
  }
}

/**
 * Reads a list of faults, or `{ faults, scenarios }` with either or both.
 *
 * @throws {FaultError} with every problem.
 */
export function readRules(given: unknown, operations: Operation[]): Rules {
  const faults = list(fault(operations));
  if (Array.isArray(given)) return { faults: checked(given, "the list", faults), scenarios: [] };
  const shape = record({}, { faults, scenarios: list(scenario(operations)) });
  const rules = checked<{ faults?: FaultRule[]; scenarios?: (ScenarioRule | string)[] }>(
    given,
    "the list",
    shape,
  );
  const scenarios = (rules.scenarios ?? []).map(withFaults);
  refuseRepeated(scenarios.map(({ name }) => name));
  return { faults: rules.faults ?? [], scenarios };
}

/** @throws {FaultError} with every problem of the fault. */
export function readFault(given: unknown, operations: Operation[]): FaultRule {
  return checked(given, "the fault", fault(operations));
}

/**
 * Reads a scenario; the name alone, or without faults, means the built-in one.
 *
 * @throws {FaultError} with every problem of the scenario and its faults.
 */
export function readScenario(given: unknown, operations: Operation[]): ScenarioRule {
  return withFaults(checked(given, "the scenario", scenario(operations)));
}

function fault(operations: Operation[]): Check {
  const shape = record(
    { fault: kind },
    { operation: operationOf(operations), when: oneOf(whens), times: whole({ from: 1 }) },
  );
  return (given, place, report) => {
    let sound = true;
    shape(given, place, (...problem) => {
      sound = false;
      report(...problem);
    });
    if (sound) documented(given as FaultRule, operations, place, report);
  };
}

const kind: Check = (given, place, report) => {
  kindAlone(given, place, report);
  if (isRecord(given) && "example" in given && !("status" in given)) {
    report([...place, "example"], "goes with status only");
  }
};

/** An error or a status has to be documented for some of the operations, or the fault would never strike. */
function documented(rule: FaultRule, operations: Operation[], place: Place, report: Report): void {
  const { operation = "*", fault } = rule;
  const missing = undocumented(
    fault,
    operations.filter((candidate) => isNamed(operation, candidate)),
  );
  if (!missing) return;
  const where = operation === "*" ? "any operation" : operation;
  const known = [...new Set(missing.known)].join(", ") || "none";
  report(
    [...place, "fault", missing.property],
    `${missing.value} is not documented for ${where}; documented: ${known}`,
  );
}

/** The property whose value none of the operations document, and what they do document. */
function undocumented(fault: FaultKind, operations: Operation[]) {
  if ("error" in fault) {
    const known = operations.flatMap(documentedErrors);
    return known.includes(fault.error) ? undefined : { property: "error", value: show(fault.error), known };
  }
  if (!("status" in fault)) return undefined;
  const { status, example } = fault;
  const answering = operations.filter((operation) => documentedAnswer({ status }, operation));
  if (answering.length === 0) {
    return { property: "status", value: show(status), known: operations.flatMap(({ statuses }) => statuses) };
  }
  const known = answering.flatMap((operation) => documentedExamples(status, operation));
  if (example === undefined || known.includes(example)) return undefined;
  return { property: "example", value: `${show(example)} of ${status}`, known };
}

function scenario(operations: Operation[]): Check {
  const shape = record(
    { name: scenarioName },
    { description: text, faults: list(fault(operations), { least: 1 }) },
  );
  return (given, place, report) => {
    const named = typeof given === "string" ? { name: given } : given;
    shape(named, place, report);
    if (!isRecord(named) || typeof named.name !== "string" || named.faults !== undefined) return;
    if (builtIn(named.name)) return;
    const names = builtInScenarios.map(({ name }) => name).join(", ");
    report([...place, "name"], `${show(named.name)} is not built in; give its faults, or one of ${names}`);
  };
}

function withFaults(given: ScenarioRule | string): ScenarioRule {
  if (typeof given !== "string" && given.faults) return given;
  return structuredClone(builtIn(typeof given === "string" ? given : given.name)!);
}

function builtIn(wanted: string): ScenarioRule | undefined {
  return builtInScenarios.find(({ name }) => name === wanted);
}

function refuseRepeated(names: string[]): void {
  const repeated = names.filter((name, index) => names.indexOf(name) < index);
  const rule = (name: string) => `must have different names, but ${show(name)} is there twice`;
  if (repeated.length > 0)
    throw new FaultError(repeated.map((name) => ({ place: "scenarios", rule: rule(name) })));
}

function operationOf(operations: Operation[]): Check {
  return (given, place, report) => {
    if (typeof given === "string" && operations.some((operation) => isNamed(given, operation))) return;
    const known = operations.map(({ key }) => key).join(", ");
    report(place, `must be *, METHOD /path, or one of ${known}${butIs(given)}`);
  };
}

const milliseconds = number({ from: 0, to: longestMs });

const whens = {
  next: whole({ from: 1 }),
  every: whole({ from: 1 }),
  probability: number({ from: 0, to: 1 }),
};

const latencies = {
  ms: milliseconds,
  uniform: range(longestMs),
  logNormal: record({ median: milliseconds, sigma: number({ from: 0, to: 10 }) }),
};

const kindAlone = oneOf(
  {
    error: text,
    status: whole({ from: 100, to: 599 }),
    throttle: record({ rate: number({ above: 0, to: 10_000 }), burst: whole({ from: 1 }) }),
    quota: record({ limit: whole({ from: 0 }) }, { periodMs: number({ above: 0 }) }),
    badGateway: isTrue,
    timeout: record({}, { afterMs: milliseconds }),
    latency: oneOf(latencies),
    reset: oneText(["before headers", "in body"]),
    malformed: isTrue,
    drip: record({ bytesPerSecond: whole({ from: 1 }) }),
    contentType: mediaType,
  } satisfies Record<Exclude<KeyOf<FaultKind>, "example">, Check>,
  { example: text },
);

type KeyOf<Union> = Union extends unknown ? keyof Union : never;

/** It is a path segment of the control API. */
function scenarioName(given: unknown, place: Place, report: Report): void {
  if (typeof given === "string" && /^[\w.-][\w .-]{0,63}$/.test(given)) return;
  report(place, `must be 1 to 64 letters, digits, spaces, underscores, dots or hyphens${butIs(given)}`);
}

/** Runs a check and copies what passed, so that nobody changes it later. */
function checked<Value>(given: unknown, whole: string, check: Check): Value {
  const problems: FaultProblem[] = [];
  check(given, [], (place, rule) => {
    // More help nobody, and whoever sends a million must not get as many back.
    if (problems.length < 100) problems.push({ place: write(place) || whole, rule });
  });
  if (problems.length > 0) throw new FaultError(problems);
  return structuredClone(given) as Value;
}
