import { deepStrictEqual } from "node:assert";
import { createClient, type NecIdClient } from "../../../contracts/necid/client.ts";
import type { ImageRole } from "../../../contracts/verify/check.ts";
import {
  type BodyRules,
  type ConsumerInteraction,
  given,
  type RecordOptions,
  type TextRule,
} from "./record-pact.ts";

/** Everything that the pact of the generated client is recorded from. */
export function pactRecording(): RecordOptions {
  const examples = { id, ...Object.fromEntries(roles.map((role) => [role, picture])) };
  return { consumer: "necid-client", provider: "necid-v1", interactions: interactions(), examples };
}

/** What the client relies on: every operation that is called, what it answers, and how it refuses. */
function interactions(): ConsumerInteraction[] {
  return [
    interaction({
      description: "a request to register a face",
      request: { method: "POST", path: "/subjects", body: { face: given("alice-1") } },
      response: { status: 201, ...subject() },
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
    }),
    refusal({
      description: "a request to register without a face",
      request: { method: "POST", path: "/subjects", body: {} },
      error: missing("face"),
      call: ({ operations }) => operations.ApiSubjectsPost({ body: {} as never }),
    }),
    refusal({
      description: "a request to register a picture without a face",
      request: { method: "POST", path: "/subjects", body: { face: given("none") } },
      error: noFace,
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
    }),
    refusal({
      description: "a request to register a blurred face",
      request: { method: "POST", path: "/subjects", body: { face: given("blurred") } },
      error: poorQuality,
      call: ({ operations }) => operations.ApiSubjectsPost({ body: { face: picture } }),
    }),
    interaction({
      description: "a request to update a subject",
      states: ["alice is registered"],
      request: { method: "PUT", path: `/subjects/${given("id")}`, body: { face: given("alice-2") } },
      response: { status: 200, ...subject() },
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: { face: picture } }),
    }),
    absence({
      description: "a request to update a subject that is gone",
      states: ["alice was unregistered"],
      request: { method: "PUT", path: `/subjects/${given("id")}`, body: { face: given("alice-2") } },
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: { face: picture } }),
    }),
    refusal({
      description: "a request to update a subject without a face",
      states: ["alice is registered"],
      request: { method: "PUT", path: `/subjects/${given("id")}`, body: {} },
      error: missing("face"),
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: {} as never }),
    }),
    refusal({
      description: "a request to update a subject with a picture without a face",
      states: ["alice is registered"],
      request: { method: "PUT", path: `/subjects/${given("id")}`, body: { face: given("none") } },
      error: noFace,
      call: ({ operations }) => operations.ApiSubjectsByIdPut({ params: onId, body: { face: picture } }),
    }),
    interaction({
      description: "a request to unregister a subject",
      states: ["alice is registered"],
      request: { method: "DELETE", path: `/subjects/${given("id")}` },
      response: { status: 204 },
      call: ({ operations }) => operations.ApiSubjectsByIdDelete({ params: onId }),
    }),
    absence({
      description: "a request to unregister a subject that is gone",
      states: ["alice was unregistered"],
      request: { method: "DELETE", path: `/subjects/${given("id")}` },
      call: ({ operations }) => operations.ApiSubjectsByIdDelete({ params: onId }),
    }),
    interaction({
      description: "a request to measure the faces in a picture",
      request: { method: "POST", path: "/face/extract", body: { faces: given("group") } },
      response: {
        status: 200,
        body: { faces: [{ attributes }] },
        rules: {
          "$.faces": { type: "array", least: 1, most: 20 },
          ...attributeRules("$.faces[*].attributes"),
        },
      },
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: { faces: picture } }),
    }),
    absence({
      description: "a request to measure the faces in a picture without any",
      request: { method: "POST", path: "/face/extract", body: { faces: given("none") } },
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: { faces: picture } }),
    }),
    refusal({
      description: "a request to measure without a picture",
      request: { method: "POST", path: "/face/extract", body: {} },
      error: missing("faces"),
      call: ({ operations }) => operations.ApiFaceExtractPost({ body: {} as never }),
    }),
    interaction({
      description: "a request to search for a registered face",
      states: ["alice is registered"],
      request: {
        method: "POST",
        path: "/face/search",
        body: { probe: given("alice-1"), threshold: 7500, limit: 3 },
      },
      response: {
        status: 200,
        body: { candidates: [{ id, score: 8200 }], attributes },
        rules: {
          "$.candidates": { type: "array", least: 1, most: 3 },
          "$.candidates[*].id": { form: idForm },
          "$.candidates[*].score": { type: "integer" },
          ...attributeRules("$.attributes"),
        },
      },
      call: ({ operations }) =>
        operations.ApiFaceSearchPost({ body: { probe: picture, threshold: 7500, limit: 3 } }),
    }),
    absence({
      description: "a request to search for a face that is not registered",
      states: ["the stranger is not registered"],
      request: { method: "POST", path: "/face/search", body: { probe: given("stranger"), threshold: 9999 } },
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: { probe: picture, threshold: 9999 } }),
    }),
    refusal({
      description: "a request to search without a probe",
      request: { method: "POST", path: "/face/search", body: {} },
      error: missing("probe"),
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: {} as never }),
    }),
    refusal({
      description: "a request to search with a picture without a face",
      request: { method: "POST", path: "/face/search", body: { probe: given("none") } },
      error: noFace,
      call: ({ operations }) => operations.ApiFaceSearchPost({ body: { probe: picture } }),
    }),
    interaction({
      description: "a request to verify a registered face",
      states: ["alice is registered"],
      request: { method: "POST", path: "/face/verify", body: { probe: given("alice-2"), id: given("id") } },
      response: {
        status: 200,
        body: { id, score: 8200 },
        rules: { "$.id": { form: idForm }, "$.score": { type: "integer" } },
      },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    absence({
      description: "a request to verify the face of somebody else",
      states: ["alice is registered"],
      request: { method: "POST", path: "/face/verify", body: { probe: given("bob"), id: given("id") } },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    absence({
      description: "a request to verify a subject that is gone",
      states: ["alice was unregistered"],
      request: { method: "POST", path: "/face/verify", body: { probe: given("alice-2"), id: given("id") } },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    refusal({
      description: "a request to verify without a probe",
      states: ["alice is registered"],
      request: { method: "POST", path: "/face/verify", body: { id: given("id") } },
      error: missing("probe"),
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { id } as never }),
    }),
    refusal({
      description: "a request to verify without an id",
      request: { method: "POST", path: "/face/verify", body: { probe: given("alice-2") } },
      error: missing("id"),
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture } as never }),
    }),
    refusal({
      description: "a request to verify with a picture without a face",
      states: ["alice is registered"],
      request: { method: "POST", path: "/face/verify", body: { probe: given("none"), id: given("id") } },
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
      request: { method: "POST", path: "/face/verify", body: { probe: given("alice-2"), id: given("id") } },
      response: { status: 403, body: { message: "Forbidden" }, headers: errorType("ForbiddenException") },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
    interaction({
      description: "a request without a signature",
      states: ["the request is not signed"],
      request: { method: "POST", path: "/face/verify", body: { probe: given("alice-2"), id: given("id") } },
      response: {
        status: 403,
        body: { message: "Missing Authentication Token" },
        headers: errorType("MissingAuthenticationTokenException"),
      },
      call: ({ operations }) => operations.ApiFaceVerifyPost({ body: { probe: picture, id } }),
    }),
  ];
}

const roles: ImageRole[] = ["alice-1", "alice-2", "bob", "stranger", "group", "none", "blurred"];

/** One white pixel: only an example, a provider state gives the picture that is sent. */
const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
const id = "necidguid-fcdf-49eb-9182-5a6825ed2a3b";
const onId = { path: { id } };
const idForm = "^necidguid-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";

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

const forms = {
  pixels: "^-?(0|[1-9][0-9]*)$",
  degrees: "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$",
  score: "^(0(\\.[0-9]+)?|1(\\.0+)?)$",
};

/** Every figure is a number in text; a number itself is as wrong as a word. */
function attributeRules(path: string): BodyRules {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      if (typeof value !== "string")
        return Object.keys(value).map((side) => [`${path}.${name}.${side}`, { form: forms.pixels }]);
      return [[`${path}.${name}`, { form: name.endsWith("Score") ? forms.score : forms.degrees }]];
    }),
  );
}

