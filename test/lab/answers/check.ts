import { XMLParser, XMLValidator } from "fast-xml-parser";
import { isObject } from "../../../contracts/openapi/json.ts";
import { type ContentObject, type OpenApi, responseAt } from "../../../contracts/openapi/operations.ts";
import { dereference } from "../../../contracts/openapi/reference.ts";
import type { Validation } from "../../../contracts/openapi/validation.ts";
import type { Received } from "../differential/connection.ts";
import type { Call } from "./calls.ts";

/** What is wrong with an answer; `undefined` where it is the documented one. */
export function problemOf(
  { operation, status, mediaType }: Call,
  received: Received,
  { openapi, validation }: { openapi: OpenApi; validation: Validation },
): string | undefined {
  const { body, headers } = received;
  if (received.status !== status)
    return `status ${received.status} instead of ${status}: ${body.toString().slice(0, 300)}`;
  if (mediaType === undefined) return body.length === 0 ? undefined : "a body where none is documented";
  const type = headers["content-type"] ?? "";
  const plain = type.split(";")[0]!.trim();
  if (!isOfType(plain, mediaType)) return `content type ${type} instead of ${mediaType}`;
  if (type.includes("*")) return `content type ${type} is no media type`;
  const response = dereference<ContentObject>(openapi, responseAt(operation, String(status))?.value);
  const schema = response?.content?.[mediaType]?.schema;
  const decoded = decode(body, plain, schema, openapi);
  if (decoded === "not compared") return undefined;
  if ("problem" in decoded) return decoded.problem;
  const violations = validation.response(operation.key, { status, mediaType, body: decoded.value, headers });
  const found = violations.filter(({ keyword }) => keyword !== "status");
  return found.length === 0
    ? undefined
    : found
        .slice(0, 3)
        .map(({ place, message }) => `${place.join("/")} ${message}`)
        .join("; ");
}

function isOfType(type: string, documented: string): boolean {
  const pattern = documented.split(/[;,]/)[0]!.trim().toLowerCase();
  if (pattern === type.toLowerCase()) return true;
  return pattern === "*/*" || (pattern.endsWith("/*") && type.toLowerCase().startsWith(pattern.slice(0, -1)));
}

type Decoded = { value: unknown } | { problem: string } | "not compared";

function decode(body: Buffer, type: string, schema: unknown, openapi: OpenApi): Decoded {
  const text = body.toString();
  const wanted = typeOf(schema, openapi);
  const isText = wanted === "string" || wanted === undefined;
  if (/(^|[/+])(json|hal|geojson)$|json5$/i.test(type)) return parsed(text);
  if (/[/+](x-)?ya?ml$/i.test(type)) return isText ? { value: text } : parsed(text);
  if (/[/+]xml$/i.test(type)) return decodeXml(text, schema, openapi);
  if (/^image\/png$/.test(type) && !body.subarray(0, 8).equals(png)) return { problem: "no PNG" };
  if (/^image\/jpeg$/.test(type) && body.readUInt16BE(0) !== 0xffd8) return { problem: "no JPEG" };
  if (/pdf$/.test(type) && !text.startsWith("%PDF-")) return { problem: "no PDF" };
  if (/x-www-form-urlencoded$/.test(type))
    return { value: typed(Object.fromEntries(grouped(new URLSearchParams(text))), schema, openapi) };
  if (/^multipart\//.test(type))
    return text.includes("\r\n--") || text.startsWith("--") ? "not compared" : { problem: "no parts" };
  if (/event-stream$|ndjson$|jsonl$|csv$|json-seq$/.test(type))
    return isText ? { value: text } : body.length > 0 ? "not compared" : { problem: "empty" };
  if (isText) return { value: text };
  if (["number", "integer"].includes(wanted ?? "")) return { value: Number(text) };
  if (wanted === "boolean") return { value: text === "true" };
  return parsed(text);
}

function parsed(text: string): Decoded {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: `no JSON: ${text.slice(0, 100)}` };
  }
}

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function decodeXml(text: string, schema: unknown, openapi: OpenApi): Decoded {
  const valid = XMLValidator.validate(text);
  if (valid !== true) return { problem: `no XML: ${valid.err.msg}` };
  if (typeOf(schema, openapi) === "string" || schema === undefined) return { value: text };
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    parseAttributeValue: false,
    removeNSPrefix: true,
    ignoreDeclaration: true,
  });
  const [root] = Object.values(parser.parse(text) as object);
  return { value: fromXml(root, schema, openapi) };
}

