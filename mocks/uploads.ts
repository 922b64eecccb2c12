import type { IncomingMessage } from "node:http";

/** What became of a body: its bytes, or why there are none. */
export type Upload = Buffer | "too large" | "gone";

export type Reading = {
  /** In bytes. */
  limit: number;
  /** Given a function that ends the reading of what is not whole yet, as `gone`; `undefined` when that is over. */
  cancel: (stop: (() => void) | undefined) => void;
};

/**
 * Makes the reader of request bodies. It holds at most `unfinished` bytes of bodies that have not ended:
 * beyond that it cuts the connection of the one begun first, so that stalled uploads cannot keep others out.
 */
export function createUploads({ unfinished }: { unfinished: number }) {
  // A Map keeps the order of insertion: the oldest upload comes first.
  const open = new Map<IncomingMessage, number>();
  let held = 0;

  return async function read(request: IncomingMessage, { limit, cancel }: Reading): Promise<Upload> {
    if (Number(request.headers["content-length"] ?? 0) > limit) return "too large";
    let bytes: Buffer = nothing;
    let size = 0;
    const upload = await new Promise<Upload>((resolve) => {
      cancel(() => request.complete || resolve("gone"));
      request.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > limit) return resolve("too large");
        bytes = appended(bytes, { chunk, size, limit });
        hold(request, bytes.length);
      });
      request.once("end", () => resolve(bytes.subarray(0, size)));
      request.once("close", () => resolve("gone"));
      request.once("error", () => resolve("gone"));
    });
    cancel(undefined);
    bytes = nothing;
    release(request);
    return upload;
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
    held -= open.get(request) ?? 0;
    open.delete(request);
  }
}

const nothing = Buffer.alloc(0);

/** One growing buffer: a list would cost hundreds of bytes for each chunk of one byte. */
function appended(
  bytes: Buffer,
  { chunk, size, limit }: { chunk: Buffer; size: number; limit: number },
): Buffer {
  const before = size - chunk.length;
  if (before === 0) return chunk;
  const room =
    size <= bytes.length ? bytes : Buffer.allocUnsafeSlow(Math.min(limit, Math.max(2 * bytes.length, size)));
  if (room !== bytes) bytes.copy(room, 0, 0, before);
  chunk.copy(room, before);
  return room;
}
