import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import openapi from "#generated/necid-v1.1/openapi.json" with { type: "json" };
import { createClient as createV1Client } from "../../../../contracts/necid/client.ts";
import { createClient } from "../../../../contracts/necid/client-v1.1.ts";
import { face } from "../../../../contracts/necid/faces/faces.ts";
import { readOperations } from "../../../../contracts/openapi/operations.ts";
import { pactChecks } from "../../../../contracts/verify/pact/checks.ts";
import { comparePact } from "../../../../contracts/verify/pact/compare.ts";
import { readPact } from "../../../../contracts/verify/pact/pact.ts";
import { openPactVerifier } from "../../../../contracts/verify/pact/verifier.ts";
import { type Mock, startMock } from "../../../../mocks/mock.ts";
import { type OwnVerifier, openOwnVerifier } from "../../../contracts/verify/pact/own-verifier.ts";
import { openSession, pactOptions, runAll } from "../../../contracts/verify/pact/pact-world.ts";

let mock: Mock;
let url: string;
let own: OwnVerifier;
const verifier = openPactVerifier();
beforeAll(async () => {
  mock = await startMock({ auth: "off" });
  url = mock.urls["necid-v1.1"]!;
  own = await openOwnVerifier();
});
afterAll(() => Promise.all([mock.close(), own.close(), verifier.close()]));
beforeEach(() => mock.reset());

const contract = "necid-v1.1";

function client() {
  return createClient({ ...mock.credentials, apiKey: mock.apiKeys[0]!, baseUrl: url, retries: 0 }).operations;
}

/** Calls every operation, and most of its errors. */
async function callEverything() {
  const call = client();
  const tag = (name: string) => ({ params: { path: { name } } });
  await call.CreateTag(tag("visitor"));
  await call.CreateTag(tag("visitor"));
  await call.Get();
  const alice = await call.ApiSubjectsPost({ body: { face: face("alice"), tags: ["visitor"] } });
  await call.ApiSubjectsPost({ body: { face: face("bob;carol") } });
  await call.ApiSubjectsPost({ body: { face: face("bob"), tags: ["nobody's"] } });
  const { id: subjectId, eventId } = alice.data!;
  const onSubject = { path: { subjectId } };
  const onEvent = { path: { subjectId, eventId } };
  const unknown = { path: { subjectId: "necidguid-0000-0000-0000-00000000ffff" } };
  await call.ApiSubjectsGet();
  await call.ApiSubjectsGet({ params: { query: { length: 1, dir: "desc" } } });
  await call.ApiSubjectsGet({ params: { query: { start: 1 } } });
  await call.ApiSubjectsByIdPut({ params: onSubject, body: { face: face("alice?photo=2") } });
  await call.ApiSubjectsByIdEventsGet({ params: onSubject });
  await call.ApiSubjectsByIdEventsGet({ params: unknown });
  const added = await call.ApiSubjectsByIdEventsPost({
    params: onSubject,
    body: { face: face("alice?photo=3") },
  });
  await call.ApiSubjectsByIdEventsPost({ params: unknown, body: { face: face("alice") } });
  await call.ApiSubjectsByIdEventByIdPut({
    params: { path: { subjectId, eventId: added.data!.eventId } },
    body: { face: face("alice?photo=4"), tags: ["visitor"] },
  });
  await call.ApiFaceSearchPost({ body: { probe: face("alice"), tags: ["visitor"] } });
  await call.ApiFaceSearchPost({ body: { probe: face("alice"), limit: 2 } });
  await call.ApiFaceSearchPost({ body: { probe: face("dave"), tags: ["visitor"] } });
  await call.ApiFaceVerifyPost({ body: { probe: face("alice?photo=5"), id: subjectId } });
  await call.ApiFaceVerifyPost({ body: { probe: face("dave"), id: subjectId } });
  await call.ApiFaceVerifyPost({ body: { probe: face("alice"), face: face("alice?photo=2") } });
  await call.ApiFaceVerifyPost({ body: { probe: face("alice"), face: face("bob") } });
  await call.ApiFaceExtractPost({ body: { faces: face("alice;bob"), limit: 1 } });
  await call.ApiFaceExtractPost({ body: { faces: face("none") } });
  await call.ApiSubjectsByIdEventByIdDelete({
    params: { path: { subjectId, eventId: added.data!.eventId } },
  });
  await call.ApiSubjectsByIdEventByIdDelete({ params: onEvent });
  await call.ApiSubjectsByIdEventByIdDelete({ params: onEvent });
  await call.ApiFaceVerifyPost({ body: { probe: face("alice"), id: subjectId } });
  await call.ApiSubjectsByIdDelete({ params: onSubject });
  const job = await call.BulkRegister({
    body: { registrations: [{ filename: "none.jpg", tags: ["visitor"] }] },
  });
  const { batchId } = job.data!;
  await call.GetBulkRegisterProgress({ params: { path: { batchId } } });
  await call.GetBulkRegisterProgressPaged({ params: { path: { batchId, pagingId: "1000" } } });
  mock.clock.advance(60_000);
  await call.GetBulkRegisterProgress({ params: { path: { batchId } } });
  await call.UpdateTag({ ...tag("visitor"), body: { newName: "guest" } });
  await call.UpdateTag({ ...tag("visitor"), body: { newName: "guest" } });
  await call.DeleteTag(tag("guest"));
  await call.DeleteTag(tag("guest"));
}

