import type { JsonObject } from "../../../contracts/openapi/json.ts";
import { type Operation, type ParameterObject, parametersOf } from "../../../contracts/openapi/operations.ts";
import { formatPointer, type Tokens } from "../../../contracts/openapi/pointer.ts";
import {
  dereference,
  type Located,
  locatedAt,
  locatedEntries,
  reached,
} from "../../../contracts/openapi/reference.ts";
import type { ParameterPlace } from "../../../contracts/openapi/validation.ts";
import { DOCUMENT, type Input } from "./ajv.ts";
import { hasSides, type Side } from "./sides.ts";

/** The schema of a part of an operation. */
export type PartSchema = {
  input: Input;
  /** Where it stands; of a made one, the operation or response that it is for. Problems are reported there. */
  at: Tokens;
  /** Its name in the compiler. */
  ref: string;
  /** A schema that stands nowhere, made of references; it is added to the compiler under its name. */
  made?: JsonObject;
};

/** By media type; `undefined` where every value is valid. */
export type Content = [mediaType: string, schema: PartSchema | undefined][];

/** The parts of an operation and the schema of each; a part that the contract does not describe is left out. */
export type Parts = {
  requestBody: { required: boolean; content: Content } | undefined;
  parameters: [place: ParameterPlace, schema: PartSchema][];
  responseBody: [status: string, content: Content][];
  responseHeaders: [status: string, schema: PartSchema][];
};

/** Finds the schemas of an operation's requests and responses. */
export function partsOf(openapi: JsonObject, operation: Operation): Parts {
  const described = { value: operation.definition, at: operation.at };
  const listed = locatedAt(described, "requestBody");
  const body = listed && reached(openapi, listed);
  const responses = operation.statuses.flatMap((status) => {
    const response = locatedAt(described, "responses", status);
    return response ? [{ status, response: reached(openapi, response) }] : [];
  });
  const parameters = parametersOf(openapi, operation);
  // Each part is found when it is read: most requests need their parameters only.
  return {
    get requestBody() {
      return body && { required: body.value.required === true, content: contentOf(openapi, body, "request") };
    },
    get parameters() {
      return PLACES.flatMap((place): [ParameterPlace, PartSchema][] => {
        const schema = textSchema(openapi, parameters, { place, at: operation.at });
        return schema ? [[place, schema]] : [];
      });
    },
    get responseBody() {
      return responses.map(({ status, response }): [string, Content] => [
        status,
        contentOf(openapi, response, "response"),
      ]);
    },
    get responseHeaders() {
      return responses.flatMap(({ status, response }): [string, PartSchema][] => {
        const headers = headersOf(openapi, response);
        const schema = textSchema(openapi, headers, { place: "header", at: response.at });
        return schema ? [[status, schema]] : [];
      });
    },
  };
}

const PLACES: ParameterPlace[] = ["path", "query", "header", "cookie"];

/** Headers that OpenAPI leaves to other fields. */
const NOT_OURS = ["accept", "authorization", "content-type"];

function contentOf(openapi: JsonObject, described: Located, side: Side): Content {
  return locatedEntries(described, "content").map(([type, media]) => [
    type.toLowerCase(),
    media.value.schema === undefined ? undefined : bodySchema(openapi, media, side),
  ]);
}

function bodySchema(openapi: JsonObject, media: Located, side: Side): PartSchema {
  const schema = locatedAt(media, "schema");
  // The keywords beside a schema's `$ref` hold too, so that such a schema is compiled where it stands.
  const isReference = schema && Object.keys(schema.value).join() === "$ref";
  const { at } = isReference ? reached(openapi, schema) : { at: [...media.at, "schema"] };
  return { input: hasSides(openapi) ? side : "body", at, ref: `${DOCUMENT}${refTo(at)}` };
}

/** The schema of all named texts of one place; `undefined` when there are none. */
function textSchema(
  openapi: JsonObject,
  parameters: Located<ParameterObject>[],
  { place, at }: { place: string; at: Tokens },
): PartSchema | undefined {
  const named = parameters
    .filter(({ value }) => value.in === place)
    .map((parameter) => ({
      ...parameter,
      name: place === "header" ? parameter.value.name.toLowerCase() : parameter.value.name,
    }))
    .filter(({ name }) => place !== "header" || !NOT_OURS.includes(name));
  if (named.length === 0) return undefined;
  const made: JsonObject = {
    type: "object",
    properties: Object.fromEntries(named.map((parameter) => [parameter.name, schemaOf(openapi, parameter)])),
    required: named.filter(({ value }) => value.required === true).map(({ name }) => name),
  };
  return { input: "text", at, ref: `${DOCUMENT}text:${JSON.stringify(made)}`, made };
}

/** The schema of one text; a list that is sent as one text is split first. */
function schemaOf(openapi: JsonObject, { value, at }: Located<ParameterObject>): JsonObject {
  if (value.schema === undefined) return {};
  const described = dereference<{ type?: unknown }>(openapi, value.schema);
  const schema = { $ref: `${DOCUMENT}${refTo([...at, "schema"])}` };
  const separator = described?.type === "array" ? separatorOf(value) : undefined;
  return separator === undefined ? schema : { allOf: [{ listSeparator: separator }, schema] };
}

const SEPARATORS: Record<string, string> = {
  form: ",",
  simple: ",",
  spaceDelimited: " ",
  pipeDelimited: "|",
};

/** @see https://spec.openapis.org/oas/v3.1.1.html#style-values */
function separatorOf({
  in: place,
  style = place === "query" || place === "cookie" ? "form" : "simple",
  explode = style === "form",
}: ParameterObject): string | undefined {
  return style === "simple" || explode === false ? SEPARATORS[style] : undefined;
}

/** The headers of a response as parameters. */
function headersOf(openapi: JsonObject, response: Located): Located<ParameterObject>[] {
  return locatedEntries(response, "headers").map(([name, listed]) => {
    const header = reached(openapi, listed);
    return { value: { ...header.value, name, in: "header" }, at: header.at };
  });
}

/** A local reference to a place. */
function refTo(at: Tokens): string {
  return `#${formatPointer(at).split("/").map(encodeURIComponent).join("/")}`;
}
