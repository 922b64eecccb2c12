import type { Operation, Parameter } from "../contract/contract.ts";
import { shapeOf, typesOf } from "../schema/shape.ts";
import type { Recorder } from "./recorder.ts";

/** Compares what is sent in the path, the query, headers and cookies. */
export function compareParameters(old: Operation, now: Operation, recorder: Recorder): void {
  const added = [...now.parameters];
  const removed: Parameter[] = [];
  for (const parameter of old.parameters) {
    const index = added.findIndex(({ key }) => key === parameter.key);
    if (index < 0) removed.push(parameter);
    else compareParameter(parameter, added.splice(index, 1)[0]!, recorder);
  }
  for (const parameter of removed) {
    const index = added.findIndex(({ name }) => name === parameter.name);
    if (index < 0) {
      recorder.record({ id: "request-parameter-removed", location: labelOf(parameter), old: parameter.at });
      continue;
    }
    const [moved] = added.splice(index, 1);
    const places = { old: parameter.at, new: moved!.at };
    const facts = { old: labelOf(parameter) };
    recorder.record({ id: "request-parameter-moved", location: labelOf(moved!), facts, ...places });
  }
  for (const parameter of added) {
    const id = parameter.required ? "request-required-parameter-added" : "request-parameter-added";
    recorder.record({ id, location: labelOf(parameter), new: parameter.at });
  }
}

function labelOf({ in: place, name }: Parameter): string {
  return `${place} parameter ${name}`;
}

function compareParameter(old: Parameter, now: Parameter, recorder: Recorder): void {
  const location = labelOf(now);
  const places = { old: old.at, new: now.at };
  const record = (change: string, facts = {}) =>
    recorder.record({ id: `request-parameter-${change}`, location, facts, ...places });
  if (old.required !== now.required) record(now.required ? "became-required" : "became-optional");
  if (old.deprecated !== now.deprecated && now.deprecated) record("deprecated");
  if (old.emptyAllowed !== now.emptyAllowed && now.in === "query")
    record(now.emptyAllowed ? "empty-allowed" : "empty-forbidden");
  const [before, after] = [styleOf(old), styleOf(now)];
  if (before !== after && !(isText(old) && isText(now) && bothPlain(before, after)))
    record("style-changed", { old: before, new: after });
  const text = !old.style.startsWith("content") && !now.style.startsWith("content");
  recorder.recordSchemas({ a: old.schema, b: now.schema, direction: "request", location, places, text });
}

/** Whether a parameter is one value, so that it is written alike in most styles. */
function isText({ schema }: Parameter): boolean {
  const types = typesOf(shapeOf(schema));
  return !types.has("array") && !types.has("object");
}

function styleOf({ style }: Parameter): string {
  return style;
}

function bothPlain(a: string, b: string): boolean {
  return [a, b].every((style) => !/^(content|matrix|label|deepObject)/.test(style));
}
