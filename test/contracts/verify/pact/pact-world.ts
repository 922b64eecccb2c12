import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import { bodyAtTarget } from "../../../../contracts/necid/verify/face-cards.ts";
import { cardImages } from "../../../../contracts/necid/verify/images.ts";
import { providerStates } from "../../../../contracts/necid/verify/provider-states.ts";
import { necIdRegistering } from "../../../../contracts/necid/verify/registering.ts";
import { readOperations } from "../../../../contracts/openapi/operations.ts";
import type { CheckResult, PlannedCall } from "../../../../contracts/verify/check.ts";
import type { PactCheck } from "../../../../contracts/verify/pact/checks.ts";
import type { Send } from "../../../../contracts/verify/run/caller.ts";
import { planLedger } from "../../../../contracts/verify/run/ledger.ts";
import {
  createSession,
  imageRoles,
  type RunSession,
  type SessionOptions,
} from "../../../../contracts/verify/run/session.ts";
import { sendRequest } from "../../../../contracts/verify/wire.ts";
import { type MockWorld, mockApiKeys, mockCredentials } from "../../../../mocks/mock.ts";

/** The contract and the provider states of every pact. */
const operations = readOperations(openapi);
export const pactOptions = { operations, states: providerStates, roles: imageRoles, adapt: bodyAtTarget };

/** A session at a world of the mock, or at any address, that records its calls. */
export function openSession(
  world: Partial<MockWorld> & { url: string },
  options: Partial<SessionOptions> = {},
): RunSession & { made: PlannedCall[] } {
  const { url: baseUrl, credentials = mockCredentials, apiKeys = mockApiKeys } = world;
  const made: PlannedCall[] = [];
  const session = createSession({
    target: {
      baseUrl,
      ...credentials,
      apiKeys: [apiKeys[0]!, apiKeys[1]],
      region: "ap-southeast-2",
      service: "execute-api",
    },
    registering: necIdRegistering,
    ledger: planLedger(),
    targetName: "target",
    run: "pact",
    images: cardImages,
    now: Date.now,
    signal: new AbortController().signal,
    send: sendAsNamed,
    onCall: (planned) => made.push(planned),
    ...options,
  });
  return Object.assign(session, { made });
}

export const sendAsNamed: Send = (request, { timeoutMs, signal }) => {
  const named = request.headers.some(([name]) => name === "host");
  const host: [string, string] = ["host", new URL(request.url).host];
  const headers = named ? request.headers : [host, ...request.headers];
  return sendRequest({ ...request, headers }, { timeoutMs, signal });
};

/** Runs checks one after the other, as a run does. */
export async function runAll(
  checks: PactCheck[],
  session: RunSession,
): Promise<{ id: string; result: CheckResult }[]> {
  const results: { id: string; result: CheckResult }[] = [];
  for (const check of checks) {
    results.push({ id: check.id, result: await check.run(session) });
    await session.settle();
  }
  return results;
}
