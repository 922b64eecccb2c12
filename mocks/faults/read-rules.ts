import { findOperation, type Operation } from "../../contracts/openapi/operations.ts";
import type { Tokens } from "../../contracts/openapi/pointer.ts";
import { record } from "../../contracts/openapi/schema-parts.ts";
import { butIs, createShapes, formatPlace, type ShapeProblem, show } from "../../contracts/openapi/shape.ts";
import { documentedErrors, documentedExamples, faultResponse, isNamed } from "./matching.ts";
import { builtInScenarios, type ScenarioFaults } from "./scenarios.ts";
import {
  type FaultKind,
  type FaultRule,
  type FaultRules,
  faultSchemas,
  type ScenarioRule,
} from "./schemas.ts";

/** What a `--faults` file holds, with the faults of every scenario. */
export type ReadRules = { faults: FaultRule[]; scenarios: ScenarioFaults[] };

/** Where a fault is wrong, e.g. `fault.throttle.rate`, and what is allowed there. */
export type FaultProblem = { place: string; rule: string };

/** A value is no fault, or not one of this contract. */
export class FaultError extends Error {
  readonly code = "FAULT_INVALID";
  /** The first place that is wrong. */
  readonly place: string;
  readonly problems: FaultProblem[];

  constructor(problems: FaultProblem[]) {
    super(`${problems.map(({ place, rule }) => `${place} ${rule}`).join("; ")}.`);
    this.name = "FaultError";
    this.place = problems[0]?.place ?? "";
    this.problems = problems;
  }
}

const list = { type: "array" } as const;
const shapes = createShapes({
  ...faultSchemas,
  // The items are checked one by one: what the contract says of one is said though another has no shape.
  FaultRules: record({}, { faults: list, scenarios: list }),
});

/**
 * Reads a list of faults, or `{ faults, scenarios }` with either or both.
 *
 * @throws {FaultError} with every problem, at most 100.
 */
export function readRules(given: FaultRules, operations: Operation[]): ReadRules {
  const { faults, scenarios } = Array.isArray(given) ? { faults: given } : (given ?? {});
  const check = <Item>(items: Item[] | undefined, at: Tokens, problemsOf: typeof faultProblems) =>
    Array.isArray(items) ? items.flatMap((item, index) => problemsOf(item, operations, [...at, index])) : [];
  refuse("the list", [
    ...(Array.isArray(given) ? [] : shapes("FaultRules", given)),
    ...check(faults, Array.isArray(given) ? [] : ["faults"], faultProblems),
    ...check(scenarios, ["scenarios"], scenarioProblems),
  ]);
  const read = { faults: copy(faults ?? []), scenarios: (scenarios ?? []).map(withFaults) };
  refuse("scenarios", repeated(read.scenarios));
  return read;
}

/** @throws {FaultError} with every problem of the fault. */
export function readFault(given: FaultRule, operations: Operation[]): FaultRule {
  refuse("the fault", faultProblems(given, operations));
  return copy(given);
}

/**
 * Reads a scenario; the name alone, or without faults, means the built-in one.
 *
 * @throws {FaultError} with every problem of the scenario and its faults.
 */
export function readScenario(given: ScenarioRule, operations: Operation[]): ScenarioFaults {
  refuse("the scenario", scenarioProblems(given, operations));
  return withFaults(given);
}

function refuse(whole: string, problems: ShapeProblem[]): void {
  if (problems.length === 0) return;
  throw new FaultError(
    problems
      .slice(0, 100)
      .map(({ at, rule, given }) => ({ place: formatPlace(at) || whole, rule: `${rule}${butIs(given)}` })),
  );
}

/** A copy that nobody changes later, without properties that are `undefined`. */
function copy<Value>(given: Value): Value {
  return JSON.parse(JSON.stringify(given));
}

