import type { Violation } from "../contracts/validation.ts";
import { parsePrefer } from "./engine/prefer.ts";
import type { Question } from "./engine/prism.ts";
import type { RawRequest } from "./exchange.ts";
import { splitTarget as splitPath } from "./gateway/canonical.ts";
import { jsonExcess } from "./json-excess.ts";
import type { Route } from "./router.ts";

/**
 * Decodes a routed request into the question that validators, engine and service read, or says why its
 * body cannot be read. Text that is no UTF-8 or no JSON is a violation; a body that the contract does not
 * know is not looked at, as API Gateway passes it on.
 */
export function readQuestion(
  request: RawRequest,
  { operation, pathParameters }: Route,
  query: string,
  headers: Map<string, string>,
): Question | Violation {
  const mediaType = headers.get("content-type");
  const bytes = operation.takesBody ? request.body : nothing;
  const body = readBody(bytes, mediaType);
  if ("keyword" in body) return body;
  return {
    method: operation.method,
    pathParameters,
    mediaType,
    body: body.value,
    preference: parsePrefer(headers.get("prefer")),
    // Few requests need these: they are made for who asks.
    get path() {
      return operation.path.replaceAll(/\{([^}]*)\}/g, (_, name: string) =>
        encodeURIComponent(pathParameters[name]!),
      );
    },
    get query() {
      return query === "" ? {} : queryRecord(query);
    },
    get headers() {
      // Prism reads the length to tell a body from none, also where it came chunked.
      return { ...Object.fromEntries(headers), "content-length": String(bytes.length) };
    },
  };
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

function queryRecord(search: string): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(search)) {
    const known = record[name];
    if (Array.isArray(known)) known.push(value);
    else record[name] = known === undefined ? value : [known, value];
  }
  return record;
}
