import { createPng } from "./create-png.ts";
import { FaceCardError, faceCardKeyword, parseFaceList } from "./face-card.ts";

export { type CardFace, type FaceCard, FaceCardError, type Likeness, readFaceCard } from "./face-card.ts";

/** Attributes that a face card gives. The mock invents the others. */
export type FaceOptions = {
  /**
   * Number of the photo of this person, from 1.
   * @default 1
   */
  photo?: number;
  /** `faceQualityScore`, from 0 to 1. The service refuses a face below 0.45. */
  quality?: number;
  /** `faceRoll` in degrees, from -180 to 180. */
  roll?: number;
  /** `facePan` in degrees, from -90 to 90. */
  pan?: number;
  /** `faceTilt` in degrees, from -90 to 90. */
  tilt?: number;
  /** `frontalFaceScore`, from 0 to 1. */
  frontal?: number;
  /** The score against every photo of a person: `bob:6999`. Give the person's own name to fix the score of two photos. */
  like?: string;
  /**
   * Width of the image in pixels.
   * @default 640
   */
  width?: number;
  /**
   * Height of the image in pixels. Width times height is at most 16,777,216.
   * @default 480
   */
  height?: number;
};

/**
 * Creates a face card: a small valid PNG, as the Base64 text that `face`, `faces` and `probe` take. The mock
 * reads the people in the image from it. For the live service it is a black image without a face.
 *
 * The same arguments give the same bytes. In a name, `;`, `?` and `%` must be percent-encoded.
 *
 * @example
 * face("alice");                    // a photo of alice
 * face("alice", { photo: 2 });      // another photo of alice
 * face("bob", { quality: 0.3 });    // refused: the quality is too low
 * face("alice;bob?photo=2;carol");  // a group, from left to right
 * face("alice?like=bob:6999");      // scores 6999 against every photo of bob
 * face("none");                     // an image without a face
 * @param list names separated by `;`, each with optional parameters of its own; see `readFaceCard`.
 * @param options apply to every face of the list.
 * @throws {FaceCardError} for an invalid list or option.
 */
export function face(list: string, options: FaceOptions = {}): string {
  const given = ascii(withOptions(list, options));
  const card = parseFaceList(given);
  if ("problem" in card) throw new FaceCardError(card.problem);
  const text = withoutDefaults(given);
  const { width = 640, height = 480 } = card;
  if (width * height > maxPixels)
    throw new FaceCardError(`${width} by ${height} is more than ${maxPixels} pixels`);
  return createPng({ width, height, keyword: faceCardKeyword, text }).toString("base64");
}

/** Two megabytes of pixels, which compress to two kilobytes. */
const maxPixels = 2 ** 24;

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

/** The same picture has the same bytes, whether a default is written or not. */
function withoutDefaults(list: string): string {
  return list
    .split(";")
    .map((item) => {
      const [name, query] = item.split("?");
      const parameters = query?.split("&").filter((parameter) => !defaults.has(parameter));
      return parameters?.length ? `${name}?${parameters.join("&")}` : name;
    })
    .join(";");
}

const defaults = new Set(["photo=1", "width=640", "height=480"]);

function textOf(value: unknown): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The text of a PNG is Latin-1, so other characters are percent-encoded. */
function ascii(list: string): string {
  return list.toWellFormed().replaceAll(/[^\x20-\x7e]+/g, encodeURIComponent);
}
