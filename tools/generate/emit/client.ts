import { isObject, type JsonObject } from "../../../contracts/openapi/json.ts";
import {
  type ContentObject,
  type OpenApi,
  type Operation,
  type OperationObject,
  parametersOf,
  readOperations,
} from "../../../contracts/openapi/operations.ts";
import { dereference } from "../../../contracts/openapi/reference.ts";
import { serverUrl } from "../../../contracts/openapi/servers.ts";
import { inComment, keyOf } from "./literals.ts";

/**
 * `client.js` and `client.d.ts`: the server's URL, a table of the operations, and `calls`, which gives
 * an openapi-fetch client one method for each operationId.
 */
export function emitClient(openapi: JsonObject): Record<"client.js" | "client.d.ts", string> {
  const operations = readOperations(openapi);
  const named = operations.filter(({ definition }) => definition.operationId !== undefined);
  const baseUrl = serverUrl(openapi as Pick<OpenApi, "servers">) ?? "";
  const rows = operations.map((operation) => [operation.key, rowOf(openapi, operation)] as const);
  return {
    "client.js": lines(
      `export const serverUrl = ${JSON.stringify(baseUrl)};`,
      "",
      "export const operations = {",
      "  __proto__: null,",
      ...rows.map(([key, row]) => `  ${keyOf(key)}: ${JSON.stringify(row)},`),
      "};",
      "",
      "export function calls(client) {",
      "  return {",
      "    __proto__: null,",
      ...named.map(
        ({ key, method, path }) =>
          `    ${keyOf(key)}: (...init) => client.${method}(${JSON.stringify(path)}, ...init),`,
      ),
      "  };",
      "}",
    ),
    "client.d.ts": lines(
      'import type { FetchOptions, FetchResponse, ParseAs } from "openapi-fetch";',
      'import type { paths } from "./schema.d.ts";',
      "",
      "/** The first server of the contract. */",
      `export declare const serverUrl: ${JSON.stringify(baseUrl)};`,
      "",
      "type Operation<Method extends string, Path extends keyof paths> = {",
      "  readonly method: Method;",
      "  readonly path: Path;",
      "  readonly pathParameters: readonly string[];",
      "  /** Absent when the operation takes no body. */",
      "  readonly requestBody?: { readonly required: boolean; readonly content: readonly string[] };",
      "  /** Alternatives, each a list of schemes that are needed together; empty when the call is open. */",
      "  readonly security: readonly (readonly string[])[];",
      "  readonly statuses: readonly string[];",
      "};",
      "",
      "/** Every operation by its key: the operationId, or `METHOD /path` where there is none. */",
      "export declare const operations: {",
      ...operations.map(
        ({ key, method, path }) =>
          `  readonly ${JSON.stringify(key)}: Operation<${JSON.stringify(method)}, ${JSON.stringify(path)}>;`,
      ),
      "};",
      "",
      "/** The names of the documented examples of each operation, by status. */",
      "export type Examples = {",
      ...operations.map(
        ({ key, examples }) =>
          `  ${JSON.stringify(key)}: { ${Object.entries(examples)
            .map(([status, names]) => `${JSON.stringify(status)}: ${unionOf(names)}`)
            .join("; ")} };`,
      ),
      "};",
      "",
      callTypes,
      "",
      "/** One method for each operationId, on any openapi-fetch client of these paths. */",
      "export declare function calls<Media extends MediaType = MediaType>(client: AnyClient): {",
      ...named.map(
        ({ key, method, path, definition }) =>
          `${docOf(definition)}  ${JSON.stringify(key)}: Call<paths[${JSON.stringify(path)}]["${method.toLowerCase()}"], Media>;`,
      ),
      "};",
    ),
  };
}

/** Types of the written file. A call takes what its operation documents and nothing else. */
const callTypes = `
type MediaType = \`\${string}/\${string}\`;
type AnyClient = { readonly [Method in "GET" | "PUT" | "POST" | "DELETE"]: (path: never, ...init: never) => Promise<unknown> };
type Options<Operation, As> = FetchOptions<Operation> & { parseAs?: As };
type Call<Operation extends Record<string | number, any>, Media extends MediaType> = <As extends ParseAs = "json">(
  ...init: {} extends FetchOptions<Operation> ? [init?: Options<Operation, As>] : [init: Options<Operation, As>]
) => Promise<FetchResponse<Operation, { parseAs: As }, Media>>;
`.trim();

function rowOf(openapi: JsonObject, operation: Operation) {
  const { method, path, definition, statuses } = operation;
  const body = dereference<ContentObject>(openapi, definition.requestBody);
  const security = definition.security ?? openapi.security;
  const parameters = parametersOf(openapi, operation).map(({ value }) => value);
  return {
    method,
    path,
    pathParameters: parameters.filter((one) => one.in === "path").map(({ name }) => name),
    ...(body && {
      requestBody: { required: body.required === true, content: Object.keys(body.content ?? {}) },
    }),
    security: Array.isArray(security)
      ? security.filter(isObject).map((together) => Object.keys(together))
      : [],
    statuses,
  };
}

function unionOf(names: string[]): string {
  return names.map((name) => JSON.stringify(name)).join(" | ");
}

/** The summary, as the comment that an editor shows. */
function docOf({ summary }: OperationObject): string {
  if (typeof summary !== "string") return "";
  return `  /** ${inComment(summary.replace(/\s+/g, " ").trim())} */\n`;
}

function lines(...text: string[]): string {
  return `${text.join("\n")}\n`;
}
