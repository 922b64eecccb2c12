import type { Segments } from "../../contracts/openapi/pointer.ts";
import { DOCUMENT, type Reading } from "./ajv.ts";
import { entriesOf, follow, type Located, type Operation, refTo } from "./operations.ts";
import { isObject, type Json, type JsonObject } from "./read/document.ts";

/** The schema that judges a part of an operation. */
export type Judge = {
  reading: Reading;
  /** Where it stands, or the operation or answer that a made one is for: where a complaint belongs. */
  at: Segments;
  /** Its name in the compiler. */
  ref: string;
  /** A schema that stands nowhere, made of references, to be added under its name. */
  made?: JsonObject;
};

/** By media type; `undefined` where everything may be sent. */
export type Content = [mediaType: string, judge: Judge | undefined][];

export type ParameterPlace = "path" | "query" | "header" | "cookie";

/** The parts of an operation and what judges each; a part that nothing is said about is left out. */
export type Parts = {
  requestBody?: { required: boolean; content: Content };
  parameters: [place: ParameterPlace, judge: Judge][];
  responseBody: [status: string, content: Content][];
  responseHeaders: [status: string, judge: Judge][];
};

/** Finds the schemas that judge an operation's requests and answers. */
export function partsOf(openapi: JsonObject, operation: Operation): Parts {
  const contentOf = (at: Segments): Content => {
    const content = follow(openapi, [...at, "content"]);
    return entriesOf(content?.value).map(([type, media]) => {
      const described = isObject(media) && media.schema !== undefined;
      return [
        type.toLowerCase(),
        described ? bodyJudge(openapi, [...content!.at, type, "schema"]) : undefined,
      ];
    });
  };

  const body = follow(openapi, [...operation.at, "requestBody"]);
  const responses = entriesOf(operation.value.responses)
    .filter(([status]) => !status.startsWith("x-"))
    .map(([status]) => ({ status, at: follow(openapi, [...operation.at, "responses", status])!.at }));
  return {
    ...(body && { requestBody: { required: body.value.required === true, content: contentOf(body.at) } }),
    parameters: PLACES.flatMap((place) => {
      const judge = textJudge(openapi, operation.parameters, { place, at: operation.at });
      return judge ? [[place, judge]] : [];
    }),
    responseBody: responses.map(({ status, at }) => [status, contentOf(at)]),
    responseHeaders: responses.flatMap(({ status, at }) => {
      const judge = textJudge(openapi, headersOf(openapi, at), { place: "header", at });
      return judge ? [[status, judge]] : [];
    }),
  };
}

const PLACES: ParameterPlace[] = ["path", "query", "header", "cookie"];

/** Headers that OpenAPI leaves to other fields. */
const NOT_OURS = ["accept", "authorization", "content-type"];

function bodyJudge(openapi: JsonObject, at: Segments): Judge {
  const real = follow(openapi, at)?.at ?? at;
  return { reading: "body", at: real, ref: `${DOCUMENT}${refTo(real)}` };
}

/** Judges all the named texts of one place; `undefined` when there are none. */
function textJudge(
  openapi: JsonObject,
  parameters: Located[],
  { place, at }: { place: string; at: Segments },
): Judge | undefined {
  const named = parameters
    .filter(({ value }) => value.in === place)
    .map((parameter) => ({
      ...parameter,
      name: place === "header" ? String(parameter.value.name).toLowerCase() : String(parameter.value.name),
    }))
    .filter(({ name }) => place !== "header" || !NOT_OURS.includes(name));
  if (named.length === 0) return undefined;
  const made: JsonObject = {
    type: "object",
    properties: Object.fromEntries(
      named.map((parameter): [string, Json] => [parameter.name, textSchema(openapi, parameter)]),
    ),
    required: named.filter(({ value }) => value.required === true).map(({ name }) => name),
  };
  return { reading: "text", at, ref: `${DOCUMENT}text:${JSON.stringify(made)}`, made };
}

/** The schema of one text: taken apart first when a list travels as one text. */
function textSchema(openapi: JsonObject, { value, at }: Located): JsonObject {
  if (value.schema === undefined) return {};
  const described = follow(openapi, [...at, "schema"])?.value;
  const schema = { $ref: `${DOCUMENT}${refTo([...at, "schema"])}` };
  const separator = separatorOf(value, described?.type === "array");
  return separator === undefined ? schema : { allOf: [{ listSeparator: separator }, schema] };
}

const SEPARATORS: Record<string, string> = {
  form: ",",
  simple: ",",
  spaceDelimited: " ",
  pipeDelimited: "|",
};

/** @see https://spec.openapis.org/oas/v3.1.1.html#style-values */
function separatorOf(
  {
    in: place,
    style = place === "query" || place === "cookie" ? "form" : "simple",
    explode = style === "form",
  }: JsonObject,
  list: boolean,
) {
  return list && (style === "simple" || explode === false) ? SEPARATORS[String(style)] : undefined;
}

/** The headers of a response as parameters. */
function headersOf(openapi: JsonObject, at: Segments): Located[] {
  const headers = follow(openapi, [...at, "headers"]);
  return entriesOf(headers?.value).flatMap(([name]) => {
    const header = follow(openapi, [...headers!.at, name]);
    return header ? [{ value: { ...header.value, name, in: "header" }, at: header.at }] : [];
  });
}
