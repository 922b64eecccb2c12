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
  const pieces: string[] = [];
  let rest = new Uint8Array();
  let size = 0;
  for await (const chunk of chunksOf(image)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new ImageTooLargeError(maxBytes);
    const bytes = rest.length === 0 ? chunk : joined(rest, chunk);
    const whole = bytes.length - (bytes.length % 3);
    for (let at = 0; at < whole; at += pieceBytes) {
      pieces.push(toBase64(bytes.subarray(at, Math.min(at + pieceBytes, whole))));
      if (pieces.length % piecesATurn === 0) await nextTurn();
    }
    rest = bytes.slice(whole);
  }
  pieces.push(toBase64(rest));
  return pieces.join("");
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

/** Divisible by 3, so that only the last piece is padded. */
const pieceBytes = 24_576;
const piecesATurn = 16;

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

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode.apply(null, bytes as unknown as number[]));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