function subject(): { body: unknown; rules: BodyRules } {
  return { body: { id, attributes }, rules: { "$.id": { form: idForm }, ...attributeRules("$.attributes") } };
}

type Described = Omit<ConsumerInteraction, "call" | "response"> & {
  call(client: NecIdClient): Promise<{ response: Response; data?: unknown; error?: unknown }>;
};

/** The call is made by the client, and what the client makes of the answer is compared as a whole. */
function interaction({
  call,
  ...described
}: Described & { response: ConsumerInteraction["response"] }): ConsumerInteraction {
  const { status, body, headers } = described.response;
  const response = {
    ...described.response,
    headers: { ...gatewayIds, ...(body !== undefined && jsonType), ...headers },
  };
  return {
    ...described,
    response,
    async call(baseUrl) {
      const client = createClient({ ...nobody, baseUrl, retries: 0 });
      const { response, data, error } = await call(client);
      deepStrictEqual({ status: response.status, body: data ?? error }, { status, body });
    },
  };
}

/** A 404 has no body. */
function absence(described: Described): ConsumerInteraction {
  return interaction({ ...described, response: { status: 404 } });
}

type ServiceError = { message: string; errorCode: number; errorType: string };

function refusal({ error, ...described }: Described & { error: ServiceError }): ConsumerInteraction {
  const rules: BodyRules = error.errorCode === 1001 ? {} : { "$.message": { form: ".+" } };
  return interaction({ ...described, response: { status: 400, body: error, rules } });
}

/** The wording is documented for this error alone. */
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
  "Content-Type": { example: "application/json", form: "^application/json(; ?charset=(utf-8|UTF-8))?$" },
};
const gatewayIds: Record<string, TextRule> = {
  "x-amzn-requestid": {
    example: "3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4",
    form: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
  },
  "x-amz-apigw-id": { example: "KbXq3GmZywMFhTA=", form: "^[A-Za-z0-9+/_-]{15}=$" },
};

function errorType(name: string): Record<string, TextRule> {
  return { "x-amzn-errortype": { example: name, form: `^${name}$` } };
}

/** Pact's server asks for no signature. */
const nobody = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example", apiKey: "example" };
