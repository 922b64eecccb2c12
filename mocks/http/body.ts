import { isUtf8 } from "node:buffer";
import type { Violation } from "../../contracts/openapi/validation.ts";
import type { DecodedBase64 } from "./base64.ts";
import { jsonExcess } from "./json-limits.ts";
import { putPictures, shortestPicture, type TextRange, takePictures } from "./pictures.ts";

/** How a body is read: whether its media type means JSON, and whether its text must be valid UTF-8. */
export type BodyRules = { isJson(mediaType: string | undefined): boolean; utf8: TextDecoder };

/** API Gateway takes a body without a media type for JSON. */
export const gatewayBody: BodyRules = { isJson, utf8: new TextDecoder("utf-8", { fatal: true }) };

/** A body of a binary media type is never JSON. */
export const binaryBody: BodyRules = { isJson: () => false, utf8: gatewayBody.utf8 };

/** Prism's server reads JSON where the media type says so, and text everywhere else. */
export const prismBody: BodyRules = {
  isJson: (mediaType = "") => /^\s*application\/([^;\s]+\+)?json\s*(;|$)/i.test(mediaType),
  utf8: new TextDecoder("utf-8", { ignoreBOM: true }),
};

export function isJson(mediaType: string | undefined): boolean {
  if (!mediaType || mediaType === "application/json") return true;
  const type = mediaType.split(";")[0]!.trim().toLowerCase();
  return type === "application/json" || type.endsWith("+json");
}

/** The value of a body, `undefined` for an empty one, and its pictures; or why it has none. */
export function decodeBody(
  bytes: Buffer,
  mediaType: string | undefined,
  { isJson, utf8 }: BodyRules,
): { value: unknown; pictures: DecodedBase64[] } | Violation {
  if (bytes.length === 0) return { value: undefined, pictures: none };
  const json = isJson(mediaType);
  const texts: TextRange[] = [];
  const excess = json ? jsonExcess(bytes, undefined, { shortest: shortestPicture, found: texts }) : undefined;
  if (excess) return { place: ["body"], keyword: "excess", params: {}, message: excess };
  try {
    if (!json) return { value: textOf(bytes, utf8), pictures: none };
    if (texts.length === 0) return { value: JSON.parse(utf8.decode(bytes)), pictures: none };
    const rest = takePictures(bytes, texts);
    return {
      value: putPictures(JSON.parse(utf8.decode(rest.bytes)), rest.pictures),
      pictures: rest.pictures,
    };
  } catch {
    const message = `the body is not valid JSON${utf8.fatal ? " in UTF-8" : ""}`;
    return { place: ["body"], keyword: "json", params: {}, message };
  }
}

/** Bytes that are no text, such as a picture, as one character for each byte. */
function textOf(bytes: Buffer, utf8: TextDecoder): string {
  return utf8.fatal && !isUtf8(bytes) ? bytes.toString("latin1") : utf8.decode(bytes);
}

const none: DecodedBase64[] = [];
