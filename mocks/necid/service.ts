import type { Service } from "../world/service.ts";
import { createGalleries } from "./galleries.ts";
import { readSavedState, readSeed, saveState } from "./saved-state.ts";
import { v11 } from "./v1.1.ts";
import { v1 } from "./v1.ts";

/**
 * The behaviour of NEC ID: a gallery for each API key; faces that are registered, found again, not found, missing
 * or too poor. Both versions work on the same galleries. A wrong picture is refused before its id is looked up.
 */
export const necIdService: Service = {
  open({ apiKeys, random, now }) {
    const galleries = createGalleries({ apiKeys, random });
    const world = { galleries, now };
    let changed = () => {};
    /** Whether v1.1 was used. What v1 does not know is saved only then. */
    let knowsEvents = false;

    return {
      respond(call) {
        const isV11 = call.contract === "necid-v1.1";
        const operation = (isV11 ? v11 : v1).get(call.operation.key);
        if (!operation) return undefined;
        if (isV11) knowsEvents = true;
        if (galleries.advance(now())) changed();
        const response = operation.respond(call, world);
        if (operation.writes && response.status < 300) changed();
        return response;
      },
      save() {
        galleries.advance(now());
        return saveState(galleries, { withEvents: knowsEvents });
      },
      load(saved) {
        const { applications, hasEvents } = readSavedState(saved, galleries.own.length);
        galleries.clear();
        for (const [place, load] of applications.entries()) load(galleries, place);
        knowsEvents = hasEvents;
        changed();
      },
      seed(listed) {
        const { isTaken, own } = galleries;
        const { seeded, ids } = readSeed(listed, { applications: own.length, isTaken });
        const updated = Math.floor(now() / 1000);
        const added = seeded.map(({ application, subjects }) => [
          application,
          subjects.map(({ id = galleries.newId(ids), face, known }) => {
            galleries.put(application - 1, id, known, { updated });
            return { id, face };
          }),
        ]);
        changed();
        return Object.fromEntries(added);
      },
      async setUpState(state) {
        // It makes pictures, which few runs need.
        const { setUpState } = await import("./provider-states.ts");
        const established = setUpState(state, { galleries, now: now() });
        changed();
        return established;
      },
      reset() {
        galleries.clear();
        knowsEvents = false;
        changed();
      },
      onChange(listener) {
        changed = listener;
      },
    };
  },
};
