import { isObject } from "../../contracts/openapi/json.ts";
import { fileOf } from "./files.ts";
import { isRange, type Kind, kindOf, matches } from "./media.ts";
import type { Schemas } from "./schemas.ts";
import { type IsValid, typesOf } from "./valid.ts";
import { writeXml } from "./xml.ts";

/** A body ready to be sent, and the media type that it has. */
export type WrittenBody = {
  /** With parameters where its kind needs one, such as a boundary. */
  mediaType: string;
  /** A value to be written as JSON where `isJson`, else the text or the bytes. */
  body: unknown;
  isJson: boolean;
};

/** Whether the bytes of a file are wanted, and not a text. */
export function isBinary(schema: unknown, schemas: Schemas): boolean {
  const described = resolved(schema, schemas);
  if (described === undefined) return true;
  if (described.contentMediaType !== undefined && described.contentEncoding === undefined) return true;
  if (described.format === "binary" || described.type === "file") return true;
  const isPlain = Object.keys(described).every(
    (keyword) => annotations.has(keyword) || keyword.startsWith("x-"),
  );
  return isPlain && (typesOf(described) ?? ["string"]).includes("string");
}

const annotations = new Set([
  "type",
  "title",
  "description",
  "deprecated",
  "xml",
  "externalDocs",
  "readOnly",
  "contentMediaType",
]);

/**
 * The media type that a documented one stands for: itself, or of a range such as `image/*` the first one that is
 * accepted, else one that the value can be written in.
 */
export function concreteType(
  documented: string,
  { schema, accepted, schemas }: { schema: unknown; accepted: readonly string[]; schemas: Schemas },
): string {
  // Some descriptions list several in one name.
  const [first = documented] = /^[^;,/]*\/[^;,]*,/.test(documented) ? documented.split(",") : [documented];
  const type = first.trim();
  if (!isRange(type)) return type;
  const wanted = accepted.find(
    (one) => !isRange(one) && matches(type, one) && canBeWritten(one, schema, schemas),
  );
  if (wanted !== undefined) return wanted;
  const range = type.toLowerCase().split("/")[0]!;
  const types = typesOf(resolved(schema, schemas) ?? {});
  const isFile = schema !== undefined && hasFormat(schema, schemas);
  if (range === "*" || range === "application") {
    if (isFile) return "application/octet-stream";
    return range === "*" && types?.join() === "string" ? "text/plain" : "application/json";
  }
  return preferred[range] ?? `${range}/plain`;
}

const preferred: Record<string, string> = {
  image: "image/png",
  audio: "audio/wav",
  video: "video/mp4",
  font: "font/ttf",
  text: "text/plain",
  multipart: "multipart/form-data",
};

function hasFormat(schema: unknown, schemas: Schemas): boolean {
  const described = resolved(schema, schemas) ?? {};
  return (
    described.format === "binary" || described.type === "file" || described.contentMediaType !== undefined
  );
}

function canBeWritten(mediaType: string, schema: unknown, schemas: Schemas): boolean {
  const kind = kindOf(mediaType);
  if (kind === "file") return isBinary(schema, schemas);
  return kind !== "unknown" && kind !== "multipart";
}