/** The value that XML stands for, read by the schema's `xml` keywords. */
function fromXml(node: unknown, schema: unknown, openapi: OpenApi): unknown {
  if (isObject(node) && node["@nil"] === "true") return null;
  const parts = partsOf(schema, openapi);
  const type = typeOf(schema, openapi);
  if (type === "array") {
    const items = parts.find((part) => part.items !== undefined)?.items;
    const inside = isObject(node) ? Object.entries(node).filter(([name]) => !name.startsWith("@")) : [];
    return inside.flatMap(([, value]) => [value].flat()).map((value) => fromXml(value, items, openapi));
  }
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {}));
  if (type === "object" || Object.keys(properties).length > 0) {
    const value: Record<string, unknown> = {};
    const record = isObject(node) ? node : {};
    const used = new Set<string>();
    for (const [name, described] of Object.entries(properties)) {
      const xml = xmlOf(described, openapi);
      const isList = typeOf(described, openapi) === "array";
      const items = partsOf(described, openapi).find((part) => part.items !== undefined)?.items;
      const element = isList && !xml.wrapped ? (xmlOf(items, openapi).name ?? name) : (xml.name ?? name);
      const key = xml.attribute ? `@${element}` : element;
      used.add(key);
      if (isList && !xml.wrapped) {
        const found = key in record ? [record[key]].flat() : [];
        const isRequired = parts.some((part) => part.required?.includes(name));
        if (found.length > 0 || isRequired) value[name] = found.map((one) => fromXml(one, items, openapi));
      } else if (key in record) value[name] = fromXml(record[key], described, openapi);
    }
    const rest = parts.map((part) => part.additionalProperties).find(isObject);
    for (const [key, item] of Object.entries(record))
      if (!used.has(key) && !key.startsWith("@") && rest) value[key] = fromXml(item, rest, openapi);
    return value;
  }
  const text = isObject(node) ? String(node["#text"] ?? "") : String(node ?? "");
  return scalar(text, type);
}

function scalar(text: string, type: string | undefined): unknown {
  if (type === "integer" || type === "number") return Number(text);
  if (type === "boolean") return text === "true";
  return text;
}

type Part = {
  type?: unknown;
  properties?: Record<string, unknown>;
  required?: string[];
  items?: unknown;
  additionalProperties?: unknown;
  xml?: Xml;
  allOf?: unknown[];
  $ref?: string;
};
type Xml = { name?: string; attribute?: boolean; wrapped?: boolean };

function partsOf(schema: unknown, openapi: OpenApi): Part[] {
  const parts: Part[] = [];
  const open: unknown[] = [schema];
  for (const one of open) {
    if (!isObject(one) || parts.includes(one)) continue;
    parts.push(one as Part);
    if (typeof one.$ref === "string") open.push(dereference(openapi, one));
    if (Array.isArray(one.allOf)) open.push(...one.allOf);
  }
  return parts;
}

function xmlOf(schema: unknown, openapi: OpenApi): Xml {
  return Object.assign(
    {},
    ...partsOf(schema, openapi)
      .map(({ xml }) => xml ?? {})
      .reverse(),
  );
}

function typeOf(schema: unknown, openapi: OpenApi): string | undefined {
  const types = partsOf(schema, openapi).flatMap(({ type }) => [type].flat() as string[]);
  return types.find((type) => type !== undefined && type !== "null");
}

function grouped(form: URLSearchParams): [string, string | string[]][] {
  return [...new Set(form.keys())].map((name) => {
    const all = form.getAll(name);
    return [name, all.length === 1 ? all[0]! : all];
  });
}

/** Texts as the values of the schema. */
function typed(record: Record<string, string | string[]>, schema: unknown, openapi: OpenApi): unknown {
  const properties = Object.assign({}, ...partsOf(schema, openapi).map((part) => part.properties ?? {}));
  return Object.fromEntries(
    Object.entries(record).map(([name, text]) => {
      const type = typeOf(properties[name], openapi);
      const items = partsOf(properties[name], openapi).find((part) => part.items !== undefined)?.items;
      const one = (value: string, as: string | undefined) =>
        as === "object" || as === "array" ? JSON.parse(value) : scalar(value, as);
      if (type === "array") return [name, [text].flat().map((value) => one(value, typeOf(items, openapi)))];
      return [name, one(String(text), type)];
    }),
  );
}
