import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";

/**
 * A contract without schemas whose validation does not end: a base that is one of its kinds, each of which is all of
 * the base. There, a kind is all of what the base says beside the choice. The contract itself where it has none.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-core#section-9.4.1
 */
export function withoutEndlessSchemas(openapi: JsonObject): JsonObject {
  if (endlessIn(openapi).length === 0) return openapi;
  const copy = structuredClone(openapi);
  const ownPart = ownPartsIn(openapi, copy);
  for (const { holder, target, isWhole } of endlessIn(copy)) if (isWhole) holder.$ref = ownPart(target);
  // What is left are choices of one another, which say nothing.
  for (let [first] = endlessIn(copy); first; [first] = endlessIn(copy)) delete first.holder.$ref;
  return copy;
}

/** A reference that is followed for the same value. */
type Step = {
  target: string;
  holder: JsonObject;
  /** The value must keep all of the target, and not one of several. */
  isWhole: boolean;
  /** Takes the reference out of its schema, with the choice that it is in. */
  remove(): void;
};

/** The steps that lead back to the schema that they are a part of. */
function endlessIn(openapi: JsonObject): Step[] {
  const stepsOf = stepsThrough(openapi);
  const next = targetsOf(stepsOf);
  return [...targetsIn(openapi)].flatMap((from) =>
    stepsOf(from).filter(({ target }) => leadsTo(target, from, next)),
  );
}

function stepsThrough(openapi: JsonObject): (target: string) => Step[] {
  const steps = new Map<string, Step[]>();
  return (target) => {
    const known = steps.get(target) ?? stepsIn(valueAt(openapi, parsePointer(target)) as Json | undefined);
    steps.set(target, known);
    return known;
  };
}

function targetsOf(stepsOf: (target: string) => Step[]): (name: string) => string[] {
  return (name) => stepsOf(name).map(({ target }) => target);
}

/** Whether steps lead from one name to another, or a name is that one itself. */
export function leadsTo(from: string, to: string, next: (name: string) => string[]): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === to) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...next(one));
  }
  return false;
}

/** What references lead to, wherever they stand. */
function targetsIn(openapi: JsonObject): Set<string> {
  const targets = new Set<string>();
  const open: Json[] = [openapi];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    if (isObject(value) && isLocal(value.$ref)) targets.add(value.$ref);
    open.push(...Object.values(value));
  }
  return targets;
}

function isLocal(ref: Json | undefined): ref is string {
  return typeof ref === "string" && ref.startsWith("#/");
}

function stepsIn(schema: Json | undefined, isWhole = true, remove?: () => void): Step[] {
  if (!isObject(schema)) return [];
  const steps: Step[] = [];
  const drop = (keyword: string) => remove ?? (() => void delete schema[keyword]);
  if (isLocal(schema.$ref))
    steps.push({ target: schema.$ref, holder: schema, isWhole, remove: drop("$ref") });
  if (Array.isArray(schema.allOf)) {
    const { allOf } = schema;
    for (const part of allOf)
      steps.push(...stepsIn(part, isWhole, remove ?? (() => void allOf.splice(allOf.indexOf(part), 1, {}))));
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const list = schema[keyword];
    if (Array.isArray(list)) steps.push(...list.flatMap((part) => stepsIn(part, false, drop(keyword))));
  }
  for (const keyword of ["not", "if", "then", "else"])
    steps.push(...stepsIn(schema[keyword], false, drop(keyword)));
  if (isObject(schema.dependentSchemas))
    for (const part of Object.values(schema.dependentSchemas))
      steps.push(...stepsIn(part, false, drop("dependentSchemas")));
  return steps;
}

/** Puts copies of schemas without the steps that lead back to them into a contract. Each gives the reference to one. */
function ownPartsIn(openapi: JsonObject, copy: JsonObject): (target: string) => string {
  const stepsOf = stepsThrough(openapi);
  const next = targetsOf(stepsOf);
  const made = new Map<string, string>();
  const components = (copy.components ??= {}) as JsonObject;
  const schemas = (components.schemas ??= {}) as JsonObject;
  return ownPart;

  function ownPart(target: string): string {
    const known = made.get(target);
    if (known !== undefined) return known;
    let name = `own.${made.size + 1}`;
    while (Object.hasOwn(schemas, name)) name += "_";
    const ref = `#${formatPointer(["components", "schemas", name])}`;
    made.set(target, ref);
    const part = structuredClone(valueAt(openapi, parsePointer(target))) as Json;
    schemas[name] = part;
    for (const step of stepsIn(part)) {
      if (!leadsTo(step.target, target, next)) continue;
      if (step.isWhole && step.target !== target) step.holder.$ref = ownPart(step.target);
      else step.remove();
    }
    return ref;
  }
}
