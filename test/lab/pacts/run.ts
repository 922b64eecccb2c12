import { runProgram } from "../../../tools/commands/options.ts";
import { terminal } from "../../../tools/commands/terminal.ts";

/**
 * The command `npm run pacts`: records the consumer interactions, or with `--check` reports whether the
 * recorded ones are fresh.
 *
 * @returns the exit code: 0 done or fresh, 1 stale.
 */
export async function runPacts({ out, check }: { out: string; check: boolean }): Promise<number> {
  const { recordPacts } = await import("./record-pacts.ts");
  const { name, stale } = await recordPacts({ out, check });
  const file = `${out}/${name}`;
  if (check && stale) {
    console.error(`${file} is stale\nRun \`npm run pacts\` and commit what it writes.`);
    return 1;
  }
  console.log(check ? `${file} is fresh` : `wrote ${file}`);
  return 0;
}

if (import.meta.main) {
  const program = {
    name: "npm run pacts --",
    description: "Records the consumer interactions as a pact. Exit codes: 0 done or fresh, 1 stale.",
    options: { check: { description: "write nothing; exit 1 when the recorded pact is stale" } },
  };
  process.exitCode = await runProgram(program, { args: process.argv.slice(2), terminal }, ({ options }) =>
    runPacts({ out: "generated/necid-v1/pacts", check: options.check === true }),
  );
}
