import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Answer, RawRequest } from "./exchange.ts";
import { bodyLimit } from "./gateway/refusals.ts";

/** Answers one request; `tooLarge` is asked instead once a body exceeds API Gateway's limit. */
export type Responder = {
  answer(request: RawRequest): Promise<Answer>;
  tooLarge(request: RawRequest): Promise<Answer>;
};

/** A listening server. */
export type Listening = { host: string; port: number; close(): Promise<void> };

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
 * Serves a responder over HTTP/1.1, one answer for each request, bytes in and bytes out.
 *
 * @param options.port 0 takes any free port.
 * @throws {ListenError} when the address is in use or not allowed.
 */
export async function listen(
  responder: Responder,
  options: { host: string; port: number },
): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, (request, response) => {
    void serve(responder, request, response);
  });
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

async function serve(
  responder: Responder,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request);
  if (body === "aborted") return;
  const raw = {
    method: request.method ?? "GET",
    target: request.url ?? "/",
    rawHeaders: request.rawHeaders,
    body: body === "too large" ? Buffer.alloc(0) : body,
  };
  if (body === "too large") {
    // The rest of the upload is not worth reading: answer, then let the connection go.
    write(response, await responder.tooLarge(raw), { connection: "close" });
    response.once("finish", () => linger(request.socket));
    return;
  }
  write(response, await responder.answer(raw), { connection: "keep-alive" });
}

function write(response: ServerResponse, answer: Answer, { connection }: { connection: string }): void {
  if (response.destroyed) return;
  const body = answer.body ?? "";
  response.sendDate = true;
  const headers: Record<string, string | number> = { ...answer.headers };
  // RFC 9110, 8.6: no Content-Length on 204.
  if (answer.status !== 204) headers["Content-Length"] = Buffer.byteLength(body);
  if (connection === "close" || response.shouldKeepAlive) headers.Connection = connection;
  response.writeHead(answer.status, headers);
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<Buffer | "too large" | "aborted"> {
  if (Number(request.headers["content-length"] ?? 0) > bodyLimit) return "too large";
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > bodyLimit) {
        request.pause();
        resolve("too large");
      } else {
        chunks.push(chunk);
      }
    });
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    request.once("close", () => resolve("aborted"));
    request.once("error", () => resolve("aborted"));
  });
}

/** Discards what a client still sends for a moment, so that it reads the answer before the reset. */
function linger(socket: Socket): void {
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), 1_000).unref();
}

function started(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new ListenError(host, port, error)));
    server.listen(port, host, () => resolve());
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
