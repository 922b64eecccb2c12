import { isObject, type JsonObject } from "../../../contracts/openapi/json.ts";
import { anyNode, type Node, type Side, schemaNode } from "../schema/pool.ts";
import {
  addOperation,
  apiKeyKind,
  type Body,
  type Content,
  type Contract,
  type Found,
  type FoundOperation,
  found,
  items,
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

/** Reads an OpenAPI 3.0 or 3.1 document, faults included. */
export function readOpenApi(side: Side): Contract {
  const root: Found = { value: side.document, at: [] };
  const contract: Contract = { side, servers: readServers(side, root), operations: new Map() };
  const components = {
    value: isObject(side.document.components) ? side.document.components : {},
    at: ["components"],
  };
  const schemes: Schemes = new Map(
    members(side, components, "securitySchemes").map((member) => [member.name, readScheme(side, member)]),
  );
  for (const item of members(side, root, "paths")) {
    if (!item.name.startsWith("/")) continue;
    readItem(contract, item, (method) => `${method.toUpperCase()} ${item.name}`, item.name, schemes, false);
  }
  for (const item of members(side, root, "webhooks"))
    readItem(contract, item, (method) => `webhook ${item.name} ${method.toUpperCase()}`, "", schemes, true);
  return contract;
}

function readItem(
  contract: Contract,
  item: Found,
  nameOf: (method: string) => string,
  path: string,
  schemes: Schemes,
  reversed: boolean,
): void {
  const { side } = contract;
  for (const method of METHODS) {
    if (!isObject(item.value[method])) continue;
    const holder = { value: item.value[method], at: [...item.at, method] };
    const name = nameOf(method);
    const operation = readOperation(side, { path, name, reversed, item, holder }, schemes);
    if (reversed) contract.operations.set(name, operation);
    else addOperation(contract, method, operation);
    for (const callback of members(side, holder, "callbacks")) {
      for (const [expression, value] of Object.entries(callback.value)) {
        const target = found(side, value, [...callback.at, expression]);
        const words = `${name} callback ${callback.name} ${expression}`;
        readItem(contract, target, (inner) => `${words} ${inner.toUpperCase()}`, "", schemes, true);
      }
    }
  }
}

function readServers(side: Side, root: Found): Server[] {
  const servers = items(side, root, "servers").flatMap((server) =>
    expandUrl(
      String(server.value.url ?? "/"),
      isObject(server.value.variables) ? server.value.variables : {},
    ).map((url) => ({ url: normalUrl(url), at: [...server.at, "url"] })),
  );
  return servers.length > 0 ? servers : [{ url: "/", at: [] }];
}

/** More combinations of variables are not written out. */
const MOST_URLS = 64;

/** A URL with each allowed value of its variables, defaults first. */
function expandUrl(url: string, variables: JsonObject): string[] {
  let urls = [url];
  for (const [name, variable] of Object.entries(variables)) {
    if (!isObject(variable)) continue;
    const standard = String(variable.default ?? "");
    const others = Array.isArray(variable.enum) ? variable.enum.map(String) : [];
    const values = [...new Set([standard, ...others])];
    const next = values.flatMap((value) => urls.map((each) => each.replaceAll(`{${name}}`, value)));
    urls = next.length > MOST_URLS ? urls.map((each) => each.replaceAll(`{${name}}`, standard)) : next;
  }
  return urls;
}

function readOperation(side: Side, given: FoundOperation, schemes: Schemes): Operation {
  const { path, holder } = given;
  const { value, at } = holder;
  const operation: Operation = {
    ...readHead(given),
    parameters: parametersOf(side, given).flatMap((each) => readParameter(side, path, each)),
    body:
      value.requestBody === undefined
        ? undefined
        : readBody(side, found(side, value.requestBody, [...at, "requestBody"])),
    responses: readResponses(side, given, (response) => readResponse(side, response)),
    security: readSecurity(side, holder, schemes),
  };
  operation.parameters.push(...undeclared(side, operation, () => schemaNode(side, { type: "string" }, at)));
  return operation;
}

const PLACES = ["query", "header", "path", "cookie"];
/** Headers that OpenAPI describes elsewhere. */
const IGNORED = new Set(["accept", "content-type", "authorization"]);

function readParameter(side: Side, path: string, holder: Found): Parameter[] {
  const { value, at } = holder;
  const [place, name] = [String(value.in), String(value.name)];
  if (!PLACES.includes(place)) {
    side.report(at, `A parameter cannot be in ${place}.`);
    return [];
  }
  if (place === "header" && IGNORED.has(name.toLowerCase())) return [];
  const key = parameterKey(path, place, name);
  if (key === undefined) {
    side.report(at, `The path ${path} has no parameter ${name}.`);
    return [];
  }
  const [content] = readContents(side, holder);
  return [
    {
      in: place,
      name,
      key,
      at,
      required: value.required === true || place === "path",
      deprecated: value.deprecated === true,
      emptyAllowed: value.allowEmptyValue === true,
      style: content ? `content ${content.type}` : styleOf(value, place),
      schema: content?.schema ?? schemaNode(side, value.schema, [...at, "schema"]),
    },
  ];
}

function styleOf({ style, explode }: JsonObject, place: string): string {
  const name =
    typeof style === "string" ? style : place === "query" || place === "cookie" ? "form" : "simple";
  const exploded = typeof explode === "boolean" ? explode : name === "form";
  return exploded && name !== "deepObject" ? `${name}, exploded` : name;
}

function readBody(side: Side, holder: Found): Body {
  return { at: holder.at, required: holder.value.required === true, contents: readContents(side, holder) };
}

function readContents(side: Side, holder: Found): Content[] {
  return members(side, holder, "content").map(({ name, value, at }) => {
    const place = [...at, "schema"];
    return {
      type: mediaType(name),
      implied: false,
      schema: value.schema === undefined ? anyNode(side.pool) : schemaNode(side, value.schema, place),
      at: value.schema === undefined ? at : place,
      encoding: readEncoding(value),
    };
  });
}

function readEncoding({ encoding }: JsonObject): Map<string, string> {
  if (!isObject(encoding)) return new Map();
  return new Map(
    Object.entries(encoding).map(([field, each]) => {
      const { contentType, style, explode } = isObject(each) ? each : {};
      const words = [contentType, style, explode === undefined ? undefined : `explode ${explode}`];
      return [field, words.filter((word) => word !== undefined).join(", ")];
    }),
  );
}

function readResponse(side: Side, holder: Found): Response {
  const headers = members(side, holder, "headers").map((header) => ({
    name: header.name.toLowerCase(),
    at: header.at,
    required: header.value.required === true,
    schema: headerSchema(side, header),
  }));
  return {
    at: holder.at,
    contents: readContents(side, holder),
    headers: headers.filter(({ name }) => name !== "content-type"),
  };
}

function headerSchema(side: Side, header: Found): Node {
  const [content] = readContents(side, header);
  return content?.schema ?? schemaNode(side, header.value.schema, [...header.at, "schema"]);
}

function readScheme(side: Side, { name, value, at }: Found & { name: string }): Omit<Scheme, "scopes"> {
  const urls = new Map<string, string>();
  if (value.type === "apiKey") return { name, at, urls, kind: apiKeyKind(value) };
  if (value.type === "http") return { name, at, urls, kind: `HTTP ${String(value.scheme).toLowerCase()}` };
  if (value.type === "openIdConnect") {
    urls.set("openIdConnectUrl", String(value.openIdConnectUrl));
    return { name, at, urls, kind: "OpenID Connect" };
  }
  if (value.type !== "oauth2") return { name, at, urls, kind: String(value.type) };
  const flows = members(side, { value, at }, "flows");
  for (const flow of flows)
    for (const field of ["authorizationUrl", "tokenUrl"])
      if (typeof flow.value[field] === "string") urls.set(field, flow.value[field]);
  return {
    name,
    at,
    urls,
    kind: `OAuth 2 (${flows
      .map((flow) => flow.name)
      .sort()
      .join(", ")})`,
  };
}
