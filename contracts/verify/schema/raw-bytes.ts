import { isUtf8 } from "node:buffer";
import type { Difference } from "../check.ts";
import { redactName } from "../redaction.ts";
import type { ReceivedResponse } from "../wire.ts";
import { checkJson } from "./json-text.ts";

/**
 * Judges the bytes of a response before anything is decoded: not compressed, UTF-8 without a byte order
 * mark or NUL, and where it is JSON one whole value that every reader understands in the same way. A 204
 * and a 304 have no body.
 *
 * @returns nothing when all is well.
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-8
 * @see https://www.rfc-editor.org/rfc/rfc7493 (I-JSON)
 */
export function checkBytes({ status, headers, body }: ReceivedResponse): Difference[] {
  const header = (name: string) => headers.find(([known]) => known === name)?.[1];
  if (status === 204 || status === 304) return bodyOfNone(body, status === 204 ? header : () => undefined);
  if (body.length === 0) return [];

  const encoding = header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") {
    return [{ instancePath: "header content-encoding", expected: "none", actual: redactName(encoding) }];
  }
  const { type, charset } = parseMediaType(header("content-type") ?? "");
  const faults: Difference[] = [];
  if (charset !== undefined && charset !== "utf-8") {
    faults.push({
      instancePath: "header content-type",
      expected: "charset utf-8 or none",
      actual: `charset ${redactName(charset)}`,
    });
  }
  if (!isUtf8(body)) return [...faults, notUtf8(body)];
  const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  if (marked) faults.push(at(0, "no byte order mark", "a byte order mark"));
  const nul = body.indexOf(0);
  if (nul >= 0) return [...faults, at(nul, "no NUL", "NUL")];
  return isJsonType(type)
    ? [...faults, ...checkJson(body.toString("utf8", marked ? 3 : 0), { start: marked ? 3 : 0 })]
    : faults;
}

/** Takes a `Content-Type` apart; the type and the charset in lower case. */
export function parseMediaType(value: string): { type: string; charset: string | undefined } {
  const [type = "", ...parameters] = value.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => /^charset\s*=/.test(parameter));
  return { type, charset: charset?.replace(/^charset\s*=\s*"?([^"]*)"?$/, "$1") };
}

/** JSON by its name. @see https://www.rfc-editor.org/rfc/rfc6839#section-3.1 */
export function isJsonType(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

/** A client drops the bytes after a 204's header, so that only a header tells of them. */
function bodyOfNone(body: Buffer, header: (name: string) => string | undefined): Difference[] {
  const length = body.length || Number(header("content-length") ?? 0);
  if (length > 0) return [{ instancePath: "body", expected: "no body", actual: `${length} bytes` }];
  if (header("transfer-encoding") === undefined) return [];
  return [{ instancePath: "body", expected: "no body", actual: "a body in chunks" }];
}

function notUtf8(body: Buffer): Difference {
  // Decoding replaces what is wrong, so that the first difference is its place.
  const again = Buffer.from(body.toString("utf8"));
  const place = body.findIndex((byte, index) => byte !== again[index]);
  const byte = place < 0 ? "the end of the body" : `0x${body[place]!.toString(16).padStart(2, "0")}`;
  return at(place < 0 ? body.length : place, "UTF-8", byte);
}

function at(place: number, expected: string, actual: string): Difference {
  return { instancePath: `bytes ${place}`, expected, actual };
}
