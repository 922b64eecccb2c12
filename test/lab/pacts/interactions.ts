import { createClient } from "../../../contracts/necid/client.ts";
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

/** The interactions from which the pact of the generated client is recorded. */
export function pactRecording(): RecordOptions {
  return { consumer: "necid-client", provider: "necid-v1", interactions: interactions(), examples };
}

/** What the client relies on: requests, responses and errors of every operation that it calls. */
function interactions(): ConsumerInteraction[] {
  return [
    interaction({
      description: "a request to register a face",
      request: post("/subjects", { face: injected("alice-1") }),
      response: { status: 201, ...subject() },
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
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
    interaction({
      description: "a request to update a subject",
      states: ["alice is registered"],
      request: put({ face: injected("alice-2") }),
      response: { status: 200, ...subject() },
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: { face: picture } }),
    }),
    notFoundInteraction({
      description: "a request to update a subject that is gone",
      states: ["alice was unregistered"],
      request: put({ face: injected("alice-2") }),
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: { face: picture } }),
    }),
    errorInteraction({
      description: "a request to update a subject without a face",
      states: ["alice is registered"],
      request: put({}),
      error: missing("face"),
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: {} as never }),
    }),
    errorInteraction({
      description: "a request to update a subject with a picture without a face",
      states: ["alice is registered"],
      request: put({ face: injected("none") }),
      error: noFace,
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: { face: picture } }),
    }),
    interaction({
      description: "a request to unregister a subject",
      states: ["alice is registered"],
      request: { method: "DELETE", path: `/subjects/${injected("id")}` },
      response: { status: 204 },
      call: ({ operations }) => operations.ApiSubjectsByIdDelete({ params: onId }),
    }),
    notFoundInteraction({
      description: "a request to unregister a subject that is gone",
      states: ["alice was unregistered"],
      request: { method: "DELETE", path: `/subjects/${injected("id")}` },
      call: ({ operations }) => operations.ApiSubjectsByIdDelete({ params: onId }),
    }),
    interaction({
      description: "a request to measure the faces in a picture",
      request: post("/face/extract", { faces: injected("group") }),
      response: {
        status: 200,
        body: { faces: [{ attributes }] },
        rules: {
          "$.faces": { type: "array", min: 1, max: 20 },
          ...attributeRules("$.faces[*].attributes"),
        },
      },
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: { faces: picture } }),
    }),
    notFoundInteraction({
      description: "a request to measure the faces in a picture without any",
      request: post("/face/extract", { faces: injected("none") }),
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: { faces: picture } }),
    }),
    errorInteraction({
      description: "a request to measure without a picture",
      request: post("/face/extract", {}),
      error: missing("faces"),
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: {} as never }),
    }),
    interaction({
      description: "a request to search for a registered face",
      states: ["alice is registered"],
      request: post("/face/search", { probe: injected("alice-1"), threshold: 7500, limit: 3 }),
      response: {
        status: 200,
        body: { candidates: [{ id, score: 8200 }], attributes },
        rules: {
          "$.candidates": { type: "array", min: 1, max: 3 },
          "$.candidates[*].id": { pattern: idPattern },
          "$.candidates[*].score": { type: "integer" },
          ...attributeRules("$.attributes"),
        },
      },
      call: ({ operations }) =>
        operations.ApiFaceSearchPost({ body: { probe: picture, threshold: 7500, limit: 3 } }),
    }),
    notFoundInteraction({
      description: "a request to search for a face that is not registered",
      states: ["the stranger is not registered"],
      request: post("/face/search", { probe: injected("stranger"), threshold: 9999 }),
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: { probe: picture, threshold: 9999 } }),
    }),
    errorInteraction({
      description: "a request to search without a probe",
      request: post("/face/search", {}),
      error: missing("probe"),
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: {} as never }),
    }),
    errorInteraction({
      description: "a request to search with a picture without a face",
      request: post("/face/search", { probe: injected("none") }),
      error: noFace,
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: { probe: picture } }),
    }),
    interaction({
      description: "a request to verify a registered face",
      states: ["alice is registered"],
      request: post("/face/verify", { probe: injected("alice-2"), id: injected("id") }),
      response: {
        status: 200,
        body: { id, score: 8200 },
        rules: { "$.id": { pattern: idPattern }, "$.score": { type: "integer" } },
      },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    notFoundInteraction({
      description: "a request to verify the face of somebody else",
      states: ["alice is registered"],
      request: post("/face/verify", { probe: injected("bob"), id: injected("id") }),
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    notFoundInteraction({
      description: "a request to verify a subject that is gone",
      states: ["alice was unregistered"],
      request: post("/face/verify", { probe: injected("alice-2"), id: injected("id") }),
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    errorInteraction({
      description: "a request to verify without a probe",
      states: ["alice is registered"],
      request: post("/face/verify", { id: injected("id") }),
      error: missing("probe"),
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { id } as never }),
    }),
    errorInteraction({
      description: "a request to verify without an id",
      request: post("/face/verify", { probe: injected("alice-2") }),
      error: missing("id"),
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture } as never }),
    }),
    errorInteraction({
      description: "a request to verify with a picture without a face",
      states: ["alice is registered"],
      request: post("/face/verify", { probe: injected("none"), id: injected("id") }),
      error: noFace,
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    interaction({
      description: "a question whether the service is up",
      request: { method: "GET", path: "/health" },
      response: { status: 200, body: { status: "OK" } },
      call: (client) => client.GET("/health"),
    }),
    interaction({
      description: "a request with an API key that nobody has",
      states: ["the API key is unknown"],
      request: post("/face/verify", { probe: injected("alice-2"), id: injected("id") }),
      response: { status: 403, body: { message: "Forbidden" }, headers: errorType("ForbiddenException") },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    interaction({
      description: "a request without a signature",
      states: ["the request is not signed"],
      request: post("/face/verify", { probe: injected("alice-2"), id: injected("id") }),
      response: {
        status: 403,
        body: { message: "Missing Authentication Token" },
        headers: errorType("MissingAuthenticationTokenException"),
      },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
  ];
}

const onId = { path: { id } };

function subject(): { body: unknown; rules: BodyRules } {
  const rules = { "$.id": { pattern: idPattern }, ...attributeRules("$.attributes") };
  return { body: { id, attributes }, rules };
}
