import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { deliver, pause, start } from "./deliver.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { malformed, malformedBytes } from "./malformed.ts";
import { createServer } from "./node-http.ts";
import { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import { createUploads } from "./uploads.ts";

/** Responds to one request; `tooLarge` is asked instead, without the body, once that exceeds its limit. */
export type Responder = {
  respond(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
  tooLarge(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
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
    // `timeout` below holds between two requests too; two timers for each request would cost a microsecond.
    keepAliveTimeout: 0,
    noDelay: true,
    // Asked in `serve`, to be answered like the rest.
    requireHostHeader: false,
  });
  // Node would drop the headers beyond the 2,000th without a word; their size is limited already.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  // From one byte to the next, within a request and between two.
  server.timeout = limits.idleMs;

  const lines = createLines(responder, limits);
  server.on("request", lines.enter);
  server.on("checkContinue", lines.enterWaiting);
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
  fromLoopback: boolean;
  /** The request whose turn it is, and those behind it. */
  length: number;
  behind: (() => void)[];
  /** The bytes after the last request are no HTTP: what it lacks will never come. */
  broken: boolean;
  /** What is left to do when every request that came has been answered. */
  last?: () => void;
  /** Ends the reading of the body that is under way. */
  stopReading?: (() => void) | undefined;
};

/** One request in its line; `waits`: the client sends the body when it is asked to. */
type Turn = { request: IncomingMessage; response: ServerResponse; line: Line; waits: boolean };

function createLines(responder: Responder, limits: Limits) {
  const lines = new WeakMap<Socket, Line>();
  let ready: { response: ServerResponse; answer: HttpResponse }[] = [];
  const read = createUploads({ unfinished: limits.unfinishedBodies });
  return {
    enter: (request: IncomingMessage, response: ServerResponse) => enter(request, response, false),
    enterWaiting: (request: IncomingMessage, response: ServerResponse) => enter(request, response, true),
    refuse,
  };

  function lineOf(socket: Socket): Line {
    const known = lines.get(socket);
    if (known) return known;
    const line: Line = {
      fromLoopback: isLoopback(socket.remoteAddress),
      length: 0,
      behind: [],
      broken: false,
    };
    lines.set(socket, line);
    return line;
  }

  function enter(request: IncomingMessage, response: ServerResponse, waits: boolean): void {
    const line = lineOf(request.socket);
    const turn = { request, response, line, waits };
    if (++line.length > limits.pipelined) request.socket.pause();
    if (line.length === 1) take(turn);
    else line.behind.push(() => take(turn));
  }

  /** Reads, answers, and lets the next one go ahead when the answer has left. */
  function take(turn: Turn): void {
    const { request, response, line, waits } = turn;
    const { method = "GET", url: target = "/", rawHeaders, socket } = request;
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      leave(line, socket);
    };
    if (socket.destroyed) return void end();
    response.on("close", end);
    const { hosts, contentLength } = readFraming(rawHeaders);
    if (hosts !== 1 && !(hosts === 0 && request.httpVersion === "1.0"))
      return void send(turn, malformed(), false);

    const limit = target.startsWith("/__necid/") ? limits.controlBody : limits.body;
    if (line.broken && !request.complete) return void end();
    // RFC 9110, 10.1.1: whoever waits to be asked for a body that is too large is not asked.
    if (waits && contentLength <= limit) response.writeContinue();
    read(request, { limit, contentLength, cancel: (stop) => (line.stopReading = stop) }, (upload) => {
      if (upload === "gone") return void end();
      const complete = upload !== "too large";
      const received = new HttpRequest({
        method,
        target,
        rawHeaders,
        body: complete ? upload : nothing,
        fromLoopback: line.fromLoopback,
      });
      answer(turn, received, complete);
    });
  }

  function leave(line: Line, socket: Socket): void {
    if (--line.length === limits.pipelined) socket.resume();
    if (line.length > 0) line.behind.shift()!();
    else line.last?.();
  }

  /** Whatever fails here costs the connection, and the server nothing. */
  function answer(turn: Turn, raw: HttpRequest, complete: boolean): void {
    const failed = () => void turn.request.socket.destroy();
    try {
      const answered = complete ? responder.respond(raw) : responder.tooLarge(raw);
      if (!(answered instanceof Promise)) send(turn, answered, complete);
      else answered.then((late) => send(turn, late, complete)).catch(failed);
    } catch {
      failed();
    }
  }

  function send({ request, response }: Turn, answer: HttpResponse, complete: boolean): void {
    const { socket } = request;
    if (socket.destroyed) return;
    const { delivery } = answer;
    if (complete && !delivery) {
      if (ready.length === 0) setImmediate(leaveTogether);
      ready.push({ response, answer });
      return;
    }
    // An answer that is late on purpose is not idle.
    socket.setTimeout(0);
    const sent =
      complete && delivery ? deliver(response, answer, delivery) : turnAway(request, response, answer);
    sent.then(
      () => socket.setTimeout(limits.idleMs),
      () => socket.destroy(),
    );
  }

  /**
   * Answers a request whose body is not wanted. By its Content-Length the answer is whole before the
   * connection ends; a reset while the client still sends would take it away again.
   */
  async function turnAway(
    request: IncomingMessage,
    response: ServerResponse,
    answer: HttpResponse,
  ): Promise<void> {
    start(response, answer, "close").flushHeaders();
    response.write(answer.body ?? "");
    request.resume();
    if (!request.complete) await pause(limits.lingerMs, request);
    response.end();
  }

  /**
   * Answers of one turn of the event loop are written together: the first write wakes a client that waits,
   * which takes as long as the rest of an answer, and the others find it awake.
   */
  function leaveTogether(): void {
    const leaving = ready;
    ready = [];
    for (const { response, answer } of leaving) {
      try {
        if (!response.destroyed) start(response, answer).end(answer.body);
      } catch {
        response.destroy();
      }
    }
  }

  /** Answers bytes that are no HTTP, after the requests that came before them. */
  function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
    const line = lineOf(socket);
    // What still comes after the first such bytes is thrown away.
    if (line.broken && error.code !== "ECONNRESET") return;
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    line.broken = true;
    line.last = () => void turnOff(socket, error.code);
    line.stopReading?.();
    if (line.length === 0) line.last();
  }

  async function turnOff(socket: Socket, code: string | undefined): Promise<void> {
    if (!socket.writable) return void socket.destroy();
    socket.end(malformedBytes(code));
    socket.resume();
    await pause(limits.lingerMs, socket);
    socket.destroy();
  }
}

const nothing = Buffer.alloc(0);

/**
 * How many Host headers there are, and how long the body is said to be: 0 where that is not said.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
function readFraming(rawHeaders: readonly string[]): { hosts: number; contentLength: number } {
  let hosts = 0;
  let contentLength = 0;
  for (let place = 0; place < rawHeaders.length; place += 2) {
    const name = rawHeaders[place]!;
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
    else if (name.length === 14 && name.toLowerCase() === "content-length")
      contentLength = Number(rawHeaders[place + 1]);
  }
  return { hosts, contentLength };
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
