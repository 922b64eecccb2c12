import type { ContentObject, OpenApi, Operation } from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import { headersOf } from "./headers.ts";
import { acceptedTypes, kindOf, matches } from "./media.ts";
import { createSample, type Sample } from "./sample.ts";
import { readSchemas, type Schemas } from "./schemas.ts";
import { createIsValid, type IsValid, typesOf } from "./valid.ts";
import { concreteType, isBinary, writeBody } from "./write.ts";

/** Which response of an operation is wanted. */
export type WantedResponse = {
  code?: number | undefined;
  /** The name of an example, or of an alternative of the schema. */
  example?: string | undefined;
  /** Chooses among alternatives and enumerated values. */
  seed?: string | undefined;
  /** The `Accept` header. */
  accept?: string | undefined;
  /** A body that is kept as far as the schema allows it. */
  like?: unknown;
};

/** A response as the contract documents it. */
export type DocumentedResponse = {
  status: number;
  /** Without those that HTTP itself has, such as `Content-Type`. */
  headers: Record<string, string>;
  mediaType: string | undefined;
  /** A value where `isJson`, else the text or the bytes; `undefined` for no body. */
  body: unknown;
  isJson: boolean;
};

/** Why there is no response: the contract does not document what is wanted. */
type Undocumented = { status: 404 | 406; message: string };

/** Responds by the contract alone, each response made when it is first wanted. */
export type Documented = {
  respond(operation: Operation, wanted: WantedResponse): DocumentedResponse | Undocumented;
  /**
   * Whether a response that another engine made of the contract can be sent: its body is written by its media type
   * alone, and keeps the schema.
   */
  keeps(
    operation: Operation,
    response: { status: number; mediaType: string | undefined; body: unknown },
  ): boolean;
  /** The names of alternatives that an example may be asked for by, in any media type of the response. */
  alternatives(operation: Operation, code: number | undefined): string[];
  /**
   * Headers that every response of this status must have and that are missing in the given ones, and those that are
   * given without a value or with one that breaks their schema.
   */
  missingHeaders(
    operation: Operation,
    response: { status: number; headers: Record<string, unknown> },
  ): Record<string, string>;
};

/**
 * Makes responses that keep the schemas of a contract, in every media type that it documents. Nothing is read of the
 * contract before an operation is asked for, and schemas are followed, not copied.
 *
 * @param options.slowPatterns patterns that may take exponential time; texts are made for them and not tested.
 */
