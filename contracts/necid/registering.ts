import type { Registering } from "../verify/scene.ts";
import type { WireAnswer } from "../verify/wire.ts";

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
    body: { probe, threshold: 9999, limit: 50 },
  }),
  isRegistration: ({ method, path }) => method === "POST" && path.split("?")[0] === "/subjects",
  idOf: (answer) => text(json(answer)?.id),
  idsOf(answer) {
    const candidates = json(answer)?.candidates;
    return Array.isArray(candidates) ? candidates.flatMap(({ id }) => text(id) ?? []) : [];
  },
  isGone: ({ status }) => status === 204 || status === 404,
};

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
