import { FaceCardError, faceCardKeyword } from "../../contracts/necid/faces/face-card.ts";
import { isPng } from "../../contracts/necid/faces/png.ts";
import { type DecodedBase64, decodeBase64 } from "../http/base64.ts";
import { cached } from "../http/cache.ts";
import type { ServiceCall, ServiceResponse } from "../world/service.ts";
import { type Attributes, attributesOf } from "./attributes.ts";
import { type Face, readFaces } from "./face.ts";
import type { NecIdError } from "./invalid-request.ts";
import { pictureSize } from "./picture-size.ts";

/** The lowest bound that the vendor lets an application set. */
const lowestQuality = 0.45;

/** What a call does with the one face of its picture. */
type UseFace = (face: Face, attributes: Attributes) => ServiceResponse;

/** Calls `go` with the first face of a picture, if its quality is high enough. */
export function withFirstFace(call: ServiceCall, property: string, go: UseFace): ServiceResponse {
  return withFaces(call, property, (faces) => withGoodFace(faces[0], go));
}

/** The same for a picture that must not have any other face. */
export function withOnlyFace(call: ServiceCall, property: string, go: UseFace): ServiceResponse {
  return withFaces(call, property, (faces) =>
    faces.length > 1 ? { status: 400, body: faceErrors.MultipleFaces } : withGoodFace(faces[0], go),
  );
}

/** Calls `go` with the faces of a picture, from left to right. */
export function withFaces(
  { body, decodeBase64: decode }: ServiceCall,
  property: string,
  go: (faces: Face[]) => ServiceResponse,
): ServiceResponse {
  const text = (body as Record<string, string>)[property]!;
  const faces = text.length > longestCached ? readPicture(decode(text)) : facesIn(text);
  if (faces instanceof FaceCardError) return { status: 400, body: badCard(property, faces) };
  return go(faces);
}

function withGoodFace(face: Face | undefined, go: UseFace): ServiceResponse {
  if (!face) return { status: 400, body: faceErrors.NoFace };
  const { attributes } = measure(face);
  if (isPoor(attributes)) return { status: 400, body: faceErrors.PoorQuality };
  return go(face, attributes);
}

/** Whether the quality of a face is too low for the service. */
export function isPoor({ faceQualityScore }: Attributes): boolean {
  return Number(faceQualityScore) < lowestQuality;
}

function readPicture(picture: DecodedBase64): Face[] | FaceCardError {
  try {
    const { head, sha256 } = picture;
    return readFaces(isPhotograph(head) ? head : picture.bytes, sha256);
  } catch (error) {
    if (error instanceof FaceCardError) return error;
    throw error;
  }
}

/** Whether the first bytes of a picture say all that is read of it: it is no face card, and its size is there. */
function isPhotograph(head: Buffer): boolean {
  if (isPng(head) || head.toString("latin1", 0, faceCardKeyword.length) === faceCardKeyword) return false;
  return head[0] !== jpegStart || pictureSize(head) !== undefined;
}

const jpegStart = 0xff;

/** Of a picture, as Base64 text. */
const longestCached = 2_000;

/** Tests send the same few small pictures over and over. */
const facesIn = cached((text) => readPicture(decodeBase64(text)), {
  max: 300,
  maxKeyLength: longestCached,
});

/** The attributes of the faces that are cached, as a value and as JSON. */
const measured = new WeakMap<Face, { attributes: Attributes; json: string }>();

/** The attributes of a face, as a value and as JSON. */
export function measure(face: Face): { attributes: Attributes; json: string } {
  const known = measured.get(face);
  if (known) return known;
  const attributes = attributesOf(face);
  const made = { attributes, json: JSON.stringify(attributes) };
  measured.set(face, made);
  return made;
}

/** In the words of the contract's examples. */
const faceErrors = {
  NoFace: { message: "No face was found in the image.", errorCode: 2001, errorType: "NoFace" },
  PoorQuality: { message: "The quality of the face is too low.", errorCode: 2002, errorType: "PoorQuality" },
  MultipleFaces: {
    message: "The image has more than one face.",
    errorCode: 2003,
    errorType: "MultipleFaces",
  },
} satisfies Record<string, NecIdError>;

function badCard(property: string, { problem }: FaceCardError): NecIdError {
  const message = `${property} property must be a face card that can be read: ${problem}.`;
  return { message, errorCode: 1001, errorType: "InvalidRequest" };
}
