import type { Route } from "../../contracts/openapi/router.ts";
import type { Violation } from "../../contracts/openapi/validation.ts";
import { splitTarget as splitPath } from "../gateway/canonical.ts";
import { parsePrefer } from "../prism/prefer.ts";
import type { Question } from "../prism/prism.ts";
import type { RawRequest } from "./exchange.ts";
import { jsonExcess } from "./json-limits.ts";

/**
 * Decodes a routed request into the question that validators, engine and service read, or says why its
 * body cannot be read. Text that is no UTF-8 or no JSON is a violation; a body that the contract does not
 * know is not looked at, as API Gateway passes it on.
 */
export function readQuestion(
  request: RawRequest,
  route: Route,
  query: string,
  headers: ReadonlyMap<string, string>,
): Question | Violation {
  const bytes = route.operation.takesBody ? request.body : nothing;
  const body = readBody(bytes, headers.get("content-type"));
  if ("keyword" in body) return body;
  return new DecodedQuestion(route, { body: body.value, length: bytes.length, query, headers });
}

/** The same question with another wish. */
export function withPreference(question: Question, preference: Question["preference"]): Question {
  const { method, path, pathParameters, query, headers, mediaType, body } = question;
  return { method, path, pathParameters, query, headers, mediaType, body, preference };
}

type Parts = { body: unknown; length: number; query: string; headers: ReadonlyMap<string, string> };

/** What few requests need is made when it is asked for. */
class DecodedQuestion implements Question {
  readonly method: string;
  readonly pathParameters: Record<string, string>;
  readonly mediaType: string | undefined;
  readonly body: unknown;
  readonly preference: Question["preference"];
  readonly #template: string;
  readonly #parts: Parts;

  constructor({ operation, pathParameters }: Route, parts: Parts) {
    this.method = operation.method;
    this.pathParameters = pathParameters;
    this.mediaType = parts.headers.get("content-type");
    this.body = parts.body;
    this.preference = parsePrefer(parts.headers.get("prefer"));
    this.#template = operation.path;
    this.#parts = parts;
  }

  get path(): string {
    const encoded = (_: string, name: string) => encodeURIComponent(this.pathParameters[name]!);
    return this.#template.replaceAll(/\{([^}]*)\}/g, encoded);
  }

  get query(): Question["query"] {
    return queryRecord(this.#parts.query);
  }

  get headers(): Record<string, string> {
    // Prism reads the length to tell a body from none, also where it came chunked.
    return { ...Object.fromEntries(this.#parts.headers), "content-length": String(this.#parts.length) };
  }
}

/** Path and query as received; an absolute URL on the request line loses its origin (RFC 9112, 3.2.2). */
export function splitTarget(target: string): { path: string; query: string } {
  return splitPath(target.startsWith("/") ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ""));
}

/** API Gateway takes a body without a media type for JSON. */
export function isJson(mediaType: string | undefined): boolean {
  if (!mediaType || mediaType === "application/json") return true;
  const type = mediaType.split(";")[0]!.trim().toLowerCase();
  return type === "application/json" || type.endsWith("+json");
}

const nothing = Buffer.alloc(0);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function readBody(bytes: Buffer, mediaType: string | undefined): { value: unknown } | Violation {
  if (bytes.length === 0) return { value: undefined };
  const json = isJson(mediaType);
  const excess = json ? jsonExcess(bytes) : undefined;
  if (excess) return { place: ["body"], keyword: "excess", params: {}, message: excess };
  try {
    const text = utf8.decode(bytes);
    return { value: json ? JSON.parse(text) : text };
  } catch {
    return { place: ["body"], keyword: "json", params: {}, message: "the body is not valid JSON in UTF-8" };
  }
}

/** The query's values by name, decoded; a list where a name comes more than once. */
export function queryRecord(search: string): Record<string, string | string[]> {
  if (search === "") return {};
  const record: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(search)) {
    const known = record[name];
    if (Array.isArray(known)) known.push(value);
    else record[name] = known === undefined ? value : [known, value];
  }
  return record;
}
