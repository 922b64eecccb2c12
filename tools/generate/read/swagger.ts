import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import { parsePointer, valueAt } from "../../../contracts/openapi/pointer.ts";
import type { Modernizer } from "./modern.ts";
import { below, type Origin, problemOf } from "./origins.ts";
import type { Problem } from "./problem.ts";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];
const MULTIPART = "multipart/form-data";
const URLENCODED = "application/x-www-form-urlencoded";
const FORMS = [MULTIPART, URLENCODED];

/** A parameter with its references followed, and where it was written. */
type Listed = { value: JsonObject; origin: Origin; $ref?: string };

/**
 * Converts Swagger 2.0, as `readDescription` reads it, to OpenAPI 3.1. What OpenAPI cannot say is a problem, with
 * what stands for it.
 * @see https://spec.openapis.org/oas/v2.0.html
 */
export function convertSwagger(
  swagger: JsonObject,
  { modern, root, problems }: { modern: Modernizer; root: Origin; problems: Problem[] },
): JsonObject {
  const consumed = texts(swagger.consumes);
  const produced = texts(swagger.produces);
  const shared = (swagger.parameters ?? {}) as JsonObject;

  const { swagger: _version, ...kept } = swagger;
  const result: JsonObject = { openapi: "3.1.1" };
  for (const [key, item] of Object.entries(kept)) {
    if (!REPLACED.has(key)) result[key] = item;
  }
  result.paths = paths(swagger.paths as JsonObject, at(root, "paths"));
  if (isObject(swagger["x-ms-paths"]))
    result["x-ms-paths"] = paths(swagger["x-ms-paths"], at(root, "x-ms-paths"));
  const { basePath } = swagger;
  if (typeof basePath === "string" && /^[^/]/.test(basePath)) {
    report(
      at(root, "basePath"),
      `The base path ${basePath} does not begin with a slash. It is read as /${basePath}.`,
    );
  }
  const servers = serversOf(swagger, swagger.schemes);
  if (servers) result.servers = servers;
  const components = componentsOf();
  if (Object.keys(components).length > 0) result.components = components;
  return result;

  function at(origin: Origin, ...tokens: (string | number)[]): Origin {
    return below(origin, ...tokens);
  }

  function report(origin: Origin, message: string, on: "value" | "key" = "value"): void {
    problems.push(problemOf(origin, message, "warning", on));
  }

  function componentsOf(): JsonObject {
    const made: [string, JsonObject][] = [
      ["parameters", sharedParameters()],
      [
        "responses",
        entries(swagger.responses, "responses", (value, origin) => response(value, origin, produced)),
      ],
      ["requestBodies", sharedBodies()],
      ["securitySchemes", entries(swagger.securityDefinitions, "securityDefinitions", scheme)],
      ["schemas", entries(swagger.definitions, "definitions", (value) => modern.schema(value))],
    ];
    const filled = made.filter(([, section]) => Object.keys(section).length > 0);
    return Object.fromEntries(filled);
  }

  function entries(
    section: Json | undefined,
    name: string,
    convert: (value: Json, origin: Origin) => Json,
  ): JsonObject {
    if (!isObject(section)) return {};
    const converted = Object.entries(section).map(([key, item]): [string, Json] => {
      const origin = modern.originOf(item, at(root, name, key));
      return [
        key,
        key.startsWith("x-") && !isObject(item) ? item : modern.from(convert(item, origin), origin),
      ];
    });
    return modern.from(Object.fromEntries(converted), at(root, name));
  }

  function sharedParameters(): JsonObject {
    const all = Object.entries(shared).filter(([, value]) => isObject(value) && !isBody(followed(value)));
    return entries(Object.fromEntries(all), "parameters", (value, origin) =>
      isObject(value) && typeof value.$ref === "string" ? value : parameter(value as JsonObject, origin),
    );
  }

  function sharedBodies(): JsonObject {
    const all = Object.entries(shared).filter(([, value]) => isObject(value) && value.in === "body");
    return entries(Object.fromEntries(all), "parameters", (value, origin) =>
      body({ value: value as JsonObject, origin }, consumed),
    );
  }

  function paths(all: JsonObject, origin: Origin): JsonObject {
    const converted = Object.entries(all).map(([name, item]): [string, Json] => {
      if (!isObject(item) || name.startsWith("x-")) return [name, item];
      const here = modern.originOf(item, at(origin, name));
      return [name, modern.from(path(item, here, name), here)];
    });
    return Object.fromEntries(converted);
  }

  function path(item: JsonObject, origin: Origin, name: string): JsonObject {
    const common = listed(item.parameters, at(origin, "parameters"));
    const converted: JsonObject = {};
    for (const [key, value] of Object.entries(item)) {
      if (key === "parameters") {
        const kept = parameters(common);
        if (kept.length > 0) converted.parameters = kept;
      } else if (METHODS.includes(key) && isObject(value)) {
        const here = modern.originOf(value, at(origin, key));
        converted[key] = modern.from(
          operation(value, here, { common, label: `${key.toUpperCase()} ${name}` }),
          here,
        );
      } else converted[key] = value;
    }
    return converted;
  }

  function operation(
    value: JsonObject,
    origin: Origin,
    { common, label }: { common: Listed[]; label: string },
  ): JsonObject {
    const own = listed(value.parameters, at(origin, "parameters"));
    const all = [...common.filter((one) => !own.some((other) => isSame(one.value, other.value))), ...own];
    const requestBody = bodyOf(value, all, { origin, label });
    const produces = value.produces === undefined ? produced : texts(value.produces);
    const converted: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      if (key === "consumes" || key === "produces" || key === "schemes") continue;
      if (key === "parameters") {
        const kept = parameters(own);
        if (kept.length > 0) converted.parameters = kept;
        if (requestBody) converted.requestBody = requestBody;
      } else if (key === "responses")
        converted.responses = responses(item as JsonObject, at(origin, key), produces);
      else converted[key] = item;
    }
    if (requestBody) converted.requestBody = requestBody;
    const isOwn = value.schemes !== undefined && !isSameList(value.schemes, swagger.schemes);
    const servers = isOwn ? serversOf(swagger, value.schemes) : undefined;
    if (servers) converted.servers = servers;
    return converted;
  }

  // Parameters.

  function listed(list: Json | undefined, origin: Origin): Listed[] {
    if (!Array.isArray(list)) return [];
    return list.filter(isObject).map((item, index) => ({
      value: followed(item) as JsonObject,
      origin: modern.originOf(item, at(origin, index)),
      ...(typeof item.$ref === "string" && { $ref: item.$ref }),
    }));
  }

  function followed(value: Json): Json {
    let reached = value;
    for (let steps = 0; isObject(reached) && typeof reached.$ref === "string" && steps < 100; steps++) {
      reached = (valueAt(swagger, parsePointer(reached.$ref)) ?? {}) as Json;
    }
    return reached;
  }

  function parameters(list: Listed[]): Json[] {
    return list
      .filter(({ value }) => !isBody(value))
      .map(({ value, origin, $ref }) =>
        modern.from($ref === undefined ? parameter(value, origin) : { $ref }, origin),
      );
  }

  function parameter(value: JsonObject, origin: Origin): JsonObject {
    return described(value, origin, value.in === "header" || value.in === "path" ? "simple" : "form", true);
  }

  /** A parameter or a header: what it says of its text is a schema in OpenAPI. */
  function described(
    value: JsonObject,
    origin: Origin,
    style: "simple" | "form",
    isParameter: boolean,
  ): JsonObject {
    const converted: JsonObject = {};
    const schema: JsonObject = {};
    for (const [key, item] of Object.entries(value)) {
      if (DROPPED.has(key)) continue;
      if (KEPT.has(key) || (key.startsWith("x-") && !SCHEMA_EXTENSIONS.has(key))) converted[key] = item;
      else if (key !== "schema") schema[key] = item;
    }
    const example = value.example ?? value["x-example"];
    if (value.deprecated === true || value["x-deprecated"] === true) converted.deprecated = true;
    const { fields, asText } = serialized(value, origin, style);
    Object.assign(converted, fields);
    const whole: JsonObject = { ...(isObject(value.schema) && value.schema), ...schema };
    delete whole.example;
    if (isParameter && Object.keys(whole).length === 0) {
      report(origin, `The parameter ${value.name} has no type. It is read as a text.`);
      whole.type = "string";
    }
    if (whole.type === "file") whole.type = "string";
    const list = { ...whole, collectionFormat: value.collectionFormat ?? "csv" };
    const described = modern.schema(asText ? textOfList(list) : withPlainItems(whole, origin));
    converted.schema = isParameter ? modern.from(described, origin) : described;
    if (example !== undefined) converted.examples = { default: { value: example } };
    return converted;
  }

  /** How a list is written in one text; `asText` where OpenAPI cannot say it. */
  function serialized(
    value: JsonObject,
    origin: Origin,
    style: "simple" | "form",
  ): { fields: JsonObject; asText?: boolean } {
    if (value.type !== "array") return { fields: {} };
    const format = formatOf(value);
    const known: Record<string, JsonObject> = style === "form" ? QUERY_STYLES : { csv: { style: "simple" } };
    if (Object.hasOwn(known, format)) return { fields: known[format]! };
    const where = value.in ?? "a header";
    const place = value.collectionFormat === undefined ? origin : at(origin, "collectionFormat");
    if (format === "multi") {
      report(place, `collectionFormat multi is for query and formData, not for ${where}. It is read as csv.`);
      return { fields: { style: "simple" } };
    }
    const message = `OpenAPI 3 has no collectionFormat ${format} in ${where}. The list is read as one text.`;
    report(place, message);
    return { fields: { "x-collectionFormat": format }, asText: true };
  }

  /** A list inside a list is one text of it: OpenAPI has no separator for it. */
  function withPlainItems(list: JsonObject, origin: Origin): JsonObject {
    if (!isObject(list.items)) return list;
    const { collectionFormat, ...items } = list.items;
    const inner = at(origin, "items");
    const place = collectionFormat === undefined ? inner : at(inner, "collectionFormat");
    if (items.type !== "array") {
      if (collectionFormat !== undefined) report(place, "collectionFormat is for lists. It is left out.");
      return { ...list, items: modern.from(items, inner) };
    }
    const format = formatOf(list.items);
    report(
      place,
      `OpenAPI 3 has no list inside a list that is one text (${format}). Each inner list is read as a text.`,
    );
    return { ...list, items: modern.from(textOfList(list.items), inner) };
  }

  // Bodies.

  function bodyOf(
    operation: JsonObject,
    all: Listed[],
    { origin, label }: { origin: Origin; label: string },
  ): JsonObject | undefined {
    const bodies = all.filter(({ value }) => value.in === "body");
    const fields = all.filter(({ value }) => value.in === "formData");
    for (const second of bodies.slice(1))
      report(second.origin, `${label} has two body parameters. The first one counts.`);
    if (bodies[0] && fields[0])
      report(fields[0].origin, `${label} has a body and formData. The body counts.`);
    const consumes = operation.consumes === undefined ? consumed : texts(operation.consumes);
    if (bodies[0]) {
      const [{ $ref, value }] = bodies as [Listed];
      const name = $ref?.startsWith("#/parameters/") ? parsePointer($ref).at(-1) : undefined;
      const isShared = name !== undefined && shared[name] === value && isSameList(consumes, consumed);
      if (isShared) return { $ref: `#/components/requestBodies/${$ref!.slice("#/parameters/".length)}` };
      return modern.from(body(bodies[0], consumes), bodies[0].origin);
    }
    if (fields.length === 0) return undefined;
    return form(fields, { consumes, isOwn: operation.consumes !== undefined, origin });
  }

  function body({ value, origin }: Listed, consumes: string[]): JsonObject {
    const { name: _name, in: _in, description, required, schema = {}, ...rest } = value;
    const media = consumes.length > 0 ? consumes : ["application/json"];
    const types = media.map((type): [string, Json] => [
      type,
      { schema: modern.from(modern.schema(schema, true), modern.originOf(schema, at(origin, "schema"))) },
    ]);
    return {
      ...(description !== undefined && { description }),
      ...(required === true && { required }),
      content: Object.fromEntries(types),
      ...Object.fromEntries(Object.entries(rest).filter(([key]) => key.startsWith("x-"))),
    };
  }

  function form(
    fields: Listed[],
    { consumes, isOwn, origin }: { consumes: string[]; isOwn: boolean; origin: Origin },
  ): JsonObject {
    const hasFile = fields.some(({ value }) => value.type === "file");
    const types = consumes.filter((type) => FORMS.includes(type));
    if (types.length === 0) types.push(hasFile ? MULTIPART : URLENCODED);
    if (hasFile && !types.includes(MULTIPART)) {
      report(
        fields.find(({ value }) => value.type === "file")!.origin,
        "A file needs multipart/form-data, which is added.",
      );
      types.unshift(MULTIPART);
    }
    const required = fields
      .filter(({ value }) => value.required === true)
      .map(({ value }) => String(value.name));
    const oneText = new Set<JsonObject>();
    const encoding = fields.flatMap(({ value, origin: place }): [string, Json][] => {
      const { fields: written, asText } = serialized(value, place, "form");
      if (asText) oneText.add(value);
      const isDefault = Object.keys(written).length === 0 || written.explode === true;
      return asText || isDefault ? [] : [[String(value.name), written]];
    });
    const schema = (): JsonObject => ({
      type: "object",
      properties: Object.fromEntries(
        fields.map((field): [string, Json] => [
          String(field.value.name),
          modern.from(formField(field, oneText.has(field.value)), field.origin),
        ]),
      ),
      ...(required.length > 0 && { required: [...new Set(required)] }),
    });
    const content = types.map((type): [string, Json] => [
      type,
      { schema: schema(), ...(encoding.length > 0 && { encoding: Object.fromEntries(encoding) }) },
    ]);
    // Other media types of all operations are not meant for the form.
    for (const type of isOwn ? consumes.filter((other) => !FORMS.includes(other)) : []) {
      const isBytes = hasFile && !/json|xml|text/.test(type);
      const what = isBytes ? "the bytes of the file" : "an object of its fields";
      report(at(origin, "consumes"), `A form cannot be sent as ${type}. ${type} is read as ${what}.`, "key");
      content.push([type, { schema: isBytes ? {} : schema() }]);
    }
    return { ...(required.length > 0 && { required: true }), content: Object.fromEntries(content) };
  }

  function formField({ value, origin }: Listed, asText: boolean): JsonObject {
    if (asText) return { ...textOfList(value), "x-collectionFormat": formatOf(value) };
    const {
      name: _name,
      in: _in,
      required: _required,
      collectionFormat: _format,
      allowEmptyValue: _empty,
      ...rest
    } = value;
    const { schema, ...described } = rest;
    const whole = { ...(isObject(schema) && schema), ...described };
    return modern.schema(withPlainItems(whole, origin)) as JsonObject;
  }

  // Responses.

  function responses(all: JsonObject, origin: Origin, produces: string[]): JsonObject {
    const converted = Object.entries(all).map(([status, value]): [string, Json] => {
      if (status.startsWith("x-") || !isObject(value)) return [status, value];
      const here = modern.originOf(value, at(origin, status));
      if (typeof value.$ref !== "string") return [status, modern.from(response(value, here, produces), here)];
      if (isSameList(produces, produced)) return [status, modern.from({ $ref: value.$ref }, here)];
      // A shared response in media types of this operation is one of its own.
      const target = followed(value);
      return [status, isObject(target) ? modern.from(response(target, here, produces), here) : value];
    });
    return Object.fromEntries(converted);
  }

  function response(value: Json, origin: Origin, produces: string[]): JsonObject {
    if (!isObject(value) || typeof value.$ref === "string") return value as JsonObject;
    const { schema, headers, examples, ...rest } = value;
    const converted: JsonObject = {};
    const given = isObject(examples) ? examples : {};
    for (const key of Object.keys(value)) {
      if (key === "headers") converted.headers = headersOf(headers as JsonObject, at(origin, "headers"));
      else if (key !== "schema" && key !== "examples") converted[key] = rest[key]!;
    }
    if (schema === undefined && Object.keys(given).length === 0) return converted;
    const types = schema === undefined ? [] : produces.length > 0 ? produces : ["*/*"];
    const all = [
      ...types,
      ...Object.keys(given).filter((type) => !types.includes(type) && !type.startsWith("x-")),
    ];
    const content = all.map((type): [string, Json] => [
      type,
      {
        ...(schema !== undefined &&
          types.includes(type) && {
            schema: modern.from(modern.schema(schema, true), modern.originOf(schema, at(origin, "schema"))),
          }),
        ...(Object.hasOwn(given, type) && { examples: { response: { value: given[type]! } } }),
      },
    ]);
    converted.content = Object.fromEntries(content);
    return converted;
  }

  function headersOf(headers: JsonObject, origin: Origin): JsonObject {
    const converted = Object.entries(headers).map(([name, value]): [string, Json] => {
      if (!isObject(value)) return [name, value];
      const here = modern.originOf(value, at(origin, name));
      return [name, modern.from(described(value, here, "simple", false), here)];
    });
    return Object.fromEntries(converted);
  }
}

