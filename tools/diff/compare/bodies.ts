import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import type { Body, Content, Header, Operation, Response } from "../contract/contract.ts";
import type { Direction } from "../rules/rules.ts";
import { shapeOf } from "../schema/shape.ts";
import type { Recorder } from "./recorder.ts";

type Places = { old: Tokens; new: Tokens };

/** Compares what the consumer sends as body; of a webhook it is what the consumer gets. */
export function compareRequestBodies(old: Operation, now: Operation, recorder: Recorder): void {
  const direction = now.reversed ? "response" : "request";
  const location = "request body";
  const [before, after] = [old.body, now.body];
  if (!before && !after) return;
  if (before && after) {
    compareBodies(before, after, { direction, location, recorder });
    return;
  }
  const places = { old: before?.at ?? old.at, new: after?.at ?? now.at };
  const id = before ? "body-removed" : after!.required ? "required-body-added" : "body-added";
  if (direction === "request") recorder.record({ id: `request-${id}`, location, ...places });
  else recorder.record({ id: before ? "response-body-removed" : "response-body-added", location, ...places });
}

type Where = { direction: Direction; location: string; recorder: Recorder };

function compareBodies(old: Body, now: Body, where: Where): void {
  const { direction, location, recorder } = where;
  const places = { old: old.at, new: now.at };
  if (old.required !== now.required && direction === "request") {
    const id = now.required ? "request-body-became-required" : "request-body-became-optional";
    recorder.record({ id, location, ...places });
  }
  compareContents(old.contents, now.contents, places, where);
}

/** Compares the responses by status; a status that only one side names has the range or default of the other. */
export function compareResponses(old: Operation, now: Operation, recorder: Recorder): void {
  const direction = now.reversed ? "request" : "response";
  for (const status of new Set([...old.responses.keys(), ...now.responses.keys()])) {
    const before = old.responses.get(status) ?? coverOf(old.responses, status);
    const after = now.responses.get(status) ?? coverOf(now.responses, status);
    const location = `response ${status}`;
    if (before && after) compareResponse(before, after, { direction, location, recorder });
    else {
      const kind = /^[123]/.test(status) ? "success" : "error";
      const id = `response-${kind}-status-${before ? "removed" : "added"}`;
      const facts = { old: status, new: status };
      recorder.record({ id, location, facts, old: before?.at, new: after?.at });
    }
  }
}

function coverOf(responses: Map<string, Response>, status: string): Response | undefined {
  if (!/^\d/.test(status)) return undefined;
  return responses.get(`${status[0]}XX`) ?? responses.get("DEFAULT");
}

function compareResponse(old: Response, now: Response, where: Where): void {
  const places = { old: old.at, new: now.at };
  const location = `${where.location} body`;
  if (old.contents.length > 0 && now.contents.length === 0) {
    where.recorder.record({ id: "response-body-removed", location, ...places });
  } else if (old.contents.length === 0 && now.contents.length > 0) {
    where.recorder.record({ id: "response-body-added", location, ...places });
  } else compareContents(old.contents, now.contents, places, { ...where, location });
  compareHeaders(old, now, where);
}

function compareContents(old: Content[], now: Content[], places: Places, where: Where): void {
  const { recorder, direction, location } = where;
  const pairs: [Content, Content][] = [];
  for (const content of old) {
    const exact = now.filter((other) => other.type === content.type || other.implied || content.implied);
    const wider = exact.length > 0 ? exact : now.filter((other) => isCovered(content.type, other.type));
    if (exact.length === 0 && wider.length > 0 && direction === "response") {
      const facts = { old: content.type, new: wider[0]!.type };
      const at = { old: content.at, new: wider[0]!.at };
      recorder.record({ id: "response-media-type-widened", location, facts, ...at });
    }
    const inside = wider.length > 0 ? [] : now.filter((other) => isCovered(other.type, content.type));
    if (inside.length > 0 && direction === "response") {
      const facts = { old: content.type, new: inside.map(({ type }) => type).join(", ") };
      recorder.record({ id: "response-media-type-narrowed", location, facts, ...places, old: content.at });
    } else if (wider.length === 0) {
      const facts = { old: content.type, new: now.map(({ type }) => type).join(", ") };
      recorder.record({ id: `${direction}-media-type-removed`, location, facts, ...places, old: content.at });
    }
    for (const other of wider) pairs.push([content, other]);
  }
  for (const content of now) {
    if (pairs.some(([, other]) => other === content)) continue;
    const cover = old.find((other) => isCovered(content.type, other.type));
    if (cover) pairs.push([cover, content]);
    else {
      const facts = { new: content.type };
      recorder.record({ id: `${direction}-media-type-added`, location, facts, ...places, new: content.at });
    }
  }
  comparePairs(pairs, where);
}

/** `application/json` is one of `application/*`. */
function isCovered(type: string, range: string): boolean {
  return range === "*/*" || (range.endsWith("/*") && type.startsWith(range.slice(0, -1)));
}

/** Media types that have one schema in common are compared once. */
function comparePairs(pairs: [Content, Content][], { recorder, direction, location }: Where): void {
  const groups = Map.groupBy(pairs, ([old, now]) => `${old.schema.key} ${now.schema.key}`);
  for (const [[old, now], ...more] of groups.values() as Iterable<
    [[Content, Content], ...[Content, Content][]]
  >) {
    const types = [[old, now] as const, ...more].map(([, { type }]) => type);
    const at = groups.size === 1 ? location : `${location} (${types.join(", ")})`;
    for (const [field, style] of now.encoding) {
      const before = old.encoding.get(field);
      if (direction === "response" || before === undefined || before === style) continue;
      const facts = { name: field, old: before, new: style };
      const places = { old: old.at, new: now.at };
      recorder.record({ id: "request-form-field-style-changed", location: at, facts, ...places });
    }
    if (isBinary(old) && isBinary(now)) continue;
    const places = { old: old.at, new: now.at };
    recorder.recordSchemas({ a: old.schema, b: now.schema, direction, location: at, places });
  }
}

/** Bytes that no schema describes; 3.0 calls them a string of the format binary. */
function isBinary({ type, schema }: Content): boolean {
  if (/json|xml|text\/|form/.test(type)) return false;
  const { string } = shapeOf(schema).facets;
  return schema.parts.length === 0 || Boolean(string?.mediaTypes?.includes("application/octet-stream"));
}

function compareHeaders(old: Response, now: Response, where: Where): void {
  const { recorder, direction } = where;
  const labelOf = ({ name }: Header) => `${where.location} header ${name}`;
  for (const header of old.headers) {
    const location = labelOf(header);
    const other = now.headers.find(({ name }) => name === header.name);
    if (!other) {
      const id = header.required ? "response-required-header-removed" : "response-header-removed";
      recorder.record({ id, location, old: header.at, new: now.at });
      continue;
    }
    const places = { old: header.at, new: other.at };
    if (header.required !== other.required) {
      const id = other.required ? "response-header-became-required" : "response-header-became-optional";
      recorder.record({ id, location, ...places });
    }
    recorder.recordSchemas({ a: header.schema, b: other.schema, direction, location, places, text: true });
  }
  for (const header of now.headers) {
    if (old.headers.some(({ name }) => name === header.name)) continue;
    recorder.record({ id: "response-header-added", location: labelOf(header), old: old.at, new: header.at });
  }
}
