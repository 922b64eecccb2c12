import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How long `necid verify --target mock` takes as a command, in milliseconds, and what it says of itself. */
export type VerificationTime = { ms: number[]; summary: string };

/** Verifies the mock some times, each in a process of its own. */
export async function measureVerification({
  rounds,
  env,
}: {
  rounds: number;
  env: NodeJS.ProcessEnv;
}): Promise<VerificationTime> {
  const folder = mkdtempSync(join(tmpdir(), "necid-bench-"));
  const args = ["tools/necid.ts", "verify", "--target", "mock", "--ledger", join(folder, "ledger.jsonl")];
  const ms: number[] = [];
  let summary = "";
  try {
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const { stdout } = await run(process.execPath, args, { env, maxBuffer: 2 ** 24 });
      ms.push(Math.round(performance.now() - started));
      summary = /^calls +\d+$/m.exec(stdout)?.[0].replace(/ +/, " ") ?? "";
      summary += `, ${/\d+ checks passed/.exec(stdout)?.[0] ?? "no checks"}`;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { ms: ms.toSorted((a, b) => a - b), summary };
}

/** The table of gallery times, measured in a process of its own that can collect its garbage. */
export async function galleryTable(env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(process.execPath, ["--expose-gc", "test/bench/gallery.ts"], { env });
  return stdout;
}
