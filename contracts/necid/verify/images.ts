import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageRole } from "../../verify/check.ts";
import type { Images } from "../../verify/run/session.ts";
import { face } from "../faces/faces.ts";

/**
 * Face cards for a target that reads them, the mock. Every run has people of its own, so that runs side by
 * side on one gallery do not find each other's.
 */
export const cardImages: Images = (role, run) => cards[role](run);

const cards: Record<ImageRole, (run: string) => string> = {
  "alice-1": (run) => face(`${run}-alice`, { photo: 1 }),
  "alice-2": (run) => face(`${run}-alice`, { photo: 2 }),
  bob: (run) => face(`${run}-bob`),
  stranger: (run) => face(`${run}-stranger`),
  group: (run) => face(["alice", "bob", "carol"].map((name) => `${run}-${name}`).join(";")),
  crowd: (run) =>
    face(Array.from({ length: 25 }, (_, place) => `${run}-${place}`).join(";"), { width: 2000 }),
  none: () => face("none"),
  blurred: (run) => face(`${run}-alice`, { photo: 3, quality: 0.2 }),
};

/**
 * Pictures of consenting people for a live target, by role: `alice-1.jpg`, `bob.png`, … A role without a
 * file is a role that cannot be checked.
 *
 * @throws {Error} when the folder holds none of them: it is then most likely the wrong one.
 */
export function imagesFrom(folder: string): Images {
  const pictures = new Map<string, string>();
  for (const role of Object.keys(cards)) {
    const file = [".jpg", ".jpeg", ".png"]
      .map((ending) => join(folder, `${role}${ending}`))
      .find((path) => existsSync(path));
    if (file) pictures.set(role, readFileSync(file).toString("base64"));
  }
  if (pictures.size === 0) throw new NoPicturesError(folder);
  return (role) => pictures.get(role);
}

class NoPicturesError extends Error {
  readonly code = "NO_PICTURES";
  constructor(folder: string) {
    super(
      `${folder} has no pictures. Name them by role: ${Object.keys(cards)
        .map((role) => `${role}.jpg`)
        .join(", ")}.`,
    );
    this.name = "NoPicturesError";
  }
}
