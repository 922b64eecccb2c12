import type { ImageRole, MadeCall, Scene, Signing } from "../check.ts";
import { givenNames } from "./call.ts";
import type { Interaction } from "./pact.ts";

/** What has to be so before an interaction, and how it comes about. The scene undoes it after the check. */
export type ProviderState = {
  /** The pictures that it takes. */
  images?: ImageRole[];
  /** The names of the values that it gives to the request, in a pact `${id}`. */
  gives?: string[];
  setUp(scene: Scene): Promise<EstablishedState>;
};

export type EstablishedState = {
  values?: Record<string, string>;
  /** How the request is signed in this state. */
  signing?: Signing;
  /** The call by which it should have come about, where it did not: with the status it should have had. */
  failed?: { made: MadeCall; expected: number };
};

export type ProviderStates = Record<string, ProviderState>;

/** Sets up the states of an interaction in their order, and stops at the first that does not come about. */
export async function setUpStates(
  scene: Scene,
  { interaction, states }: { interaction: Interaction; states: ProviderStates },
): Promise<EstablishedState> {
  const whole: EstablishedState = { values: {} };
  for (const name of interaction.states) {
    const { values, signing, failed } = await states[name]!.setUp(scene);
    Object.assign(whole.values!, values);
    if (signing) whole.signing = signing;
    if (failed) return { failed };
  }
  return whole;
}

/** The pictures that an interaction and its states take. */
export function imagesOf(
  interaction: Interaction,
  { states, roles }: { states: ProviderStates; roles: readonly ImageRole[] },
): ImageRole[] {
  const asked = givenNames(interaction).filter((name): name is ImageRole =>
    roles.includes(name as ImageRole),
  );
  const taken = interaction.states.flatMap((name) => states[name]?.images ?? []);
  return [...new Set([...taken, ...asked])];
}
