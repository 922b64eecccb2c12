import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { isLoopbackAddress } from "../../contracts/trust/loopback.ts";
import { deliver, pause, start } from "./deliver.ts";
import type { Limits } from "./limits.ts";
import { malformedBytes, malformedResponse } from "./malformed.ts";
import { setImmediate } from "./real-time.ts";
import { HttpRequest } from "./request.ts";
import type { HttpResponse } from "./response.ts";
import { createUploads } from "./uploads.ts";

/** Responds to one request. `tooLarge` is called instead, without the body, when that exceeds its limit. */
export type Responder = {
  respond(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
  tooLarge(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
};

/** A connection and the queue of its requests: each waits for the response to the one before. */
type Connection = {
  fromLoopback: boolean;
  /** How many requests have no response yet: the current one and those in the queue. */
  pending: number;
  queue: (() => void)[];
  /** The bytes after the last request are no HTTP: what it lacks will never come. */
  malformed: boolean;
  /** What is left to do when every request that came has its response. */
  onIdle?: () => void;
  /** Ends the reading of the body that is under way. */
  stopReading?: (() => void) | undefined;
};

/** A request and its response, as Node gives them; `expectsContinue`: the client sends the body when asked to. */
type Exchange = {
  request: IncomingMessage;
  response: ServerResponse;
  connection: Connection;
  expectsContinue: boolean;
};

/** Makes the listeners of a server's events, which respond to the requests of a connection in their order. */
export function createConnections(responder: Responder, limits: Limits) {
  const connections = new WeakMap<Socket, Connection>();
  const readBody = createUploads({ unfinished: limits.unfinishedBodies });
  const large: (() => void)[] = [];
  let ready: { response: ServerResponse; content: HttpResponse }[] = [];

  return {
    onRequest: (request: IncomingMessage, response: ServerResponse) => enqueue(request, response, false),
    onCheckContinue: (request: IncomingMessage, response: ServerResponse) => enqueue(request, response, true),
    onClientError,
  };

  function connectionOf(socket: Socket): Connection {
    const known = connections.get(socket);
    if (known) return known;
    const connection: Connection = {
      fromLoopback: isLoopbackAddress(socket.remoteAddress),
      pending: 0,
      queue: [],
      malformed: false,
    };
    connections.set(socket, connection);
    return connection;
  }

  function enqueue(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const connection = connectionOf(request.socket);
    const exchange = { request, response, connection, expectsContinue };
    if (++connection.pending > limits.pipelined) request.socket.pause();
    if (connection.pending === 1) handle(exchange);
    else connection.queue.push(() => handle(exchange));
  }

  function next(connection: Connection, socket: Socket): void {
    if (--connection.pending === limits.pipelined) socket.resume();
    if (connection.pending > 0) connection.queue.shift()!();
    else connection.onIdle?.();
  }

  /** Reads a request, responds, and starts the next one when the response is sent. */
  function handle(exchange: Exchange): void {
    const { request, response, connection, expectsContinue } = exchange;
    const { method = "GET", url: target = "/", rawHeaders, socket } = request;
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      next(connection, socket);
    };
    if (socket.destroyed) return void end();
    response.on("close", end);
    const { hosts, contentLength } = readFraming(rawHeaders);
    if (hosts !== 1 && !(hosts === 0 && request.httpVersion === "1.0"))
      return void send(exchange, malformedResponse(), false);

    const limit = target.startsWith("/__necid/") ? limits.controlBody : limits.body;
    if (connection.malformed && !request.complete) return void end();
    // RFC 9110, 10.1.1: a client that waits to be asked for a body that is too large is not asked.
    if (expectsContinue && contentLength <= limit) response.writeContinue();
    const onStop = (stop: (() => void) | undefined) => (connection.stopReading = stop);
    readBody(request, { limit, contentLength, onStop }, (upload) => {
      if (upload === "gone") return void end();
      const complete = upload !== "too large";
      const body = complete ? upload : nothing;
      const { fromLoopback } = connection;
      const received = new HttpRequest({ method, target, rawHeaders, body, fromLoopback });
      if (body.length < limits.largeBody) return void respond(exchange, received, complete);
      if (large.push(() => respond(exchange, received, complete)) === 1) setImmediate(nextLarge);
    });
  }

  /** Responds to one request with a large body in each turn of the event loop: each takes milliseconds. */
  function nextLarge(): void {
    // The small responses that are ready need not wait for it.
    flushResponses();
    large[0]!();
    large.shift();
    if (large.length > 0) setImmediate(nextLarge);
  }

  /** Whatever fails here costs the connection, and the server nothing. */
  function respond(exchange: Exchange, request: HttpRequest, complete: boolean): void {
    const failed = () => void exchange.request.socket.destroy();
    try {
      const content = complete ? responder.respond(request) : responder.tooLarge(request);
      if (!(content instanceof Promise)) send(exchange, content, complete);
      else content.then((late) => send(exchange, late, complete)).catch(failed);
    } catch {
      failed();
    }
  }

  function send({ request, response }: Exchange, content: HttpResponse, complete: boolean): void {
    const { socket } = request;
    if (socket.destroyed) return;
    const { delivery } = content;
    if (complete && !delivery) {
      if (ready.length === 0) setImmediate(flushResponses);
      ready.push({ response, content });
      return;
    }
    // A response that is late on purpose is not idle.
    socket.setTimeout(0);
    const sent =
      complete && delivery ? deliver(response, content, delivery) : sendAndClose(request, response, content);
    sent.then(
      () => socket.setTimeout(limits.idleMs),
      () => socket.destroy(),
    );
  }

  /**
   * Responds to a request whose body is not wanted. By its Content-Length the response is whole before the
   * connection ends; a reset while the client still sends would take it away again.
   */
  async function sendAndClose(
    request: IncomingMessage,
    response: ServerResponse,
    content: HttpResponse,
  ): Promise<void> {
    start(response, content, "close").flushHeaders();
    response.write(content.body ?? "");
    request.resume();
    if (!request.complete) await pause(limits.lingerMs, request);
    response.end();
  }

  /**
   * Writes the responses of one turn of the event loop together: the first write wakes a client that waits,
   * which takes as long as the rest of a response, and the other writes find it awake.
   */
  function flushResponses(): void {
    const flushed = ready;
    ready = [];
    for (const { response, content } of flushed) {
      try {
        if (!response.destroyed) start(response, content).end(content.body);
      } catch {
        response.destroy();
      }
    }
  }

  /** Responds to bytes that are no HTTP, after the requests that came before them. */
  function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = connectionOf(socket);
    // What still comes after the first such bytes is thrown away.
    if (connection.malformed && error.code !== "ECONNRESET") return;
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    connection.malformed = true;
    connection.onIdle = () => void refuseAndClose(socket, error.code);
    connection.stopReading?.();
    if (connection.pending === 0) connection.onIdle();
  }

  async function refuseAndClose(socket: Socket, code: string | undefined): Promise<void> {
    if (!socket.writable) return void socket.destroy();
    socket.end(malformedBytes(code));
    socket.resume();
    await pause(limits.lingerMs, socket);
    socket.destroy();
  }
}

const nothing = Buffer.alloc(0);

/**
 * Counts the Host headers, and reads the Content-Length: 0 where there is none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
function readFraming(rawHeaders: readonly string[]): { hosts: number; contentLength: number } {
  let hosts = 0;
  let contentLength = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
    else if (name.length === 14 && name.toLowerCase() === "content-length")
      contentLength = Number(rawHeaders[index + 1]);
  }
  return { hosts, contentLength };
}
