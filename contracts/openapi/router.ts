import type { Operation } from "./operations.ts";
import { percentDecode } from "./pointer.ts";

/** The operation that a method and a path lead to, and the values of its path parameters. */
export type Route = { operation: Operation; pathParameters: Record<string, string> };

/**
 * Builds the routing table of a contract once; a lookup walks over the path's segments.
 *
 * Concrete segments win over templated ones, and those over a greedy one: API Gateway's `{proxy+}` at the end of a
 * template takes one segment or more. The path is the raw one, without its query; parameters are
 * percent-decoded. Returns `undefined` for an unknown path and for a known path with another method alike,
 * as API Gateway does.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#path-templating-matching
 */
export function createRouter(operations: readonly Operation[], basePath: string) {
  const root = newNode();
  for (const operation of operations) insert(root, operation);

  return function route(method: string, path: string): Route | undefined {
    if (!path.startsWith(`${basePath}/`)) return undefined;
    return walk(root, path.slice(basePath.length + 1).split("/"), 0, method);
  };
}

type Node = {
  fixed: Map<string, Node>;
  templated: Template[];
  operations: Map<string, Operation>;
  greedy?: Greedy;
};
type Greedy = { name: string; operations: Map<string, Operation> };
type Template = { segment: string; names: string[]; texts: string[]; node: Node };

function newNode(): Node {
  return { fixed: new Map(), templated: [], operations: new Map() };
}

function insert(root: Node, operation: Operation): void {
  let node = root;
  const segments = operation.path.slice(1).split("/");
  const greedy = /^\{([^{}]+)\+\}$/.exec(segments.at(-1)!)?.[1];
  if (greedy !== undefined) segments.pop();
  for (const segment of segments) node = child(node, segment);
  const holder = greedy === undefined ? node : (node.greedy ??= { name: greedy, operations: new Map() });
  holder.operations.set(operation.method, operation);
}

function child(node: Node, segment: string): Node {
  if (segment.includes("{")) {
    const known = node.templated.find((template) => template.segment === segment);
    if (known) return known.node;
    const template = { ...compile(segment), segment, node: newNode() };
    // The template with the most literal text is tried first: `{id}.json` before `{id}`.
    node.templated = [...node.templated, template].sort((a, b) => literal(b) - literal(a));
    return template.node;
  }
  const next = node.fixed.get(segment) ?? newNode();
  node.fixed.set(segment, next);
  return next;
}

/** The parameters of a segment, and the texts before, between and after them. */
function compile(segment: string): { names: string[]; texts: string[] } {
  const parts = segment.split(/\{([^{}]*)\}/);
  return {
    names: parts.filter((_, index) => index % 2 === 1),
    texts: parts.filter((_, index) => index % 2 === 0),
  };
}

/**
 * The values of a template's parameters in a segment, each of at least one character. Where several are possible, an
 * earlier parameter takes as much as it can. Texts are looked for once, from the end: each stands as far to the
 * right as those after it allow, so that nothing is tried twice.
 */
function valuesIn(segment: string, texts: string[]): string[] | undefined {
  const [first, last] = [texts[0]!, texts.at(-1)!];
  // A brace without its partner is text.
  if (texts.length === 1) return segment === first ? [] : undefined;
  if (!segment.startsWith(first) || !segment.endsWith(last)) return undefined;
  const values: string[] = [];
  let end = segment.length - last.length;
  for (let index = texts.length - 2; index > 0; index--) {
    const text = texts[index]!;
    const from = end - 1 - text.length;
    const at = from < 0 ? -1 : segment.lastIndexOf(text, from);
    if (at === -1) return undefined;
    values.unshift(segment.slice(at + text.length, end));
    end = at;
  }
  if (end <= first.length) return undefined;
  return [segment.slice(first.length, end), ...values];
}

function literal(template: Template): number {
  return template.segment.replaceAll(/\{[^{}]*\}/g, "").length;
}

function walk(node: Node, segments: string[], index: number, method: string): Route | undefined {
  const raw = segments[index];
  if (raw === undefined) {
    const operation = node.operations.get(method);
    return operation && { operation, pathParameters: {} };
  }
  const segment = percentDecode(raw);
  const fixed = node.fixed.get(segment);
  const found = fixed && walk(fixed, segments, index + 1, method);
  if (found) return found;
  for (const template of node.templated) {
    const values = valuesIn(segment, template.texts);
    const route = values && walk(template.node, segments, index + 1, method);
    if (!route) continue;
    for (const [place, name] of template.names.entries()) route.pathParameters[name] = values[place]!;
    return route;
  }
  const greedy = node.greedy?.operations.get(method);
  const rest = greedy && segments.slice(index).map(percentDecode).join("/");
  return rest ? { operation: greedy, pathParameters: { [node.greedy!.name]: rest } } : undefined;
}
