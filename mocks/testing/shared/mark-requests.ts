import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";

/** What undici, and so `fetch`, publishes of a request before it is sent. */
type FetchRequest = { origin?: unknown; headers: unknown; addHeader(name: string, value: string): void };

const header = "x-necid-world";

/**
 * Names a world in each request that this process or thread sends to the server, by `fetch` or `node:http`. A call
 * without credentials is then known to be of this worker, though workers share the server. A key or a signature goes
 * before the header.
 *
 * @param world says which world it is now.
 * @returns a function that ends it.
 */
export function markRequests(url: string, world: () => string): () => void {
  const { origin, host } = new URL(url);
  const listeners: Record<string, (message: unknown) => void> = {
    "undici:request:create"(message) {
      const { request } = message as { request: FetchRequest };
      if (request.origin === origin && !isMarked(request.headers)) request.addHeader(header, world());
    },
    "http.client.request.created"(message) {
      const { request } = message as { request: ClientRequest };
      const isSent = request.headersSent || request.hasHeader(header);
      if (!isSent && request.getHeader("host") === host) request.setHeader(header, world());
    },
  };
  for (const [channel, listener] of Object.entries(listeners)) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of Object.entries(listeners)) unsubscribe(channel, listener);
  };
}

function isMarked(headers: unknown): boolean {
  const names = Array.isArray(headers) ? headers : String(headers).split(/[:\r\n]+/);
  return names.some((name) => String(name).toLowerCase() === header);
}