/** Fields of the root that OpenAPI has elsewhere. */
const REPLACED = new Set([
  ...["host", "basePath", "schemes", "consumes", "produces", "definitions", "parameters", "responses"],
  ...["securityDefinitions", "x-ms-parameterized-host", "x-servers"],
]);

/** Fields of a parameter or header that stay beside its schema. */
const KEPT = new Set(["name", "in", "description", "required", "allowEmptyValue"]);

/** Fields that OpenAPI has in other words. */
const DROPPED = new Set(["collectionFormat", "x-example", "x-deprecated", "deprecated"]);

/** Extensions that are about the text, and go with its schema. */
const SCHEMA_EXTENSIONS = new Set(["x-nullable", "x-enum-varnames", "x-ms-enum", "x-enum-descriptions"]);

const QUERY_STYLES: Record<string, JsonObject> = {
  csv: { style: "form", explode: false },
  ssv: { style: "spaceDelimited" },
  pipes: { style: "pipeDelimited" },
  multi: { explode: true },
};

function isBody(value: Json): boolean {
  return isObject(value) && (value.in === "body" || value.in === "formData");
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  return one.name === other.name && one.in === other.in;
}

function texts(list: Json | undefined): string[] {
  return Array.isArray(list) ? [...new Set(list.filter((item) => typeof item === "string"))] : [];
}

