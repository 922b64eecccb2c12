import { findOperation, type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { ImageRole, PlannedCall, Session } from "../../verify/check.ts";
import { gatewayCases } from "../../verify/gateway/gateway-cases.ts";
import { brokenRequests } from "../../verify/schema/broken-requests.ts";
import type { Provoked, SchemaCase } from "../../verify/schema/schema-checks.ts";
import type { NecIdVersion } from "../contract.ts";
import { bodies, necIdV11SchemaCases, unknown } from "./schema-cases-v1.1.ts";

/**
 * How to provoke each documented response of NEC ID: who must be registered, which image is sent, and every
 * way to break a request. A case gives a reason instead if the target lacks its image.
 *
 * @param options.sendsLargeBodies whether to send bodies of ten megabytes.
 */
export function necIdSchemaCases(options: {
  openapi: OpenApi;
  version?: NecIdVersion;
  sendsLargeBodies: boolean;
  failsOnRequest?: boolean;
}): SchemaCase[] {
  const { openapi, version = "v1" } = options;
  const errors = version === "v1" ? faceErrors : [...faceErrors, multipleFaces];
  return [
    ...gatewayCases({
      ...options,
      pathParameters: unknown,
      validBody: (operation, session) =>
        (requests[operation] ?? bodies[operation])?.(session.image("alice-1") ?? blackPixel, unknownId),
    }),
    ...(version === "v1" ? [] : necIdV11SchemaCases({ openapi })),
    registration,
    ...responses.map((row) => responseCase(openapi, row)),
    ...errors.flatMap(({ name, image, title }) =>
      Object.keys(oneFace).map((operation) =>
        responseCase(openapi, {
          operation,
          status: 400,
          name,
          title,
          image,
          registers: registersFirst.has(operation),
          expectBody: { errorType: name },
        }),
      ),
    ),
    ...Object.keys(requests).map((operation) => brokenRequestCase(openapi, operation)),
  ];
}

/** An id of the documented form that no subject has. */
const unknownId = unknown.id;

/** The request body with an image, by operation; `id` is a subject's. */
const oneFace: Record<string, (image: string, id: string) => Record<string, unknown>> = {
  ApiSubjectsPost: (face) => ({ face }),
  ApiSubjectsByIdPut: (face) => ({ face }),
  ApiFaceSearchPost: (probe) => ({ probe }),
  ApiFaceVerifyPost: (probe, id) => ({ probe, id }),
};
const requests: typeof oneFace = { ...oneFace, ApiFaceExtractPost: (faces) => ({ faces }) };

/** Operations on a subject: without one, every request is answered 404. */
const registersFirst = new Set(["ApiSubjectsByIdPut", "ApiFaceVerifyPost"]);

const registration: SchemaCase = {
  operation: "ApiSubjectsPost",
  status: 201,
  title: "a face is registered",
  async provoke(session) {
    const face = session.image("alice-1");
    if (face === undefined) return missingImage("alice-1");
    return [{ made: (await session.register({ face, purpose: "register alice" })).made }];
  },
};

type Row = Pick<SchemaCase, "operation" | "status" | "name" | "title" | "knownForm"> & {
  /**
   * Role of the image in the request.
   * @default "alice-1"
   */
  image?: ImageRole;
  /** Whether alice is registered first and the call is about her; otherwise it is about an unknown id. */
  registers?: boolean;
  /** Properties to add to the body, one call for each. Default: one call without any. */
  variants?: Record<string, unknown>[];
  expectBody?: Record<string, unknown>;
};

const publishedForm: Row["knownForm"] = {
  fits: isPublishedForm,
  instancePath: "body /faces/0",
  expected: "an object whose `attributes` are the face's (the documented form)",
  actual: "the attributes themselves (the published form)",
};

const responses: Row[] = [
  { operation: "ApiSubjectsByIdPut", status: 200, title: "a registered face is replaced", registers: true },
  { operation: "ApiSubjectsByIdPut", status: 404, title: "an unknown subject is not updated" },
  {
    operation: "ApiSubjectsByIdDelete",
    status: 204,
    title: "a registered face is unregistered",
    registers: true,
  },
  { operation: "ApiSubjectsByIdDelete", status: 404, title: "an unknown subject is not unregistered" },
  {
    operation: "ApiFaceExtractPost",
    status: 200,
    title: "a face is measured",
    knownForm: publishedForm,
  },
  {
    operation: "ApiFaceExtractPost",
    status: 200,
    name: "group",
    title: "each face of a group is measured",
    image: "group",
    knownForm: publishedForm,
  },
  {
    operation: "ApiFaceExtractPost",
    status: 404,
    title: "no face is measured where there is none",
    image: "none",
  },
  {
    operation: "ApiFaceSearchPost",
    status: 200,
    title: "a registered face is found",
    registers: true,
    variants: [{}, { threshold: 0, limit: 1 }, { threshold: 0, limit: 50 }],
  },
  {
    operation: "ApiFaceSearchPost",
    status: 404,
    title: "a stranger is not found",
    image: "stranger",
    variants: [{ threshold: 9999 }],
  },
  { operation: "ApiFaceVerifyPost", status: 200, title: "a registered face is verified", registers: true },
  { operation: "ApiFaceVerifyPost", status: 404, title: "nobody is verified as an unknown subject" },
];

const faceErrors: { name: string; image: ImageRole; title: string }[] = [
  { name: "NoFace", image: "none", title: "a picture without a face is refused" },
  { name: "PoorQuality", image: "blurred", title: "a face that is too poor is refused" },
];

/** Of v1.1. In v1 the first face counts. */
const multipleFaces: (typeof faceErrors)[number] = {
  name: "MultipleFaces",
  image: "group",
  title: "a picture of several people is refused",
};

function responseCase(openapi: OpenApi, row: Row): SchemaCase {
  const { operation, status, name, title, knownForm, expectBody } = row;
  const { image: role = "alice-1", registers = false, variants = [{}] } = row;
  return {
    operation,
    status,
    name,
    title,
    knownForm,
    async provoke(session) {
      const bodyOf = requests[operation];
      const image = session.image(role) ?? "";
      if (bodyOf && image === "") return missingImage(role);
      const id = registers ? await registerAlice(session) : { id: unknownId };
      if (typeof id === "string") return id;
      const provoked: Provoked[] = [];
      for (const variant of variants) {
        const body = bodyOf && { ...bodyOf(image, id.id), ...variant };
        const planned = callOf(openapi, operation, { ...id, body, purpose: title });
        const about = variants.length > 1 ? JSON.stringify(variant) : undefined;
        provoked.push({ made: await session.call(planned), about, expectBody });
      }
      return provoked;
    },
  };
}

function brokenRequestCase(openapi: OpenApi, operation: string): SchemaCase {
  return {
    operation,
    status: 400,
    name: "InvalidRequest",
    title: "a request that breaks the contract is refused",
    async provoke(session) {
      const alice = registersFirst.has(operation) ? await registerAlice(session) : { id: unknownId };
      if (typeof alice === "string") return alice;
      // The request is refused before the image is read, so any image will do.
      const valid = requests[operation]!(session.image("alice-1") ?? blackPixel, alice.id);
      const provoked: Provoked[] = [];
      for (const { rule, body } of brokenRequests({ openapi, operation, valid })) {
        const planned = callOf(openapi, operation, { id: alice.id, body, purpose: `a request with ${rule}` });
        provoked.push({
          made: await session.call(planned),
          about: rule,
          expectBody: expectedError(operation, rule),
        });
      }
      return provoked;
    },
  };
}

const blackPixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

/** One message is documented verbatim. */
function expectedError(operation: string, rule: string): Record<string, unknown> {
  const errorType = "InvalidRequest";
  const isDocumented = operation === "ApiSubjectsPost" && rule === "no face";
  return isDocumented ? { errorType, message: "face property must be provided." } : { errorType };
}

async function registerAlice(session: Session): Promise<{ id: string } | string> {
  const face = session.image("alice-1");
  if (face === undefined) return missingImage("alice-1");
  const { made, id } = await session.register({ face, purpose: "register alice" });
  return id === undefined ? `alice could not be registered (status ${made.response.status})` : { id };
}

function callOf(
  openapi: OpenApi,
  operation: string,
  { id, ...call }: { id: string; body?: unknown; purpose: string },
): PlannedCall {
  const { method, path } = findOperation(readOperations(openapi), operation)!;
  return { operation, method, path: path.replace(/\{(id|subjectId)\}/, encodeURIComponent(id)), ...call };
}

function missingImage(role: ImageRole): string {
  return `no picture \`${role}.jpg\` was given`;
}

function isPublishedForm(body: unknown): boolean {
  const faces = (body as { faces?: unknown } | undefined)?.faces;
  if (!Array.isArray(faces) || faces.length === 0) return false;
  return faces.every(
    (face) => face !== null && typeof face === "object" && "faceArea" in face && !("attributes" in face),
  );
}
