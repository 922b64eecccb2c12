import { FaceCardError, faceCardKeyword, type Likeness } from "../../contracts/necid/faces/face-card.ts";
import { formatPointer } from "../../contracts/openapi/pointer.ts";
import { StateError } from "../world/service.ts";
import type { BulkJob, BulkResult } from "./bulk-jobs.ts";
import { readFaces } from "./face.ts";
import type { Galleries } from "./galleries.ts";
import type { Gallery, KnownFace, Subject } from "./gallery.ts";
import { namesOf, type Tag } from "./tags.ts";

/**
 * The galleries as they are saved. Applications go by their number, from 1; neither images nor API keys
 * are in it.
 *
 *     { "version": 1, "applications": [{ "application": 1, "subjects": [
 *       { "id": "necidguid-fcdf-49eb-9182-5a6825ed2a3b", "identity": "alice", "photo": 1, "digest": "9f86d0…" }
 *     ] }] }
 *
 * Where v1.1 was used, every event is there with its order among all, and so are tags, deleted events and bulk
 * registrations. `updated` is in seconds, `started` in milliseconds since the epoch.
 */
export type SavedState = { version: 1; applications: SavedApplication[] };

type SavedFace = KnownFace & { id: string };
type SavedApplication = { application: number; subjects: SavedFace[] } & Partial<SavedEvents>;
type SavedEvents = {
  events: SavedEvent[];
  deleted: Place[];
  tags: string[];
  jobs: SavedJob[];
};
/** `id` is the subject's. An event belongs to the subject of the same id. */
type Place = { id: string; number: number; updated: number; order: number };
type SavedEvent = Place & KnownFace & { tags?: string[]; last?: number };
type SavedRecord = { filename: string; tags?: string[]; result?: BulkResult };
type SavedJob = Pick<BulkJob, "batchId" | "started"> & { records: SavedRecord[] };

/** Loads what was read into the gallery of an application, which must be empty. */
type Load = (galleries: Galleries, place: number) => void;

/**
 * Saves the galleries.
 *
 * @param options.withEvents also saves what only v1.1 knows.
 */
export function saveState(galleries: Galleries, { withEvents }: { withEvents: boolean }): SavedState {
  return {
    version: 1,
    applications: galleries.own.map((gallery, index) => ({
      application: index + 1,
      subjects: Array.from(gallery.list(), ({ id, identity, photo, digest, like }) => ({
        id,
        identity,
        photo,
        digest,
        ...(like && { like }),
      })),
      ...(withEvents && saveEvents(gallery, galleries.jobsOf(index))),
    })),
  };
}

function saveEvents(gallery: Gallery, jobs: BulkJob[]): SavedEvents {
  const subjects = Array.from(gallery.list(), ({ id }) => gallery.eventsOf(id));
  const orders = [...subjects.flat(), ...gallery.deleted].map(({ order }) => order);
  // Counted from 0, so that a state that was loaded is saved as it was.
  const places = new Map(orders.sort((one, other) => one - other).map((order, place) => [order, place]));
  return {
    events: subjects.flatMap((events) => {
      const last = gallery.lastNumber(events[0]!.id);
      return events.map((event, index) => ({
        ...saveEvent(event),
        order: places.get(event.order)!,
        ...(index === 0 && last > events.at(-1)!.number && { last }),
      }));
    }),
    deleted: gallery.deleted
      .map((event) => ({ ...event, order: places.get(event.order)! }))
      .sort((one, other) => one.order - other.order),
    tags: gallery.tags.names(),
    jobs: jobs.map(({ batchId, started, records }) => ({
      batchId,
      started,
      records: records.map(({ filename, tags, result }) => ({
        filename,
        ...savedTags(tags),
        ...(result && { result }),
      })),
    })),
  };
}

function saveEvent(event: Subject): SavedEvent {
  const { id, number, identity, photo, digest, like, updated, order, tags } = event;
  const face = { identity, photo, digest, ...(like && { like }) };
  return { id, number, ...face, updated, order, ...savedTags(tags) };
}

function savedTags(tags: ReadonlySet<Tag>): { tags?: string[] } {
  const names = namesOf(tags);
  return names.length > 0 ? { tags: names } : {};
}

/** Faces to be registered, and the ids that some of them bring along. */
export type ReadSeed = { seeded: { application: number; subjects: SeededSubject[] }[]; ids: Set<string> };
/** `face` is the text of a face card. */
type SeededSubject = { id: string | undefined; face: string; known: KnownFace };

/**
 * Reads a saved state: what loads each application, first to last.
 *
 * @param applications how many there are.
 * @throws {StateError} naming the place of the first fault.
 */
