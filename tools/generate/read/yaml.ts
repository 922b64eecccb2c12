import type { Event } from "js-yaml";
import { parsePointer } from "../../../contracts/openapi/pointer.ts";
import { MOST_LEVELS } from "./plain-json.ts";

type Engine = typeof import("js-yaml");

/** Where a text has a fault: offsets count from 0. */
type YamlFault = { offset: number; message: string };

/** A YAML text: its value, or its faults, and the offset of every value. */
export type Yaml = {
  value: unknown;
  faults: YamlFault[];
  /** The offset of the value at a JSON Pointer, or of its key; of the nearest value above it when it is not there. */
  offsetOf: (pointer: string, on: "value" | "key") => number;
};

/** YAML 1.2 with merge keys. Dates and the booleans of YAML 1.1 stay text: that is what the author sees. */
export function parseYaml(engine: Engine, text: string): Yaml {
  const { CORE_SCHEMA, mergeTag, binaryTag, omapTag, pairsTag, setTag, YAMLException } = engine;
  let tree: Node | undefined;
  const treeOf = () => (tree ??= treeFrom(engine, text));
  const offsetOf: Yaml["offsetOf"] = (pointer, on) => findOffset(treeOf(), parsePointer(pointer), on);
  try {
    const schema = CORE_SCHEMA.withTags(mergeTag, binaryTag, omapTag, pairsTag, setTag);
    const documents = engine.loadAll(text, { schema, maxDepth: MOST_LEVELS });
    const faults =
      documents.length > 1 ? [{ offset: 0, message: "The file holds more than one YAML document." }] : [];
    return { value: documents[0], faults, offsetOf };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    if (error.reason === "duplicated mapping key")
      return { value: undefined, faults: duplicates(treeOf()), offsetOf };
    const offset = error.mark?.position ?? 0;
    return { value: undefined, faults: [{ offset, message: `YAML syntax: ${error.reason}.` }], offsetOf };
  }
}

type Node = {
  start: number;
  items?: Node[];
  pairs?: { key: string; start: number; value: Node }[];
};

/** The tree of a text that was parsed without faults, or has only keys that are there twice. */
function treeFrom({ parseEvents, getScalarValue, EVENT_ID }: Engine, text: string): Node {
  const events = parseEvents(text, { maxDepth: MOST_LEVELS });
  const anchors = new Map<string, Node>();
  let at = 0;
  while (events[at]?.type === EVENT_ID.DOCUMENT) at++;
  return next();

  function next(): Node {
    const event = events[at++];
    if (event === undefined || event.type === EVENT_ID.POP) return { start: 0 };
    if (event.type === EVENT_ID.ALIAS) {
      const found = anchors.get(text.slice(event.anchorStart, event.anchorEnd));
      return { ...found, start: event.anchorStart };
    }
    const node: Node = { start: startOf(event) };
    if ("anchorStart" in event && event.anchorStart >= 0)
      anchors.set(text.slice(event.anchorStart, event.anchorEnd), node);
    if (event.type === EVENT_ID.SEQUENCE) {
      node.items = [];
      while (isOpen()) node.items.push(next());
      at++;
    }
    if (event.type === EVENT_ID.MAPPING) {
      node.pairs = [];
      while (isOpen()) {
        const first = events[at]!;
        const key = first.type === EVENT_ID.SCALAR ? getScalarValue(text, first) : "";
        const { start } = next();
        node.pairs.push({ key, start, value: next() });
      }
      at++;
    }
    return node;
  }

  function isOpen(): boolean {
    return at < events.length && events[at]!.type !== EVENT_ID.POP;
  }

  function startOf(event: Event): number {
    if (!("valueStart" in event)) return "start" in event ? event.start : 0;
    const isQuoted = /["']/.test(text[event.valueStart - 1] ?? "");
    return isQuoted ? event.valueStart - 1 : event.valueStart;
  }
}

function findOffset(root: Node, tokens: string[], on: "value" | "key"): number {
  let { start } = root;
  let node = root;
  for (const [index, token] of tokens.entries()) {
    const pair = pairOf(node, token);
    const next = pair?.value ?? node.items?.[Number(token)];
    if (!next) break;
    const isKey = on === "key" && index === tokens.length - 1;
    // A value that is empty has no place of its own.
    start = pair && (isKey || next.start < 0) ? pair.start : next.start;
    node = next;
  }
  return start;
}

/** A pair of a mapping, its own or one that is merged into it. */
function pairOf({ pairs = [] }: Node, key: string): { start: number; value: Node } | undefined {
  const own = pairs.findLast((pair) => pair.key === key);
  if (own) return own;
  const merged = pairs.filter((pair) => pair.key === "<<").flatMap(({ value }) => value.items ?? [value]);
  return merged.map((node) => pairOf(node, key)).find(Boolean);
}

function duplicates(node: Node): YamlFault[] {
  const seen = new Set<string>();
  const faults: YamlFault[] = [];
  for (const { key, start, value } of node.pairs ?? []) {
    if (seen.has(key) && key !== "<<")
      faults.push({ offset: start, message: `The key "${key}" is there twice.` });
    seen.add(key);
    faults.push(...duplicates(value));
  }
  for (const item of node.items ?? []) faults.push(...duplicates(item));
  return faults;
}
