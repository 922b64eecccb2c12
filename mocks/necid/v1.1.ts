import type { ServiceCall, ServiceResponse } from "../world/service.ts";
import type { BulkJob, BulkRecord } from "./bulk-jobs.ts";
import { eventIdOf, type ListedEvent } from "./gallery.ts";
import type { NecIdError } from "./invalid-request.ts";
import { type NecIdOperation, type NecIdWorld, notFound, seconds, subjectBody } from "./operation.ts";
import { measure, withFaces, withOnlyFace } from "./pictures.ts";
import { defaultLimit, defaultThreshold, scoreOf } from "./score.ts";
import { mostTags, type Tag, type Tags } from "./tags.ts";

/** The operations of v1.1, by operationId. A picture of one person must not show several. */
export const v11: ReadonlyMap<string, NecIdOperation> = new Map<string, NecIdOperation>([
  ["ApiSubjectsGet", { respond: list }],
  ["ApiSubjectsPost", { writes: true, respond: register }],
  ["ApiSubjectsByIdPut", { writes: true, respond: update }],
  ["ApiSubjectsByIdDelete", { writes: true, respond: unregister }],
  ["ApiSubjectsByIdEventsGet", { respond: listEvents }],
  ["ApiSubjectsByIdEventsPost", { writes: true, respond: registerEvent }],
  ["ApiSubjectsByIdEventByIdPut", { writes: true, respond: updateEvent }],
  ["ApiSubjectsByIdEventByIdDelete", { writes: true, respond: unregisterEvent }],
  ["Get", { respond: listTags }],
  ["CreateTag", { writes: true, respond: createTag }],
  ["UpdateTag", { writes: true, respond: renameTag }],
  ["DeleteTag", { writes: true, respond: deleteTag }],
  ["BulkRegister", { writes: true, respond: startJob }],
  ["GetBulkRegisterProgress", { respond: followJob }],
  ["GetBulkRegisterProgressPaged", { respond: followJob }],
  ["ApiFaceExtractPost", { respond: extract }],
  ["ApiFaceSearchPost", { respond: search }],
  ["ApiFaceVerifyPost", { respond: verify }],
]);

// Subjects and events.

function list({ query = {}, application }: ServiceCall, { galleries }: NecIdWorld): ServiceResponse {
  const {
    start = 0,
    length = 1000,
    dir = "asc",
  } = query as { start?: string; length?: string; dir?: string };
  const rows = galleries.of(application).listEvents();
  if (dir === "desc") rows.reverse();
  const page = rows.slice(Number(start), Number(start) + Number(length));
  if (page.length === 0) return notFound;
  return { status: 200, body: { subjects: page.map(rowBody), total: rows.length } };
}

function rowBody({ id, eventId, deleted, updated }: ListedEvent) {
  const lastUpdated = new Date(updated * 1000).toISOString().replace(/\.000Z$/, "+00:00");
  return { id, eventId, status: deleted ? "D" : "A", lastUpdated };
}

function register(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  const { tags } = call.body as FaceRequest;
  return withTags(tags, tagsOf(call, world), (known) =>
    withOnlyFace(call, "face", (found) => {
      const event = { updated: seconds(world), tags: known };
      const subject = world.galleries.register(call.application, found, event);
      return { status: 201, ...subjectBody({ id: subject.id, eventId: eventIdOf(subject) }, found) };
    }),
  );
}

function update(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  const { tags } = call.body as FaceRequest;
  const id = call.pathParameters.subjectId!;
  const gallery = world.galleries.of(call.application);
  return withTags(tags, gallery.tags, (known) =>
    withOnlyFace(call, "face", (found) => {
      if (!gallery.replace(id, found, { updated: seconds(world), tags: known })) return notFound;
      return { status: 200, ...subjectBody({ id, eventId: eventIdOf(gallery.get(id)!) }, found) };
    }),
  );
}

