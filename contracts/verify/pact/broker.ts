import { isSecure } from "../../trust/loopback.ts";
import { fetchText } from "./fetch-text.ts";
import { type Pact, readPact } from "./pact.ts";

/** Address and credentials of a Pact Broker, which pacts to verify, and whether to publish the results. */
export type PactBrokerOptions = {
  baseUrl: string;
  token?: string;
  username?: string;
  password?: string;
  /**
   * Sends the token or the password over http to another machine too.
   * @default false
   */
  allowInsecure?: boolean;
  /**
   * Consumer version selectors.
   * @default [{ mainBranch: true }, { deployedOrReleased: true }]
   */
  selectors?: Record<string, unknown>[];
  /** @default false */
  enablePending?: boolean;
  /** A date like `2026-01-31`: work-in-progress pacts since then are verified too, as pending. */
  includeWipPactsSince?: string;
  /** The version of the provider to publish results for. Without it nothing is published. */
  publish?: { version: string; branch?: string; buildUrl?: string };
  /** The provider's branch; the broker needs it to determine which pacts are pending. */
  branch?: string;
};

export type PactBroker = {
  /** Whether a URL has the broker's origin. Only then its credentials are sent. */
  owns(url: string): boolean;
  get(url: string): Promise<string>;
  /** The pacts of a provider that the selectors select. */
  pactsFor(provider: string, options?: { basePath?: string }): Promise<Pact[]>;
  /**
   * Publishes the result of a pact. Does nothing without `publish`, or for a pact from elsewhere.
   *
   * @returns whether it was published.
   */
  publish(pact: Pact, result: PublishedResult): Promise<boolean>;
  /**
   * Publishes the pacts of a consumer's version.
   *
   * @param pacts of one consumer.
   * @returns what the broker says of it, sentence by sentence.
   * @see https://github.com/pact-foundation/pact_broker/wiki/Publishing-pacts
   */
  publishPacts(pacts: readonly Pact[], version: ConsumerVersion): Promise<string[]>;
};

/** The version of a consumer whose pacts are published. */
type ConsumerVersion = { version: string; branch?: string; tags?: string[]; buildUrl?: string };

type PublishedResult = {
  success: boolean;
  tests: { description: string; success: boolean; mismatches: string[] }[];
};

/** Thrown for a failed request to the broker. The message contains no credentials. */
export class PactBrokerError extends Error {
  readonly code = "PACT_BROKER";

  constructor(message: string) {
    super(message);
    this.name = "PactBrokerError";
  }
}

/**
 * Creates a client of a Pact Broker, which follows the broker's HAL links.
 * `docs/decisions/0008-own-pact-broker-client.md` says why it is our own.
 *
 * @throws {PactBrokerError} when its credentials would be sent over http to another machine; and from every method, if
 * the broker cannot be reached, refuses, or lacks a link.
 * @see https://docs.pact.io/pact_broker/advanced_topics/api_docs
 */
