/** A consumer's pact and its source. */
export type Pact = {
  consumer: string;
  provider: string;
  /** File or URL, as shown in messages. */
  source: string;
  interactions: Interaction[];
  /** New to this provider: its mismatches are reported, but do not fail the run. */
  pending: boolean;
  /** The pact file's content. */
  document: PactDocument;
};

/** One interaction, of any version of the specification. */
export type Interaction = {
  description: string;
  states: string[];
  /** False for a message interaction. */
  isHttp: boolean;
  method: string;
  /** Below the base path, with the query. */
  path: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** A JSON value, or the text of another media type. */
  body: unknown;
  /** Expressions like `/subjects/${id}` for values of provider states: of the path, and of the body by JSONPath. */
  expressions: { path?: string; body: Record<string, string> };
  response: { status: number; headers: string[]; body: unknown };
  /** The interaction as in the pact file, with its path below the base path. */
  document: InteractionDocument;
};

export type PactDocument = {
  consumer: { name: string };
  provider: { name: string };
  interactions?: InteractionDocument[];
  messages?: unknown[];
  metadata?: unknown;
  _links?: Record<string, { href: string }>;
};
export type InteractionDocument = {
  type?: string;
  /** Since specification 4: the consumer does not rely on it yet. */
  pending?: boolean;
  description: string;
  providerState?: string;
  providerStates?: { name: string }[];
  request?: MessageDocument & { method: string; path: string; query?: string | Record<string, string[]> };
  response?: MessageDocument & { status: number };
};
type MessageDocument = {
  headers?: Record<string, string | string[]>;
  body?: unknown;
  generators?: { path?: unknown; body?: Record<string, { type: string; expression?: string }> };
};

/** Thrown for something that is no pact. */
export class PactFileError extends Error {
  readonly code = "PACT_FILE";
  readonly source: string;

  constructor(source: string, problem: string) {
    super(`${source} ${problem}. Give a pact of specification 2, 3 or 4.`);
    this.name = "PactFileError";
    this.source = source;
  }
}

/**
 * Reads a pact of specification 2, 3 or 4.
 *
 * @param options.basePath the contract's, e.g. `/v1`. The pact's paths may include it or not.
 * @throws {PactFileError} if the text is no pact.
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
  const interactions = [...(document.interactions ?? []), ...messages].map((interaction) =>
    readInteraction(interaction, basePath),
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

function readInteraction(original: InteractionDocument, basePath: string): Interaction {
  const document = belowBasePath(original, basePath);
  const { request, response, type = "Synchronous/HTTP", description } = document;
  const states = document.providerStates?.map(({ name }) => name) ?? [document.providerState ?? ""];
  return {
    description,
    states: states.filter((name) => name !== ""),
    isHttp: type === "Synchronous/HTTP" && request !== undefined && response !== undefined,
    method: (request?.method ?? "").toUpperCase(),
    path: `${request?.path ?? ""}${queryOf(request?.query)}`,
    headers: headersOf(request?.headers),
    body: contentOf(request?.body),
    expressions: expressionsOf(request?.generators),
    response: {
      status: response?.status ?? 0,
      headers: Object.keys(headersOf(response?.headers)),
      body: contentOf(response?.body),
    },
    document,
  };
}

function belowBasePath(interaction: InteractionDocument, basePath: string): InteractionDocument {
  const { request } = interaction;
  if (!request || basePath === "" || !`${request.path}/`.startsWith(`${basePath}/`)) return interaction;
  const below = (text: string) => (text.startsWith(basePath) ? text.slice(basePath.length) : text);
  const { expression, ...rest } = (request.generators?.path ?? {}) as { expression?: string };
  const generators = request.generators && {
    ...request.generators,
    ...(expression !== undefined && { path: { ...rest, expression: below(expression) } }),
  };
  return {
    ...interaction,
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

/** Specification 4 has `{ content, contentType, encoded }`, older ones have the value itself. */
function contentOf(body: unknown): unknown {
  const { content, encoded } = (body ?? {}) as { content?: unknown; encoded?: unknown };
  if (content === undefined) return body ?? undefined;
  if (encoded === "base64" || encoded === true) return Buffer.from(String(content), "base64").toString();
  return content === "" ? undefined : content;
}

function expressionsOf(generators: MessageDocument["generators"]): Interaction["expressions"] {
  const { path, body = {} } = generators ?? {};
  const ofBody = Object.entries(body).flatMap(([path, { type, expression }]) =>
    type === "ProviderState" && expression !== undefined ? [[path, expression]] : [],
  );
  const { type, expression } = (path ?? {}) as { type?: string; expression?: string };
  return {
    ...(type === "ProviderState" && { path: expression }),
    body: Object.fromEntries(ofBody),
  };
}
