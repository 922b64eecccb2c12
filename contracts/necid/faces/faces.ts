import { createPng } from "./create-png.ts";
import { FaceCardError, faceCardKeyword, parseFaceList } from "./face-card.ts";

export { type CardFace, type FaceCard, FaceCardError, readFaceCard } from "./face-card.ts";

/** What a card fixes about its faces; what is left out, the mock makes up. */
export type FaceOptions = {
  /** Tells pictures of one person apart: a whole number from 1, default 1. */
  photo?: number;
  /** `faceQualityScore`, 0 to 1. The service refuses less than 0.45. */
  quality?: number;
  /** `faceRoll`, -180 to 180 degrees. */
  roll?: number;
  /** `facePan`, -90 to 90 degrees. */
  pan?: number;
  /** `faceTilt`, -90 to 90 degrees. */
  tilt?: number;
  /** `frontalFaceScore`, 0 to 1. */
  frontal?: number;
  /** The picture's width in pixels, default 640. */
  width?: number;
  /** The picture's height in pixels, default 480. Width times height is at most 16,777,216. */
  height?: number;
};

/**
 * Makes a face card: a small real PNG, as the Base64 text that `face`, `faces` and `probe` take. The mock
 * reads from it who is in the picture; to the live service it is a black picture without a face.
 *
 *     face("alice")                            one picture of alice
 *     face("alice", { photo: 2 })              another picture of alice
 *     face("bob", { quality: 0.3 })            too poor to be processed
 *     face("alice;bob?photo=2;carol")          a group, from left to right
 *     face("none")                             nobody
 *
 * The same arguments give the same picture. In a name, `;`, `?` and `%` are written percent-encoded.
 *
 * @param list names, each with parameters of its own if need be (`readFaceCard` describes it).
 * @param options hold for every face of the list.
 * @throws {FaceCardError} when the list or an option is not valid.
 */
export function face(list: string, options: FaceOptions = {}): string {
  const text = ascii(withOptions(list, options));
  const card = parseFaceList(text);
  if ("problem" in card) throw new FaceCardError(card.problem);
  const { width = 640, height = 480 } = card;
  if (width * height > mostPixels)
    throw new FaceCardError(`${width} by ${height} is more than ${mostPixels} pixels`);
  return createPng({ width, height, keyword: faceCardKeyword, text }).toString("base64");
}

/** Two megabytes before compression, two kilobytes after. */
const mostPixels = 2 ** 24;

function withOptions(list: string, options: FaceOptions): string {
  const parameters = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`)
    .join("&");
  if (parameters === "") return list;
  return list
    .split(";")
    .map((item) => `${item}${item.includes("?") ? "&" : "?"}${parameters}`)
    .join(";");
}

function textOf(value: unknown): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A PNG's text is Latin-1, and names are not. */
function ascii(list: string): string {
  return list.toWellFormed().replaceAll(/[^\x20-\x7e]+/g, encodeURIComponent);
}
