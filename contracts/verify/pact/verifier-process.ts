import core from "@pact-foundation/pact-core";
import type { Finding, VerifierJob, VerifierResult } from "./verifier.ts";

/**
 * The process that Pact's native core runs in, one job after the other. It ends with the process that
 * started it, even when that one is killed.
 */
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", (job: VerifierJob) => void verified(job).then((result) => process.send!(result)));

/** A whole verification outlasts every wait for a throttle. */
const timeout = 120_000;

async function verified({
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
    return { findings: [] };
  } catch (error) {
    return readResult((error as Error).message);
  }
}

type Told = {
  interactionResults?: {
    result: string;
    mismatch?: { type: string; mismatches?: Finding[]; message?: string };
  }[];
};

/** A failed verification is an error whose message is JSON; anything else is the core's own failure. */
function readResult(message: string): VerifierResult {
  try {
    const { interactionResults = [] } = JSON.parse(message) as Told;
    const findings = interactionResults
      .filter(({ result }) => result !== "OK")
      .flatMap(({ mismatch }) => mismatch?.mismatches ?? [{ type: "error", mismatch: mismatch?.message }]);
    return findings.length > 0 ? { findings } : { failed: true };
  } catch {
    return { failed: true };
  }
}
