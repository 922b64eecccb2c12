import type { IncomingMessage } from "node:http";

/** A body's bytes, or why there are none. */
export type Upload = Buffer | "too large" | "gone";

type ReadOptions = {
  /** In bytes. */
  limit: number;
  /** As the request's header has it, in bytes; 0 without one. */
  contentLength: number;
  /** Called with a function that ends the reading of an unfinished body, as `gone`, and with `undefined` at the end. */
  onStop: (stop: (() => void) | undefined) => void;
};

/**
 * Makes the reader of request bodies, which calls back once. It holds at most `unfinished` bytes of bodies that
 * have not ended. Beyond that it closes the connection whose body began first, so that stalled uploads cannot
 * keep others out.
 */
export function createUploads({ unfinished }: { unfinished: number }) {
  // A Map keeps the order of insertion: the oldest upload comes first.
  const open = new Map<IncomingMessage, number>();
  let held = 0;

  return function read(
    request: IncomingMessage,
    { limit, contentLength, onStop }: ReadOptions,
    done: (upload: Upload) => void,
  ): void {
    if (contentLength > limit) return void done("too large");
    let bytes: Buffer = nothing;
    let size = 0;
    let over = false;
    const finish = (upload: Upload) => {
      if (over) return;
      over = true;
      bytes = nothing;
      onStop(undefined);
      release(request);
      done(upload);
    };
    onStop(() => request.complete || finish("gone"));
    request.on("data", (chunk: Buffer) => {
      if (over) return;
      size += chunk.length;
      if (size > limit) return void finish("too large");
      bytes = appended(bytes, { chunk, size, limit, contentLength });
      // A body that comes in one piece is never unfinished.
      if (size !== contentLength) hold(request, bytes.length);
    });
    request.on("end", () => finish(bytes.length === size ? bytes : bytes.subarray(0, size)));
    request.on("close", () => finish("gone"));
  };

  function hold(request: IncomingMessage, capacity: number): void {
    held += capacity - (open.get(request) ?? 0);
    open.set(request, capacity);
    while (held > unfinished && open.size > 0) {
      const [oldest] = open.keys();
      oldest!.socket.destroy();
      release(oldest!);
    }
  }

  function release(request: IncomingMessage): void {
    if (held === 0) return;
    held -= open.get(request) ?? 0;
    open.delete(request);
  }
}

const nothing = Buffer.alloc(0);

/**
 * One growing buffer: a list would cost hundreds of bytes for each chunk of one byte. It gets its whole size
 * when a quarter has come: before that, a client that announces much and sends little could use up the server's memory.
 */
function appended(
  bytes: Buffer,
  { chunk, size, ...sizes }: { chunk: Buffer; size: number; limit: number; contentLength: number },
): Buffer {
  const before = size - chunk.length;
  if (before === 0) return chunk;
  const buffer = size <= bytes.length ? bytes : Buffer.allocUnsafeSlow(capacityFor(size, sizes));
  if (buffer !== bytes) bytes.copy(buffer, 0, 0, before);
  chunk.copy(buffer, before);
  return buffer;
}

function capacityFor(
  size: number,
  { limit, contentLength }: { limit: number; contentLength: number },
): number {
  const isNear = contentLength >= size && contentLength <= 4 * size;
  return isNear ? contentLength : Math.min(limit, 2 * size);
}
