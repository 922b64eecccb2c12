import type { OpenApi } from "../../openapi/operations.ts";

/** A value of the effective contract and where it stands: a JSON Pointer in pieces. */
export type ContractPlace = { at: string[]; value: Described };
/** Any object of an OpenAPI document. */
export type Described = { [field: string]: unknown };

/** The place of an operation's answer as the operation lists it, its `$ref` not followed. */
export function answerPlace(
  openapi: OpenApi,
  { path, method, status }: { path: string; method: string; status: string },
): ContractPlace | undefined {
  const answers = placeAt(openapi, ["paths", path, method.toLowerCase(), "responses"]);
  return answers && (inside(answers, status) ?? inside(answers, "default"));
}

/** The place itself, or the one that its `$ref` leads to. */
export function followed(openapi: OpenApi, place: ContractPlace): ContractPlace {
  const { $ref } = place.value;
  if (typeof $ref !== "string") return place;
  const at = $ref.replace(/^#\//, "").split("/").map(decodeURIComponent).map(unescaped);
  const target = placeAt(openapi, at);
  return target ? followed(openapi, target) : place;
}

/** A field of the place, if it is an object. */
export function inside(place: ContractPlace, ...fields: string[]): ContractPlace | undefined {
  let value: unknown = place.value;
  for (const field of fields) {
    value = isDescribed(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  }
  return isDescribed(value) ? { at: [...place.at, ...fields], value } : undefined;
}

/** All fields of a field that are objects, by name. */
export function entries(place: ContractPlace, field: string): [name: string, ContractPlace][] {
  const record = inside(place, field);
  return Object.keys(record?.value ?? {}).flatMap((name): [string, ContractPlace][] => {
    const item = inside(record!, name);
    return item ? [[name, item]] : [];
  });
}

/** The schemas that a schema is put together from. */
export function branches(place: ContractPlace): ContractPlace[] {
  return ["allOf", "anyOf", "oneOf"].flatMap((keyword) =>
    entries(place, keyword).map(([, branch]) => branch),
  );
}

function placeAt(openapi: OpenApi, at: string[]): ContractPlace | undefined {
  return inside({ at: [], value: openapi as Described }, ...at);
}

function isDescribed(value: unknown): value is Described {
  return typeof value === "object" && value !== null;
}

/** @see https://www.rfc-editor.org/rfc/rfc6901#section-4 */
function unescaped(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
