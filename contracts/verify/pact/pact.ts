import { createShapes, formatPlace } from "../../openapi/shape.ts";

/** A consumer's pact and its source. */
export type Pact = {
  consumer: string;
  provider: string;
  /** File or URL, as shown in messages. */
  source: string;
  interactions: Interaction[];
  /** New to this provider: its mismatches are reported, but do not fail the run. */
  pending: boolean;
  /** The pact file's content, without members that are `null` and with paths below the base path. */
  document: PactDocument;
  /** The pact file's content as it is there. */
  original: unknown;
};

/** One interaction, of any version of the specification. */
export type Interaction = {
  description: string;
  states: { name: string; parameters: Record<string, unknown> }[];
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
  interactions?: InteractionDocument[] | null;
  messages?: unknown[] | null;
  metadata?: unknown;
  _links?: Record<string, { href: string }>;
};
export type InteractionDocument = {
  type?: string;
  /** Since specification 4: the consumer does not rely on it yet. */
  pending?: boolean;
  description: string;
  providerState?: string;
  providerStates?: { name: string; params?: Record<string, unknown> | null }[];
  request?: MessageDocument & { method: string; path: string; query?: string | Record<string, string[]> };
  response?: MessageDocument & { status: number };
};
type MessageDocument = {
  headers?: Record<string, string | string[]>;
  body?: unknown;
  matchingRules?: Record<string, unknown>;
  generators?: { path?: unknown; body?: Record<string, { type: string; expression?: string }> };
};

/** Thrown for something that is no pact. The message names the file, and the interaction and place where it has one. */
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
 * Reads a pact of specification 2, 3 or 4. Like Pact's own Verifier, it takes `null` for a member that is not there,
 * and the request `GET /` and the status 200 where a pact has none.
 *
 * @param options.basePath the contract's, e.g. `/v1`. The pact's paths may include it or not.
 * @throws {PactFileError} if the text is no pact.
 * @see https://github.com/pact-foundation/pact-specification
 */
export function readPact(
  text: string,
  { source, basePath = "", pending = false }: { source: string; basePath?: string; pending?: boolean },
): Pact {
  const read = parse(text, source);
  const [consumer, provider] = [read?.consumer?.name, read?.provider?.name];
  if (typeof consumer !== "string" || typeof provider !== "string") {
    throw new PactFileError(source, "names no consumer and provider");
  }
  demandShape(source, { name: "Pact", value: read });
  const document = { ...read, interactions: read.interactions ?? [], messages: read.messages ?? [] };
  const typed = isVersion4(document);
  const interactions = document.interactions.map((interaction, index) => {
    const about = `interaction ${JSON.stringify(interaction?.description ?? index + 1)}`;
    const name = typed && isMessage(interaction) ? "Message" : typed ? "TypedInteraction" : "Interaction";
    demandShape(source, { name, value: interaction, about });
    if (typed && isMessage(interaction)) return messageOf(interaction);
    return readInteraction(withoutNulls(interaction), { basePath, typed });
  });
  const messages = document.messages.map((message) => messageOf(message));
  return {
    consumer,
    provider,
    source,
    pending,
    original: read,
    document: { ...document, interactions: interactions.map((interaction) => interaction.document) },
    interactions: [...interactions, ...messages],
  };
}

function parse(text: string, source: string): PactDocument {
  if (isNestedDeeperThan(deepest, text)) {
    throw new PactFileError(source, `is nested deeper than ${deepest} levels`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new PactFileError(source, "is not JSON");
  }
}

/** What reads a pact calls itself for each level. */
const deepest = 200;

function isNestedDeeperThan(limit: number, text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      for (at++; at < text.length && text[at] !== '"'; at++) if (text[at] === "\\") at++;
    } else if (character === "[" || character === "{") {
      depth++;
      if (depth > limit) return true;
    } else if (character === "]" || character === "}") depth--;
  }
  return false;
}

/** Before specification 4 every interaction is an HTTP interaction. */
function isVersion4({ metadata }: PactDocument): boolean {
  const { pactSpecification, pactSpecificationVersion } = (metadata ?? {}) as {
    pactSpecification?: { version?: unknown } | null;
    pactSpecificationVersion?: unknown;
  };
  return String(pactSpecification?.version ?? pactSpecificationVersion).startsWith("4");
}

function demandShape(
  source: string,
  { name, value, about }: { name: string; value: unknown; about?: string },
): void {
  const [problem] = shapes(name, value);
  if (!problem) return;
  const place = formatPlace(problem.at);
  const where = [about, place].filter(Boolean).join(", ");
  throw new PactFileError(source, `has a fault at ${where || "its top"}: it ${problem.rule}`);
}

