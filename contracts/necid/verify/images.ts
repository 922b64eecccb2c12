import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageRole } from "../../verify/check.ts";
import type { Images } from "../../verify/run/session.ts";
import { face } from "../faces/faces.ts";

/**
 * Face cards, for the mock. Every run has identities of its own, so that parallel runs on one gallery do not
 * find each other's subjects.
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
 * Reads the images for a live target from a folder, named by role: `alice-1.jpg`, `bob.png`. They must show
 * people who consented. Checks that need a missing role are skipped.
 *
 * @throws {NoImagesError} when the folder contains none of them.
 */
export function imagesFrom(folder: string): Images {
  const images = new Map<string, string>();
  for (const role of Object.keys(cards)) {
    const file = [".jpg", ".jpeg", ".png"]
      .map((extension) => join(folder, `${role}${extension}`))
      .find((path) => existsSync(path));
    if (file) images.set(role, readFileSync(file).toString("base64"));
  }
  if (images.size === 0) throw new NoImagesError(folder);
  return (role) => images.get(role);
}

class NoImagesError extends Error {
  readonly code = "NO_IMAGES";
  constructor(folder: string) {
    super(
      `${folder} has no pictures. Name them by role: ${Object.keys(cards)
        .map((role) => `${role}.jpg`)
        .join(", ")}.`,
    );
    this.name = "NoImagesError";
  }
}
