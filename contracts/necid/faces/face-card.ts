import { isUtf8 } from "node:buffer";
import { readPngText } from "./png.ts";

/** The `tEXt` keyword of a PNG face card. A plain-text card starts with it and a colon. */
export const faceCardKeyword = "necid-face";

/** An image that names the people in it. The mock invents every attribute that the card does not give. */
export type FaceCard = {
  faces: CardFace[];
  /** In pixels, if the card gives it. */
  width: number | undefined;
  height: number | undefined;
};

/** One face of a card. */
export type CardFace = {
  identity: string;
  /** Number of the photo of this person, from 1. */
  photo: number;
  /** Attributes that the card gives, as written there. */
  given: GivenAttributes;
  /** How much the face resembles every photo of a person, if the card gives it. */
  like?: Likeness;
};

/** A score from 0 to 9999 against the photos of one person. */
export type Likeness = { identity: string; score: number };

/** Decimal numbers as text: quality and frontal from 0 to 1; roll, pan and tilt in degrees. */
export type GivenAttributes = Partial<Record<"quality" | "roll" | "pan" | "tilt" | "frontal", string>>;

/** Thrown for an invalid face card. `problem` names the face and the parameter. */
export class FaceCardError extends Error {
  readonly code = "FACE_CARD_INVALID";
  readonly problem: string;

  constructor(problem: string) {
    super(`The face card cannot be read: ${problem}.`);
    this.name = "FaceCardError";
    this.problem = problem;
  }
}

/**
 * Reads an image as a face card: UTF-8 text `necid-face:LIST`, or a PNG with a `tEXt` chunk of the keyword
 * `necid-face` and the value LIST. Takes any bytes and never throws.
 *
 * LIST names the faces from left to right, separated by `;`. Each is `identity?parameter=value&parameter=value`.
 * The parameters are `photo`, `quality`, `roll`, `pan`, `tilt`, `frontal`, `like`, and the image's `width` and
 * `height`. `like=bob:6999` is the score against every photo of bob.
 * The identity `none` is nobody. Identities and values may be percent-encoded.
 *
 * @example
 * readFaceCard(Buffer.from("necid-face:alice;bob?quality=0.3"));
 * @returns `undefined` for bytes that are no face card; `{ problem }` for an invalid one.
 */
export function readFaceCard(image: Uint8Array): FaceCard | { problem: string } | undefined {
  const list = readFaceList(image);
  return typeof list === "object" ? list : list === undefined ? undefined : parseFaceList(list);
}

/**
 * Reads the LIST of a face card, as it is written there.
 *
 * @returns `undefined` for bytes that are no face card; `{ problem }` for text that is not UTF-8.
 */
export function readFaceList(image: Uint8Array): string | { problem: string } | undefined {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  const prefix = `${faceCardKeyword}:`;
  if (bytes.toString("latin1", 0, prefix.length) === prefix) {
    const list = bytes.subarray(prefix.length);
    return isUtf8(list) ? list.toString() : { problem: "it is not UTF-8" };
  }
  return readPngText(bytes, faceCardKeyword);
}

/** Parses a LIST; see `readFaceCard`. */
export function parseFaceList(list: string): FaceCard | { problem: string } {
  if (list.length > limits.characters) return { problem: `it has more than ${limits.characters} characters` };
  const items = list.split(";", limits.faces + 1);
  if (items.length > limits.faces) return { problem: `it lists more than ${limits.faces} faces` };
  try {
    return readItems(items);
  } catch (error) {
    if (error instanceof FaceCardError) return { problem: error.problem };
    throw error;
  }
}

const limits = { characters: 65_536, faces: 1000, identity: 200, shown: 40 };