const optionalText = { type: ["string", "null"], title: "text" };
const optionalObject = { type: ["object", "null"], title: "a JSON object" };
const optionalList = { type: ["array", "null"], title: "a list" };
const scalar = { type: ["string", "number", "boolean", "null"], title: "text" };
const headerValue = { ...scalar, pattern: "^[^\\r\\n\\0]*$", title: "text without line breaks" };
const message = {
  headers: {
    ...optionalObject,
    // https://www.rfc-editor.org/rfc/rfc9110#section-5.1
    propertyNames: { pattern: "^[\\w!#$%&'*+.^`|~-]+$", title: "an object with the names of headers" },
    additionalProperties: {
      ...headerValue,
      type: [...headerValue.type, "array"],
      items: headerValue,
      title: "text without line breaks, or a list of it",
    },
  },
  matchingRules: optionalObject,
  generators: optionalObject,
};
const interactionShape = {
  type: "object",
  title: "a JSON object",
  properties: {
    description: scalar,
    providerState: optionalText,
    providerStates: {
      ...optionalList,
      items: {
        type: "object",
        title: "a JSON object with a name",
        properties: { name: { type: "string", title: "text" }, params: optionalObject },
        required: ["name"],
      },
    },
    pending: { type: ["boolean", "null"], title: "true or false" },
    request: {
      ...optionalObject,
      properties: {
        ...message,
        method: optionalText,
        path: optionalText,
        query: {
          type: ["string", "object", "null"],
          title: "text, or an object with the values of each name",
        },
      },
    },
    response: {
      ...optionalObject,
      properties: { ...message, status: { type: ["integer", "null"], title: "a whole number" } },
    },
  },
};
const messageTypes = ["Asynchronous/Messages", "Synchronous/Messages"];
const shapes = createShapes({
  Pact: { type: "object", properties: { interactions: optionalList, messages: optionalList } },
  Interaction: interactionShape,
  TypedInteraction: {
    ...interactionShape,
    properties: { ...interactionShape.properties, type: { enum: ["Synchronous/HTTP", ...messageTypes] } },
    required: ["type"],
  },
  // Nothing else of a message is read: its request and its responses are of another kind.
  Message: { type: "object", properties: { description: scalar } },
});

function isMessage(interaction: { type?: unknown } | null | undefined): boolean {
  return messageTypes.includes(interaction?.type as string);
}

/** A copy without the members that are `null`, of the interaction and of its messages. A body may be `null`. */
function withoutNulls(interaction: InteractionDocument): InteractionDocument {
  const { request, response, ...rest } = present(interaction);
  return {
    ...rest,
    description: String(rest.description ?? ""),
    ...(request && { request: present(request) }),
    ...(response && { response: present(response) }),
  };
}

function present<Value extends object>(value: Value): Value {
  const kept = Object.entries(value).filter(([name, member]) => member !== null || name === "body");
  return Object.fromEntries(kept) as Value;
}

function messageOf(message: unknown): Interaction {
  const { description } = (message ?? {}) as { description?: unknown };
  const document = { type: "Asynchronous/Messages", description: String(description ?? "a message") };
  return readInteraction(document, { basePath: "", typed: true });
}

function readInteraction(
  original: InteractionDocument,
  { basePath, typed }: { basePath: string; typed: boolean },
): Interaction {
  const isHttp = !typed || original.type === "Synchronous/HTTP";
  const document = isHttp ? belowBasePath(decoded(withDefaults(original)), basePath) : original;
  const { request, response, description } = document;
  const states = document.providerStates ?? [{ name: document.providerState ?? "", params: null }];
  return {
    description: description || "an interaction without a description",
    states: states
      .filter(({ name }) => name !== "")
      .map(({ name, params }) => ({ name, parameters: params ?? {} })),
    isHttp,
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

function withDefaults(interaction: InteractionDocument): InteractionDocument {
  return {
    ...interaction,
    request: { method: "GET", path: "/", ...interaction.request },
    response: { status: 200, ...interaction.response },
  };
}

/** JSON in Base64 is written as JSON, which is what it is compared as. */
function decoded(interaction: InteractionDocument): InteractionDocument {
  const { request, response, ...rest } = interaction;
  return {
    ...rest,
    ...(request && { request: { ...request, ...decodedBody(request) } }),
    ...(response && { response: { ...response, ...decodedBody(response) } }),
  };
}

function decodedBody({ body }: MessageDocument): { body?: unknown } {
  const { content, contentType, encoded } = (body ?? {}) as Record<string, unknown>;
  const isEncoded = encoded === "base64" || encoded === true;
  if (
    !isEncoded ||
    typeof content !== "string" ||
    !/^application\/([\w.-]+\+)?json\b/i.test(String(contentType))
  )
    return {};
  try {
    const value = JSON.parse(Buffer.from(content, "base64").toString());
    return { body: { content: value, contentType, encoded: false } };
  } catch {
    return {};
  }
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

function headersOf(headers: MessageDocument["headers"] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), [value].flat().join(", ")]),
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
  const { path, body } = generators ?? {};
  const ofBody = Object.entries(body ?? {}).flatMap(([path, generator]) =>
    generator?.type === "ProviderState" && generator.expression !== undefined
      ? [[path, generator.expression]]
      : [],
  );
  const { type, expression } = (path ?? {}) as { type?: string; expression?: string };
  return {
    ...(type === "ProviderState" && { path: expression }),
    body: Object.fromEntries(ofBody),
  };
}
