import { type ChildProcess, execFile, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach } from "vitest";

export const run = promisify(execFile);
const necid = "tools/commands/necid.ts";
const running = new Set<ChildProcess>();

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "necid-"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
  rmSync(directory, { recursive: true });
});

/** A path in a folder that lives as long as the test. */
export function temporary(name: string): string {
  return join(directory, name);
}

/** Runs a verb to its end; a failing exit code is a value, not an exception. */
export async function verb(args: string[], env: Record<string, string> = {}) {
  const child = run(process.execPath, [necid, ...args], {
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1", ...env },
  });
  running.add(child.child);
  const { stdout, stderr } = await child.catch((error) => error as { stdout: string; stderr: string });
  return { code: child.child.exitCode, stdout, stderr };
}

/**
 * Starts the mock on a free port and waits until it says where it answers.
 *
 * @param options.within a command and its arguments that run the mock, such as `unshare -Urm bash -c …`.
 */
export async function mock(
  args: string[] = [],
  env: Record<string, string> = {},
  { within = [] }: { within?: string[] } = {},
) {
  const [command, ...given] = [...within, process.execPath, necid, "mock", "--port", "0", ...args];
  const child = spawn(command!, given, {
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1", ...env },
  });
  running.add(child);
  let output = "";
  const written = new EventEmitter();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
      written.emit("more");
    });
  }
  child.once("exit", () => written.emit("error", new Error(`the mock ended and had said:\n${output}`)));
  const lineWith = async (pattern: RegExp) => {
    while (!pattern.test(output)) await once(written, "more");
    return pattern.exec(output)!;
  };
  const [url] = await lineWith(/http:\/\/127\.0\.0\.1:\d+[^\s"]*/);
  await lineWith(/Ctrl-C stops it\.|"url"/);
  return {
    url,
    pid: child.pid!,
    lineWith,
    text: () => output,
    async stop(signal: NodeJS.Signals = "SIGINT") {
      written.on("error", () => {});
      const exit = once(child, "exit");
      child.kill(signal);
      return (await exit)[0] as number;
    },
  };
}