export function readSavedState(
  saved: unknown,
  applications: number,
): { applications: Load[]; hasEvents: boolean } {
  const { version, applications: listed } = record(saved, "", ["version", "applications"]);
  if (version !== 1) throw fault("/version", "must be 1");
  const loads: (Load | undefined)[] = Array.from({ length: applications });
  const seen = new Set<string>();
  let hasEvents = false;
  for (const [index, item] of list(listed, "/applications").entries()) {
    const place = `/applications/${index}`;
    const read = record(item, place, ["application", "subjects", "events", "deleted", "tags", "jobs"]);
    const number = applicationNumber(read.application, applications, `${place}/application`);
    if (loads[number - 1]) throw fault(`${place}/application`, "must not be there twice");
    const subjects = list(read.subjects, `${place}/subjects`).map((subject, at) =>
      readSubject(subject, `${place}/subjects/${at}`, seen),
    );
    hasEvents ||= read.events !== undefined;
    loads[number - 1] =
      read.events === undefined ? loadSubjects(subjects) : readEvents(read, place, subjects);
  }
  return { applications: loads.map((load) => load ?? (() => {})), hasEvents };
}

function loadSubjects(subjects: SavedFace[]): Load {
  return (galleries, place) => {
    for (const subject of subjects) galleries.put(place, subject.id, subject);
  };
}

function readEvents(read: Record<string, unknown>, place: string, subjects: SavedFace[]): Load {
  const known = new Map(subjects.map((subject) => [subject.id, 0]));
  const tags = readNames(read.tags ?? [], `${place}/tags`);
  const events = list(read.events, `${place}/events`).map((event, index) => {
    const at = `${place}/events/${index}`;
    const one = readEvent(event, at, tags);
    if (!known.has(one.id)) throw fault(`${at}/id`, "must be the id of one of the subjects");
    known.set(one.id, 1);
    return one;
  });
  const without = subjects.findIndex(({ id }) => known.get(id) === 0);
  if (without >= 0) throw fault(`${place}/subjects/${without}`, "must have an event");
  const deleted = list(read.deleted ?? [], `${place}/deleted`).map((event, index) =>
    readPlace(event, `${place}/deleted/${index}`),
  );
  const jobs = list(read.jobs ?? [], `${place}/jobs`).map((job, index) =>
    readJob(job, `${place}/jobs/${index}`, tags),
  );
  return (galleries, application) => {
    const gallery = galleries.own[application]!;
    for (const name of tags) gallery.tags.create(name);
    const tagsOf = (names: string[] = []) => gallery.tags.find(names) as { tags: ReadonlySet<Tag> };
    const rows = [
      ...events.map((event) => ({ event, ...event })),
      ...deleted.map((row) => ({ ...row, event: undefined })),
    ];
    for (const { event, id, number, updated } of rows.sort((one, other) => one.order - other.order)) {
      if (!event) gallery.addDeleted({ id, number, updated });
      else {
        const options = { number, updated, ...tagsOf(event.tags) };
        if (gallery.get(id)) gallery.addEvent(id, event, options);
        else galleries.put(application, id, event, options);
      }
    }
    gallery.sortSubjects(subjects.map(({ id }) => id));
    for (const { id, last = 0 } of events) gallery.numberFrom(id, last);
    for (const { records, ...job } of jobs) {
      const tagged = records.map((one) => ({ ...one, ...tagsOf(one.tags) }));
      galleries.putJob(application, { ...job, records: tagged });
    }
  };
}

function readPlace(value: unknown, at: string, more: string[] = []): Place {
  const { id, number, updated, order } = record(value, at, ["id", "number", "updated", "order", ...more]);
  return {
    id: subjectId(id, `${at}/id`),
    number: wholeNumber(number, `${at}/number`, 1),
    updated: wholeNumber(updated, `${at}/updated`),
    order: wholeNumber(order, `${at}/order`),
  };
}

function readEvent(value: unknown, at: string, tags: string[]): SavedEvent {
  const place = readPlace(value, at, ["identity", "photo", "digest", "like", "tags", "last"]);
  const { tags: names = [], last = 0 } = value as { tags?: unknown; last?: unknown };
  return {
    ...place,
    ...readFace(value as Record<string, unknown>, at),
    tags: readNames(names, `${at}/tags`, tags),
    last: wholeNumber(last, `${at}/last`),
  };
}

function readJob(value: unknown, at: string, tags: string[]): SavedJob {
  const { batchId, started, records } = record(value, at, ["batchId", "started", "records"]);
  return {
    batchId: nonEmpty(batchId, `${at}/batchId`),
    started: wholeNumber(started, `${at}/started`),
    records: list(records, `${at}/records`).map((one, index) => {
      const place = `${at}/records/${index}`;
      const { filename, tags: names = [], result } = record(one, place, ["filename", "tags", "result"]);
      return {
        filename: nonEmpty(filename, `${place}/filename`),
        tags: readNames(names, `${place}/tags`, tags),
        ...(result !== undefined && { result: readResult(result, `${place}/result`) }),
      };
    }),
  };
}

function readResult(value: unknown, at: string): BulkResult {
  const result = record(value, at, ["reason", "subjectId", "eventId", "attributesJson"]);
  const text = (name: string) => nonEmpty(result[name], `${at}/${name}`);
  if (result.reason !== undefined) return { reason: text("reason") };
  return { subjectId: text("subjectId"), eventId: text("eventId"), attributesJson: text("attributesJson") };
}

