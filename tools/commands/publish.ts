import { defineVerb, type Option, type OptionValues } from "./reader/program.ts";
import type { Terminal } from "./reader/terminal.ts";

const options = {
  pact: {
    argument: "source",
    description: "a pact: file or folder (repeatable)",
    repeatable: true,
    required: true,
  },
  consumerVersion: {
    argument: "version",
    description: "the application's version, e.g. its commit (default: GIT_COMMIT or GITHUB_SHA)",
  },
  branch: { argument: "name", description: "its branch (default: GIT_BRANCH or GitHub's variables)" },
  tag: { argument: "name", description: "a tag of the version (repeatable)", repeatable: true },
  allowInsecure: { description: "take http beyond this machine too: the credentials are sent unencrypted" },
} as const satisfies Record<string, Option>;

export const publishVerb = defineVerb({
  options,
  notes: `Exit codes: 0 published, 2 not.

Environment:
  PACT_BROKER_BASE_URL                                      where the broker is
  PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and _PASSWORD  who publishes`,
  run: ({ options }, terminal) => runPublish(options, terminal),
});

/**
 * Publishes pacts to the broker that the environment names.
 *
 * @returns the exit code: 0, or 2 when a pact cannot be read, something is missing, or the broker refuses.
 */
async function runPublish(command: OptionValues<typeof options>, terminal: Terminal): Promise<number> {
  const { env, stdout, stderr } = terminal;
  const [{ brokerFromEnv, openPactBroker, PactBrokerError }, { readPacts }, { PactFileError }] =
    await Promise.all([
      import("../../contracts/verify/pact/broker.ts"),
      import("../../contracts/verify/pact/sources.ts"),
      import("../../contracts/verify/pact/pact.ts"),
    ]);
  const version = command.consumerVersion ?? (env.GIT_COMMIT || env.GITHUB_SHA);
  const branch = command.branch ?? (env.GIT_BRANCH || env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME);
  try {
    // Results of a verification are no matter of a consumer.
    const settings = brokerFromEnv({ ...env, PACT_BROKER_PUBLISH_VERIFICATION_RESULTS: undefined });
    if (!settings) return refuse("Set PACT_BROKER_BASE_URL to the address of the broker.");
    if (!version) return refuse("Give the application's version: --consumer-version VERSION.");
    const pacts = await readPacts(command.pact);
    const consumers = new Set(pacts.map(({ consumer }) => consumer));
    const broker = openPactBroker({ ...settings, allowInsecure: command.allowInsecure });
    for (const consumer of consumers) {
      const own = pacts.filter((pact) => pact.consumer === consumer);
      const notices = await broker.publishPacts(own, { version, branch, tags: command.tag });
      const done = `${consumer} ${version}: published ${own.map(({ provider }) => provider).join(", ")}`;
      stdout(`${[done, ...notices].join("\n")}\n`);
    }
    return 0;
  } catch (error) {
    if (error instanceof PactBrokerError || error instanceof PactFileError) return refuse(error.message);
    throw error;
  }

  function refuse(message: string): number {
    stderr(`${message}\n`);
    return 2;
  }
}
