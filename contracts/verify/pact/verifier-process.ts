import core from "@pact-foundation/pact-core";
import type { VerifierJob, VerifierMismatch, VerifierResult } from "./verifier.ts";

/**
 * The process in which Pact's native core runs, one job after the other. It ends with its parent process,
 * even if that is killed.
 */
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", (job: VerifierJob) => void verify(job).then((result) => process.send!(result)));

/** In milliseconds. Longer than any wait for a throttle. */
const timeout = 120_000;

async function verify({
  pactUrl,
  providerBaseUrl,
  statesUrl,
  provider,
}: VerifierJob): Promise<VerifierResult> {
  try {
    await core.default.verifyPacts({
      provider,
      providerBaseUrl,
      pactUrls: [pactUrl],
      providerStatesSetupUrl: statesUrl,
      logLevel: "error",
      timeout,
    });
    return { mismatches: [] };
  } catch (error) {
    return readResult((error as Error).message);
  }
}

type VerifierOutput = {
  interactionResults?: {
    result: string;
    mismatch?: { type: string; mismatches?: VerifierMismatch[]; message?: string };
  }[];
};

/** Reads the message of the core's error: JSON after a failed verification, text if the core itself failed. */
function readResult(message: string): VerifierResult {
  try {
    const { interactionResults = [] } = JSON.parse(message) as VerifierOutput;
    const mismatches = interactionResults
      .filter(({ result }) => result !== "OK")
      .flatMap(({ mismatch }) => mismatch?.mismatches ?? [{ type: "error", mismatch: mismatch?.message }]);
    return mismatches.length > 0 ? { mismatches } : { failed: true };
  } catch {
    return { failed: true };
  }
}
