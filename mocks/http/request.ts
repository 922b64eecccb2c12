import type { Route } from "../../contracts/openapi/router.ts";
import type { RequestParts, Violation } from "../../contracts/openapi/validation.ts";
import { type DecodedBase64, decodeBase64 } from "./base64.ts";
import { type BodyRules, decodeBody } from "./body.ts";
import { joinHeaders } from "./headers.ts";
import { type Preference, parsePreference } from "./preference.ts";

/** What was received. */
export type HttpRequestInit = {
  method: string;
  /** The request target as received, e.g. `/v1/subjects/a%20b?x=1`. */
  target: string;
  /** Names and values alternating, as in `IncomingMessage.rawHeaders` (each char is one byte, latin1). */
  rawHeaders: readonly string[];
  body: Buffer;
  /** Whether it came from this machine; the control API asks. Absent means yes (in process). */
  fromLoopback?: boolean | undefined;
};

/**
 * A request. Target, headers and body are decoded here and nowhere else, each when it is first read.
 *
 * It is a class because each request makes one: an object literal with accessors costs twenty times as much.
 */
export class HttpRequest implements HttpRequestInit {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly fromLoopback: boolean | undefined;
  /** The operation that it is for and the values in its path, once they are known. */
  route: Route | undefined;
  /** The body's value, parsed JSON or text, once `decodeBody` has read it; `undefined` without a body. */
  value: unknown;
  #path: string | undefined;
  #query: string | undefined;
  #queryValues: Record<string, string | string[]> | undefined;
  #headers: ReadonlyMap<string, string> | undefined;
  #preference: Preference | undefined;
  #pictures: DecodedBase64[] | undefined;

  constructor({ method, target, rawHeaders, body, fromLoopback }: HttpRequestInit) {
    this.method = method;
    this.target = target;
    this.rawHeaders = rawHeaders;
    this.body = body;
    this.fromLoopback = fromLoopback;
  }

  /** The path as received. */
  get path(): string {
    if (this.#path === undefined) this.#splitTarget();
    return this.#path!;
  }

  /** The query as received, without the question mark. */
  get query(): string {
    if (this.#query === undefined) this.#splitTarget();
    return this.#query!;
  }

  /** The query's values by name, decoded; a list where a name comes more than once. */
  get queryValues(): Record<string, string | string[]> {
    return (this.#queryValues ??= decodeQuery(this.query));
  }

  /** By lower-case name, see `joinHeaders`. */
  get headers(): ReadonlyMap<string, string> {
    return (this.#headers ??= joinHeaders(this.rawHeaders));
  }

  get mediaType(): string | undefined {
    return this.headers.get("content-type");
  }

  /** What the `Prefer` header asks for. */
  get preference(): Preference {
    return (this.#preference ??= parsePreference(this.headers.get("prefer")));
  }

  /** The request as validators read it. */
  get parts(): RequestParts {
    return new DecodedParts(this);
  }

  /** Reads the body into `value`, or says why it cannot be read. */
  decodeBody(rules: BodyRules): Violation | undefined {
    const decoded = decodeBody(this.body, this.mediaType, rules);
    if ("keyword" in decoded) return decoded;
    this.value = decoded.value;
    this.#pictures = decoded.pictures;
    return undefined;
  }

  /** Texts of the body that are known to be Base64. */
  get base64Texts(): readonly string[] {
    return this.#pictures?.map(({ text }) => text) ?? [];
  }

  /** The bytes of a Base64 text of the body. A picture is decoded once, and hashed once, whoever asks. */
  decodeBase64(text: string): DecodedBase64 {
    for (const picture of this.#pictures ?? []) if (picture.text === text) return picture;
    return decodeBase64(text);
  }

  /** The same request with other parts, which are not decoded again. */
  with(changes: Partial<Pick<HttpRequest, "path" | "query" | "rawHeaders" | "headers">>): HttpRequest {
    const { method, target, body, fromLoopback } = this;
    const { rawHeaders = this.rawHeaders } = changes;
    const request = new HttpRequest({ method, target, rawHeaders, body, fromLoopback });
    request.route = this.route;
    request.value = this.value;
    request.#pictures = this.#pictures;
    request.#path = changes.path ?? this.path;
    request.#query = changes.query ?? this.query;
    request.#headers = changes.headers ?? this.headers;
    return request;
  }

  /** An absolute URL on the request line loses its origin (RFC 9112, 3.2.2). */
  #splitTarget(): void {
    const target = this.target.startsWith("/") ? this.target : this.target.replace(origin, "");
    const mark = target.indexOf("?");
    this.#path = mark < 0 ? target : target.slice(0, mark);
    this.#query = mark < 0 ? "" : target.slice(mark + 1);
  }
}

const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** What few operations have validators for is made when it is read. */
class DecodedParts implements RequestParts {
  readonly mediaType: string | undefined;
  readonly body: unknown;
  readonly pathParameters: Record<string, string>;
  readonly #request: HttpRequest;

  constructor(request: HttpRequest) {
    this.mediaType = request.mediaType;
    this.body = request.value;
    this.pathParameters = request.route?.pathParameters ?? {};
    this.#request = request;
  }

  get base64Texts(): readonly string[] {
    return this.#request.base64Texts;
  }

  get query(): RequestParts["query"] {
    return this.#request.queryValues;
  }

  /** With the body's length, which is not sent where the body comes in chunks. */
  get headers(): Record<string, string> {
    const { headers, body } = this.#request;
    const length = this.body === undefined ? 0 : body.length;
    return { ...Object.fromEntries(headers), "content-length": String(length) };
  }
}

function decodeQuery(query: string): Record<string, string | string[]> {
  if (query === "") return {};
  const values: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    const known = values[name];
    if (Array.isArray(known)) known.push(value);
    else values[name] = known === undefined ? value : [known, value];
  }
  return values;
}
