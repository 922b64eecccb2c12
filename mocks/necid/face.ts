import { hash } from "node:crypto";
import {
  FaceCardError,
  type GivenAttributes,
  type Likeness,
  readFaceCard,
} from "../../contracts/necid/faces/face-card.ts";
import { type PictureSize, pictureSize } from "./picture-size.ts";

/** A face as the mock sees it in a picture. */
export type Face = {
  /** Whose face it is. */
  identity: string;
  /** The number of the picture among those of one person. */
  photo: number;
  /** SHA-256 in hexadecimal: two faces with the same one are the same picture. */
  digest: string;
  /** Figures that a face card fixes, as written there. */
  given: GivenAttributes;
  /** The score against every picture of a person, where a face card fixes it. */
  like?: Likeness;
  picture: PictureSize;
  /** Its place among the picture's faces, from left to right: `index` from 0, below `of`. */
  place: { index: number; of: number };
};

/** The size of a picture whose bytes do not give one. */
const defaultSize: PictureSize = { width: 640, height: 480 };

/**
 * Finds the faces in a picture, from left to right. A face card lists them; any other bytes are one face
 * whose identity is their SHA-256.
 *
 * @param digest of the picture, where it is at hand.
 * @throws {FaceCardError} when the bytes are a face card that cannot be read.
 */
export function readFaces(image: Buffer, digest: string = hash("sha256", image)): Face[] {
  const card = readFaceCard(image);
  const picture = pictureSize(image) ?? defaultSize;
  if (card === undefined) {
    return [{ identity: digest, photo: 1, digest, given: {}, picture, place: { index: 0, of: 1 } }];
  }
  if ("problem" in card) throw new FaceCardError(card.problem);

  const { width = picture.width, height = picture.height } = card;
  return card.faces.map((face, index) => ({
    ...face,
    digest: index === 0 ? digest : hash("sha256", `${digest} ${index}`),
    picture: { width, height },
    place: { index, of: card.faces.length },
  }));
}
