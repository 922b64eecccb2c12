import { isObject } from "../../openapi/json.ts";
import type { Operation } from "../../openapi/operations.ts";
import type { Incompatible } from "./compare.ts";
import { knownMatchers, ruleFault } from "./mismatches.ts";
import { operationKey } from "./operation-key.ts";
import type { Interaction, Pact } from "./pact.ts";
import { type PactVerifier, PactVerifierError, type VerifierMismatch } from "./verifier.ts";

/**
 * Finds matching rules that Pact's Verifier cannot apply: a regular expression that does not compile, an unknown
 * matcher, a path that it cannot read. The Verifier itself says so, with the pact's own example as the response: its
 * regular expressions are not JavaScript's. It is started only for rules that look wrong.
 */
export async function findFaultyRules(
  pact: Pact,
  { verifier, operations }: { verifier: PactVerifier; operations: readonly Operation[] },
): Promise<Incompatible[]> {
  const found: Incompatible[] = [];
  for (const interaction of pact.interactions) {
    if (!interaction.isHttp || !isSuspect(interaction)) continue;
    for (const { place, expected } of await faultsOf(interaction, { pact, verifier })) {
      const { description } = interaction;
      const mismatch = {
        operation: operationKey(operations, interaction),
        source: "pact" as const,
        location: description,
        instancePath: place,
        expected,
        actual: "something else",
        message: `interaction "${description}": ${place} must be ${expected}.`,
      };
      found.push({ interaction, mismatch });
    }
  }
  return found;
}

async function faultsOf(
  interaction: Interaction,
  { pact, verifier }: { pact: Pact; verifier: PactVerifier },
): Promise<{ place: string; expected: string }[]> {
  try {
    const mismatches = await verifier.verify({
      pact: pact.document,
      interaction: interaction.document,
      values: {},
      respond: async () => exampleOf(interaction),
    });
    return mismatches.flatMap((mismatch) => {
      const expected = ruleFault(mismatch);
      return expected === undefined ? [] : [{ place: placeOf(mismatch), expected }];
    });
  } catch (error) {
    if (!(error instanceof PactVerifierError)) throw error;
    return [{ place: "matchingRules", expected: "rules that Pact's Verifier can read" }];
  }
}

function placeOf({ type, key, path }: VerifierMismatch): string {
  return type === "HeaderMismatch"
    ? `the rule for the response's header ${key?.toLowerCase()}`
    : `the rule for ${path} of the response's body`;
}

function exampleOf({ response: { status, body }, document }: Interaction) {
  const headers = Object.entries(document.response?.headers ?? {}).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    [value].flat().join(", "),
  ]);
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const isTyped = headers.some(([name]) => name === "content-type");
  return {
    status,
    headers: isTyped || text === undefined ? headers : [...headers, jsonType],
    body: Buffer.from(text ?? ""),
  };
}

const jsonType: [string, string] = ["content-type", "application/json"];

function isSuspect({ document: { request, response } }: Interaction): boolean {
  return [request?.matchingRules, response?.matchingRules].some(
    (rules) => rules !== undefined && (hasUnreadablePath(rules) || hasSuspectMatcher(rules)),
  );
}

function hasUnreadablePath(rules: Record<string, unknown>): boolean {
  const paths = [...Object.keys(rules), ...Object.keys(isObject(rules.body) ? rules.body : {})];
  return paths.some((path) => path.startsWith("$") && !readablePath.test(path));
}

/** `$.a['b-c'][0].*` */
const readablePath = /^\$(\.[^.[\]]+|\['[^']*'\]|\["[^"]*"\]|\[(\d+|\*)\])*$/;

/** Matchers stand at several depths, also in other matchers. */
function hasSuspectMatcher(rules: unknown): boolean {
  if (Array.isArray(rules)) return rules.some(hasSuspectMatcher);
  if (!isObject(rules)) return false;
  const { match, regex } = rules;
  if (typeof regex === "string" && !compiles(regex)) return true;
  if (typeof match === "string" && !knownMatchers.has(match)) return true;
  return Object.values(rules).some(hasSuspectMatcher);
}

function compiles(regex: string): boolean {
  try {
    new RegExp(regex);
    return true;
  } catch {
    return false;
  }
}
