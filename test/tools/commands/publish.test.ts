import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startFakeBroker } from "../../contracts/verify/pact/fake-broker.ts";
import { temporary, verb } from "./terminal.ts";

const pact = {
  consumer: { name: "team" },
  provider: { name: "necid-v1" },
  interactions: [
    { description: null, request: { method: "GET", path: "/v1/health" }, response: { status: 200 } },
  ],
};

let broker: Awaited<ReturnType<typeof startFakeBroker>>;
let file: string;
beforeEach(async () => {
  broker = await startFakeBroker({ pacts: [], authorization: "Bearer canary-token" });
  file = temporary("team.json");
  writeFileSync(file, JSON.stringify(pact));
});
afterEach(() => broker.close());

test("a pact is published as it is in its file", async () => {
  const env = { PACT_BROKER_BASE_URL: broker.url, PACT_BROKER_TOKEN: "canary-token" };
  const args = ["publish", "--pact", file, "--consumer-version", "1.2.3", "--branch", "main", "--tag", "dev"];
  expect(await verb(args, env)).toEqual({
    code: 0,
    stdout: "team 1.2.3: published necid-v1\nCreated team version 1.2.3\n",
    stderr: "",
  });
  const [, { path, body }] = broker.requests as [unknown, { path: string; body: PublishedContracts }];
  expect(path).toBe("/contracts/publish");
  const [{ content, ...contract }] = body.contracts;
  expect({ ...body, contracts: [contract] }).toEqual({
    pacticipantName: "team",
    pacticipantVersionNumber: "1.2.3",
    branch: "main",
    tags: ["dev"],
    contracts: [
      {
        consumerName: "team",
        providerName: "necid-v1",
        specification: "pact",
        contentType: "application/json",
      },
    ],
  });
  expect(JSON.parse(Buffer.from(content, "base64").toString())).toEqual(pact);
});

type PublishedContracts = { contracts: [{ content: string }] };

describe("what cannot be published is refused:", () => {
  test.each<[name: string, args: string[], env: Record<string, string>, stderr: string]>([
    [
      "no broker",
      [],
      { PACT_BROKER_BASE_URL: "" },
      "Set PACT_BROKER_BASE_URL to the address of the broker.\n",
    ],
    [
      "no version",
      [],
      { GIT_COMMIT: "", GITHUB_SHA: "" },
      "Give the application's version: --consumer-version VERSION.\n",
    ],
    [
      "no such file",
      ["--pact", "absent.json", "--consumer-version", "1"],
      {},
      "absent.json does not exist. Give a pact of specification 2, 3 or 4.\n",
    ],
    [
      "a wrong token",
      ["--consumer-version", "1"],
      { PACT_BROKER_TOKEN: "canary-other" },
      "The Pact Broker at URL answers 401 (GET /). Set PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.\n",
    ],
  ])("%s", async (_, args, env, stderr) => {
    const given = { PACT_BROKER_BASE_URL: broker.url, PACT_BROKER_TOKEN: "canary-token", ...env };
    expect(await verb(["publish", "--pact", file, ...args], given)).toEqual({
      code: 2,
      stdout: "",
      stderr: stderr.replace("URL answers", `${broker.url} answers`),
    });
  });
});
