import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as after } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { processorSeconds } from "../bench/servers/process-cost.ts";
import { freePort } from "../bench/servers/start-server.ts";
import { tieChild } from "../bench/servers/tie-child.ts";
import { connectTo, type Received } from "../differential/connection.ts";
import type { Call } from "./calls.ts";

/** What a server took for the calls. */
export type Measured = {
  /** From its start to the first answer, by the clock. */
  firstSeconds: number;
  /** The same in processor time, all threads. */
  firstProcessorSeconds: number;
  /** Processor time of all calls. */
  processorSeconds: number;
  /** Resident memory at its peak. */
  megabytes: number;
  received: { call: Call; received: Received }[];
  /** Why not all calls were made. */
  stopped?: string;
};

/** Bounds of one server, in seconds: of its processor time, so that other work on the machine counts for nothing. */
export type Limits = { startSeconds: number; callSeconds: number; totalSeconds: number };

/** Starts our mock on a file as a user does, and makes the calls. */
export async function measureOurs(
  file: string,
  calls: Call[],
  { basePath, limits }: Options,
): Promise<Measured> {
  const command = [necid, "mock", "--spec", file, "--port", "0", "--auth", "off", "--stateless", "--quiet"];
  const started = performance.now();
  const child = start(command);
  return measured(child, calls, { basePath, limits, started, origin: () => saidOrigin(child, limits) });
}

/** Starts stock Prism on a file. It knows no base path. */
export async function measurePrism(file: string, calls: Call[], limits: Limits): Promise<Measured> {
  const port = await freePort();
  const command = [prism, "mock", file, "--port", String(port), "--verboseLevel", "silent"];
  const started = performance.now();
  const child = start(command);
  const origin = async () => {
    await listening(port, child, limits);
    return `http://127.0.0.1:${port}`;
  };
  return measured(child, calls, { basePath: "", limits, started, origin });
}

type Options = { basePath: string; limits: Limits };

async function measured(
  child: ChildProcess,
  calls: Call[],
  { basePath, limits, started, origin }: Options & { started: number; origin: () => Promise<string> },
): Promise<Measured> {
  const { end } = tieChild(child);
  const result: Measured = {
    firstSeconds: Number.NaN,
    firstProcessorSeconds: Number.NaN,
    processorSeconds: Number.NaN,
    megabytes: Number.NaN,
    received: [],
  };
  let close = () => {};
  try {
    const way = connectTo(await origin(), basePath);
    close = way.close;
    for (const call of calls) {
      const received = await way.send({ ...call.sent, timeoutMs: limits.callSeconds * 1000 });
      if (result.received.length === 0) {
        result.firstSeconds = (performance.now() - started) / 1000;
        result.firstProcessorSeconds = processorSecondsOf(child);
      }
      result.received.push({ call, received });
      if (!(processorSecondsOf(child) > limits.totalSeconds)) continue;
      result.stopped = `after ${limits.totalSeconds} s of processor`;
      break;
    }
  } catch (error) {
    result.stopped = (error as Error).message;
  } finally {
    close();
    result.processorSeconds = processorSecondsOf(child);
    result.megabytes = peakOf(child);
    await end();
  }
  return result;
}

const necid = fileURLToPath(new URL("../../../tools/commands/necid.ts", import.meta.url));
const prism = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");

function start(command: string[]): ChildProcess {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  return spawn(process.execPath, command, { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function saidOrigin(child: ChildProcess, { startSeconds }: Limits): Promise<string> {
  let text = "";
  const said = new Promise<string>((resolve, reject) => {
    const hear = (bytes: Buffer) => {
      text += bytes;
      const [, origin] = /^(http:\/\/[^/\s]+)\S* answers for/m.exec(text) ?? [];
      if (origin) resolve(origin);
    };
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${text.slice(0, 500)}`)));
  });
  const late = after(startSeconds * mostClock, undefined, { ref: false }).then(() => {
    throw new Error(`no start in ${startSeconds * 10} s`);
  });
  return Promise.race([said, late]);
}

async function listening(port: number, child: ChildProcess, { startSeconds }: Limits): Promise<void> {
  child.stdout!.resume();
  child.stderr!.resume();
  const deadline = performance.now() + startSeconds * mostClock;
  while (performance.now() < deadline && !(processorSecondsOf(child) > startSeconds)) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    const answers = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) }).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await after(20);
  }
  throw new Error(`no start in ${startSeconds} s of processor`);
}

/** In milliseconds for a second of processor time: a process that waits for ever uses none. */
const mostClock = 10_000;

/** Not a number where the system does not report it. */
function processorSecondsOf({ pid }: ChildProcess): number {
  return processorSeconds(pid!) ?? Number.NaN;
}

function peakOf({ pid }: ChildProcess): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readProcess(`/proc/${pid}/status`) ?? "") ?? [];
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1024;
}

function readProcess(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
