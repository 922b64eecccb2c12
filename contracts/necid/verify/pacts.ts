import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isObject } from "../../openapi/json.ts";
import { basePath, type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { Check, CheckResult, Mismatch, Session } from "../../verify/check.ts";
import { brokerFromEnv, openPactBroker } from "../../verify/pact/broker.ts";
import { type PactCheck, pactChecks } from "../../verify/pact/checks.ts";
import { comparePact, type Incompatible } from "../../verify/pact/compare.ts";
import { findFaultyRules } from "../../verify/pact/faulty-rules.ts";
import type { Interaction, Pact } from "../../verify/pact/pact.ts";
import { publishPacts } from "../../verify/pact/publish.ts";
import { readPacts } from "../../verify/pact/sources.ts";
import { openPactVerifier } from "../../verify/pact/verifier.ts";
import { imageRoles } from "../../verify/run/session.ts";
import type { NecIdVersion } from "../contract.ts";
import { face } from "../faces/faces.ts";
import { bodyAtTarget, imageAtTarget } from "./face-cards.ts";
import { providerStatesOf } from "./provider-states.ts";

/** The pacts of a run. */
export type OpenedPacts = {
  checks: Check[];
  /** What the pacts rely on and the contract does not allow. If there is any, no call may be made. */
  refused: Refused[];
  /** The same of pending pacts and interactions: it is reported and fails nothing. */
  pending: Refused[];
  /** The sources of pacts without an interaction. */
  empty: string[];
  /** Publishes the results to the broker, if there is one. */
  publish(): Promise<void>;
  /** Ends Pact's Verifier. */
  close(): Promise<void>;
};

/** What a pact relies on, and its source. */
type Refused = { source: string; mismatch: Mismatch };

/**
 * Reads the pact of the generated client, the given ones, and those that a broker selects (`PACT_BROKER_*`),
 * and compares each with the contract before any call.
 *
 * @param options.sources files, folders and URLs.
 * @param options.allowInsecure sends the broker's credentials over http to another machine too.
 * @throws {PactFileError | PactBrokerError} when one cannot be read.
 */
export async function openNecIdPacts({
  openapi,
  version = "v1",
  sources,
  env,
  allowInsecure,
}: {
  openapi: OpenApi;
  version?: NecIdVersion;
  sources: readonly string[];
  env: Record<string, string | undefined>;
  allowInsecure?: boolean;
}): Promise<OpenedPacts> {
  const provider = `necid-${version}`;
  const operations = readOperations(openapi);
  const base = basePath(openapi);
  const settings = brokerFromEnv(env);
  const broker = settings && openPactBroker({ ...settings, allowInsecure });
  const recorded = join(
    dirname(fileURLToPath(import.meta.resolve(`#generated/${provider}/openapi.json`))),
    "pacts",
  );
  const read = await readPacts([recorded, ...sources], { basePath: base, broker });
  const pacts = [...read, ...((await broker?.pactsFor(provider, { basePath: base })) ?? [])];

  const verifier = openPactVerifier();
  const options = { openapi, operations, states: providerStatesOf(version), roles: imageRoles, verifier };
  const found = await Promise.all(pacts.map((pact) => incompatibilities(pact, options)));
  const isPending = ({ pact, interaction }: Found) => pact.pending || interaction.document.pending === true;
  const outcomes: { check: PactCheck; result: CheckResult }[] = [];
  return {
    checks: pactChecks(pacts, { ...options, unusable: withoutPhotos, adapt: bodyAtTarget }).map((check) => ({
      ...check,
      async run(session) {
        const result = await check.run(session);
        if (!session.planning) outcomes.push({ check, result });
        return check.pending ? asSkipped(result) : result;
      },
    })),
    refused: found
      .flat()
      .filter((each) => !isPending(each))
      .map(refusedOf),
    pending: found.flat().filter(isPending).map(refusedOf),
    empty: pacts.filter(({ interactions }) => interactions.length === 0).map(({ source }) => source),
    async publish() {
      if (broker) await publishPacts(broker, outcomes);
    },
    close: () => verifier.close(),
  };
}

type Found = Incompatible & { pact: Pact };

async function incompatibilities(
  pact: Pact,
  options: Parameters<typeof comparePact>[1] & Parameters<typeof findFaultyRules>[1],
): Promise<Found[]> {
  const found = [...(await comparePact(pact, options)), ...(await findFaultyRules(pact, options))];
  return found.map((each) => ({ ...each, pact }));
}

function refusedOf({ pact, mismatch }: Found): Refused {
  return { source: pact.source, mismatch };
}

/** The states that register the face of a card. */
const statesOfCards = new Set(["a face is registered", "a subject has an event"]);

/** Only the mock finds faces on face cards: for every other target they are images without a face. */
function withoutPhotos(session: Session, { body, states, expressions }: Interaction): string | undefined {
  const sent = Object.entries(isObject(body) ? body : {}).flatMap(([name, value]) =>
    expressions.body[`$.${name}`] === undefined && typeof value === "string" ? [value] : [],
  );
  const cards = states.flatMap(({ name, parameters: { face: card } }) =>
    statesOfCards.has(name) && typeof card === "string" ? [face(card)] : [],
  );
  const isMissing = [...sent, ...cards].some((image) => imageAtTarget(session, image) === undefined);
  return isMissing ? "its pictures are face cards, for which no photo was given" : undefined;
}

/** A pending pact is new to the provider: its mismatches are reported, but do not fail the run. */
function asSkipped(result: CheckResult): CheckResult {
  if (result.mismatches.length === 0) return result;
  const paths = result.mismatches.map(({ instancePath }) => instancePath).join(", ");
  return { ...result, mismatches: [], skipped: `its pact is pending; it does not match at ${paths}` };
}
