import { readFaceCard, readFaceList } from "../../../contracts/necid/faces/face-card.ts";
import { face } from "../../../contracts/necid/faces/faces.ts";
import { isObject } from "../../../contracts/openapi/json.ts";
import { fingerprint, redactText } from "../../world/redact.ts";

/** Face cards in place of images. */
export type Cards = {
  /** The list of the face card that stands for an image; of a text that is no image, `undefined`. */
  of(image: unknown): string | undefined;
  /** The list of the card for a subject of the gallery. */
  ofSubject(subject: { identity: string; photo: number }): string;
};

/** Whether a request has an image that is no face card. */
export function hasPhotograph(body: unknown, images: ReadonlySet<string>): boolean {
  if (!isObject(body)) return false;
  return Object.entries(body).some(([name, value]) => {
    if (!images.has(name)) return false;
    return typeof value === "string"
      ? readFaceList(Buffer.from(value, "base64")) === undefined
      : isObject(value);
  });
}

/** Gives each picture that is no face card a person, by its hash. */
export function createCards(): Cards {
  const people = new Map<string, string>();
  const personOf = (digest: string) => {
    if (!people.has(digest)) people.set(digest, `person-${people.size + 1}`);
    return people.get(digest)!;
  };
  return {
    of(image) {
      // A long image is kept as its hash.
      if (isObject(image) && typeof image.sha256 === "string") return personOf(image.sha256);
      if (typeof image !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(image)) return undefined;
      const bytes = Buffer.from(image, "base64");
      const list = readFaceList(bytes);
      if (typeof list === "string" && !("problem" in readFaceCard(bytes)!)) return list;
      return list === undefined ? personOf(fingerprint(bytes).sha256) : undefined;
    },
    ofSubject({ identity, photo }) {
      if (/^[0-9a-f]{64}$/.test(identity)) return personOf(identity);
      const name = encodeURIComponent(identity);
      return photo === 1 ? name : `${name}?photo=${photo}`;
    },
  };
}

/** A copy of a request's body with a face card in place of each image, and nothing else that is long. */
export function withCards(body: unknown, images: ReadonlySet<string>, cards: Cards): unknown {
  if (!isObject(body)) return typeof body === "string" ? leftOut : body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      const list = images.has(name) ? cards.of(value) : undefined;
      if (list !== undefined) return [name, face(list)];
      return [redactText(name), isShort(value) ? value : leftOut];
    }),
  );
}

const leftOut = "(left out)";

function isShort(value: unknown): boolean {
  return JSON.stringify(value).length <= 60;
}

/** The list of a card with only its first face, which is the one that counts. */
export function firstFaceOf(image: unknown): string {
  const list = typeof image === "string" ? readFaceList(Buffer.from(image, "base64")) : undefined;
  return typeof list === "string" ? list.split(";")[0]! : "alice";
}
