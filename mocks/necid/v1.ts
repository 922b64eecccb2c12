import type { Preference } from "../http/preference.ts";
import { createRandom, hexDigits } from "../random/random.ts";
import type { ServiceCall, ServiceResponse } from "../world/service.ts";
import { attributesOf } from "./attributes.ts";
import { drawId } from "./galleries.ts";
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

/**
 * Makes up successful responses of NEC ID for `Prefer: dynamic=true`, with values that the service could measure.
 * Nothing is registered. The same seed and operation give the same response.
 *
 * @param options.seed of requests that give none; without both, each response is another one.
 * @returns `undefined` for another status, and for operations whose responses do not vary.
 */
export function createDynamicResponses({ seed }: { seed?: string | undefined }) {
  return (key: string, preference: Preference): ServiceResponse | undefined => {
    const dynamic = madeUp.get(key);
    if (!dynamic || (preference.code ?? dynamic.status) !== dynamic.status) return undefined;
    if (preference.example !== undefined) return undefined;
    const given = preference.seed ?? seed;
    const random = given === undefined ? Math.random : createRandom(`${given} ${key}`);
    return { status: dynamic.status, body: dynamic.bodyOf(random) };
  };
}

type Dynamic = { status: number; bodyOf(random: () => number): unknown };

const madeUp = new Map<string, Dynamic>([
  ["ApiSubjectsPost", { status: 201, bodyOf: madeUpSubject }],
  ["ApiSubjectsByIdPut", { status: 200, bodyOf: madeUpSubject }],
  ["ApiFaceExtractPost", { status: 200, bodyOf: (random) => ({ faces: several(random, extracted) }) }],
  ["ApiFaceSearchPost", { status: 200, bodyOf: madeUpSearch }],
  ["ApiFaceVerifyPost", { status: 200, bodyOf: candidate }],
]);

function madeUpSubject(random: () => number) {
  return { id: drawId(random), attributes: madeUpAttributes(random) };
}

function extracted(random: () => number) {
  return { attributes: madeUpAttributes(random) };
}

function madeUpSearch(random: () => number) {
  const candidates = several(random, candidate).sort((a, b) => b.score - a.score);
  return { candidates, attributes: madeUpAttributes(random) };
}

/** From the default threshold to the score of the same picture. */
function candidate(random: () => number) {
  return { id: drawId(random), score: 7_000 + Math.floor(random() * 3_000) };
}

function madeUpAttributes(random: () => number) {
  const digest = hexDigits(random, 64);
  const picture = { width: 640, height: 480 };
  return attributesOf({
    identity: digest,
    photo: 1,
    digest,
    given: {},
    picture,
    place: { index: 0, of: 1 },
  });
}

function several<Item>(random: () => number, make: (random: () => number) => Item): Item[] {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => make(random));
}
