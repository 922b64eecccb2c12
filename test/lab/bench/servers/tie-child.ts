import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

export type Child = {
  /** Undefined while it runs, then how it ended. */
  ended(): string | undefined;
  /** Ends it, at once unless by another signal; resolves when it is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
};

/**
 * Ties a child process to this one, so that it does not outlive it, whichever way this one ends; only
 * SIGKILL leaves it behind.
 */
export function tieChild(child: ChildProcess): Child {
  let failure: string | undefined;
  // A program that is not there never exits: it never began.
  const gone = once(child, "exit").catch((error: Error) => {
    failure = error.message;
  });
  children.add(child);
  void gone.then(() => children.delete(child));
  return {
    ended: () =>
      failure ?? child.signalCode ?? (child.exitCode === null ? undefined : `exit code ${child.exitCode}`),
    end: async (signal = "SIGKILL") => {
      child.kill(signal);
      await gone;
    },
  };
}

const children = new Set<ChildProcess>();

process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
