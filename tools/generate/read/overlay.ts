import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import { safeLengthOf } from "../../../contracts/trust/pattern-cost.ts";
import type { SpecDocument } from "./document.ts";
import { type Problem, SpecError } from "./problem.ts";

/** What one action did to one node: where the node stands in the result, and what was merged into it. */
export type Trace = { action: number; target: Tokens; field: Field; value: Json };

/** An action changes the contract, or the base file before it is upgraded to OpenAPI 3.1. */
export type Phase = "base" | "contract";

const PHASES = ["base", "contract"];

/** The phase of an action is its own `x-phase`, else that of the overlay. */
export function phaseOf({ value }: Pick<SpecDocument, "value">, action: JsonObject): Phase {
  return (action["x-phase"] ?? value["x-phase"] ?? "contract") === "base" ? "base" : "contract";
}

type Field = "update" | "copy" | "remove";
type Action = JsonObject & { target: string };
type Node = { value: Json; location: Tokens };
type Select = (path: string, refuse: (message: string) => SpecError) => Node[];
type Refuse = (message: string, at: Tokens, on?: "value" | "key") => SpecError;

const ACTION_FIELDS = ["target", "description", "update", "remove"];

/**
 * Applies an Overlay 1.0 or 1.1 document to a copy of an OpenAPI document.
 * Stricter than the standard in one point: a target that matches nothing is an error, since the
 * action was written for something that is no longer there.
 * @throws {SpecError} with each problem at its place in the overlay file.
 * @see https://spec.openapis.org/overlay/v1.1.0.html#action-object
 */
export async function applyOverlay(
  openapi: JsonObject,
  overlay: SpecDocument,
  phase: Phase = "contract",
): Promise<{ openapi: JsonObject; traces: Trace[] }> {
  const actions = checkedActions(overlay);
  const { query } = await import("json-p3");
  const root = { $: structuredClone(openapi) as Json };
  const traces: Trace[] = [];
  const problems: Problem[] = [];

  const select: Select = (path, refuse) => {
    const slow = slowPatternOf(path);
    if (slow) throw refuse(slow);
    try {
      return query(path, root.$ as JsonObject).nodes as unknown as Node[];
    } catch (error) {
      throw refuse(`is not a JSONPath: ${(error as Error).message.replace(/ \('.*$/s, "")}.`);
    }
  };

  for (const [action, fields] of actions.entries()) {
    if (phaseOf(overlay, fields) !== phase) continue;
    const refuse: Refuse = (message, at, on) =>
      new SpecError([problemAt(overlay, ["actions", action, ...at], message, on)]);
    try {
      const aboutTarget = (message: string) => refuse(`target ${fields.target} ${message}`, ["target"]);
      const nodes = select(fields.target, aboutTarget);
      if (nodes.length === 0) {
        throw aboutTarget("matches nothing. The base file may have changed; update or remove this action.");
      }
      const misfit = unfit({ nodes, fields, version: overlay.version });
      if (misfit) throw aboutTarget(misfit);
      traces.push(...applyAction({ root, action, fields, nodes, select, refuse, version: overlay.version }));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems);
    }
  }

  if (problems.length > 0) throw new SpecError(problems);
  return { openapi: root.$ as JsonObject, traces };
}