function isSameList(one: Json | undefined, other: Json | undefined): boolean {
  return texts(one).toSorted().join() === texts(other).toSorted().join();
}

/** @see https://spec.openapis.org/oas/v2.0.html#security-scheme-object */
function scheme(value: Json): Json {
  if (!isObject(value)) return value;
  if (value.type === "basic") return { ...value, type: "http", scheme: "basic" };
  if (value.type !== "oauth2") return value;
  const { flow, authorizationUrl, tokenUrl, scopes = {}, ...rest } = value;
  const names: Record<string, string> = { application: "clientCredentials", accessCode: "authorizationCode" };
  const name = names[String(flow)] ?? String(flow ?? "implicit");
  return {
    ...rest,
    flows: {
      [name]: {
        ...(authorizationUrl !== undefined && { authorizationUrl }),
        ...(tokenUrl !== undefined && { tokenUrl }),
        scopes,
      },
    },
  };
}

function serversOf(swagger: JsonObject, schemes: Json | undefined): JsonObject[] | undefined {
  const { host, basePath } = swagger;
  const template = swagger["x-ms-parameterized-host"];
  if (Array.isArray(swagger["x-servers"])) return swagger["x-servers"] as JsonObject[];
  const base = typeof basePath === "string" ? basePath.replace(/^(?!\/)(?=.)/, "/").replace(/\/$/, "") : "";
  if (isObject(template) && typeof template.hostTemplate === "string")
    return [templated(template, base, schemes)];
  if (typeof host === "string") {
    const named = texts(schemes);
    return (named.length > 0 ? named : [""]).map((one) =>
      withVariables(`${one ? `${one}:` : ""}//${host}${base}`),
    );
  }
  return typeof basePath === "string" ? [withVariables(base || "/")] : undefined;
}

