import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "necid-bench-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(process.platform === "win32").each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s stops the bench at once and leaves no process and no file", async (signal, code) => {
  const args = ["test/lab/bench/bench.ts", "--contenders", "mock", "--only", "register", "--seconds", "30"];
  const bench = spawn(process.execPath, args, { stdio: "ignore", env: { ...process.env, TMPDIR: folder } });
  onTestFinished(() => void bench.kill());
  const exited = once(bench, "exit");
  let children: number[] = [];
  // The mock and the load generator.
  for (let tries = 0; children.length < 2 && tries < 2_000; tries++) {
    await after(50);
    children = processes().flatMap(({ pid, parent }) => (parent === bench.pid ? pid : []));
  }
  expect(children).toHaveLength(2);
  bench.kill(signal);
  expect(await exited).toEqual([code, null]);
  const running = () => processes().filter(({ pid }) => children.includes(pid));
  await expect.poll(running, { timeout: 60_000 }).toEqual([]);
  // Node keeps compiled code there, for the next start.
  expect(readdirSync(folder).filter((name) => name !== "node-compile-cache")).toEqual([]);
});

/** Without those that have ended and wait for their parent to notice. */
function processes(): { pid: number; parent: number; state: string }[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  const lines = stdout.trim().split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state]) => ({ pid: Number(pid), parent: Number(parent), state: state! }))
    .filter(({ state }) => !state.startsWith("Z"));
}
