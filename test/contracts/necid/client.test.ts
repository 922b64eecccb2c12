import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { isStatus } from "../../../contracts/client/client.ts";
import { createClient, type NecIdClientOptions } from "../../../contracts/necid/client.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";
import { secrets } from "../world.ts";

const face = "4pyTNECID4py";

describe("against the mock", () => {
  let mock: Mock;
  beforeAll(async () => {
    mock = await startMock({ stateless: true });
  });
  afterAll(() => mock.close());
  const clientThere = (options: Partial<NecIdClientOptions> = {}) =>
    createClient({ ...mock.credentials, apiKey: mock.apiKeys[0], baseUrl: mock.url, ...options });

  test("every operationId is a method, and its call is signed for the gateway", async () => {
    const { operations } = clientThere();
    const byId = { params: { path: { id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b" } } };
    const results = await Promise.all([
      operations.ApiSubjectsPost({ body: { face } }),
      operations.ApiSubjectsByIdPut({ ...byId, body: { face } }),
      operations.ApiSubjectsByIdDelete(byId),
      operations.ApiFaceExtractPost({ body: { faces: face } }),
      operations.ApiFaceSearchPost({ body: { probe: face, threshold: 7500, limit: 3 } }),
      operations.ApiFaceVerifyPost({ body: { probe: face, id: "necidguid-fcdf-49eb-9182-5a6825ed2a3b" } }),
    ]);
    expect(results.map(({ response }) => response.status)).toEqual([201, 200, 204, 200, 200, 200]);
    expect(results[0].data?.attributes.faceRoll).toMatch(/^-?\d+\.?\d*$/);
  });

  test("the body of an error is typed by its status", async () => {
    const { operations } = clientThere();
    const result = await operations.ApiSubjectsPost({ body: {} as { face: string } });
    if (!isStatus(result, 400)) return expect.unreachable();
    expectTypeOf(result.error.errorCode).toExtend<number>();
    expect(result.error).toEqual({
      message: "face property must be provided.",
      errorCode: 1001,
      errorType: "InvalidRequest",
    });
  });

  test("a wrong API key is Forbidden", async () => {
    const { operations } = clientThere({ apiKey: "unknown" });
    const result = await operations.ApiSubjectsPost({ body: { face } });
    expect([result.response.status, result.error]).toEqual([403, { message: "Forbidden" }]);
  });

  test.each([
    ["ten minutes slow", -600_000],
    ["ten minutes fast", 600_000],
  ])("a clock that is %s is corrected", async (_, off) => {
    const { operations } = clientThere({ clock: () => Date.now() + off });
    const { response } = await operations.ApiSubjectsPost({ body: { face } });
    expect(response.status).toBe(201);
  });
});

describe("with a transport in place of the service", () => {
  /** Answers every call with 503, and returns the requests. */
  const sending = async (
    call: (client: ReturnType<typeof createClient>) => Promise<unknown>,
    options: Partial<NecIdClientOptions> = {},
  ) => {
    const requests: Request[] = [];
    const client = createClient({
      ...secrets,
      sleep: async () => {},
      fetch: async (request) => {
        requests.push(request);
        return Response.json({ message: "Service Unavailable" }, { status: 503 });
      },
      ...options,
    });
    await call(client);
    return requests;
  };

  test("the address is the contract's server unless another is given", async () => {
    const requests = await sending((client) => client.GET("/health"));
    expect(requests[0]?.url).toBe("https://api.id.nec.com.au/v1/health");
  });

  test("health and preflight are sent without credentials", async () => {
    const byId = { params: { path: { id: "7" } } };
    const requests = [
      ...(await sending((client) => client.GET("/health"))),
      ...(await sending((client) => client.OPTIONS("/subjects"))),
      ...(await sending((client) => client.OPTIONS("/subjects/{id}", byId))),
    ];
    const sent = requests.map(({ headers }) => Object.fromEntries(headers));
    expect(sent).toEqual(Array(9).fill({ accept: "application/json" }));
  });

  const byId = { params: { path: { id: "7" } } };
  const tries: [
    name: string,
    call: (client: ReturnType<typeof createClient>) => Promise<unknown>,
    want: number,
  ][] = [
    ["a registration", ({ operations }) => operations.ApiSubjectsPost({ body: { face } }), 1],
    ["an update", ({ operations }) => operations.ApiSubjectsByIdPut({ ...byId, body: { face } }), 3],
    ["an unregistration", ({ operations }) => operations.ApiSubjectsByIdDelete(byId), 3],
    ["extract", ({ operations }) => operations.ApiFaceExtractPost({ body: { faces: face } }), 3],
    ["search", ({ operations }) => operations.ApiFaceSearchPost({ body: { probe: face } }), 3],
    ["verify", ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: face, id: "7" } }), 3],
    ["health", (client) => client.GET("/health"), 3],
  ];
  test.each(tries)("number of attempts in an outage: %s", async (_, call, want) => {
    expect((await sending(call)).length).toBe(want);
  });

  test("a registration is retried if `also` says so", async () => {
    const requests = await sending(({ operations }) => operations.ApiSubjectsPost({ body: { face } }), {
      retries: { attempts: 2, also: ["POST /subjects"] },
    });
    expect(requests.length).toBe(3);
  });

  test("an invalid option is named in the error", () => {
    const create = (options: object) => () => createClient({ ...secrets, ...options });
    expect(create({ retries: null })).toThrow("The client was not created: retries must be a whole number");
    expect(create({ baseUrl: "x" })).toThrow(
      "The client was not created: baseUrl must be an http or https URL",
    );
  });
});
