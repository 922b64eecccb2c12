import { spawnSync } from "node:child_process";
import { runProgram } from "../../tools/commands/reader/options.ts";
import { terminal } from "../../tools/commands/reader/terminal.ts";

const program = {
  name: "npm run example --",
  description: "Runs examples/register.ts: one typed, signed call to the mock that `npm start` serves.",
  options: {},
  notes: `Environment: NECID_BASE_URL, NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY and NECID_API_KEY name another service.`,
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, async () => {
  const args = ["--conditions=necid-source", "examples/register.ts"];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
});
