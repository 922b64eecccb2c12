import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Mock, startMock } from "../../../../mocks/mock.ts";
import { type OwnVerifier, openOwnVerifier } from "./own-verifier.ts";

const file = "generated/necid-v1/pacts/necid-client-necid-v1.json";
let mock: Mock;
let verifier: OwnVerifier;
let statesUrl: string;

beforeAll(async () => {
  mock = await startMock({ auth: "off" });
  verifier = await openOwnVerifier();
  statesUrl = `http://127.0.0.1:${mock.port}/__necid/provider-states`;
});
afterAll(() => Promise.all([mock.close(), verifier.close()]));

it("passes the recorded pact at the mock, which sets up the provider states", async () => {
  const pact = JSON.parse(await readFile(file, "utf8"));
  mock.journal.clear();
  expect(await verifier.verify(pact, { baseUrl: mock.url, statesUrl })).toEqual([]);
  expect(mock.journal.size).toBe(pact.interactions.length);
});

it("passes the recorded pact of v1.1 at the mock too", async () => {
  const file = "generated/necid-v1.1/pacts/necid-client-necid-v1.1.json";
  const pact = JSON.parse(await readFile(file, "utf8"));
  mock.journal.clear();
  const baseUrl = mock.urls["necid-v1.1"]!;
  expect(await verifier.verify(pact, { baseUrl, statesUrl })).toEqual([]);
  expect(mock.journal.size).toBe(pact.interactions.length);
});

it("finds a response that is not the expected one", async () => {
  const pact = JSON.parse(await readFile(file, "utf8"));
  const [interaction] = pact.interactions;
  interaction.response.status = 202;
  const mismatches = await verifier.verify(
    { ...pact, interactions: [interaction] },
    { baseUrl: mock.url, statesUrl },
  );
  expect(mismatches).toMatchObject([{ type: "StatusMismatch", expected: 202, actual: 201 }]);
});

it("of pact-js passes it too, with state handlers of a team", async () => {
  const program = fileURLToPath(new URL("pact-js-process.ts", import.meta.url));
  const options = { env: { PATH: process.env.PATH, PACT_DO_NOT_TRACK: "true" } };
  const ran = promisify(execFile)(process.execPath, [program, file, mock.url, statesUrl], options);
  await expect(ran).resolves.toBeDefined();
});
