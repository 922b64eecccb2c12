import { isObject, type JsonObject } from "../../../contracts/openapi/json.ts";
import type { Tokens } from "../../../contracts/openapi/pointer.ts";
import { followed, type Node, type Side } from "../schema/pool.ts";
import { canonical } from "../schema/shape.ts";

/** A contract as the comparison sees it, whichever version of Swagger or OpenAPI it is written in. */
export type Contract = {
  side: Side;
  servers: Server[];
  /** By method and path, names of path parameters left out. */
  operations: Map<string, Operation>;
};

/** `at` is everywhere the place in the document. */
export type Server = { url: string; at: Tokens };

export type Operation = {
  /** `POST /subjects/{id}`. */
  name: string;
  path: string;
  at: Tokens;
  operationId: string | undefined;
  deprecated: boolean;
  /** The provider calls the consumer: webhooks and callbacks. */
  reversed: boolean;
  parameters: Parameter[];
  body: Body | undefined;
  responses: Map<string, Response>;
  security: Security;
};

export type Parameter = {
  in: string;
  name: string;
  /** What makes two of them the same: for a path parameter its number, for a header its name in lower case. */
  key: string;
  at: Tokens;
  required: boolean;
  deprecated: boolean;
  emptyAllowed: boolean;
  /** How arrays and objects are written. */
  style: string;
  schema: Node;
};

export type Body = { at: Tokens; required: boolean; contents: Content[] };

export type Content = {
  /** Lower case, without `charset`. */
  type: string;
  /** The description does not say which type. */
  implied: boolean;
  schema: Node;
  at: Tokens;
  /** How form fields are written. */
  encoding: Map<string, string>;
};

export type Response = { at: Tokens; contents: Content[]; headers: Header[] };
export type Header = { name: string; at: Tokens; required: boolean; schema: Node };

export type Security = { at: Tokens; alternatives: Alternative[] };
/** Schemes that are wanted together. */
export type Alternative = { at: Tokens; schemes: Scheme[] };
export type Scheme = {
  name: string;
  /** What a consumer sends, in words; equal for schemes that want the same. */
  kind: string;
  scopes: string[];
  /** Where tokens come from. */
  urls: Map<string, string>;
  at: Tokens;
};

export type Found = { value: JsonObject; at: Tokens };

/** What a part describes, references followed; an empty object where there is nothing. */
export function found(side: Side, value: unknown, at: Tokens): Found {
  if (!isObject(value)) return { value: {}, at };
  if (typeof value.$ref !== "string") return { value, at };
  const target = followed({ ...side, dialect: "2.0" }, value, at);
  return target && isObject(target.value) ? { value: target.value, at: target.at } : { value: {}, at };
}

/** Members of an object with their places; none where it is no object. */
export function members(side: Side, parent: Found, name: string): (Found & { name: string })[] {
  const value = parent.value[name];
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, item]) => ({
    name: key,
    ...found(side, item, [...parent.at, name, key]),
  }));
}

/** Items of a list with their places. */
export function items(side: Side, parent: Found, name: string): Found[] {
  const value = parent.value[name];
  return Array.isArray(value)
    ? value.map((item, index) => found(side, item, [...parent.at, name, index]))
    : [];
}

/** An operation as it is found: `item` is its path item, `holder` its own object. */
export type FoundOperation = { name: string; path: string; item: Found; holder: Found; reversed?: boolean };

/** The parts of an operation that Swagger and OpenAPI write alike. */
export function readHead({
  name,
  path,
  holder: { value, at },
  reversed = false,
}: FoundOperation): Pick<Operation, "name" | "path" | "at" | "operationId" | "deprecated" | "reversed"> {
  const operationId = typeof value.operationId === "string" ? value.operationId : undefined;
  return { name, path, at, operationId, deprecated: value.deprecated === true, reversed };
}

/** The parameters of an operation as they are written; its own win over those of its path. */
export function parametersOf(side: Side, { item, holder }: FoundOperation): Found[] {
  const all = [...items(side, item, "parameters"), ...items(side, holder, "parameters")];
  return [...new Map(all.map((each) => [`${each.value.in} ${each.value.name}`, each])).values()];
}

/** The responses of an operation by status, without extensions. */
export function readResponses(
  side: Side,
  { holder }: FoundOperation,
  read: (response: Found) => Response,
): Operation["responses"] {
  const all = members(side, holder, "responses").filter(({ name }) => !name.startsWith("x-"));
  return new Map(all.map((response) => [response.name.toUpperCase(), read(response)]));
}

