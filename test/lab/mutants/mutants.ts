import { gatewayMutants } from "./gateway-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { requestMutants } from "./request-mutants.ts";
import { responseMutants } from "./response-mutants.ts";
import { stateMutants } from "./state-mutants.ts";

/**
 * Providers that break one promise each. Every one has to be caught, and reported for the operation whose promise
 * it was.
 *
 * Not among them, because no verification of an API can catch them by design:
 * - health and signed calls alike that response pages or a 5xx, and a signed call that is refused from the
 *   start: a run takes that for an outage or for wrong credentials, and stops before it judges anything;
 * - 429 in the place of a response: it is documented and waited out, and means an exhausted quota in the end;
 * - another response of the documented 500, 502 and 504: nobody can make a service fail on purpose;
 * - wrong figures that are wrong in every operation alike, and plausible: only a second opinion on the
 *   picture could show it;
 * - a fault that shows only with the thousandth subject, after an hour, or under load.
 */
export const mutants: Mutant[] = [
  ...responseMutants(),
  ...gatewayMutants(),
  ...requestMutants(),
  ...stateMutants(),
];

/**
 * Registrations that bring no subject, or an id that nobody has. Every other check stands on a registration,
 * so that here, and only here, other operations are blamed beside the right one.
 */
export const undermining: ReadonlySet<string> = new Set([
  "values/register-id-prefix",
  "values/register-id-digits",
  "state/register-nothing",
]);
