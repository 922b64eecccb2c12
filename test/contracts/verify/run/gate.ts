import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { NoResponseError, type ReceivedResponse, sendRequest } from "../../../../contracts/verify/wire.ts";

/** A request that the gate received. */
export type Arrival = {
  /** From 1 on. */
  number: number;
  method: string;
  /** With the base path. */
  path: string;
  headers: [name: string, value: string][];
  body: Buffer;
};

/** Responds to a request, as the other server does or otherwise. */
export type Responder = (
  arrival: Arrival,
  forward: () => Promise<ReceivedResponse>,
) => Promise<ReceivedResponse>;

export type Gate = { url: string; arrivals: Arrival[]; close(): Promise<void> };

/**
 * Opens a server in front of another one that is reached with the same bytes, the Host preserved. `respond`
 * may respond in its place, or change what comes back.
 */
export async function openGate(
  upstream: string,
  {
    respond = (_, forward) => forward(),
    tls,
  }: {
    respond?: Responder;
    tls?: { key: string; cert: string };
  } = {},
): Promise<Gate> {
  const arrivals: Arrival[] = [];
  const { origin, pathname } = new URL(upstream);
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      // The client ended in the middle of its request.
      return void response.destroy();
    }
    const { rawHeaders: raw, method = "", url: path = "" } = request;
    const headers = raw.flatMap((name, at): Arrival["headers"] => (at % 2 ? [] : [[name, raw[at + 1]!]]));
    const body = Buffer.concat(chunks);
    const arrival = { number: arrivals.length + 1, method, path, headers, body };
    arrivals.push(arrival);
    const sent = headers.filter(([name]) => !ofConnection.has(name.toLowerCase()));
    const forward = () =>
      sendRequest({
        method,
        url: `${origin}${path}`,
        headers: sent,
        body: body.length > 0 ? body : undefined,
      });
    try {
      const { status, headers: given, body: content } = await respond(arrival, forward);
      const kept = given.filter(([name]) => !ofConnection.has(name));
      response.writeHead(status, kept.flat() as never).end(content);
    } catch (error) {
      if (!(error instanceof NoResponseError)) throw error;
      response.socket?.resetAndDestroy();
    }
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}${pathname}`,
    arrivals,
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

const ofConnection = new Set(["connection", "keep-alive", "transfer-encoding", "content-length"]);

/** A response as it is sent. */
export function reply(status: number, body: string, headers: Record<string, string> = {}): ReceivedResponse {
  return { status, headers: Object.entries(headers), body: Buffer.from(body) };
}
