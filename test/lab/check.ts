import { spawnSync } from "node:child_process";
import { runProgram } from "../../tools/commands/reader/options.ts";
import { terminal } from "../../tools/commands/reader/terminal.ts";

const steps = [
  ["biome", "check", "."],
  ["tsc"],
  ["knip"],
  ["node", "tools/commands/start.js", "generate", "--check"],
] as const;

const program = {
  name: "npm run check --",
  description: `Lints, checks types, finds dead code and checks that the generated files are fresh. The first that fails ends it.
Exit codes: 0 all is well, else that of what failed.`,
  options: {},
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async () => {
  for (const [command, ...args] of steps) {
    // Windows finds the commands of packages by a shell only.
    const { status } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
    if (status !== 0) return status ?? 1;
  }
  return 0;
});
