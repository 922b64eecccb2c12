import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import openapi from "#generated/necid-v1/openapi.json" with { type: "json" };
import responses from "#generated/necid-v1/responses.json" with { type: "json" };
import * as validators from "#generated/necid-v1/validators.js";
import { loadContract } from "../../../../contracts/necid/contract.ts";
import { cardImages } from "../../../../contracts/necid/verify/images.ts";
import { necIdRegistering } from "../../../../contracts/necid/verify/registering.ts";
import { necIdSchemaCases } from "../../../../contracts/necid/verify/schema-cases.ts";
import { readOperations } from "../../../../contracts/openapi/operations.ts";
import { createValidation, type Validators } from "../../../../contracts/openapi/validation.ts";
import type { Check, CheckResult, PlannedCall } from "../../../../contracts/verify/check.ts";
import { planLedger } from "../../../../contracts/verify/run/ledger.ts";
import { type ExampleResponses, planResponses } from "../../../../contracts/verify/run/plan.ts";
import { createSession, type SessionOptions } from "../../../../contracts/verify/run/session.ts";
import { schemaChecks } from "../../../../contracts/verify/schema/schema-checks.ts";
import { type ReceivedResponse, sendRequest } from "../../../../contracts/verify/wire.ts";
import { type Mock, startMock } from "../../../../mocks/mock.ts";
import { contractResponses } from "../../../../mocks/world/coverage.ts";

const validation = createValidation(validators as unknown as Validators);
const checks = schemaChecks({
  openapi,
  validation,
  cases: necIdSchemaCases({ openapi, sendsLargeBodies: true }),
});

/** With one body of ten megabytes. */
const quick = checks.filter(({ id }) => !id.endsWith("/413") || id === "schema/GET /health/413");

let mock: Mock;
let world: ReturnType<Mock["world"]>;
beforeAll(async () => {
  mock = await startMock();
});
beforeEach(() => {
  world = mock.world();
});
afterEach(() => world.delete());
afterAll(() => mock.close());

/** A session on a world of its own; `alter` stands between it and the mock. */
function sessionOf(
  options: Partial<SessionOptions> = {},
  alter: Alter = (_, given) => given,
  baseUrl = world.url,
) {
  const { credentials, apiKeys } = world;
  const region = "ap-southeast-2";
  return createSession({
    target: { baseUrl, ...credentials, apiKeys: [apiKeys[0]!, apiKeys[1]], region, service: "execute-api" },
    registering: necIdRegistering,
    ledger: planLedger(),
    targetName: "mock",
    run: "schema",
    images: cardImages,
    now: Date.now,
    signal: new AbortController().signal,
    send: async (request, { planned, ...given }) => alter(planned, await sendRequest(request, given)),
    ...options,
  });
}
type Alter = (planned: PlannedCall, given: ReceivedResponse) => ReceivedResponse;

async function run(
  session: ReturnType<typeof sessionOf>,
  chosen: Check[] = checks,
): Promise<Record<string, CheckResult>> {
  const results: Record<string, CheckResult> = {};
  for (const check of chosen) {
    results[check.id] = await check.run(session);
    await session.settle();
  }
  return results;
}

