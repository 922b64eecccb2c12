import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { below, type Origin, type Origins } from "./origins.ts";
import { type Dialect, shapesOf } from "./shapes.ts";

/** Lifts the parts of a description, as `readDescription` reads it, to OpenAPI 3.1. */
export class Modernizer {
  readonly #origins: Origins;
  readonly #dialect: Dialect;

  constructor(origins: Origins, dialect: Dialect) {
    this.#origins = origins;
    this.#dialect = dialect;
  }

  /** A whole document of OpenAPI 3.0 or 3.1. */
  document(openapi: JsonObject): JsonObject {
    const { openapi: version, ...rest } = this.#part("root", openapi) as JsonObject;
    return { openapi: this.#dialect === "3.1" ? version! : "3.1.1", ...rest };
  }

  /** Copies a value of a type, with every schema in it lifted. */
  #part(type: string, value: Json): Json {
    if (type === "schema" || type === "items" || type === "schema?boolean") return this.schema(value);
    if (Array.isArray(value))
      return this.#keep(
        value,
        value.map((item) => this.#part(type.slice(1, -1), item)),
      );
    if (!isObject(value)) return value;
    if (type.startsWith("{")) {
      const inner = type.slice(1, -1);
      return this.#keep(
        value,
        mapped(value, (item) => this.#part(inner, item)),
      );
    }
    const shape = shapesOf("3.1")[type];
    if (!shape) return value;
    if (typeof value.$ref === "string" && type !== "path") return value;
    const { fields, others } = shape;
    const result = mapped(value, (item, key) => {
      const inner =
        (Object.hasOwn(fields, key) && fields[key]) || (key.startsWith("x-") ? "any" : (others ?? "any"));
      return this.#part(inner, item);
    });
    return this.#keep(value, EXAMPLES.has(type) && this.#dialect !== "3.1" ? namedExample(result) : result);
  }

  /** A schema, and those in it. */
  schema(value: Json, isWholeBody = false): Json {
    if (Array.isArray(value)) return value.map((item) => this.schema(item));
    if (!isObject(value)) return value;
    const fields = shapesOf("3.1").schema!.fields;
    const copied = mapped(value, (item, key) =>
      Object.hasOwn(fields, key) ? this.#schemaField(fields[key]!, item) : item,
    );
    return this.#keep(value, this.#lifted(copied, isWholeBody));
  }

  #schemaField(type: string, value: Json): Json {
    if (type.includes("schema") || type === "items") {
      if (type.startsWith("{") && isObject(value))
        return this.#keep(
          value,
          mapped(value, (item) => this.schema(item)),
        );
      return Array.isArray(value)
        ? this.#keep(
            value,
            value.map((item) => this.schema(item)),
          )
        : this.schema(value);
    }
    return value;
  }

  #lifted(schema: JsonObject, isWholeBody: boolean): JsonObject {
    for (const field of NAMING) delete schema[field];
    limits(schema);
    if (typeof schema.discriminator === "string")
      schema.discriminator = { propertyName: schema.discriminator };
    if (schema.dependencies !== undefined) splitDependencies(schema);
    if (this.#dialect === "2.0") swaggerExtensions(schema);
    const nullable = withNull(schema);
    if (this.#dialect === "3.1") return nullable;
    return withContent(listedExample(nullable), isWholeBody);
  }

  /** The origin of a value is that of its copy. */
  #keep<Value extends Json>(value: Json, copy: Value): Value {
    const origin = this.#origins.get(value);
    return origin ? this.#origins.set(copy, origin) : copy;
  }

  /** Where a value comes from, which stands at a place unless something else is known. */
  originOf(value: Json | undefined, place: Origin): Origin {
    return this.#origins.get(value) ?? place;
  }

  /** Says where a value comes from, and the schemas of a list in it. */
  from<Value extends Json>(value: Value, place: Origin): Value {
    return this.#origins.set(value, place);
  }

  child(origin: Origin, key: string | number): Origin {
    return below(origin, key);
  }
}

/** Objects whose `example` is one of `examples`. */
const EXAMPLES = new Set(["parameter", "header", "media"]);

/** Keywords that name a schema. Every reference names its place. */
const NAMING = ["$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary"];

