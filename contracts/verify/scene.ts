import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { ImageRole, MadeCall, PlannedCall, Scene } from "./check.ts";
import type { Ledger, Registration } from "./ledger.ts";
import { RunStopped } from "./stop.ts";
import { buildRequest, type Target } from "./target.ts";
import { exchangeWire, type WireAnswer, WireError, type WireRequest } from "./wire.ts";

type Call = Pick<PlannedCall, "operation" | "method" | "path" | "body">;

/** How an API registers a face, finds it and lets it go again: what the ledger needs to know of it. */
export type Registering = {
  register(face: string): Call;
  unregister(id: string): Call;
  search(probe: string): Call;
  isRegistration(planned: PlannedCall): boolean;
  /** The id that a registration's answer brought. */
  idOf(answer: WireAnswer): string | undefined;
  /** The ids of those who are found by exactly this picture. */
  idsOf(answer: WireAnswer): string[];
  /** Whether an unregister call's answer says that nothing is left. */
  isGone(answer: WireAnswer): boolean;
};

/** The pictures of a run as Base64; an earlier run's where its registrations are looked for. */
export type Images = (role: ImageRole, run: string) => string | undefined;

export type SceneOptions = {
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
  /** Milliseconds since the epoch, as the server's clock shows them. */
  now: () => number;
  signal: AbortSignal;
  timeoutMs?: number;
  /** Told of each call just before it is made. */
  onCall?: (planned: PlannedCall) => void;
  /** Default: over the network. A plan answers here instead. */
  send?: Send;
  planning?: boolean;
};

export type Send = (
  request: WireRequest,
  options: { planned: PlannedCall; timeoutMs: number; signal: AbortSignal },
) => Promise<WireAnswer>;

/** A scene, and what only the runner does with it. */
export type RunScene = Scene & {
  readonly calls: number;
  /**
   * Unregisters what the ledger still holds for this target, of this run or an earlier one; goes on after
   * the run was interrupted. Gives what could not be unregistered.
   */
  settle(): Promise<Registration[]>;
};

/**
 * The one way to the target. Every call is counted against the limit before it is made (leaving room to
 * unregister what is registered), paced, and repeated where a throttle asks for it; each repetition counts.
 * Every registration stands in the ledger before it is sent.
 */
