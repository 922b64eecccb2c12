import { isObject } from "../../contracts/openapi/json.ts";
import type { ContentObject, OpenApi } from "../../contracts/openapi/operations.ts";
import { dereference } from "../../contracts/openapi/reference.ts";
import type { Sample } from "./sample.ts";
import type { IsValid } from "./valid.ts";

/**
 * The documented headers of a response, with their example or a value of their schema. Those that HTTP itself needs
 * are left out: a description of `Content-Length` is no value of it.
 */
export function headersOf(
  openapi: OpenApi,
  { headers = {} }: Pick<ContentObject, "headers">,
  { sample, isValid }: { sample: Sample; isValid: IsValid },
): Record<string, string> {
  const made = Object.entries(headers).flatMap(([name, listed]) => {
    const header = dereference<HeaderObject>(openapi, listed) ?? {};
    const schema = header.schema ?? Object.values(header.content ?? {})[0]?.schema;
    const [first] = Object.values(header.examples ?? {});
    const like = header.example ?? dereference<{ value?: unknown }>(openapi, first)?.value;
    if (schema === undefined && like === undefined) return [];
    const value =
      like !== undefined && (schema === undefined || isValid(schema, like)) ? like : sample(schema, { like });
    const text = textOf(value, header.explode === true);
    return text === undefined ? [] : [[name, text] as const];
  });
  return withoutFraming(Object.fromEntries(made));
}

type HeaderObject = {
  schema?: unknown;
  content?: Record<string, { schema?: unknown }>;
  example?: unknown;
  examples?: Record<string, unknown>;
  explode?: boolean;
  required?: boolean;
};

/** Headers without those that belong to the message and not to its author. */
export function withoutFraming<Value>(headers: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !framing.has(name.toLowerCase()) && isToken(name)),
  );
}

/** @see https://www.rfc-editor.org/rfc/rfc9112#section-6 */
const framing = new Set([
  "content-type",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
]);

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
function isToken(name: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name);
}

/** A value in the style `simple`. @see https://spec.openapis.org/oas/v3.1.1.html#style-values */
function textOf(value: unknown, explode: boolean): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = Array.isArray(value)
    ? value.map(plain).join(",")
    : isObject(value)
      ? Object.entries(value)
          .map(([name, item]) => (explode ? `${name}=${plain(item)}` : `${name},${plain(item)}`))
          .join(",")
      : plain(value);
  // What no header can carry is left out.
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, "");
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
