import type { JsonObject } from "../../contracts/openapi/json.ts";
import { methods, type OpenApi } from "../../contracts/openapi/operations.ts";
import { parsePointer, valueAt } from "../../contracts/openapi/pointer.ts";

/**
 * The part of a contract that one operation needs, as a new document: its path with this one method, what
 * `$ref`s lead to from there, and what holds for every operation. Callbacks and webhooks are left out, because
 * they describe requests that the service sends.
 */
export function sliceOf(openapi: OpenApi, operation: { method: string; path: string }): OpenApi {
  const { paths = {}, components = {}, ...beside } = openapi as Document;
  const method = operation.method.toLowerCase();
  const { [method]: described, ...item } = paths[operation.path] as JsonObject;
  const { callbacks: _, ...own } = described as JsonObject;
  const path = { ...withoutMethods(item), [method]: own };

  const needed = reach(openapi as Document, [path, components.securitySchemes]);
  const kept = (name: string, section: JsonObject) =>
    pick(section, (key) => name === "securitySchemes" || needed.has(nameOf(["components", name, key])));
  const sections = Object.entries(components).map(([name, section]) => [name, kept(name, section)]);
  const wholePaths = pick(paths, (key) => needed.has(nameOf(["paths", key])));
  return withKnownFormats({
    ...pick(beside, (key) => shared.has(key) || needed.has(nameOf([key]))),
    paths: { [withoutGreed(operation.path)]: path, ...wholePaths },
    components: Object.fromEntries(sections),
  }) as unknown as OpenApi;
}

/** The path with `{proxy+}` as `{proxy}`: Prism knows no parameter that takes several segments. */
export function withoutGreed(path: string): string {
  return path.replace(/\+\}$/, "}");
}

/**
 * A copy without formats that are named like what every object inherits, such as `toString`. Prism takes those for
 * functions of its own; to it, a format that it does not know is no format.
 */
function withKnownFormats(document: JsonObject): JsonObject {
  const copy = structuredClone(document);
  const open: unknown[] = [copy];
  while (open.length > 0) {
    const value = open.pop() as JsonObject;
    if (typeof value.format === "string" && value.format in Object.prototype) delete value.format;
    for (const item of Object.values(value)) if (typeof item === "object" && item !== null) open.push(item);
  }
  return copy;
}

type Document = JsonObject & { paths?: JsonObject; components?: Record<string, JsonObject> };

const shared = new Set(["openapi", "info", "jsonSchemaDialect", "servers", "security"]);
const methodNames: ReadonlySet<string> = new Set(methods);

function withoutMethods(item: JsonObject): JsonObject {
  return pick(item, (key) => !methodNames.has(key));
}

/**
 * Names every part that references lead to, from the given values and from there on: a component, a whole
 * path, or anything else at the top.
 */
function reach(document: Document, from: unknown[]): Set<string> {
  const needed = new Set<string>();
  const open = [...from];
  const enter = (reference: string) => {
    const tokens = parsePointer(reference);
    const depth = tokens[0] === "components" ? 3 : tokens[0] === "paths" ? 2 : 1;
    const part = tokens.slice(0, depth);
    if (needed.has(nameOf(part))) return;
    needed.add(nameOf(part));
    open.push(valueAt(document, part));
  };
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    const { $ref } = value as { $ref?: unknown };
    if (typeof $ref === "string" && $ref.startsWith("#/")) enter($ref);
    for (const item of Object.values(value)) if (typeof item === "object") open.push(item);
  }
  return needed;
}

function pick(object: JsonObject, wanted: (key: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => wanted(key)));
}

function nameOf(tokens: string[]): string {
  return JSON.stringify(tokens);
}
