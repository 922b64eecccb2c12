import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { tieChild } from "./tie-child.ts";

export type RunResult = { ms: number; stdout: string };

/**
 * Runs `node` with arguments in the project's root and takes the time from spawn to end.
 *
 * @param options.env the child's whole environment.
 * @throws {RunError} when it exits with another code than 0.
 */
export async function runNode(args: string[], { env }: { env: NodeJS.ProcessEnv }): Promise<RunResult> {
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const started = performance.now();
  const child = execFile(
    process.execPath,
    args,
    { cwd: root, env, maxBuffer: 2 ** 24 },
    (error, stdout, stderr) => {
      const ms = performance.now() - started;
      if (error) reject(new RunError(args, stderr || stdout));
      else resolve({ ms, stdout });
    },
  );
  tieChild(child);
  return promise;
}

/** A command that the bench times did not do its work. */
export class RunError extends Error {
  readonly code = "COMMAND";

  constructor(args: string[], told: string) {
    super(`node ${args.join(" ")} failed. Look into it by running it alone.\n${told.trim().slice(-2000)}`);
    this.name = "RunError";
  }
}

const root = fileURLToPath(new URL("../../../../", import.meta.url));
