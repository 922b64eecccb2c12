import { isObject } from "../../../contracts/openapi/json.ts";
import type { Operation } from "../../../contracts/openapi/operations.ts";
import type { KeptCall } from "../../world/journal.ts";
import type { PactInteraction } from "../../world/pact.ts";
import type { World } from "../../world/world.ts";
import { type Cards, firstFaceOf } from "./cards.ts";

/** A call of a pact: face cards stand for its images. */
export type SeenCall = KeptCall & {
  operation: Operation;
  pathId: string | undefined;
  pathParameters: Record<string, string>;
};
export type State = PactInteraction["states"][number];

/** The provider states that lead to a refusal of the gateway; `undefined` where none does. */
export function statesOfRefusal({ responded }: SeenCall): State[] | undefined {
  const refusal = refusalStates.find(({ message }) => message.test(String(member(responded, "message"))));
  return refusal && [{ name: refusal.name }];
}

/** The provider states that lead to a response of v1, but for refusals of the gateway; `undefined` where none does. */
export function statesOfV1(call: SeenCall, subjects: Subjects): State[] | undefined {
  const { operation, status, pathId } = call;
  if (status === 400) return [];
  const states = stateMakers[operation.key];
  return states ? states(call, subjects) : pathId === undefined ? [] : undefined;
}

const refusalStates = [
  { message: /^Forbidden$/, name: "the API key is unknown" },
  { message: /^Missing Authentication Token$/, name: "the request is not signed" },
  { message: /^The security token included/, name: "the access key is unknown" },
  { message: /^Signature expired/, name: "the signature has expired" },
];

type StateMaker = (call: SeenCall, subjects: Subjects) => State[];

const stateMakers: Record<string, StateMaker> = {
  ApiSubjectsPost: () => [],
  ApiFaceExtractPost: () => [],
  ApiSubjectsByIdPut: ofSubject,
  ApiSubjectsByIdDelete: ofSubject,
  ApiFaceVerifyPost({ application, status, sent }, subjects) {
    const id = String(member(sent, "id"));
    const known = subjects.cardOf(application, id);
    if (status === 404 && known === undefined) return [doesNotExist(id)];
    return [registered(known ?? firstFaceOf(member(sent, "probe")), id)];
  },
  ApiFaceSearchPost({ application, status, sent, responded }, subjects) {
    const probe = firstFaceOf(member(sent, "probe"));
    if (status === 404) {
      if (subjects.isEmpty(application)) return [{ name: "nobody is registered" }];
      return [{ name: "a face is not registered", params: { face: probe } }];
    }
    const [candidate] = (member(responded, "candidates") as { id: string }[] | undefined) ?? [];
    if (!candidate) return [];
    return [registered(subjects.cardOf(application, candidate.id) ?? probe, candidate.id)];
  },
};

function ofSubject({ application, status, pathId = "" }: SeenCall, subjects: Subjects): State[] {
  if (status === 404) return [doesNotExist(pathId)];
  return [registered(subjects.cardOf(application, pathId) ?? "alice", pathId)];
}

export function registered(card: string, id: string): State {
  return { name: "a face is registered", params: { face: card, id } };
}

export function doesNotExist(id: string): State {
  return { name: "a subject does not exist", params: { id } };
}

/** What is read of a saved state. */
type SavedSubjects = {
  applications: { application: number; subjects: { id: string; identity: string; photo: number }[] }[];
};

/** Whose faces were registered when a call was made. */
export type Subjects = {
  /** The list of the face card of a subject, if there is one. */
  cardOf(application: number | undefined, id: string): string | undefined;
  isEmpty(application: number | undefined): boolean;
  /** Takes up what a call has changed. */
  follow(call: SeenCall): void;
};

/** At first, those are registered that still are and were not registered by a call of the journal. */
export function createSubjects(world: World, cards: Cards): Subjects {
  const faces = new Map<string, string>();
  /** The events of a subject that calls of the journal have registered. */
  const events = new Map<string, Set<string>>();
  const calls = world.journal.calls();
  const registeredLater = new Set(
    calls.flatMap(({ operation, responded }) =>
      operation?.key === "ApiSubjectsPost" ? [String(member(responded, "id"))] : [],
    ),
  );
  const saved = world.service?.save() as SavedSubjects | undefined;
  for (const { application, subjects } of saved?.applications ?? []) {
    for (const subject of subjects) {
      if (!registeredLater.has(subject.id))
        faces.set(keyIn(application, subject.id), cards.ofSubject(subject));
    }
  }
  return {
    cardOf: (application, id) => faces.get(keyIn(application, id)),
    isEmpty: (application) => ![...faces.keys()].some((key) => key.startsWith(keyIn(application, ""))),
    follow({ operation, application, status, sent, responded, pathId = "", pathParameters }) {
      if (status >= 300) return;
      const card = firstFaceOf(member(sent, "face"));
      if (operation.key === "ApiSubjectsPost")
        faces.set(keyIn(application, String(member(responded, "id"))), card);
      if (operation.key === "ApiSubjectsByIdPut") faces.set(keyIn(application, pathId), card);
      if (operation.key === "ApiSubjectsByIdDelete") faces.delete(keyIn(application, pathId));
      const subject = keyIn(application, pathId || String(member(responded, "id")));
      const eventId = pathParameters.eventId ?? member(responded, "eventId");
      if (typeof eventId !== "string") return;
      const known = events.get(subject) ?? new Set();
      if (operation.key !== "ApiSubjectsByIdEventByIdDelete") events.set(subject, known.add(eventId));
      // A subject goes with its last event.
      else if (known.delete(eventId) && known.size === 0) faces.delete(subject);
    },
  };
}

function keyIn(application: number | undefined, id: string): string {
  return `${application ?? 1} ${id}`;
}

/** A property of a JSON value, if it is an object. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
