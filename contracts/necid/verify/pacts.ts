import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { basePath, type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { Check, CheckResult, Mismatch } from "../../verify/check.ts";
import { brokerFromEnv, openPactBroker } from "../../verify/pact/broker.ts";
import { type PactCheck, pactChecks } from "../../verify/pact/checks.ts";
import { comparePact } from "../../verify/pact/compare.ts";
import { publishPacts } from "../../verify/pact/publish.ts";
import { readPacts } from "../../verify/pact/sources.ts";
import { openPactVerifier } from "../../verify/pact/verifier.ts";
import { imageRoles } from "../../verify/run/session.ts";
import { providerStates } from "./provider-states.ts";

/** The pacts of a run. */
export type OpenedPacts = {
  checks: Check[];
  /** What the pacts rely on and the contract does not allow. If there is any, no call may be made. */
  refused: { source: string; mismatch: Mismatch }[];
  /** Publishes the results to the broker, if there is one. */
  publish(): Promise<void>;
  /** Ends Pact's Verifier. */
  close(): Promise<void>;
};

/**
 * Reads the pact of the generated client, the given ones, and those that a broker selects (`PACT_BROKER_*`),
 * and compares each with the contract before any call.
 *
 * @param options.sources files, folders and URLs.
 * @throws {PactFileError | PactBrokerError} when one cannot be read.
 */
export async function openNecIdPacts({
  openapi,
  sources,
  env,
}: {
  openapi: OpenApi;
  sources: readonly string[];
  env: Record<string, string | undefined>;
}): Promise<OpenedPacts> {
  const operations = readOperations(openapi);
  const base = basePath(openapi);
  const settings = brokerFromEnv(env);
  const broker = settings && openPactBroker(settings);
  const recorded = join(
    dirname(fileURLToPath(import.meta.resolve("#generated/necid-v1/openapi.json"))),
    "pacts",
  );
  const read = await readPacts([recorded, ...sources], { basePath: base, broker });
  const pacts = [...read, ...((await broker?.pactsFor(provider, { basePath: base })) ?? [])];

  const compared = await Promise.all(
    pacts.map(async (pact) => {
      const mismatches = await comparePact(pact, {
        openapi,
        operations,
        states: providerStates,
        roles: imageRoles,
      });
      return mismatches.map((mismatch) => ({ source: pact.source, mismatch }));
    }),
  );
  const verifier = openPactVerifier();
  const outcomes: { check: PactCheck; result: CheckResult }[] = [];
  return {
    checks: pactChecks(pacts, { operations, states: providerStates, roles: imageRoles, verifier }).map(
      (check) => ({
        ...check,
        async run(session) {
          const result = await check.run(session);
          if (!session.planning) outcomes.push({ check, result });
          return check.pending ? asSkipped(result) : result;
        },
      }),
    ),
    refused: compared.flat(),
    async publish() {
      if (broker) await publishPacts(broker, outcomes);
    },
    close: () => verifier.close(),
  };
}

const provider = "necid-v1";

/** A pending pact is new to the provider: its mismatches are reported, but do not fail the run. */
function asSkipped(result: CheckResult): CheckResult {
  if (result.mismatches.length === 0) return result;
  const paths = result.mismatches.map(({ instancePath }) => instancePath).join(", ");
  return { ...result, mismatches: [], skipped: `its pact is pending; it does not match at ${paths}` };
}
