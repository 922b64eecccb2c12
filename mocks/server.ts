import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { deliver, pause, start } from "./deliver.ts";
import type { Answer, RawRequest } from "./exchange.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { malformed, malformedBytes } from "./malformed.ts";
import { createServer } from "./node-http.ts";
import { createUploads } from "./uploads.ts";

/** Answers one request; `tooLarge` is asked instead, without the body, once that exceeds its limit. */
export type Responder = {
  answer(request: RawRequest): Promise<Answer>;
  tooLarge(request: RawRequest): Promise<Answer>;
};

/** A listening server. */
export type Listening = {
  host: string;
  port: number;
  /** Ends every connection at once, whatever is under way, and frees the port. */
  close(): Promise<void>;
};

/** The address is taken, or may not be used. */
export class ListenError extends Error {
  readonly code: string;
  readonly port: number;

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(listenMessage(host, port, cause.code ?? cause.message));
    this.name = "ListenError";
    this.code = cause.code ?? "LISTEN";
    this.port = port;
  }
}

/**
 * Serves a responder over HTTP/1.1, one answer for each request, bytes in and bytes out, in the order in
 * which the requests came on their connection.
 *
 * Whatever arrives costs no more than `limits` allow and no other client its answer: bytes that are no
 * HTTP are answered 400, 408 or 431 and the connection is closed, as it is on CONNECT, and when the
 * responder throws.
 *
 * @param options.port 0 takes any free port.
 * @param options.limits each absent one is that of `defaultLimits`.
 * @throws {ListenError} when the address is in use or not allowed.
 */
export async function listen(
  responder: Responder,
  options: { host: string; port: number; limits?: Partial<Limits> },
): Promise<Listening> {
  const limits = { ...defaultLimits, ...options.limits };
  const server = createServer({
    maxHeaderSize: limits.headers,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.idleMs,
    noDelay: true,
    // Asked in `serve`, to be answered like the rest.
    requireHostHeader: false,
  });
  // Node would drop the headers beyond the 2,000th without a word; their size is limited already.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;

  const lines = createLines(responder, limits);
  server.on("request", lines.enter);
  server.on("checkContinue", lines.enter);
  server.on("checkExpectation", lines.enter);
  server.on("clientError", lines.refuse);
  await started(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    host: options.host,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The requests of one connection, which wait for each other. */
type Line = {
  /** Done when every request that came so far has been answered. */
  last: Promise<void>;
  waiting: number;
  /** The bytes after the last request are no HTTP: what it lacks will never come. */
  broken: boolean;
  /** Ends the reading of the body that is under way. */
  stopReading?: (() => void) | undefined;
};

function createLines(responder: Responder, limits: Limits) {
  const lines = new WeakMap<Socket, Line>();
  const read = createUploads({ unfinished: limits.unfinishedBodies });
  return { enter, refuse };

  function lineOf(socket: Socket): Line {
    const known = lines.get(socket);
    if (known) return known;
    const line: Line = { last: Promise.resolve(), waiting: 0, broken: false };
    lines.set(socket, line);
    return line;
  }

  function enter(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const line = lineOf(socket);
    if (++line.waiting > limits.pipelined) socket.pause();
    line.last =
      line.waiting === 1
        ? turn(request, response, line)
        : line.last.then(() => turn(request, response, line));
  }

  async function turn(request: IncomingMessage, response: ServerResponse, line: Line): Promise<void> {
    try {
      await serve(request, response, line);
    } catch {
      request.socket.destroy();
    }
    if (--line.waiting === limits.pipelined) request.socket.resume();
    // The next answer may be late on purpose.
    if (line.waiting > 0) request.socket.setTimeout(0);
  }

  async function serve(request: IncomingMessage, response: ServerResponse, line: Line): Promise<void> {
    const { socket } = request;
    if (socket.destroyed) return;
    const over = new Promise<void>((resolve) => response.once("close", resolve));
    const { answer, complete } = await answerTo(request, response, line);
    if (!answer || socket.destroyed) return;
    if (complete) await deliver(response, answer);
    else await turnAway(request, response, answer);
    if (socket.destroyed) return;
    socket.setTimeout(limits.idleMs);
    await over;
  }

  /** Lets go of the body before the answer travels, which may take long. No answer: the client is gone. */
  async function answerTo(
    request: IncomingMessage,
    response: ServerResponse,
    line: Line,
  ): Promise<{ answer?: Answer; complete?: boolean }> {
    if (!hasOneHost(request)) return { answer: malformed() };
    const { method = "GET", url: target = "/", rawHeaders, socket } = request;
    const raw = { method, target, rawHeaders, fromLoopback: isLoopback(socket.remoteAddress) };
    const body = await readBody(request, response, line);
    if (body === "gone") return {};
    if (body === "too large") return { answer: await responder.tooLarge({ ...raw, body: nothing }) };
    return { answer: await responder.answer({ ...raw, body }), complete: true };
  }

  async function readBody(request: IncomingMessage, response: ServerResponse, line: Line) {
    if (line.broken && !request.complete) return "gone";
    const limit = request.url?.startsWith("/__necid/") ? limits.controlBody : limits.body;
    // RFC 9110, 10.1.1: whoever waits to be asked for a body that is too large is not asked.
    const waits = request.headers.expect?.toLowerCase() === "100-continue";
    if (waits && Number(request.headers["content-length"] ?? 0) <= limit) response.writeContinue();
    return read(request, { limit, cancel: (stop) => (line.stopReading = stop) });
  }

  /**
   * Answers a request whose body is not wanted. By its Content-Length the answer is whole before the
   * connection ends; a reset while the client still sends would take it away again.
   */
  async function turnAway(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
    start(response, answer, "close").flushHeaders();
    response.write(answer.body ?? "");
    request.resume();
    if (!request.complete) await pause(limits.lingerMs, request);
    response.end();
  }

  /** Answers bytes that are no HTTP, after the requests that came before them. */
  function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    const line = lineOf(socket);
    // What still comes after the first such bytes is thrown away.
    if (line.broken && error.code !== "ECONNRESET") return;
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    line.broken = true;
    line.stopReading?.();
    void line.last.then(async () => {
      if (!socket.writable) return void socket.destroy();
      socket.end(malformedBytes(error.code));
      socket.resume();
      await pause(limits.lingerMs, socket);
      socket.destroy();
    });
  }
}

const nothing = Buffer.alloc(0);

/** @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2 */
function hasOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place]!;
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts === 1 || (hosts === 0 && httpVersion === "1.0");
}

function isLoopback(address = ""): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

function started(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new ListenError(host, port, error));
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      // Later errors are connections that could not be accepted: they cost themselves only.
      server.on("error", () => {});
      resolve();
    });
  });
}

function listenMessage(host: string, port: number, reason: string): string {
  const place = `${host}:${port}`;
  if (reason === "EADDRINUSE") {
    return `${place} is already in use. Stop the other process, or choose another port: npm start -- --port ${port + 1}`;
  }
  if (reason === "EACCES")
    return `${place} may not be opened by this user. Choose a port above 1023 with --port.`;
  return `${place} cannot be opened (${reason}). Check --host and --port.`;
}
