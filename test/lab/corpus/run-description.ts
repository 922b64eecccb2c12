import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ProcessResult } from "./result.ts";

/** The limits of one description. The time is that of the processor, so that a busy machine changes nothing. */
export const limits = { processorSeconds: 60, megabytes: 1536 };

/** A process that waits instead of computing ends after this. */
const mostSeconds = 300;

/**
 * Generates from one description in a process of its own, under the limits.
 * @returns what the process printed, or why it printed nothing.
 */
export async function runDescription(
  spec: string,
  { out, cwd, signal }: { out: string; cwd: string; signal?: AbortSignal },
): Promise<ProcessResult | { killed: string }> {
  const program = join(import.meta.dirname, "generate-process.ts");
  const heap = `--max-old-space-size=${limits.megabytes}`;
  const child = spawn(
    "bash",
    [
      "-c",
      `ulimit -c 0 -t ${limits.processorSeconds + 1}; exec "$@"`,
      "bash",
      process.execPath,
      heap,
      program,
      spec,
      out,
    ],
    {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      // Half of a small description's time is that of compiling the programs.
      env: { ...process.env, NODE_COMPILE_CACHE: join(cwd, "compiled") },
    },
  );
  const began = performance.now();
  const timer = setTimeout(() => child.kill("SIGKILL"), mostSeconds * 1000);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.stdout += text));
  child.stderr
    .setEncoding("utf8")
    .on("data", (text) => (output.stderr = (output.stderr + text).slice(-5000)));
  const { promise, resolve, reject } = Promise.withResolvers<NodeJS.Signals | number | null>();
  child.on("error", reject).on("close", (code, ended) => resolve(ended ?? code));
  const end = await promise.finally(() => clearTimeout(timer));
  const line = output.stdout.trimEnd().split("\n").at(-1)!;
  if (line.startsWith("{")) return JSON.parse(line);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  if (/heap out of memory/i.test(output.stderr)) return { killed: `out of memory after ${seconds} s` };
  if (end === "SIGXCPU" || end === "SIGKILL") return { killed: `still running after ${seconds} s` };
  return { killed: `ended with ${end}: ${output.stderr.trim().split("\n").slice(0, 3).join(" ")}` };
}
