import { afterAll, beforeAll, describe, expect, test } from "vitest";
import responses from "#generated/necid-v1/responses.json" with { type: "json" };
import { cardImages } from "../../../../../contracts/necid/verify/images.ts";
import { sequenceChecks } from "../../../../../contracts/necid/verify/sequences/sequences.ts";
import type { Mismatch, PlannedCall } from "../../../../../contracts/verify/check.ts";
import type { ReceivedResponse } from "../../../../../contracts/verify/wire.ts";
import { type Mock, startMock } from "../../../../../mocks/mock.ts";
import {
  openTamperedSession,
  responseOf,
  type SessionFaults,
  type Tamper,
  withBody,
} from "../../../verify/tampered-session.ts";
import { brokenProviders } from "./broken-providers.ts";

let mock: Mock;
beforeAll(async () => {
  mock = await startMock();
});
afterAll(() => mock.close());

const checks = new Map(sequenceChecks().map((check) => [check.id.replace("sequence/", ""), check]));
const ids = [...checks.keys()];

async function run(id: string, faults: SessionFaults = {}) {
  const world = mock.world();
  const session = openTamperedSession(world, faults);
  const result = await checks.get(id)!.run(session);
  world.delete();
  return { ...result, calls: session.calls };
}

describe("against a provider that keeps the contract", () => {
  test.each(ids)("%s asserts something and finds no mismatch", async (id) => {
    const { mismatches, asserted, skipped } = await run(id);
    expect({ mismatches, skipped }).toEqual({ mismatches: [], skipped: undefined });
    expect(asserted).not.toEqual([]);
  });

  test("asserts nothing about undocumented responses", async () => {
    const asserted = (await Promise.all(ids.map((id) => run(id)))).flatMap((result) => result.asserted);
    const named = new Set(asserted.map(({ operation, status }) => `${operation} ${status}`));
    expect([...named].sort()).toEqual([
      "ApiFaceExtractPost 200",
      "ApiFaceSearchPost 200",
      "ApiFaceSearchPost 404",
      "ApiFaceVerifyPost 200",
      "ApiFaceVerifyPost 404",
      "ApiSubjectsByIdDelete 204",
      "ApiSubjectsByIdDelete 404",
      "ApiSubjectsByIdPut 200",
      "ApiSubjectsByIdPut 400",
      "ApiSubjectsByIdPut 404",
      "ApiSubjectsPost 201",
    ]);
  });
});

describe("against a provider that breaks one promise", () => {
  test.each(brokenProviders)("$check: $broken", async ({ check, tamper, reported }) => {
    const { mismatches } = await run(check, { tamper: tamper() });
    expect(mismatches).toEqual(
      reported.map(([operation, location, instancePath, expected, actual]): Mismatch => {
        const message = `${operation}, ${location}: ${instancePath} should be ${expected}, but is ${actual}.`;
        return { operation, source: "sequence", location, instancePath, expected, actual, message };
      }),
    );
  });

  test("every check has such a provider", () => {
    expect(new Set(brokenProviders.map(({ check }) => check))).toEqual(new Set(ids));
  });

  test("a check stops at a registration that fails, and reports it", async () => {
    const tamper: Tamper = async (planned, send) =>
      planned.operation === "ApiSubjectsPost" ? responseOf(500, {}) : send();
    const { mismatches, calls } = await run("verify-tells-two-people-apart", { tamper });
    expect(calls.map(({ purpose }) => purpose)).toEqual(["register alice-1"]);
    expect(mismatches.map(({ message }) => message)).toEqual([
      "ApiSubjectsPost, register alice-1: status should be 201 and an id, but is 500.",
    ]);
  });
});

describe("what cannot be checked", () => {
  test.each(ids)("%s is skipped without pictures, and makes no call", async (id) => {
    const { skipped, asserted, calls } = await run(id, { images: [] });
    expect({ skipped, asserted, calls }).toEqual({
      skipped: expect.stringMatching(/^no picture `[a-z0-9-]+\.jpg`(, `[a-z0-9-]+\.jpg`)* was given$/),
      asserted: [],
      calls: [],
    });
  });

  test("the missing images are named", async () => {
    const { skipped } = await run("an-update-replaces-the-face", { images: ["alice-1"] });
    expect(skipped).toBe("no picture `alice-2.jpg`, `bob.jpg` was given");
  });

  test("isolation needs a second application", async () => {
    const { skipped, calls } = await run("one-gallery-does-not-see-the-other", { applications: 1 });
    expect({ skipped, calls }).toEqual({
      skipped: "no API key of a second application was given",
      calls: [],
    });
  });
});

describe("the plan", () => {
  test.each(ids)("%s makes the calls that it plans", async (id) => {
    const planned = await run(id, { tamper: documented });
    const made = await run(id);
    expect(planned.calls.map(outline)).toEqual(made.calls.map(outline));
  });

  test.each(brokenProviders)("$check makes them too where $broken", async ({ check, tamper }) => {
    const made = await run(check, { tamper: tamper() });
    const planned = await run(check, { tamper: documented });
    expect(made.calls.map(outline)).toEqual(planned.calls.map(outline));
  });
});

test("what a check reports contains neither an image nor a key, even if the provider repeats them", async () => {
  const world = mock.world();
  const { credentials, apiKeys } = world;
  const repeating: Tamper = async (planned, send) => {
    const [picture] = Object.values((planned.body ?? {}) as Record<string, string>);
    const attributes = { faceRoll: picture, facePan: apiKeys[0], faceScore: credentials.accessKeyId };
    return withBody(await send(), (body: object) => ({
      ...body,
      ...(planned.operation === "ApiSubjectsByIdPut" && { id: apiKeys[0] }),
      attributes,
      faces: [{ attributes }, { attributes: {} }],
    }));
  };
  const reported: string[] = [];
  for (const check of checks.values()) {
    const { mismatches, asserted } = await check.run(openTamperedSession(world, { tamper: repeating }));
    reported.push(JSON.stringify({ mismatches, asserted }));
  }
  const secrets = [apiKeys[0]!, credentials.accessKeyId, cardImages("alice-1", "test")!.slice(0, 40)];
  expect(secrets.filter((secret) => reported.join().includes(secret))).toEqual([]);
  expect(reported.join()).toContain("the id of the path");
});

/** The documented example of the default response, whatever the request. */
const documented: Tamper = async ({ operation }): Promise<ReceivedResponse> => {
  const { defaultStatus, statuses } = (responses.operations as unknown as Answers)[operation]!;
  return responseOf(defaultStatus, statuses[defaultStatus]![0]!.body);
};
type Answers = Record<string, { defaultStatus: number; statuses: Record<string, { body?: unknown }[]> }>;

/** A call without values taken from earlier responses: ids and thresholds. */
function outline({ operation, method, path, body, application, purpose }: PlannedCall) {
  const properties = Object.keys((body ?? {}) as object);
  return { operation, method, path: path.replace(/necidguid-.*/, "{id}"), properties, application, purpose };
}
