import {
  type Check,
  createResultBuilder,
  type ImageRole,
  type MadeCall,
  type PlannedCall,
  type Session,
  type Signing,
} from "../../../verify/check.ts";
import { redactSecrets } from "../../../verify/redaction.ts";

/** Makes the checks of what only v1.1 has: events, tags, the list, two faces, a limit, bulk registrations. */
export function v11SequenceChecks(): Check[] {
  return sequences.map(({ id, operation, title, images, run }) => ({
    id: `sequence/${id}`,
    part: "sequence",
    operation,
    title,
    async run(session) {
      const missing = images.filter((role) => session.image(role) === undefined);
      if (missing.length > 0) {
        const names = missing.map((role) => `\`${role}.jpg\``).join(", ");
        return { mismatches: [], asserted: [], skipped: `no picture ${names} was given` };
      }
      const builder = createResultBuilder("sequence");
      try {
        await run(openCalls(session, builder));
      } catch (error) {
        if (!(error instanceof CannotContinue)) throw error;
      }
      return builder.result();
    },
  }));
}

type Sequence = Pick<Check, "id" | "operation" | "title"> & {
  images: ImageRole[];
  run(calls: Calls): Promise<void>;
};

/** A call, and its response. */
type Step = Pick<MadeCall, "planned" | "request"> & {
  operation: string;
  location: string;
  status: number;
  body: Body;
};
type Body = Record<string, unknown> | unknown[] | undefined;

type Calls = {
  image(role: ImageRole): string;
  /** Registers, and claims a 201 with ids. */
  register(role: ImageRole, tags?: string[]): Promise<Step & { id: string; eventId: string }>;
  call(operation: Operation, options: CallOptions): Promise<Step>;
  /** Makes a call and claims its status. */
  expect(status: number, operation: Operation, options: CallOptions): Promise<Step>;
  claim(
    step: Step,
    claim: { instancePath: string; holds: boolean; expected: string; actual: unknown },
  ): boolean;
};

type CallOptions = {
  path?: string[];
  query?: string;
  body?: unknown;
  purpose: string;
  signing?: Signing;
};

/** A sequence cannot go on. The mismatch is already recorded. */
class CannotContinue extends Error {
  readonly code = "CANNOT_CONTINUE";
}

const operations = {
  ApiSubjectsGet: ["GET", "/subjects"],
  ApiSubjectsPost: ["POST", "/subjects"],
  ApiSubjectsByIdPut: ["PUT", "/subjects/{}"],
  ApiSubjectsByIdDelete: ["DELETE", "/subjects/{}"],
  ApiSubjectsByIdEventsGet: ["GET", "/subjects/{}/events"],
  ApiSubjectsByIdEventsPost: ["POST", "/subjects/{}/events"],
  ApiSubjectsByIdEventByIdPut: ["PUT", "/subjects/{}/events/{}"],
  ApiSubjectsByIdEventByIdDelete: ["DELETE", "/subjects/{}/events/{}"],
  Get: ["GET", "/tags"],
  CreateTag: ["POST", "/tags/{}"],
  UpdateTag: ["PUT", "/tags/{}"],
  DeleteTag: ["DELETE", "/tags/{}"],
  BulkRegister: ["POST", "/jobs/bulkregister"],
  GetBulkRegisterProgress: ["GET", "/jobs/bulkregister/{}"],
  GetBulkRegisterProgressPaged: ["GET", "/jobs/bulkregister/{}/{}"],
  ApiFaceExtractPost: ["POST", "/face/extract"],
  ApiFaceSearchPost: ["POST", "/face/search"],
  ApiFaceVerifyPost: ["POST", "/face/verify"],
} as const;
type Operation = keyof typeof operations;

