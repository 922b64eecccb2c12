import { isObject } from "../../openapi/json.ts";
import type { Session } from "../../verify/check.ts";
import { parseFaceList, readFaceCard, readFaceList } from "../faces/face-card.ts";
import { face } from "../faces/faces.ts";
import { faceOfRole, faceRoles } from "../faces/roles.ts";

/**
 * The image that stands at a target for a face card of a pact: at the mock, the same card with the names of this
 * run, so that two runs do not find each other's subjects; elsewhere, the photo of its role.
 *
 * @returns the image itself if it is no face card; `undefined` if the target has no photo for it.
 */
export function imageAtTarget(session: Session, image: string): string | undefined {
  const list = readFaceList(Buffer.from(image, "base64"));
  if (typeof list !== "string" || "problem" in parseFaceList(list)) return image;
  const prefix = prefixOf(session);
  if (prefix !== undefined) return face(normalized(list, prefix));
  const role = faceRoles.find((one) => normalized(listOf(faceOfRole(one)), "") === normalized(list, ""));
  return role && session.image(role);
}

/** A copy of a request's body with the images of the target. */
export function bodyAtTarget(session: Session, body: unknown): unknown {
  if (!isObject(body) || Buffer.isBuffer(body)) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === "string" ? (imageAtTarget(session, value) ?? value) : value,
    ]),
  );
}

/** What the names of this run begin with; `undefined` if the images of the target are no face cards. */
function prefixOf(session: Session): string | undefined {
  const image = session.image("alice-1");
  const card = image === undefined ? undefined : readFaceCard(Buffer.from(image, "base64"));
  if (!card || "problem" in card) return undefined;
  return card.faces[0]?.identity.replace(/alice$/, "");
}

function listOf(image: string): string {
  return String(readFaceList(Buffer.from(image, "base64")));
}

/** Writes the number of the photo, and the prefix where it is not there yet. */
function normalized(list: string, prefix: string): string {
  return list
    .split(";")
    .map((item) => {
      const [name = "", parameters = ""] = item.trim().split("?");
      if (name === "none") return item.trim();
      const named = name.startsWith(prefix) ? name : `${prefix}${name}`;
      const given = parameters.split("&").filter((parameter) => parameter !== "");
      const photo = given.some((parameter) => parameter.startsWith("photo=")) ? [] : ["photo=1"];
      return `${named}?${[...photo, ...given].join("&")}`;
    })
    .join(";");
}
