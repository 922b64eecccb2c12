import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createConnections, type Responder } from "./connections.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { createServer } from "./node-http.ts";

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
 * Serves a responder over HTTP/1.1: one response for each request, in the order in which the requests came on
 * their connection.
 *
 * Whatever arrives costs no more than `limits` allow, and no other client its response. Bytes that are no HTTP
 * get 400, 408 or 431, and their connection is closed, as it is after CONNECT and when the responder throws.
 *
 * @param options.port 0 takes any free port.
 * @param options.unref lets the process end while the server listens and has connections.
 * @param options.limits each absent one is that of `defaultLimits`.
 * @throws {ListenError} when the address is in use or not allowed.
 */
export async function listen(
  responder: Responder,
  options: { host: string; port: number; limits?: Partial<Limits>; unref?: boolean },
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
    // `connections.ts` checks it, so that the response is like the others.
    requireHostHeader: false,
  });
  // Node would drop the headers beyond the 2,000th silently; their size is limited already.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  // From one byte to the next, within a request and between two.
  server.timeout = limits.idleMs;

  const connections = createConnections(responder, limits);
  server.on("request", connections.onRequest);
  server.on("checkContinue", connections.onCheckContinue);
  server.on("checkExpectation", connections.onRequest);
  server.on("clientError", connections.onClientError);
  await started(server, { ...options, backlog: limits.connections });
  if (options.unref) {
    server.unref();
    server.on("connection", (socket) => socket.unref());
  }
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

/** @param listening.backlog how many clients may wait to be accepted; the system turns the others away. */
function started(server: Server, listening: { host: string; port: number; backlog: number }): Promise<void> {
  const { host, port } = listening;
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new ListenError(host, port, error));
    server.once("error", failed);
    server.listen(listening, () => {
      server.off("error", failed);
      // Later errors are connections that could not be accepted: they cost themselves only.
      server.on("error", () => {});
      resolve();
    });
  });
}

function listenMessage(host: string, port: number, reason: string): string {
  const address = `${host}:${port}`;
  if (reason === "EADDRINUSE") {
    return `${address} is already in use. Stop the other process, or choose another port: npm start -- --port ${port + 1}`;
  }
  if (reason === "EACCES")
    return `${address} may not be opened by this user. Choose a port above 1023 with --port.`;
  return `${address} cannot be opened (${reason}). Check --host and --port.`;
}
