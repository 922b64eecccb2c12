import { isObject, type JsonObject } from "../../contracts/openapi/json.ts";
import { compilePattern } from "../../contracts/openapi/keywords.ts";
import { parsePointer, valueAt } from "../../contracts/openapi/pointer.ts";

/** The schemas of a contract, as they are followed when a value is made. */
export type Schemas = {
  /** What a reference leads to; `undefined` where it leads nowhere. */
  target(ref: string): unknown;
  /** The last part of a reference, which names a schema. */
  nameOf(ref: string): string;
  /** References to the schemas that are an `allOf` of the schema of this reference, by their names. */
  childrenOf(ref: string): ReadonlyMap<string, string>;
  /** Names of the alternatives of a schema: by mapping, reference or title, each alternative under all of its names. */
  alternativesOf(schema: unknown): string[];
  /** What an alternative is called, the name of a discriminator first. */
  namesOf(alternative: unknown, discriminator?: unknown): string[];
  /** Whether a text matches a pattern. One that takes long counts as matched. */
  testPattern(pattern: string, text: string): boolean;
};

/**
 * @param slowPatterns patterns that may take exponential time, and are not tested.
 */
export function readSchemas(openapi: object, slowPatterns: ReadonlySet<string> = new Set()): Schemas {
  const targets = new Map<string, unknown>();
  const patterns = new Map<string, RegExp | undefined>();
  let children: Map<string, Map<string, string>> | undefined;
  return {
    target,
    nameOf,
    namesOf,
    alternativesOf,
    childrenOf,
    testPattern(pattern, text) {
      if (slowPatterns.has(pattern)) return true;
      if (!patterns.has(pattern)) patterns.set(pattern, compilePattern(pattern).expression);
      return patterns.get(pattern)?.test(text) ?? true;
    },
  };

  function target(ref: string): unknown {
    if (!targets.has(ref)) targets.set(ref, targetOf(openapi, ref));
    return targets.get(ref);
  }

  function childrenOf(ref: string): ReadonlyMap<string, string> {
    children ??= listChildren(openapi);
    return children.get(ref) ?? none;
  }

  function alternativesOf(schema: unknown, depth = 0): string[] {
    const refs = new Set<string>();
    let found = schema;
    while (isObject(found) && typeof found.$ref === "string" && !refs.has(found.$ref)) {
      refs.add(found.$ref);
      found = target(found.$ref);
    }
    if (!isObject(found)) return [];
    const { oneOf, anyOf, discriminator, items } = found;
    const listed = [oneOf, anyOf].flatMap((list) => (Array.isArray(list) ? list : []));
    if (listed.length > 0) return listed.flatMap((one) => namesOf(one, discriminator));
    if (discriminator !== undefined) return [...refs].flatMap((ref) => [...childrenOf(ref).keys()]);
    return isObject(items) && depth < 3 ? alternativesOf(items, depth + 1) : [];
  }

  function namesOf(alternative: unknown, discriminator: unknown): string[] {
    if (!isObject(alternative)) return [];
    const ref = typeof alternative.$ref === "string" ? alternative.$ref : undefined;
    const mapping = isObject(discriminator) && isObject(discriminator.mapping) ? discriminator.mapping : {};
    const name = ref && nameOf(ref);
    const mapped = ref ? (keysTo(mapping).get(ref) ?? []).concat(keysTo(mapping).get(name!) ?? []) : [];
    const described = ref ? target(ref) : alternative;
    const title = isObject(described) && typeof described.title === "string" ? [described.title] : [];
    return [...mapped, ...(name ? [name] : []), ...title];
  }
}

/** The keys of a mapping that lead to each schema. A mapping is read once, however many alternatives ask. */
function keysTo(mapping: JsonObject): Map<unknown, string[]> {
  const known = keysOf.get(mapping);
  if (known) return known;
  const keys = new Map<unknown, string[]>();
  for (const [key, to] of Object.entries(mapping)) {
    const before = keys.get(to);
    if (before) before.push(key);
    else keys.set(to, [key]);
  }
  keysOf.set(mapping, keys);
  return keys;
}

const keysOf = new WeakMap<JsonObject, Map<unknown, string[]>>();

function nameOf(ref: string): string {
  return parsePointer(ref).at(-1) ?? ref;
}

const none: ReadonlyMap<string, string> = new Map();

function targetOf(openapi: object, ref: string): unknown {
  if (ref === "#") return openapi;
  if (ref.startsWith("#/")) return valueAt(openapi, parsePointer(ref));
  return ref.startsWith("#") ? anchored(openapi, ref.slice(1)) : undefined;
}

/** The first schema below `components` that has this anchor. */
function anchored(openapi: object, name: string): unknown {
  const open: unknown[] = [valueAt(openapi, ["components", "schemas"])];
  for (const value of open) {
    if (typeof value !== "object" || value === null) continue;
    const { $anchor, $dynamicAnchor } = value as JsonObject;
    if ($anchor === name || $dynamicAnchor === name) return value;
    open.push(...Object.values(value));
  }
  return undefined;
}

function listChildren(openapi: object): Map<string, Map<string, string>> {
  const schemas = valueAt(openapi, ["components", "schemas"]);
  const children = new Map<string, Map<string, string>>();
  for (const [name, schema] of Object.entries((schemas ?? {}) as JsonObject)) {
    const parents = isObject(schema) && Array.isArray(schema.allOf) ? schema.allOf : [];
    for (const parent of parents) {
      if (!isObject(parent) || typeof parent.$ref !== "string") continue;
      const known = children.get(parent.$ref) ?? new Map<string, string>();
      const own = name.replaceAll("~", "~0").replaceAll("/", "~1");
      children.set(parent.$ref, known.set(name, `#/components/schemas/${own}`));
    }
  }
  return children;
}
