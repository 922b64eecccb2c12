import { isObject, type Json, type JsonObject } from "../../../contracts/openapi/json.ts";
import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import { listOf, type Node, placeSchema, type Side, schemaNode } from "../schema/pool.ts";
import {
  addOperation,
  apiKeyKind,
  type Body,
  type Content,
  type Contract,
  type Found,
  type FoundOperation,
  METHODS,
  mediaType,
  members,
  normalUrl,
  type Operation,
  type Parameter,
  parameterKey,
  parametersOf,
  type Response,
  readHead,
  readResponses,
  readSecurity,
  type Scheme,
  type Schemes,
  type Server,
  undeclared,
} from "./contract.ts";

/** Reads a Swagger 2.0 document as it is written, faults included. */
export function readSwagger(side: Side): Contract {
  const contract: Contract = { side, servers: readServers(side.document), operations: new Map() };
  const root: Found = { value: side.document, at: [] };
  const schemes: Schemes = new Map(
    members(side, root, "securityDefinitions").map((member) => [member.name, readScheme(member)]),
  );
  for (const item of members(side, root, "paths")) {
    if (!item.name.startsWith("/")) continue;
    for (const method of METHODS) {
      if (!isObject(item.value[method])) continue;
      const holder = { value: item.value[method], at: [...item.at, method] };
      const name = `${method.toUpperCase()} ${item.name}`;
      const given = { name, path: item.name, item, holder };
      addOperation(contract, method, readOperation(side, given, schemes));
    }
  }
  return contract;
}

function readServers({ host, basePath, schemes }: JsonObject): Server[] {
  const path = typeof basePath === "string" ? basePath : "/";
  const at: Tokens = basePath === undefined ? (host === undefined ? [] : ["host"]) : ["basePath"];
  if (typeof host !== "string") return [{ url: normalUrl(path), at }];
  const named = listOf(schemes).map(String);
  return (named.length > 0 ? named : ["https"]).map((scheme) => ({
    url: normalUrl(`${scheme}://${host}${path.startsWith("/") ? path : `/${path}`}`),
    at,
  }));
}

function readOperation(side: Side, given: FoundOperation, schemes: Schemes): Operation {
  const { path, holder } = given;
  const all = parametersOf(side, given);
  const inside = (...places: string[]) => all.filter((each) => places.includes(String(each.value.in)));
  for (const each of all.filter((each) => !PLACES.includes(String(each.value.in))))
    side.report(each.at, `A parameter cannot be in ${each.value.in}.`);
  const operation: Operation = {
    ...readHead(given),
    parameters: inside("query", "header", "path").flatMap((each) => readParameter(side, path, each)),
    body: readBody(side, holder, inside("body"), inside("formData")),
    responses: readResponses(side, given, (response) => readResponse(side, holder, response)),
    security: readSecurity(side, holder, schemes),
  };
  operation.parameters.push(...undeclared(side, operation, () => textNode(side, holder.at)));
  return operation;
}

const PLACES = ["query", "header", "path", "body", "formData"];
const TEXT: JsonObject = { type: "string" };

function textNode(side: Side, at: Tokens): Node {
  return schemaNode(side, { ...TEXT }, at);
}

function readParameter(side: Side, path: string, { value, at }: Found): Parameter[] {
  const [place, name] = [String(value.in), String(value.name)];
  const key = parameterKey(path, place, name);
  if (key === undefined) {
    side.report(at, `The path ${path} has no parameter ${name}.`);
    return [];
  }
  return [
    {
      in: place,
      name,
      key,
      at,
      required: value.required === true || place === "path",
      deprecated: value["x-deprecated"] === true,
      emptyAllowed: value.allowEmptyValue === true,
      style: styleOf(String(value.collectionFormat ?? "csv"), place),
      schema: inlineSchema(side, value, at),
    },
  ];
}

function styleOf(format: string, place: string): string {
  if (format === "csv") return place === "query" || place === "formData" ? "form" : "simple";
  const styles: Record<string, string> = {
    multi: "form, exploded",
    ssv: "spaceDelimited",
    pipes: "pipeDelimited",
    tsv: "tabDelimited",
  };
  return styles[format] ?? format;
}

