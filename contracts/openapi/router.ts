import type { Operation } from "./operations.ts";
import { percentDecode } from "./pointer.ts";

/** The operation that a method and a path lead to, and the values of its path parameters. */
export type Route = { operation: Operation; pathParameters: Record<string, string> };

/**
 * Builds the routing table of a contract once; a lookup walks over the path's segments, and never twice over the same
 * part of the table.
 *
 * Of several templates that match, the one with most concrete segments wins, whatever their order; of those, the one
 * whose concrete segments come first. A greedy parameter comes last: API Gateway's `{proxy+}` at the end of a template
 * takes one segment or more. The path is the raw one, without its query; parameters are percent-decoded. Returns
 * `undefined` for an unknown path and for a known path with another method alike, as API Gateway does.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#path-templating-matching
 */
export function createRouter(operations: readonly Operation[], basePath: string) {
  const root = newNode();
  for (const operation of operations) insert(root, operation);
  // The route of an HTTP API of API Gateway for whatever has no other.
  const others = operations.filter(({ path }) => path === "/$default");
  const fallback = new Map(others.map((operation) => [operation.method, operation]));

  return function route(method: string, path: string): Route | undefined {
    // A stage is called with a slash behind it or none.
    const below = basePath !== "" && path === basePath ? "/" : path.slice(basePath.length);
    if (!path.startsWith(basePath) || !below.startsWith("/")) return undefined;
    const segments = below.slice(1).split("/");
    const found = walk(root, { segments, index: 0, method, above: -1 });
    if (!found) {
      const operation = fallback.get(method);
      return operation && { operation, pathParameters: {} };
    }
    const { operation, names } = found.end;
    const pathParameters: Record<string, string> = {};
    for (const [place, name] of names.entries()) pathParameters[name] = found.values[place]!;
    return { operation, pathParameters };
  };
}

type Node = {
  fixed: Map<string, Node>;
  templated: Template[];
  ends: Map<string, End>;
  greedy: Map<string, End>;
  /** The most concrete segments that a template has from here on. */
  concrete: number;
};
type Template = { texts: string[]; node: Node };
/** Where a template ends, with the names of all its parameters in their order. */
type End = { operation: Operation; names: string[] };

function newNode(): Node {
  return { fixed: new Map(), templated: [], ends: new Map(), greedy: new Map(), concrete: 0 };
}

function insert(root: Node, operation: Operation): void {
  let node = root;
  const names: string[] = [];
  const segments = operation.path.slice(1).split("/");
  const greedy = /^\{([^{}]+)\+\}$/.exec(segments.at(-1)!)?.[1];
  if (greedy !== undefined) segments.pop();
  for (const [index, segment] of segments.entries()) {
    node.concrete = Math.max(node.concrete, segments.slice(index).filter(isConcrete).length);
    const compiled = compile(segment);
    names.push(...compiled.names);
    node = isConcrete(segment) ? fixedChild(node, segment) : templatedChild(node, compiled.texts);
  }
  if (greedy !== undefined) names.push(greedy);
  const ends = greedy === undefined ? node.ends : node.greedy;
  // Of two templates that differ in their names only, the first one stands.
  if (!ends.has(operation.method)) ends.set(operation.method, { operation, names });
}

function isConcrete(segment: string): boolean {
  return !segment.includes("{");
}

function fixedChild(node: Node, segment: string): Node {
  const child = node.fixed.get(segment) ?? newNode();
  node.fixed.set(segment, child);
  return child;
}

function templatedChild(node: Node, texts: string[]): Node {
  const known = node.templated.find((template) => template.texts.join("{}") === texts.join("{}"));
  if (known) return known.node;
  const template = { texts, node: newNode() };
  // The template with the most literal text is tried first: `{id}.json` before `{id}`.
  node.templated = [...node.templated, template].sort((one, other) => literal(other) - literal(one));
  return template.node;
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

function literal({ texts }: Template): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

type Step = {
  segments: string[];
  index: number;
  method: string;
  /** Only a route with more concrete segments than this, from here on, is of use. */
  above: number;
};
type Found = { end: End; values: string[]; concrete: number };

/** The best of the routes below a node. */
function walk(node: Node, { segments, index, method, above }: Step): Found | undefined {
  const raw = segments[index];
  if (raw === undefined) {
    const end = node.ends.get(method);
    return end && above < 0 ? { end, values: [], concrete: 0 } : undefined;
  }
  const segment = percentDecode(raw);
  let best: Found | undefined;
  let bound = above;
  const fixed = node.fixed.get(segment);
  if (fixed && fixed.concrete + 1 > bound) {
    const found = walk(fixed, { segments, index: index + 1, method, above: bound - 1 });
    if (found) {
      best = { ...found, concrete: found.concrete + 1 };
      bound = best.concrete;
    }
  }
  for (const template of node.templated) {
    if (template.node.concrete <= bound) continue;
    const values = valuesIn(segment, template.texts);
    const found = values && walk(template.node, { segments, index: index + 1, method, above: bound });
    if (!found) continue;
    best = { ...found, values: [...values, ...found.values] };
    bound = best.concrete;
  }
  if (best || above >= 0) return best;
  const greedy = node.greedy.get(method);
  const rest = greedy && segments.slice(index).map(percentDecode).join("/");
  return rest ? { end: greedy, values: [rest], concrete: 0 } : undefined;
}