function select(results: Record<string, CheckResult>, select: (result: CheckResult) => unknown) {
  const found = Object.entries(results).map(([id, result]) => [id, select(result)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

const mismatchesOf = ({ mismatches }: CheckResult) =>
  mismatches.length > 0 ? mismatches.map(({ message }) => message) : undefined;

describe("against the mock", () => {
  it("every check passes, or says why it asserts nothing", async () => {
    const results = await run(sessionOf());
    expect(select(results, mismatchesOf)).toEqual({});

    const limits = "the limits belong to whoever answers, and using them up would stop others";
    const failure = "nobody can make the service fail on purpose";
    const reasons: Record<string, string> = { 429: limits, 500: failure, 502: failure, 504: failure };
    const unprovoked = readOperations(openapi).flatMap(({ key, statuses }) =>
      statuses
        .filter((status) => status in reasons)
        .map((status) => [`schema/${key}/${status}`, reasons[status]]),
    );
    expect(select(results, ({ skipped }) => skipped)).toEqual(Object.fromEntries(unprovoked));
    expect(Object.values(results).filter(({ skipped, asserted }) => !skipped && asserted.length < 4)).toEqual(
      [],
    );
  });

  it.each(["v1", "v1.1"] as const)("one that fails on request leaves nothing of %s out", async (version) => {
    const contract = await loadContract({ version });
    const sending = { sendsLargeBodies: true, failsOnRequest: true };
    const cases = necIdSchemaCases({ openapi: contract.openapi, version, ...sending });
    const failures = cases.filter(({ status }) => [429, 500, 502, 504].includes(status));
    const all = schemaChecks({ ...contract, cases: failures });
    const own = all.filter(({ id }) =>
      failures.some(({ operation, status }) => id === `schema/${operation}/${status}`),
    );
    const results = await run(sessionOf({}, undefined, mock.urls[`necid-${version}`]), own);
    expect(own.length).toBeGreaterThan(20);
    expect(select(results, mismatchesOf)).toEqual({});
    expect(select(results, ({ skipped }) => skipped)).toEqual({});
  });

  it("every documented response of every operation has its check", () => {
    const ids = new Set(checks.map(({ id }) => id));
    expect(ids.size).toBe(checks.length);
    const unchecked = contractResponses(openapi).filter(({ operation, status, errorType }) => {
      const id = `schema/${operation}/${status}`;
      return !ids.has(id) && !ids.has(`${id}/${errorType}`);
    });
    expect(unchecked).toEqual([]);
  });

  it("asserts every field of every response that can be provoked", async () => {
    const results = await run(sessionOf(), quick);
    const asserted = Object.values(results).flatMap((result) => result.asserted);
    const fields = Map.groupBy(asserted, ({ operation, status }) => `${operation} ${status}`);
    const counts = [...fields].map(([response, all]) => [
      response,
      new Set(all.map(({ field }) => field)).size,
    ]);
    expect(Object.fromEntries(counts)).toMatchObject({
      "ApiSubjectsPost 201": 29,
      "ApiSubjectsPost 400": 8,
      "ApiSubjectsByIdPut 200": 29,
      "ApiSubjectsByIdDelete 204": 4,
      "ApiFaceExtractPost 200": 30,
      "ApiFaceSearchPost 200": 32,
      "ApiFaceVerifyPost 200": 7,
      "ApiFaceVerifyPost 404": 4,
      "GET /health 200": 6,
      "OPTIONS /subjects 200": 7,
    });
  });

  it("leaves no subject registered", async () => {
    const session = sessionOf();
    await run(session, quick);
    const { response } = await session.call({
      ...necIdRegistering.search(cardImages("alice-1", "schema")!),
      purpose: "look",
    });
    expect(response.status).toBe(404);
  });
});

describe("what the target does not have is not checked", () => {
  it("without images, only what needs none is", async () => {
    const results = await run(sessionOf({ images: () => undefined }), quick);
    expect(select(results, mismatchesOf)).toEqual({});
    const missing = select(results, ({ skipped }) =>
      skipped?.startsWith("no picture") ? skipped : undefined,
    );
    const alice = "no picture `alice-1.jpg` was given";
    const none = "no picture `none.jpg` was given";
    const blurred = "no picture `blurred.jpg` was given";
    expect(missing).toEqual({
      "schema/ApiSubjectsPost/201": alice,
      "schema/ApiSubjectsPost/400/NoFace": none,
      "schema/ApiSubjectsPost/400/PoorQuality": blurred,
      "schema/ApiSubjectsByIdPut/200": alice,
      "schema/ApiSubjectsByIdPut/400/InvalidRequest": alice,
      "schema/ApiSubjectsByIdPut/400/NoFace": none,
      "schema/ApiSubjectsByIdPut/400/PoorQuality": blurred,
      "schema/ApiSubjectsByIdPut/404": alice,
      "schema/ApiSubjectsByIdDelete/204": alice,
      "schema/ApiFaceExtractPost/200": alice,
      "schema/ApiFaceExtractPost/200/group": "no picture `group.jpg` was given",
      "schema/ApiFaceExtractPost/404": none,
      "schema/ApiFaceSearchPost/200": alice,
      "schema/ApiFaceSearchPost/400/NoFace": none,
      "schema/ApiFaceSearchPost/400/PoorQuality": blurred,
      "schema/ApiFaceSearchPost/404": "no picture `stranger.jpg` was given",
      "schema/ApiFaceVerifyPost/200": alice,
      "schema/ApiFaceVerifyPost/400/InvalidRequest": alice,
      "schema/ApiFaceVerifyPost/400/NoFace": none,
      "schema/ApiFaceVerifyPost/400/PoorQuality": blurred,
      "schema/ApiFaceVerifyPost/404": alice,
    });
  });

  it("ten megabytes are sent only if that is allowed", async () => {
    const cases = necIdSchemaCases({ openapi, sendsLargeBodies: false });
    const large = schemaChecks({ openapi, validation, cases }).filter(({ id }) => id.endsWith("/413"));
    expect(large).toHaveLength(readOperations(openapi).length);
    const session = sessionOf();
    const skipped = Object.values(await run(session, large)).map((result) => result.skipped);
    expect(new Set(skipped)).toEqual(new Set(["a body of ten megabytes is sent to no live service"]));
    expect(session.calls).toBe(0);
  });

  it("a response without a case is skipped with a reason", async () => {
    const all = schemaChecks({ openapi, validation, cases: [] });
    const first = all.find(({ id }) => id === "schema/ApiSubjectsPost/201");
    expect(first).toMatchObject({ id: "schema/ApiSubjectsPost/201", title: "201 is answered as documented" });
    expect(await first!.run(sessionOf())).toEqual({
      mismatches: [],
      asserted: [],
      skipped: "no case says how a 201 is provoked here",
    });
  });
});

it("a plan makes the same calls in the same order as a run", async () => {
  const planned: string[] = [];
  const made: string[] = [];
  const write = (calls: string[]) => (call: PlannedCall) => {
    const { method, path, purpose, signing = "good", body } = call;
    const sent = Buffer.isBuffer(body) ? body.length : JSON.stringify(body);
    if (purpose !== "unregister")
      calls.push(`${method} ${path} ${signing} ${sent}, ${purpose}`.replaceAll(id, "ID"));
  };
  const id = /necidguid-[0-9a-f-]+/g;
  const example = planResponses({
    responses: responses.operations as ExampleResponses,
    validation,
    refusals: () => undefined,
  });
  await run(sessionOf({ onCall: write(planned), send: example, planning: true }), quick);
  await run(sessionOf({ onCall: write(made) }), quick);
  expect(planned).toEqual(made);
  expect(planned.length).toBeGreaterThan(100);
});

describe("a provider that does not conform is found", () => {
  type Drift = { name: string; alter: Alter; found: Record<string, string[]> };
  const drifts: Drift[] = [
    {
      name: "a number in place of text",
      alter: (planned, given) =>
        planned.operation === "ApiSubjectsPost" && given.status === 201
          ? withBody(given, (body) => body.replace(/"faceRoll":"([^"]*)"/, '"faceRoll":$1'))
          : given,
      found: {
        "schema/ApiSubjectsPost/201": [
          expect.stringMatching(
            /^ApiSubjectsPost, 201 a face is registered: body \/attributes\/faceRoll should be text, but is -?[\d.]+ \(number\)\.$/,
          ),
        ],
      },
    },
    {
      name: "a limit of 51 that is taken",
      alter: (planned, given) =>
        (planned.body as { limit?: number } | undefined)?.limit === 51
          ? { ...given, status: 404, body: nothing }
          : given,
      found: {
        "schema/ApiFaceSearchPost/400/InvalidRequest": [
          "ApiFaceSearchPost, 400 InvalidRequest limit 51: status should be 400, but is 404.",
        ],
      },
    },
    {
      name: "a limit of 50 that is refused",
      alter: (planned, given) =>
        (planned.body as { limit?: number; threshold?: number } | undefined)?.limit === 50 &&
        planned.purpose !== "who has this picture already"
          ? { ...given, status: 400 }
          : given,
      found: {
        "schema/ApiFaceSearchPost/200": [
          'ApiFaceSearchPost, 200 {"threshold":0,"limit":50}: status should be 200, but is 400.',
        ],
      },
    },
    {
      name: "NoFace in place of PoorQuality",
      alter: (planned, given) =>
        planned.operation === "ApiFaceVerifyPost"
          ? withBody(given, (body) =>
              body.replace('2002,"errorType":"PoorQuality"', '2001,"errorType":"NoFace"'),
            )
          : given,
      found: {
        "schema/ApiFaceVerifyPost/400/PoorQuality": [
          'ApiFaceVerifyPost, 400 PoorQuality: body /errorType should be "PoorQuality", but is "NoFace".',
        ],
      },
    },
    {
      name: "other words for a missing face",
      alter: (_, given) => withBody(given, (body) => body.replace('"face property must be', '"face must be')),
      found: {
        "schema/ApiSubjectsPost/400/InvalidRequest": [
          'ApiSubjectsPost, 400 InvalidRequest no face: body /message should be "face property must be provided.", but is "face must be provided.".',
        ],
      },
    },
    {
      name: "an unsigned delete that is let through",
      alter: (planned, given) =>
        planned.operation === "ApiSubjectsByIdDelete" && planned.signing === "none"
          ? { ...given, status: 404, body: nothing }
          : given,
      found: {
        "schema/ApiSubjectsByIdDelete/403": [
          "ApiSubjectsByIdDelete, 403 an unsigned call is refused: status should be 403, but is 404.",
        ],
      },
    },
    {
      name: "JSON in place of the text of 413",
      alter: (planned, given) =>
        given.status === 413 && planned.operation === "GET /health"
          ? {
              ...given,
              headers: given.headers.map(([name, value]) => [
                name,
                name === "content-type" ? "application/json" : value,
              ]),
            }
          : given,
      found: {
        "schema/GET /health/413": [
          "GET /health, 413 a body over the limit is refused: header content-type should be text/plain, but is application/json.",
        ],
      },
    },
    {
      name: "the published form of an extraction",
      alter: (planned, given) =>
        planned.operation === "ApiFaceExtractPost" && given.status === 200
          ? withBody(given, (body) => {
              const { faces } = JSON.parse(body);
              return JSON.stringify({
                faces: faces.map(({ attributes }: { attributes: unknown }) => attributes),
              });
            })
          : given,
      found: {
        "schema/ApiFaceExtractPost/200": [
          "ApiFaceExtractPost, 200 a face is measured: body /faces/0 should be an object whose `attributes` are the face's (the documented form), but is the attributes themselves (the published form).",
        ],
        "schema/ApiFaceExtractPost/200/group": [
          "ApiFaceExtractPost, 200 group: body /faces/0 should be an object whose `attributes` are the face's (the documented form), but is the attributes themselves (the published form).",
        ],
      },
    },
  ];

  it.each(drifts)("$name", async ({ alter, found }) => {
    const results = await run(sessionOf({}, alter), quick);
    expect(select(results, mismatchesOf)).toEqual(found);
  });

  it("a provider that cannot register has no mismatch where a registration is needed first", async () => {
    const results = await run(
      sessionOf({}, (planned, given) =>
        planned.operation === "ApiSubjectsPost" && given.status === 201
          ? { ...given, status: 500, body: nothing }
          : given,
      ),
      quick,
    );
    expect(select(results, mismatchesOf)).toEqual({
      "schema/ApiSubjectsPost/201": [
        "ApiSubjectsPost, 201 a face is registered: status should be 201, but is 500.",
      ],
    });
    const reason = "alice could not be registered (status 500)";
    const missing = Object.keys(select(results, ({ skipped }) => (skipped === reason ? skipped : undefined)));
    expect(missing.sort()).toEqual(
      [
        "schema/ApiSubjectsByIdPut/200",
        "schema/ApiSubjectsByIdPut/400/NoFace",
        "schema/ApiSubjectsByIdPut/400/PoorQuality",
        "schema/ApiSubjectsByIdPut/400/InvalidRequest",
        "schema/ApiSubjectsByIdDelete/204",
        "schema/ApiFaceSearchPost/200",
        "schema/ApiFaceVerifyPost/200",
        "schema/ApiFaceVerifyPost/400/NoFace",
        "schema/ApiFaceVerifyPost/400/PoorQuality",
        "schema/ApiFaceVerifyPost/400/InvalidRequest",
      ].sort(),
    );
  });
});

const nothing = Buffer.alloc(0);

function withBody(given: ReceivedResponse, rewrite: (body: string) => string): ReceivedResponse {
  return { ...given, body: Buffer.from(rewrite(given.body.toString())) };
}
