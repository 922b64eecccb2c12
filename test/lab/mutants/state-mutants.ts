import type { PlannedCall } from "../../../contracts/verify/check.ts";
import type { ReceivedResponse } from "../../../contracts/verify/wire.ts";
import {
  answered,
  at,
  extract,
  jsonOf,
  type Mutant,
  register,
  search,
  unregister,
  update,
  verify,
} from "./mutant.ts";
import type { Alter, Passage } from "./proxy.ts";

/** Providers whose answers are right each by itself, and wrong together. */
export function stateMutants(): Mutant[] {
  return rows.map(([operation, id, title, alter]) => ({
    id: `state/${id}`,
    class: "state",
    operation,
    title,
    open: () => remembering(alter),
  }));
}

/** Everybody who is registered as far as the caller knows, in the order they came. */
type Subject = { id: string; face: string; application: 1 | 2 };
type Memory = { subjects: Map<string, Subject>; gone: Subject[]; calls: number };
type Recalling = (passage: Passage, memory: Memory) => Promise<ReceivedResponse>;
type Row = [operation: string, id: string, title: string, alter: Recalling];

function remembering(alter: Recalling): Alter {
  const memory: Memory = { subjects: new Map(), gone: [], calls: 0 };
  return async (passage) => {
    memory.calls += 1;
    const response = await alter(passage, memory);
    keep(memory, passage.planned, response);
    return response;
  };
}

function keep({ subjects, gone }: Memory, planned: PlannedCall, response: ReceivedResponse): void {
  const { operation, application = 1 } = planned;
  const { face = "" } = (planned.body ?? {}) as { face?: string };
  const id = operation === register ? String(jsonOf(response)?.id) : idOf(planned);
  if (operation === register && response.status === 201) subjects.set(id, { id, face, application });
  if (operation === update && response.status === 200) subjects.set(id, { id, face, application });
  if (operation !== unregister || response.status !== 204) return;
  gone.push(...[subjects.get(id)].filter((subject) => subject !== undefined));
  subjects.delete(id);
}

function idOf({ path }: PlannedCall): string {
  return path.split("/").at(-1)!;
}

/** Alters the calls of one operation. */
function of(operation: string, alter: Recalling): Recalling {
  return (passage, memory) =>
    passage.planned.operation === operation ? alter(passage, memory) : passage.send();
}

/** Calls that nobody asked for. */
function unasked({ id, application }: Subject) {
  const call = { path: `/subjects/${id}`, application };
  return {
    update: (face: string) => ({ ...call, operation: update, method: "PUT", body: { face } }),
    unregister: () => ({ ...call, operation: unregister, method: "DELETE", body: undefined }),
  };
}

/** Changes the searches that a gallery is asked; one that breaks a rule passes. */
function asks(change: (body: Asked) => Asked): Recalling {
  return of(search, ({ planned, send }) => {
    const body = planned.body as Asked;
    const isWellFormed =
      planned.signing === undefined &&
      !planned.headers &&
      typeof body?.probe === "string" &&
      (body.threshold === undefined || within(body.threshold, 0, 9999)) &&
      (body.limit === undefined || within(body.limit, 1, 50));
    return send(isWellFormed ? { body: change(body) } : undefined);
  });
}

type Asked = { probe: string; threshold?: number; limit?: number };

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

const otherGallery = (operation: string): Recalling =>
  of(operation, ({ planned, send }) => send(planned.application === 2 ? { application: 1 } : undefined));

type Candidate = { id: string; score: number };

/** Every second answer says another figure. */
function wavering(operation: string, pointer: string, change: (value: never) => unknown): Recalling {
  return of(operation, async ({ planned, send }, { calls }) => {
    const response = await send();
    return response.status === 200 && calls % 2 === 1 ? at(pointer, change)(response, planned) : response;
  });
}

const unregisterKeeps: Recalling = of(unregister, async ({ planned, send }, { subjects }) => {
  if (!subjects.has(idOf(planned))) return send();
  const response = await send({ path: "/subjects/necidguid-0000-0000-0000-000000000000" });
  return response.status === 404 ? answered(response, 204) : response;
});

const unregisterAll: Recalling = of(unregister, async ({ planned, send }, { subjects }) => {
  const subject = subjects.get(idOf(planned));
  const response = await send();
  if (response.status !== 204 || !subject) return response;
  const same = [...subjects.values()].filter(({ id, face }) => id !== subject.id && face === subject.face);
  for (const other of same) await send(unasked(other).unregister());
  return response;
});