/** Different names; each of those known, where these are given. */
function readNames(value: unknown, at: string, known?: string[]): string[] {
  const names = list(value, at).map((name, index) => nonEmpty(name, `${at}/${index}`));
  const wrong = names.findIndex(
    (name, index) => names.indexOf(name) < index || known?.includes(name) === false,
  );
  if (wrong >= 0) throw fault(`${at}/${wrong}`, known ? "must be one of the tags" : "must be there once");
  return names;
}

/**
 * Reads a seed: for each application, by its number, the faces to register, each as the text of a face card
 * with one face, or with an id besides.
 *
 *     { "1": ["alice", "bob?photo=2", { "id": "necidguid-…", "face": "carol" }], "2": [] }
 *
 * @param options.applications how many there are.
 * @param options.isTaken whether an id is in use.
 * @throws {StateError} naming the place of the first fault.
 */
export function readSeed(
  listed: unknown,
  { applications, isTaken }: { applications: number; isTaken: (id: string) => boolean },
): ReadSeed {
  const ids = new Set<string>();
  const seeded = Object.entries(record(listed, "")).map(([name, faces]) => {
    const place = formatPointer([name]);
    const application = /^[1-9][0-9]*$/.test(name) ? Number(name) : name;
    return {
      application: applicationNumber(application, applications, place),
      subjects: list(faces, place).map((item, index) => readItem(item, `${place}/${index}`)),
    };
  });
  return { seeded, ids };

  function readItem(item: unknown, place: string): SeededSubject {
    if (typeof item === "string") return { id: undefined, face: item, known: faceOf(item, place) };
    const { id, face } = record(item, place, ["id", "face"]);
    if (id !== undefined && isTaken(newId(id, `${place}/id`, ids))) throw fault(`${place}/id`, unique);
    return {
      id: id as string | undefined,
      face: face as string,
      known: faceOf(face, `${place}/face`),
    };
  }
}

const unique = "must be an id that no other subject has";
/** The ids of NEC ID. */
export const idPattern = /^necidguid-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function readSubject(value: unknown, place: string, seen: Set<string>): SavedFace {
  const { id, ...face } = record(value, place, ["id", "identity", "photo", "digest", "like"]);
  const read = readFace(face, place);
  return { id: newId(id, `${place}/id`, seen), ...read };
}

function readFace({ identity, photo, digest, like }: Record<string, unknown>, place: string): KnownFace {
  const known = nonEmpty(identity, `${place}/identity`);
  if (!Number.isSafeInteger(photo) || (photo as number) < 1)
    throw fault(`${place}/photo`, "must be a whole number from 1");
  if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest))
    throw fault(`${place}/digest`, "must be 64 hexadecimal digits, a to f in lower case");
  return {
    identity: known,
    photo: photo as number,
    digest,
    ...(like !== undefined && { like: readLikeness(like, `${place}/like`) }),
  };
}

function readLikeness(value: unknown, place: string): Likeness {
  const { identity, score } = record(value, place, ["identity", "score"]);
  const known = nonEmpty(identity, `${place}/identity`);
  if (Number.isInteger(score) && (score as number) >= 0 && (score as number) <= 9999)
    return { identity: known, score: score as number };
  throw fault(`${place}/score`, "must be a whole number from 0 to 9999");
}

function wholeNumber(value: unknown, place: string, from = 0): number {
  if (Number.isSafeInteger(value) && (value as number) >= from) return value as number;
  throw fault(place, `must be a whole number from ${from}`);
}

function nonEmpty(value: unknown, place: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw fault(place, "must be text");
}

function subjectId(id: unknown, place: string): string {
  if (typeof id === "string" && idPattern.test(id)) return id;
  throw fault(place, "must be necidguid- and 4-4-4-12 hexadecimal digits");
}

function newId(value: unknown, place: string, seen: Set<string>): string {
  const id = subjectId(value, place);
  if (seen.has(id)) throw fault(place, unique);
  seen.add(id);
  return id;
}

function faceOf(text: unknown, place: string): KnownFace {
  if (typeof text !== "string") throw fault(place, "must be a face as text, such as alice?photo=2");
  const faces = facesOf(text, place);
  if (faces.length !== 1) throw fault(place, "must be one face");
  return faces[0]!;
}

function facesOf(text: string, place: string) {
  try {
    return readFaces(Buffer.from(`${faceCardKeyword}:${text}`));
  } catch (error) {
    if (error instanceof FaceCardError) throw fault(place, `is no face card: ${error.problem}`);
    throw error;
  }
}

function applicationNumber(value: unknown, applications: number, place: string): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= applications)
    return value as number;
  throw fault(
    place,
    applications === 1 ? "must be application 1" : `must be an application, 1 to ${applications}`,
  );
}

function record(value: unknown, place: string, properties?: string[]): Record<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw fault(place, "must be a JSON object");
  const unknown = properties && Object.keys(value).find((name) => !properties.includes(name));
  if (unknown !== undefined)
    throw fault(place, `must have no property but ${properties!.join(", ")}, and has '${unknown}'`);
  return value as Record<string, unknown>;
}

function list(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value)) throw fault(place, "must be a list");
  return value;
}

function fault(place: string, rule: string): StateError {
  return new StateError(place || "The whole", rule);
}
