/** A consumer's pact, and where it came from. */
export type Pact = {
  consumer: string;
  provider: string;
  /** The file or URL, as messages name it. */
  source: string;
  interactions: Interaction[];
  /** New to this provider: its mismatches are told, and fail nothing. */
  pending: boolean;
  /** The pact as it is written. */
  document: PactDocument;
};

/** One interaction, whatever version of the specification it is written in. */
export type Interaction = {
  description: string;
  states: string[];
  /** Whether it is a request and its answer; messages are something else. */
  isHttp: boolean;
  method: string;
  /** With the query; below the base path. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** A JSON value, or text of another media type. */
  body: unknown;
  /** What the provider states give: the text with `${name}` for the path, and for places in the body. */
  given: { path?: string; body: Record<string, string> };
  answer: { status: number; headers: string[]; body: unknown };
  /** The interaction as it is written, its path below the base path. */
  written: WrittenInteraction;
};

export type PactDocument = {
  consumer: { name: string };
  provider: { name: string };
  interactions?: WrittenInteraction[];
  messages?: unknown[];
  metadata?: unknown;
  _links?: Record<string, { href: string }>;
};
export type WrittenInteraction = {
  type?: string;
  /** Of specification 4: its author does not rely on it yet. */
  pending?: boolean;
  description: string;
  providerState?: string;
  providerStates?: { name: string }[];
  request?: WrittenMessage & { method: string; path: string; query?: string | Record<string, string[]> };
  response?: WrittenMessage & { status: number };
};
type WrittenMessage = {
  headers?: Record<string, string | string[]>;
  body?: unknown;
  generators?: { path?: unknown; body?: Record<string, { type: string; expression?: string }> };
};

/** Something that is no pact. */
export class PactFileError extends Error {
  readonly code = "PACT_FILE";
  readonly source: string;

  constructor(source: string, fault: string) {
    super(`${source} ${fault}. Give a pact of specification 2, 3 or 4.`);
    this.name = "PactFileError";
    this.source = source;
  }
}

/**
 * Reads a pact of specification 2, 3 or 4.
 *
 * @param options.basePath of the contract, `/v1`; a consumer may have recorded its paths with or without.
 * @throws {PactFileError} when the text is no pact.
 * @see https://github.com/pact-foundation/pact-specification
 */
export function readPact(
  text: string,
  { source, basePath = "", pending = false }: { source: string; basePath?: string; pending?: boolean },
): Pact {
  const document = parse(text, source);
  const [consumer, provider] = [document?.consumer?.name, document?.provider?.name];
  if (typeof consumer !== "string" || typeof provider !== "string") {
    throw new PactFileError(source, "names no consumer and provider");
  }
  const messages = (document.messages ?? []).map(() => ({ type: "Message", description: "a message" }));
  const interactions = [...(document.interactions ?? []), ...messages].map((written) =>
    readInteraction(written, basePath),
  );
  return { consumer, provider, source, pending, document, interactions };
}

function parse(text: string, source: string): PactDocument {
  try {
    return JSON.parse(text);
  } catch {
    throw new PactFileError(source, "is not JSON");
  }
}

function readInteraction(original: WrittenInteraction, basePath: string): Interaction {
  const written = belowBasePath(original, basePath);
  const { request, response, type = "Synchronous/HTTP", description } = written;
  const states = written.providerStates?.map(({ name }) => name) ?? [written.providerState ?? ""];
  return {
    description,
    states: states.filter((name) => name !== ""),
    isHttp: type === "Synchronous/HTTP" && request !== undefined && response !== undefined,
    method: (request?.method ?? "").toUpperCase(),
    path: `${request?.path ?? ""}${queryOf(request?.query)}`,
    headers: headersOf(request?.headers),
    body: contentOf(request?.body),
    given: givenOf(request?.generators),
    answer: {
      status: response?.status ?? 0,
      headers: Object.keys(headersOf(response?.headers)),
      body: contentOf(response?.body),
    },
    written,
  };
}

function belowBasePath(written: WrittenInteraction, basePath: string): WrittenInteraction {
  const { request } = written;
  if (!request || basePath === "" || !`${request.path}/`.startsWith(`${basePath}/`)) return written;
  const below = (text: string) => (text.startsWith(basePath) ? text.slice(basePath.length) : text);
  const { expression, ...rest } = (request.generators?.path ?? {}) as { expression?: string };
  const generators = request.generators && {
    ...request.generators,
    ...(expression !== undefined && { path: { ...rest, expression: below(expression) } }),
  };
  return {
    ...written,
    request: { ...request, path: below(request.path), ...(generators && { generators }) },
  };
}

function queryOf(query: string | Record<string, string[]> | undefined): string {
  const text =
    typeof query === "object"
      ? new URLSearchParams(
          Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
        ).toString()
      : query;
  return text ? `?${text}` : "";
}

function headersOf(headers: Record<string, string | string[]> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]),
  );
}

/** Specification 4 writes `{ content, contentType, encoded }`, the older ones the value itself. */
function contentOf(body: unknown): unknown {
  const { content, encoded } = (body ?? {}) as { content?: unknown; encoded?: unknown };
  if (content === undefined) return body ?? undefined;
  if (encoded === "base64" || encoded === true) return Buffer.from(String(content), "base64").toString();
  return content === "" ? undefined : content;
}

function givenOf(generators: WrittenMessage["generators"]): Interaction["given"] {
  const { path, body = {} } = generators ?? {};
  const expressions = Object.entries(body).flatMap(([place, { type, expression }]) =>
    type === "ProviderState" && expression !== undefined ? [[place, expression]] : [],
  );
  const { type, expression } = (path ?? {}) as { type?: string; expression?: string };
  return {
    ...(type === "ProviderState" && { path: expression }),
    body: Object.fromEntries(expressions),
  };
}
