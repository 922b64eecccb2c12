import { Buffer } from "node:buffer";
import type { Responder } from "../http/connections.ts";
import { bodyLimit } from "../http/limits.ts";
import { clearTimeout, setTimeout } from "../http/real-time.ts";
import { HttpRequest } from "../http/request.ts";
import type { HttpResponse } from "../http/response.ts";

export type MockFetch = (input: Request | URL | string, init?: RequestInit) => Promise<Response>;

/**
 * Makes a `fetch` to the mock without a socket: the same bytes in, the same bytes out, faults included. A reset connection rejects with a TypeError, as fetch does.
 */
export function createFetch(responder: Responder): MockFetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const received = await receive(request);
    const tooLarge = received.body.length > bodyLimit;
    const response = tooLarge ? await responder.tooLarge(received) : await responder.respond(received);
    return deliver(response, request);
  };
}

async function receive(request: Request): Promise<HttpRequest> {
  const { host, pathname, search } = new URL(request.url);
  const body = Buffer.from(await request.arrayBuffer());
  const length: [string, string][] = body.length > 0 ? [["content-length", String(body.length)]] : [];
  const headers: [string, string][] = [["host", host], ...request.headers, ...length];
  return new HttpRequest({
    method: request.method,
    target: `${pathname}${search}`,
    rawHeaders: headers.flat(),
    body,
  });
}

async function deliver(response: HttpResponse, request: Request): Promise<Response> {
  const { delayMs = 0, reset, bytesPerSecond } = response.delivery ?? {};
  request.signal.throwIfAborted();
  if (delayMs > 0) await wait(delayMs, request.signal);
  const bytes = Buffer.from(response.body ?? "");
  if (reset === "before headers" || (reset && bytes.length === 0)) throw connectionReset();
  const empty = bytes.length === 0 || request.method === "HEAD" || [204, 304].includes(response.status);
  const headers = {
    ...response.headers,
    ...(response.status !== 204 && { "Content-Length": String(bytes.length) }),
  };
  const body = empty ? null : reset || bytesPerSecond ? bodyStream(bytes, { reset, bytesPerSecond }) : bytes;
  return new Response(body, { status: response.status, headers });
}

/** A body that is sent slowly, or breaks off in the middle. */
function bodyStream(
  bytes: Buffer,
  { reset, bytesPerSecond }: { reset?: string; bytesPerSecond?: number },
): ReadableStream {
  const end = reset ? Math.ceil(bytes.length / 2) : bytes.length;
  const step = bytesPerSecond ? Math.max(1, Math.floor(bytesPerSecond / 10)) : end;
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent > 0 && bytesPerSecond) await wait((step / bytesPerSecond) * 1000);
      if (sent < end) {
        controller.enqueue(new Uint8Array(bytes.subarray(sent, Math.min(end, sent + step))));
        sent += step;
      } else if (reset) {
        controller.error(connectionReset());
      } else {
        controller.close();
      }
    },
  });
}

/** Waits by real time. */
function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

function connectionReset(): TypeError {
  const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  return new TypeError("fetch failed", { cause });
}
