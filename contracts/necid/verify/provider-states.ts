import type { Session } from "../../verify/check.ts";
import type { EstablishedState, ProviderStates } from "../../verify/pact/provider-state.ts";

/**
 * The provider states that pacts may name, and the values that each provides to its request. In addition, a
 * request may insert an image by its role: `${alice-1}`, `${alice-2}`, `${bob}`, `${stranger}`, `${group}`,
 * `${crowd}`, `${none}`, `${blurred}`.
 */
export const providerStates: ProviderStates = {
  "alice is registered": { images: ["alice-1"], valueNames: ["id"], setUp: registerAlice },
  "alice was unregistered": { images: ["alice-1"], valueNames: ["id"], setUp: unregisterAlice },
  // The gallery is shared, so it cannot be emptied. Only the subjects of this run are absent.
  "nobody is registered": { setUp: async () => ({}) },
  "the stranger is not registered": { setUp: async () => ({}) },
  "the API key is unknown": {
    valueNames: ["id"],
    setUp: async () => ({ signing: "unknown api key", values: { id: unknownId } }),
  },
  "the request is not signed": {
    valueNames: ["id"],
    setUp: async () => ({ signing: "none", values: { id: unknownId } }),
  },
};

const unknownId = "necidguid-0000-0000-0000-000000000000";

async function registerAlice(session: Session): Promise<EstablishedState> {
  const { made, id } = await session.register({ face: session.image("alice-1")!, purpose: "register alice" });
  return id === undefined ? { failed: { made, expected: 201 } } : { values: { id } };
}

async function unregisterAlice(session: Session): Promise<EstablishedState> {
  const registered = await registerAlice(session);
  const { id } = registered.values ?? {};
  if (id === undefined) return registered;
  const unregister = {
    operation: "ApiSubjectsByIdDelete",
    method: "DELETE",
    path: `/subjects/${encodeURIComponent(id)}`,
  };
  const made = await session.call({ ...unregister, purpose: "unregister alice" });
  // Without this call, a 204 without effect would be reported as a mismatch of the interaction.
  const again = await session.call({ ...unregister, purpose: "unregister alice again" });
  if (made.response.status !== 204) return { failed: { made, expected: 204 } };
  const isGone = session.planning || again.response.status === 404;
  return isGone ? registered : { failed: { made: again, expected: 404 } };
}