function withVariables(url: string): JsonObject {
  const names = Array.from(url.matchAll(/\{([^{}]+)\}/g), (match) => match[1]!);
  const variables = names.map((name): [string, Json] => [name, { default: "unknown" }]);
  return { url, ...(names.length > 0 && { variables: Object.fromEntries(variables) }) };
}

/** A host with parameters, as Azure describes it. */
function templated(template: JsonObject, base: string, schemes: Json | undefined): JsonObject {
  const [scheme = "https"] = texts(schemes);
  const prefix = template.useSchemePrefix === false ? "" : `${scheme}://`;
  const given = (Array.isArray(template.parameters) ? template.parameters : []).filter(isObject);
  const server = withVariables(`${prefix}${template.hostTemplate}${base}`);
  const variables = Object.entries((server.variables ?? {}) as JsonObject).map(
    ([name, variable]): [string, Json] => {
      const described = given.find((one) => one.name === name);
      const { default: value, enum: values, description } = described ?? {};
      return [
        name,
        {
          ...(Array.isArray(values) && { enum: values }),
          default: value ?? (Array.isArray(values) ? values[0]! : (variable as JsonObject).default!),
          ...(description !== undefined && { description }),
        },
      ];
    },
  );
  return { ...server, ...(variables.length > 0 && { variables: Object.fromEntries(variables) }) };
}

