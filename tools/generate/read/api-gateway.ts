import { anyMethod, isIgnoredExtension } from "../../../contracts/openapi/api-gateway.ts";
import { isObject, type JsonObject } from "../../../contracts/openapi/json.ts";
import { formatPointer, parsePointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import type { SpecDocument } from "./document.ts";
import type { Problem } from "./problem.ts";

/**
 * A description with what API Gateway writes in its own way written as OpenAPI has it: an operation for each method
 * that an any-method serves, and a response of 200 where an integration's operation documents none.
 * Places in the file stay those of what was written.
 */
export function readApiGateway(document: SpecDocument): SpecDocument {
  const { value, locate } = document;
  if (!isObject(value.paths)) return document;
  const written = new Map<string, string>();
  const ids = operationIds(value.paths);
  let changed = false;
  const paths = Object.fromEntries(
    Object.entries(value.paths).map(([path, item]) => {
      if (!isObject(item)) return [path, item];
      const expanded = withResponses(withEachMethod(item, ids));
      if (expanded === item) return [path, item];
      changed = true;
      for (const method of Object.keys(expanded)) {
        if (item[method] === undefined)
          written.set(formatPointer(["paths", path, method]), formatPointer(["paths", path, anyMethod]));
      }
      return [path, expanded];
    }),
  );
  if (!changed) return document;
  return {
    ...document,
    value: { ...value, paths },
    locate(pointer, on) {
      const [root, path, method, ...rest] = parsePointer(pointer);
      const any =
        rest.length + (method === undefined ? 0 : 1) > 0 ? formatPointer([root!, path!, method!]) : "";
      const there = written.get(any);
      return locate(there === undefined ? pointer : `${there}${formatPointer(rest)}`, on);
    },
  };
}

/** The methods that ANY stands for. */
const served = ["get", "put", "post", "delete", "options", "head", "patch"];
/** Requests of these have no body that means anything. @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.1 */
const withoutBody = new Set(["get", "head", "delete", "options"]);

function withEachMethod(item: JsonObject, ids: Set<string>): JsonObject {
  const { [anyMethod]: any, ...rest } = item;
  if (!isObject(any)) return item;
  const { operationId, ...operation } = any;
  for (const method of served.filter((name) => rest[name] === undefined)) {
    rest[method] = {
      ...idFor(operationId, method, ids),
      ...(withoutBody.has(method) ? bodiless(operation) : operation),
      [anyMethod]: true,
    };
  }
  return rest;
}

/** Each operation has its own id: that of ANY with the method behind it. Where that is taken, it has none. */
function idFor(operationId: unknown, method: string, ids: Set<string>): { operationId?: string } {
  const id = `${operationId}${method[0]!.toUpperCase()}${method.slice(1)}`;
  if (typeof operationId !== "string" || ids.has(id)) return {};
  ids.add(id);
  return { operationId: id };
}

function operationIds(paths: JsonObject): Set<string> {
  const operations = Object.values(paths).flatMap((item) => (isObject(item) ? Object.values(item) : []));
  return new Set(operations.flatMap((one) => (isObject(one) ? String(one.operationId ?? "") : [])));
}

function bodiless({ requestBody: _, ...operation }: JsonObject): JsonObject {
  if (!Array.isArray(operation.parameters)) return operation;
  const isBody = (one: unknown) => isObject(one) && (one.in === "body" || one.in === "formData");
  return { ...operation, parameters: operation.parameters.filter((one) => !isBody(one)) };
}

/** An export lists no response of a proxy: whatever the service says passes through. */
function withResponses(item: JsonObject): JsonObject {
  const bare = Object.entries(item).filter(
    ([, operation]) =>
      isObject(operation) &&
      operation["x-amazon-apigateway-integration"] !== undefined &&
      (operation.responses === undefined ||
        (isObject(operation.responses) && Object.keys(operation.responses).length === 0)),
  );
  if (bare.length === 0) return item;
  const responses = { "200": { description: "What the integration responds." } };
  const completed = bare.map(([name, operation]) => [name, { ...(operation as JsonObject), responses }]);
  return { ...item, ...Object.fromEntries(completed) };
}

/** One note about all extensions of API Gateway's that change nothing in the contract, at the first of them. */
export function noteIgnoredExtensions({ value, file, text, locate }: SpecDocument): Problem[] {
  // Most descriptions have none, and looking for one takes as long as reading the file.
  if (!text.includes("x-amazon-apigateway-")) return [];
  const places = new Map<string, Tokens>();
  const open: { value: unknown; at: Tokens }[] = [{ value, at: [] }];
  for (const { value, at } of open) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      if (!isIgnoredExtension(key)) open.push({ value: item, at: [...at, key] });
      else if (!places.has(key)) places.set(key, [...at, key]);
    }
  }
  const [first] = places.values();
  if (!first) return [];
  const names = [...places.keys()].join(", ");
  const message = `Extensions of API Gateway that change nothing in the contract are ignored: ${names}.`;
  return [{ file, ...locate(formatPointer(first), "key"), message, severity: "note" }];
}
