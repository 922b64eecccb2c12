import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { processorSeconds, residentSet } from "../bench/servers/process-cost.ts";
import { tieChild } from "../bench/servers/tie-child.ts";
import type { Cost } from "./curve.ts";
import type { LiveMemory } from "./heap-probe.ts";

export type StartedMock = {
  port: number;
  cost(): Cost;
  /** Bytes that are left after all garbage was collected: the least of three looks, for a request may be under way. */
  liveBytes(): Promise<number>;
  /** Stops it as Ctrl-C does; answers how it ended. */
  stop(): Promise<string>;
};

/** The mock did not start. */
export class StartError extends Error {
  readonly code = "START";

  constructor(program: string, complaint: string) {
    super(`${program} did not start. ${complaint}`.trim());
    this.name = "StartError";
  }
}

/** The mock ended while it was soaked. */
export class GoneError extends Error {
  readonly code = "GONE";

  constructor() {
    super("The mock has ended in the middle of the run. Start it by hand and see what it writes.");
    this.name = "GoneError";
  }
}

/**
 * Starts the mock as its users do, in a process of its own on a free port: strict, quiet, and without
 * anything of this environment that changes it. Besides, it carries a probe that looks at its heap when asked.
 *
 * @param options.program the command line, as source or compiled.
 * @throws {StartError} with what it wrote.
 */
export async function startMock(options: { program: string; stateFile?: string }): Promise<StartedMock> {
  const { program, stateFile } = options;
  const probe = fileURLToPath(new URL("heap-probe.ts", import.meta.url));
  const node = ["--expose-gc", "--import", probe];
  const args = [...node, program, "mock", "--port", "0", "--auth", "strict", "--quiet"];
  const server = spawn(process.execPath, stateFile ? [...args, "--state", stateFile] : args, {
    cwd: fileURLToPath(new URL("../../../", import.meta.url)),
    env: defaultEnvironment(process.env),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const child = tieChild(server);
  let output = "";
  const listening = Promise.withResolvers<number>();
  for (const stream of [server.stdout!, server.stderr!]) {
    stream.on("data", (text: Buffer) => {
      output = `${output}${text}`.slice(-4000);
      const port = /http:\/\/127\.0\.0\.1:(\d+)\/v1 answers/.exec(output)?.[1];
      if (port) listening.resolve(Number(port));
    });
  }
  server.once("exit", () => listening.reject(new StartError(program, output)));
  const tooLate = setTimeout(child.end, 120_000);
  const port = await listening.promise.finally(() => clearTimeout(tooLate));

  return {
    port,
    cost: () => ({ residentBytes: residentSet(server.pid!), cpuSeconds: processorSeconds(server.pid!) }),
    async liveBytes() {
      const looks = [await look(server), await look(server), await look(server)];
      return Math.min(...looks);
    },
    async stop() {
      if (child.ended() === undefined) {
        const exit = once(server, "exit");
        server.kill("SIGTERM");
        const tooLong = setTimeout(child.end, 60_000);
        await exit;
        clearTimeout(tooLong);
      }
      return child.ended()!;
    },
  };
}

async function look(server: ChildProcess): Promise<number> {
  const report = Promise.withResolvers<LiveMemory>();
  const gone = () => report.reject(new GoneError());
  server.once("message", report.resolve);
  server.once("exit", gone);
  server.send("how much is live?", (error) => error && gone());
  const { bytes } = await report.promise.finally(() => server.off("exit", gone));
  return bytes;
}

function defaultEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(NECID_|NODE_|MALLOC_|LD_PRELOAD$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}