/** The security schemes of a document by name. */
export type Schemes = Map<string, Omit<Scheme, "scopes">>;

export const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/** Adds an operation under its key; where two paths differ in parameter names alone, under the path itself. */
export function addOperation(contract: Contract, method: string, operation: Operation): void {
  const erased = `${method.toUpperCase()} ${erasePath(operation.path)}`;
  const key = contract.operations.has(erased) ? operation.name : erased;
  if (key !== erased)
    contract.side.report(
      operation.at,
      `Another path differs from ${operation.path} in parameter names alone.`,
    );
  contract.operations.set(key, operation);
}

export function erasePath(path: string): string {
  return path.replaceAll(/\{[^{}]*\}/g, (text) => (text.endsWith("+}") ? "{+}" : "{}"));
}

/** The names in a path template, in order. */
function pathNames(path: string): string[] {
  return Array.from(path.matchAll(/\{([^{}]*)\}/g), ([, name]) => name!.replace(/\+$/, ""));
}

/** `undefined` for a path parameter that the path does not have. */
export function parameterKey(path: string, place: string, name: string): string | undefined {
  if (place === "header") return `header ${name.toLowerCase()}`;
  if (place !== "path") return `${place} ${name}`;
  const index = pathNames(path).indexOf(name);
  return index < 0 ? undefined : `path ${index}`;
}

/** The parameters of a path template that the description forgets. */
export function undeclared(side: Side, operation: Operation, schema: () => Node): Parameter[] {
  return pathNames(operation.path).flatMap((name, index) => {
    const key = `path ${index}`;
    if (operation.parameters.some((parameter) => parameter.key === key)) return [];
    const elsewhere = operation.parameters.find((parameter) => parameter.name === name)?.in;
    const reason = elsewhere ? `is declared in ${elsewhere}` : "is not declared";
    side.report(operation.at, `The path parameter ${name} of ${operation.name} ${reason}.`);
    return [
      {
        ...{ in: "path", name, key, at: operation.at, required: true, deprecated: false },
        ...{ emptyAllowed: false, style: "simple", schema: schema() },
      },
    ];
  });
}

export function mediaType(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/\s/g, "")
    .replace(/;charset=[^;]*/, "");
}

/** An absolute URL without a default port and a slash at its end, or the path of a relative one. */
export function normalUrl(url: string): string {
  const end = (text: string) => text.replace(/(?<!\/)\/+$/, "") || "/";
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url))
    return end(url.startsWith("/") || url === "" ? url || "/" : `/${url}`);
  const [, scheme, host, port, path] = /^([^:]+):\/\/([^/:?#]*)(?::(\d+))?([^?#]*)/.exec(url) ?? [];
  if (scheme === undefined) return url;
  const defaultPort = { http: "80", https: "443", ws: "80", wss: "443" }[scheme.toLowerCase()];
  const shown = port && port !== defaultPort ? `:${port}` : "";
  return `${scheme.toLowerCase()}://${host!.toLowerCase()}${shown}${end(path!) === "/" ? "" : end(path!)}`;
}

/** The alternatives of an operation, its own or those of the whole document. */
export function readSecurity(side: Side, operation: Found, schemes: Schemes): Security {
  const own = Array.isArray(operation.value.security);
  const holder = own ? operation : { value: side.document, at: [] };
  const lists = items(side, holder, "security");
  const alternatives = lists.map(({ value, at }) => ({
    at,
    schemes: Object.entries(value).map(([name, scopes]): Scheme => {
      const scheme = schemes.get(name);
      if (!scheme) side.report(at, `The security scheme ${name} is not defined.`);
      return {
        ...(scheme ?? { name, kind: `unknown ${name}`, urls: new Map(), at }),
        scopes: Array.isArray(scopes) ? scopes.map(String) : [],
      };
    }),
  }));
  return { at: own || lists.length > 0 ? [...holder.at, "security"] : operation.at, alternatives };
}

/** API Gateway's marks say what a header holds. */
export function apiKeyKind(value: JsonObject): string {
  const name = value.in === "header" ? String(value.name).toLowerCase() : String(value.name);
  const authorization = value["x-amazon-apigateway-authtype"];
  return `API key in ${value.in} ${name}${authorization === undefined ? "" : ` (${canonical(authorization)})`}`;
}
