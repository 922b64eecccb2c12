import type { CheckResult } from "../check.ts";
import type { PactBroker } from "./broker.ts";
import type { PactCheck } from "./checks.ts";
import type { Pact } from "./pact.ts";

/**
 * Publishes the results of a broker's pacts. A success is published only if every interaction was checked.
 *
 * @param outcomes of all interactions of each pact. Must not be called after a run that was stopped.
 * @returns for each pact whether its result was published.
 */
export async function publishPacts(
  broker: PactBroker,
  outcomes: readonly { check: PactCheck; result: CheckResult }[],
): Promise<{ source: string; published: boolean }[]> {
  const published: { source: string; published: boolean }[] = [];
  for (const pact of new Set(outcomes.map(({ check }) => check.pact))) {
    published.push({ source: pact.source, published: await publishOne(broker, { pact, outcomes }) });
  }
  return published;
}

async function publishOne(
  broker: PactBroker,
  { pact, outcomes }: { pact: Pact; outcomes: readonly { check: PactCheck; result: CheckResult }[] },
): Promise<boolean> {
  const own = outcomes.filter(({ check }) => check.pact === pact);
  const tests = own.map(({ check, result }) => ({
    description: check.interaction.description,
    success: result.mismatches.length === 0,
    mismatches: result.mismatches.map(({ message }) => message),
  }));
  const success = tests.every((test) => test.success);
  const isComplete = own.length === pact.interactions.length && own.every(({ result }) => !result.skipped);
  if (success && !isComplete) return false;
  return broker.publish(pact, { success, tests });
}
