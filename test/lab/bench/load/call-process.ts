import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { tieChild } from "../servers/tie-child.ts";

type Message<Result> = { result: Result } | { failure: string };

/**
 * Calls a module that answers with `serveProcess`, in a process of its own, so that it shares
 * neither a core nor a heap with who asks.
 *
 * @throws {Error} with the message of the failure in there.
 */
export async function callProcess<Input extends object, Result>(
  module: URL,
  input: Input,
  { env, execArgv = [] }: { env?: NodeJS.ProcessEnv; execArgv?: string[] } = {},
): Promise<Result> {
  const child: ChildProcess = fork(module, { execArgv, env });
  const { end } = tieChild(child);
  try {
    const answered = once(child, "message") as Promise<[Message<Result>]>;
    const ended = once(child, "exit").then(
      () => [{ failure: `${module.pathname} ended too early.` }] as const,
    );
    child.send(input);
    const [message] = await Promise.race([answered, ended]);
    if ("failure" in message) throw new Error(message.failure);
    return message.result;
  } finally {
    await end();
  }
}

/** The other end: one input in, one response out. */
export function serveProcess<Input, Result>(response: (input: Input) => Promise<Result>): void {
  process.once("message", async (input) => {
    const message: Message<Result> = await response(input as Input).then(
      (result) => ({ result }),
      (error: Error) => ({ failure: error.message }),
    );
    process.send!(message);
  });
}