export function createDocumented(
  openapi: OpenApi,
  { slowPatterns }: { slowPatterns?: ReadonlySet<string> } = {},
): Documented {
  const schemas = readSchemas(openapi, slowPatterns);
  const isValid = createIsValid(schemas);
  const sample = createSample(schemas);
  const tools: Tools = { openapi, schemas, isValid, sample };

  return {
    respond(operation, wanted) {
      const found = responseOf(tools, operation, wanted.code);
      if (!found) return notFound(`Requested status code ${wanted.code} is not defined in the document.`);
      const { status, response } = found;
      const headers = headersOf(openapi, response, { sample, isValid });
      const contents = Object.entries(response.content ?? {});
      const hasBody = operation.method !== "HEAD" && mayHaveBody(status) && contents.length > 0;
      if (!hasBody) return { status, headers, mediaType: undefined, body: undefined, isJson: false };
      const chosen = negotiate(contents, wanted.accept);
      if (!chosen) return { status: 406, message: `Unable to find content for ${wanted.accept}` };
      const like = wanted.like && withoutWriteOnly(chosen.media.schema, wanted.like, 0);
      const body = bodyOf(tools, chosen, { ...wanted, like });
      return "message" in body ? body : { status, headers, ...body };
    },
    keeps(operation, { status, mediaType, body }) {
      const found = responseOf(tools, operation, status);
      const contents = Object.entries(found?.response.content ?? {});
      if (contents.length === 0 || operation.method === "HEAD" || !mayHaveBody(status)) return true;
      const [documented, media] =
        contents.find(([type]) => type === mediaType) ??
        contents.find(([type]) => matches(type, mediaType ?? "*/*")) ??
        [];
      if (
        documented === undefined ||
        mediaType === undefined ||
        body === undefined ||
        documented.includes("*")
      )
        return false;
      const kind = kindOf(documented);
      if (kind !== "json" && !(kind === "text" && typeof body === "string")) return false;
      return isValid(media?.schema, body) && !hasWriteOnly(media?.schema, body);
    },
    alternatives(operation, code) {
      const contents = Object.values(responseOf(tools, operation, code)?.response.content ?? {});
      return [...new Set(contents.flatMap(({ schema }) => schemas.alternativesOf(schema)))];
    },
    missingHeaders(operation, { status, headers }) {
      const found = responseOf(tools, operation, status);
      if (!found?.response.headers) return {};
      const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const missing = Object.entries(found.response.headers).filter(([name, listed]) => {
        const header = dereference<{ required?: boolean; schema?: unknown }>(openapi, listed);
        const value = given.get(name.toLowerCase());
        if (!given.has(name.toLowerCase())) return header?.required === true;
        return value === null || value === undefined || !isValidText(header?.schema, String(value));
      });
      return missing.length === 0
        ? {}
        : headersOf(openapi, { headers: Object.fromEntries(missing) }, { sample, isValid });
    },
  };

  /** Whether a text stands for a value of a schema. Lists and objects have forms of their own. */
  function isValidText(schema: unknown, text: string): boolean {
    const [type] = typesOf(dereference<Record<string, unknown>>(openapi, schema) ?? {}) ?? [];
    if (type === "array" || type === "object") return true;
    if (type === "integer" || type === "number") return text !== "" && isValid(schema, Number(text));
    return isValid(schema, type === "boolean" ? text === "true" || (text === "false" ? false : text) : text);
  }

  /** Whether a body has what only requests may have. */
  function hasWriteOnly(schema: unknown, body: unknown): boolean {
    return JSON.stringify(withoutWriteOnly(schema, body, 0)) !== JSON.stringify(body);
  }

  function withoutWriteOnly(schema: unknown, value: unknown, depth: number): unknown {
    if (typeof value !== "object" || value === null || depth > 60) return value;
    const all = [schema];
    for (const one of all) {
      const { $ref, allOf } = (one ?? {}) as { $ref?: string; allOf?: unknown[] };
      if (typeof $ref === "string" && !all.includes(schemas.target($ref))) all.push(schemas.target($ref));
      if (Array.isArray(allOf)) all.push(...allOf.filter((part) => !all.includes(part)));
    }
    const described = all.filter((one) => typeof one === "object" && one !== null) as Record<
      string,
      unknown
    >[];
    if (Array.isArray(value)) {
      const items = described.find((one) => one.items !== undefined)?.items;
      return items === undefined ? value : value.map((item) => withoutWriteOnly(items, item, depth + 1));
    }
    const entries = Object.entries(value).flatMap(([name, item]) => {
      const property = described
        .map(({ properties }) => (properties as Record<string, unknown> | undefined)?.[name])
        .find((one) => one !== undefined);
      if (dereference<{ writeOnly?: boolean }>(openapi, property)?.writeOnly === true) return [];
      return [[name, withoutWriteOnly(property, item, depth + 1)] as const];
    });
    return Object.fromEntries(entries);
  }
}

type Tools = { openapi: OpenApi; schemas: Schemas; isValid: IsValid; sample: Sample };
type Media = NonNullable<ContentObject["content"]>[string] & { example?: unknown };

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1 */
function mayHaveBody(status: number): boolean {
  return status >= 200 && status !== 204 && status !== 205 && status !== 304;
}

function notFound(message: string): Undocumented {
  return { status: 404, message };
}

