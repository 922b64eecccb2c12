import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { runProgram } from "../../tools/commands/reader/options.ts";
import type { Option, OptionValues } from "../../tools/commands/reader/program.ts";
import { terminal } from "../../tools/commands/reader/terminal.ts";

const contract = "generated/necid-v1/openapi.json";

const options = {
  port: { argument: "number", description: "port to listen on", default: "4011" },
  upstream: { argument: "url", description: "check both sides of the service at this URL, as a proxy" },
} as const satisfies Record<string, Option>;

const program = {
  name: "npm run prism --",
  description: `Serves stock Prism on ${contract}, as a mock or as a proxy, for comparison.
Prism leaves out the base path: the mock answers at /subjects, not at /v1/subjects.
All other options go to Prism as they are.`,
  options,
  keepsUnknown: true as const,
};

process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, runPrism);

/** Runs until Prism ends or a signal comes. */
async function runPrism({
  options: { port, upstream },
  rest,
}: {
  options: OptionValues<typeof options>;
  rest: string[];
}): Promise<number> {
  if (!existsSync(contract)) {
    terminal.stderr(`${contract} is missing. Make it with: npm run generate\n`);
    return 2;
  }
  const prism = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
  const verb = upstream ? ["proxy", contract, upstream, "--errors=false"] : ["mock", contract];
  const child = spawn(process.execPath, [prism, ...verb, "--port", port, ...rest], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 0)));
}