it("has an interaction of each call, which the contract allows and both verifiers pass", async () => {
  await callEverything();
  const made = await mock.pact({ consumer: "door", contract });
  expect(made.provider).toEqual({ name: "necid-v1.1" });
  const described = made.interactions.map(({ description, providerStates = [] }) => [
    description,
    (providerStates as { name: string }[]).map(({ name }) => name),
  ]);
  expect(described).toMatchInlineSnapshot(`
    [
      [
        "create a tag: 200",
        [
          "a tag does not exist",
        ],
      ],
      [
        "create a tag: 400 Duplicate",
        [
          "a tag exists",
        ],
      ],
      [
        "list the tags: 200",
        [
          "a tag exists",
        ],
      ],
      [
        "register a face with tags: 201",
        [
          "a tag exists",
        ],
      ],
      [
        "register a face: 400 MultipleFaces",
        [],
      ],
      [
        "list the gallery: 200",
        [
          "a subject has an event",
        ],
      ],
      [
        "list the gallery with dir and length: 200",
        [
          "a subject has an event",
        ],
      ],
      [
        "replace a registered face: 200",
        [
          "a face is registered",
        ],
      ],
      [
        "list the events of a subject: 200",
        [
          "a subject has an event",
        ],
      ],
      [
        "list the events of a subject: 404",
        [
          "a subject does not exist",
        ],
      ],
      [
        "register another face of a subject: 201",
        [
          "a face is registered",
        ],
      ],
      [
        "register another face of a subject: 404",
        [
          "a subject does not exist",
        ],
      ],
      [
        "replace the face of an event with tags: 200",
        [
          "a tag exists",
          "a subject has an event",
        ],
      ],
      [
        "search the gallery for a face with tags: 200",
        [
          "a subject has an event",
        ],
      ],
      [
        "search the gallery for a face with limit: 200",
        [
          "a face is registered",
        ],
      ],
      [
        "search the gallery for a face with tags: 404",
        [
          "a tag exists",
          "a face is not registered",
        ],
      ],
      [
        "verify a face against one subject, or against another face with id: 200",
        [
          "a face is registered",
        ],
      ],
      [
        "verify a face against one subject, or against another face with id: 404",
        [
          "a face is registered",
        ],
      ],
      [
        "verify a face against one subject, or against another face with face: 200",
        [],
      ],
      [
        "verify a face against one subject, or against another face with face: 404",
        [],
      ],
      [
        "measure the faces in a picture with limit: 200",
        [],
      ],
      [
        "measure the faces in a picture: 404",
        [],
      ],
      [
        "unregister an event: 204",
        [
          "a subject has an event",
        ],
      ],
      [
        "unregister an event: 404",
        [
          "a subject does not exist",
        ],
      ],
      [
        "verify a face against one subject, or against another face with id: 404",
        [
          "a subject does not exist",
        ],
      ],
      [
        "unregister a face: 404",
        [
          "a subject does not exist",
        ],
      ],
      [
        "register many faces: 200",
        [
          "a tag exists",
        ],
      ],
      [
        "follow a bulk registration: 200",
        [
          "a bulk registration was started",
        ],
      ],
      [
        "follow a bulk registration, page by page: 404",
        [],
      ],
      [
        "rename a tag: 200",
        [
          "a tag exists",
          "a tag does not exist",
        ],
      ],
      [
        "rename a tag: 404",
        [
          "a tag does not exist",
        ],
      ],
      [
        "delete a tag: 200",
        [
          "a tag exists",
        ],
      ],
      [
        "delete a tag: 404",
        [
          "a tag does not exist",
        ],
      ],
    ]
  `);

  const operations = readOperations(openapi);
  const pact = readPact(JSON.stringify(made), { source: "door.json", basePath: "/v1.1" });
  expect(await comparePact(pact, { ...pactOptions, operations, openapi })).toEqual([]);
  mock.reset();
  const session = openSession({ url });
  const results = await runAll(pactChecks([pact], { ...pactOptions, operations, verifier }), session);
  const found = results.flatMap(({ result }) => [
    ...result.mismatches.map(({ message }) => message),
    ...(result.skipped ? [result.skipped] : []),
  ]);
  expect(found).toEqual([]);
  mock.reset();
  const statesUrl = `http://127.0.0.1:${mock.port}/__necid/provider-states`;
  expect(await own.verify(made, { baseUrl: url, statesUrl })).toEqual([]);
});

it("the same calls give the same pact", async () => {
  await callEverything();
  const first = await mock.pact({ consumer: "door", contract });
  mock.reset();
  await callEverything();
  expect(await mock.pact({ consumer: "door", contract })).toEqual(first);
});

it("each version has a pact of its own calls", async () => {
  await client().ApiSubjectsPost({ body: { face: face("alice") } });
  const v1 = createV1Client({ ...mock.credentials, apiKey: mock.apiKeys[0]!, baseUrl: mock.url });
  await v1.operations.ApiFaceSearchPost({ body: { probe: face("alice") } });
  const descriptions = async (name?: string) =>
    (await mock.pact({ consumer: "door", contract: name })).interactions.map(
      ({ description }) => description,
    );
  expect([await descriptions(), await descriptions(contract)]).toEqual([
    ["search the gallery for a face: 200"],
    ["register a face: 201"],
  ]);
});

it("a contract that is not there is refused with those that are", async () => {
  await expect(mock.pact({ consumer: "door", contract: "necid-v2" })).rejects.toThrow(
    'No contract of this mock is named "necid-v2"; its contracts are necid-v1, necid-v1.1.',
  );
});
