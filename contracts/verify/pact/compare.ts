import * as library from "@pactflow/openapi-pact-comparator";
import type { OpenApi, Operation } from "../../openapi/operations.ts";
import type { ImageRole, Mismatch } from "../check.ts";
import { redactName } from "../redaction.ts";
import { operationKey } from "./operation-key.ts";
import { type Interaction, type Pact, PactFileError } from "./pact.ts";
import { valueNamesOf } from "./planned-call.ts";
import { type ProviderStates, stateProblems } from "./provider-state.ts";

/**
 * Compares a pact with the contract, without any call: the contract must allow its requests and the responses
 * that it expects, and its provider states must be known. Requests need neither a signature nor an API key,
 * because verification adds them. Messages are left out.
 *
 * @returns one mismatch for each incompatibility, in the order of the interactions.
 */
export async function comparePact(
  pact: Pact,
  options: {
    openapi: OpenApi;
    operations: readonly Operation[];
    states: ProviderStates;
    roles: readonly ImageRole[];
  },
): Promise<Incompatible[]> {
  const { openapi, operations } = options;
  const comparator = new Comparator({ oas: openapi });
  const found = pact.interactions.map((interaction) =>
    interaction.isHttp ? unsupportedParts(interaction, options) : [],
  );
  const http = pact.interactions.flatMap((interaction, index) => (interaction.isHttp ? [index] : []));
  const errorsIn = (interactions: Interaction[]) =>
    errorsOf(
      comparator.compare({
        ...pact.document,
        messages: undefined,
        interactions: interactions.map(({ document }) => document),
      }),
    );
  const compared = http.map((index) => pact.interactions[index]!);
  const errors = await errorsIn(compared);
  if (!errors) {
    for (const interaction of compared) {
      if (await errorsIn([interaction])) continue;
      const about = `interaction ${JSON.stringify(interaction.description)}`;
      throw new PactFileError(pact.source, `has a fault at ${about}: it does not follow the specification`);
    }
  }
  for (const { code, message, mockDetails } of errors ?? []) {
    if (code === "request.authorization.missing") continue;
    const [, index, path] =
      /^\[root\]\.interactions\[(\d+)\]\.?(.*)$/.exec(mockDetails?.location ?? "") ?? [];
    found[http[Number(index)] ?? 0]?.push(incompatibility(path ?? "", message));
  }
  return pact.interactions.flatMap((interaction, index) => {
    const mismatches = found[index]!.map((each) => toMismatch(interaction, each, operations));
    // Several alternatives of a schema may refuse one value with one sentence.
    const distinct = new Map(mismatches.map((mismatch) => [mismatch.message, mismatch]));
    return [...distinct.values()].map((mismatch) => ({ interaction, mismatch }));
  });
}

/** What an interaction relies on and the contract, or the verification, does not allow. */
export type Incompatible = { interaction: Interaction; mismatch: Mismatch };

// The package's type declarations cannot be resolved: they import each other without file extensions.
const { Comparator } = library as unknown as {
  Comparator: new (options: { oas: OpenApi }) => { compare(pact: unknown): AsyncIterable<ComparatorResult> };
};
type ComparatorResult = { type: string; code: string; message: string; mockDetails?: { location: string } };

/** @returns `undefined` where the library cannot read the pact. */
async function errorsOf(results: AsyncIterable<ComparatorResult>): Promise<ComparatorResult[] | undefined> {
  try {
    const errors: ComparatorResult[] = [];
    for await (const result of results) if (result.type === "error") errors.push(result);
    return errors;
  } catch {
    return undefined;
  }
}

type Incompatibility = { path: string; expected: string; actual: string; problem: string };

function toMismatch(
  { description, method, path }: Interaction,
  { path: instancePath, expected, actual, problem }: Incompatibility,
  operations: readonly Operation[],
): Mismatch {
  return {
    operation: operationKey(operations, { method, path }),
    source: "pact",
    location: description,
    instancePath,
    expected,
    actual,
    message: `interaction "${description}": ${instancePath} ${problem}.`,
  };
}

/** Incompatibilities with the verification rather than with the contract. */
function unsupportedParts(
  interaction: Interaction,
  { states, roles }: { states: ProviderStates; roles: readonly string[] },
): Incompatibility[] {
  const ofStates = stateProblems(interaction, states);
  const provided = interaction.states.flatMap(({ name }) => states[name]?.valueNames ?? []);
  const missing = valueNamesOf(interaction).filter(
    (name) => !roles.includes(name) && !provided.includes(name),
  );
  // The values of an unknown state are unknown too.
  const isKnown = interaction.states.every(({ name }) => Object.hasOwn(states, name));
  return [
    ...ofStates.map(({ place, ...problem }) => ({ ...problem, path: place })),
    ...(isKnown ? missing : []).map((name) => ({
      path: "request.generators",
      expected: "values that its provider states give",
      actual: redactName(name),
      problem: `asks for the value "${redactName(name)}", which no provider state of it gives`,
    })),
  ];
}

/** Reads a comparator's message, without the value that it may quote. */
function incompatibility(path: string, message: string): Incompatibility {
  const additional = lastLineAfter(message, "must NOT have additional properties - ");
  if (additional) {
    return {
      path: `${path}.${redactName(additional)}`,
      expected: "nothing",
      actual: "a property",
      problem: "is not in the contract",
    };
  }
  const rule = lastLineAfter(message, "spec file: ");
  if (rule?.startsWith("must ")) return { path, expected: rule, actual: "something else", problem: rule };
  const problem = path.endsWith("path") ? "and its method are not in the contract" : "is not in the contract";
  return { path, expected: "what the contract documents", actual: "something else", problem };
}

/** The rest of the last line after some words. */
function lastLineAfter(message: string, words: string): string | undefined {
  const line = message.slice(message.lastIndexOf("\n") + 1);
  const at = line.indexOf(words);
  return at < 0 ? undefined : line.slice(at + words.length);
}
