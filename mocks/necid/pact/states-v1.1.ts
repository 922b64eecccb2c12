import { isObject } from "../../../contracts/openapi/json.ts";
import type { PactInteraction } from "../../world/pact.ts";
import { firstFaceOf } from "./cards.ts";
import { doesNotExist, member, registered, type SeenCall, type State, type Subjects } from "./states.ts";

/**
 * The provider states that lead to a response of v1.1, but for refusals of the gateway; `undefined` where none does.
 */
export function statesOfV11(call: SeenCall, subjects: Subjects): State[] | undefined {
  const { operation, status, sent } = call;
  const tags = textsIn(member(sent, "tags"));
  const error = member(call.responded, "errorType");
  if (status === 400 && error !== "Duplicate") {
    // It is not known which of the tags does not exist.
    return error === "InvalidRequest" && tags.length > 0 ? undefined : tags.map(exists);
  }
  const states = stateMakers[operation.key];
  if (!states) return Object.keys(call.pathParameters).length === 0 ? [] : undefined;
  return states({ ...call, tags }, subjects);
}

type TaggedCall = SeenCall & { tags: string[] };
type StateMaker = (call: TaggedCall, subjects: Subjects) => State[] | undefined;

const stateMakers: Record<string, StateMaker> = {
  ApiSubjectsGet({ query, status, responded }) {
    const [first] = (member(responded, "subjects") as { id: string; status: string }[] | undefined) ?? [];
    const isFirstPage = !/(^|&)start=[^&0]/.test(query);
    if (status !== 200 || !isFirstPage || !first) return undefined;
    return [{ name: hasEvent, params: { face: "alice", id: first.id } }];
  },
  ApiSubjectsPost: ({ tags }) => tags.map(exists),
  ApiSubjectsByIdPut: ofSubject,
  ApiSubjectsByIdDelete: ofSubject,
  ApiSubjectsByIdEventsGet: ofEvent,
  ApiSubjectsByIdEventsPost: ofSubject,
  ApiSubjectsByIdEventByIdPut: ofEvent,
  ApiSubjectsByIdEventByIdDelete: ofEvent,
  Get({ responded }) {
    const [first] = textsIn(responded);
    return first === undefined ? undefined : [exists(first)];
  },
  CreateTag: ({ status, pathParameters: { name = "" } }) => [status === 200 ? lacks(name) : exists(name)],
  UpdateTag({ status, sent, pathParameters: { name = "" } }) {
    const newName = String(member(sent, "newName"));
    if (status === 404) return [lacks(name)];
    if (newName === name) return [exists(name)];
    return [exists(name), status === 200 ? lacks(newName) : exists(newName)];
  },
  DeleteTag: ({ status, pathParameters: { name = "" } }) => [status === 200 ? exists(name) : lacks(name)],
  BulkRegister({ sent }) {
    const registrations = member(sent, "registrations");
    const named = (Array.isArray(registrations) ? registrations : []).flatMap((each) =>
      textsIn(member(each, "tags")),
    );
    return [...new Set(named)].map(exists);
  },
  GetBulkRegisterProgress({ status, responded, pathParameters: { batchId = "" } }) {
    if (status === 404) return [];
    const [first] = (member(responded, "processed") as { status: string }[] | undefined) ?? [];
    const isNew = first?.status === "New" && member(responded, "lastEvaluatedKey") === undefined;
    return isNew ? [{ name: "a bulk registration was started", params: { batchId } }] : undefined;
  },
  GetBulkRegisterProgressPaged: ({ status }) => (status === 404 ? [] : undefined),
  ApiFaceExtractPost: () => [],
  ApiFaceSearchPost({ status, sent, responded, tags }) {
    const probe = firstFaceOf(member(sent, "probe"));
    const [tag, ...others] = tags;
    if (status === 404)
      return [...tags.map(exists), { name: "a face is not registered", params: { face: probe } }];
    const [candidate] =
      (member(responded, "candidates") as { id: string; events: unknown[] }[] | undefined) ?? [];
    if (!candidate) return undefined;
    if (tag === undefined) return [registered(probe, candidate.id)];
    return [...others.map(exists), { name: hasEvent, params: { face: probe, id: candidate.id, tag } }];
  },
  ApiFaceVerifyPost({ application, status, sent }, subjects) {
    const id = member(sent, "id");
    if (typeof id !== "string") return [];
    if (status === 200) return [registered(firstFaceOf(member(sent, "probe")), id)];
    const known = subjects.cardOf(application, id);
    return [known === undefined ? doesNotExist(id) : registered(known, id)];
  },
};

const hasEvent = "a subject has an event";

function ofSubject(
  { application, status, pathParameters: { subjectId = "" }, tags }: TaggedCall,
  subjects: Subjects,
): State[] {
  if (status === 404) return [...tags.map(exists), doesNotExist(subjectId)];
  return [...tags.map(exists), registered(subjects.cardOf(application, subjectId) ?? "alice", subjectId)];
}

/** A subject that is there, with one event; with another one than it is asked for, where that is not found. */
function ofEvent(
  { application, status, pathParameters: { subjectId = "" }, tags }: TaggedCall,
  subjects: Subjects,
): State[] {
  const known = subjects.cardOf(application, subjectId);
  if (status === 404) return [...tags.map(exists), doesNotExist(subjectId)];
  return [...tags.map(exists), { name: hasEvent, params: { face: known ?? "alice", id: subjectId } }];
}

function exists(name: string): State {
  return { name: "a tag exists", params: { name } };
}

function lacks(name: string): State {
  return { name: "a tag does not exist", params: { name } };
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/**
 * What the responses of a provider state may have otherwise, although the contract lists the values: by the
 * operationId, the place in the body and a pattern.
 */
export const looseValues: Record<string, Record<string, string>> = {
  ApiSubjectsGet: { "$.subjects[*].status": "^[AD]$" },
  GetBulkRegisterProgress: { "$.processed[*].status": "^(New|Processed)$" },
};

/** Which value of a provider state stands for a path parameter. */
export function valueOfState(parameter: string, states: PactInteraction["states"]): string | undefined {
  const has = (name: string) => states.some(({ params }) => isObject(params) && params[name] !== undefined);
  if (parameter === "id" || parameter === "subjectId") return has("id") ? "id" : undefined;
  if (parameter === "eventId") return states.some(({ name }) => name === hasEvent) ? "eventId" : undefined;
  return parameter === "batchId" && has("batchId") ? "batchId" : undefined;
}
