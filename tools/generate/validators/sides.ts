import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { eachPart } from "../../../contracts/openapi/keywords.ts";
import { type Tokens, valueAt } from "../../../contracts/openapi/pointer.ts";
import { dereference } from "../../../contracts/openapi/reference.ts";

/** Who sends a body. A `readOnly` property is required of responses only, a `writeOnly` one of requests only. */
export type Side = "request" | "response";

/**
 * The parts of a contract with the schemas of one side; the contract itself where both have the same.
 *
 * @see https://spec.openapis.org/oas/v3.0.4.html#fixed-fields-20
 */
export function contractOfSide(openapi: JsonObject, side: Side): JsonObject {
  const found = excusedIn(openapi).filter((one) => one.side === side);
  if (found.length === 0) return openapi;
  const copy = structuredClone(openapi);
  for (const { at, names } of found) {
    const schema = valueAt(copy, at) as JsonObject;
    schema.required = (schema.required as string[]).filter((name) => !names.includes(name));
  }
  return copy;
}

/** Whether requests and responses have different schemas. */
export function hasSides(openapi: JsonObject): boolean {
  const known = sided.get(openapi) ?? excusedIn(openapi).length > 0;
  sided.set(openapi, known);
  return known;
}

const sided = new WeakMap<JsonObject, boolean>();

/** A schema, and the names that it requires although this side does not send them. */
type Excused = { side: Side; at: Tokens; names: string[] };

function excusedIn(openapi: JsonObject): Excused[] {
  const excused: Excused[] = [];
  const marked = new Map<unknown, string | undefined>();
  for (const section of ["components", "paths"]) walk(openapi[section] ?? {}, { at: [section] });
  return excused;

  /** @param around the properties of the schema that has this one in its `allOf`. */
  function walk(
    value: Json,
    { at, around = {}, isNames = false }: { at: Tokens; around?: JsonObject; isNames?: boolean },
  ): void {
    if (typeof value !== "object" || value === null) return;
    if (isObject(value) && !isNames && (Array.isArray(value.required) || Array.isArray(value.allOf))) {
      const properties = { ...around, ...propertiesOf(value) };
      if (Array.isArray(value.required)) note(value.required, properties, at);
      if (Array.isArray(value.allOf)) {
        for (const [index, part] of value.allOf.entries())
          walk(part, { at: [...at, "allOf", index], around: properties });
      }
    }
    eachPart(value, isNames, (key, item, itemIsNames) => {
      if (isNames || key !== "allOf") walk(item, { at: [...at, key], isNames: itemIsNames });
    });
  }

  function note(required: Json[], properties: JsonObject, at: Tokens): void {
    const named = (keyword: string) =>
      required.filter(
        (name): name is string =>
          typeof name === "string" && Object.hasOwn(properties, name) && markOf(properties[name]) === keyword,
      );
    const readOnly = named("readOnly");
    const writeOnly = named("writeOnly");
    if (readOnly.length > 0) excused.push({ side: "request", at, names: readOnly });
    if (writeOnly.length > 0) excused.push({ side: "response", at, names: writeOnly });
  }

  function markOf(property: Json | undefined): string | undefined {
    if (!isObject(property)) return undefined;
    if (!marked.has(property)) {
      const described = dereference<JsonObject>(openapi, property) ?? {};
      const isMarked = (keyword: string) => property[keyword] === true || described[keyword] === true;
      marked.set(property, ["readOnly", "writeOnly"].find(isMarked));
    }
    return marked.get(property);
  }

  /** The properties of a schema and of the schemas that it is composed of. */
  function propertiesOf(schema: JsonObject, seen = new Set<unknown>()): JsonObject {
    if (seen.has(schema)) return {};
    seen.add(schema);
    const parts = (Array.isArray(schema.allOf) ? schema.allOf : []).map((part) =>
      dereference<JsonObject>(openapi, part),
    );
    const below = parts.map((part) => (isObject(part) ? propertiesOf(part, seen) : {}));
    const own = isObject(schema.properties) ? schema.properties : {};
    return Object.assign({}, ...below, own);
  }
}
