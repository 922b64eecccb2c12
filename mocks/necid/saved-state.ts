import { FaceCardError, faceCardKeyword } from "../../contracts/necid/faces/face-card.ts";
import { formatPointer } from "../../contracts/openapi/pointer.ts";
import { StateError } from "../world/service.ts";
import { readFaces } from "./face.ts";
import type { KnownFace, Subject } from "./gallery.ts";

/**
 * The galleries as they are saved. Applications go by their number, from 1; neither images nor API keys
 * are in it.
 *
 *     { "version": 1, "applications": [{ "application": 1, "subjects": [
 *       { "id": "necidguid-fcdf-49eb-9182-5a6825ed2a3b", "identity": "alice", "photo": 1, "digest": "9f86d0…" }
 *     ] }] }
 */
export type SavedState = {
  version: 1;
  applications: { application: number; subjects: Subject[] }[];
};

/** Faces to be registered, and the ids that some of them bring along. */
export type ReadSeed = { seeded: { application: number; subjects: SeededSubject[] }[]; ids: Set<string> };
/** `face` is the text of a face card. */
type SeededSubject = { id: string | undefined; face: string; known: KnownFace };

/**
 * Reads a saved state: the subjects of each application, first to last.
 *
 * @param applications how many there are.
 * @throws {StateError} naming the place of the first fault.
 */
export function readSavedState(saved: unknown, applications: number): Subject[][] {
  const { version, applications: listed } = record(saved, "", ["version", "applications"]);
  if (version !== 1) throw fault("/version", "must be 1");
  const galleries: (Subject[] | undefined)[] = Array.from({ length: applications });
  const seen = new Set<string>();
  for (const [index, item] of list(listed, "/applications").entries()) {
    const place = `/applications/${index}`;
    const { application, subjects } = record(item, place, ["application", "subjects"]);
    const number = applicationNumber(application, applications, `${place}/application`);
    if (galleries[number - 1]) throw fault(`${place}/application`, "must not be there twice");
    galleries[number - 1] = list(subjects, `${place}/subjects`).map((subject, at) =>
      readSubject(subject, `${place}/subjects/${at}`, seen),
    );
  }
  return galleries.map((subjects) => subjects ?? []);
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

function readSubject(value: unknown, place: string, seen: Set<string>): Subject {
  const { id, identity, photo, digest } = record(value, place, ["id", "identity", "photo", "digest"]);
  if (typeof identity !== "string" || identity === "") throw fault(`${place}/identity`, "must be text");
  if (!Number.isSafeInteger(photo) || (photo as number) < 1)
    throw fault(`${place}/photo`, "must be a whole number from 1");
  if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest))
    throw fault(`${place}/digest`, "must be 64 hexadecimal digits, a to f in lower case");
  return { id: newId(id, `${place}/id`, seen), identity, photo: photo as number, digest };
}

function newId(id: unknown, place: string, seen: Set<string>): string {
  if (typeof id !== "string" || !idPattern.test(id))
    throw fault(place, "must be necidguid- and 4-4-4-12 hexadecimal digits");
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
