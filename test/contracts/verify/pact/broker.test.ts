import { afterEach, describe, expect, it } from "vitest";
import { brokerFromEnv, openPactBroker } from "../../../../contracts/verify/pact/broker.ts";
import { pactChecks } from "../../../../contracts/verify/pact/checks.ts";
import { publishPacts } from "../../../../contracts/verify/pact/publish.ts";
import { openPactVerifier } from "../../../../contracts/verify/pact/verifier.ts";
import { startMock } from "../../../../mocks/mock.ts";
import { startFakeBroker } from "./fake-broker.ts";
import { openSession, pactOptions, runAll } from "./pact-world.ts";

const health = (status: string) => ({
  consumer: { name: "team" },
  provider: { name: "NEC ID" },
  interactions: [
    {
      description: `health is ${status}`,
      request: { method: "GET", path: "/health" },
      response: { status: 200, body: { status } },
    },
  ],
  metadata: { pactSpecification: { version: "3.0.0" } },
});

const open: { close: () => Promise<unknown> }[] = [];
afterEach(() => Promise.all(open.splice(0).map(({ close }) => close())));

async function brokerWith(options: Parameters<typeof startFakeBroker>[0]) {
  const broker = await startFakeBroker(options);
  open.push(broker);
  return broker;
}

describe("a broker", () => {
  it("returns the selected pacts, and which of them are pending", async () => {
    const fake = await brokerWith({
      pacts: [{ document: health("OK") }, { document: health("NEW"), pending: true }],
      authorization: "Bearer secret-token",
    });
    const broker = openPactBroker({
      baseUrl: fake.url,
      token: "secret-token",
      selectors: [{ mainBranch: true }],
      enablePending: true,
      includeWipPactsSince: "2026-01-31",
      branch: "feat/x",
    });
    const pacts = await broker.pactsFor("NEC ID");
    expect(
      pacts.map(({ source, pending, interactions }) => [source, pending, interactions[0]!.description]),
    ).toEqual([
      [`${fake.url}/pacts/0`, false, "health is OK"],
      [`${fake.url}/pacts/1`, true, "health is NEW"],
    ]);
    expect(fake.requests[1]!.body).toEqual({
      consumerVersionSelectors: [{ mainBranch: true }],
      includePendingStatus: true,
      includeWipPactsSince: "2026-01-31",
      providerVersionBranch: "feat/x",
    });
  });

  it("gets the result of each pact, after the branch of the version", async () => {
    const fake = await brokerWith({ pacts: [{ document: health("OK") }, { document: health("DOWN") }] });
    const broker = openPactBroker({
      baseUrl: fake.url,
      publish: { version: "1.2.3", branch: "feat/x", buildUrl: "https://ci.example/7" },
    });
    const pacts = await broker.pactsFor("NEC ID");
    const mock = await startMock();
    const verifier = openPactVerifier();
    open.push(mock, verifier);
    const checks = pactChecks(pacts, { ...pactOptions, verifier });
    const results = await runAll(checks, openSession(mock));
    const outcomes = checks.map((check, index) => ({ check, result: results[index]!.result }));
    expect(await publishPacts(broker, outcomes)).toEqual([
      { source: `${fake.url}/pacts/0`, published: true },
      { source: `${fake.url}/pacts/1`, published: true },
    ]);
    const posted = fake.requests.filter(({ path }) => path.endsWith("/results"));
    const about = { providerApplicationVersion: "1.2.3", buildUrl: "https://ci.example/7" };
    const verifiedBy = { implementation: "necid verify" };
    expect(posted.map(({ body }) => body)).toEqual([
      {
        success: true,
        ...about,
        testResults: [{ interactionDescription: "health is OK", success: true }],
        verifiedBy,
      },
      {
        success: false,
        ...about,
        testResults: [
          {
            interactionDescription: "health is DOWN",
            success: false,
            mismatches: [
              { description: 'GET /health, health is DOWN: body /status should be "DOWN", but is "OK".' },
            ],
          },
        ],
        verifiedBy,
      },
    ]);
    const made = fake.requests.map(({ method, path }) => `${method} ${path}`);
    const branch = "PUT /pacticipants/necid/branches/feat%2Fx/versions/1.2.3";
    expect(made.indexOf(branch)).toBeLessThan(made.indexOf("POST /pacts/0/results"));
  });

  it("gets no result of a pact that was not checked completely", async () => {
    const fake = await brokerWith({ pacts: [{ document: health("OK") }] });
    const broker = openPactBroker({ baseUrl: fake.url, publish: { version: "1.2.3" } });
    const pacts = await broker.pactsFor("NEC ID");
    const verifier = openPactVerifier();
    const [check] = pactChecks(pacts, { ...pactOptions, verifier });
    const result = { mismatches: [], asserted: [], skipped: "no picture `bob.jpg` was given" };
    expect(await publishPacts(broker, [{ check: check!, result }])).toEqual([
      { source: `${fake.url}/pacts/0`, published: false },
    ]);
    expect(fake.requests.filter(({ path }) => path.endsWith("/results"))).toEqual([]);
  });

  it("that refuses gives an error with the next step, and without the token", async () => {
    const fake = await brokerWith({ pacts: [], authorization: "Bearer right" });
    const broker = openPactBroker({ baseUrl: fake.url, token: "wrong" });
    await expect(broker.pactsFor("NEC ID")).rejects.toThrow(
      `The Pact Broker at ${fake.url} answers 401 (GET /). Set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.`,
    );
  });

  it("alone gets its credentials", async () => {
    const fake = await brokerWith({ pacts: [] });
    const stranger = await brokerWith({ pacts: [{ document: health("OK") }] });
    const broker = openPactBroker({ baseUrl: fake.url, username: "ann", password: "secret" });
    await broker.get(`${stranger.url}/pacts/0`);
    expect([broker.owns(fake.url), broker.owns(stranger.url)]).toEqual([true, false]);
    expect(stranger.requests[0]!.authorization).toBe(undefined);
    await broker.get(fake.url);
    expect(fake.requests[0]!.authorization).toBe(`Basic ${Buffer.from("ann:secret").toString("base64")}`);
  });

  it("that is down gives an error", async () => {
    await expect(openPactBroker({ baseUrl: "http://127.0.0.1:9" }).pactsFor("NEC ID")).rejects.toThrow(
      "The Pact Broker at http://127.0.0.1:9 cannot be reached (GET /). Check PACT_BROKER_BASE_URL and the broker.",
    );
  });
});

