import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { ReceivedResponse } from "../../raw-http.ts";

/** What is written, in order: bytes (text is latin1, a char a byte), the same bytes many times, or a pause. */
export type Piece = string | Buffer | { repeat: Buffer; times: number } | { waitMs: number };

export type Conversation = {
  responses: ReceivedResponse[];
  /** `complete`: as many responses as wanted came; the others say how it ended before. */
  end: "complete" | "closed" | "reset" | "quiet";
  /** Bytes after the last whole response. */
  rest: Buffer;
};

/**
 * Opens a connection of its own, writes the pieces as they are and reads answers until there are as many as
 * wanted, the server ends the connection, or nothing happened for a while after the last byte was written.
 *
 * @param options.methods of the requests in order, as far as known: a response to HEAD has no body.
 * @param options.untilClosed reads on after the last response, until the server ends the connection.
 */
export async function converse(
  port: number,
  pieces: Piece[],
  options: { responses: number; untilClosed?: boolean; quietMs?: number; methods?: string[] },
): Promise<Conversation> {
  const { responses: wanted, untilClosed = false, quietMs = 60_000, methods = [] } = options;
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const responses: ReceivedResponse[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let quiet: NodeJS.Timeout | undefined;

  const end = await new Promise<Conversation["end"]>((resolve) => {
    const listen = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => resolve("quiet"), quietMs);
    };
    socket.on("data", (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let found = nextResponse(rest, methods[responses.length]); found; ) {
        responses.push(found.response);
        rest = found.rest;
        found = nextResponse(rest, methods[responses.length]);
      }
      if (responses.length >= wanted && !untilClosed) resolve("complete");
    });
    let reset = false;
    socket.on("error", () => (reset = true));
    socket.on("close", () => resolve(reset ? "reset" : "closed"));
    void write(socket, pieces).then(listen);
  });
  clearTimeout(quiet);
  socket.destroy();
  return { responses, end, rest };
}

async function write(socket: Socket, pieces: Piece[]): Promise<void> {
  const closed = once(socket, "close").catch(() => {});
  for (const piece of pieces) {
    if (socket.destroyed) return;
    if (typeof piece === "string") socket.write(piece, "latin1");
    else if (Buffer.isBuffer(piece)) socket.write(piece);
    else if ("waitMs" in piece) await new Promise((resolve) => setTimeout(resolve, piece.waitMs));
    else await writeRepeatedly(socket, piece, closed);
  }
}

/** Never holds more than one copy that the server has not taken. */
async function writeRepeatedly(
  socket: Socket,
  { repeat, times }: { repeat: Buffer; times: number },
  closed: Promise<unknown>,
): Promise<void> {
  for (let count = 0; count < times && socket.writable; count++) {
    if (socket.write(repeat)) continue;
    await Promise.race([closed, new Promise((resolve) => socket.once("drain", resolve))]);
  }
}

function nextResponse(
  bytes: Buffer,
  method?: string,
): { response: ReceivedResponse; rest: Buffer } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
  const after = bytes.subarray(end + 4);
  if (status === 100) return nextResponse(after, method);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const stated = Number(headers.find(([name]) => name.toLowerCase() === "content-length")?.[1] ?? 0);
  const length = method === "HEAD" ? 0 : stated;
  if (after.length < length) return undefined;
  return {
    response: { status, headers, body: after.subarray(0, length).toString() },
    rest: after.subarray(length),
  };
}