function mapped(value: JsonObject, change: (item: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

/** The booleans of draft 4 are the limits themselves since draft 6. */
function limits(schema: JsonObject): void {
  for (const [exclusive, limit] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof schema[exclusive] !== "boolean") continue;
    if (schema[exclusive] && typeof schema[limit] === "number") {
      schema[exclusive] = schema[limit];
      delete schema[limit];
    } else delete schema[exclusive];
  }
}

/** `nullable` of OpenAPI 3.0 says what `null` among the types says. */
function withNull(schema: JsonObject): JsonObject {
  if (typeof schema.nullable !== "boolean") return schema;
  const { nullable, ...rest } = schema;
  if (!nullable) return rest;
  const { type, $ref, allOf, oneOf, anyOf } = rest;
  if (type !== undefined) return { ...rest, type: withType(type) };
  const alternatives = Array.isArray(oneOf) ? "oneOf" : Array.isArray(anyOf) ? "anyOf" : undefined;
  if (typeof $ref === "string") {
    const { $ref: _, ...beside } = rest;
    return { ...beside, anyOf: [{ $ref }, { type: "null" }] };
  }
  if (Array.isArray(allOf)) {
    const { allOf: _, ...beside } = rest;
    return { ...beside, anyOf: [allOf.length === 1 ? allOf[0]! : { allOf }, { type: "null" }] };
  }
  if (alternatives) return { ...rest, [alternatives]: [...(rest[alternatives] as Json[]), { type: "null" }] };
  if (Array.isArray(rest.enum) && !rest.enum.includes(null)) return { ...rest, enum: [...rest.enum, null] };
  // Without any of these, null is valid already.
  return rest;
}

function withType(type: Json): Json {
  const types = Array.isArray(type) ? type : [type];
  return types.includes("null") ? type : [...types, "null"];
}

/** `dependencies` of draft 4 is two keywords since 2019-09. */
function splitDependencies(schema: JsonObject): void {
  const { dependencies } = schema;
  delete schema.dependencies;
  if (!isObject(dependencies)) return;
  const entries = Object.entries(dependencies);
  const lists = entries.filter(([, item]) => Array.isArray(item));
  const schemas = entries.filter(([, item]) => isObject(item));
  if (lists.length > 0) schema.dependentRequired = Object.fromEntries(lists);
  if (schemas.length > 0) schema.dependentSchemas = Object.fromEntries(schemas);
}

/** Extensions of Swagger 2.0 for what OpenAPI 3 has of its own. */
function swaggerExtensions(schema: JsonObject): void {
  if (typeof schema["x-nullable"] === "boolean") {
    schema.nullable = schema["x-nullable"];
    delete schema["x-nullable"];
  }
  for (const name of ["oneOf", "anyOf"]) {
    const value = schema[`x-${name}`];
    if (!Array.isArray(value) || schema[name] !== undefined) continue;
    schema[name] = value;
    delete schema[`x-${name}`];
  }
  if (schema.type === "file") {
    schema.type = "string";
    schema.format = "binary";
  }
}

/** `example` of a schema is one of `examples` since draft 6. */
function listedExample(schema: JsonObject): JsonObject {
  if (schema.example === undefined) return schema;
  const { example, examples, ...rest } = schema;
  return { ...rest, examples: Array.isArray(examples) ? examples : [example] };
}

function namedExample(holder: JsonObject): JsonObject {
  if (holder.example === undefined) return holder;
  const { example, examples, ...rest } = holder;
  return { ...rest, examples: { default: { value: example }, ...(isObject(examples) && examples) } };
}

/** Formats that say how bytes are text are keywords of their own in 3.1. */
function withContent(schema: JsonObject, isWholeBody: boolean): JsonObject {
  const isText = schema.type === "string" || (Array.isArray(schema.type) && schema.type.includes("string"));
  if (!isText) return schema;
  const { format, ...rest } = schema;
  if (format === "binary") {
    // Bytes are no value of JSON Schema, and have no type.
    const { type: _, ...bytes } = rest;
    return isWholeBody ? bytes : { contentMediaType: "application/octet-stream", ...bytes };
  }
  return format === "byte" || format === "base64" ? { ...rest, contentEncoding: "base64" } : schema;
}
