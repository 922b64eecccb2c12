import type { OpenApi, Operation, ParameterObject } from "../../../contracts/openapi/operations.ts";
import { type ContentObject, parametersOf, readOperations } from "../../../contracts/openapi/operations.ts";
import { dereference } from "../../../contracts/openapi/reference.ts";
import { createSample, type Sample } from "../../../mocks/documented/sample.ts";
import { readSchemas } from "../../../mocks/documented/schemas.ts";
import type { Sent } from "../differential/connection.ts";

/** A request for one documented response in one media type. */
export type Call = {
  operation: Operation;
  status: number;
  /** As the contract documents it; `undefined` where the response has no body. */
  mediaType: string | undefined;
  sent: Sent;
};

/** Which statuses are asked for: successes, or every documented one. */
export type Statuses = "successes" | "all";

/** One call for each operation, documented status and media type, with a valid request. */
export function callsOf(openapi: OpenApi, statuses: Statuses): Call[] {
  const sample = createSample(readSchemas(openapi), "request");
  // Some write several operations of one path as fragments of it, which no request carries.
  const reachable = readOperations(openapi).filter(({ path }) => !path.includes("#"));
  return reachable.flatMap((operation) => {
    const request = requestOf(openapi, operation, sample);
    return statusesOf(operation, statuses).flatMap(([name, status]) => {
      const response = dereference<ContentObject>(openapi, operation.definition.responses?.[name]);
      const types = Object.keys(response?.content ?? {});
      const hasBody = operation.method !== "HEAD" && ![204, 205, 304].includes(status) && types.length > 0;
      return (hasBody ? types : [undefined]).map((mediaType) => {
        const accept: [string, string][] = mediaType === undefined ? [] : [["Accept", mediaType]];
        const headers: Sent["headers"] = [...request.headers, ["Prefer", `code=${status}`], ...accept];
        return { operation, status, mediaType, sent: { ...request, headers } };
      });
    });
  });
}

function statusesOf({ statuses }: Operation, wanted: Statuses): [name: string, status: number][] {
  const listed = statuses.flatMap((name): [string, number][] => {
    if (/^[2-5]\d\d$/.test(name)) return [[name, Number(name)]];
    return /^[2-5]XX$/i.test(name) ? [[name, Number(`${name[0]}00`)]] : [];
  });
  const successes = listed.filter(([, status]) => status < 300);
  const fallback: [string, number][] = statuses.includes("default") ? [["default", 200]] : [];
  if (wanted === "all") return [...listed, ...(successes.length === 0 ? fallback : [])];
  return successes.length > 0 ? successes : fallback;
}

function requestOf(openapi: OpenApi, operation: Operation, sample: Sample): Sent {
  const parameters = parametersOf(openapi, operation).map(({ value }) => value as Parameter);
  const required = parameters.filter((one) => one.in === "path" || one.required);
  let target = operation.path;
  const query = new URLSearchParams();
  const headers: Sent["headers"] = [];
  const cookies: string[] = [];
  for (const parameter of required) {
    const schema = parameter.schema ?? Object.values(parameter.content ?? {})[0]?.schema;
    const [first] = Object.values(parameter.examples ?? {});
    const like = parameter.example ?? dereference<{ value?: unknown }>(openapi, first)?.value;
    const value = schema === undefined ? (like ?? "x") : sample(schema, { like });
    const text = parameter.content ? JSON.stringify(value) : textOf(value);
    if (parameter.in === "path") {
      const segment = encodeURIComponent(text === "" ? "x" : text);
      target = target.replaceAll(`{${parameter.name}}`, segment).replaceAll(`{${parameter.name}+}`, segment);
    } else if (parameter.in === "header") headers.push([parameter.name, text]);
    else if (parameter.in === "cookie") cookies.push(`${parameter.name}=${encodeURIComponent(text)}`);
    else addQuery(query, parameter, value);
  }
  for (const [place, name, value] of credentialsOf(openapi, operation)) {
    if (place === "header") headers.push([name, value]);
    else if (place === "cookie") cookies.push(`${name}=${value}`);
    else query.append(name, value);
  }
  if (cookies.length > 0) headers.push(["Cookie", cookies.join("; ")]);
  const search = query.toString();
  const { method } = operation;
  return { method, target: search === "" ? target : `${target}?${search}`, headers, ...bodyOf() };

  function bodyOf(): Pick<Sent, "body"> {
    const described = dereference<ContentObject>(openapi, operation.definition.requestBody);
    const contents = Object.entries(described?.content ?? {});
    const [type, media] = contents.find(([name]) => /[/+]json\b/.test(name)) ?? contents[0] ?? [];
    if (type === undefined || !described?.required) return {};
    const concrete = type === "*/*" ? "application/json" : type;
    const like = (media as { example?: unknown } | undefined)?.example;
    const value = media?.schema === undefined ? (like ?? {}) : sample(media.schema, { like });
    const isForm = concrete.startsWith("application/x-www-form-urlencoded");
    const isMultipart = concrete.startsWith("multipart/");
    headers.push(["Content-Type", isMultipart ? `${concrete}; boundary=b` : concrete]);
    if (isForm) return { body: Buffer.from(formOf(value)) };
    if (isMultipart) return { body: Buffer.from(partsOf(value)) };
    return { body: Buffer.from(/[/+]json\b/.test(concrete) ? JSON.stringify(value) : textOf(value)) };
  }
}

/** What the first alternative of the operation's security wants. Stock Prism only looks whether it is there. */
function credentialsOf(
  openapi: OpenApi,
  { definition }: Operation,
): [place: string, name: string, value: string][] {
  const [names = {}] = definition.security ?? openapi.security ?? [];
  const schemes = Object.keys(names).map(
    (name) => openapi.components?.securitySchemes?.[name] as Scheme | undefined,
  );
  return schemes.flatMap((scheme): [string, string, string][] => {
    if (scheme?.type === "apiKey") return [[scheme.in ?? "header", scheme.name ?? "", "a-key"]];
    const isBasic = scheme?.type === "http" && scheme.scheme?.toLowerCase() === "basic";
    return scheme ? [["header", "Authorization", isBasic ? "Basic YTpi" : "Bearer a.token.here"]] : [];
  });
}

type Scheme = { type: string; in?: string; name?: string; scheme?: string };
type Parameter = ParameterObject & {
  content?: Record<string, { schema?: unknown }>;
  examples?: Record<string, unknown>;
};

function addQuery(
  query: URLSearchParams,
  { name, style = "form", explode = style === "form" }: Parameter,
  value: unknown,
) {
  if (Array.isArray(value)) {
    const separator = { spaceDelimited: " ", pipeDelimited: "|" }[style] ?? ",";
    if (explode) for (const item of value) query.append(name, textOf(item));
    else query.append(name, value.map(textOf).join(separator));
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value))
      query.append(style === "deepObject" ? `${name}[${key}]` : key, textOf(item));
  } else query.append(name, textOf(value));
}

function formOf(value: unknown): string {
  const form = new URLSearchParams();
  for (const [name, item] of Object.entries((value ?? {}) as object))
    for (const one of Array.isArray(item) ? item : [item]) form.append(name, textOf(one));
  return form.toString();
}

function partsOf(value: unknown): string {
  const parts = Object.entries((value ?? {}) as object).map(
    ([name, item]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${textOf(item)}\r\n`,
  );
  return `${parts.join("")}--b--\r\n`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}
