import { deepStrictEqual } from "node:assert";
import { createClient, type NecIdClient } from "../../../contracts/necid/client.ts";
import { type FaceRole, faceOfRole } from "../../../contracts/necid/faces/roles.ts";
import {
  type BodyRules,
  type ConsumerInteraction,
  injected,
  type RecordOptions,
  type TextRule,
} from "./record-pact.ts";

/** The interactions from which the pact of the generated client is recorded. */
export function pactRecording(): RecordOptions {
  const examples = { id, ...Object.fromEntries(roles.map((role) => [role, faceOfRole(role)])) };
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

const roles: FaceRole[] = ["alice-1", "alice-2", "bob", "stranger", "group", "none", "blurred"];

/** What the client sends. The examples of the pact are face cards, which the mock reads without a provider state. */
const picture = faceOfRole("alice-1");
const id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";
const onId = { path: { id } };
const idPattern = "^necidguid-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";

const attributes = {
  faceArea: { left: "161", top: "156", right: "318", bottom: "313" },
  headArea: { left: "131", top: "86", right: "345", bottom: "343" },
  rightEyeCenter: { x: "195", y: "198" },
  leftEyeCenter: { x: "276", y: "191" },
  frontalFaceScore: "0.569824",
  faceRoll: "4.93922",
  facePan: "-9.34863",
  faceTilt: "7.613",
  faceScore: "0.999591",
  faceQualityScore: "0.86541",
};

const patterns = {
  pixels: "^-?(0|[1-9][0-9]*)$",
  degrees: "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$",
  score: "^(0(\\.[0-9]+)?|1(\\.0+)?)$",
};

/** Every attribute is a number in text. */
function attributeRules(path: string): BodyRules {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      if (typeof value !== "string")
        return Object.keys(value).map((side) => [`${path}.${name}.${side}`, { pattern: patterns.pixels }]);
      return [[`${path}.${name}`, { pattern: name.endsWith("Score") ? patterns.score : patterns.degrees }]];
    }),
  );
}

function post(path: string, body: Record<string, unknown>): ConsumerInteraction["request"] {
  return { method: "POST", path, body };
}

function put(body: Record<string, unknown>): ConsumerInteraction["request"] {
  return { method: "PUT", path: `/subjects/${injected("id")}`, body };
}

function subject(): { body: unknown; rules: BodyRules } {
  const rules = { "$.id": { pattern: idPattern }, ...attributeRules("$.attributes") };
  return { body: { id, attributes }, rules };
}

type InteractionDescription = Omit<ConsumerInteraction, "call" | "response"> & {
  call(client: NecIdClient): Promise<{ response: Response; data?: unknown; error?: unknown }>;
};

/** The client makes the call, and what it returns is compared with the response. */
function interaction({
  call,
  ...described
}: InteractionDescription & { response: ConsumerInteraction["response"] }): ConsumerInteraction {
  const { status, body, headers } = described.response;
  const response = {
    ...described.response,
    headers: { ...gatewayIds, ...(body !== undefined && jsonType), ...headers },
  };
  return {
    ...described,
    response,
    async call(baseUrl) {
      const client = createClient({ ...credentials, baseUrl, retries: 0 });
      const { response, data, error } = await call(client);
      deepStrictEqual({ status: response.status, body: data ?? error }, { status, body });
    },
  };
}

/** A 404 has no body. */
function notFoundInteraction(described: InteractionDescription): ConsumerInteraction {
  return interaction({ ...described, response: { status: 404 } });
}

type ServiceError = { message: string; errorCode: number; errorType: string };

function errorInteraction({
  error,
  ...described
}: InteractionDescription & { error: ServiceError }): ConsumerInteraction {
  const rules: BodyRules = error.errorCode === 1001 ? {} : { "$.message": { pattern: ".+" } };
  return interaction({ ...described, response: { status: 400, body: error, rules } });
}

/** The only error whose message is documented. */
function missing(property: string): ServiceError {
  return {
    message: `${property} property must be provided.`,
    errorCode: 1001,
    errorType: "InvalidRequest",
  };
}

const noFace: ServiceError = {
  message: "No face was found in the image.",
  errorCode: 2001,
  errorType: "NoFace",
};
const poorQuality: ServiceError = {
  message: "The quality of the face is too low.",
  errorCode: 2002,
  errorType: "PoorQuality",
};

const jsonType: Record<string, TextRule> = {
  "Content-Type": { example: "application/json", pattern: "^application/json(; ?charset=(utf-8|UTF-8))?$" },
};
const gatewayIds: Record<string, TextRule> = {
  "x-amzn-requestid": {
    example: "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
    pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
  },
  "x-amz-apigw-id": { example: "KbXq3GmZywMFhTA=", pattern: "^[A-Za-z0-9+/_-]{15}=$" },
};

function errorType(name: string): Record<string, TextRule> {
  return { "x-amzn-errortype": { example: name, pattern: `^${name}$` } };
}

/** Credentials; Pact's server checks no signature. */
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example", apiKey: "example" };