function faultProblems(given: unknown, operations: Operation[], at: Tokens = []): ShapeProblem[] {
  const problems = shapes("FaultRule", given, at);
  const { operation = "*" } = Object(given) as { operation?: unknown };
  if (operation !== "*" && !(typeof operation === "string" && findOperation(operations, operation))) {
    const known = [...new Set(operations.map(({ key }) => key))].join(", ");
    const rule = `must be *, METHOD /path, or one of ${known}`;
    const place = [...at, "operation"];
    return [
      ...problems.filter((problem) => formatPlace(problem.at) !== formatPlace(place)),
      { at: place, rule, given: operation },
    ];
  }
  return problems.length > 0 ? problems : contentProblems(copy(given as FaultRule), operations, at);
}

/** What no schema can say: bounds in their order, and responses that this contract documents. */
function contentProblems(rule: FaultRule, operations: Operation[], at: Tokens): ShapeProblem[] {
  const { operation = "*", fault } = rule;
  if ("latency" in fault && "uniform" in fault.latency) {
    const [from, to] = fault.latency.uniform;
    if (from <= to) return [];
    const { title } = faultSchemas.Latency.properties.uniform;
    return [{ at: [...at, "fault", "latency", "uniform"], rule: `must be ${title}` }];
  }
  const missing = undocumented(
    fault,
    operations.filter((candidate) => isNamed(operation, candidate)),
  );
  if (!missing) return [];
  const where = operation === "*" ? "any operation" : operation;
  const known = [...new Set(missing.known)].join(", ") || "none";
  const sentence = `${missing.value} is not documented for ${where}; documented: ${known}`;
  return [{ at: [...at, "fault", missing.property], rule: sentence }];
}

/**
 * The property whose value none of the operations document, and what they do document: an error or a status
 * that no operation documents would never apply.
 */
function undocumented(fault: FaultKind, operations: Operation[]) {
  if ("error" in fault) {
    const known = operations.flatMap(documentedErrors);
    return known.includes(fault.error) ? undefined : { property: "error", value: show(fault.error), known };
  }
  if (!("status" in fault)) return undefined;
  const { status, example } = fault;
  const documenting = operations.filter((operation) => faultResponse({ status }, operation));
  if (documenting.length === 0) {
    return { property: "status", value: show(status), known: operations.flatMap(({ statuses }) => statuses) };
  }
  const known = documenting.flatMap((operation) => documentedExamples(status, operation));
  if (example === undefined || known.includes(example)) return undefined;
  return { property: "example", value: `${show(example)} of ${status}`, known };
}

function scenarioProblems(given: unknown, operations: Operation[], at: Tokens = []): ShapeProblem[] {
  const named = typeof given === "string" ? { name: given } : given;
  const problems = shapes("ScenarioDefinition", named, at);
  if (problems.length > 0) return problems;
  const { name, faults } = named as { name: string; faults?: FaultRule[] };
  if (faults)
    return faults.flatMap((fault, index) => faultProblems(fault, operations, [...at, "faults", index]));
  if (builtIn(name)) return [];
  const names = builtInScenarios.map((scenario) => scenario.name).join(", ");
  const rule = `${show(name)} is not built in; give its faults, or one of ${names}`;
  return [{ at: [...at, "name"], rule }];
}

/** Call it with a scenario that has no problems. */
function withFaults(given: ScenarioRule): ScenarioFaults {
  const { name, description, faults } = typeof given === "string" ? { name: given } : given;
  return copy(faults ? { name, description, faults } : builtIn(name)!);
}

function builtIn(wanted: string): ScenarioFaults | undefined {
  return builtInScenarios.find(({ name }) => name === wanted);
}

function repeated(scenarios: ScenarioFaults[]): ShapeProblem[] {
  const names = scenarios.map(({ name }) => name);
  return names
    .filter((name, index) => names.indexOf(name) < index)
    .map((name) => ({ at: [], rule: `must have different names, but ${show(name)} is there twice` }));
}
