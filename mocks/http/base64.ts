import { createHash, hash } from "node:crypto";

/** The bytes that a Base64 text stands for. */
export class DecodedBase64 {
  readonly text: string;
  /** SHA-256 of the bytes in hexadecimal, their number and the first of them, where they are known already. */
  readonly #known: { sha256: string; length: number; head: Buffer } | undefined;
  #bytes: Buffer | undefined;
  #sha256: string | undefined;

  constructor(text: string, known?: { sha256: string; length: number; head: Buffer }) {
    this.text = text;
    this.#known = known;
  }

  /** Whether the text is known to be Base64 from its first character to its last. */
  get isWhole(): boolean {
    return this.#known !== undefined;
  }

  get bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(this.text, "base64"));
  }

  get sha256(): string {
    return (this.#sha256 ??= this.#known?.sha256 ?? hash("sha256", this.bytes));
  }

  get length(): number {
    return this.#known?.length ?? this.bytes.length;
  }

  /** The first bytes, at least 10,000 where there are as many. */
  get head(): Buffer {
    return this.#known?.head ?? this.bytes;
  }
}

/**
 * Decodes Base64 text when it is asked for, and skips what is no Base64.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function decodeBase64(text: string): DecodedBase64 {
  return new DecodedBase64(text);
}

/**
 * Decodes the Base64 text of a body in one go, piece by piece, so that each is validated, decoded and hashed while
 * it is in the processor's cache. No buffer for the whole picture is needed.
 *
 * @returns `undefined` where the bytes from `start` up to `end` are not Base64 from the first to the last.
 */
export function decodeWholeBase64(
  body: Buffer,
  { start, end }: { start: number; end: number },
): DecodedBase64 | undefined {
  if ((end - start) % 4 !== 0) return undefined;
  const digest = createHash("sha256");
  let text = "";
  let length = 0;
  let head = nothing;
  for (let at = start; at < end; at += pieceLength) {
    const isLast = at + pieceLength >= end;
    const piece = body.toString("latin1", at, isLast ? end : at + pieceLength);
    const padding = !isLast || !piece.endsWith("=") ? 0 : piece.endsWith("==") ? 2 : 1;
    // The decoder takes the URL alphabet too. Where it has skipped a character, a byte is missing.
    if (piece.includes("-") || piece.includes("_")) return undefined;
    const written = decoded.write(piece, "base64");
    if (written !== (piece.length / 4) * 3 - padding) return undefined;
    const bytes = decoded.subarray(0, written);
    digest.update(bytes);
    if (at === start) head = Buffer.from(bytes);
    length += written;
    text += piece;
  }
  // A long text outside the heap costs less than its many pieces, a short one more.
  if (end - start >= longText) text = body.toString("latin1", start, end);
  return new DecodedBase64(text, { sha256: digest.digest("hex"), length, head });
}

const nothing = Buffer.alloc(0);
const pieceLength = 65_536;
const decoded = Buffer.allocUnsafeSlow((pieceLength / 4) * 3);
const longText = 1_048_576;