describe("the environment variables", () => {
  it("give no broker without a base URL", () => {
    expect(brokerFromEnv({ PACT_BROKER_TOKEN: "x" })).toBe(undefined);
  });

  it("give the broker, the selectors and the version", () => {
    const env = {
      PACT_BROKER_BASE_URL: "https://broker.example",
      PACT_BROKER_TOKEN: "t",
      PACT_BROKER_CONSUMER_VERSION_SELECTORS: '[{"branch":"main"}]',
      PACT_BROKER_ENABLE_PENDING: "true",
      PACT_BROKER_INCLUDE_WIP_PACTS_SINCE: "2026-01-31",
      PACT_BROKER_PUBLISH_VERIFICATION_RESULTS: "true",
      PACT_PROVIDER_VERSION: "1.2.3",
      GITHUB_REF_NAME: "main",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "a/b",
      GITHUB_RUN_ID: "7",
    };
    expect(brokerFromEnv(env)).toEqual({
      baseUrl: "https://broker.example",
      token: "t",
      username: undefined,
      password: undefined,
      selectors: [{ branch: "main" }],
      enablePending: true,
      includeWipPactsSince: "2026-01-31",
      branch: "main",
      publish: { version: "1.2.3", branch: "main", buildUrl: "https://github.com/a/b/actions/runs/7" },
    });
  });

  it.each([
    [
      { PACT_BROKER_PUBLISH_VERIFICATION_RESULTS: "true" },
      "PACT_BROKER_PUBLISH_VERIFICATION_RESULTS needs PACT_PROVIDER_VERSION. Set it to the commit.",
    ],
    [
      { PACT_BROKER_CONSUMER_VERSION_SELECTORS: "main" },
      'PACT_BROKER_CONSUMER_VERSION_SELECTORS must be a JSON list, like [{"mainBranch":true}].',
    ],
  ])("are refused: %o", (env, message) => {
    expect(() => brokerFromEnv({ PACT_BROKER_BASE_URL: "https://broker.example", ...env })).toThrow(message);
  });
});

describe("the broker's credentials", () => {
  const withToken = { token: "secret-token" };
  const withPassword = { username: "u", password: "secret-password" };
  it.each<[baseUrl: string, options: object]>([
    ["http://broker.example", withToken],
    ["http://broker.example:9292/", withPassword],
    ["http://127.0.0.1.example", withToken],
    ["http://10.0.0.7", withToken],
    ["http://localhost.", withToken],
    ["HTTP://BROKER.EXAMPLE", withPassword],
  ])("are not sent to %s", (baseUrl, options) => {
    expect(() => openPactBroker({ baseUrl, ...options })).toThrow(
      /would be sent unencrypted to .* Use https/,
    );
  });

  it.each<[baseUrl: string, options: object]>([
    ["https://broker.example", withToken],
    ["http://127.0.0.1:9292", withToken],
    ["http://localhost:9292", withPassword],
    ["http://broker.example", {}],
    ["http://broker.example", { ...withToken, allowInsecure: true }],
  ])("may be sent to %s with %o", (baseUrl, options) => {
    expect(openPactBroker({ baseUrl, ...options }).owns(`${baseUrl}/a`)).toBe(true);
  });
});
