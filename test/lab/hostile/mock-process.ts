import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

/** A mock in a process of its own, to be attacked. */
export type MockProcess = {
  port: number;
  vitals(): Promise<Vitals>;
  end(): Promise<void>;
};

export type Vitals = {
  /** Resident set in bytes, after the galleries were emptied and the garbage was collected. */
  memory: number;
  /** The longest that the process has not looked at its sockets since it was last asked. */
  deafMs: number;
};

/** @throws {Error} when the process ends before it listens. */
export async function startMockProcess(): Promise<MockProcess> {
  const child = fork(fileURLToPath(import.meta.url), {
    execArgv: ["--expose-gc"],
    // Has glibc give back what was freed: its own holes are not what is measured.
    env: { ...process.env, MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" },
  });
  const endWithUs = () => child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const port = (await nextMessage(child)) as number;
  return {
    port,
    async vitals() {
      child.send("vitals");
      return (await nextMessage(child)) as Vitals;
    },
    async end() {
      process.off("exit", endWithUs);
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const message = once(child, "message").then(([value]) => value);
  const ended = once(child, "exit").then(([code, signal]) => {
    throw new Error(`the mock ended with ${signal ?? `exit code ${code}`}`);
  });
  return Promise.race([message, ended]);
}

if (process.send && import.meta.main) {
  const { startMock } = await import("../../../mocks/mock.ts");
  const mock = await startMock({ seed: "hostile" });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on("message", async () => {
    const deafMs = Math.round(delay.max / 1e6);
    // Faces that were registered well are kept by right, and not what is measured.
    mock.reset();
    // The second round frees what the finalizers of the first let go.
    for (let round = 0; round < 2; round++) {
      await globalThis.gc?.({ type: "major", execution: "async", flavor: "last-resort" });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    delay.reset();
    process.send?.({ memory: process.memoryUsage.rss(), deafMs } satisfies Vitals);
  });
  process.on("disconnect", () => process.exit());
  process.send(mock.port);
}
