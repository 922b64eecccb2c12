import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as validators from "#generated/necid-v1/validators.js";
import { createClient, type NecIdClient } from "../../../contracts/necid/client.ts";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { createValidation, type Validators } from "../../../contracts/openapi/validation.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";

const validation = createValidation(validators as unknown as Validators);

let mock: Mock;
beforeAll(async () => {
  mock = await startMock({ selfCheck: true });
});
afterAll(() => mock.close());
beforeEach(() => mock.reset());

describe.each([
  ["over HTTP", () => undefined],
  ["over mock.fetch", () => mock.fetch],
])("%s", (_, transport) => {
  const clientOf = (application: 0 | 1): NecIdClient =>
    createClient({
      ...mock.credentials,
      apiKey: mock.apiKeys[application]!,
      baseUrl: mock.url,
      fetch: transport(),
      retries: 0,
    });
  const client = () => clientOf(0).operations;

  const register = async (image = face("alice")) => {
    const { data } = await client().ApiSubjectsPost({ body: { face: image } });
    return data!.id;
  };
  const on = (id: string) => ({ params: { path: { id } } });
  const emptyNotFound = async (call: Promise<{ response: Response; error?: unknown }>) => {
    const { response, error } = await call;
    expect([response.status, response.headers.get("content-length"), error]).toEqual([404, "0", undefined]);
  };

  test("register, face accepted: 201, a new id, the attributes of the face", async () => {
    const { data, response } = await client().ApiSubjectsPost({
      body: { face: face("alice", { quality: 0.8 }) },
    });
    expect(response.status).toBe(201);
    expect(data!.id).toMatch(/^necidguid-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(data!.attributes.faceQualityScore).toBe("0.8");
    const headers = Object.fromEntries(response.headers);
    const answer = { status: 201, mediaType: "application/json", body: data, headers };
    expect(validation.response("ApiSubjectsPost", answer)).toEqual([]);
  });

  test("update a registered subject: 200, and from then on the new face counts", async () => {
    const id = await register();
    const { data, response } = await client().ApiSubjectsByIdPut({ ...on(id), body: { face: face("bob") } });
    expect([response.status, data!.id]).toEqual([200, id]);
    await emptyNotFound(client().ApiFaceVerifyPost({ body: { id, probe: face("alice") } }));
    const bob = await client().ApiFaceVerifyPost({ body: { id, probe: face("bob", { photo: 2 }) } });
    expect(bob.response.status).toBe(200);
  });

  test("update an unknown or unregistered id: 404, empty body", async () => {
    await emptyNotFound(client().ApiSubjectsByIdPut({ ...on("nobody"), body: { face: face("alice") } }));
    const id = await register();
    await client().ApiSubjectsByIdDelete(on(id));
    await emptyNotFound(client().ApiSubjectsByIdPut({ ...on(id), body: { face: face("alice") } }));
  });

  test("unregister: 204 without a body; again: 404", async () => {
    const id = await register();
    const { response, data } = await client().ApiSubjectsByIdDelete(on(id));
    expect([response.status, response.headers.get("content-type"), data]).toEqual([204, null, undefined]);
    await emptyNotFound(client().ApiSubjectsByIdDelete(on(id)));
  });

  test("verify the face of another person, or an unknown id: 404, empty body", async () => {
    const id = await register();
    await emptyNotFound(client().ApiFaceVerifyPost({ body: { id, probe: face("bob") } }));
    await emptyNotFound(client().ApiFaceVerifyPost({ body: { id: "nobody", probe: face("alice") } }));
  });

  test("verify at or above 7000: 200 with id and score, highest for the same picture", async () => {
    const id = await register();
    const same = await client().ApiFaceVerifyPost({ body: { id, probe: face("alice") } });
    const other = await client().ApiFaceVerifyPost({ body: { id, probe: face("alice", { photo: 2 }) } });
    expect(same.data).toEqual({ id, score: 9999 });
    expect(other.data).toEqual({ id, score: expect.any(Number) });
    expect(other.data!.score).toBeGreaterThanOrEqual(7000);
    expect(other.data!.score).toBeLessThan(9999);
  });

  test("search, nobody at or above the threshold: 404, empty body", async () => {
    await emptyNotFound(client().ApiFaceSearchPost({ body: { probe: face("alice") } }));
    await register(face("bob"));
    await emptyNotFound(client().ApiFaceSearchPost({ body: { probe: face("alice") } }));
    await register(face("alice", { photo: 2 }));
    await emptyNotFound(client().ApiFaceSearchPost({ body: { probe: face("alice"), threshold: 9999 } }));
  });

  test("search, several: best first, no more than limit, each at or above threshold, the probe's attributes", async () => {
    const ids = [];
    for (let photo = 1; photo <= 12; photo++) ids.push(await register(face("alice", { photo })));
    await register(face("bob"));
    const search = async (more: object) =>
      (await client().ApiFaceSearchPost({ body: { probe: face("alice", { photo: 1 }), ...more } })).data!;

    const byDefault = await search({});
    expect(byDefault.candidates).toHaveLength(10);
    expect(byDefault.candidates[0]).toEqual({ id: ids[0], score: 9999 });
    const scores = (await search({ limit: 50 })).candidates.map(({ score }) => score);
    expect(scores).toHaveLength(12);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(Math.min(...scores)).toBeGreaterThanOrEqual(7000);
    expect((await search({ limit: 3 })).candidates.map(({ score }) => score)).toEqual(scores.slice(0, 3));
    const bar = scores[5]!;
    expect((await search({ limit: 50, threshold: bar })).candidates.map(({ score }) => score)).toEqual(
      scores.filter((score) => score >= bar),
    );
    expect((await search({ limit: 50, threshold: 0 })).candidates).toHaveLength(13);
    const extracted = await client().ApiFaceExtractPost({ body: { faces: face("alice", { photo: 1 }) } });
    expect(byDefault.attributes).toEqual(extracted.data!.faces[0]!.attributes);
  });

  test("extract, faces found: 200, at most 20", async () => {
    const count = async (list: string) =>
      (await client().ApiFaceExtractPost({ body: { faces: face(list) } })).data!.faces.length;
    expect(await count("alice")).toBe(1);
    expect(await count("alice;bob;carol")).toBe(3);
    expect(await count(Array.from({ length: 25 }, (_, index) => `person${index}`).join(";"))).toBe(20);
  });

  test("extract, no face: 404, empty body", async () => {
    await emptyNotFound(client().ApiFaceExtractPost({ body: { faces: face("none") } }));
  });

  const wrong = (image: string) => {
    const { operations } = clientOf(0);
    return {
      register: () => operations.ApiSubjectsPost({ body: { face: image } }),
      update: async () => operations.ApiSubjectsByIdPut({ ...on(await register()), body: { face: image } }),
      verify: async () => operations.ApiFaceVerifyPost({ body: { id: await register(), probe: image } }),
      search: () => operations.ApiFaceSearchPost({ body: { probe: image } }),
    };
  };
  test.each(["register", "update", "verify", "search"] as const)(
    "no face, or one too poor, to %s: 400",
    async (operation) => {
      const refused = async (image: string) => {
        const { response, error } = await wrong(image)[operation]();
        return [
          response.status,
          (error as { errorType: string }).errorType,
          (error as { errorCode: number }).errorCode,
        ];
      };
      await register();
      expect(await refused(face("none"))).toEqual([400, "NoFace", 2001]);
      expect(await refused(face("alice", { quality: 0.449 }))).toEqual([400, "PoorQuality", 2002]);
      const accepted = await wrong(face("alice", { quality: 0.45 }))[operation]();
      expect(accepted.response.ok).toBe(true);
    },
  );

  const image = face("alice");
  const invalid: [
    call: "POST /subjects" | "POST /face/search" | "POST /face/verify" | "POST /face/extract",
    body: string,
    message: string,
  ][] = [
    ["POST /subjects", "", "face property must be provided."],
    ["POST /subjects", "{}", "face property must be provided."],
    ["POST /subjects", "{", "request body must be valid JSON."],
    ["POST /subjects", "[]", "request body must be a JSON object."],
    ["POST /subjects", "null", "request body must be a JSON object."],
    ["POST /subjects", '{"face":1}', "face property must be text."],
    ["POST /subjects", '{"face":"no Base64"}', "face property must be base64 text."],
    ["POST /subjects", '{"face":"abc"}', "face property must be base64 text."],
    ["POST /subjects", `{"face":"${image}","name":"x"}`, "name property is not known."],
    ["POST /face/extract", "{}", "faces property must be provided."],
    ["POST /face/verify", "{}", "probe property must be provided."],
    ["POST /face/verify", `{"probe":"${image}"}`, "id property must be provided."],
    ["POST /face/search", "{}", "probe property must be provided."],
    ["POST /face/search", `{"probe":"${image}","threshold":-1}`, "threshold property must be at least 0."],
    [
      "POST /face/search",
      `{"probe":"${image}","threshold":10000}`,
      "threshold property must be at most 9999.",
    ],
    [
      "POST /face/search",
      `{"probe":"${image}","threshold":"7000"}`,
      "threshold property must be an integer.",
    ],
    ["POST /face/search", `{"probe":"${image}","limit":0}`, "limit property must be at least 1."],
    ["POST /face/search", `{"probe":"${image}","limit":51}`, "limit property must be at most 50."],
    ["POST /face/search", `{"probe":"${image}","limit":1.5}`, "limit property must be an integer."],
  ];
  test.each(invalid)("%s with %s: 400 InvalidRequest", async (call, body, message) => {
    const path = call.slice("POST ".length) as "/subjects";
    const { response, error } = await clientOf(0).POST(path, {
      body: body as never,
      bodySerializer: () => body,
      headers: { "content-type": "application/json" },
    });
    expect([response.status, error]).toEqual([
      400,
      { message, errorCode: 1001, errorType: "InvalidRequest" },
    ]);
  });

  test("a second register of the same person: 201 with another id", async () => {
    expect(await register()).not.toBe(await register());
  });

  test("two API keys see two galleries: ids of one are unknown in the other", async () => {
    const id = await register();
    const other = clientOf(1).operations;
    await emptyNotFound(other.ApiFaceVerifyPost({ body: { id, probe: face("alice") } }));
    await emptyNotFound(other.ApiSubjectsByIdPut({ ...on(id), body: { face: face("alice") } }));
    await emptyNotFound(other.ApiSubjectsByIdDelete(on(id)));
    await emptyNotFound(other.ApiFaceSearchPost({ body: { probe: face("alice") } }));
    expect((await client().ApiFaceVerifyPost({ body: { id, probe: face("alice") } })).response.status).toBe(
      200,
    );
  });

  test("Prefer overrides the service", async () => {
    const { response } = await client().ApiSubjectsPost({
      body: { face: image },
      headers: { prefer: "code=400, example=NoFace" },
    });
    expect(response.status).toBe(400);
    await emptyNotFound(client().ApiFaceSearchPost({ body: { probe: image } }));
  });
});