/** The response of a status, else of its range, else the default one; without a status the lowest success. */
function responseOf({ openapi }: Tools, { definition, statuses }: Operation, code: number | undefined) {
  const names = code === undefined ? successOf(statuses) : namesOf(String(code));
  const name = names.find((one) => statuses.includes(one));
  if (name === undefined) return undefined;
  const status = code ?? (name === "default" ? 200 : Number(name.replaceAll(/X/gi, "0")));
  const response = dereference<ContentObject>(openapi, definition.responses?.[name]) ?? {};
  return { status: Number.isInteger(status) ? status : 200, response };
}

function namesOf(code: string): string[] {
  return [code, `${code[0]}XX`, `${code[0]}xx`, "default"];
}

function successOf(statuses: string[]): string[] {
  const successes = statuses.filter((name) => /^2(\d\d|XX)$/i.test(name)).sort();
  return [...successes, "default", ...statuses];
}

/** The content that is accepted most; without a wish `*` + `/*`, else JSON, else the first. */
function negotiate(contents: [string, Media][], accept: string | undefined) {
  const accepted = accept === undefined ? [] : acceptedTypes(accept);
  const choose = ([documented, media]: [string, Media]) => ({ documented, media, accepted });
  if (!accept) {
    const fallback =
      contents.find(([type]) => type === "*/*") ??
      contents.find(([type]) => type.toLowerCase() === "application/json") ??
      contents[0]!;
    return choose(fallback);
  }
  for (const range of accepted) {
    const exact = contents.find(([type]) => type.toLowerCase() === range.toLowerCase());
    const found = exact ?? contents.find(([type]) => matches(range, type) || matches(type, range));
    if (found) return choose(found);
  }
  return undefined;
}

function bodyOf(
  { openapi, schemas, isValid, sample }: Tools,
  { documented, media, accepted }: NonNullable<ReturnType<typeof negotiate>>,
  { example, seed, like: given }: WantedResponse,
): Pick<DocumentedResponse, "mediaType" | "body" | "isJson"> | Undocumented {
  const { schema } = media;
  const mediaType = concreteType(documented, { schema, accepted, schemas });
  const write = (value: unknown) => writeBody(mediaType, { schema, value, schemas, isValid });
  const examples = examplesOf(openapi, media);
  const named = example === undefined ? undefined : examples.find(([name]) => name === example);
  if (named) return writtenExample(named[1]);
  if (example !== undefined && !schemas.alternativesOf(schema).includes(example))
    return notFound(`Response for contentType: ${mediaType} and exampleKey: ${example} does not exist.`);
  let like = given ?? (example === undefined && seed === undefined ? examples[0]?.[1] : undefined);
  if (typeof like === "string" && kindOf(mediaType) === "json" && !isValid(schema, like))
    like = readJson(like);
  if (schema === undefined)
    return like === undefined ? write(unconstrained(mediaType)) : writtenExample(like);
  // An example of another form, such as a text of XML, is sent as it is.
  if (typeof like === "string" && kindOf(mediaType) !== "json") return writtenExample(like);
  if (kindOf(mediaType) === "file" && isBinary(schema, schemas)) return write(undefined);
  return write(sample(schema, { like, seed, alternative: example }));

  function writtenExample(value: unknown) {
    const isText = typeof value === "string" && kindOf(mediaType) !== "json";
    return isText ? { mediaType, body: value, isJson: false } : write(value);
  }
}

/** Some write an example of JSON as a text. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What a media type without a schema holds. */
function unconstrained(mediaType: string): unknown {
  return ["text", "unknown", "csv"].includes(kindOf(mediaType)) ? "string" : {};
}

function examplesOf(openapi: OpenApi, { example, examples }: Media): [name: string, value: unknown][] {
  const named = Object.entries(examples ?? {}).flatMap(([name, listed]): [string, unknown][] => {
    const found = dereference<{ value?: unknown }>(openapi, listed);
    return found?.value === undefined ? [] : [[name, found.value]];
  });
  return example === undefined ? named : [["default", example], ...named];
}