/** Why a JSONPath may take for ever: `match` and `search` run a pattern on whatever text the document has. */
function slowPatternOf(path: string): string | undefined {
  if (!/\b(?:match|search) *\(/.test(path)) return undefined;
  if (/\b(?:match|search) *\([^'"()]*\)/.test(path))
    return "must have the pattern of match or search as a text.";
  const slow = textsOf(path).find(
    (text) => safeLengthOf(text.slice(1, -1).replaceAll("\\\\", "\\")) < LEAST_SAFE_LENGTH,
  );
  return slow && `has the pattern ${slow}, which may take exponential time.`;
}

/** The texts of a JSONPath, with their quotes. */
function textsOf(path: string): string[] {
  const texts: string[] = [];
  for (let at = 0; at < path.length; at++) {
    const quote = path[at]!;
    if (quote !== "'" && quote !== '"') continue;
    const start = at;
    for (at += 1; at < path.length && path[at] !== quote; at++) if (path[at] === "\\") at += 1;
    texts.push(path.slice(start, at + 1));
  }
  return texts;
}

/** In characters, of a text that a pattern of an overlay is tested on. */
const LEAST_SAFE_LENGTH = 200;

function applyAction({
  root,
  action,
  fields,
  nodes,
  select,
  refuse,
  version,
}: {
  root: { $: Json };
  action: number;
  fields: Action;
  nodes: Node[];
  select: Select;
  refuse: Refuse;
  version: string;
}): Trace[] {
  if (fields.remove === true) {
    removeAll(root, nodes);
    return nodes.map(({ location }) => ({ action, target: location, field: "remove", value: null }));
  }

  const field = fields.copy === undefined ? "update" : "copy";
  const value = field === "copy" ? copied(String(fields.copy), select, refuse) : fields.update!;
  const entry = version.startsWith("1.0.");
  const clash = (message: string, path: Tokens) =>
    field === "copy" ? refuse(message, ["copy"]) : refuse(message, ["update", ...path], "key");
  return nodes.map(({ location: target }) => {
    replaceAt(root, target, (old) => {
      // Overlay 1.0 appends whatever stands in `update` as one entry; 1.1 concatenates two arrays.
      if (Array.isArray(old) && (entry || !Array.isArray(value))) return [...old, structuredClone(value)];
      return merged({ old, value, path: [], target, clash });
    });
    return { action, target, field, value };
  });
}

/** The one node that `copy` selects, as it is before this action. */
function copied(path: string, select: Select, refuse: Refuse): Json {
  const aboutCopy = (message: string) => refuse(`copy ${path} ${message}`, ["copy"]);
  const nodes = select(path, aboutCopy);
  if (nodes.length !== 1)
    throw aboutCopy(`matches ${nodes.length || "no"} nodes; it must match exactly one.`);
  return structuredClone(nodes[0]!.value);
}

/** The target's value with the update in it: objects merge, arrays concatenate, primitives replace. */
function merged({
  old,
  value,
  path,
  target,
  clash,
}: {
  old: Json;
  value: Json;
  path: Tokens;
  target: Tokens;
  clash: (message: string, path: Tokens) => SpecError;
}): Json {
  if (kindOf(old) !== kindOf(value)) {
    const where = formatPointer([...target, ...path]) || "the root";
    throw clash(`${describe(value)} cannot be merged into ${describe(old)} at ${where}.`, path);
  }
  if (Array.isArray(old)) return [...old, ...structuredClone(value as Json[])];
  if (!isObject(old)) return value;

  const result = { ...old };
  for (const [key, item] of Object.entries(value as JsonObject)) {
    const present = Object.hasOwn(old, key);
    result[key] = present
      ? merged({ old: old[key]!, value: item, path: [...path, key], target, clash })
      : structuredClone(item);
  }
  return result;
}

/** What the standard forbids about the nodes that a target selects. */
function unfit({
  nodes,
  fields,
  version,
}: {
  nodes: Node[];
  fields: Action;
  version: string;
}): string | undefined {
  if (fields.remove === true)
    return nodes.some(isRoot) ? "is the whole document, which cannot be removed." : undefined;
  const kinds = new Set(nodes.map(({ value }) => kindOf(value)));
  if (version.startsWith("1.0.") && kinds.has("primitive")) {
    return "matches a primitive value; Overlay 1.0 updates objects and arrays only, 1.1 also primitive values.";
  }
  return kinds.size > 1 ? `matches nodes of several kinds (${[...kinds].sort().join(", ")}).` : undefined;
}

function isRoot({ location }: Node): boolean {
  return location.length === 0;
}

function removeAll(root: { $: Json }, nodes: Node[]): void {
  // Every parent is found before anything is removed: a node may be inside another.
  const found = nodes.map(({ location }) => ({ parent: parentOf(root, location), key: location.at(-1)! }));
  const items = new Map<Json[], Set<number>>();
  for (const { parent, key } of found) {
    if (Array.isArray(parent)) items.set(parent, (items.get(parent) ?? new Set()).add(Number(key)));
    else delete parent[key];
  }
  for (const [list, gone] of items)
    list.splice(0, list.length, ...list.filter((_, index) => !gone.has(index)));
}

function replaceAt(root: { $: Json }, location: Tokens, replace: (old: Json) => Json): void {
  const parent = parentOf(root, location) as Record<string | number, Json>;
  const key = location.at(-1) ?? "$";
  parent[key] = replace(parent[key]!);
}

function parentOf(root: { $: Json }, location: Tokens): JsonObject | Json[] {
  let parent: Json = root;
  for (const token of ["$", ...location].slice(0, -1)) {
    parent = (parent as Record<string | number, Json>)[token]!;
  }
  return parent as JsonObject | Json[];
}

function kindOf(value: Json): "object" | "array" | "primitive" {
  if (Array.isArray(value)) return "array";
  return isObject(value) ? "object" : "primitive";
}

function describe(value: Json): string {
  const kind = kindOf(value);
  if (kind === "primitive") return value === null ? "null" : `a ${typeof value}`;
  return `an ${kind}`;
}

/** The actions, each with a target and one thing to do. */
function checkedActions(overlay: SpecDocument): Action[] {
  const { value, version } = overlay;
  const problems: Problem[] = [];
  const report = (at: Tokens, message: string, on?: "value" | "key") =>
    problems.push(problemAt(overlay, at, message, on));

  const info = isObject(value.info) ? value.info : {};
  for (const field of ["title", "version"]) {
    if (typeof info[field] !== "string")
      report(["info"], `The overlay's info needs ${field}, a text.`, "key");
  }
  const actions = Array.isArray(value.actions) ? value.actions : [];
  if (actions.length === 0) report(["actions"], "The overlay needs actions, a list of at least one.", "key");

  const known = version.startsWith("1.0.") ? ACTION_FIELDS : [...ACTION_FIELDS, "copy"];
  for (const [index, action] of actions.entries()) {
    const at = ["actions", index];
    if (!isObject(action)) {
      report(at, "The action is not an object.");
      continue;
    }
    if (typeof action.target !== "string") report(at, "The action has no target.");
    for (const field of Object.keys(action)) {
      if (known.includes(field) || field.startsWith("x-")) continue;
      report([...at, field], `Overlay ${version} has no field ${field} in an action.`, "key");
    }
    if (action["x-phase"] !== undefined && !PHASES.includes(String(action["x-phase"])))
      report([...at, "x-phase"], "x-phase must be base or contract.");
    if (action.remove !== undefined && typeof action.remove !== "boolean") {
      report([...at, "remove"], "remove must be true or false.");
    }
    if (action.copy !== undefined && typeof action.copy !== "string")
      report([...at, "copy"], "copy must be a JSONPath.");
    const changes = ["update", "copy"].filter((field) => action[field] !== undefined).length;
    if (changes === 2) report(at, "The action has both update and copy.");
    if (changes === 0 && action.remove !== true)
      report(at, "The action changes nothing: it has no update, copy or remove.");
  }
  if (problems.length > 0) throw new SpecError(problems);
  return actions as Action[];
}

function problemAt(overlay: SpecDocument, at: Tokens, message: string, on?: "value" | "key"): Problem {
  return { file: overlay.file, ...overlay.locate(formatPointer(at), on), message, severity: "error" };
}
