import type { Registering } from "../../verify/run/session.ts";
import type { WireAnswer } from "../../verify/wire.ts";

/** How NEC ID registers a face, finds it and lets it go. */
export const necIdRegistering: Registering = {
  register: (face) => ({ operation: "ApiSubjectsPost", method: "POST", path: "/subjects", body: { face } }),
  unregister: (id) => ({
    operation: "ApiSubjectsByIdDelete",
    method: "DELETE",
    path: `/subjects/${encodeURIComponent(id)}`,
  }),
  // The highest threshold finds who has the very same picture, and no look-alike.
  search: (probe) => ({
    operation: "ApiFaceSearchPost",
    method: "POST",
    path: "/face/search",
    body: { probe, threshold: highest, limit: most },
  }),
  isRegistration: ({ method, path }) => method === "POST" && path.split("?")[0] === "/subjects",
  idOf: (answer) => text(json(answer)?.id),
  idsOf(answer) {
    // Nobody is found, or there is no face to look for.
    if (answer.status === 404 || answer.status === 400) return [];
    const candidates = json(answer)?.candidates;
    // A list that is full may have left somebody out.
    if (!Array.isArray(candidates) || candidates.length >= most) return undefined;
    // Whoever ignores the threshold must not make us unregister other people.
    const same = candidates.filter((candidate) => candidate?.score >= highest);
    return same.flatMap(({ id }) => text(id) ?? []);
  },
  isGone: ({ status }) => status === 204 || status === 404,
};

const highest = 9999;
const most = 50;

function json({ status, body }: WireAnswer): Record<string, unknown> | undefined {
  if (status < 200 || status > 299) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