/** Swagger 2.0's names of what stands between the items of a list. */
const SEPARATORS: Record<string, string> = { csv: ",", ssv: " ", tsv: "\t", pipes: "|" };

/** What stands between the items of a list that is one text. */
function formatOf({ collectionFormat }: JsonObject): string {
  return typeof collectionFormat === "string" ? collectionFormat : "csv";
}

/**
 * The schema of a list that is one text, where OpenAPI has no way to say how it is written: a text whose pattern says
 * what its items are and how many.
 */
function textOfList(list: JsonObject): JsonObject {
  const description = typeof list.description === "string" && { description: list.description };
  const pattern = `^${patternOf(list, [])}$`;
  return { type: "string", ...description, ...(/\[\^|\\d|\|/.test(pattern) && { pattern }) };
}

/** @param outer the separators of the lists around it, which no item may hold. */
function patternOf(list: JsonObject, outer: string[]): string {
  const separator = SEPARATORS[formatOf(list)] ?? ",";
  const within = [...outer, separator];
  const item = `(?:${itemPattern(isObject(list.items) ? list.items : {}, within)})`;
  const least = typeof list.minItems === "number" ? list.minItems : 0;
  const most = typeof list.maxItems === "number" ? Math.max(list.maxItems - 1, 0) : "";
  const further = Math.max(least - 1, 0);
  const times = further === 0 && most === "" ? "*" : `{${further},${most}}`;
  const rest = `(?:${escaped(separator)}${item})${times}`;
  return least === 0 ? `(?:${item}${rest})?` : `${item}${rest}`;
}

function itemPattern(items: JsonObject, separators: string[]): string {
  if (Array.isArray(items.enum)) return items.enum.map((one: Json) => escaped(String(one))).join("|");
  if (items.type === "array") return patternOf(items, separators);
  if (items.type === "integer") return "-?\\d+";
  if (items.type === "number") return "-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?";
  if (items.type === "boolean") return "true|false";
  return `[^${separators.map(escaped).join("")}]*`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&").replaceAll("\t", "\\t");
}
