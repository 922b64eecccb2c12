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
  return face(faceListOfRole(role, prefix));
}

/** The list by which `face` creates the face card of a role: `alice?photo=2`. */
export function faceListOfRole(role: FaceRole, prefix = ""): string {
  return cards[role](prefix);
}

const cards: Record<FaceRole, (prefix: string) => string> = {
  "alice-1": (prefix) => `${prefix}alice`,
  "alice-2": (prefix) => `${prefix}alice?photo=2`,
  bob: (prefix) => `${prefix}bob`,
  stranger: (prefix) => `${prefix}stranger`,
  group: (prefix) => ["alice", "bob", "carol"].map((name) => `${prefix}${name}`).join(";"),
  crowd: (prefix) => Array.from({ length: 25 }, (_, place) => `${prefix}${place}?width=2000`).join(";"),
  none: () => "none",
  blurred: (prefix) => `${prefix}alice?photo=3&quality=0.2`,
};

/** Every role. */
export const faceRoles = Object.keys(cards) as FaceRole[];
