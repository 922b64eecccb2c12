import { createClient } from "../../../contracts/necid/client-v1.1.ts";
import {
  attributeRules,
  attributes,
  credentials,
  errorType,
  examples,
  id,
  idPattern,
  interactionsOf,
  missing,
  noFace,
  picture,
  poorQuality,
  post,
  put,
} from "./expectations.ts";
import { type BodyRules, type ConsumerInteraction, injected, type RecordOptions } from "./record-pact.ts";

const { interaction, notFoundInteraction, errorInteraction } = interactionsOf((baseUrl) =>
  createClient({ ...credentials, baseUrl }),
);

/** The interactions from which the pact of the generated client of v1.1 is recorded. */
export function pactRecordingV11(): RecordOptions {
  return {
    consumer: "necid-client",
    provider: "necid-v1.1",
    interactions: [...subjects(), ...events(), ...tags(), ...jobs(), ...faces(), ...refusals()],
    examples: { ...examples, eventId, batchId },
  };
}

const eventId = "eventguid-4c1f-4b0e-9a52-1f3d5be2a4c8";
const batchId = "batchguid-eec5-440a-89fc-60817f5546c8";
const eventPattern = guidPattern("event");
const onSubject = { path: { subjectId: id } };
const onEvent = { path: { subjectId: id, eventId } };
const visitor = "necid-visitor";
const onVisitor = { path: { name: visitor } };

/** A subject with an event, which has a tag where one is named. */
const alice = ["a subject has an event", { face: "alice?photo=1" }] as [string, Record<string, string>];
const taggedAlice = ["a subject has an event", { face: "alice?photo=1", tag: visitor }] as typeof alice;
const exists = (name: string) => ["a tag exists", { name }] as typeof alice;
const lacks = (name: string) => ["a tag does not exist", { name }] as typeof alice;

function subjects(): ConsumerInteraction[] {
  return [
    interaction({
      description: "a request for the first of the subjects",
      states: [alice],
      request: { method: "GET", path: "/subjects", query: { length: "1" } },
      response: {
        status: 200,
        body: {
          subjects: [{ id, eventId, status: "A", lastUpdated: "2026-11-25T10:00:00+00:00" }],
          total: 1,
        },
        rules: {
          "$.subjects": { type: "array", min: 1, max: 1 },
          "$.subjects[*].id": { pattern: idPattern },
          "$.subjects[*].eventId": { pattern: eventPattern },
          "$.subjects[*].status": { pattern: "^[AD]$" },
          "$.subjects[*].lastUpdated": {
            pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}([+-]\\d{2}:\\d{2}|Z)$",
          },
          "$.total": { type: "integer" },
        },
      },
      call: ({ operations }) => operations.ApiSubjectsGet({ params: { query: { length: 1 } } }),
    }),
    interaction({
      description: "a request to register a face",
      request: post("/subjects", { face: injected("alice-1") }),
      response: { status: 201, ...subject() },
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
    }),
    interaction({
      description: "a request to register a face with a tag",
      states: [exists(visitor)],
      request: post("/subjects", { face: injected("alice-1"), tags: [visitor] }),
      response: { status: 201, ...subject() },
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture, tags: [visitor] } }),
    }),
    errorInteraction({
      description: "a request to register without a face",
      request: post("/subjects", {}),
      error: missing("face"),
      call: ({ operations }) => operations.ApiSubjectsPost({ body: {} as never }),
    }),
    errorInteraction({
      description: "a request to register a picture without a face",
      request: post("/subjects", { face: injected("none") }),
      error: noFace,
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
    }),
    errorInteraction({
      description: "a request to register a blurred face",
      request: post("/subjects", { face: injected("blurred") }),
      error: poorQuality,
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
    }),
    errorInteraction({
      description: "a request to register a picture of several people",
      request: post("/subjects", { face: injected("group") }),
      error: multipleFaces,
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
    }),
    interaction({
      description: "a request to update a subject",
      states: [alice],
      request: put({ face: injected("alice-2") }),
      response: { status: 200, ...subject() },
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onSubject, body: { face: picture } }),
    }),
    notFoundInteraction({
      description: "a request to update a subject that is gone",
      states: ["alice was unregistered"],
      request: put({ face: injected("alice-2") }),
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onSubject, body: { face: picture } }),
    }),
    interaction({
      description: "a request to unregister a subject",
      states: [alice],
      request: { method: "DELETE", path: subjectPath },
      response: { status: 204 },
      call: ({ operations }) => operations.ApiSubjectsByIdDelete({ params: onSubject }),
    }),
    notFoundInteraction({
      description: "a request to unregister a subject that is gone",
      states: ["alice was unregistered"],
      request: { method: "DELETE", path: subjectPath },
      call: ({ operations }) => operations.ApiSubjectsByIdDelete({ params: onSubject }),
    }),
  ];
}

