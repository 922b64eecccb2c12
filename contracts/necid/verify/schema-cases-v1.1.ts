import { findOperation, type OpenApi, readOperations } from "../../openapi/operations.ts";
import type { ImageRole, MadeCall, PlannedCall, Session } from "../../verify/check.ts";
import { brokenRequests } from "../../verify/schema/broken-requests.ts";
import type { Provoked, SchemaCase } from "../../verify/schema/schema-checks.ts";

/** How to provoke the responses that only v1.1 documents: events, tags, the list, jobs, and its own errors. */
export function necIdV11SchemaCases({ openapi }: { openapi: OpenApi }): SchemaCase[] {
  const planned = (operation: string, { path = {}, query = "", ...call }: CallParts): PlannedCall => {
    const { method, path: template } = findOperation(readOperations(openapi), operation)!;
    const filled = template.replaceAll(/\{([^{}]*)\}/g, (_, name) =>
      encodeURIComponent({ ...unknown, ...path }[name as keyof typeof unknown]),
    );
    return { operation, method, path: `${filled}${query}`, ...call };
  };

  return [
    ...rows.map(
      ({
        operation,
        status,
        name,
        title,
        expectBody,
        prepare = async (): Promise<Variant[]> => [{}],
      }): SchemaCase => ({
        operation,
        status,
        name,
        title,
        async provoke(session) {
          const provoked: Provoked[] = [];
          const tag = `${tagPrefix}${operation}-${status}`;
          const given = await prepare({
            session,
            tag,
            call: (key, parts) => session.call(planned(key, parts)),
          });
          if (typeof given === "string") return given;
          for (const { about, ...parts } of given) {
            const made = await session.call(planned(operation, { purpose: title, ...parts }));
            provoked.push({ made, about, expectBody });
          }
          // A tag is left to nobody. Where there is none, this is a 404.
          if (usesTags.has(operation)) {
            for (const name of [tag, `${tag}-2`])
              await session.call(planned("DeleteTag", { path: { name }, purpose: "delete the tag" }));
          }
          return provoked;
        },
      }),
    ),
    ...["ApiSubjectsByIdEventsPost", "ApiSubjectsByIdEventByIdPut"].flatMap((operation) =>
      faceErrors.map(
        ({ name, image: role, title }): SchemaCase => ({
          operation,
          status: 400,
          name,
          title,
          async provoke(session) {
            const image = session.image(role);
            if (image === undefined) return missingImage(role);
            const alice = await registerAlice(session);
            if (typeof alice === "string") return alice;
            const body = { face: image };
            const made = await session.call(planned(operation, { path: alice, body, purpose: title }));
            return [{ made, expectBody: { errorType: name } }];
          },
        }),
      ),
    ),
    ...Object.entries(bodies).map(
      ([operation, bodyOf]): SchemaCase => ({
        operation,
        status: 400,
        name: "InvalidRequest",
        title: "a request that breaks the contract is refused",
        async provoke(session) {
          const provoked: Provoked[] = [];
          const valid = bodyOf(session.image("alice-1") ?? blackPixel);
          for (const { rule, body } of brokenRequests({ openapi, operation, valid })) {
            const made = await session.call(planned(operation, { body, purpose: `a request with ${rule}` }));
            provoked.push({ made, about: rule, expectBody: { errorType: "InvalidRequest" } });
          }
          return provoked;
        },
      }),
    ),
  ];
}

/** Of everything that a path names, one that nobody has. */
export const unknown = {
  id: "necidguid-0000-4000-8000-000000000000",
  subjectId: "necidguid-0000-4000-8000-000000000000",
  eventId: "eventguid-0000-4000-8000-000000000000",
  batchId: "batchguid-0000-4000-8000-000000000000",
  pagingId: "1",
  name: "necid-verify-unknown",
};

type CallParts = Pick<PlannedCall, "purpose"> & {
  path?: Partial<typeof unknown>;
  /** With its question mark. */
  query?: string;
  body?: unknown;
};
type Variant = Omit<CallParts, "purpose"> & { about?: string };
type Preparing = {
  session: Session;
  /** A name for a tag of the case. */
  tag: string;
  call(operation: string, parts: CallParts): Promise<MadeCall>;
};
type Row = Pick<SchemaCase, "operation" | "status" | "name" | "title"> & {
  expectBody?: Provoked["expectBody"];
  /** Makes the calls before the one under test, and returns what that one is made with; or why it cannot be. */
  prepare?: (preparing: Preparing) => Promise<Variant[] | string>;
};

const tagPrefix = "necid-verify-";
const usesTags = new Set(["CreateTag", "UpdateTag", "DeleteTag", "Get"]);

