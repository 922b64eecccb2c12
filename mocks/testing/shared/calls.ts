import { extname } from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { toThrown } from "./errors.ts";
import type { Call, Reply } from "./messages.ts";

/** Calls to the server that return when it has answered. */
export type Calls = { call(call: Omit<Call, "id">): unknown; close(): void };

const mostMs = 30_000;

/**
 * Opens calls that need no `await`: `necid.next("search").answers("NoFace")` holds from the next statement on. A thread
 * talks to the server meanwhile. It is started by the first call.
 */
export function createCalls(address: string): Calls {
  let thread: ReturnType<typeof startThread> | undefined;
  let last = 0;
  return {
    call(call) {
      thread ??= startThread(address);
      last += 1;
      const { port, answered } = thread;
      const before = Atomics.load(answered, 0);
      port.postMessage({ id: last, ...call });
      const deadline = performance.now() + mostMs;
      for (;;) {
        const reply = receiveMessageOnPort(port)?.message as Reply | undefined;
        if (reply?.id === last) {
          if (reply.error) throw toThrown(reply.error);
          return reply.value;
        }
        if (performance.now() > deadline)
          throw new Error("The mock server of this test run does not answer.");
        Atomics.wait(answered, 0, before, 1_000);
      }
    },
    close() {
      void thread?.worker.terminate();
      thread = undefined;
    },
  };
}

function startThread(address: string) {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(new URL(`./calls-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData: { address, answered, port: port2 },
    transferList: [port2],
    execArgv: [],
  });
  worker.unref();
  port.unref();
  return { worker, port, answered };
}
