import { face } from "./faces.ts";

/** Who is in a picture of an example: `stranger` is somebody whom nobody registers. */
export type FaceRole = "alice-1" | "alice-2" | "bob" | "stranger" | "group" | "crowd" | "none" | "blurred";

/**
 * Creates the face card of a role.
 *
 * @param prefix precedes each name, so that several runs on one gallery do not find each other's subjects.
 * @example faceOfRole("alice-2") === face("alice", { photo: 2 })
 */
export function faceOfRole(role: FaceRole, prefix = ""): string {
  return cards[role](prefix);
}

const cards: Record<FaceRole, (prefix: string) => string> = {
  "alice-1": (prefix) => face(`${prefix}alice`, { photo: 1 }),
  "alice-2": (prefix) => face(`${prefix}alice`, { photo: 2 }),
  bob: (prefix) => face(`${prefix}bob`),
  stranger: (prefix) => face(`${prefix}stranger`),
  group: (prefix) => face(["alice", "bob", "carol"].map((name) => `${prefix}${name}`).join(";")),
  crowd: (prefix) =>
    face(Array.from({ length: 25 }, (_, place) => `${prefix}${place}`).join(";"), { width: 2000 }),
  none: () => face("none"),
  blurred: (prefix) => face(`${prefix}alice`, { photo: 3, quality: 0.2 }),
};

/** Every role. */
export const faceRoles = Object.keys(cards) as FaceRole[];
