import type { ImageRole, MadeCall, Session, Signing } from "../check.ts";
import type { Interaction } from "./pact.ts";
import { valueNamesOf } from "./planned-call.ts";

/** A precondition of an interaction, and how to establish it. The session undoes it after the check. */
export type ProviderState = {
  /** The images that it needs. */
  images?: ImageRole[];
  /** The names of the values that it provides to the request; a pact uses them as `${id}`. */
  valueNames?: string[];
  setUp(session: Session): Promise<EstablishedState>;
};

export type EstablishedState = {
  values?: Record<string, string>;
  /** How the request is signed in this state. */
  signing?: Signing;
  /** The call that failed to establish it, and the status that it should have had. */
  failed?: { made: MadeCall; expected: number };
};

export type ProviderStates = Record<string, ProviderState>;

/** Sets up the states of an interaction in their order, and stops at the first that fails. */
export async function setUpStates(
  session: Session,
  { interaction, states }: { interaction: Interaction; states: ProviderStates },
): Promise<EstablishedState> {
  const established: EstablishedState = { values: {} };
  for (const name of interaction.states) {
    const { values, signing, failed } = await states[name]!.setUp(session);
    Object.assign(established.values!, values);
    if (signing) established.signing = signing;
    if (failed) return { failed };
  }
  return established;
}

/** The images that an interaction and its states need. */
export function imagesOf(
  interaction: Interaction,
  { states, roles }: { states: ProviderStates; roles: readonly ImageRole[] },
): ImageRole[] {
  const inserted = valueNamesOf(interaction).filter((name): name is ImageRole =>
    roles.includes(name as ImageRole),
  );
  const ofStates = interaction.states.flatMap((name) => states[name]?.images ?? []);
  return [...new Set([...ofStates, ...inserted])];
}
