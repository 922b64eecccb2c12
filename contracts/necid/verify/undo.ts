import type { MadeCall, PlannedCall } from "../../verify/check.ts";
import { necIdRegistering } from "./registering.ts";

const reading = new Set([
  "ApiFaceExtractPost",
  "ApiFaceSearchPost",
  "ApiFaceVerifyPost",
  "POST /face/extract",
  "POST /face/search",
  "POST /face/verify",
]);

/** What a call changes at NEC ID, and whether `undoOf` knows how to take it back. */
export function necIdEffect(planned: PlannedCall): "none" | "lasting" | "undoable" {
  const { operation, method } = planned;
  if (["GET", "HEAD", "OPTIONS"].includes(method) || reading.has(operation)) return "none";
  return necIdRegistering.isRegistration(planned) || namesTag(planned) ? "undoable" : "lasting";
}

/** The call that takes back what a call has made: a subject or a tag. `undefined` where it has made neither. */
export function undoOf({
  planned,
  response,
}: Pick<MadeCall, "planned" | "response">): PlannedCall | undefined {
  const { application } = planned;
  const undo = { ...(application && { application }), purpose: "undo" };
  if (response.status < 200 || response.status > 299) return undefined;
  if (necIdRegistering.isRegistration(planned)) {
    const id = necIdRegistering.idOf(response);
    return id === undefined ? undefined : { ...necIdRegistering.unregister(id), ...undo };
  }
  const tag = namesTag(planned);
  return tag
    ? { operation: "DeleteTag", method: "DELETE", path: `/tags/${encodeURIComponent(tag)}`, ...undo }
    : undefined;
}

/** The name of a tag that a call makes or renames one to. */
function namesTag({ operation, path, body }: PlannedCall): string | undefined {
  if (operation === "CreateTag") return decodeURIComponent(path.split("/").at(-1)!);
  if (operation !== "UpdateTag") return undefined;
  const { newName } = (Buffer.isBuffer(body) ? parsed(body) : (body ?? {})) as { newName?: unknown };
  return typeof newName === "string" ? newName : undefined;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) ?? {};
  } catch {
    return {};
  }
}