const withAlice =
  (variants: (image: string) => Variant[] = () => [{}]) =>
  async ({ session }: Preparing): Promise<Variant[] | string> => {
    const alice = await registerAlice(session);
    if (typeof alice === "string") return alice;
    const image = session.image("alice-1")!;
    return variants(image).map((variant) => ({ ...variant, path: { ...alice, ...variant.path } }));
  };

const withImage =
  (variants: (image: string) => Variant[]) =>
  async ({ session }: Preparing): Promise<Variant[] | string> => {
    const image = session.image("alice-1");
    return image === undefined ? missingImage("alice-1") : variants(image);
  };

const withTag =
  (variants: (tag: string) => Variant[]) =>
  async ({ session, tag, call }: Preparing): Promise<Variant[] | string> => {
    await call("CreateTag", { path: { name: tag }, purpose: "create a tag" });
    const { response } = await call("Get", { purpose: "list the tags" });
    const isThere = session.planning || response.body.includes(JSON.stringify(tag));
    return isThere ? variants(tag) : "no tag could be created";
  };

/** The name of a file that no service can register. */
const noFile = "none.jpg";

const withJob =
  (variants: (batchId: string) => Variant[]) =>
  async ({ call }: Preparing): Promise<Variant[] | string> => {
    const body = { registrations: [{ filename: noFile }] };
    const { response } = await call("BulkRegister", { body, purpose: "start a bulk registration" });
    const batchId = textAt(response.body, "batchId");
    return batchId === undefined
      ? `no bulk registration was started (status ${response.status})`
      : variants(batchId);
  };