function events(): ConsumerInteraction[] {
  return [
    interaction({
      description: "a request for the events of a subject",
      states: [alice],
      request: { method: "GET", path: eventsPath },
      response: {
        status: 200,
        body: { id, events: [{ id: eventId }] },
        rules: {
          "$.id": { pattern: idPattern },
          "$.events": { type: "array", min: 1, max: 1 },
          "$.events[*].id": { pattern: eventPattern },
        },
      },
      call: ({ operations }) => operations.ApiSubjectsByIdEventsGet({ params: onSubject }),
    }),
    notFoundInteraction({
      description: "a request for the events of a subject that is gone",
      states: ["alice was unregistered"],
      request: { method: "GET", path: eventsPath },
      call: ({ operations }) => operations.ApiSubjectsByIdEventsGet({ params: onSubject }),
    }),
    interaction({
      description: "a request to add a face to a subject",
      states: [alice],
      request: post(eventsPath, { face: injected("alice-2") }),
      response: { status: 201, ...subject() },
      call: ({ operations }) =>
        operations.ApiSubjectsByIdEventsPost({ params: onSubject, body: { face: picture } }),
    }),
    errorInteraction({
      description: "a request to add a picture of several people to a subject",
      states: [alice],
      request: post(eventsPath, { face: injected("group") }),
      error: multipleFaces,
      call: ({ operations }) =>
        operations.ApiSubjectsByIdEventsPost({ params: onSubject, body: { face: picture } }),
    }),
    notFoundInteraction({
      description: "a request to add a face to a subject that is gone",
      states: ["alice was unregistered"],
      request: post(eventsPath, { face: injected("alice-2") }),
      call: ({ operations }) =>
        operations.ApiSubjectsByIdEventsPost({ params: onSubject, body: { face: picture } }),
    }),
    interaction({
      description: "a request to update an event",
      states: [alice],
      request: { method: "PUT", path: eventPath, body: { face: injected("alice-2") } },
      response: { status: 200, ...subject() },
      call: ({ operations }) =>
        operations.ApiSubjectsByIdEventByIdPut({ params: onEvent, body: { face: picture } }),
    }),
    notFoundInteraction({
      description: "a request to update an event that a subject does not have",
      states: [alice],
      request: { method: "PUT", path: `${eventsPath}/${otherEvent}`, body: { face: injected("alice-2") } },
      call: ({ operations }) =>
        operations.ApiSubjectsByIdEventByIdPut({
          params: { path: { subjectId: id, eventId: otherEvent } },
          body: { face: picture },
        }),
    }),
    interaction({
      description: "a request to unregister an event",
      states: [alice],
      request: { method: "DELETE", path: eventPath },
      response: { status: 204 },
      call: ({ operations }) => operations.ApiSubjectsByIdEventByIdDelete({ params: onEvent }),
    }),
    notFoundInteraction({
      description: "a request to unregister an event of a subject that is gone",
      states: ["alice was unregistered"],
      request: { method: "DELETE", path: `${eventsPath}/${otherEvent}` },
      call: ({ operations }) =>
        operations.ApiSubjectsByIdEventByIdDelete({
          params: { path: { subjectId: id, eventId: otherEvent } },
        }),
    }),
  ];
}

