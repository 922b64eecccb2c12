import { join } from "node:path";
import { runNode } from "../servers/run-node.ts";

/** How long `necid verify --target mock` takes as a command, in milliseconds, and what it says of itself. */
export type VerificationTime = { ms: number[]; summary: string };

/** Verifies the mock some times, each in a process of its own. */
export async function measureVerification(options: {
  rounds: number;
  /** For its ledger. */
  folder: string;
  env: NodeJS.ProcessEnv;
}): Promise<VerificationTime> {
  const ledger = join(options.folder, "ledger.jsonl");
  const args = ["tools/commands/necid.ts", "verify", "--target", "mock", "--ledger", ledger];
  const ms: number[] = [];
  let summary = "";
  for (let round = 0; round < options.rounds; round++) {
    const run = await runNode(args, options);
    ms.push(run.ms);
    summary = `${/^calls +(\d+)/m.exec(run.stdout)?.[1] ?? "no"} calls, ${/\d+ checks passed/.exec(run.stdout)?.[0] ?? "no checks"}`;
  }
  return { ms, summary };
}
