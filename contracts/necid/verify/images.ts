import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Images } from "../../verify/run/session.ts";
import { type FaceRole, faceOfRole, faceRoles } from "../faces/roles.ts";

/**
 * Face cards, for the mock. Every run has identities of its own, so that parallel runs on one gallery do not
 * find each other's subjects.
 */
export const cardImages: Images = (role, run) => faceOfRole(role, `${run}-`);

/**
 * Reads the images for a live target from a folder, named by role: `alice-1.jpg`, `bob.png`. They must show
 * people who consented. Checks that need a missing role are skipped.
 *
 * @throws {NoImagesError} when the folder contains none of them.
 */
export function imagesFrom(folder: string): Images {
  const images = new Map<string, string>();
  for (const role of faceRoles) {
    const file = imageFile(folder, role);
    if (file) images.set(role, readFileSync(file).toString("base64"));
  }
  if (images.size === 0) throw new NoImagesError(folder);
  return (role) => images.get(role);
}

/** The file of a role in a folder of images, if there is one. */
export function imageFile(folder: string, role: FaceRole): string | undefined {
  return [".jpg", ".jpeg", ".png"]
    .map((extension) => join(folder, `${role}${extension}`))
    .find((path) => existsSync(path));
}

class NoImagesError extends Error {
  readonly code = "NO_IMAGES";
  constructor(folder: string) {
    super(
      `${folder} has no pictures. Name them by role: ${faceRoles.map((role) => `${role}.jpg`).join(", ")}.`,
    );
    this.name = "NoImagesError";
  }
}
