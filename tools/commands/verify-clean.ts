import { type RunOptions, runChecks } from "../../contracts/verify/run/run.ts";
import type { Terminal } from "./reader/terminal.ts";

/**
 * Only unregisters what an earlier, killed run left behind.
 *
 * @returns the exit code: 0 nothing is left, 1 something is, 2 could not find out.
 */
export async function cleanUp(
  options: Omit<RunOptions, "checks">,
  { stdout, stderr }: Terminal,
): Promise<number> {
  const { ledger, targetName, target } = options;
  if (ledger.elsewhere > 0) {
    stdout(`${count(ledger.elsewhere)} in the ledger belong to other targets or other access keys.\n`);
  }
  if (ledger.foreign > 0) {
    stderr(`${ledger.foreign} lines of the ledger were not written with this secret key and are ignored.\n`);
  }
  const left = ledger.open(targetName).length;
  if (left === 0) {
    stdout(`No run left anything registered at ${target.baseUrl}. No call was made.\n`);
    return 0;
  }
  const { stopped, calls, orphans } = await runChecks({ ...options, checks: [] });
  stdout(`${count(left - orphans.length)} of earlier runs undone at ${target.baseUrl}, in ${calls} calls.\n`);
  for (const { role, application, id } of orphans) {
    stdout(`left registered: ${role} in application ${application}, ${id ?? "id unknown"}\n`);
  }
  if (stopped) stderr(`could not clean up (${stopped.kind}): ${stopped.message}\n`);
  if (stopped) return 2;
  return orphans.length > 0 ? 1 : 0;
}

function count(number: number): string {
  return `${number} registration${number === 1 ? "" : "s"}`;
}