function tags(): ConsumerInteraction[] {
  return [
    interaction({
      description: "a request for the tags",
      states: [exists(visitor)],
      request: { method: "GET", path: "/tags" },
      response: {
        status: 200,
        body: [visitor],
        rules: { $: { type: "array", min: 1, max: 64 }, "$[*]": { pattern: ".+" } },
      },
      call: ({ operations }) => operations.Get(),
    }),
    interaction({
      description: "a request to create a tag",
      states: [lacks(visitor)],
      request: { method: "POST", path: `/tags/${visitor}` },
      response: { status: 200 },
      call: ({ operations }) => operations.CreateTag({ params: onVisitor }),
    }),
    errorInteraction({
      description: "a request to create a tag that exists",
      states: [exists(visitor)],
      request: { method: "POST", path: `/tags/${visitor}` },
      error: {
        message: `There is a tag named '${visitor}' already.`,
        errorCode: 1002,
        errorType: "Duplicate",
      },
      call: ({ operations }) => operations.CreateTag({ params: onVisitor }),
    }),
    interaction({
      description: "a request to rename a tag",
      states: [exists(visitor), lacks(guest)],
      request: { method: "PUT", path: `/tags/${visitor}`, body: { newName: guest } },
      response: { status: 200 },
      call: ({ operations }) => operations.UpdateTag({ params: onVisitor, body: { newName: guest } }),
    }),
    notFoundInteraction({
      description: "a request to rename a tag that does not exist",
      states: [lacks(visitor)],
      request: { method: "PUT", path: `/tags/${visitor}`, body: { newName: guest } },
      call: ({ operations }) => operations.UpdateTag({ params: onVisitor, body: { newName: guest } }),
    }),
    interaction({
      description: "a request to delete a tag",
      states: [exists(visitor)],
      request: { method: "DELETE", path: `/tags/${visitor}` },
      response: { status: 200 },
      call: ({ operations }) => operations.DeleteTag({ params: onVisitor }),
    }),
    notFoundInteraction({
      description: "a request to delete a tag that does not exist",
      states: [lacks(visitor)],
      request: { method: "DELETE", path: `/tags/${visitor}` },
      call: ({ operations }) => operations.DeleteTag({ params: onVisitor }),
    }),
  ];
}

function jobs(): ConsumerInteraction[] {
  const jobPath = `/jobs/bulkregister/${injected("batchId")}`;
  return [
    interaction({
      description: "a request to register files",
      request: post("/jobs/bulkregister", { registrations: [{ filename: "necid-verify/none.jpg" }] }),
      response: { status: 200, body: { batchId }, rules: { "$.batchId": { pattern: guidPattern("batch") } } },
      call: ({ operations }) =>
        operations.BulkRegister({ body: { registrations: [{ filename: "necid-verify/none.jpg" }] } }),
    }),
    errorInteraction({
      description: "a request to register no files",
      request: post("/jobs/bulkregister", {}),
      error: missing("registrations"),
      call: ({ operations }) => operations.BulkRegister({ body: {} as never }),
    }),
    interaction({
      description: "a request for the progress of a bulk registration",
      states: ["a bulk registration was started"],
      request: { method: "GET", path: jobPath },
      response: {
        status: 200,
        body: { batchId, processed: [{ id: "1", filename: "necid-verify/none.jpg", status: "New" }] },
        rules: {
          "$.batchId": { pattern: guidPattern("batch") },
          "$.processed": { type: "array", min: 1, max: 1000 },
          "$.processed[*].id": { pattern: ".+" },
          "$.processed[*].filename": { pattern: ".+" },
          "$.processed[*].status": { pattern: "^(New|Processed)$" },
        },
      },
      call: ({ operations }) => operations.GetBulkRegisterProgress({ params: { path: { batchId } } }),
    }),
    notFoundInteraction({
      description: "a request for a page that a bulk registration does not have",
      states: ["a bulk registration was started"],
      request: { method: "GET", path: `${jobPath}/1000` },
      call: ({ operations }) =>
        operations.GetBulkRegisterProgressPaged({ params: { path: { batchId, pagingId: "1000" } } }),
    }),
  ];
}

