import { type PactDocument, PactError, savePact } from "./pact-file.ts";

export { type PactDocument, PactError } from "./pact-file.ts";

export type PactOptions = {
  /** The name of the application whose calls these are. */
  consumer: string;
  /**
   * The contract that was called, by its name in `urls`: `necid-v1` or `necid-v1.1`.
   *
   * @default the first one, `necid-v1`
   */
  contract?: string;
  /**
   * The name of the service.
   *
   * @default the name of the contract
   */
  provider?: string;
  /**
   * The version of the Pact specification; 3 is for older brokers.
   *
   * @default 4
   */
  version?: 3 | 4;
  /**
   * Where the pact is written. A pact of the same consumer and provider that is there gets what it does not have yet.
   *
   * @default undefined: it is returned only
   */
  file?: string;
};

/** One call and its response, as a pact expects it. */
export type PactInteraction = {
  description: string;
  states: { name: string; params?: Record<string, string> }[];
  request: PactMessage & { method: string; path: string; query?: Record<string, string[]> };
  /** Without `body` it must be empty. */
  response: PactMessage & { status: number };
};
type PactMessage = {
  headers: Record<string, string>;
  body?: unknown;
  rules?: { body?: Record<string, Matcher[]>; header?: Record<string, Matcher[]> };
  /** Expressions like `/subjects/${id}`: of the path, and of the body by JSONPath. */
  expressions?: { path?: string; body?: Record<string, string> };
};

/** A matcher of the specification, e.g. `{ match: "type", min: 1 }`. */
export type Matcher = { match: string; regex?: string; min?: number };

/** Writes interactions in the form of a version of the specification, and to the file where there is one. */
export async function writePact(
  interactions: PactInteraction[],
  { consumer, provider, version, file }: PactOptions & { provider: string },
): Promise<PactDocument> {
  if (typeof consumer !== "string" || consumer === "") {
    throw new PactError('A pact needs the name of its consumer: pact({ consumer: "my-app" }).');
  }
  const number = version ?? 4;
  if (number !== 3 && number !== 4) throw new PactError("The version of a pact must be 3 or 4.");
  const document: PactDocument = {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: interactions.map(number === 4 ? inVersion4 : inVersion3),
    metadata: { pactSpecification: { version: `${number}.0${number === 3 ? ".0" : ""}` } },
  };
  return file === undefined ? document : savePact(file, document);
}

function inVersion4(interaction: PactInteraction): Record<string, unknown> {
  return {
    type: "Synchronous/HTTP",
    pending: false,
    ...written(interaction, {
      headers: (headers) => mapValues(headers, (value) => [value]),
      body: (content) => ({ content, contentType: "application/json", encoded: false }),
    }),
  };
}

function inVersion3(interaction: PactInteraction): Record<string, unknown> {
  return written(interaction, { headers: (headers) => headers, body: (content) => content });
}

type Form = {
  headers: (headers: Record<string, string>) => object;
  body: (content: unknown) => unknown;
};

function written({ description, states, request, response }: PactInteraction, form: Form) {
  const { method, path, query, expressions } = request;
  const generators = {
    ...(expressions?.path !== undefined && { path: generator(expressions.path) }),
    ...(expressions?.body && { body: mapValues(expressions.body, generator) }),
  };
  const body = (value: unknown) => (value === undefined ? {} : { body: form.body(value) });
  return {
    description,
    ...(states.length > 0 && { providerStates: states }),
    request: {
      method,
      path,
      ...(query && { query }),
      headers: form.headers(request.headers),
      ...body(request.body),
      ...(Object.keys(generators).length > 0 && { generators }),
    },
    response: {
      status: response.status,
      headers: form.headers(response.headers),
      // Without a body any would match; `null` is an empty one.
      ...(response.body === undefined ? { body: null } : body(response.body)),
      ...(response.rules && {
        matchingRules: mapValues(response.rules, (rules) =>
          mapValues(rules ?? {}, (matchers) => ({ combine: "AND", matchers })),
        ),
      }),
    },
  };
}

function generator(expression: string) {
  return { type: "ProviderState", expression };
}

function mapValues<Value, Mapped>(
  record: Record<string, Value>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
