import { randomUUID } from "node:crypto";
import type { ImageRole, MadeCall, PlannedCall, Session } from "../check.ts";
import type { ReceivedResponse } from "../wire.ts";
import { type CallerOptions, type CallLimits, createCaller } from "./caller.ts";
import { type Ledger, noPicture, type Registration } from "./ledger.ts";
import { RunStopped } from "./stop.ts";

type SubjectCall = Pick<PlannedCall, "operation" | "method" | "path" | "body">;

/** How an API registers, finds and unregisters a face, for the ledger. */
export type Registering = {
  register(face: string): SubjectCall;
  unregister(id: string): SubjectCall;
  search(probe: string): SubjectCall;
  /** A valid call that changes nothing and is answered with a success. */
  extract(faces: string): SubjectCall;
  isRegistration(planned: PlannedCall): boolean;
  /** The id in a registration's response. */
  idOf(response: ReceivedResponse): string | undefined;
  /** The ids of the subjects with exactly this image; `undefined` if the response does not show them. */
  idsOf(response: ReceivedResponse): string[] | undefined;
  /** Whether the response to an unregister call says that the subject does not exist any more. */
  isGone(response: ReceivedResponse): boolean;
};

/** The images of a run in Base64. An earlier run's are needed to find its registrations. */
export type Images = (role: ImageRole, run: string) => string | undefined;

export type SessionOptions = CallerOptions & {
  registering: Registering;
  ledger: Ledger;
  /** The target's name in the ledger. */
  targetName: string;
  run: string;
  images: Images;
  signal: AbortSignal;
  /** @default false */
  planning?: boolean;
};

/** A session, and what only the runner uses of it. */
export type RunSession = Session & {
  readonly calls: number;
  /** The number of registrations that returned an id. */
  readonly registered: number;
  /**
   * Unregisters what the ledger still has for this target, of this run or an earlier one, even after an
   * interruption. What failed once is tried again only with `again`.
   *
   * @returns what could not be unregistered.
   */
  settle(options?: { again?: boolean }): Promise<Registration[]>;
};

/**
 * Creates the session of a run. Every registration is in the ledger before it is sent, and enough of the limit
 * of calls remains to unregister what is registered.
 */
