import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { ImageRole, MadeCall, PlannedCall, Session } from "../check.ts";
import { headerOf, NoResponseError, type ReceivedResponse, type SentRequest, sendRequest } from "../wire.ts";
import { type Ledger, noPicture, type Registration } from "./ledger.ts";
import { RunStopped } from "./stop.ts";
import { buildRequest, type Target } from "./target.ts";

type Call = Pick<PlannedCall, "operation" | "method" | "path" | "body">;

/** How an API registers a face, finds it and lets it go again: what the ledger needs to know of it. */
export type Registering = {
  register(face: string): Call;
  unregister(id: string): Call;
  search(probe: string): Call;
  isRegistration(planned: PlannedCall): boolean;
  /** The id that a registration's response brought. */
  idOf(response: ReceivedResponse): string | undefined;
  /** The ids of those who are found by exactly this picture; `undefined` where the response does not tell. */
  idsOf(response: ReceivedResponse): string[] | undefined;
  /** Whether an unregister call's response says that nothing is left. */
  isGone(response: ReceivedResponse): boolean;
};

/** The pictures of a run as Base64; an earlier run's where its registrations are looked for. */
export type Images = (role: ImageRole, run: string) => string | undefined;

export type SessionOptions = {
  target: Target;
  registering: Registering;
  ledger: Ledger;
  /** The target's name in the ledger. */
  targetName: string;
  run: string;
  images: Images;
  /** The hard limit of calls. */
  maxCalls?: number;
  /** Calls a second at most. */
  rate?: number;
  /** Milliseconds since the epoch: what signatures are dated with. */
  now: () => number;
  signal: AbortSignal;
  timeoutMs?: number;
  /** Told of each call just before it is made. */
  onCall?: (planned: PlannedCall) => void;
  /** Told of each call that was answered; one that is made again because of a throttle counts once. */
  onMade?: (made: MadeCall) => void;
  /** Default: over the network. A plan answers here instead. */
  send?: Send;
  planning?: boolean;
};

export type Send = (
  request: SentRequest,
  options: { planned: PlannedCall; timeoutMs: number; signal: AbortSignal },
) => Promise<ReceivedResponse>;

/** A session, and what only the runner does with it. */
export type RunSession = Session & {
  readonly calls: number;
  /** How many registrations brought an id. */
  readonly registered: number;
  /**
   * Unregisters what the ledger still holds for this target, of this run or an earlier one; goes on after
   * the run was interrupted. What could not be unregistered once is tried again only with `again`.
   *
   * @returns what is left.
   */
  settle(options?: { again?: boolean }): Promise<Registration[]>;
};

/**
 * The one way to the target. Every call is counted against the limit before it is made (leaving room to
 * unregister what is registered), paced, and repeated where a throttle asks for it; each repetition counts.
 * Every registration stands in the ledger before it is sent.
 */