/** Writes a value of a schema in a media type. */
export function writeBody(
  mediaType: string,
  {
    schema,
    value,
    schemas,
    isValid,
  }: { schema: unknown; value: unknown; schemas: Schemas; isValid: IsValid },
): WrittenBody {
  const written = (body: string | Buffer, type = mediaType): WrittenBody => ({
    mediaType: type,
    body,
    isJson: false,
  });
  const kind = kindOf(mediaType);
  const writers: Record<Kind, () => WrittenBody> = {
    json: () => ({ mediaType, body: value, isJson: true }),
    yaml: () => written(typeof value === "string" ? value : `${JSON.stringify(value, null, 2)}\n`),
    xml: () =>
      written(
        typeof value === "string" && /^\s*</.test(value)
          ? value
          : writeXml(schema, value, { schemas, isValid }),
      ),
    form: () => written(formOf(value)),
    multipart: () => {
      const boundary = /boundary="?([^";]+)/i.exec(mediaType)?.[1] ?? "part-of-the-response";
      const type = /boundary=/i.test(mediaType) ? mediaType : `${mediaType}; boundary=${boundary}`;
      return written(partsOf(value, { boundary, schema, schemas }), type);
    },
    lines: () => {
      const start = /json-seq/i.test(mediaType) ? "\x1e" : "";
      return written(
        listOf(value)
          .map((item) => `${start}${JSON.stringify(item)}\n`)
          .join(""),
      );
    },
    events: () =>
      written(
        listOf(value)
          .map((item) => `data: ${plain(item)}\n\n`)
          .join(""),
      ),
    csv: () => written(tableOf(value, /tab-separated/i.test(mediaType) ? "\t" : ",")),
    text: () => written(plain(value)),
    file: () => written(isBinary(schema, schemas) ? fileOf(mediaType) : plain(value)),
    unknown: () => {
      if (schema !== undefined && hasFormat(schema, schemas)) return written(fileOf(mediaType));
      return written(plain(value ?? ""));
    },
  };
  return writers[kind]();
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** @see https://url.spec.whatwg.org/#application/x-www-form-urlencoded */
function formOf(value: unknown): string {
  if (!isObject(value)) return plain(value);
  const parameters = new URLSearchParams();
  for (const [name, item] of Object.entries(value))
    for (const one of listOf(item)) parameters.append(name, plain(one));
  return parameters.toString();
}

/** @see https://www.rfc-editor.org/rfc/rfc7578#section-4 */
function partsOf(
  value: unknown,
  { boundary, schema, schemas }: { boundary: string; schema: unknown; schemas: Schemas },
): Buffer {
  const properties = resolved(schema, schemas)?.properties;
  const fields = isObject(value) ? Object.entries(value) : [["value", value] as const];
  const parts = fields.flatMap(([name, item]) => {
    const described = isObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    const list = resolved(described, schemas);
    const one = Array.isArray(item) && list ? list.items : described;
    return listOf(item).map((each) => partOf(name, each, one !== undefined && hasFormat(one, schemas)));
  });
  const edge = `--${boundary}`;
  return Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(`${edge}\r\n`), part]),
    Buffer.from(`${edge}--\r\n`),
  ]);
}

function partOf(name: string, value: unknown, isFile: boolean): Buffer {
  const quoted = name.replaceAll(/["\r\n]/g, (char) => encodeURIComponent(char));
  const file = isFile ? `; filename="${quoted}"\r\nContent-Type: application/octet-stream` : "";
  const type =
    !isFile && typeof value === "object" && value !== null ? "\r\nContent-Type: application/json" : "";
  const head = `Content-Disposition: form-data; name="${quoted}"${file}${type}\r\n\r\n`;
  return Buffer.concat([
    Buffer.from(head),
    isFile ? fileOf("application/octet-stream") : Buffer.from(plain(value)),
    Buffer.from("\r\n"),
  ]);
}

/** A table whose columns are the properties of the rows. @see https://www.rfc-editor.org/rfc/rfc4180 */
function tableOf(value: unknown, separator: string): string {
  if (typeof value !== "object" || value === null) return plain(value);
  const rows = listOf(value).map((row) => (isObject(row) ? row : { value: row }));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [
    columns,
    ...rows.map((row) => columns.map((column) => plain(row[column as keyof typeof row]))),
  ];
  return lines.map((cells) => `${cells.map((cell) => quote(cell, separator)).join(separator)}\r\n`).join("");
}

function quote(cell: string, separator: string): string {
  return cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A schema behind its references; `undefined` where there is none. */
function resolved(schema: unknown, schemas: Schemas): Record<string, unknown> | undefined {
  let found = schema;
  for (let steps = 0; isObject(found) && typeof found.$ref === "string" && steps < 100; steps++)
    found = schemas.target(found.$ref);
  return isObject(found) && Object.keys(found).length > 0 ? found : undefined;
}
