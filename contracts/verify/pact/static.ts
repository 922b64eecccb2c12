import * as library from "@pactflow/openapi-pact-comparator";
import type { OpenApi, Operation } from "../../openapi/operations.ts";
import type { ImageRole, Mismatch } from "../check.ts";
import { shownName } from "../shown-value.ts";
import { givenNames } from "./call.ts";
import { operationKey } from "./operation-key.ts";
import { type Interaction, type Pact, PactFileError } from "./pact.ts";
import type { ProviderStates } from "./provider-state.ts";

/**
 * Compares a pact with the contract without any call: whatever it asks or expects must be allowed, and its
 * provider states must be known. Interactions that could never be kept are refused by this, with the place.
 *
 * That requests lack a signature and an API key is no fault: verification adds them.
 *
 * @returns one mismatch for each fault, in the order of the interactions; empty when the pact may be run.
 */
export async function comparePact(
  pact: Pact,
  options: {
    openapi: OpenApi;
    operations: readonly Operation[];
    states: ProviderStates;
    roles: readonly ImageRole[];
  },
): Promise<Mismatch[]> {
  const { openapi, operations } = options;
  const comparator = new Comparator({ oas: openapi });
  const faults = pact.interactions.map((interaction) => ownFaults(interaction, options));
  const http = pact.interactions.flatMap((interaction, index) => (interaction.isHttp ? [index] : []));
  const document = {
    ...pact.document,
    messages: undefined,
    interactions: http.map((index) => pact.interactions[index]!.written),
  };
  for (const { code, message, mockDetails } of await errorsOf(comparator.compare(document), pact)) {
    if (code === "request.authorization.missing") continue;
    const [, index, place] =
      /^\[root\]\.interactions\[(\d+)\]\.?(.*)$/.exec(mockDetails?.location ?? "") ?? [];
    faults[http[Number(index)] ?? 0]?.push(faultOf(place ?? "", message));
  }
  return pact.interactions.flatMap((interaction, index) =>
    faults[index]!.map((fault) => refused(interaction, { fault, operations })),
  );
}

// The package's types cannot be resolved: its declarations import each other without an extension.
const { Comparator } = library as unknown as {
  Comparator: new (options: { oas: OpenApi }) => { compare(pact: unknown): AsyncIterable<ComparatorResult> };
};
type ComparatorResult = { type: string; code: string; message: string; mockDetails?: { location: string } };

async function errorsOf(results: AsyncIterable<ComparatorResult>, pact: Pact): Promise<ComparatorResult[]> {
  try {
    const errors: ComparatorResult[] = [];
    for await (const result of results) if (result.type === "error") errors.push(result);
    return errors;
  } catch {
    throw new PactFileError(pact.source, "does not follow the specification");
  }
}

type Fault = { place: string; expected: string; actual: string; problem: string };

function refused(
  { description, method, path }: Interaction,
  { fault, operations }: { fault: Fault; operations: readonly Operation[] },
): Mismatch {
  const { place, expected, actual, problem } = fault;
  return {
    operation: operationKey(operations, { method, path }),
    source: "pact",
    location: description,
    instancePath: place,
    expected,
    actual,
    message: `interaction "${description}": ${place} ${problem}.`,
  };
}

/** What the contract cannot say of an interaction. */
function ownFaults(
  interaction: Interaction,
  { states, roles }: { states: ProviderStates; roles: readonly string[] },
): Fault[] {
  if (!interaction.isHttp) {
    return [{ place: "type", expected: "HTTP", actual: "a message", problem: "is no HTTP interaction" }];
  }
  const unknown = interaction.states.filter((name) => !Object.hasOwn(states, name));
  const known = Object.keys(states).join(", ");
  const given = interaction.states.flatMap((name) => states[name]?.gives ?? []);
  const ungiven = givenNames(interaction).filter((name) => !roles.includes(name) && !given.includes(name));
  return [
    ...unknown.map((name) => ({
      place: "providerStates",
      expected: `one of: ${known}`,
      actual: shownName(name),
      problem: `names "${shownName(name)}", which is unknown; known are: ${known}`,
    })),
    ...ungiven.map((name) => ({
      place: "request.generators",
      expected: "values that its provider states give",
      actual: shownName(name),
      problem: `asks for the value "${shownName(name)}", which no provider state of it gives`,
    })),
  ];
}

/** The comparator's sentence without the value that it may quote, and the place with the property's name. */
function faultOf(place: string, message: string): Fault {
  const [, additional] = /must NOT have additional properties - (.+)$/.exec(message) ?? [];
  if (additional !== undefined) {
    return {
      place: `${place}.${shownName(additional)}`,
      expected: "nothing",
      actual: "a property",
      problem: "is not in the contract",
    };
  }
  const [, rule] = /spec file: (must .+)$/.exec(message) ?? [];
  if (rule !== undefined) return { place, expected: rule, actual: "something else", problem: rule };
  const problem = place.endsWith("path")
    ? "and its method are not in the contract"
    : "is not in the contract";
  return { place, expected: "what the contract documents", actual: "something else", problem };
}
