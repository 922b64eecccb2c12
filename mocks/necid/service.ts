import { FaceCardError } from "../../contracts/necid/faces/face-card.ts";
import { cached } from "../http/cache.ts";
import type { Service, ServiceCall, ServiceResponse } from "../world/service.ts";
import { type Attributes, attributesOf } from "./attributes.ts";
import { type Face, readFaces } from "./face.ts";
import { createGalleries, type Galleries } from "./galleries.ts";
import type { NecIdError } from "./invalid-request.ts";
import { setUpState } from "./provider-states.ts";
import { readSavedState, readSeed, type SavedState } from "./saved-state.ts";
import { scoreOf } from "./score.ts";

/**
 * The behaviour of NEC ID v1: a gallery for each API key; faces that are registered, found again, not found,
 * missing or too poor. A wrong picture is refused before its id is looked up.
 */
export const necIdService: Service = {
  open({ apiKeys, random }) {
    const galleries = createGalleries({ apiKeys, random });
    let changed = () => {};

    return {
      respond(call) {
        const operation = operations.get(call.operation.key);
        if (!operation) return undefined;
        const response = operation.respond(call, galleries);
        if (operation.writes && response.status < 300) changed();
        return response;
      },
      save: (): SavedState => ({
        version: 1,
        applications: galleries.own.map((gallery, index) => ({
          application: index + 1,
          subjects: Array.from(gallery.list(), ({ id, identity, photo, digest }) => ({
            id,
            identity,
            photo,
            digest,
          })),
        })),
      }),
      load(saved) {
        const loaded = readSavedState(saved, galleries.own.length);
        galleries.clear();
        for (const place of galleries.own.keys()) {
          for (const subject of loaded[place]!) galleries.put(place, subject.id, subject);
        }
        changed();
      },
      seed(listed) {
        const { isTaken, own } = galleries;
        const { seeded, ids } = readSeed(listed, { applications: own.length, isTaken });
        const added = seeded.map(({ application, subjects }) => [
          application,
          subjects.map(({ id = galleries.newId(ids), face, known }) => {
            galleries.put(application - 1, id, known);
            return { id, face };
          }),
        ]);
        changed();
        return Object.fromEntries(added);
      },
      setUpState(state) {
        const established = setUpState(state, galleries);
        changed();
        return established;
      },
      reset() {
        galleries.clear();
        changed();
      },
      onChange(listener) {
        changed = listener;
      },
    };
  },
};

type Operation = { writes?: boolean; respond(call: ServiceCall, galleries: Galleries): ServiceResponse };

const operations = new Map<string, Operation>([
  ["ApiSubjectsPost", { writes: true, respond: register }],
  ["ApiSubjectsByIdPut", { writes: true, respond: update }],
  ["ApiSubjectsByIdDelete", { writes: true, respond: unregister }],
  ["ApiFaceExtractPost", { respond: extract }],
  ["ApiFaceSearchPost", { respond: search }],
  ["ApiFaceVerifyPost", { respond: verify }],
]);

function register(call: ServiceCall, galleries: Galleries): ServiceResponse {
  return withOneFace(call, "face", (found) => {
    const { id } = galleries.register(call.application, found);
    return { status: 201, ...subject(id, found) };
  });
}

function update(call: ServiceCall, galleries: Galleries): ServiceResponse {
  const { application, pathParameters } = call;
  const id = pathParameters.id!;
  return withOneFace(call, "face", (found) =>
    galleries.of(application).replace(id, found) ? { status: 200, ...subject(id, found) } : notFound,
  );
}

function unregister({ application, pathParameters }: ServiceCall, galleries: Galleries): ServiceResponse {
  const removed = galleries.of(application).remove(pathParameters.id!);
  return removed ? { status: 204, body: undefined } : notFound;
}

function extract(call: ServiceCall): ServiceResponse {
  return withFaces(call, "faces", (found) => {
    const faces = found.slice(0, mostExtracted).map((face) => ({ attributes: measure(face).attributes }));
    return faces.length > 0 ? { status: 200, body: { faces } } : notFound;
  });
}