function openCalls(session: Session, builder: ReturnType<typeof createResultBuilder>): Calls {
  const calls: Calls = {
    image: (role) => session.image(role)!,
    async register(role) {
      const purpose = `register ${role}`;
      const { made, id } = await session.register({ face: session.image(role)!, purpose });
      const step = stepOf(made, "ApiSubjectsPost", purpose);
      const eventId = textAt(step.body, "eventId");
      const holds = step.status === 201 && id !== undefined && eventId !== undefined;
      const actual = `${step.status} with ${[id && "id", eventId && "eventId"].filter(Boolean).join(" and ") || "neither"}`;
      calls.claim(step, { instancePath: "status", holds, expected: "201 with id and eventId", actual });
      if (id === undefined || eventId === undefined) throw new CannotContinue();
      return { ...step, id, eventId };
    },
    async call(operation, { path = [], query = "", ...rest }) {
      const [method, template] = operations[operation];
      const values = [...path];
      const filled = template.replaceAll("{}", () => encodeURIComponent(values.shift() ?? ""));
      const planned: PlannedCall = { operation, method, path: `${filled}${query}`, ...rest };
      return stepOf(await session.call(planned), operation, rest.purpose);
    },
    async expect(status, operation, options) {
      const step = await calls.call(operation, options);
      calls.claim(step, {
        instancePath: "status",
        holds: step.status === status,
        expected: String(status),
        actual: step.status,
      });
      return step;
    },
    claim: (step, { actual, ...claim }) =>
      // A plan has the documented examples, which do not know what was sent.
      session.planning ||
      builder.assert({
        operation: step.operation,
        status: step.status,
        location: step.location,
        call: step.planned,
        actual: redactSecrets(
          typeof actual === "string" ? actual : (JSON.stringify(actual) ?? "nothing"),
          step.request,
        ),
        ...claim,
      }),
  };
  return calls;
}

function stepOf(
  { planned, response, request }: Pick<MadeCall, "planned" | "response" | "request">,
  operation: string,
  location: string,
): Step {
  return { operation, location, status: response.status, body: parsed(response.body), planned, request };
}