function unregister({ application, pathParameters }: ServiceCall, world: NecIdWorld): ServiceResponse {
  const removed = world.galleries.of(application).remove(pathParameters.subjectId!, seconds(world));
  return removed ? { status: 204, body: undefined } : notFound;
}

function listEvents(
  { application, pathParameters }: ServiceCall,
  { galleries }: NecIdWorld,
): ServiceResponse {
  const id = pathParameters.subjectId!;
  const events = galleries.of(application).eventsOf(id);
  if (events.length === 0) return notFound;
  return { status: 200, body: { id, events: events.map((event) => ({ id: eventIdOf(event) })) } };
}

function registerEvent(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  const { tags } = call.body as FaceRequest;
  const id = call.pathParameters.subjectId!;
  const gallery = world.galleries.of(call.application);
  return withTags(tags, gallery.tags, (known) =>
    withOnlyFace(call, "face", (found) => {
      const event = gallery.addEvent(id, found, { updated: seconds(world), tags: known });
      if (!event) return notFound;
      return { status: 201, ...subjectBody({ id, eventId: eventIdOf(event) }, found) };
    }),
  );
}

function updateEvent(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  const { tags } = call.body as FaceRequest;
  const { subjectId: id, eventId } = call.pathParameters as { subjectId: string; eventId: string };
  const gallery = world.galleries.of(call.application);
  return withTags(tags, gallery.tags, (known) =>
    withOnlyFace(call, "face", (found) => {
      const options = { updated: seconds(world), tags: known };
      const event = gallery.replaceEvent(id, eventId, found, options);
      return event ? { status: 200, ...subjectBody({ id, eventId }, found) } : notFound;
    }),
  );
}

function unregisterEvent({ application, pathParameters }: ServiceCall, world: NecIdWorld): ServiceResponse {
  const { subjectId, eventId } = pathParameters as { subjectId: string; eventId: string };
  const removed = world.galleries.of(application).removeEvent(subjectId, eventId, seconds(world));
  return removed ? { status: 204, body: undefined } : notFound;
}

// Tags.

function listTags(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  return { status: 200, body: tagsOf(call, world).names() };
}

function createTag({ application, pathParameters }: ServiceCall, { galleries }: NecIdWorld): ServiceResponse {
  const name = pathParameters.name!;
  const { tags } = galleries.open(application);
  if (tags.has(name)) return duplicate(name);
  if (tags.isFull) return invalid(`A gallery has at most ${mostTags} tags.`);
  tags.create(name);
  return done;
}

function renameTag(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  const name = call.pathParameters.name!;
  const { newName } = call.body as { newName: string };
  const tags = tagsOf(call, world);
  if (!tags.has(name)) return notFound;
  if (newName !== name && tags.has(newName)) return duplicate(newName);
  tags.rename(name, newName);
  return done;
}

function deleteTag(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  return tagsOf(call, world).remove(call.pathParameters.name!) ? done : notFound;
}

function tagsOf({ application }: ServiceCall, { galleries }: NecIdWorld): Tags {
  return galleries.of(application).tags;
}

/** Calls `go` with the tags of these names, which must exist; with `undefined` where no names are given. */
function withTags(
  names: string[] | undefined,
  tags: Tags,
  go: (found: ReadonlySet<Tag> | undefined) => ServiceResponse,
): ServiceResponse {
  if (names === undefined) return go(undefined);
  const found = tags.find(names);
  return "unknown" in found ? unknownTag(found.unknown, "tags") : go(found.tags);
}

// Bulk registrations.

function startJob({ body, application }: ServiceCall, { galleries, now }: NecIdWorld): ServiceResponse {
  const { registrations } = body as { registrations: { filename: string; tags?: string[] }[] };
  const { tags: known } = galleries.of(application);
  const records: BulkRecord[] = [];
  for (const [index, { filename, tags = [] }] of registrations.entries()) {
    const found = known.find(tags);
    if ("unknown" in found) return unknownTag(found.unknown, `registrations.${index}.tags`);
    records.push({ filename, tags: found.tags });
  }
  const { batchId } = galleries.jobs.start({ application, records, started: now() });
  return { status: 200, body: { batchId } };
}

