import { readFile } from "node:fs/promises";
import type { NecIdVersion } from "../../../contracts/necid/contract.ts";
import { cardImages } from "../../../contracts/necid/verify/images.ts";
import { providerStatesOf } from "../../../contracts/necid/verify/provider-states.ts";
import { necIdRegistering } from "../../../contracts/necid/verify/registering.ts";
import {
  loadVerificationContract,
  necIdChecks,
  necIdPreflight,
} from "../../../contracts/necid/verify/verification.ts";
import { readOperations } from "../../../contracts/openapi/operations.ts";
import type { Check, Mismatch } from "../../../contracts/verify/check.ts";
import { pactChecks } from "../../../contracts/verify/pact/checks.ts";
import { readPact } from "../../../contracts/verify/pact/pact.ts";
import { openPactVerifier } from "../../../contracts/verify/pact/verifier.ts";
import { planLedger } from "../../../contracts/verify/run/ledger.ts";
import { runChecks } from "../../../contracts/verify/run/run.ts";
import { imageRoles } from "../../../contracts/verify/run/session.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";
import { type Alter, openRelay, proxy, type Writing } from "./proxy.ts";

/** What one run of the whole suite found. */
export type Found = {
  mismatches: Mismatch[];
  /** How many checks could say something. */
  checks: number;
  /** Why the run ended before its time. */
  stopped?: string;
};

/** The whole suite, and the mock behind a proxy. */
export type Suite = {
  /** Runs every check against a world of its own. */
  run(provider: { alter: Alter; writing?: Writing }): Promise<Found>;
  close(): Promise<void>;
};

/** Starts the mock and makes the checks of schema, sequences and pact of v1.1; the gateway is that of v1. */
export function openV11Suite(): Promise<Suite> {
  return open("v1.1", {
    sendsLargeBodies: false,
    isMeant: ({ part, operation }) => part !== "probe" && !operation.startsWith("OPTIONS"),
  });
}

/** Starts the mock and makes the checks of all four parts. Several runs may go side by side. */
export function openSuite({ sendsLargeBodies = true } = {}): Promise<Suite> {
  return open("v1", { sendsLargeBodies, isMeant: () => true });
}

async function open(
  version: NecIdVersion,
  { sendsLargeBodies, isMeant }: { sendsLargeBodies: boolean; isMeant: (check: Check) => boolean },
): Promise<Suite> {
  const [contract, mock] = await Promise.all([
    loadVerificationContract(version),
    startMock({ seed: "mutants" }),
  ]);
  const verifier = openPactVerifier();
  const file = new URL(
    `../../../generated/necid-${version}/pacts/necid-client-necid-${version}.json`,
    import.meta.url,
  );
  const basePath = `/${version}`;
  const pact = readPact(await readFile(file, "utf8"), { source: file.pathname, basePath });
  const operations = readOperations(contract.openapi);
  const states = providerStatesOf(version);
  const checks = [
    ...necIdChecks(contract, { sendsLargeBodies }),
    ...pactChecks([pact], { operations, states, roles: imageRoles, verifier }),
  ].filter(isMeant);
  return {
    run: runIn(mock, { checks, basePath }),
    close: () => Promise.all([verifier.close(), mock.close()]).then(() => {}),
  };
}

function runIn(mock: Mock, { checks, basePath }: { checks: Check[]; basePath: string }): Suite["run"] {
  return async ({ alter, writing }) => {
    // The same seed each time: whoever runs first or last meets the same ids and scores.
    const world = mock.world({ seed: "mutants" });
    const relay = writing && (await openRelay(new URL(world.url).origin, writing));
    const target = {
      ...world.credentials,
      baseUrl: `${relay ? relay.origin : new URL(world.url).origin}${basePath}`,
      apiKeys: [world.apiKeys[0]!, world.apiKeys[1]] as [string, string],
      region: "ap-southeast-2",
      service: "execute-api",
    };
    try {
      const { outcomes, stopped } = await runChecks({
        target,
        registering: necIdRegistering,
        ledger: planLedger(),
        targetName: world.id,
        run: "mutants",
        images: cardImages,
        checks,
        preflight: necIdPreflight,
        clock: Date.now,
        signal: new AbortController().signal,
        timeoutMs: 60_000,
        send: proxy(target, alter),
      });
      return {
        mismatches: outcomes.flatMap(({ result }) => result.mismatches),
        checks: outcomes.filter(({ result }) => result.skipped === undefined).length,
        ...(stopped && { stopped: `${stopped.kind}: ${stopped.message}` }),
      };
    } finally {
      await relay?.close();
      world.delete();
    }
  };
}
