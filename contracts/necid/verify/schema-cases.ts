import { findOperation, type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { ImageRole, PlannedCall, Scene } from "../../verify/check.ts";
import { gatewayCases } from "../../verify/gateway/gateway-cases.ts";
import { brokenRequests } from "../../verify/schema/broken-requests.ts";
import type { Provoked, SchemaCase } from "../../verify/schema/schema-checks.ts";

/**
 * How each documented answer of NEC ID is provoked: who has to be registered, which picture is sent, and
 * every way to break a request. A case whose picture the target does not have gives that as its reason.
 *
 * @param options.sendsLargeBodies whether the target may be sent bodies of ten megabytes.
 */
export function necIdSchemaCases(options: { openapi: OpenApi; sendsLargeBodies: boolean }): SchemaCase[] {
  const { openapi } = options;
  return [
    ...gatewayCases({ ...options, pathParameters: { id: unknownId } }),
    registration,
    ...answers.map((row) => answerCase(openapi, row)),
    ...faceErrors.flatMap(({ name, picture, title }) =>
      Object.keys(oneFace).map((operation) =>
        answerCase(openapi, {
          operation,
          status: 400,
          name,
          title,
          picture,
          registers: registersFirst.has(operation),
          expectBody: { errorType: name },
        }),
      ),
    ),
    ...Object.keys(requests).map((operation) => brokenRequestCase(openapi, operation)),
  ];
}

/** Of the documented form, and nobody's. */
const unknownId = "necidguid-0000-4000-8000-000000000000";

/** The body that sends a picture, by operation; `id` is a subject's. */
const oneFace: Record<string, (picture: string, id: string) => Record<string, unknown>> = {
  ApiSubjectsPost: (face) => ({ face }),
  ApiSubjectsByIdPut: (face) => ({ face }),
  ApiFaceSearchPost: (probe) => ({ probe }),
  ApiFaceVerifyPost: (probe, id) => ({ probe, id }),
};
const requests: typeof oneFace = { ...oneFace, ApiFaceExtractPost: (faces) => ({ faces }) };

/** They ask for a subject, so that one has to be there for anything else to be wrong. */
const registersFirst = new Set(["ApiSubjectsByIdPut", "ApiFaceVerifyPost"]);

const registration: SchemaCase = {
  operation: "ApiSubjectsPost",
  status: 201,
  title: "a face is registered",
  async provoke(scene) {
    const face = scene.image("alice-1");
    if (face === undefined) return noPicture("alice-1");
    return [{ made: (await scene.register({ face, purpose: "register alice" })).made }];
  },
};

type Row = Pick<SchemaCase, "operation" | "status" | "name" | "title" | "knownForm"> & {
  /** Whose picture is sent; `alice-1` unless said otherwise. */
  picture?: ImageRole;
  /** Whether alice is registered first and the call is about her; otherwise it is about nobody. */
  registers?: boolean;
  /** Asked one after the other with these properties added; once without any by default. */
  variants?: Record<string, unknown>[];
  expectBody?: Record<string, unknown>;
};

const publishedForm: Row["knownForm"] = {
  fits: isPublishedForm,
  instancePath: "body /faces/0",
  expected: "an object whose `attributes` are the face's (the documented form)",
  actual: "the attributes themselves (the published form)",
};

const answers: Row[] = [
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
    picture: "group",
    knownForm: publishedForm,
  },
  {
    operation: "ApiFaceExtractPost",
    status: 404,
    title: "no face is measured where there is none",
    picture: "none",
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
    picture: "stranger",
    variants: [{ threshold: 9999 }],
  },
  { operation: "ApiFaceVerifyPost", status: 200, title: "a registered face is verified", registers: true },
  { operation: "ApiFaceVerifyPost", status: 404, title: "nobody is verified as an unknown subject" },
];

const faceErrors: { name: string; picture: ImageRole; title: string }[] = [
  { name: "NoFace", picture: "none", title: "a picture without a face is refused" },
  { name: "PoorQuality", picture: "blurred", title: "a face that is too poor is refused" },
];

function answerCase(openapi: OpenApi, row: Row): SchemaCase {
  const { operation, status, name, title, knownForm, expectBody } = row;
  const { picture: role = "alice-1", registers = false, variants = [{}] } = row;
  return {
    operation,
    status,
    name,
    title,
    knownForm,
    async provoke(scene) {
      const bodyOf = requests[operation];
      const picture = scene.image(role) ?? "";
      if (bodyOf && picture === "") return noPicture(role);
      const id = registers ? await registerAlice(scene) : { id: unknownId };
      if (typeof id === "string") return id;
      const provoked: Provoked[] = [];
      for (const variant of variants) {
        const body = bodyOf && { ...bodyOf(picture, id.id), ...variant };
        const planned = callOf(openapi, operation, { ...id, body, purpose: title });
        const about = variants.length > 1 ? JSON.stringify(variant) : undefined;
        provoked.push({ made: await scene.call(planned), about, expectBody });
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
    async provoke(scene) {
      const alice = registersFirst.has(operation) ? await registerAlice(scene) : { id: unknownId };
      if (typeof alice === "string") return alice;
      // A picture that shows nothing is as good where the request is refused before anybody looks at it.
      const valid = requests[operation]!(scene.image("alice-1") ?? blackPixel, alice.id);
      const provoked: Provoked[] = [];
      for (const { rule, body } of brokenRequests({ openapi, operation, valid })) {
        const planned = callOf(openapi, operation, { id: alice.id, body, purpose: `a request with ${rule}` });
        provoked.push({
          made: await scene.call(planned),
          about: rule,
          expectBody: refusalOf(operation, rule),
        });
      }
      return provoked;
    },
  };
}

const blackPixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

/** The one message that is documented word for word. */
function refusalOf(operation: string, rule: string): Record<string, unknown> {
  const errorType = "InvalidRequest";
  const isDocumented = operation === "ApiSubjectsPost" && rule === "no face";
  return isDocumented ? { errorType, message: "face property must be provided." } : { errorType };
}

async function registerAlice(scene: Scene): Promise<{ id: string } | string> {
  const face = scene.image("alice-1");
  if (face === undefined) return noPicture("alice-1");
  const { made, id } = await scene.register({ face, purpose: "register alice" });
  return id === undefined ? `alice could not be registered (status ${made.answer.status})` : { id };
}

function callOf(
  openapi: OpenApi,
  operation: string,
  { id, ...call }: { id: string; body?: unknown; purpose: string },
): PlannedCall {
  const { method, path } = findOperation(readOperations(openapi), operation)!;
  return { operation, method, path: path.replace("{id}", encodeURIComponent(id)), ...call };
}

function noPicture(role: ImageRole): string {
  return `no picture \`${role}.jpg\` was given`;
}

function isPublishedForm(body: unknown): boolean {
  const faces = (body as { faces?: unknown } | undefined)?.faces;
  if (!Array.isArray(faces) || faces.length === 0) return false;
  return faces.every(
    (face) => face !== null && typeof face === "object" && "faceArea" in face && !("attributes" in face),
  );
}