function followJob({ application, pathParameters }: ServiceCall, { galleries }: NecIdWorld): ServiceResponse {
  const { batchId, pagingId } = pathParameters as { batchId: string; pagingId?: string };
  const job = galleries.jobs.get(batchId, application);
  if (!job) return notFound;
  const start = pagingId === undefined ? 0 : pageAfter(pagingId, job);
  if (start === undefined) return notFound;
  const end = Math.min(start + pageLength, job.records.length);
  const processed = job.records
    .slice(start, end)
    .map((record, index) => recordBody(record, start + index + 1));
  const more = end < job.records.length;
  return { status: 200, body: { batchId, processed, ...(more && { lastEvaluatedKey: String(end) }) } };
}

/** A page is named by the last record of the page before it. */
function pageAfter(pagingId: string, { records }: BulkJob): number | undefined {
  const last = /^[1-9][0-9]*$/.test(pagingId) ? Number(pagingId) : 0;
  return last > 0 && last < records.length ? last : undefined;
}

function recordBody({ filename, result }: BulkRecord, place: number) {
  const record = { id: String(place), filename };
  if (!result) return { ...record, attempts: "0", status: "New" };
  const outcome = "reason" in result ? { registerStatus: "Failed" } : { registerStatus: "Success" };
  return { ...record, attempts: "1", ...result, ...outcome, status: "Processed" };
}

// Faces.

function extract(call: ServiceCall): ServiceResponse {
  const { limit = defaultLimit } = call.body as { limit?: number };
  return withFaces(call, "faces", (found) => {
    const faces = found.slice(0, limit).map((face) => ({ attributes: measure(face).attributes }));
    return faces.length > 0 ? { status: 200, body: { faces } } : notFound;
  });
}

function search(call: ServiceCall, { galleries }: NecIdWorld): ServiceResponse {
  const { threshold = defaultThreshold, limit = defaultLimit, tags: names } = call.body as SearchRequest;
  const gallery = galleries.of(call.application);
  return withTags(names, gallery.tags, (tags) =>
    withOnlyFace(call, "probe", (found, attributes) => {
      const candidates = gallery.searchEvents(found, { threshold, limit, tags });
      return candidates.length > 0 ? { status: 200, body: { candidates, attributes } } : notFound;
    }),
  );
}

/** Two faces need no gallery, so they need no API key. */
function verify(call: ServiceCall, { galleries }: NecIdWorld): ServiceResponse {
  const { id } = call.body as { id?: string };
  if (id !== undefined && !call.hasApiKey) return { status: 403, body: { message: "Forbidden" } };
  return withOnlyFace(call, "probe", (found) => {
    if (id === undefined) {
      return withOnlyFace(call, "face", (other) => verified({ score: scoreOf(found, other) }));
    }
    return verified({ id, score: galleries.of(call.application).score(id, found) ?? 0 });
  });
}

function verified(body: { id?: string; score: number }): ServiceResponse {
  return body.score >= defaultThreshold ? { status: 200, body } : notFound;
}

type FaceRequest = { tags?: string[] };
type SearchRequest = { threshold?: number; limit?: number; tags?: string[] };

/** The records of a page. */
const pageLength = 1000;

const done: ServiceResponse = { status: 200, body: undefined };

// Errors.

function unknownTag(name: string, property: string): ServiceResponse {
  return invalid(`${property} property must name tags that exist; '${name}' does not.`);
}

function invalid(message: string): ServiceResponse {
  return {
    status: 400,
    body: { message, errorCode: 1001, errorType: "InvalidRequest" } satisfies NecIdError,
  };
}

function duplicate(name: string): ServiceResponse {
  const message = `There is a tag named '${name}' already.`;
  return { status: 400, body: { message, errorCode: 1002, errorType: "Duplicate" } satisfies NecIdError };
}
