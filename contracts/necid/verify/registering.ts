import type { Registering } from "../../verify/run/session.ts";
import type { ReceivedResponse } from "../../verify/wire.ts";

/** How NEC ID registers, finds and unregisters a face. */
export const necIdRegistering: Registering = {
  register: (face) => ({ operation: "ApiSubjectsPost", method: "POST", path: "/subjects", body: { face } }),
  unregister: (id) => ({
    operation: "ApiSubjectsByIdDelete",
    method: "DELETE",
    path: `/subjects/${encodeURIComponent(id)}`,
  }),
  // Only the same image scores the highest threshold.
  search: (probe) => ({
    operation: "ApiFaceSearchPost",
    method: "POST",
    path: "/face/search",
    body: { probe, threshold: highestScore, limit: maxCandidates },
  }),
  extract: (faces) => ({
    operation: "ApiFaceExtractPost",
    method: "POST",
    path: "/face/extract",
    body: { faces },
  }),
  isRegistration: ({ method, path }) => method === "POST" && path.split("?")[0] === "/subjects",
  idOf: (response) => idFrom(json(response)?.id),
  idsOf(response) {
    // Nobody was found, or the image has no face.
    if (response.status === 404 || response.status === 400) return [];
    const candidates = json(response)?.candidates;
    // A full list may be incomplete.
    if (!Array.isArray(candidates) || candidates.length >= maxCandidates) return undefined;
    // If the service ignores the threshold, other subjects must not be unregistered.
    const same = candidates.filter((candidate) => candidate?.score >= highestScore);
    return same.flatMap(({ id }) => idFrom(id) ?? []);
  },
  isGone: ({ status }) => status === 204 || status === 404,
};

const highestScore = 9999;
const maxCandidates = 50;

function json({ status, body }: ReceivedResponse): Record<string, unknown> | undefined {
  if (status < 200 || status > 299) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** In a path, one dot or two lead to another place than a subject. */
function idFrom(value: unknown): string | undefined {
  return typeof value === "string" && !/^\.{0,2}$/.test(value) ? value : undefined;
}
