import { expect, test } from "vitest";
import { envOf, openMock, verdict, verify } from "../../verify/verifying.ts";

test("v1.1 of the mock conforms, by its base URL, and nothing is left behind", async () => {
  const mock = await openMock();
  const before = await mock.ids();
  const url = mock.url.replace(/\/v1$/, "/v1.1");
  const verified = await verify(url, envOf(mock));
  expect([verified.code, verdict(verified)]).toEqual([0, expect.stringMatching(/^conforms: /)]);
  expect(await mock.ids()).toEqual(before);
}, 60_000);

test("pacts are refused for v1.1, as they are those of v1", async () => {
  const verified = await verify("mock", {}, { contract: "v1.1", part: ["pact"] });
  expect([verified.code, verified.stderr]).toEqual([
    2,
    "Pacts are verified for v1 only. Leave --pact and --part pact out.\n",
  ]);
});