export function createSession(options: SessionOptions): RunSession {
  const { target, registering, ledger, targetName, run, images, signal, planning = false } = options;
  const isRepeatable = (planned: PlannedCall) =>
    ["GET", "POST"].includes(planned.method) && !registering.isRegistration(planned);
  const harmless = () => {
    const image = images("alice-1", run);
    return image === undefined ? undefined : { ...registering.extract(image), purpose: "a valid call" };
  };
  const caller = createCaller({ ...options, isRepeatable, harmless });
  const limits: CallLimits = { signal, reserved: settlingCalls };
  const searches = new Map<string, Promise<string[] | undefined>>();
  const failed = new Set<string>();
  /** Subjects that had one of the images before. */
  const others = new Set<string>();
  let registered = 0;

  return {
    async call(planned) {
      if (!registering.isRegistration(planned)) return caller.call(planned, limits);
      return (await callRegistration(planned)).made;
    },
    async register({ face, application = 1, purpose }) {
      return callRegistration({ ...registering.register(face), application, purpose });
    },
    settle,
    image: (role) => images(role, run),
    planning,
    applications: target.apiKeys[1] === undefined ? 1 : 2,
    get calls() {
      return caller.calls;
    },
    get registered() {
      return registered;
    },
  };

  async function callRegistration(planned: PlannedCall): Promise<{ made: MadeCall; id: string | undefined }> {
    const { application = 1 } = planned;
    const role = roleOf(planned);
    const before = role === undefined ? [] : await idsBefore(images(role, run)!, application);
    const entry = randomUUID();
    caller.demandCalls(1 + settlingCalls() + callsForLost);
    ledger.intend({ entry, target: targetName, application, run, role: role ?? noPicture, before });
    const made = await caller.call(planned, limits).catch((error) => {
      // It was not sent, or every response was a refusal.
      if (error instanceof RunStopped && ["budget", "quota"].includes(error.kind)) ledger.settle(entry);
      throw error;
    });
    const named = registering.idOf(made.response);
    // A service may answer with a subject that was there before. That one is not ours, and stays.
    const isOfOthers = named !== undefined && others.has(named);
    const id = isOfOthers ? undefined : named;
    if (isOfOthers) ledger.settle(entry);
    else if (id !== undefined) {
      ledger.learn(entry, id);
      registered += 1;
    } else if (made.response.status >= 300 && made.response.status < 500) ledger.settle(entry);
    return { made, id };
  }

  /** Subjects that had an image before this run keep it. Searched once for each image and application. */
  async function idsBefore(face: string, application: 1 | 2): Promise<string[] | undefined> {
    const key = `${application} ${face}`;
    const search =
      searches.get(key) ?? idsWith(face, { application, purpose: "who has this picture already", limits });
    searches.set(key, search);
    const ids = await search;
    for (const id of ids ?? []) others.add(id);
    return ids;
  }

  async function idsWith(
    face: string,
    { limits, ...call }: { application: 1 | 2; purpose: string; limits: CallLimits },
  ): Promise<string[] | undefined> {
    const planned = { ...registering.search(face), ...call, isBookkeeping: true };
    const { response } = await caller.call(planned, limits);
    return registering.idsOf(response);
  }

  function roleOf({ body }: PlannedCall): ImageRole | undefined {
    const sent = Buffer.isBuffer(body) ? body : (JSON.stringify(body) ?? "");
    return imageRoles.find((role) => {
      const image = images(role, run);
      return image !== undefined && sent.includes(image);
    });
  }

  /** The calls that are needed to unregister everything. */
  function settlingCalls(): number {
    return ledger
      .open(targetName)
      .reduce((sum, { id, role }) => sum + (id !== undefined ? 1 : role === noPicture ? 0 : callsForLost), 0);
  }

  async function settle({ again = false } = {}): Promise<Registration[]> {
    const limits = { signal: AbortSignal.timeout(longestSettleMs), reserved: () => 0 };
    for (const registration of ledger.open(targetName)) {
      if (failed.has(registration.entry) && !again) continue;
      if (await unregister(registration, limits)) ledger.settle(registration.entry);
      else failed.add(registration.entry);
    }
    return ledger.open(targetName);
  }

  async function unregister(registration: Registration, limits: CallLimits): Promise<boolean> {
    const { application, id } = registration;
    const ids = id === undefined ? await lostIds(registration, limits) : [id];
    if (ids === undefined) return false;
    const isGone = async (each: string) => {
      const planned = {
        ...registering.unregister(each),
        application,
        isBookkeeping: true,
        purpose: "unregister",
      };
      return registering.isGone((await caller.call(planned, limits)).response);
    };
    for (const each of ids) {
      // The second response shows whether the first call took effect, whatever its own response was.
      if (!(await isGone(each)) && !(await isGone(each))) return false;
    }
    return true;
  }

  /** The ids of a registration without a response: who has the image now, and did not have it before. */
  async function lostIds(
    { role, run: owner, before, application }: Registration,
    limits: CallLimits,
  ): Promise<string[] | undefined> {
    if (role === noPicture) return [];
    const face = images(role, owner);
    if (face === undefined || before === undefined) return undefined;
    const ids = await idsWith(face, { application, purpose: "look for a lost registration", limits });
    return ids?.filter((id) => !before.includes(id));
  }
}

export const imageRoles: ImageRole[] = [
  "alice-1",
  "alice-2",
  "bob",
  "stranger",
  "group",
  "crowd",
  "none",
  "blurred",
];
const longestSettleMs = 30_000;
/** To find a lost registration, and to unregister it. */
const callsForLost = 2;
