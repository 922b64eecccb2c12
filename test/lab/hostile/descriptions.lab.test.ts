import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { bombs, refused } from "../../security/hostile-descriptions.ts";

/** Generates in a process of its own, loads what was made, and measures both. */
function measured(spec: string, out: string) {
  const code = `
    process.argv = [process.argv[0], "necid", "generate", "--spec", ${JSON.stringify(spec)}, "--out", ${JSON.stringify(out)}];
    process.on("exit", () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      process.stdout.write("\\n" + JSON.stringify({ seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1000 }));
    });
    await import("${process.cwd()}/tools/commands/necid.ts");
    if (!process.exitCode) {
      await import(${JSON.stringify(`${out}/validators.js`)});
      await import(${JSON.stringify(`${out}/client.js`)});
    }`;
  return new Promise<{ code: number; seconds: number; megabytes: number; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ["--input-type=module", "--eval", code],
      { env: { ...process.env, XDG_CACHE_HOME: out }, timeout: 60_000 },
      (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stderr, ...JSON.parse(stdout.split("\n").at(-1) || "{}") }),
    );
  });
}

type Made = [title: string, make: string | ((file: string) => unknown), problem?: string];

it.each<Made>([...refused, ...bombs])("under 2 s and 500 MB: %s", async (_, make, problem) => {
  const folder = await mkdtemp("generated/.hostile-");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const isJson = typeof make === "string" && make.startsWith("{");
  const spec = join(process.cwd(), folder, isJson ? "spec.json" : "spec.yaml");
  if (typeof make === "string") await writeFile(spec, make);
  else await make(spec);
  const { code, seconds, megabytes, stderr } = await measured(spec, join(process.cwd(), folder, "out"));
  expect({ code, stderr: problem ? stderr : "" }).toEqual({
    code: problem ? 2 : 0,
    stderr: problem ? expect.stringContaining(problem) : "",
  });
  expect(seconds).toBeLessThan(2);
  expect(megabytes).toBeLessThan(500);
});