export function createScene(options: SceneOptions): RunScene {
  const { target, registering, ledger, targetName, run, images } = options;
  const { maxCalls = Number.POSITIVE_INFINITY, rate = Number.POSITIVE_INFINITY, planning = false } = options;
  const { send = exchangeWire, timeoutMs = 30_000, now, onCall } = options;
  const found = new Map<string, Promise<string[]>>();
  let calls = 0;
  let waited = 0;
  let last = Number.NEGATIVE_INFINITY;

  return {
    call: (planned) => (registering.isRegistration(planned) ? registration(planned, []) : delivered(planned)),
    register,
    settle,
    image: (role) => images(role, run),
    planning,
    applications: target.apiKeys[1] === undefined ? 1 : 2,
    get calls() {
      return calls;
    },
  };

  async function register({ face, application = 1, purpose }: Parameters<Scene["register"]>[0]) {
    const before = await idsBefore(face, application);
    const made = await registration({ ...registering.register(face), application, purpose }, before);
    return { made, id: registering.idOf(made.answer) };
  }

  /** Asked once for each picture and application: whoever had it before this run keeps it. */
  function idsBefore(face: string, application: 1 | 2): Promise<string[]> {
    const key = `${application} ${face}`;
    const search = () =>
      delivered({ ...registering.search(face), application, purpose: "who has this picture already" });
    const ids = found.get(key) ?? search().then(({ answer }) => registering.idsOf(answer));
    found.set(key, ids);
    return ids;
  }

  async function registration(planned: PlannedCall, before: string[]): Promise<MadeCall> {
    const { application = 1 } = planned;
    const entry = randomUUID();
    // One call to register, one to unregister it again.
    demandCalls(2);
    ledger.intend({ entry, target: targetName, application, run, role: roleOf(planned), before });
    const made = await delivered(planned);
    const id = registering.idOf(made.answer);
    if (id !== undefined) ledger.learn(entry, id);
    else if (made.answer.status < 500) ledger.settle(entry);
    return made;
  }

  function roleOf({ body }: PlannedCall): string {
    const sent = Buffer.isBuffer(body) ? [] : Object.values((body ?? {}) as object);
    return imageRoles.find((role) => sent.includes(images(role, run) ?? sent)) ?? "other";
  }

  async function delivered(
    planned: PlannedCall,
    { signal, reserved }: Passage = ordinary(),
  ): Promise<MadeCall> {
    for (let attempt = 0; ; attempt++) {
      demandCalls(1 + reserved());
      await pace(signal);
      const made = await attempted(planned, {
        signal,
        mayRepeat: attempt === 0 && planned.method !== "POST",
      });
      const delay = made && throttleDelay(made, attempt);
      if (made && delay === undefined) return made;
      waited += delay ?? 0;
      if (waited > longestThrottleMs) {
        throw new RunStopped(
          "quota",
          `The target throttles: ${longestThrottleMs / 1000} s went by waiting for it. Try a lower --rate.`,
        );
      }
      if (delay) await wait(delay, undefined, { signal }).catch(interrupted);
    }
  }

  type Passage = { signal: AbortSignal; reserved: () => number };

  /** Room is kept for one unregister call for each registration that is not settled. */
  function ordinary(): Passage {
    return { signal: options.signal, reserved: () => ledger.open(targetName).length };
  }

  function demandCalls(number: number): void {
    if (calls + number <= maxCalls) return;
    throw new RunStopped(
      "budget",
      `The limit of ${maxCalls} calls is reached. Raise --max-calls, or verify less.`,
    );
  }

  /** `undefined`: no answer came, and the call may be made again. */
  async function attempted(
    planned: PlannedCall,
    { signal, mayRepeat }: { signal: AbortSignal; mayRepeat: boolean },
  ) {
    if (signal.aborted) interrupted();
    calls += 1;
    onCall?.(planned);
    const request = buildRequest(planned, { target, now: now() });
    const started = performance.now();
    try {
      const answer = await send(request, { planned, timeoutMs, signal });
      return { planned, request, answer, ms: performance.now() - started };
    } catch (error) {
      if (signal.aborted) interrupted();
      if (!(error instanceof WireError)) throw error;
      if (mayRepeat) return undefined;
      throw new RunStopped(
        "network",
        `${planned.method} ${planned.path}: no answer came (${error.code}). Check the address and the network.`,
      );
    }
  }

  async function pace(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const due = Math.max(last + 1000 / rate, now);
    last = due;
    if (due > now) await wait(due - now, undefined, { signal }).catch(interrupted);
  }

  async function settle(): Promise<Registration[]> {
    const passage = { signal: AbortSignal.timeout(longestSettleMs), reserved: () => 0 };
    const orphans: Registration[] = [];
    for (const registered of ledger.open(targetName)) {
      if (!(await unregistered(registered, passage))) orphans.push(registered);
    }
    return orphans;
  }

  async function unregistered(registered: Registration, passage: Passage): Promise<boolean> {
    const { entry, application, id } = registered;
    const ids = id === undefined ? await lostIds(registered, passage) : [id];
    if (ids === undefined) return false;
    for (const each of ids) {
      const { answer } = await delivered(
        { ...registering.unregister(each), application, purpose: "unregister" },
        passage,
      );
      if (!registering.isGone(answer)) return false;
    }
    ledger.settle(entry);
    return true;
  }

  /** A registration whose answer never came: whoever has the picture now and had it not before. */
  async function lostIds({ role, run: owner, before, application }: Registration, passage: Passage) {
    const face = images(role as ImageRole, owner);
    if (face === undefined) return undefined;
    const { answer } = await delivered(
      { ...registering.search(face), application, purpose: "look for a lost registration" },
      passage,
    );
    return registering.idsOf(answer).filter((id) => !before.includes(id));
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
const longestThrottleMs = 30_000;
const longestSettleMs = 30_000;

function throttleDelay({ answer, planned }: MadeCall, attempt: number): number | undefined {
  if (answer.status !== 429) return undefined;
  const header = (name: string) => answer.headers.find(([key]) => key === name)?.[1];
  if (header("x-amzn-errortype")?.startsWith("LimitExceeded")) {
    throw new RunStopped(
      "quota",
      `${planned.method} ${planned.path}: the quota of the application is used up. Wait for the next period, or raise it.`,
    );
  }
  const after = Number(header("retry-after"));
  return after > 0 ? after * 1000 : 250 * 2 ** Math.min(attempt, 5);
}

function interrupted(): never {
  throw new RunStopped("interrupted", "The run was interrupted.");
}
