import type { Operation } from "./operations.ts";
import { percentDecode } from "./pointer.ts";

/** The operation that a method and a path lead to, and the values of its path parameters. */
export type Route = { operation: Operation; pathParameters: Record<string, string> };

/**
 * Builds the routing table of a contract once; a lookup walks over the path's segments.
 *
 * Concrete segments win over templated ones. The path is the raw one, without its query; parameters are
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

type Node = { fixed: Map<string, Node>; templated: Template[]; operations: Map<string, Operation> };
type Template = { segment: string; names: string[]; pattern: RegExp; node: Node };

function newNode(): Node {
  return { fixed: new Map(), templated: [], operations: new Map() };
}

function insert(root: Node, operation: Operation): void {
  let node = root;
  for (const segment of operation.path.slice(1).split("/")) node = child(node, segment);
  node.operations.set(operation.method, operation);
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

function compile(segment: string): { names: string[]; pattern: RegExp } {
  const names = [...segment.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]!);
  const source = segment
    .split(/\{[^}]*\}/)
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join("(.+)");
  return { names, pattern: new RegExp(`^${source}$`, "s") };
}

function literal(template: Template): number {
  return template.segment.replaceAll(/\{[^}]*\}/g, "").length;
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
    const match = template.pattern.exec(segment);
    const route = match && walk(template.node, segments, index + 1, method);
    if (!route) continue;
    for (const [place, name] of template.names.entries()) route.pathParameters[name] = match[place + 1]!;
    return route;
  }
  return undefined;
}