function faces(): ConsumerInteraction[] {
  return [
    interaction({
      description: "a request to measure the first of the faces in a picture",
      request: post("/face/extract", { faces: injected("group"), limit: 1 }),
      response: {
        status: 200,
        body: { faces: [{ attributes }] },
        rules: { "$.faces": { type: "array", min: 1, max: 1 }, ...attributeRules("$.faces[*].attributes") },
      },
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: { faces: picture, limit: 1 } }),
    }),
    notFoundInteraction({
      description: "a request to measure the faces in a picture without any",
      request: post("/face/extract", { faces: injected("none") }),
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: { faces: picture } }),
    }),
    interaction({
      description: "a request to search for a face with a tag",
      states: [taggedAlice],
      request: post("/face/search", { probe: injected("alice-1"), tags: [visitor], limit: 3 }),
      response: {
        status: 200,
        body: { candidates: [{ id, score: 8200, events: [{ id: eventId, score: 8200 }] }], attributes },
        rules: {
          "$.candidates": { type: "array", min: 1, max: 3 },
          "$.candidates[*].id": { pattern: idPattern },
          "$.candidates[*].score": { type: "integer" },
          "$.candidates[*].events": { type: "array", min: 1, max: 100 },
          "$.candidates[*].events[*].id": { pattern: eventPattern },
          "$.candidates[*].events[*].score": { type: "integer" },
          ...attributeRules("$.attributes"),
        },
      },
      call: ({ operations }) =>
        operations.ApiFaceSearchPost({ body: { probe: picture, tags: [visitor], limit: 3 } }),
    }),
    notFoundInteraction({
      description: "a request to search for a face that is not registered",
      states: ["the stranger is not registered"],
      request: post("/face/search", { probe: injected("stranger"), threshold: 9999 }),
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: { probe: picture, threshold: 9999 } }),
    }),
    interaction({
      description: "a request to verify a registered face",
      states: [alice],
      request: post("/face/verify", { probe: injected("alice-2"), id: injected("id") }),
      response: {
        status: 200,
        body: { id, score: 8200 },
        rules: { "$.id": { pattern: idPattern }, "$.score": { type: "integer" } },
      },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    interaction({
      description: "a request to compare two faces of a person",
      request: post("/face/verify", { probe: injected("alice-2"), face: injected("alice-1") }),
      response: { status: 200, body: { score: 8200 }, rules: { "$.score": { type: "integer" } } },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, face: picture } }),
    }),
    notFoundInteraction({
      description: "a request to compare the faces of two people",
      request: post("/face/verify", { probe: injected("alice-2"), face: injected("bob") }),
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, face: picture } }),
    }),
    interaction({
      description: "a question whether the service is up",
      request: { method: "GET", path: "/health" },
      response: { status: 200, body: { status: "OK" } },
      call: (client) => client.GET("/health"),
    }),
  ];
}

function refusals(): ConsumerInteraction[] {
  return [
    interaction({
      description: "a request with an API key that nobody has",
      states: ["the API key is unknown"],
      request: post("/face/search", { probe: injected("alice-2") }),
      response: { status: 403, body: { message: "Forbidden" }, headers: errorType("ForbiddenException") },
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: { probe: picture } }),
    }),
  ];
}

const subjectPath = `/subjects/${injected("id")}`;
const eventsPath = `${subjectPath}/events`;
const eventPath = `${eventsPath}/${injected("eventId")}`;
const otherEvent = "eventguid-0000-0000-0000-000000000000";
const guest = "necid-guest";

const multipleFaces = {
  message: "More than one face was found in the image.",
  errorCode: 2003,
  errorType: "MultipleFaces",
};

function guidPattern(prefix: string): string {
  return `^${prefix}guid-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`;
}

function subject(): { body: unknown; rules: BodyRules } {
  const rules = {
    "$.id": { pattern: idPattern },
    "$.eventId": { pattern: eventPattern },
    ...attributeRules("$.attributes"),
  };
  return { body: { id, eventId, attributes }, rules };
}
