import type { Face } from "./face.ts";

/** The lowest score of a candidate, and of a verified face. */
export const defaultThreshold = 7000;
/** The most candidates. */
export const defaultLimit = 10;

/** No two different people score more. */
export const highestStrangerScore = 3999;

/** What a score depends on. */
export type ScoredFace = Pick<Face, "identity" | "digest" | "like">;

const identicalPictures = 9999;
const samePerson = { from: 7000, to: 9950 };

/**
 * How much two faces resemble each other, a whole number from 0 to 9999: 9999 for the same picture, 7000 to
 * 9950 for other pictures of the same person, 0 to 3999 for two people, unless a face card fixes it. Whichever
 * comes first, the score is the same.
 */
export function scoreOf(a: ScoredFace, b: ScoredFace): number {
  if (a.digest === b.digest) return identicalPictures;
  const fixed = fixedScore(a, b);
  if (fixed !== undefined) return fixed;
  if (a.identity !== b.identity) return strangerScore(faceKey(a), faceKey(b));
  return samePerson.from + (mix(faceKey(a), faceKey(b)) % (samePerson.to - samePerson.from + 1));
}

/** The score that a face card fixes for two faces; the higher one where both fix it. */
export function fixedScore(a: ScoredFace, b: ScoredFace): number | undefined {
  const [one, other] = [scoreAgainst(a, b), scoreAgainst(b, a)];
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

function scoreAgainst({ like }: ScoredFace, { identity }: ScoredFace): number | undefined {
  return like?.identity === identity ? like.score : undefined;
}

/** The 32 bits of a face from which scores are made; keep them where many are compared. */
export function faceKey(face: Pick<Face, "digest">): number {
  return Number.parseInt(face.digest.slice(0, 8), 16) | 0;
}

/** `scoreOf` for faces of two people, from their keys alone. */
export function strangerScore(a: number, b: number): number {
  return mix(a, b) % (highestStrangerScore + 1);
}

/** Unsigned 32 bits, the same for `(a, b)` and `(b, a)`; the final steps are MurmurHash3's. */
function mix(a: number, b: number): number {
  let bits = (a + b) ^ Math.imul(a ^ b, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
