import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a command beside a server, with variables that lead to it.
 *
 * @param options.stopped fulfilled when this process was asked to end; the command is then asked too.
 * @returns the exit code of the command; 128 and the number of the signal that ended it; 127 when there is no such command.
 */
export function runBeside(
  [command, ...args]: string[],
  {
    env,
    stopped,
    stderr,
  }: {
    env: Record<string, string | undefined>;
    stopped: Promise<NodeJS.Signals>;
    stderr: (text: string) => void;
  },
): Promise<number> {
  return new Promise((done) => {
    // Windows finds npm and other batch files by a shell only.
    const child = spawn(command!, args, { stdio: "inherit", env, shell: process.platform === "win32" });
    void stopped.then((signal) => child.kill(signal));
    child.once("error", (error: NodeJS.ErrnoException) => {
      stderr(`${command} cannot be run (${error.code}).\n`);
      done(127);
    });
    child.once("exit", (code, signal) => done(code ?? 128 + constants.signals[signal!]));
  });
}