const registerPrevious: Recalling = of(register, async ({ planned, send }, { subjects }) => {
  const response = await send();
  const previous = [...subjects.keys()].at(-1);
  return response.status === 201 && previous ? at("/id", previous)(response, planned) : response;
});

const registerOnce: Recalling = of(register, async ({ planned, send }, { subjects }) => {
  const { face } = (planned.body ?? {}) as { face?: string };
  const { application = 1 } = planned;
  const response = await send();
  const known = [...subjects.values()].find((one) => one.face === face && one.application === application);
  return response.status === 201 && known ? at("/id", known.id)(response, planned) : response;
});

const registerNothing: Recalling = of(register, async ({ planned, send }) => {
  const response = await send();
  const id = response.status === 201 ? String(jsonOf(response)?.id) : "";
  const { application = 1 } = planned;
  if (id !== "") await send(unasked({ id, face: "", application }).unregister());
  return response;
});

const updateNothing: Recalling = of(update, async ({ planned, send }, { subjects }) => {
  const subject = subjects.get(idOf(planned));
  const response = await send();
  if (response.status === 200 && subject) await send(unasked(subject).update(subject.face));
  return response;
});

const updateOthers: Recalling = of(update, async ({ planned, send }, { subjects }) => {
  const { face } = (planned.body ?? {}) as { face: string };
  const response = await send();
  if (response.status !== 200) return response;
  for (const subject of subjects.values()) await send(unasked(subject).update(face));
  return response;
});

const updateRefusedForgets: Recalling = of(update, async ({ planned, send }, { subjects }) => {
  const subject = subjects.get(idOf(planned));
  const response = await send();
  if (response.status === 400 && subject) await send(unasked(subject).unregister());
  return response;
});

const updateNewId: Recalling = of(update, async ({ planned, send }) => {
  const response = await send();
  return response.status === 200
    ? at("/id", "necidguid-0000-4000-8000-00000000000f")(response, planned)
    : response;
});

const verifyEverybody: Recalling = of(verify, async ({ planned, send }, { subjects }) => {
  const { id = "" } = (planned.body ?? {}) as { id?: string };
  const response = await send();
  return response.status === 404 && subjects.has(id)
    ? answered(response, 200, { id, score: 7000 })
    : response;
});

const verifyGone: Recalling = of(verify, async ({ planned, send }, { gone }) => {
  const { id = "" } = (planned.body ?? {}) as { id?: string };
  const response = await send();
  const was = gone.some((subject) => subject.id === id);
  return response.status === 404 && was ? answered(response, 200, { id, score: 9999 }) : response;
});

const verifyNewestId: Recalling = of(verify, async ({ planned, send }, { subjects }) => {
  const response = await send();
  const newest = [...subjects.keys()].at(-1);
  return response.status === 200 ? at("/id", newest)(response, planned) : response;
});

const verifyOtherScore: Recalling = of(verify, async ({ planned, send }) => {
  const response = await send();
  if (response.status !== 200) return response;
  return at("/score", (score: number) => Math.max(7000, score - 1))(response, planned);
});

const verifyHarsh: Recalling = of(verify, async ({ send }) => {
  const response = await send();
  return response.status === 200 && Number(jsonOf(response)?.score) < 9999
    ? answered(response, 404)
    : response;
});

const searchFindsGone: Recalling = of(search, async ({ planned, send }, { gone }) => {
  const response = await send();
  const { probe, threshold = 7000 } = (planned.body ?? {}) as Asked;
  const ghost = gone.findLast(({ face }) => face === probe);
  if (!ghost || (response.status !== 200 && response.status !== 404)) return response;
  const candidate = { id: ghost.id, score: 9999 };
  if (response.status === 200)
    return at("/candidates", (all: Candidate[]) => [candidate, ...all])(response, planned);
  const measured = await send({ operation: extract, path: "/face/extract", body: { faces: ghost.face } });
  const [first] = (jsonOf(measured)?.faces ?? []) as { attributes: unknown }[];
  // The ledger asks with the highest threshold before it registers: that one is answered as it should be.
  return threshold === 9999
    ? response
    : answered(response, 200, { candidates: [candidate], attributes: first?.attributes });
});