function parsed(bytes: Buffer): Body {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

const sequences: Sequence[] = [
  {
    id: "an-event-belongs-to-its-subject",
    operation: "ApiSubjectsByIdEventsPost",
    title: "a second face of a subject is listed, found and verified, until it is unregistered",
    images: ["alice-1", "bob"],
    async run(calls) {
      const { image, register, expect, claim } = calls;
      const alice = await register("alice-1");
      const { id } = alice;
      const before = await expect(200, "ApiSubjectsByIdEventsGet", { path: [id], purpose: "list her event" });
      claimEvents(claim, before, [alice.eventId]);
      const added = await addEvent(calls, { id, role: "bob" });
      claim(added, {
        instancePath: "body /id",
        holds: textAt(added.body, "id") === id,
        expected: "the subject's id",
        actual: textAt(added.body, "id"),
      });
      const { eventId } = added;
      claim(added, {
        instancePath: "body /eventId",
        holds: eventId !== alice.eventId,
        expected: "another id than that of the first event",
        actual: "the same id",
      });
      const both = await expect(200, "ApiSubjectsByIdEventsGet", { path: [id], purpose: "list both events" });
      claimEvents(claim, both, [alice.eventId, eventId]);
      const search = { probe: image("bob"), limit: 50 };
      const found = await expect(200, "ApiFaceSearchPost", { body: search, purpose: "search bob" });
      claimFound(claim, found, { id, events: [eventId] });
      const verify = { probe: image("bob"), id };
      await expect(200, "ApiFaceVerifyPost", { body: verify, purpose: "verify bob as this subject" });
      await removeEvent(calls, { id, eventId, probe: image("bob") });
      await expect(404, "ApiSubjectsByIdEventByIdDelete", {
        path: [id, eventId],
        purpose: "unregister it again",
      });
      const after = await expect(200, "ApiSubjectsByIdEventsGet", {
        path: [id],
        purpose: "list what is left",
      });
      claimEvents(claim, after, [alice.eventId]);
      await expect(404, "ApiFaceVerifyPost", { body: verify, purpose: "verify bob once more" });
      await expect(200, "ApiFaceVerifyPost", {
        body: { probe: image("alice-1"), id },
        purpose: "verify alice",
      });
    },
  },
  {
    id: "an-update-of-an-event-replaces-its-face",
    operation: "ApiSubjectsByIdEventByIdPut",
    title: "an event that is updated shows the new face, under its old id",
    images: ["alice-1", "bob"],
    async run({ image, register, call, expect, claim }) {
      const { id, eventId } = await register("alice-1");
      const body = { face: image("bob") };
      const updated = await expect(200, "ApiSubjectsByIdEventByIdPut", {
        path: [id, eventId],
        body,
        purpose: "update the event",
      });
      for (const [property, wanted] of [
        ["id", id],
        ["eventId", eventId],
      ] as const)
        claim(updated, {
          instancePath: `body /${property}`,
          holds: textAt(updated.body, property) === wanted,
          expected: `the ${property} of the request`,
          actual: textAt(updated.body, property),
        });
      const bob = await call("ApiFaceVerifyPost", {
        body: { probe: image("bob"), id },
        purpose: "verify bob",
      });
      const old = { probe: image("alice-1"), id };
      const alice = await call("ApiFaceVerifyPost", { body: old, purpose: "verify alice" });
      const isOld = bob.status === 404 && alice.status === 200;
      const isNew = claim(updated, {
        instancePath: "status",
        holds: !isOld,
        expected: "200 and the new face",
        actual: `${updated.status}, and the old face is still verified`,
      });
      if (!isNew) return;
      for (const [step, status] of [
        [bob, 200],
        [alice, 404],
      ] as const)
        claim(step, {
          instancePath: "status",
          holds: step.status === status,
          expected: String(status),
          actual: step.status,
        });
      const left = await expect(200, "ApiSubjectsByIdEventsGet", { path: [id], purpose: "list the event" });
      claimEvents(claim, left, [eventId]);
    },
  },
  {
    id: "an-unregistered-subject-has-no-events",
    operation: "ApiSubjectsByIdDelete",
    title: "a subject that is unregistered takes its events along",
    images: ["alice-1", "alice-2"],
    async run({ image, register, expect }) {
      const { id, eventId } = await register("alice-1");
      const body = { face: image("alice-2") };
      await expect(201, "ApiSubjectsByIdEventsPost", { path: [id], body, purpose: "add a face" });
      await expect(204, "ApiSubjectsByIdDelete", { path: [id], purpose: "unregister the subject" });
      await expect(404, "ApiSubjectsByIdEventsGet", { path: [id], purpose: "list its events" });
      await expect(404, "ApiSubjectsByIdEventsPost", { path: [id], body, purpose: "add another face" });
      await expect(404, "ApiSubjectsByIdEventByIdPut", {
        path: [id, eventId],
        body,
        purpose: "update its event",
      });
      await expect(404, "ApiSubjectsByIdEventByIdDelete", {
        path: [id, eventId],
        purpose: "unregister its event",
      });
    },
  },
  {
    id: "a-candidate-scores-its-events",
    operation: "ApiFaceSearchPost",
    title: "a candidate has its events from the best on, and the score of the best",
    images: ["alice-1", "alice-2"],
    async run(calls) {
      const { image, register, expect, claim } = calls;
      const alice = await register("alice-1");
      const { eventId: second } = await addEvent(calls, { id: alice.id, role: "alice-2" });
      const threshold = 7000;
      const search = { probe: image("alice-1"), threshold, limit: 50 };
      const found = await expect(200, "ApiFaceSearchPost", { body: search, purpose: "search alice" });
      claimFound(claim, found, { id: alice.id, events: [alice.eventId, second] });
      for (const [index, candidate] of candidatesIn(found).entries()) {
        const scores = candidate.events.map(({ score }) => score);
        const at = `body /candidates/${index}`;
        claim(found, {
          instancePath: `${at}/score`,
          holds: candidate.score === Math.max(...scores),
          expected: "the score of its best event",
          actual: `${candidate.score} of ${scores.join(", ")}`,
        });
        claim(found, {
          instancePath: `${at}/events`,
          holds: scores.every((score, place) => score >= threshold && score <= (scores[place - 1] ?? score)),
          expected: `scores of ${threshold} and more, the best first`,
          actual: scores.join(", "),
        });
      }
    },
  },
  {
    id: "a-tag-lives-until-it-is-deleted",
    operation: "CreateTag",
    title:
      "a tag is listed when it is created, under its new name when it is renamed, and not when it is deleted",
    images: [],
    async run({ call, expect, claim }) {
      const [first, second] = ["necid-verify-tag", "necid-verify-renamed"];
      await removeTags(call, [first, second]);
      try {
        await expect(404, "DeleteTag", { path: [first], purpose: "delete it before it is there" });
        const created = await expect(200, "CreateTag", { path: [first], purpose: "create a tag" });
        const listed = await expect(200, "Get", { purpose: "list the tags" });
        if (!claimTags(claim, { listed, cause: created, has: [first], lacks: [second] })) return;
        await expect(400, "CreateTag", { path: [first], purpose: "create it again" });
        const renamed = await expect(200, "UpdateTag", {
          path: [first],
          body: { newName: second },
          purpose: "rename it",
        });
        const afterwards = await expect(200, "Get", { purpose: "list the tags again" });
        if (!claimTags(claim, { listed: afterwards, cause: renamed, has: [second], lacks: [first] })) return;
        await expect(404, "UpdateTag", {
          path: [first],
          body: { newName: "x" },
          purpose: "rename the old name",
        });
        const deleted = await expect(200, "DeleteTag", { path: [second], purpose: "delete it" });
        const left = await expect(200, "Get", { purpose: "list what is left" });
        claimTags(claim, { listed: left, cause: deleted, has: [], lacks: [first, second] });
      } finally {
        await removeTags(call, [first, second]);
      }
    },
  },
  {
    id: "a-search-by-tags-finds-tagged-events",
    operation: "ApiFaceSearchPost",
    title: "a search by tags finds the events that have one of them, under a new name too",
    images: ["alice-1", "alice-2"],
    async run(calls) {
      const { image, register, call, expect, claim } = calls;
      const [tag, other, renamed] = ["necid-verify-a", "necid-verify-b", "necid-verify-c"];
      await removeTags(call, [tag, other, renamed]);
      try {
        for (const name of [tag, other]) {
          const created = await expect(200, "CreateTag", { path: [name], purpose: `create ${name}` });
          const listed = await call("Get", { purpose: "list the tags" });
          if (!claimTags(claim, { listed, cause: created, has: [name], lacks: [] })) return;
        }
        const { id } = await register("alice-1");
        const { eventId } = await addEvent(calls, { id, role: "alice-2", tags: [tag] });
        const search = (tags: string[]) => ({ probe: image("alice-1"), limit: 50, tags });
        const found = await expect(200, "ApiFaceSearchPost", {
          body: search([tag, other]),
          purpose: "search by both tags",
        });
        claimFound(claim, found, { id, events: [eventId] });
        await expect(404, "ApiFaceSearchPost", {
          body: search([other]),
          purpose: "search by the tag that nobody has",
        });
        const unknown = { ...search([]), tags: [renamed] };
        await expect(400, "ApiFaceSearchPost", {
          body: unknown,
          purpose: "search by a tag that is not there",
        });
        await expect(200, "UpdateTag", {
          path: [tag],
          body: { newName: renamed },
          purpose: "rename the tag",
        });
        const again = await expect(200, "ApiFaceSearchPost", {
          body: search([renamed]),
          purpose: "search by the new name",
        });
        claimFound(claim, again, { id, events: [eventId] });
      } finally {
        await removeTags(call, [tag, other, renamed]);
      }
    },
  },
  {
    id: "the-list-has-deleted-events",
    operation: "ApiSubjectsGet",
    title: "the list has a row for each event, active or deleted, in both orders",
    images: ["alice-1", "alice-2"],
    async run(calls) {
      const { image, register, expect, claim } = calls;
      const { id, eventId } = await register("alice-1");
      const { eventId: second } = await addEvent(calls, { id, role: "alice-2" });
      const newest = await expect(200, "ApiSubjectsGet", { query: "?dir=desc", purpose: "list the newest" });
      claimRows(claim, newest, id, [`${second} A`, `${eventId} A`]);
      await removeEvent(calls, { id, eventId: second, probe: image("alice-2") });
      const after = await expect(200, "ApiSubjectsGet", {
        query: "?dir=desc",
        purpose: "list the newest again",
      });
      claimRows(claim, after, id, [`${second} D`, `${eventId} A`]);
      const total = Number((after.body as { total?: number } | undefined)?.total);
      const start = Math.max(0, total - 1000);
      const oldest = await expect(200, "ApiSubjectsGet", {
        query: `?start=${start}&dir=asc`,
        purpose: "list the oldest first",
      });
      claimRows(claim, oldest, id, [`${eventId} A`, `${second} D`]);
      const one = await expect(200, "ApiSubjectsGet", {
        query: "?start=1&length=1&dir=desc",
        purpose: "list the second row",
      });
      const rows = rowsIn(one);
      claim(one, {
        instancePath: "body /subjects",
        holds: rows.length === 1,
        expected: "a list of 1",
        actual: `a list of ${rows.length}`,
      });
      claim(one, {
        instancePath: "body /subjects/0",
        holds: JSON.stringify(rows[0]) === JSON.stringify(rowsIn(after)[1]),
        expected: "the second row of the whole list",
        actual: "another row",
      });
      claim(one, {
        instancePath: "body /total",
        holds: (one.body as { total?: number } | undefined)?.total === total,
        expected: "the total of the whole list",
        actual: (one.body as { total?: number } | undefined)?.total,
      });
    },
  },
  {
    id: "two-faces-need-no-api-key",
    operation: "ApiFaceVerifyPost",
    title: "two faces are compared without an API key, a subject is verified with one only",
    images: ["alice-1", "alice-2", "bob"],
    async run({ image, register, expect, claim }) {
      const signing = "no api key";
      const [alice, second, bob] = [image("alice-1"), image("alice-2"), image("bob")];
      const compare = (probe: string, face: string, purpose: string, status = 200) =>
        expect(status, "ApiFaceVerifyPost", { body: { probe, face }, signing, purpose });
      const identical = await compare(alice, alice, "compare a picture with itself");
      const there = await compare(alice, second, "compare two pictures of alice");
      const back = await compare(second, alice, "compare them the other way round");
      await compare(alice, bob, "compare alice and bob", 404);
      for (const step of [identical, there, back])
        claim(step, {
          instancePath: "body",
          holds: Object.keys(step.body ?? {}).join() === "score",
          expected: "only a score",
          actual: Object.keys(step.body ?? {}).join(", "),
        });
      claim(identical, {
        instancePath: "body /score",
        holds: numberAt(identical.body, "score") >= numberAt(there.body, "score"),
        expected: "no less than two different pictures have",
        actual: numberAt(identical.body, "score"),
      });
      claim(back, {
        instancePath: "body /score",
        holds: numberAt(back.body, "score") === numberAt(there.body, "score"),
        expected: "the same score both ways",
        actual: numberAt(back.body, "score"),
      });
      const { id } = await register("alice-1");
      const body = { probe: alice, id };
      const verified = await expect(200, "ApiFaceVerifyPost", { body, purpose: "verify alice" });
      claim(verified, {
        instancePath: "body /id",
        holds: textAt(verified.body, "id") === id,
        expected: "the id of the request",
        actual: textAt(verified.body, "id"),
      });
      await expect(403, "ApiFaceVerifyPost", { body, signing, purpose: "verify alice without an API key" });
    },
  },
  {
    id: "extract-keeps-its-limit",
    operation: "ApiFaceExtractPost",
    title: "extract gives ten faces of a crowd, or as many as the limit says, without an API key",
    images: ["crowd"],
    async run({ image, expect, claim }) {
      for (const [limit, count] of [
        [undefined, 10],
        [1, 1],
        [20, 20],
      ] as const) {
        const body = { faces: image("crowd"), ...(limit !== undefined && { limit }) };
        const purpose = limit === undefined ? "extract a crowd" : `extract a crowd with limit ${limit}`;
        const step = await expect(200, "ApiFaceExtractPost", { body, signing: "no api key", purpose });
        const { faces = [] } = (step.body ?? {}) as { faces?: unknown[] };
        claim(step, {
          instancePath: "body /faces",
          holds: faces.length === count,
          expected: `a list of ${count}`,
          actual: `a list of ${faces.length}`,
        });
      }
    },
  },
  {
    id: "a-bulk-registration-has-its-records",
    operation: "GetBulkRegisterProgress",
    title: "a bulk registration has a record for each file, in pages of a thousand",
    images: [],
    async run({ expect, claim }) {
      const filenames = Array.from({ length: 1002 }, (_, place) => `necid-verify-${place}/none.jpg`);
      const body = { registrations: filenames.map((filename) => ({ filename })) };
      const started = await expect(200, "BulkRegister", { body, purpose: "start a bulk registration" });
      const batchId = textAt(started.body, "batchId") ?? "";
      const first = await expect(200, "GetBulkRegisterProgress", {
        path: [batchId],
        purpose: "its first page",
      });
      claimRecords(claim, first, { batchId, filenames: filenames.slice(0, 1000) });
      const key = textAt(first.body, "lastEvaluatedKey");
      claim(first, {
        instancePath: "body /lastEvaluatedKey",
        holds: key !== undefined,
        expected: "the key of the next page",
        actual: "nothing",
      });
      if (key === undefined) return;
      const last = await expect(200, "GetBulkRegisterProgressPaged", {
        path: [batchId, key],
        purpose: "its last page",
      });
      claimRecords(claim, last, { batchId, filenames: filenames.slice(1000) });
      claim(last, {
        instancePath: "body /lastEvaluatedKey",
        holds: textAt(last.body, "lastEvaluatedKey") === undefined,
        expected: "nothing on the last page",
        actual: "a key",
      });
    },
  },
];

type Claim = Calls["claim"];

/**
 * Adds a face to a subject. One that is neither listed nor found was not registered, whatever the response said; then
 * the sequence ends.
 */
async function addEvent(
  { image, expect, call, claim }: Calls,
  { id, role, tags }: { id: string; role: ImageRole; tags?: string[] },
): Promise<Step & { eventId: string }> {
  const body = { face: image(role), ...(tags && { tags }) };
  const added = await expect(201, "ApiSubjectsByIdEventsPost", { path: [id], body, purpose: `add ${role}` });
  const eventId = textAt(added.body, "eventId") ?? "";
  const seen = await isSeen(call, { id, eventId, probe: image(role) });
  const isThere = claim(added, {
    instancePath: "status",
    holds: seen,
    expected: "201 and an event that is listed or found",
    actual: `${added.status}, and the event is neither listed nor found`,
  });
  if (!isThere) throw new CannotContinue();
  return { ...added, eventId };
}

/** Unregisters an event. One that is still listed and found is there, whatever the response said. */
async function removeEvent(
  { expect, call, claim }: Calls,
  { id, eventId, probe }: { id: string; eventId: string; probe: string },
): Promise<void> {
  const removed = await expect(204, "ApiSubjectsByIdEventByIdDelete", {
    path: [id, eventId],
    purpose: "unregister the event",
  });
  const listed = await call("ApiSubjectsByIdEventsGet", {
    path: [id],
    purpose: "list the events afterwards",
  });
  const search = { probe, limit: 50 };
  const found = await call("ApiFaceSearchPost", { body: search, purpose: "search the face afterwards" });
  const isThere = eventsIn(listed).includes(eventId) && foundIn(found, id).includes(eventId);
  const isGone = claim(removed, {
    instancePath: "status",
    holds: !isThere,
    expected: "204 and no sign of the event",
    actual: `${removed.status}, and the event is listed and found`,
  });
  if (!isGone) throw new CannotContinue();
}

async function isSeen(
  call: Calls["call"],
  { id, eventId, probe }: { id: string; eventId: string; probe: string },
): Promise<boolean> {
  const listed = await call("ApiSubjectsByIdEventsGet", { path: [id], purpose: "list the events" });
  const search = { probe, limit: 50 };
  const found = await call("ApiFaceSearchPost", { body: search, purpose: "search the face" });
  return eventsIn(listed).includes(eventId) || foundIn(found, id).includes(eventId);
}

function eventsIn(step: Step): unknown[] {
  const { events } = (step.body ?? {}) as { events?: { id?: string }[] };
  return Array.isArray(events) ? events.map((event) => event?.id) : [];
}

/** The events of a subject that a search found. */
function foundIn(step: Step, id: string): unknown[] {
  return candidatesIn(step)
    .filter((candidate) => candidate.id === id)
    .flatMap(({ events }) => events.map((event) => event?.id));
}

async function removeTags(call: Calls["call"], names: string[]): Promise<void> {
  for (const name of names) await call("DeleteTag", { path: [name], purpose: `delete ${name}` });
}

function claimEvents(claim: Claim, step: Step, expected: string[]): void {
  const { events = [] } = (step.body ?? {}) as { events?: { id?: string }[] };
  const ids = events.map((event) => event?.id);
  claim(step, {
    instancePath: "body /events",
    holds: ids.join() === expected.join(),
    expected: `the ${expected.length === 1 ? "event" : `${expected.length} events`} that the subject has`,
    actual: `a list of ${ids.length}`,
  });
}

function claimFound(claim: Claim, step: Step, expected: { id: string; events: string[] }): void {
  const candidate = candidatesIn(step).find(({ id }) => id === expected.id);
  const events = candidate?.events.map(({ id }) => id) ?? [];
  claim(step, {
    instancePath: "body /candidates",
    holds: candidate !== undefined && events.toSorted().join() === expected.events.toSorted().join(),
    expected: `the subject with ${expected.events.length} of its events`,
    actual: candidate ? `the subject with ${events.length} other or fewer events` : "other subjects only",
  });
}

function claimTags(
  claim: Claim,
  { listed, cause, has, lacks }: { listed: Step; cause: Step; has: string[]; lacks: string[] },
): boolean {
  const isList = Array.isArray(listed.body) && listed.body.every((name) => typeof name === "string");
  const names = Array.isArray(listed.body) ? listed.body : [];
  const wrong = [
    ...has.filter((name) => !names.includes(name)),
    ...lacks.filter((name) => names.includes(name)),
  ];
  // A list that is no list is the fault of the list.
  const step = isList ? { ...cause, location: listed.location } : listed;
  return claim(step, {
    instancePath: "body",
    holds: isList && wrong.length === 0,
    expected: "a list of tags as they are now",
    actual: wrong.length === 0 ? "no list of names" : `wrong about ${wrong.join(", ")}`,
  });
}

function claimRows(claim: Claim, step: Step, id: string, expected: string[]): void {
  const rows = rowsIn(step)
    .filter((row) => row.id === id)
    .map(({ eventId, status }) => `${eventId} ${status}`);
  claim(step, {
    instancePath: "body /subjects",
    holds: rows.join() === expected.join(),
    expected: `the rows of the subject: ${expected.map((row) => row.slice(-1)).join(", ")}`,
    actual: rows.map((row) => row.slice(-1)).join(", ") || "none",
  });
}

function claimRecords(claim: Claim, step: Step, expected: { batchId: string; filenames: string[] }): void {
  const { processed = [] } = (step.body ?? {}) as { processed?: { filename?: string }[] };
  claim(step, {
    instancePath: "body /processed",
    holds: processed.map((record) => record?.filename).join() === expected.filenames.join(),
    expected: `a record for each of ${expected.filenames.length} files, in their order`,
    actual: `a list of ${processed.length}`,
  });
  claim(step, {
    instancePath: "body /batchId",
    holds: textAt(step.body, "batchId") === expected.batchId,
    expected: "the id of the bulk registration",
    actual: textAt(step.body, "batchId"),
  });
}

type Candidate = { id?: string; score?: number; events: { id: string; score: number }[] };

function candidatesIn(step: Step): Candidate[] {
  const { candidates } = (step.body ?? {}) as { candidates?: Partial<Candidate>[] };
  if (!Array.isArray(candidates)) return [];
  return candidates.map((candidate) => ({
    ...candidate,
    events: Array.isArray(candidate?.events) ? candidate.events : [],
  }));
}

function rowsIn(step: Step): { id?: string; eventId?: string; status?: string }[] {
  const { subjects } = (step.body ?? {}) as { subjects?: object[] };
  return Array.isArray(subjects) ? subjects : [];
}

function textAt(body: Body, property: string): string | undefined {
  const value = (body as Record<string, unknown> | undefined)?.[property];
  return typeof value === "string" ? value : undefined;
}

function numberAt(body: Body, property: string): number {
  return Number((body as Record<string, unknown> | undefined)?.[property]);
}
