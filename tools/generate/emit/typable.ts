import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { VALUE_KEYWORDS } from "../../../contracts/openapi/keywords.ts";
import { formatPointer, parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";
import { leadsTo } from "../validators/endless.ts";

/**
 * A copy of a contract that openapi-typescript can write types of. It writes a reference as a path through the types,
 * which is right for components only: a reference to a schema elsewhere leads to a component of its own here, and what
 * another such reference leads to stands in its place.
 */
export function typable(openapi: JsonObject): JsonObject {
  const copy = structuredClone(openapi);
  const names = new Map<string, string>();
  walk(copy, false);
  cutCircles(copy);
  return copy;

  function walk(value: Json, isSchema: boolean): void {
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item !== "object" || item === null || isValue(key, value, isSchema)) continue;
      if (isSchema) {
        if (COMPOSITIONS.has(key)) withoutBooleans(item, key === "allOf" || "discriminator" in value);
        if (MAPS.has(key)) for (const schema of Object.values(item)) enter(schema, true);
        else enter(item, true);
      } else if (value === copy.components && key === "schemas") {
        for (const schema of Object.values(item)) enter(schema, true);
      } else {
        (value as JsonObject)[key] = key === "schema" ? item : inlined(item);
        enter((value as JsonObject)[key]!, key === "schema");
      }
    }
  }

  function enter(value: Json, isSchema: boolean): void {
    if (isSchema && isObject(value)) {
      if (leadsElsewhere(value.$ref)) value.$ref = named(value.$ref as string);
      const inherited = inheritedDiscriminator(openapi, value);
      // openapi-typescript writes this property itself, and would write it twice.
      if (inherited !== undefined && isObject(value.properties)) delete value.properties[inherited];
      withNullAsChoice(value);
    }
    walk(value, isSchema);
  }

  /** The reference to a component that holds what another reference leads to. */
  function named(ref: string): string {
    const known = names.get(ref);
    if (known !== undefined) return known;
    const target = valueAt(openapi, parsePointer(ref));
    if (target === undefined) return ref;
    const components = (copy.components ??= {}) as JsonObject;
    const schemas = (components.schemas ??= {}) as JsonObject;
    const plain = parsePointer(ref).join("_").replaceAll(/\W+/g, "_");
    let name = plain;
    for (let count = 2; Object.hasOwn(schemas, name); count++) name = `${plain}_${count}`;
    const own = `#${formatPointer(["components", "schemas", name])}`;
    names.set(ref, own);
    schemas[name] = structuredClone(target) as Json;
    enter(schemas[name]!, true);
    return own;
  }

  /** What a reference to a parameter, a response or a header outside the components leads to. */
  function inlined(value: Json): Json {
    let found = value;
    for (let count = 0; count < MOST_STEPS && isObject(found) && leadsElsewhere(found.$ref); count++) {
      const target = valueAt(openapi, parsePointer(found.$ref as string));
      if (!isObject(target)) return found;
      const { $ref: _, ...beside } = found;
      found = { ...structuredClone(target), ...beside };
    }
    return found;
  }
}

/** `null` and one of several types at once is a type that may not refer to itself; it is meant as one more choice. */
function withNullAsChoice(schema: JsonObject): void {
  const choices = schema.oneOf ?? schema.anyOf;
  if (schema.type !== "null" || !Array.isArray(choices)) return;
  delete schema.type;
  choices.push({ type: "null" });
}

/**
 * TypeScript takes no property whose type leads back to itself, unless through another property: a list of texts and of
 * such lists. There the list may hold anything.
 */
function cutCircles(openapi: JsonObject): void {
  const components = isObject(openapi.components) ? openapi.components : {};
  const schemas = isObject(components.schemas) ? components.schemas : {};
  const next = new Map(Object.entries(schemas).map(([name, schema]) => [name, directlyIn(schema)]));
  const namesIn = (name: string) => (next.get(name) ?? []).map((reference) => reference.name);
  for (const [name, references] of next) {
    for (const reference of [...references]) {
      if (!leadsTo(reference.name, name, namesIn)) continue;
      delete reference.holder.$ref;
      references.splice(references.indexOf(reference), 1);
    }
  }
}

/** The components that a schema refers to in its lists and compositions, each with the object that does. */
function directlyIn(schema: Json | undefined): { name: string; holder: JsonObject }[] {
  if (!isObject(schema)) return [];
  if (typeof schema.$ref === "string") {
    const [components, section, name] = parsePointer(schema.$ref);
    return components === "components" && section === "schemas" && name !== undefined
      ? [{ name, holder: schema }]
      : [];
  }
  const lists = [schema.allOf, schema.anyOf, schema.oneOf, schema.prefixItems, [schema.items ?? null]];
  return lists.flatMap((list) => (Array.isArray(list) ? list.flatMap(directlyIn) : []));
}

/** The discriminator's property of a schema that another one is made of, by `allOf`. */
function inheritedDiscriminator(
  openapi: JsonObject,
  schema: JsonObject,
  seen = new Set<JsonObject>(),
): string | undefined {
  if (schema.discriminator || !Array.isArray(schema.allOf) || seen.has(schema)) return undefined;
  seen.add(schema);
  for (const part of schema.allOf) {
    if (!isObject(part) || typeof part.$ref !== "string") continue;
    const base = valueAt(openapi, parsePointer(part.$ref));
    if (!isObject(base)) continue;
    if (isObject(base.discriminator)) return base.discriminator.propertyName as string | undefined;
    const further = inheritedDiscriminator(openapi, base, seen);
    if (further !== undefined) return further;
  }
  return undefined;
}

/** References that follow one another. */
const MOST_STEPS = 20;

/** Whether a reference leads to something that has no type under its own name. */
function leadsElsewhere(ref: Json | undefined): boolean {
  return typeof ref === "string" && ref.startsWith("#/") && !TYPED.test(ref);
}

const TYPED = /^#\/components\/(schemas|responses|parameters|requestBodies|headers|pathItems)\/[^/]+$/;

/** Fields whose names are the author's, and whose values are schemas. */
const MAPS = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const COMPOSITIONS = new Set(["allOf", "anyOf", "oneOf"]);

/** Fields that hold values, which may look like references but are none. */
const VALUES = new Set(["example", "examples"]);
const VALUES_OF_SCHEMA = new Set([...VALUE_KEYWORDS, "mapping"]);

function isValue(key: string, value: object, isSchema: boolean): boolean {
  if (Array.isArray(value)) return false;
  return key.startsWith("x-") || (isSchema ? VALUES_OF_SCHEMA : VALUES).has(key);
}

/** openapi-typescript looks for references in every part of a composition, and fails at a boolean. */
function withoutBooleans(items: Json, always: boolean): void {
  if (!Array.isArray(items) || !always) return;
  for (const [index, item] of items.entries())
    if (typeof item === "boolean") items[index] = item ? {} : { not: {} };
}
