import { describe } from "vitest";
import { face } from "../../../contracts/necid/faces/faces.ts";
import type { NextResponses } from "../../../mocks/testing/next.ts";
import { expect, type TestWorld, testWith } from "../../../mocks/testing/vitest.ts";

const test = testWith({ client: { retries: 0 } });
const id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";

function search({ client }: TestWorld) {
  return client.POST("/face/search", { body: { probe: face("alice") } });
}

async function statusOf(world: TestWorld): Promise<string> {
  return search(world).then(
    ({ response, error }) => `${response.status} ${JSON.stringify(error ?? null)}`,
    (error) => `${error.code} ${error.reason}`,
  );
}

describe("the next call of an operation", () => {
  type Row = [title: string, arrange: (next: NextResponses<"search">) => unknown, expected: RegExp];
  test.for<Row>([
    ["answers a documented error", (next) => next.answers("PoorQuality"), /^400 .*"errorCode":2002/],
    ["answers a documented status by its example", (next) => next.answers(500), /^500 .*"message"/],
    ["answers a status without a body", (next) => next.answers(404), /^404 null$/],
    [
      "answers a body of the test's own",
      (next) => next.answers(400, { message: "No.", errorCode: 1001, errorType: "InvalidRequest" }),
      /^400 \{"message":"No\.","errorCode":1001,"errorType":"InvalidRequest"\}$/,
    ],
    [
      "answers anything unchecked",
      (next) => next.answers(418, { teapot: 1 }, { unchecked: true }),
      /^418 \{"teapot":1\}$/,
    ],
    ["is throttled", (next) => next.throttled(), /^429 \{"message":"Too Many Requests"\}$/],
    ["finds the quota used up", (next) => next.exhausted(), /^429 \{"message":"Limit Exceeded"\}$/],
    ["times out", (next) => next.timesOut(), /^504 \{"message":"Endpoint request timed out"\}$/],
    ["fails", (next) => next.fails(), /^502 /],
    [
      "has an expired signature, and the next try too",
      (next) => next.expiredSignature().times(2),
      /^403 .*Signature expired: \d{8}T/,
    ],
    ["is dropped", (next) => next.drops(), /^NETWORK /],
    ["is dropped in the body", (next) => next.answers(500) && next.drops({ when: "in body" }), /^NETWORK /],
    ["is garbled", (next) => next.answers(500) && next.garbled(), /^UNEXPECTED_RESPONSE /],
    ["is delayed", (next) => next.delays(20), /^404 /],
    ["is not changed when it is taken back", (next) => next.fails().remove(), /^404 /],
  ])("%s", async ([, arrange, expected], { necid }) => {
    arrange(necid.next("search"));
    expect(await statusOf(necid)).toMatch(expected);
    expect(await statusOf(necid)).toMatch(/^404 /);
  });

  test("and one of several calls", async ({ necid }) => {
    necid.next("search").answers("NoFace");
    necid.next("search").times(2).fails();
    necid.next("search").throttled().times(2);
    const statuses = [];
    for (let call = 0; call < 6; call++) statuses.push((await search(necid)).response.status);
    expect(statuses).toEqual([400, 502, 502, 429, 429, 404]);
  });

  test("answers a score of the test's own", async ({ necid }) => {
    necid.next("verify").answers(200, { id, score: 7000 });
    const { data } = await necid.client.POST("/face/verify", { body: { id, probe: face("alice") } });
    expect(data).toEqual({ id, score: 7000 });
  });

  test("an expired signature is signed anew by the client, whose clock stays right", async ({ necid }) => {
    necid.next("register").expiredSignature();
    const { response } = await necid.client.POST("/subjects", { body: { face: face("alice") } });
    expect(response.status).toBe(201);
    expect((await search(necid)).response.status).toBe(200);
  });

  test("other operations are left alone", async ({ necid }) => {
    necid.next("verify").fails();
    expect((await search(necid)).response.status).toBe(404);
  });
});

describe("what the contract does not have", () => {
  test("does not compile, and is refused where it was not compiled", ({ necid }) => {
    const next = necid.next("search");
    // @ts-expect-error extract documents no NoFace
    expect(() => necid.next("extract").answers("NoFace")).toThrow(
      'fault.error "NoFace" is not documented for ApiFaceExtractPost; documented: InvalidRequest, ',
    );
    // @ts-expect-error 418 is not documented
    expect(() => next.answers(418)).toThrow("418 is not documented for ApiFaceSearchPost");
    // @ts-expect-error a score is a number
    expect(() => necid.next("verify").answers(200, { id, score: "high" })).toThrow(
      "ApiFaceVerifyPost cannot answer 200 with this body: score must be integer. Correct it, or add { unchecked: true } to send it nevertheless.",
    );
    // @ts-expect-error a mistyped operation
    expect(() => necid.next("serch")).toThrow(
      'The contract has no operation "serch". Did you mean "search"?',
    );
    // @ts-expect-error no operation at all
    expect(() => necid.next("book a flight")).toThrow("It has register, update,");
  });
});