const searchNewestOnly: Recalling = of(search, async ({ planned, send }, { subjects }) => {
  const response = await send();
  if (response.status !== 200) return response;
  const newest = [...subjects.keys()].at(-1);
  const { candidates } = jsonOf(response) as { candidates: Candidate[] };
  const left = candidates.filter(({ id }) => id === newest);
  return left.length > 0 ? at("/candidates", left)(response, planned) : answered(response, 404);
});

const searchRegisters: Recalling = of(search, async ({ planned, send }) => {
  const { probe, threshold } = (planned.body ?? {}) as Asked;
  const response = await send();
  if (response.status === 200 && threshold !== 9999)
    await send({ operation: register, path: "/subjects", body: { face: probe } });
  return response;
});

const searchSelfScore: Recalling = of(search, async ({ planned, send }) => {
  const response = await send();
  if (response.status !== 200) return response;
  return at("/candidates/*/score", (score: number) => (score === 9999 ? 7000 : score))(response, planned);
});

const rows: Row[] = [
  [unregister, "unregister-keeps", "204, and the subject is still there", unregisterKeeps],
  [unregister, "unregister-all", "one id is unregistered, and all of the same face are gone", unregisterAll],
  [
    unregister,
    "unregister-any-gallery",
    "another application's subject can be unregistered",
    otherGallery(unregister),
  ],
  [register, "register-previous-id", "the id is the previous registration's", registerPrevious],
  [register, "register-once", "a face that is known gets its old id", registerOnce],
  [register, "register-nothing", "201, and nobody is registered", registerNothing],
  [update, "update-nothing", "200, and the old face stays", updateNothing],
  [update, "update-others", "every other subject gets the new face, too", updateOthers],
  [update, "update-refused-forgets", "a refused update loses the subject", updateRefusedForgets],
  [update, "update-new-id", "the subject gets a new id", updateNewId],
  [update, "update-any-gallery", "another application's subject can be updated", otherGallery(update)],
  [verify, "verify-everybody", "everybody is verified as anybody registered", verifyEverybody],
  [verify, "verify-gone", "who was unregistered is still verified", verifyGone],
  [verify, "verify-newest-id", "the id is the newest subject's, not the one asked", verifyNewestId],
  [verify, "verify-other-score", "the score is one below search's", verifyOtherScore],
  [verify, "verify-harsh", "only the very picture that was registered is verified", verifyHarsh],
  [
    verify,
    "verify-wavers",
    "the same request has two scores",
    wavering(verify, "/score", (score: number) => score - 1),
  ],
  [verify, "verify-any-gallery", "another application's subject is verified", otherGallery(verify)],
  [
    search,
    "search-no-threshold",
    "the threshold is passed over",
    asks((body) => ({ ...body, threshold: 0 })),
  ],
  [search, "search-fixed-threshold", "the threshold is always 7000", asks(({ threshold, ...body }) => body)],
  [
    search,
    "search-above-threshold",
    "a score at the threshold is too low",
    asks((body) =>
      body.threshold === undefined || body.threshold > 9998
        ? body
        : { ...body, threshold: body.threshold + 1 },
    ),
  ],
  [
    search,
    "search-default-threshold",
    "without a threshold everybody is found",
    asks((body) => ({ threshold: 0, ...body })),
  ],
  [search, "search-no-limit", "the limit is passed over", asks((body) => ({ ...body, limit: 50 }))],
  [
    search,
    "search-default-limit",
    "without a limit fifty are listed",
    asks((body) => ({ limit: 50, ...body })),
  ],
  [
    search,
    "search-limit-less",
    "one less than the limit is listed",
    asks((body) => ({ ...body, limit: Math.max(1, (body.limit ?? 10) - 1) })),
  ],
  [search, "search-finds-gone", "who was unregistered is still found", searchFindsGone],
  [search, "search-newest-only", "only the newest subject is found", searchNewestOnly],
  [search, "search-registers", "who is looked for is registered", searchRegisters],
  [search, "search-self-score", "the very picture that was registered scores 7000", searchSelfScore],
  [
    search,
    "search-wavers",
    "the same request has two scores",
    wavering(search, "/candidates/*/score", (score: number) => score - 1),
  ],
  [search, "search-any-gallery", "another application's subjects are found", otherGallery(search)],
  [
    extract,
    "extract-wavers",
    "the same picture has two scores",
    wavering(extract, "/faces/*/attributes/faceScore", () => "0.5"),
  ],
];