function search(call: ServiceCall, galleries: Galleries): ServiceResponse {
  const { threshold = defaultThreshold, limit = defaultLimit } = call.body as SearchRequest;
  return withOneFace(call, "probe", (found, attributes) => {
    const candidates = galleries.of(call.application).search(found, { threshold, limit });
    return candidates.length > 0 ? { status: 200, body: { candidates, attributes } } : notFound;
  });
}

function verify(call: ServiceCall, galleries: Galleries): ServiceResponse {
  const { id } = call.body as { id: string };
  return withOneFace(call, "probe", (found) => {
    const subject = galleries.of(call.application).get(id);
    const score = subject ? scoreOf(found, subject) : 0;
    return score >= defaultThreshold ? { status: 200, body: { id, score } } : notFound;
  });
}

type SearchRequest = { threshold?: number; limit?: number };

const defaultThreshold = 7000;
const defaultLimit = 10;
const mostExtracted = 20;
/** The lowest bound that the vendor lets an application set. */
const lowestQuality = 0.45;

const notFound: ServiceResponse = { status: 404, body: undefined };

/** Calls `go` with the first face of a picture, if its quality is high enough. */
function withOneFace(
  call: ServiceCall,
  property: string,
  go: (face: Face, attributes: Attributes) => ServiceResponse,
): ServiceResponse {
  return withFaces(call, property, ([face]) => {
    if (!face) return { status: 400, body: faceErrors.NoFace };
    const { attributes } = measure(face);
    if (Number(attributes.faceQualityScore) < lowestQuality)
      return { status: 400, body: faceErrors.PoorQuality };
    return go(face, attributes);
  });
}

function withFaces(
  { body, decodeBase64 }: ServiceCall,
  property: string,
  go: (faces: Face[]) => ServiceResponse,
): ServiceResponse {
  const text = (body as Record<string, string>)[property]!;
  const faces = text.length > longestCached ? readPicture(decodeBase64(text)) : facesIn(text);
  if (faces instanceof FaceCardError) return { status: 400, body: badCard(property, faces) };
  return go(faces);
}

function readPicture({ bytes, sha256 }: { bytes: Buffer; sha256?: string }): Face[] | FaceCardError {
  try {
    return readFaces(bytes, sha256);
  } catch (error) {
    if (error instanceof FaceCardError) return error;
    throw error;
  }
}

/** Of a picture, as Base64 text. */
const longestCached = 2_000;

/** Tests send the same few small pictures over and over. */
const facesIn = cached((text) => readPicture({ bytes: Buffer.from(text, "base64") }), {
  max: 300,
  maxKeyLength: longestCached,
});

/** The attributes of the faces that are cached, as a value and as JSON. */
const measured = new WeakMap<Face, { attributes: Attributes; json: string }>();

function measure(face: Face): { attributes: Attributes; json: string } {
  const known = measured.get(face);
  if (known) return known;
  const attributes = attributesOf(face);
  const made = { attributes, json: JSON.stringify(attributes) };
  measured.set(face, made);
  return made;
}

function subject(id: string, face: Face): Pick<ServiceResponse, "body" | "json"> {
  const { attributes, json } = measure(face);
  return { body: { id, attributes }, json: `{"id":${JSON.stringify(id)},"attributes":${json}}` };
}

/** In the words of the contract's examples. */
const faceErrors = {
  NoFace: { message: "No face was found in the image.", errorCode: 2001, errorType: "NoFace" },
  PoorQuality: { message: "The quality of the face is too low.", errorCode: 2002, errorType: "PoorQuality" },
} satisfies Record<string, NecIdError>;

function badCard(property: string, { problem }: FaceCardError): NecIdError {
  const message = `${property} property must be a face card that can be read: ${problem}.`;
  return { message, errorCode: 1001, errorType: "InvalidRequest" };
}
