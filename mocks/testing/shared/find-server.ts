import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { type Connection, openConnection } from "./connection.ts";

/** The server of a test run, and where more connections to it are opened. */
export type FoundServer = { connection: Connection; address: string };

const mostMs = 20_000;
const againMs = 4;

/**
 * Finds the server of this test run, or starts it. All workers of a run find the same: its lock is a folder named
 * after the process of the run. The worker that makes the folder starts the server, and the server removes it.
 *
 * @throws {SharedServerError} when the server cannot be started.
 */
export async function findServer(): Promise<FoundServer> {
  const runner = runnerId();
  const { folder, address } = placeOf(runner);
  const deadline = performance.now() + mostMs;
  let started: StartedServer | undefined;
  while (performance.now() < deadline) {
    if (takeLock(folder)) started = startServer([folder, address, String(runner)]);
    try {
      return { connection: await openConnection(address), address };
    } catch (error) {
      // The lock of a server that was killed: it is taken anew.
      if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") removeLock(folder);
    }
    const failure = started?.failure();
    if (failure !== undefined) {
      removeLock(folder);
      throw new SharedServerError(failure);
    }
    await wait(againMs);
  }
  removeLock(folder);
  throw new SharedServerError(`It does not listen after ${mostMs / 1000} s.`);
}

/** The mock server that the workers of a test run share does not start. */
export class SharedServerError extends Error {
  readonly code = "SHARED_SERVER";

  constructor(reason: string) {
    super(
      `The mock server of this test run cannot be started. ${reason} ` +
        "startWorld() of necid-contract-kit/mock needs no process of its own.",
    );
    this.name = "SharedServerError";
  }
}

/** The process that starts the workers: this one for threads, the parent for processes. */
function runnerId(): number {
  return isMainThread ? process.ppid : process.pid;
}

/** Another user, another process or another copy of this package has another server. */
function placeOf(runner: number): { folder: string; address: string } {
  const user = process.getuid?.() ?? "";
  const copy = createHash("sha256")
    .update(import.meta.url)
    .digest("hex")
    .slice(0, 8);
  const name = `necid-${[user, runner, copy].join("-")}`;
  const folder = join(tmpdir(), name);
  return { folder, address: process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(folder, "s") };
}

/** Makes the folder, for this user only. @returns `false` where it is there. */
function takeLock(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw new SharedServerError(String(error));
  }
  const lock = lstatSync(folder, { throwIfNoEntry: false });
  if (lock && (!lock.isDirectory() || (process.getuid && lock.uid !== process.getuid())))
    throw new SharedServerError(`${folder} belongs to somebody else. Remove it.`);
  return false;
}

/** Renamed first, so that of several workers only one removes it. */
function removeLock(folder: string): void {
  const own = `${folder}-${process.pid}-${performance.now()}`;
  try {
    renameSync(folder, own);
    rmSync(own, { recursive: true, force: true });
  } catch {
    // Another worker has removed it.
  }
}

type StartedServer = { failure(): string | undefined };

/** Starts the server in a process group of its own: Ctrl-C is for the test runner, and the server follows it. */
function startServer(args: string[]): StartedServer {
  const program = fileURLToPath(new URL(`./server-process${extname(import.meta.url)}`, import.meta.url));
  let output = "";
  let failure: string | undefined;
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
    windowsHide: true,
  });
  child.once("error", (error) => {
    failure = error.message;
  });
  child.once("exit", (code, signal) => {
    failure = `It ended with ${signal ?? code}: ${output.trim().slice(-500)}`;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();
  return { failure: () => failure };
}
