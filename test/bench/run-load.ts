import { fork } from "node:child_process";
import { once } from "node:events";
import type { LoadOptions, LoadResult } from "./load.ts";
import type { LoadMessage } from "./load-process.ts";
import { tieChild } from "./tie-child.ts";

/**
 * Runs `load` in a process of its own, so that it shares neither a core nor a heap with who asks.
 *
 * @throws {Error} with the message of the failure in there.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const child = fork(new URL("./load-process.ts", import.meta.url), { execArgv: [] });
  const { end } = tieChild(child);
  try {
    const answered = once(child, "message") as Promise<[LoadMessage]>;
    const ended = once(child, "exit").then(
      () => [{ failure: "The load generator ended too early." }] as const,
    );
    child.send(options);
    const [message] = await Promise.race([answered, ended]);
    if ("failure" in message) throw new Error(message.failure);
    return message.result;
  } finally {
    await end();
  }
}
