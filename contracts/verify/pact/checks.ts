import type { Operation } from "../../openapi/operations.ts";
import {
  type Check,
  type CheckResult,
  createMismatch,
  type ImageRole,
  type PlannedCall,
  type Session,
} from "../check.ts";
import { assertionsOf, mismatchesOf } from "./mismatches.ts";
import { operationKey } from "./operation-key.ts";
import type { Interaction, Pact } from "./pact.ts";
import { plannedCall, requestOf } from "./planned-call.ts";
import {
  type EstablishedState,
  imagesOf,
  type ProviderStates,
  setUpStates,
  stateProblems,
} from "./provider-state.ts";
import { type PactVerifier, PactVerifierError, type VerifierRequest } from "./verifier.ts";

export type PactCheckOptions = {
  operations: readonly Operation[];
  states: ProviderStates;
  /** Images that a pact may insert, e.g. as `${alice-1}`. */
  roles: readonly ImageRole[];
  verifier: PactVerifier;
  /** Why a target cannot be asked what an interaction asks, e.g. with pictures that it does not read. */
  unusable?: (session: Session, interaction: Interaction) => string | undefined;
  /** Puts into a request's body what stands at the target for its images. */
  adapt?: (session: Session, body: unknown) => unknown;
};

/**
 * Makes a check of each interaction: its states are set up through the session, Pact's Verifier makes the
 * request, and the session sends it. For a plan, the request is built from the pact itself.
 *
 * @param pacts must have passed `comparePact`, unless they are pending.
 */
export function pactChecks(pacts: readonly Pact[], options: PactCheckOptions): PactCheck[] {
  const ids = new Set<string>();
  return pacts.flatMap((pact) =>
    pact.interactions.map((interaction) => {
      const id = uniqueId(`pact/${slug(pact.consumer)}/${slug(interaction.description)}`, ids);
      const operation = operationKey(options.operations, interaction);
      return {
        id,
        part: "pact" as const,
        operation,
        title: titleOf(interaction),
        pact,
        interaction,
        pending: pact.pending || interaction.document.pending === true,
        run: (session) => runInteraction(session, { pact, interaction, operation, ...options }),
      };
    }),
  );
}

/** A check of an interaction. A pending one must not fail the run. */
export type PactCheck = Check & { pact: Pact; interaction: Interaction; pending: boolean };

type RunOptions = PactCheckOptions & { pact: Pact; interaction: Interaction; operation: string };

async function runInteraction(session: Session, options: RunOptions): Promise<CheckResult> {
  const { interaction, states, roles, unusable } = options;
  if (!interaction.isHttp) return skip("it is a message, and the contract has none");
  const [problem] = stateProblems(interaction, states);
  if (problem) return skip(`${problem.place} ${problem.problem}`);
  const missing = imagesOf(interaction, { states, roles }).find((role) => session.image(role) === undefined);
  if (missing) return skip(`no picture \`${missing}.jpg\` was given`);
  const reason = unusable?.(session, interaction);
  if (reason) return skip(reason);

  const established = await setUpStates(session, { interaction, states });
  try {
    if (established.failed) return stateFailure(interaction, established.failed);
    if (established.skipped) return skip(established.skipped);
    return await makeInteraction(session, { ...options, established });
  } finally {
    await established.undo();
  }
}

async function makeInteraction(
  session: Session,
  {
    pact,
    interaction,
    operation,
    roles,
    verifier,
    adapt,
    established,
  }: RunOptions & { established: EstablishedState },
): Promise<CheckResult> {
  const values = { ...imagesByRole(session, roles), ...established.values };
  const aliases = Object.entries(established.aliases ?? {});
  const plan = (request: VerifierRequest): PlannedCall => ({
    ...adapted(plannedCall(substituted(request, aliases))),
    operation,
    ...(established.signing && { signing: established.signing }),
    purpose: `pact: ${interaction.description}`,
  });
  if (session.planning) {
    await session.call(plan(requestOf(interaction, values)));
    return { mismatches: [], asserted: [] };
  }
  const found = await verified({
    pact: pact.document,
    interaction: interaction.document,
    values,
    respond: async (request) => {
      const { response } = await session.call(plan(request));
      const named = aliases.map(([name, real]): [string, string] => [real, name]);
      return { ...response, body: replaced(response.body, named) };
    },
  });
  if (found === "unreadable") {
    const difference = {
      instancePath: "the pact's own interaction",
      expected: "one that Pact's Verifier can read",
      actual: "not",
    };
    const { description: location } = interaction;
    return {
      mismatches: [createMismatch(difference, { operation, source: "pact", location })],
      asserted: [],
    };
  }
  const mismatches = mismatchesOf(found, { interaction, operation });
  return { mismatches, asserted: assertionsOf(interaction, operation) };

  function adapted<Planned extends { body?: unknown }>(planned: Planned): Planned {
    return planned.body === undefined || !adapt
      ? planned
      : { ...planned, body: adapt(session, planned.body) };
  }

  /** An interaction that the Verifier cannot read is the pact's fault, and ends no run. */
  async function verified(options: Parameters<PactVerifier["verify"]>[0]) {
    try {
      return await verifier.verify(options);
    } catch (error) {
      if (error instanceof PactVerifierError && error.unreadable) return "unreadable";
      throw error;
    }
  }
}

function skip(reason: string): CheckResult {
  return { mismatches: [], asserted: [], skipped: reason };
}

type Replacements = [text: string, replacement: string][];

/** The request with what stands at this target for the ids that the pact gives. */
function substituted(request: VerifierRequest, aliases: Replacements): VerifierRequest {
  if (aliases.length === 0) return request;
  const path = aliases.reduce((whole, [from, to]) => whole.replaceAll(from, to), request.path);
  return { ...request, path, body: request.body && replaced(request.body, aliases) };
}

function replaced(body: Buffer, replacements: Replacements): Buffer {
  if (!replacements.some(([text]) => body.includes(text))) return body;
  const text = replacements.reduce(
    (whole, [from, to]) => whole.replaceAll(from, to),
    body.toString("latin1"),
  );
  return Buffer.from(text, "latin1");
}

/** The mismatch of the call that failed to set up a provider state. */
function stateFailure(
  { states }: Interaction,
  { made, expected, differs }: NonNullable<EstablishedState["failed"]>,
): CheckResult {
  const { status } = made.response;
  const difference = differs ?? {
    instancePath: "status",
    expected: String(expected),
    actual: String(status),
  };
  const location = `to set up that ${namesOf(states)}`;
  const { operation } = made.planned;
  return { mismatches: [createMismatch(difference, { operation, source: "pact", location })], asserted: [] };
}

function imagesByRole(session: Session, roles: readonly ImageRole[]): Record<string, string> {
  return Object.fromEntries(
    roles.flatMap((role): [string, string][] => {
      const image = session.image(role);
      return image === undefined ? [] : [[role, image]];
    }),
  );
}

function titleOf({ description, states }: Interaction): string {
  return states.length > 0 ? `${description}, given that ${namesOf(states)}` : description;
}

function namesOf(states: Interaction["states"]): string {
  return states.map(({ name }) => name).join(" and ");
}

function uniqueId(id: string, taken: Set<string>): string {
  const same = [...taken].filter((known) => known === id || known.startsWith(`${id}#`)).length;
  const unique = same === 0 ? id : `${id}#${same + 1}`;
  taken.add(unique);
  return unique;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