export function openPactBroker(
  options: PactBrokerOptions,
  { fetch = globalThis.fetch }: { fetch?: typeof globalThis.fetch } = {},
): PactBroker {
  const { token, username, password, publish, branch = publish?.branch } = options;
  const baseUrl = options.baseUrl.replace(/(?<!\/)\/*$/, "/");
  const authorization = token ? `Bearer ${token}` : username ? basic(username, password ?? "") : undefined;
  if (authorization !== undefined && !options.allowInsecure && !isSecure(new URL(baseUrl)))
    throw new PactBrokerError(
      `The broker's credentials would be sent unencrypted to ${baseUrl}. Use https, or --allow-insecure in a test network.`,
    );
  const { origin } = new URL(baseUrl);
  const owns = (url: string) => new URL(url).origin === origin;

  return {
    owns,
    get: (url) => send("GET", url),
    async pactsFor(provider, { basePath } = {}) {
      const index = await json("GET", baseUrl);
      const url = linkOf(index, "pb:provider-pacts-for-verification", { provider });
      const response = await json("POST", url, {
        consumerVersionSelectors: options.selectors ?? [{ mainBranch: true }, { deployedOrReleased: true }],
        includePendingStatus: options.enablePending ?? false,
        ...(options.includeWipPactsSince && { includeWipPactsSince: options.includeWipPactsSince }),
        ...(branch && { providerVersionBranch: branch }),
      });
      const selected = (response._embedded?.pacts ?? []) as SelectedPact[];
      return Promise.all(
        selected.map(async ({ _links, verificationProperties }) => {
          const { href } = _links.self;
          const { pending = false } = verificationProperties ?? {};
          return readPact(await send("GET", href), { source: href, basePath, pending });
        }),
      );
    },
    async publish(pact, result) {
      if (!publish || !pact.document._links?.["pb:publish-verification-results"]) return false;
      const { version, buildUrl } = publish;
      if (branch) await setBranch(pact, { version, branch });
      await json("POST", linkOf(pact.document, "pb:publish-verification-results"), {
        success: result.success,
        providerApplicationVersion: version,
        ...(buildUrl && { buildUrl }),
        testResults: result.tests.map(({ description, success, mismatches }) => ({
          interactionDescription: description,
          success,
          ...(mismatches.length > 0 && { mismatches: mismatches.map((text) => ({ description: text })) }),
        })),
        verifiedBy: { implementation: "necid verify" },
      });
      return true;
    },
    async publishPacts(pacts, { version, branch, tags = [], buildUrl }) {
      const url = linkOf(await json("GET", baseUrl), "pb:publish-contracts");
      const { notices = [] } = await json("POST", url, {
        pacticipantName: pacts[0]!.consumer,
        pacticipantVersionNumber: version,
        ...(branch && { branch }),
        ...(tags.length > 0 && { tags }),
        ...(buildUrl && { buildUrl }),
        contracts: pacts.map(({ consumer, provider, original }) => ({
          consumerName: consumer,
          providerName: provider,
          specification: "pact",
          contentType: "application/json",
          content: Buffer.from(JSON.stringify(original)).toString("base64"),
        })),
      });
      return notices.flatMap(({ text }) => (typeof text === "string" ? [text] : []));
    },
  };

  /** A version must have its branch before its results are published. */
  async function setBranch({ document }: Pact, values: { version: string; branch: string }): Promise<void> {
    const provider = await json("GET", linkOf(document, "pb:provider"));
    await json("PUT", linkOf(provider, "pb:branch-version", values), {});
  }

  async function json(method: string, url: string, body?: unknown): Promise<HalDocument> {
    const text = await send(method, url, body);
    try {
      return text === "" ? {} : JSON.parse(text);
    } catch {
      throw new PactBrokerError(`The Pact Broker at ${origin} answers something else than JSON.`);
    }
  }

  async function send(method: string, url: string, body?: unknown): Promise<string> {
    const target = new URL(url, baseUrl);
    const headers = {
      accept: "application/hal+json, application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(authorization && owns(target.href) && { authorization }),
    };
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const fetched = await fetchText(target, { fetch, method, headers, body: sent });
    if ("text" in fetched) return fetched.text;
    const { problem, status } = fetched;
    const next =
      status === 401
        ? "Set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD."
        : "Check PACT_BROKER_BASE_URL and the broker.";
    throw new PactBrokerError(
      `The Pact Broker at ${origin} ${problem} (${method} ${target.pathname}). ${next}`,
    );
  }
}

/**
 * Reads the options from the variables that Pact tools share: `PACT_BROKER_BASE_URL`, `_TOKEN`, or `_USERNAME` and `_PASSWORD`,
 * `_CONSUMER_VERSION_SELECTORS` (JSON), `_ENABLE_PENDING`, `_INCLUDE_WIP_PACTS_SINCE`, and for results
 * `_PUBLISH_VERIFICATION_RESULTS` with `PACT_PROVIDER_VERSION`, `PACT_PROVIDER_BRANCH` and `BUILD_URL`, or
 * GitHub's variables of the commit.
 *
 * @returns `undefined` without `PACT_BROKER_BASE_URL`.
 * @throws {PactBrokerError} for selectors that are no JSON array, or for publishing without a version.
 */
export function brokerFromEnv(env: Record<string, string | undefined>): PactBrokerOptions | undefined {
  const baseUrl = env.PACT_BROKER_BASE_URL;
  if (!baseUrl) return undefined;
  const version = env.PACT_PROVIDER_VERSION || env.GIT_COMMIT || env.GITHUB_SHA;
  const branch = env.PACT_PROVIDER_BRANCH || env.GIT_BRANCH || env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME;
  const publishes = isTrue(env.PACT_BROKER_PUBLISH_VERIFICATION_RESULTS);
  if (publishes && !version) {
    throw new PactBrokerError(
      "PACT_BROKER_PUBLISH_VERIFICATION_RESULTS needs PACT_PROVIDER_VERSION. Set it to the commit.",
    );
  }
  return {
    baseUrl,
    token: env.PACT_BROKER_TOKEN,
    username: env.PACT_BROKER_USERNAME,
    password: env.PACT_BROKER_PASSWORD,
    selectors: selectorsOf(env.PACT_BROKER_CONSUMER_VERSION_SELECTORS),
    enablePending: isTrue(env.PACT_BROKER_ENABLE_PENDING),
    includeWipPactsSince: env.PACT_BROKER_INCLUDE_WIP_PACTS_SINCE,
    branch,
    ...(publishes && version && { publish: { version, branch, buildUrl: env.BUILD_URL || githubRun(env) } }),
  };
}

type HalDocument = {
  _links?: Record<string, { href: string }>;
  _embedded?: { pacts?: unknown[] };
  notices?: { text?: unknown }[];
};
type SelectedPact = { _links: { self: { href: string } }; verificationProperties?: { pending?: boolean } };

function linkOf({ _links }: HalDocument, relation: string, values: Record<string, string> = {}): string {
  const href = _links?.[relation]?.href;
  if (href === undefined) {
    throw new PactBrokerError(`The Pact Broker gives no link ${relation}. Its version may be too old.`);
  }
  return href.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function isTrue(text: string | undefined): boolean {
  return text === "true" || text === "1";
}

function selectorsOf(text: string | undefined): Record<string, unknown>[] | undefined {
  if (!text) return undefined;
  try {
    const selectors: unknown = JSON.parse(text);
    if (Array.isArray(selectors)) return selectors;
  } catch {
    // Reported below.
  }
  throw new PactBrokerError(
    'PACT_BROKER_CONSUMER_VERSION_SELECTORS must be a JSON list, like [{"mainBranch":true}].',
  );
}

function githubRun(env: Record<string, string | undefined>): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}
