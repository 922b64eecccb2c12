import { connect, type Socket } from "node:net";
import { createHistogram, performance } from "node:perf_hooks";
import { setTimeout as after } from "node:timers/promises";
import { readResponse } from "./read-response.ts";

export type LoadOptions = {
  /** On 127.0.0.1. */
  port: number;
  /** One request's bytes, sent over and over; or several requests, sent in turns. */
  request: string | readonly Buffer[];
  /** The only status that counts as right. */
  status: number;
  connections: number;
  warmUpMs: number;
  measuredMs: number;
};

export type LoadResult = {
  responses: number;
  requestsPerSecond: number;
  /** From the write of a request to the last byte of its response. */
  p50Ms: number;
  p99Ms: number;
  /** 0 to 1: the part of the time in which this thread did not wait for the server. */
  busy: number;
};

/**
 * Puts a server under load: each connection sends the request, waits for the whole response, and sends it
 * again. What happens during the warm-up is checked, not counted.
 *
 * Written here because the server must be the limit, not the client. Against bare `node:http`, on a core
 * each, autocannon 9.0.0 stopped at 38,700 requests a second; this reached 53,400, was busy for 0.57 of
 * the time, and kept the server's core full.
 *
 * @throws {LoadError} at the first response with another status, or when a connection ends.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { connections, warmUpMs, measuredMs } = options;
  const latencies = createHistogram({ figures: 3 });
  const failed = Promise.withResolvers<never>();
  const { request } = options;
  const requests = typeof request === "string" ? [Buffer.from(request, "latin1")] : request;
  const traffic = Array.from({ length: connections }, (_, index) =>
    repeat(options, requests, index, {
      answered: (ms) => latencies.record(Math.max(1, Math.round(ms * 1000))),
      failed: failed.reject,
    }),
  );
  try {
    await Promise.race([elapsed(warmUpMs), failed.promise]);
    latencies.reset();
    const started = performance.now();
    const idle = performance.eventLoopUtilization();
    await Promise.race([elapsed(measuredMs), failed.promise]);
    const seconds = (performance.now() - started) / 1000;
    return {
      responses: latencies.count,
      requestsPerSecond: latencies.count / seconds,
      p50Ms: latencies.percentile(50) / 1000,
      p99Ms: latencies.percentile(99) / 1000,
      busy: performance.eventLoopUtilization(idle).utilization,
    };
  } finally {
    for (const socket of traffic) socket.destroy();
  }
}

/** A server under load did not answer as it should. */
export class LoadError extends Error {
  readonly code = "WRONG_ANSWER";

  constructor(message: string) {
    super(message);
    this.name = "LoadError";
  }
}

/** Holds no process that has no connection left. */
function elapsed(ms: number): Promise<void> {
  return after(ms, undefined, { ref: false });
}

type Listener = { answered(ms: number): void; failed(error: Error): void };

/** One connection. `onread` reads into one buffer of our own, without the readable stream's work. */
function repeat(
  { port, status }: LoadOptions,
  requests: readonly Buffer[],
  first: number,
  listener: Listener,
): Socket {
  let next = first;
  let unfinished = Buffer.alloc(0);
  let sent = 0;

  const socket = connect({
    port,
    host: "127.0.0.1",
    noDelay: true,
    onread: { buffer: Buffer.allocUnsafe(65_536), callback: receive },
  });
  socket.once("connect", send);
  socket.once("error", ({ message }) =>
    listener.failed(new LoadError(`Port ${port} under load: ${message}.`)),
  );
  socket.once("close", () => listener.failed(new LoadError(`Port ${port} closed a connection under load.`)));
  return socket;

  function send(): void {
    sent = performance.now();
    socket.write(requests[next++ % requests.length]!);
  }

  function receive(count: number, buffer: Uint8Array): boolean {
    try {
      read(Buffer.from(buffer.buffer, buffer.byteOffset, count));
    } catch (error) {
      listener.failed(error as Error);
      socket.destroy();
    }
    return true;
  }

  function read(chunk: Buffer): void {
    const received = unfinished.length === 0 ? chunk : Buffer.concat([unfinished, chunk]);
    const response = readResponse(received);
    // The buffer is written over by the next read.
    unfinished = response ? Buffer.alloc(0) : Buffer.from(received);
    if (!response) return;
    if (response.status !== status || response.length !== received.length) {
      throw new LoadError(
        `Port ${port} should answer ${status} and nothing after it, and sent: ${received.toString().slice(0, 400)}`,
      );
    }
    listener.answered(performance.now() - sent);
    send();
  }
}
