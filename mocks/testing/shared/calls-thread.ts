import { type MessagePort, workerData } from "node:worker_threads";
import { openConnection } from "./connection.ts";
import { toSent } from "./errors.ts";
import type { Call, Reply } from "./messages.ts";

/** The thread that waits for the server while its caller's thread sleeps. */
const { address, answered, port } = workerData as {
  address: string;
  answered: Int32Array;
  port: MessagePort;
};
const connecting = openConnection(address);
// A failure is reported with the first call.
connecting.catch(() => {});

port.on("message", async ({ id, ...call }: Call) => {
  port.postMessage(await reply(call, id));
  Atomics.add(answered, 0, 1);
  Atomics.notify(answered, 0);
});

async function reply(call: Omit<Call, "id">, id: number): Promise<Reply> {
  try {
    const connection = await connecting;
    return { id, value: await connection.call(call) };
  } catch (error) {
    return { id, error: toSent(error) };
  }
}