export function createSession(options: SessionOptions): RunSession {
  const { target, registering, ledger, targetName, run, images } = options;
  const { maxCalls = Number.POSITIVE_INFINITY, rate = Number.POSITIVE_INFINITY, planning = false } = options;
  const { send = sendRequest, timeoutMs = 30_000, now, onCall, onMade } = options;
  const found = new Map<string, Promise<string[] | undefined>>();
  const givenUp = new Set<string>();
  let failing: string[] = [];
  let calls = 0;
  let registered = 0;
  let throttledMs = 0;
  let last = Number.NEGATIVE_INFINITY;

  return {
    call: (planned) => (registering.isRegistration(planned) ? registration(planned) : delivered(planned)),
    register,
    settle,
    image: (role) => images(role, run),
    planning,
    applications: target.apiKeys[1] === undefined ? 1 : 2,
    get calls() {
      return calls;
    },
    get registered() {
      return registered;
    },
  };

  async function register({ face, application = 1, purpose }: Parameters<Session["register"]>[0]) {
    const made = await registration({ ...registering.register(face), application, purpose });
    return { made, id: registering.idOf(made.response) };
  }

  async function registration(planned: PlannedCall): Promise<MadeCall> {
    const { application = 1 } = planned;
    const role = roleOf(planned);
    const before = role === undefined ? [] : await idsBefore(images(role, run)!, application);
    const entry = randomUUID();
    demandCalls(1 + settlingCalls() + callsOfLost);
    ledger.intend({ entry, target: targetName, application, run, role: role ?? noPicture, before });
    const made = await delivered(planned).catch((error) => {
      // Then it was not sent, or answered with a refusal each time.
      if (error instanceof RunStopped && ["budget", "quota"].includes(error.kind)) ledger.settle(entry);
      throw error;
    });
    const id = registering.idOf(made.response);
    if (id !== undefined) {
      ledger.learn(entry, id);
      registered += 1;
    } else if (made.response.status >= 300 && made.response.status < 500) ledger.settle(entry);
    return made;
  }

  /** Asked once for each picture and application: whoever had it before this run keeps it. */
  function idsBefore(face: string, application: 1 | 2): Promise<string[] | undefined> {
    const key = `${application} ${face}`;
    const search = () =>
      delivered({ ...registering.search(face), application, purpose: "who has this picture already" });
    const ids = found.get(key) ?? search().then(({ response }) => registering.idsOf(response));
    found.set(key, ids);
    return ids;
  }

  function roleOf({ body }: PlannedCall): ImageRole | undefined {
    const sent = Buffer.isBuffer(body) ? body : (JSON.stringify(body) ?? "");
    return imageRoles.find((role) => {
      const image = images(role, run);
      return image !== undefined && sent.includes(image);
    });
  }

  async function delivered(planned: PlannedCall, passage: Passage = ordinary()): Promise<MadeCall> {
    let waited = 0;
    for (let attempt = 0; ; attempt++) {
      demandCalls(1 + passage.reserved());
      await pace(passage.signal);
      const mayRepeat = attempt === 0 && planned.method !== "POST";
      const made = await attempted(planned, { ...passage, mayRepeat });
      const delay = made && throttleDelay(made, attempt);
      if (made && delay === undefined) return answered(made);
      waited += delay ?? 0;
      throttledMs += delay ?? 0;
      if (waited > longestThrottleMs || throttledMs > longestThrottlesMs) {
        throw new RunStopped(
          "quota",
          `${planned.method} ${planned.path}: the target throttles, and waiting for it did not help. Try a lower --rate, or later.`,
        );
      }
      if (delay) await wait(delay, undefined, { signal: passage.signal }).catch(interrupted);
    }
  }

  type Passage = { signal: AbortSignal; reserved: () => number };

  /** Room is kept to undo what is registered. */
  function ordinary(): Passage {
    return { signal: options.signal, reserved: settlingCalls };
  }

  function settlingCalls(): number {
    return ledger
      .open(targetName)
      .reduce((sum, { id, role }) => sum + (id !== undefined ? 1 : role === noPicture ? 0 : callsOfLost), 0);
  }

  function demandCalls(number: number): void {
    if (calls + number <= maxCalls) return;
    throw new RunStopped(
      "budget",
      `The limit of ${maxCalls} calls is reached. Raise --max-calls, or verify less.`,
    );
  }

  /** `undefined`: no response came, and the call may be made again. */
  async function attempted(
    planned: PlannedCall,
    { signal, mayRepeat }: { signal: AbortSignal; mayRepeat: boolean },
  ): Promise<MadeCall | undefined> {
    if (signal.aborted) interrupted();
    calls += 1;
    onCall?.(planned);
    const request = buildRequest(planned, { target, now: now() });
    const started = performance.now();
    try {
      const response = await send(request, { planned, timeoutMs, signal });
      return { planned, request, response, ms: performance.now() - started };
    } catch (error) {
      if (signal.aborted) interrupted();
      if (!(error instanceof NoResponseError)) throw error;
      // Whoever lets us wait once will do so again.
      if (mayRepeat && error.code !== "TIMEOUT") return undefined;
      throw new RunStopped(
        "network",
        `${planned.method} ${planned.path}: no response came (${error.code}). Check the address and the network.`,
      );
    }
  }

  function answered(made: MadeCall): MadeCall {
    const { planned, response } = made;
    onMade?.(made);
    if ((planned.signing ?? "good") !== "good") return made;
    failing = response.status >= 500 ? [...failing, planned.operation] : [];
    if (failing.length < failuresOfOutage || new Set(failing).size === 1) return made;
    failing = [];
    throw new RunStopped(
      "outage",
      `The last ${failuresOfOutage} signed calls, to different operations, were answered with ${response.status} or the like. The service is out of order; try later.`,
    );
  }

  async function pace(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const due = Math.max(last + 1000 / rate, now);
    last = due;
    if (due > now) await wait(due - now, undefined, { signal }).catch(interrupted);
  }

  async function settle({ again = false } = {}): Promise<Registration[]> {
    const passage = { signal: AbortSignal.timeout(longestSettleMs), reserved: () => 0 };
    for (const registration of ledger.open(targetName)) {
      if (givenUp.has(registration.entry) && !again) continue;
      if (await unregistered(registration, passage)) ledger.settle(registration.entry);
      else givenUp.add(registration.entry);
    }
    return ledger.open(targetName);
  }

  async function unregistered(registration: Registration, passage: Passage): Promise<boolean> {
    const { application, id } = registration;
    const ids = id === undefined ? await lostIds(registration, passage) : [id];
    if (ids === undefined) return false;
    const unregister = async (each: string) => {
      const planned = { ...registering.unregister(each), application, purpose: "unregister" };
      return registering.isGone((await delivered(planned, passage)).response);
    };
    for (const each of ids) {
      // The second response tells whether the first one, whatever it was, took effect.
      if (!(await unregister(each)) && !(await unregister(each))) return false;
    }
    return true;
  }

  /** A registration whose response never came: whoever has the picture now and had it not before. */
  async function lostIds({ role, run: owner, before, application }: Registration, passage: Passage) {
    if (role === noPicture) return [];
    const face = images(role, owner);
    if (face === undefined || before === undefined) return undefined;
    const { response } = await delivered(
      { ...registering.search(face), application, purpose: "look for a lost registration" },
      passage,
    );
    return registering.idsOf(response)?.filter((id) => !before.includes(id));
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
/** For one call, and for a whole run. */
const longestThrottleMs = 30_000;
const longestThrottlesMs = 120_000;
const longestSettleMs = 30_000;
/** A lost registration is looked for, and unregistered. */
const callsOfLost = 2;
const failuresOfOutage = 10;

/** How long a throttle wants us to wait, in milliseconds; `undefined` where there is none. */
function throttleDelay({ response, planned }: MadeCall, attempt: number): number | undefined {
  if (response.status !== 429) return undefined;
  const header = (name: string) => headerOf(response, name);
  if (header("x-amzn-errortype")?.startsWith("LimitExceeded")) {
    throw new RunStopped(
      "quota",
      `${planned.method} ${planned.path}: the quota of the application is used up. Wait for the next period, or raise it.`,
    );
  }
  const after = Number(header("retry-after"));
  return after > 0 ? after * 1000 : 50 * 2 ** Math.min(attempt, 7);
}

function interrupted(): never {
  throw new RunStopped("interrupted", "The run was interrupted.");
}