function readItems(items: string[]): FaceCard {
  const faces: CardFace[] = [];
  const size: Partial<Record<(typeof sides)[number], string>> = {};
  for (const [index, item] of items.entries()) {
    const place = `face ${index + 1}`;
    const [name, query] = cut(item.trim(), "?");
    const parameters = readParameters(query, place);
    for (const side of sides) {
      const value = parameters.get(side);
      if (value === undefined) continue;
      size[side] ??= value;
      if (size[side] !== value) throw new FaceCardError(`${place} gives the picture another ${side}`);
      parameters.delete(side);
    }
    if (name !== "none") faces.push(readFace(decode(name, place), parameters, place));
    else if (parameters.size > 0)
      throw new FaceCardError(`${place} is none, which takes no parameters but ${sides.join(" and ")}`);
  }
  return { faces, width: integerOf(size.width), height: integerOf(size.height) };
}

const sides = ["width", "height"] as const;

function readFace(identity: string, parameters: Map<string, string>, place: string): CardFace {
  if (identity === "") throw new FaceCardError(`${place} has no name; nobody is written none`);
  if (identity.length > limits.identity)
    throw new FaceCardError(`${place} has a name of more than ${limits.identity} characters`);
  if (parameters.size === 0) return { identity, photo: 1, given: {} };
  const { photo, like, ...given }: GivenAttributes & { photo?: string; like?: string } =
    Object.fromEntries(parameters);
  return {
    identity,
    photo: integerOf(photo) ?? 1,
    given,
    ...(like !== undefined && { like: likenessOf(like) }),
  };
}

/** The score stands behind the last colon, because a name may have one. */
function likenessOf(text: string): Likeness {
  const colon = text.lastIndexOf(":");
  return { identity: text.slice(0, colon), score: Number(text.slice(colon + 1)) };
}

function integerOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function readParameters(query: string | undefined, place: string): Map<string, string> {
  const read = new Map<string, string>();
  if (query === undefined) return read;
  for (const pair of query.split("&", rules.size + 1)) {
    const [name, encoded = ""] = cut(pair, "=");
    const rule = rules.get(name);
    if (!rule)
      throw new FaceCardError(`${place} has an unknown parameter '${shown(name)}'; known are ${known}`);
    if (read.has(name)) throw new FaceCardError(`${place} has ${name} twice`);
    const value = decode(encoded, `${name} of ${place}`);
    if (!rule.allows(value)) throw new FaceCardError(`${name} of ${place} must be ${rule.description}`);
    read.set(name, value);
  }
  return read;
}

/** Splits at the first separator. */
function cut(text: string, separator: string): [before: string, after?: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string, place: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new FaceCardError(`${place} has a % that begins no percent-encoded UTF-8`);
  }
}

function shown(text: string): string {
  return text.length > limits.shown ? `${text.slice(0, limits.shown).toWellFormed()}…` : text;
}

type Rule = { description: string; allows: (value: string) => boolean };

const rules = new Map<string, Rule>([
  ["photo", whole(999_999_999)],
  ["quality", decimal(0, 1)],
  ["roll", decimal(-180, 180)],
  ["pan", decimal(-90, 90)],
  ["tilt", decimal(-90, 90)],
  ["frontal", decimal(0, 1)],
  [
    "like",
    {
      description: "a name, a colon and a score from 0 to 9999",
      allows: (value) => value.length <= limits.identity + 5 && /^.+:(0|[1-9][0-9]{0,3})$/s.test(value),
    },
  ],
  ["width", whole(65_535)],
  ["height", whole(65_535)],
]);
const known = [...rules.keys()].join(", ");

function whole(most: number): Rule {
  return {
    description: `a whole number from 1 to ${most}`,
    allows: (value) => /^[1-9][0-9]{0,8}$/.test(value) && Number(value) <= most,
  };
}

/** As the service writes it: no exponent, no plus, no bare point; `-0` only where negative numbers are allowed. */
function decimal(least: number, most: number): Rule {
  const pattern = least < 0 ? /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/ : /^(0|[1-9][0-9]*)(\.[0-9]+)?$/;
  return {
    description: `a decimal number from ${least} to ${most}, without an exponent and of at most 20 characters`,
    allows: (value) =>
      value.length <= 20 && pattern.test(value) && Number(value) >= least && Number(value) <= most,
  };
}