const NO_KEYWORDS = new Set([
  "in",
  "name",
  "description",
  "required",
  "allowEmptyValue",
  "collectionFormat",
  "schema",
]);

/** The schema that a parameter or a header is itself. */
function inlineSchema(side: Side, value: JsonObject, at: Tokens): Node {
  const keywords = Object.entries(value).filter(([key]) => !NO_KEYWORDS.has(key));
  return placeSchema(side, Object.fromEntries(keywords), at);
}

function readBody(side: Side, operation: Found, bodies: Found[], fields: Found[]): Body | undefined {
  const types = typesOf(side, operation, "consumes");
  const [body] = bodies;
  if (body && fields.length > 0)
    side.report(body.at, "The operation has a body and form fields; the form fields are passed over.");
  if (body) {
    if (bodies.length > 1) side.report(bodies[1]!.at, "The operation has more than one body.");
    const at = [...body.at, "schema"];
    const schema = schemaNode(side, body.value.schema, at);
    return { at: body.at, required: body.value.required === true, contents: contentsOf(types, schema, at) };
  }
  if (fields.length === 0) return undefined;
  return readForm(side, fields, types);
}

function readForm(side: Side, fields: Found[], types: string[]): Body {
  const at = fields[0]!.at;
  const properties: JsonObject = {};
  const required: Json[] = [];
  const encoding = new Map<string, string>();
  for (const { value, at: place } of fields) {
    const name = String(value.name);
    const [part] = inlineSchema(side, value, place).parts;
    if (part && isObject(part.schema)) properties[name] = part.schema;
    if (value.required === true) required.push(name);
    if (value.type === "array")
      encoding.set(name, styleOf(String(value.collectionFormat ?? "csv"), "formData"));
  }
  const schema = placeSchema(side, { type: "object", properties, required }, at);
  const forms = types.filter((type) => /^(multipart\/|application\/x-www-form-urlencoded)/.test(type));
  const files = fields.some(({ value }) => value.type === "file");
  const shown =
    forms.length > 0 ? forms : [files ? "multipart/form-data" : "application/x-www-form-urlencoded"];
  const contents = contentsOf(shown, schema, at).map((content) => ({ ...content, encoding }));
  return { at, required: required.length > 0, contents };
}

function typesOf(side: Side, operation: Found, field: "consumes" | "produces"): string[] {
  const own = operation.value[field] ?? side.document[field];
  return listOf(own).map((type) => mediaType(String(type)));
}

function contentsOf(types: string[], schema: Node, at: Tokens): Content[] {
  const named = types.length > 0 ? types : ["*/*"];
  return [...new Set(named)].map((type) => ({
    ...{ type, implied: types.length === 0, schema, at, encoding: new Map() },
  }));
}

function readResponse(side: Side, operation: Found, response: Found): Response {
  const { value, at } = response;
  const place = [...at, "schema"];
  const contents =
    value.schema === undefined
      ? []
      : contentsOf(typesOf(side, operation, "produces"), schemaNode(side, value.schema, place), place);
  const headers = members(side, response, "headers").map((header) => ({
    name: header.name.toLowerCase(),
    at: header.at,
    required: false,
    schema: inlineSchema(side, header.value, header.at),
  }));
  return { at, contents, headers };
}

const FLOWS: Record<string, string> = { accessCode: "authorizationCode", application: "clientCredentials" };

function readScheme({ name, value, at }: Found & { name: string }): Omit<Scheme, "scopes"> {
  const urls = new Map<string, string>();
  if (value.type === "apiKey") return { name, at, urls, kind: apiKeyKind(value) };
  if (value.type === "basic") return { name, at, urls, kind: "HTTP basic" };
  for (const field of ["authorizationUrl", "tokenUrl"])
    if (typeof value[field] === "string") urls.set(field, value[field]);
  const flow = String(value.flow);
  return { name, at, urls, kind: `OAuth 2 (${FLOWS[flow] ?? flow})` };
}
