import type { CheckResult } from "../check.ts";
import type { PactBroker } from "./broker.ts";
import type { PactCheck } from "./checks.ts";
import type { Pact } from "./pact.ts";

/**
 * Tells a broker what came of its pacts. One of which an interaction was not checked is not told, unless
 * it is broken anyway: a success would be claimed that nobody has seen.
 *
 * @param outcomes of all interactions of each pact; a run that was stopped has nothing to tell.
 * @returns for each pact whether it was published, in their order.
 */
export async function publishPacts(
  broker: PactBroker,
  outcomes: readonly { check: PactCheck; result: CheckResult }[],
): Promise<{ source: string; published: boolean }[]> {
  const told: { source: string; published: boolean }[] = [];
  for (const pact of new Set(outcomes.map(({ check }) => check.pact))) {
    told.push({ source: pact.source, published: await publishOne(broker, { pact, outcomes }) });
  }
  return told;
}

async function publishOne(
  broker: PactBroker,
  { pact, outcomes }: { pact: Pact; outcomes: readonly { check: PactCheck; result: CheckResult }[] },
): Promise<boolean> {
  const own = outcomes.filter(({ check }) => check.pact === pact);
  const tests = own.map(({ check, result }) => ({
    description: check.interaction.description,
    success: result.mismatches.length === 0,
    places: result.mismatches.map(({ message }) => message),
  }));
  const success = tests.every((test) => test.success);
  const whole = own.length === pact.interactions.length && own.every(({ result }) => !result.skipped);
  if (success && !whole) return false;
  return broker.publish(pact, { success, tests });
}
