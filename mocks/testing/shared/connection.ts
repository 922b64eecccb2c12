import { connect } from "node:net";
import { toThrown } from "./errors.ts";
import { type Call, type Greeting, onMessages, type Reply, writeMessage } from "./messages.ts";

/** A connection to the shared server. It keeps no process alive while nothing is called. */
export type Connection = {
  greeting: Greeting;
  /** Calls a member of a world, and returns what it returns. @throws what it throws. */
  call(call: Omit<Call, "id">): Promise<unknown>;
  close(): void;
};

/**
 * Connects, and waits for the greeting.
 *
 * @throws when nobody listens at the address, or the server ends before it greets.
 */
export async function openConnection(address: string): Promise<Connection> {
  const socket = connect(address);
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  const greeted = Promise.withResolvers<Greeting>();
  let last = 0;
  let failure = new Error("The mock server of this test run has ended.");
  onMessages(socket, (message) => {
    if (isReply(message)) settle(message);
    else greeted.resolve(message as Greeting);
  });
  socket.once("error", (error) => {
    failure = error;
  });
  socket.once("close", () => {
    for (const call of [greeted, ...pending.values()]) call.reject(failure);
    pending.clear();
  });
  const greeting = await greeted.promise;
  socket.unref();

  return {
    greeting,
    async call(call) {
      if (socket.closed) throw failure;
      last += 1;
      const waiting = Promise.withResolvers<unknown>();
      pending.set(last, waiting);
      socket.ref();
      writeMessage(socket, { id: last, ...call });
      return waiting.promise;
    },
    close: () => void socket.end(),
  };

  function settle({ id, value, error }: Reply): void {
    const waiting = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) socket.unref();
    if (error) waiting?.reject(toThrown(error));
    else waiting?.resolve(value);
  }
}

function isReply(message: unknown): message is Reply {
  return typeof message === "object" && message !== null && "id" in message;
}
