import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createClient as createV1Client } from "../../../contracts/necid/client.ts";
import { createClient } from "../../../contracts/necid/client-v1.1.ts";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { type Mock, startMock } from "../../../mocks/mock.ts";

let mock: Mock;
beforeAll(async () => {
  // A response that breaks the contract would be a 502.
  mock = await startMock({ selfCheck: true });
});
afterAll(() => mock.close());
beforeEach(() => {
  mock.reset();
  mock.clock.set(Date.UTC(2026, 0, 31, 12));
});

const clientOf = (application: 0 | 1 | undefined) =>
  createClient({
    ...mock.credentials,
    ...(application !== undefined && { apiKey: mock.apiKeys[application]! }),
    baseUrl: mock.urls["necid-v1.1"],
    fetch: mock.fetch,
    clock: () => mock.clock.now(),
    retries: 0,
  }).operations;
const client = () => clientOf(0);
const v1 = () =>
  createV1Client({
    ...mock.credentials,
    apiKey: mock.apiKeys[0]!,
    baseUrl: mock.urls["necid-v1"],
    fetch: mock.fetch,
    clock: () => mock.clock.now(),
    retries: 0,
  }).operations;

type Result = { response: Response; error?: unknown };
const on = (subjectId: string) => ({ params: { path: { subjectId } } });
const at = (subjectId: string, eventId: string) => ({ params: { path: { subjectId, eventId } } });
const tagged = (name: string) => ({ params: { path: { name } } });
const statusOf = async (call: Promise<Result>) => (await call).response.status;
const errorOf = async (call: Promise<Result>) => {
  const { response, error } = await call;
  return [response.status, error];
};
const refusal = (message: string, errorCode: number, errorType: string) => [
  400,
  { message, errorCode, errorType },
];
const notFound = [404, undefined];

async function register(image = face("alice"), tags?: string[]) {
  const { data, response } = await client().ApiSubjectsPost({ body: { face: image, tags } });
  expect(response.status).toBe(201);
  return { id: data!.id, eventId: data!.eventId };
}

async function addEvent(id: string, image: string, tags?: string[]) {
  const { data, response } = await client().ApiSubjectsByIdEventsPost({
    ...on(id),
    body: { face: image, tags },
  });
  expect(response.status).toBe(201);
  return data!.eventId;
}

const eventsOf = async (id: string) =>
  (await client().ApiSubjectsByIdEventsGet(on(id))).data?.events.map((event) => event.id);
const search = async (body: { probe: string; threshold?: number; limit?: number; tags?: string[] }) =>
  (await client().ApiFaceSearchPost({ body })).data?.candidates;
const createTag = (name: string) => client().CreateTag(tagged(name));
const rows = async (query?: { start?: number; length?: number; dir?: "asc" | "desc" }) =>
  (await client().ApiSubjectsGet({ params: { query } })).data;

