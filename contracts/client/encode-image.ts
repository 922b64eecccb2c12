/** What an image can be read from: also a `File`, a `Buffer`, and a stream of Node or of the web. */
export type ImageSource =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/**
 * Encodes an image as Base64 text, for the `face`, `faces` or `probe` of a request. Between pieces of 384 KiB other
 * work gets its turn, so that a large image does not block the event loop.
 *
 * @param options.maxBytes the largest image in bytes. A larger one is not read to its end.
 * @default options.maxBytes 7_864_320, which fills the 10 MiB that API Gateway takes
 * @throws {ImageTooLargeError}
 * @throws {TypeError} if the source is none, e.g. text. What a stream fails with is passed on.
 * @example
 * const face = await encodeImage(input.files[0]);
 * await client.operations.ApiSubjectsPost({ body: { face } });
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export async function encodeImage(
  image: ImageSource,
  { maxBytes = 7_864_320 }: { maxBytes?: number } = {},
): Promise<string> {
  // Characters as bytes. One decoding at the end costs less than joining the text of many pieces.
  let text = new Uint8Array(65_536);
  let length = 0;
  let rest: Uint8Array = new Uint8Array();
  let size = 0;
  for await (const chunk of chunksOf(image)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new ImageTooLargeError(maxBytes);
    const bytes = rest.length === 0 ? chunk : joined(rest, chunk);
    const whole = bytes.length - (bytes.length % 3);
    text = withRoom(text, length, (whole / 3) * 4 + 4);
    for (let at = 0; at < whole; at += bytesATurn) {
      length = writeBase64(bytes.subarray(at, Math.min(at + bytesATurn, whole)), text, length);
      if (whole > bytesATurn) await nextTurn();
    }
    rest = bytes.slice(whole);
  }
  const padded = new Uint8Array(rest.length === 0 ? 0 : 3);
  padded.set(rest);
  length = writeBase64(padded, text, length);
  if (rest.length > 0) text.fill(equalsSign, length - 3 + rest.length, length);
  return new TextDecoder().decode(text.subarray(0, length));
}

/** An image has more bytes than `maxBytes`. */
export class ImageTooLargeError extends Error {
  readonly code = "IMAGE_TOO_LARGE";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`The image has more than ${maxBytes} bytes. Send a smaller one, or raise maxBytes.`);
    this.name = "ImageTooLargeError";
    this.maxBytes = maxBytes;
  }
}

/** Divisible by 3, because every three bytes are four characters. */
const bytesATurn = 393_216;
const equalsSign = 61;
const alphabet = new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

/** Writes the characters of `bytes`, whose number is divisible by 3, from `at` on. Returns where they end. */
function writeBase64(bytes: Uint8Array, text: Uint8Array, at: number): number {
  let end = at;
  for (let index = 0; index < bytes.length; index += 3) {
    const three = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!;
    text[end] = alphabet[three >> 18]!;
    text[end + 1] = alphabet[(three >> 12) & 63]!;
    text[end + 2] = alphabet[(three >> 6) & 63]!;
    text[end + 3] = alphabet[three & 63]!;
    end += 4;
  }
  return end;
}

/** The buffer, or a larger one with its content if it has no room for `more` bytes. */
function withRoom(buffer: Uint8Array<ArrayBuffer>, length: number, more: number): Uint8Array<ArrayBuffer> {
  if (length + more <= buffer.length) return buffer;
  const larger = new Uint8Array(Math.max(length + more, buffer.length * 2));
  larger.set(buffer.subarray(0, length));
  return larger;
}

async function* chunksOf(image: ImageSource): AsyncGenerator<Uint8Array> {
  if (image instanceof Uint8Array) yield image;
  else if (ArrayBuffer.isView(image)) yield new Uint8Array(image.buffer, image.byteOffset, image.byteLength);
  else if (image instanceof ArrayBuffer) yield new Uint8Array(image);
  else if (image instanceof Blob) yield* read(image.stream());
  else if (image instanceof ReadableStream) yield* read(image);
  else if (typeof Object(image)[Symbol.asyncIterator] === "function") yield* checked(image);
  else throw notAnImage();
}

/** Not every browser can iterate a stream. */
async function* read(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (!(value instanceof Uint8Array)) throw notAnImage();
      yield value;
    }
  } finally {
    // Frees the source if the image was not read to its end.
    reader.cancel().catch(() => {});
  }
}

/** A stream of Node may be set to give text. */
async function* checked(chunks: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) throw notAnImage();
    yield chunk;
  }
}

function notAnImage(): TypeError {
  return new TypeError(
    "encodeImage needs a Blob, bytes or a stream of bytes. Text that is Base64 already needs no encoding.",
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
