import type { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { clearTimeout, setTimeout } from "./real-time.ts";
import type { Delivery, HttpResponse } from "./response.ts";

/**
 * Writes a response as `delivery` says: late, slowly, or broken off by a reset. A client that goes away ends it
 * at once. A response without a body is reset before its headers in either case.
 */
export async function deliver(
  response: ServerResponse,
  content: HttpResponse,
  delivery: Delivery,
): Promise<void> {
  const { delayMs = 0, reset, bytesPerSecond } = delivery;
  if (delayMs > 0) await pause(delayMs, response);
  if (response.destroyed) return;
  const body = Buffer.from(content.body ?? "");
  const abort = () => response.socket?.resetAndDestroy();
  if (reset === "before headers" || (reset && body.length === 0)) return void abort();

  start(response, content);
  const sent = reset ? body.subarray(0, Math.ceil(body.length / 2)) : body;
  if (bytesPerSecond) await drip(response, sent, bytesPerSecond);
  else await written(response, sent);
  if (reset) abort();
  else response.end();
}

/** Writes the status line and the headers; HTTP's own are added to those of `content`. */
export function start(response: ServerResponse, content: HttpResponse, connection?: "close"): ServerResponse {
  const headers: (string | number)[] = [];
  for (const name in content.headers) headers.push(name, content.headers[name]!);
  // RFC 9110, 8.6: no Content-Length on 204.
  if (content.status !== 204) headers.push("Content-Length", Buffer.byteLength(content.body ?? ""));
  if (connection) headers.push("Connection", connection);
  else if (response.shouldKeepAlive) headers.push("Connection", "keep-alive");
  return response.writeHead(content.status, headers);
}

/** Waits, but no longer than until `emitter` closes. */
export function pause(ms: number, emitter: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      emitter.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    emitter.once("close", done);
  });
}

/** Ten portions a second, or one byte at a time below ten bytes a second. */
async function drip(response: ServerResponse, bytes: Buffer, bytesPerSecond: number): Promise<void> {
  const portion = Math.max(1, Math.floor(bytesPerSecond / 10));
  response.flushHeaders();
  for (let at = 0; at < bytes.length && !response.destroyed; at += portion) {
    await pause((portion / bytesPerSecond) * 1000, response);
    await written(response, bytes.subarray(at, at + portion));
  }
}

/** Resolves when the bytes have left the process, so that a reset does not overtake them, or never can. */
function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.write(bytes, () => resolve());
  });
}
