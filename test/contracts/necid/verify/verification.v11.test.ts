import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { envOf, openMock, verdict, verify } from "../../verify/verifying.ts";

test("v1.1 of the mock conforms, by its base URL, and nothing is left behind", async () => {
  const mock = await openMock();
  const before = await mock.ids();
  const url = mock.url.replace(/\/v1$/, "/v1.1");
  const verified = await verify(url, envOf(mock));
  expect([verified.code, verdict(verified)]).toEqual([0, expect.stringMatching(/^conforms: /)]);
  expect(await mock.ids()).toEqual(before);
});

test("the recorded pact of v1.1 passes, and no subject or tag is left behind", async () => {
  const mock = await openMock();
  const before = await mock.ids();
  const url = mock.url.replace(/\/v1$/, "/v1.1");
  const verified = await verify(url, envOf(mock), { part: ["pact"] });
  expect([verified.code, verified.stderr]).toEqual([0, ""]);
  expect(verified.stdout).toMatch(/^40 checks passed, 0 failed$/m);
  expect(await mock.ids()).toEqual(before);
});

test("a pact of v1 may not name a state of v1.1", async () => {
  const pact = {
    consumer: { name: "door" },
    provider: { name: "necid-v1" },
    interactions: [
      {
        description: "search",
        providerStates: [{ name: "a tag exists", params: { name: "visitor" } }],
        request: { method: "GET", path: "/health" },
        response: { status: 200 },
      },
    ],
    metadata: { pactSpecification: { version: "3.0.0" } },
  };
  const folder = mkdtempSync(join(tmpdir(), "pacts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "door.json"), JSON.stringify(pact));
  const verified = await verify("mock", {}, { part: ["pact"], pact: [folder] });
  expect(verified.code).toBe(1);
  expect(verified.stderr).toMatch(/names "a tag exists", which is unknown; known are: alice is registered, /);
  expect(verified.stderr).not.toMatch(/known are: .*a tag exists/);
});
