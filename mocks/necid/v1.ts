import type { ServiceCall, ServiceResponse } from "../world/service.ts";
import { type NecIdOperation, type NecIdWorld, notFound, seconds, subjectBody } from "./operation.ts";
import { measure, withFaces, withFirstFace } from "./pictures.ts";
import { defaultLimit, defaultThreshold } from "./score.ts";

/** The operations of v1, by operationId. Of several faces in a picture the first counts. */
export const v1: ReadonlyMap<string, NecIdOperation> = new Map<string, NecIdOperation>([
  ["ApiSubjectsPost", { writes: true, respond: register }],
  ["ApiSubjectsByIdPut", { writes: true, respond: update }],
  ["ApiSubjectsByIdDelete", { writes: true, respond: unregister }],
  ["ApiFaceExtractPost", { respond: extract }],
  ["ApiFaceSearchPost", { respond: search }],
  ["ApiFaceVerifyPost", { respond: verify }],
]);

function register(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  return withFirstFace(call, "face", (found) => {
    const { id } = world.galleries.register(call.application, found, { updated: seconds(world) });
    return { status: 201, ...subjectBody({ id }, found) };
  });
}

function update(call: ServiceCall, world: NecIdWorld): ServiceResponse {
  const id = call.pathParameters.id!;
  return withFirstFace(call, "face", (found) =>
    world.galleries.of(call.application).replace(id, found, { updated: seconds(world) })
      ? { status: 200, ...subjectBody({ id }, found) }
      : notFound,
  );
}

function unregister({ application, pathParameters }: ServiceCall, world: NecIdWorld): ServiceResponse {
  const removed = world.galleries.of(application).remove(pathParameters.id!, seconds(world));
  return removed ? { status: 204, body: undefined } : notFound;
}

function extract(call: ServiceCall): ServiceResponse {
  return withFaces(call, "faces", (found) => {
    const faces = found.slice(0, mostExtracted).map((face) => ({ attributes: measure(face).attributes }));
    return faces.length > 0 ? { status: 200, body: { faces } } : notFound;
  });
}

function search(call: ServiceCall, { galleries }: NecIdWorld): ServiceResponse {
  const { threshold = defaultThreshold, limit = defaultLimit } = call.body as SearchRequest;
  return withFirstFace(call, "probe", (found, attributes) => {
    const candidates = galleries.of(call.application).search(found, { threshold, limit });
    return candidates.length > 0 ? { status: 200, body: { candidates, attributes } } : notFound;
  });
}

function verify(call: ServiceCall, { galleries }: NecIdWorld): ServiceResponse {
  const { id } = call.body as { id: string };
  return withFirstFace(call, "probe", (found) => {
    const score = galleries.of(call.application).score(id, found) ?? 0;
    return score >= defaultThreshold ? { status: 200, body: { id, score } } : notFound;
  });
}

type SearchRequest = { threshold?: number; limit?: number };

const mostExtracted = 20;
