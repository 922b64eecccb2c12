import { isObject } from "../../openapi/json.ts";
import { formatPointer, type Tokens } from "../../openapi/pointer.ts";
import { headerOf, type ReceivedResponse } from "../wire.ts";

/** What a run keeps of a response, for the report. */
export type KeptResponse = {
  status: number;
  mediaType: string | undefined;
  /** Of the whole body, in bytes. */
  size: number;
  /** The first bytes of the body. */
  begin: Buffer;
  /** Texts of the body that a later call may need, such as ids, with their JSON Pointers. */
  values: [pointer: string, text: string][];
};

export function keepResponse(response: ReceivedResponse): KeptResponse {
  const { status, body } = response;
  return {
    status,
    mediaType: headerOf(response, "content-type"),
    size: body.length,
    begin: Buffer.from(body.subarray(0, mostKept)),
    values: valuesIn(body),
  };
}

/** In bytes. */
const mostKept = 4_096;
const mostParsed = 200_000;
const mostValues = 50;

function valuesIn(body: Buffer): KeptResponse["values"] {
  const values: KeptResponse["values"] = [];
  if (body.length > mostParsed || body[0] !== 0x7b) return values;
  const walk = (value: unknown, at: Tokens) => {
    if (values.length >= mostValues) return;
    if (typeof value === "string" && isReferable(value, String(at.at(-1))))
      values.push([formatPointer(at), value]);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...at, index]);
    else if (isObject(value)) for (const [name, item] of Object.entries(value)) walk(item, [...at, name]);
  };
  try {
    walk(JSON.parse(body.toString()), []);
  } catch {
    // What is no JSON has no ids.
  }
  return values;
}

/** Short texts stand in other calls by chance. */
function isReferable(text: string, name: string): boolean {
  return text.length <= 200 && (/id$/i.test(name) ? text.length > 0 : text.length >= 8);
}

/**
 * A response on one line: `HTTP 200, application/json, 46 bytes: {"id":…`. Where a mismatch names a byte, the excerpt
 * begins shortly before it.
 *
 * @param options.instancePath of the mismatch that it shows.
 * @param options.redact is applied before anything is cut off, so that no piece of an image is left.
 */
export function excerptOf(
  { status, mediaType, size, begin }: KeptResponse,
  { instancePath, redact }: { instancePath: string; redact: (text: string) => string },
): string {
  const facts = [`HTTP ${status}`, mediaType ?? "no media type", size === 0 ? "no body" : `${size} bytes`];
  if (size === 0) return facts.join(", ");
  const whole = redact(begin.toString());
  const place = Number(/^bytes (\d+)$/.exec(instancePath)?.[1] ?? 0);
  // About where the byte is: the text is redacted as a whole, so that nothing is cut off in the middle of a secret.
  const at = place < begin.length ? redact(begin.toString("utf8", 0, place)).length : 0;
  const from = at > mostShown / 2 ? at - shownBefore : 0;
  const isCut = begin.length < size;
  const text = whole.slice(from, isCut ? Math.max(whole.length - unsure, from) : undefined);
  const end = isCut || text.length > mostShown ? "…" : "";
  return `${facts.join(", ")}: ${from > 0 ? "…" : ""}${text.slice(0, mostShown)}${end}`;
}

/** In characters. */
const mostShown = 300;
const shownBefore = 40;
const unsure = 1_000;
