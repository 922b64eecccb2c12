import type { Socket } from "node:net";
import { deserialize, serialize } from "node:v8";
import type { CoveredResponse, Credentials, JournalEntry } from "../../mock.ts";

/** What a worker asks the shared server: to call a member of a world, such as `["faults", "add"]`. */
export type Call = { id: number; world: string; member: string[]; args: unknown[] };

/** The result of a call, or what it threw. */
export type Reply = { id: number; value?: unknown; error?: SentError };

/** An error on its way to the worker. */
export type SentError = { name: string; message: string; facts: Record<string, unknown> };

/** The server's first message on a connection. */
export type Greeting = {
  url: string;
  /** The world of calls that name no world and no key, while several tests of the worker run. */
  world: string;
};

/** A world that was opened. The time is the real one. */
export type OpenedView = {
  id: string;
  url: string;
  urls: Record<string, string>;
  credentials: Credentials;
  apiKeys: string[];
};

/** What is known of a world when it is freed. */
export type ClosedView = {
  journal: JournalEntry[];
  /** The responses that were sent, without those that never were. */
  covered: CoveredResponse[];
  /** The calls that the contract does not know, also those that may belong to another world. */
  unhandled: JournalEntry[];
};

/** Writes a value with its length before it. Dates, `undefined` and errors stay what they are. */
export function writeMessage(socket: Socket, value: unknown): void {
  const content = serialize(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  socket.write(Buffer.concat([length, content]));
}

/** Calls back with each value that was written on the other side. */
export function onMessages(socket: Socket, receive: (value: unknown) => void): void {
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= 4 + received.readUInt32LE()) {
      const end = 4 + received.readUInt32LE();
      const content = received.subarray(4, end);
      received = received.subarray(end);
      receive(deserialize(content));
    }
  });
}
