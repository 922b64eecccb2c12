import { connect } from "node:net";

/** One answer, whole; header names in lower case. */
export type ReceivedResponse = { status: number; headers: Map<string, string>; body: string };

/** A keep-alive connection with at most one request under way. */
export type Connection = {
  /** Writes a request (Latin-1) and reads the one response to it. @throws {ConnectionError} when there is none. */
  ask(request: string): Promise<ReceivedResponse>;
  /** Writes what is given and hangs up without waiting for a response. */
  abandon(beginning: string): Promise<void>;
  isOpen(): boolean;
  /** Done when either side has closed it. */
  closed: Promise<void>;
  close(): void;
};

/** A request got no response, or more than one, or one that is no HTTP/1.1 with a length. */
export class ConnectionError extends Error {
  readonly code = "CONNECTION";

  constructor(reason: string) {
    super(`A request was lost: ${reason}. See what the mock wrote, and whether it still runs.`);
    this.name = "ConnectionError";
  }
}

/**
 * Opens a connection to 127.0.0.1. It knows no pipelining and no chunks: the mock sends lengths.
 *
 * @throws {ConnectionError} when nobody listens.
 */
export async function openConnection(
  port: number,
  { silenceMs = 30_000 }: { silenceMs?: number } = {},
): Promise<Connection> {
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let under: PromiseWithResolvers<ReceivedResponse> | undefined;
  let received: Buffer = nothing;
  let ended: string | undefined;

  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  socket.setTimeout(silenceMs, () => end(`no response came for ${silenceMs} ms`));
  socket.once("connect", opened.resolve);
  socket.on("data", take);
  socket.once("error", ({ message }) => end(message));
  socket.once("close", () => {
    end("the connection was closed");
    closed.resolve();
  });
  await opened.promise;
  return {
    ask,
    abandon,
    isOpen: () => ended === undefined,
    closed: closed.promise,
    close: () => end("this side closed it"),
  };

  function ask(request: string): Promise<ReceivedResponse> {
    if (ended !== undefined) return Promise.reject(new ConnectionError(ended));
    under = Promise.withResolvers();
    socket.write(request, "latin1");
    return under.promise;
  }

  async function abandon(beginning: string): Promise<void> {
    socket.write(beginning, "latin1", () => socket.destroy());
    await closed.promise;
  }

  function take(chunk: Buffer): void {
    if (!under) return void end("the server sent what nobody asked for");
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const read = readResponse(received);
    if (!read) return;
    if (read === "uncountable" || read.length !== received.length)
      return void end("the answer's length is not the one it gives");
    const { resolve } = under;
    under = undefined;
    received = nothing;
    resolve(read.response);
  }

  function end(reason: string): void {
    ended ??= reason;
    socket.destroy();
    opened.reject(new ConnectionError(ended));
    under?.reject(new ConnectionError(ended));
    under = undefined;
  }
}

const nothing = Buffer.alloc(0);

/** Undefined while it is not whole. @see https://www.rfc-editor.org/rfc/rfc9112#section-6.3 */
function readResponse(
  received: Buffer,
): { response: ReceivedResponse; length: number } | "uncountable" | undefined {
  const headLength = received.indexOf("\r\n\r\n");
  if (headLength < 0) return undefined;
  const [startLine = "", ...lines] = received.toString("latin1", 0, headLength).split("\r\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const status = Number(/^HTTP\/1\.1 ([2-5]\d\d)/.exec(startLine)?.[1]);
  const length = headLength + 4 + (status === 204 ? 0 : Number(headers.get("content-length")));
  if (Number.isNaN(status + length)) return "uncountable";
  if (received.length < length) return undefined;
  return { response: { status, headers, body: received.toString("utf8", headLength + 4, length) }, length };
}
