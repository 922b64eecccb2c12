import { hash } from "node:crypto";

/** The bytes that a Base64 text stands for. */
export class DecodedBase64 {
  readonly bytes: Buffer;
  #sha256: string | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** In hexadecimal. Computed when it is first read. */
  get sha256(): string {
    return (this.#sha256 ??= hash("sha256", this.bytes));
  }
}

/**
 * Decodes Base64 text, and skips what is no Base64.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function decodeBase64(text: string): DecodedBase64 {
  return new DecodedBase64(Buffer.from(text, "base64"));
}

/** Decodes text of one byte for each character; `undefined` where it is not Base64 from its first to its last. */
export function decodeWholeBase64(text: string): DecodedBase64 | undefined {
  if (text.length % 4 !== 0 || text.includes("-") || text.includes("_")) return undefined;
  const bytes = Buffer.from(text, "base64");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  // Where the decoder has skipped a character, a byte is missing.
  return bytes.length === (text.length / 4) * 3 - padding ? new DecodedBase64(bytes) : undefined;
}
