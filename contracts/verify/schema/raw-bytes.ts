import { isUtf8 } from "node:buffer";
import type { Difference } from "../check.ts";
import { redactName } from "../redaction.ts";
import type { ReceivedResponse } from "../wire.ts";
import { checkJson } from "./json-text.ts";

/**
 * Checks the bytes of a response before they are decoded: not compressed, UTF-8 without a byte order mark or NUL,
 * and JSON that every parser reads in the same way. A 204 and a 304 have no body.
 *
 * @returns the differences; an `instancePath` may be `bytes 17`, counted from the beginning of the body.
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8
 * @see https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */
export function checkBytes({ status, headers, body }: ReceivedResponse): Difference[] {
  const header = (name: string) => headers.find(([known]) => known === name)?.[1];
  if (status === 204 || status === 304)
    return bodyOfEmptyStatus(body, status === 204 ? header : () => undefined);
  if (body.length === 0) return [];

  const encoding = header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") {
    return [{ instancePath: "header content-encoding", expected: "none", actual: redactName(encoding) }];
  }
  const { type, charset } = parseMediaType(header("content-type") ?? "");
  const differences: Difference[] = [];
  if (charset !== undefined && charset !== "utf-8") {
    differences.push({
      instancePath: "header content-type",
      expected: "charset utf-8 or none",
      actual: `charset ${redactName(charset)}`,
    });
  }
  if (!isUtf8(body)) return [...differences, notUtf8(body)];
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  if (marked) differences.push(at(0, "no byte order mark", "a byte order mark"));
  const nul = body.indexOf(0);
  if (nul >= 0) return [...differences, at(nul, "no NUL", "NUL")];
  return isJsonType(type)
    ? [...differences, ...checkJson(body.toString("utf8", marked ? 3 : 0), { start: marked ? 3 : 0 })]
    : differences;
}

/** Parses a `Content-Type`. The type and the charset are in lower case. */
export function parseMediaType(value: string): { type: string; charset: string | undefined } {
  const [type = "", ...parameters] = value.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => /^charset\s*=/.test(parameter));
  return { type, charset: charset && charsetOf(charset) };
}

/** The value of a charset parameter without its quotes; all of a parameter that is malformed. */
function charsetOf(parameter: string): string {
  const value = parameter.slice(parameter.indexOf("=") + 1).trimStart();
  const text = value.replace(/^"/, "").replace(/"$/, "");
  return text.includes('"') ? parameter : text;
}

/** Whether a media type is JSON. @see https://www.rfc-editor.org/rfc/rfc6839#section-3.1 */
export function isJsonType(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

/** Node discards the bytes after a 204's headers, so the headers have to show them. */
function bodyOfEmptyStatus(body: Buffer, header: (name: string) => string | undefined): Difference[] {
  const length = body.length || Number(header("content-length") ?? 0);
  if (length > 0) return [{ instancePath: "body", expected: "no body", actual: `${length} bytes` }];
  if (header("transfer-encoding") === undefined) return [];
  return [{ instancePath: "body", expected: "no body", actual: "a body in chunks" }];
}

function notUtf8(body: Buffer): Difference {
  // Decoding replaces what is not UTF-8, which is then the first byte that differs.
  const again = Buffer.from(body.toString("utf8"));
  const index = body.findIndex((byte, at) => byte !== again[at]);
  const byte = index < 0 ? "the end of the body" : `0x${body[index]!.toString(16).padStart(2, "0")}`;
  return at(index < 0 ? body.length : index, "UTF-8", byte);
}

function at(offset: number, expected: string, actual: string): Difference {
  return { instancePath: `bytes ${offset}`, expected, actual };
}