describe("events", () => {
  test("a registration is a subject's first event, and each event has an id of its own", async () => {
    const { id, eventId } = await register();
    expect(eventId).toMatch(/^eventguid-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const second = await addEvent(id, face("alice", { photo: 2 }));
    expect(await eventsOf(id)).toEqual([eventId, second]);
    expect(second).not.toBe(eventId);
  });

  test("the response to an event has the subject, the event and the attributes", async () => {
    const { id } = await register();
    const { data } = await client().ApiSubjectsByIdEventsPost({
      ...on(id),
      body: { face: face("alice", { photo: 2, quality: 0.9 }) },
    });
    expect(data).toMatchObject({ id, attributes: { faceQualityScore: "0.9" } });
    const { eventId } = data!;
    const updated = await client().ApiSubjectsByIdEventByIdPut({
      ...at(id, eventId),
      body: { face: face("bob", { quality: 0.8 }) },
    });
    expect([updated.response.status, updated.data]).toMatchObject([
      200,
      { id, eventId, attributes: { faceQualityScore: "0.8" } },
    ]);
  });

  test("an update replaces the first event, whose id stays", async () => {
    const { id, eventId } = await register();
    const second = await addEvent(id, face("alice", { photo: 2 }));
    const { data } = await client().ApiSubjectsByIdPut({ ...on(id), body: { face: face("bob") } });
    expect([data!.id, data!.eventId]).toEqual([id, eventId]);
    expect(await eventsOf(id)).toEqual([eventId, second]);
    expect((await search({ probe: face("bob") }))?.map((one) => one.id)).toEqual([id]);
    expect((await search({ probe: face("alice") }))?.map((one) => one.events.map((e) => e.id))).toEqual([
      [second],
    ]);
  });

  test("an event that is gone is found by nobody; the last one takes the subject along", async () => {
    const { id, eventId } = await register();
    const second = await addEvent(id, face("bob"));
    expect(await statusOf(client().ApiSubjectsByIdEventByIdDelete(at(id, eventId)))).toBe(204);
    expect(await errorOf(client().ApiSubjectsByIdEventByIdDelete(at(id, eventId)))).toEqual(notFound);
    expect([await search({ probe: face("alice") }), await eventsOf(id)]).toEqual([undefined, [second]]);
    expect(await statusOf(client().ApiSubjectsByIdEventByIdDelete(at(id, second)))).toBe(204);
    expect(await errorOf(client().ApiSubjectsByIdEventsGet(on(id)))).toEqual(notFound);
    expect(await statusOf(v1().ApiFaceVerifyPost({ body: { id, probe: face("bob") } }))).toBe(404);
  });

  test("the id of an event is not given again after it is gone", async () => {
    const { id } = await register();
    const second = await addEvent(id, face("bob"));
    await client().ApiSubjectsByIdEventByIdDelete(at(id, second));
    expect(await addEvent(id, face("bob"))).not.toBe(second);
  });

  test("whatever is unknown is 404 without a body", async () => {
    const { id, eventId } = await register();
    const other = await register(face("bob"));
    const body = { face: face("alice") };
    const calls: Promise<Result>[] = [
      client().ApiSubjectsByIdPut({ ...on("nobody"), body }),
      client().ApiSubjectsByIdDelete(on("nobody")),
      client().ApiSubjectsByIdEventsGet(on("nobody")),
      client().ApiSubjectsByIdEventsPost({ ...on("nobody"), body }),
      client().ApiSubjectsByIdEventByIdPut({ ...at("nobody", eventId), body }),
      client().ApiSubjectsByIdEventByIdPut({ ...at(id, other.eventId), body }),
      client().ApiSubjectsByIdEventByIdDelete(at(id, "nothing")),
      client().ApiSubjectsByIdEventByIdDelete(at(id, other.eventId)),
      client().UpdateTag({ ...tagged("nothing"), body: { newName: "x" } }),
      client().DeleteTag(tagged("nothing")),
      client().GetBulkRegisterProgress({ params: { path: { batchId: "nothing" } } }),
      clientOf(1).ApiSubjectsByIdEventsGet(on(id)),
    ];
    expect(await Promise.all(calls.map(errorOf))).toEqual(calls.map(() => notFound));
  });

  test.each([
    ["no face", "none", "No face was found in the image.", 2001, "NoFace"],
    ["a poor face", "alice?quality=0.2", "The quality of the face is too low.", 2002, "PoorQuality"],
    ["two faces", "alice;bob", "The image has more than one face.", 2003, "MultipleFaces"],
  ])("%s is refused wherever one face is wanted", async (_, picture, message, code, type) => {
    const { id, eventId } = await register();
    const image = face(picture);
    const calls = [
      client().ApiSubjectsPost({ body: { face: image } }),
      client().ApiSubjectsByIdPut({ ...on(id), body: { face: image } }),
      client().ApiSubjectsByIdEventsPost({ ...on(id), body: { face: image } }),
      client().ApiSubjectsByIdEventByIdPut({ ...at(id, eventId), body: { face: image } }),
      client().ApiFaceSearchPost({ body: { probe: image } }),
      client().ApiFaceVerifyPost({ body: { probe: image, id } }),
      client().ApiFaceVerifyPost({ body: { probe: image, face: face("alice") } }),
      client().ApiFaceVerifyPost({ body: { probe: face("alice"), face: image } }),
    ];
    const expected = refusal(message, code, type);
    expect(await Promise.all(calls.map(errorOf))).toEqual(calls.map(() => expected));
  });
});

describe("the same galleries", () => {
  test("a subject of one version is found, changed and removed by the other", async () => {
    const { data } = await v1().ApiSubjectsPost({ body: { face: face("alice") } });
    const { id } = data!;
    const [event] = (await eventsOf(id))!;
    expect(await search({ probe: face("alice") })).toEqual([
      { id, score: 9999, events: [{ id: event, score: 9999 }] },
    ]);
    await addEvent(id, face("bob"));
    const found = await v1().ApiFaceSearchPost({ body: { probe: face("bob") } });
    expect(found.data!.candidates).toEqual([{ id, score: 9999 }]);
    expect(await statusOf(v1().ApiSubjectsByIdDelete({ params: { path: { id } } }))).toBe(204);
    expect(await eventsOf(id)).toBeUndefined();
  });

  test("v1 takes the first of several faces, v1.1 refuses them", async () => {
    const body = { face: face("alice;bob") };
    expect(await statusOf(v1().ApiSubjectsPost({ body }))).toBe(201);
    expect(await statusOf(client().ApiSubjectsPost({ body }))).toBe(400);
  });

  test("v1 does not know what is new in v1.1", async () => {
    const { error, response } = await v1().ApiSubjectsPost({
      body: { face: face("alice"), tags: [] } as { face: string },
    });
    expect([response.status, (error as { message: string }).message]).toEqual([
      400,
      "tags property is not known.",
    ]);
  });
});

describe("tags", () => {
  test("they are created, listed, renamed and deleted", async () => {
    const names = async () => (await client().Get()).data;
    expect(await names()).toEqual([]);
    expect(await statusOf(createTag("visitor"))).toBe(200);
    await createTag("staff");
    expect(await statusOf(client().UpdateTag({ ...tagged("visitor"), body: { newName: "guest" } }))).toBe(
      200,
    );
    expect(await names()).toEqual(["guest", "staff"]);
    expect(await statusOf(client().DeleteTag(tagged("staff")))).toBe(200);
    expect(await names()).toEqual(["guest"]);
    expect((await clientOf(1).Get()).data).toEqual([]);
  });

  test.each(["a b", "ä/ö", "%41", "a.b", "100%"])("a tag may be named %j", async (name) => {
    await createTag(name);
    expect((await client().Get()).data).toEqual([name]);
    expect(await statusOf(client().DeleteTag(tagged(name)))).toBe(200);
  });

  test("a name that is taken is a Duplicate", async () => {
    await createTag("visitor");
    await createTag("staff");
    const duplicate = (name: string) => refusal(`There is a tag named '${name}' already.`, 1002, "Duplicate");
    expect(await errorOf(createTag("visitor"))).toEqual(duplicate("visitor"));
    const renamed = client().UpdateTag({ ...tagged("visitor"), body: { newName: "staff" } });
    expect(await errorOf(renamed)).toEqual(duplicate("staff"));
    const same = client().UpdateTag({ ...tagged("visitor"), body: { newName: "visitor" } });
    expect(await statusOf(same)).toBe(200);
  });

  test("a gallery has at most 64", async () => {
    for (let place = 1; place <= 64; place++) expect(await statusOf(createTag(`tag ${place}`))).toBe(200);
    expect(await errorOf(createTag("tag 65"))).toEqual(
      refusal("A gallery has at most 64 tags.", 1001, "InvalidRequest"),
    );
    await client().DeleteTag(tagged("tag 1"));
    expect(await statusOf(createTag("tag 65"))).toBe(200);
  });

  test("a tag must exist before it is used", async () => {
    const { id, eventId } = await register();
    const body = { face: face("alice"), tags: ["visitor"] };
    const calls = [
      client().ApiSubjectsPost({ body }),
      client().ApiSubjectsByIdPut({ ...on(id), body }),
      client().ApiSubjectsByIdEventsPost({ ...on(id), body }),
      client().ApiSubjectsByIdEventByIdPut({ ...at(id, eventId), body }),
      client().ApiFaceSearchPost({ body: { probe: face("alice"), tags: ["visitor"] } }),
    ];
    const message = "tags property must name tags that exist; 'visitor' does not.";
    expect(await Promise.all(calls.map(errorOf))).toEqual(
      calls.map(() => refusal(message, 1001, "InvalidRequest")),
    );
    const registrations = [{ filename: "alice.jpg" }, { filename: "bob.jpg", tags: ["visitor"] }];
    expect(await errorOf(client().BulkRegister({ body: { registrations } }))).toEqual(
      refusal(
        "registrations.1.tags property must name tags that exist; 'visitor' does not.",
        1001,
        "InvalidRequest",
      ),
    );
  });

  test("a search by tags finds the events that have one of them", async () => {
    for (const name of ["visitor", "staff", "unused"]) await createTag(name);
    const alice = await register(face("alice"), ["visitor"]);
    const second = await addEvent(alice.id, face("alice", { photo: 2 }), ["staff"]);
    const other = await register(face("alice", { photo: 3 }));
    const probe = face("alice");
    const found = async (tags?: string[]) =>
      (await search({ probe, tags }))?.map(({ id, events }) => [id, events.map((event) => event.id)]);
    expect(await found(["staff"])).toEqual([[alice.id, [second]]]);
    expect(await found(["visitor", "staff"])).toEqual([[alice.id, [alice.eventId, second]]]);
    expect(await found(["unused"])).toBeUndefined();
    expect((await found())!.map(([id]) => id).sort()).toEqual([alice.id, other.id].sort());
  });

  test("a new name is that of the events too, a deleted tag is on none", async () => {
    await createTag("visitor");
    const { id } = await register(face("alice"), ["visitor"]);
    await client().UpdateTag({ ...tagged("visitor"), body: { newName: "guest" } });
    const found = async () => (await search({ probe: face("alice"), tags: ["guest"] }))?.map((one) => one.id);
    expect(await found()).toEqual([id]);
    await client().DeleteTag(tagged("guest"));
    await createTag("guest");
    expect(await found()).toBeUndefined();
  });

  test("an update without tags keeps them, one with tags replaces them", async () => {
    await createTag("visitor");
    const { id } = await register(face("alice"), ["visitor"]);
    const found = async () => (await search({ probe: face("bob"), tags: ["visitor"] }))?.length;
    await client().ApiSubjectsByIdPut({ ...on(id), body: { face: face("bob") } });
    expect(await found()).toBe(1);
    await client().ApiSubjectsByIdPut({ ...on(id), body: { face: face("bob"), tags: [] } });
    expect(await found()).toBeUndefined();
  });
});

describe("the list", () => {
  test("has a row for each event, deleted ones included, in the order of registration", async () => {
    const alice = await register(face("alice"));
    const bob = await register(face("bob"));
    mock.clock.advance(60_000);
    const second = await addEvent(alice.id, face("alice", { photo: 2 }));
    await client().ApiSubjectsByIdEventByIdDelete(at(alice.id, alice.eventId));
    const row = (id: string, eventId: string, status: string, minute: string) => ({
      id,
      eventId,
      status,
      lastUpdated: `2026-01-31T12:${minute}:00+00:00`,
    });
    const all = [
      row(alice.id, alice.eventId, "D", "01"),
      row(bob.id, bob.eventId, "A", "00"),
      row(alice.id, second, "A", "01"),
    ];
    expect(await rows()).toEqual({ subjects: all, total: 3 });
    expect(await rows({ dir: "desc" })).toEqual({ subjects: all.toReversed(), total: 3 });
    expect(await rows({ start: 1, length: 1 })).toEqual({ subjects: [all[1]], total: 3 });
    expect(await rows({ start: 1, dir: "desc" })).toEqual({ subjects: [all[1], all[0]], total: 3 });
  });

  test("without a row it is 404", async () => {
    expect(await errorOf(client().ApiSubjectsGet())).toEqual(notFound);
    await register();
    expect(await errorOf(client().ApiSubjectsGet({ params: { query: { start: 1 } } }))).toEqual(notFound);
  });

  test.each([
    [{ start: -1 }, "start parameter must be at least 0."],
    [{ length: 0 }, "length parameter must be at least 1."],
    [{ length: 1001 }, "length parameter must be at most 1000."],
    [{ dir: "up" as "asc" }, "dir parameter must be one of asc, desc."],
  ])("%j is refused", async (query, message) => {
    expect(await errorOf(client().ApiSubjectsGet({ params: { query } }))).toEqual(
      refusal(message, 1001, "InvalidRequest"),
    );
  });

  test("a page has 1000 rows unless it is told less", async () => {
    mock.seedSubjects({ 1: Array.from({ length: 1001 }, (_, index) => `person ${index}`) });
    const page = await rows();
    expect([page!.subjects.length, page!.total]).toEqual([1000, 1001]);
    expect((await rows({ start: 1000 }))!.subjects.length).toBe(1);
  });
});

describe("faces", () => {
  test("two faces are compared without an API key", async () => {
    const nobody = clientOf(undefined);
    const body = { probe: face("alice"), face: face("alice", { photo: 2 }) };
    const { data, response } = await nobody.ApiFaceVerifyPost({ body });
    expect(response.status).toBe(200);
    expect(data).toEqual({ score: expect.any(Number) });
    expect(data!.score).toBeGreaterThanOrEqual(7000);
    const other = { probe: face("alice"), face: face("bob") };
    expect(await errorOf(nobody.ApiFaceVerifyPost({ body: other }))).toEqual(notFound);
  });

  test("a subject is verified with an API key only, by its best event", async () => {
    const { id } = await register();
    await addEvent(id, face("bob"));
    const body = { id, probe: face("bob") };
    expect((await client().ApiFaceVerifyPost({ body })).data).toEqual({ id, score: 9999 });
    expect(await errorOf(clientOf(undefined).ApiFaceVerifyPost({ body }))).toEqual([
      403,
      { message: "Forbidden" },
    ]);
    expect(await errorOf(clientOf(1).ApiFaceVerifyPost({ body }))).toEqual(notFound);
  });

  test.each([
    [{ id: undefined, face: undefined }, "id property must be provided."],
    [{ id: "x", face: face("alice") }, "request body is invalid: must match exactly one schema in oneOf."],
  ])("verify with neither or both of id and face is refused", async (given, message) => {
    const body = { probe: face("alice"), ...given };
    expect(await errorOf(client().ApiFaceVerifyPost({ body: body as never }))).toEqual(
      refusal(message, 1001, "InvalidRequest"),
    );
  });

  test("extract has a limit, 10 unless it is given, and needs no API key", async () => {
    const faces = face(Array.from({ length: 25 }, (_, place) => `person ${place}`).join(";"), {
      width: 2000,
    });
    const found = async (limit?: number) =>
      (await clientOf(undefined).ApiFaceExtractPost({ body: { faces, limit } })).data!.faces.length;
    expect(await Promise.all([found(), found(1), found(20)])).toEqual([10, 1, 20]);
    expect(await errorOf(client().ApiFaceExtractPost({ body: { faces: face("none") } }))).toEqual(notFound);
  });

  test("the candidates are subjects, the best first, each with its events from the best on", async () => {
    const alice = await register(face("alice", { photo: 2 }));
    const second = await addEvent(alice.id, face("alice", { photo: 3 }));
    const bob = await register(face("bob"));
    const third = await addEvent(bob.id, face("alice"));
    const candidates = (await search({ probe: face("alice"), limit: 50 }))!;
    expect(candidates.map(({ id }) => id)).toEqual([bob.id, alice.id]);
    expect(candidates[0]).toEqual({ id: bob.id, score: 9999, events: [{ id: third, score: 9999 }] });
    const { score, events } = candidates[1]!;
    expect(events.map(({ id }) => id).sort()).toEqual([alice.eventId, second].sort());
    expect([score, events[0]!.score]).toEqual([events[0]!.score, Math.max(...events.map((e) => e.score))]);
    expect((await search({ probe: face("alice"), limit: 1 }))!.map(({ id }) => id)).toEqual([bob.id]);
  });
});

describe("bulk registrations", () => {
  const start = async (registrations: { filename: string; tags?: string[] }[]) =>
    (await client().BulkRegister({ body: { registrations } })).data!.batchId;
  const follow = async (batchId: string) =>
    (await client().GetBulkRegisterProgress({ params: { path: { batchId } } })).data!;
  const followPage = (batchId: string, pagingId: string) =>
    client().GetBulkRegisterProgressPaged({ params: { path: { batchId, pagingId } } });

  test("records are processed one after the other, by the clock of the world", async () => {
    await createTag("visitor");
    const files = ["in/alice.jpg", "none.png", "alice;bob.jpeg", "carol?quality=0.2.jpg", "a?b.jpg"];
    const batchId = await start(files.map((filename) => ({ filename, tags: ["visitor"] })));
    expect(batchId).toMatch(/^batchguid-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const waiting = files.map((filename, index) => ({
      id: String(index + 1),
      filename,
      attempts: "0",
      status: "New",
    }));
    expect(await follow(batchId)).toEqual({ batchId, processed: waiting });
    expect(await search({ probe: face("alice") })).toBeUndefined();

    mock.clock.advance(200);
    const [first, second, third] = (await follow(batchId)).processed;
    expect(first).toMatchObject({ attempts: "1", registerStatus: "Success", status: "Processed" });
    expect(second).toEqual({
      ...waiting[1],
      attempts: "1",
      registerStatus: "Failed",
      reason: "NoFace",
      status: "Processed",
    });
    expect(third).toEqual(waiting[2]);
    expect(await eventsOf(first!.subjectId!)).toEqual([first!.eventId]);
    expect(JSON.parse(first!.attributesJson!)).toHaveProperty("faceArea");
    expect((await search({ probe: face("alice"), tags: ["visitor"] }))![0]!.id).toBe(first!.subjectId);

    mock.clock.advance(300);
    expect((await follow(batchId)).processed.map(({ reason }) => reason)).toEqual([
      undefined,
      "NoFace",
      "MultipleFaces",
      "PoorQuality",
      "InvalidRequest",
    ]);
  });

  test("pages have 1000 records, and the last one no key", async () => {
    const batchId = await start(Array.from({ length: 2001 }, (_, index) => ({ filename: `${index}.jpg` })));
    const first = await follow(batchId);
    expect([first.processed.length, first.lastEvaluatedKey]).toEqual([1000, "1000"]);
    const { data: second } = await followPage(batchId, "1000");
    expect([second!.processed[0]!.filename, second!.lastEvaluatedKey]).toEqual(["1000.jpg", "2000"]);
    const { data: last } = await followPage(batchId, "2000");
    expect([last!.processed.map(({ filename }) => filename), last!.lastEvaluatedKey]).toEqual([
      ["2000.jpg"],
      undefined,
    ]);
    for (const pagingId of ["2001", "0", "-1", "x", "1e3"])
      expect(await errorOf(followPage(batchId, pagingId))).toEqual(notFound);
  });

  test("another application does not see them", async () => {
    const batchId = await start([{ filename: "alice.jpg" }]);
    expect(await errorOf(clientOf(1).GetBulkRegisterProgress({ params: { path: { batchId } } }))).toEqual(
      notFound,
    );
  });
});

describe("faults, journal and coverage", () => {
  test("a Timeout is a fault that a test can ask for", async () => {
    mock.faults.add({ operation: "BulkRegister", fault: { error: "Timeout" } });
    const registrations = [{ filename: "alice.jpg" }];
    expect(await errorOf(client().BulkRegister({ body: { registrations } }))).toEqual([
      500,
      { message: "The request took too long.", errorCode: 1003, errorType: "Timeout" },
    ]);
  });

  test.each([
    ["CreateTag", "Duplicate", () => createTag("visitor")],
    ["ApiSubjectsPost", "MultipleFaces", () => client().ApiSubjectsPost({ body: { face: face("alice") } })],
  ])("%s can be made to answer %s", async (operation, error, call) => {
    mock.faults.add({ operation, fault: { error } });
    expect(await errorOf(call())).toMatchObject([400, { errorType: error }]);
  });

  test("the journal names the contract and shows no image", async () => {
    await register(face("alice"));
    const body = { probe: face("alice"), face: face("bob") };
    await client().ApiFaceVerifyPost({ body });
    await v1().ApiSubjectsPost({ body: { face: face("alice") } });
    const calls = mock.journal.list();
    expect(calls.map(({ path, operation, contract }) => [path, operation, contract])).toEqual([
      ["/v1.1/subjects", "ApiSubjectsPost", "necid-v1.1"],
      ["/v1.1/face/verify", "ApiFaceVerifyPost", "necid-v1.1"],
      ["/v1/subjects", "ApiSubjectsPost", undefined],
    ]);
    expect(calls[1]!.request.body).toEqual({
      probe: { sha256: expect.any(String), bytes: expect.any(Number) },
      face: { sha256: expect.any(String), bytes: expect.any(Number) },
    });
  });

  test("the coverage has v1.1 once it was called", async () => {
    await v1().ApiSubjectsPost({ body: { face: face("alice") } });
    expect(mock.coverage.report().filter(({ contract }) => contract !== undefined)).toEqual([]);
    await register(face("alice"));
    const covered = mock.coverage.report().filter(({ calls }) => calls > 0);
    expect(covered).toEqual([
      { operation: "ApiSubjectsPost", status: 201, documented: true, calls: 1 },
      { operation: "ApiSubjectsPost", status: 201, documented: true, calls: 1, contract: "necid-v1.1" },
    ]);
  });

  test("a path of neither version is refused", async () => {
    const response = await mock.fetch(new URL("/v1.2/health", mock.url));
    expect([response.status, await response.json()]).toEqual([
      403,
      { message: "Missing Authentication Token" },
    ]);
    expect((await mock.fetch(`${mock.urls["necid-v1.1"]}/health`)).status).toBe(200);
  });
});

test("the state has events, tags, deleted rows and bulk registrations, and responds the same when loaded", async () => {
  await createTag("visitor");
  await createTag("staff");
  const alice = await register(face("alice"), ["visitor"]);
  const bob = await register(face("bob"));
  await addEvent(alice.id, face("alice", { photo: 2 }), ["visitor", "staff"]);
  const gone = await addEvent(alice.id, face("alice", { photo: 3 }));
  await client().ApiSubjectsByIdEventByIdDelete(at(alice.id, gone));
  await client().ApiSubjectsByIdDelete(on(bob.id));
  const registrations = ["carol.jpg", "none.jpg", "dave.jpg"].map((filename) => ({ filename }));
  const { data } = await client().BulkRegister({ body: { registrations } });
  mock.clock.advance(200);
  const path = { batchId: data!.batchId };
  const shown = async () => [
    await rows(),
    (await client().Get()).data,
    await search({ probe: face("alice"), tags: ["staff"] }),
    await eventsOf(alice.id),
    (await client().GetBulkRegisterProgress({ params: { path } })).data,
  ];
  const before = await shown();
  const control = (init?: RequestInit) => mock.fetch(new URL("/__necid/state", mock.url), init);
  const saved = await (await control()).text();
  expect(saved).not.toContain(mock.apiKeys[0]);

  const time = mock.clock.now();
  mock.reset();
  mock.clock.set(time);
  expect(await rows()).toBeUndefined();
  const loaded = await control({
    method: "PUT",
    body: saved,
    headers: { "content-type": "application/json" },
  });
  expect(loaded.status).toBe(204);
  expect(await shown()).toEqual(before);
  expect(await (await control()).text()).toBe(saved);
  expect(await addEvent(alice.id, face("alice", { photo: 4 }))).not.toBe(gone);
  mock.clock.advance(100);
  expect((await search({ probe: face("dave") }))?.length).toBe(1);
});