const rows: Row[] = [
  {
    operation: "ApiSubjectsGet",
    status: 200,
    title: "the gallery is listed",
    prepare: withAlice(() => [{}, { query: "?length=1&dir=desc", about: "one row, newest first" }]),
  },
  {
    operation: "ApiSubjectsGet",
    status: 404,
    title: "behind the last row there is nothing",
    prepare: async () => [{ query: "?start=2147483647" }],
  },
  {
    operation: "ApiSubjectsGet",
    status: 400,
    name: "InvalidRequest",
    title: "a page that cannot be is refused",
    expectBody: { errorType: "InvalidRequest" },
    prepare: async () =>
      ["start=-1", "start=x", "length=0", "length=1001", "dir=up"].map((query) => ({
        query: `?${query}`,
        about: query,
      })),
  },
  {
    operation: "ApiSubjectsByIdEventsGet",
    status: 200,
    title: "the events of a subject are listed",
    prepare: withAlice(),
  },
  { operation: "ApiSubjectsByIdEventsGet", status: 404, title: "an unknown subject has no events" },
  {
    operation: "ApiSubjectsByIdEventsPost",
    status: 201,
    title: "an event is registered",
    prepare: withAlice((face) => [{ body: { face } }]),
  },
  {
    operation: "ApiSubjectsByIdEventsPost",
    status: 404,
    title: "an unknown subject gets no event",
    prepare: withImage((face) => [{ body: { face } }]),
  },
  {
    operation: "ApiSubjectsByIdEventByIdPut",
    status: 200,
    title: "the face of an event is replaced",
    prepare: withAlice((face) => [{ body: { face } }]),
  },
  {
    operation: "ApiSubjectsByIdEventByIdPut",
    status: 404,
    title: "an unknown event is not updated",
    prepare: withAlice((face) => [{ path: { eventId: unknown.eventId }, body: { face } }]),
  },
  {
    operation: "ApiSubjectsByIdEventByIdDelete",
    status: 204,
    title: "an event is unregistered",
    prepare: withAlice(),
  },
  {
    operation: "ApiSubjectsByIdEventByIdDelete",
    status: 404,
    title: "an unknown event is not unregistered",
    prepare: withAlice(() => [{ path: { eventId: unknown.eventId } }]),
  },
  { operation: "Get", status: 200, title: "the tags are listed", prepare: withTag(() => [{}]) },
  {
    operation: "CreateTag",
    status: 200,
    title: "a tag is created",
    prepare: async ({ tag }) => [{ path: { name: tag } }],
  },
  {
    operation: "CreateTag",
    status: 400,
    name: "Duplicate",
    title: "a second tag of a name is refused",
    expectBody: { errorType: "Duplicate", errorCode: 1002 },
    prepare: withTag((name) => [{ path: { name } }]),
  },
  {
    operation: "UpdateTag",
    status: 200,
    title: "a tag is renamed",
    prepare: withTag((name) => [{ path: { name }, body: { newName: `${name}-2` } }]),
  },
  {
    operation: "UpdateTag",
    status: 400,
    name: "Duplicate",
    title: "a name that is taken is refused",
    expectBody: { errorType: "Duplicate", errorCode: 1002 },
    async prepare(preparing) {
      const other = `${preparing.tag}-2`;
      const made = await withTag((name) => [{ path: { name }, body: { newName: other } }])(preparing);
      await preparing.call("CreateTag", { path: { name: other }, purpose: "create another tag" });
      return made;
    },
  },
  {
    operation: "UpdateTag",
    status: 404,
    title: "an unknown tag is not renamed",
    prepare: async () => [{ body: { newName: `${tagPrefix}renamed` } }],
  },
  {
    operation: "DeleteTag",
    status: 200,
    title: "a tag is deleted",
    prepare: withTag((name) => [{ path: { name } }]),
  },
  { operation: "DeleteTag", status: 404, title: "an unknown tag is not deleted" },
  {
    operation: "BulkRegister",
    status: 200,
    title: "a bulk registration is accepted",
    prepare: async () => [{ body: { registrations: [{ filename: noFile }] } }],
  },
  {
    operation: "GetBulkRegisterProgress",
    status: 200,
    title: "a bulk registration is followed",
    prepare: withJob((batchId) => [{ path: { batchId } }]),
  },
  { operation: "GetBulkRegisterProgress", status: 404, title: "an unknown bulk registration is not found" },
  {
    operation: "GetBulkRegisterProgressPaged",
    status: 404,
    title: "an unknown page is not found",
    prepare: withJob((batchId) => [{ path: { batchId, pagingId: "9999" } }]),
  },
  {
    operation: "GetBulkRegisterProgressPaged",
    status: 200,
    title: "a second page is followed",
    async prepare({ call }) {
      const registrations = Array.from({ length: 1001 }, () => ({ filename: noFile }));
      const started = await call("BulkRegister", {
        body: { registrations },
        purpose: "start a long bulk registration",
      });
      const batchId = textAt(started.response.body, "batchId");
      if (batchId === undefined)
        return `no bulk registration was started (status ${started.response.status})`;
      const first = await call("GetBulkRegisterProgress", { path: { batchId }, purpose: "its first page" });
      const pagingId = textAt(first.response.body, "lastEvaluatedKey") ?? "1000";
      return [{ path: { batchId, pagingId } }];
    },
  },
  {
    operation: "ApiFaceVerifyPost",
    status: 200,
    name: "faces",
    title: "two faces of one person are verified",
    prepare: withImage((image) => [{ body: { probe: image, face: image } }]),
  },
  {
    operation: "ApiFaceVerifyPost",
    status: 404,
    name: "faces",
    title: "the faces of two people are not verified",
    async prepare({ session }) {
      const [probe, face] = [session.image("alice-1"), session.image("bob")];
      if (probe === undefined) return missingImage("alice-1");
      return face === undefined ? missingImage("bob") : [{ body: { probe, face } }];
    },
  },
  {
    operation: "ApiSubjectsPost",
    status: 400,
    name: "unknown tag",
    title: "a tag that does not exist is refused",
    expectBody: { errorType: "InvalidRequest" },
    prepare: withImage((face) => [{ body: { face, tags: [unknown.name] } }]),
  },
];

const faceErrors: { name: string; image: ImageRole; title: string }[] = [
  { name: "NoFace", image: "none", title: "a picture without a face is refused" },
  { name: "PoorQuality", image: "blurred", title: "a face that is too poor is refused" },
  { name: "MultipleFaces", image: "group", title: "a picture of several people is refused" },
];

/** A valid body of each operation that v1 does not have. */
export const bodies: Record<string, (image: string) => Record<string, unknown>> = {
  ApiSubjectsByIdEventsPost: (face) => ({ face }),
  ApiSubjectsByIdEventByIdPut: (face) => ({ face }),
  UpdateTag: () => ({ newName: `${tagPrefix}renamed` }),
  BulkRegister: () => ({ registrations: [{ filename: noFile }] }),
};

const blackPixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

async function registerAlice(session: Session): Promise<{ subjectId: string; eventId: string } | string> {
  const face = session.image("alice-1");
  if (face === undefined) return missingImage("alice-1");
  const { made, id } = await session.register({ face, purpose: "register alice" });
  const eventId = textAt(made.response.body, "eventId");
  if (id === undefined) return `alice could not be registered (status ${made.response.status})`;
  return eventId === undefined ? "alice was registered without an eventId" : { subjectId: id, eventId };
}

function textAt(body: Buffer, property: string): string | undefined {
  try {
    const value = JSON.parse(body.toString())?.[property];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function missingImage(role: ImageRole): string {
  return `no picture \`${role}.jpg\` was given`;
}
