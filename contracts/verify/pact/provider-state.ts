import type { ImageRole, MadeCall, Session, Signing } from "../check.ts";
import { redactName } from "../redaction.ts";
import type { Interaction } from "./pact.ts";
import { valueNamesOf } from "./planned-call.ts";

/** A precondition of an interaction, and how to establish it. The session undoes it after the check. */
export type ProviderState = {
  /** What it means, a few words. */
  description: string;
  /** The images that it needs. */
  images?: ImageRole[];
  /** The parameters that a pact may give it. */
  parameters?: string[];
  /** Those that a pact must give. */
  required?: string[];
  /** What is wrong with the parameters, if their names are right. */
  problem?(parameters: Record<string, string>): { parameter: string; problem: string } | undefined;
  /** The names of the values that it provides to the request; a pact uses them as `${id}`. */
  valueNames?: string[];
  setUp(session: Session, parameters: Record<string, string>): Promise<EstablishedState>;
};

export type EstablishedState = {
  values?: Record<string, string>;
  /** Texts of the pact's request, and what stands for each of them at this target. */
  aliases?: Record<string, string>;
  /** How the request is signed in this state. */
  signing?: Signing;
  /** The call that failed to establish it, and the status that it should have had. */
  failed?: {
    made: MadeCall;
    expected: number;
    /** Where it was not the status. */
    differs?: { instancePath: string; expected: string; actual: string };
  };
  /** Why it cannot be established at this target, if nobody is at fault. */
  skipped?: string;
  /** Removes after the interaction what the session does not remove itself. */
  undo?: () => Promise<void>;
};

export type ProviderStates = Record<string, ProviderState>;

/** Sets up the states of an interaction in their order, and stops at the first that fails. `undo` undoes all. */
export async function setUpStates(
  session: Session,
  { interaction, states }: { interaction: Interaction; states: ProviderStates },
): Promise<EstablishedState & { undo(): Promise<void> }> {
  const undoing: (() => Promise<void>)[] = [];
  const undo = async () => {
    for (const each of undoing.reverse()) await each();
  };
  const established = { values: {}, aliases: {}, undo } as EstablishedState & { undo(): Promise<void> };
  for (const { name, parameters } of interaction.states) {
    const set = await states[name]!.setUp(session, parameters as Record<string, string>);
    Object.assign(established.values!, set.values);
    Object.assign(established.aliases!, set.aliases);
    if (set.signing) established.signing = set.signing;
    if (set.undo) undoing.push(set.undo);
    if (set.failed || set.skipped) return { failed: set.failed, skipped: set.skipped, undo };
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
  const ofStates = interaction.states.flatMap(({ name }) => states[name]?.images ?? []);
  return [...new Set([...ofStates, ...inserted])];
}

/** Why the states of an interaction cannot be set up: one sentence for each problem. */
export function stateProblems(
  { states: named }: Interaction,
  states: ProviderStates,
): { place: string; expected: string; actual: string; problem: string }[] {
  return named.flatMap(({ name, parameters }, index) => {
    const place = named.length === 1 ? "providerStates" : `providerStates.${index}`;
    if (!Object.hasOwn(states, name)) {
      const known = Object.keys(states).join(", ");
      const problem = `names "${redactName(name)}", which is unknown; known are: ${known}`;
      return [{ place, expected: `one of: ${known}`, actual: redactName(name), problem }];
    }
    const { parameters: taken = [], required = [] } = states[name]!;
    const given = Object.keys(parameters);
    const takes = taken.length === 0 ? "no parameters" : taken.join(" and ");
    const unknown = given
      .filter((parameter) => !taken.includes(parameter))
      .map((parameter) => ({ parameter, problem: `is not taken by "${name}"; it takes ${takes}` }));
    const wrong = given
      .filter((parameter) => taken.includes(parameter) && !isText(parameters[parameter]))
      .map((parameter) => ({ parameter, problem: "must be text" }));
    const missing = required
      .filter((parameter) => !given.includes(parameter))
      .map((parameter) => ({ parameter, problem: `must be given to "${name}"` }));
    const found = [...unknown, ...wrong, ...missing];
    const problem =
      found.length === 0 ? states[name]!.problem?.(parameters as Record<string, string>) : undefined;
    if (problem) found.push(problem);
    return found.map(({ parameter, problem }) => ({
      place: `${place}.params.${redactName(parameter)}`,
      expected: takes,
      actual: "something else",
      problem,
    }));
  });
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}
