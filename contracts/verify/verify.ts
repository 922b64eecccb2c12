import type { Check, CheckResult, MadeCall, PlannedCall } from "./check.ts";
import type { Registration } from "./ledger.ts";
import { planLedger } from "./ledger.ts";
import { createScene, type RunScene, type SceneOptions, type Send } from "./scene.ts";
import { RunStopped } from "./stop.ts";

/** What came of one check, and what it took. */
export type CheckOutcome = { check: Check; result: CheckResult; ms: number; calls: number };

/** Everything that a run found out. */
export type RunOutcome = {
  outcomes: CheckOutcome[];
  /** Why it ended before its time. */
  stopped?: RunStopped;
  /** How far the server's clock is ahead of ours, in milliseconds; absent when no answer told. */
  skewMs?: number;
  calls: number;
  /** Registrations that could not be undone, of this run or an earlier one. */
  orphans: Registration[];
  /** Registrations of earlier runs that were found and undone. */
  recovered: number;
};

/** The first two calls of a run: is anybody there, and are we let in. */
export type Preflight = {
  /** An unsigned call with a JSON answer. */
  open: PlannedCall;
  /** A signed call that changes nothing and answers this status. */
  signed: PlannedCall & { expects: number };
};

export type RunOptions = Omit<SceneOptions, "now"> & {
  checks: Check[];
  preflight: Preflight;
  /** Milliseconds since the epoch, on this machine. */
  clock: () => number;
  /** Told of each check before it begins. */
  onStart?: (check: Check) => void;
  /** Told of each check when it is done. */
  onCheck?: (outcome: CheckOutcome) => void;
};

/**
 * Runs checks one after the other against a target. First it undoes what an earlier run left, asks whether
 * anybody is there, measures the clocks and tries the credentials; after each check, and whatever happens,
 * it unregisters what was registered.
 */
export async function runChecks(options: RunOptions): Promise<RunOutcome> {
  const { checks, preflight, clock, onStart, onCheck } = options;
  const outcome: RunOutcome = { outcomes: [], calls: 0, orphans: [], recovered: 0 };
  const scene = createScene({ ...options, now: clock });
  const leftover = options.ledger.open(options.targetName).length;
  try {
    outcome.skewMs = await fly(scene, preflight, clock);
    const orphans = leftover > 0 ? await scene.settle() : [];
    outcome.recovered = leftover - orphans.length;
    for (const check of checks) {
      const began = { at: performance.now(), calls: scene.calls };
      onStart?.(check);
      const result = await check.run(scene);
      await scene.settle();
      const done = { check, result, ms: performance.now() - began.at, calls: scene.calls - began.calls };
      outcome.outcomes.push(done);
      onCheck?.(done);
    }
  } catch (error) {
    if (!(error instanceof RunStopped)) throw error;
    outcome.stopped = error;
  } finally {
    outcome.orphans = await settleAfterAll(scene, options);
    outcome.calls = scene.calls;
  }
  return outcome;
}

/** Lists the calls that a run would make, in order, without making one. */
export async function planChecks(
  options: Omit<RunOptions, "send" | "ledger"> & { answer: Send },
): Promise<PlannedCall[]> {
  const calls: PlannedCall[] = [];
  await runChecks({
    ...options,
    send: options.answer,
    ledger: planLedger(),
    planning: true,
    maxCalls: undefined,
    rate: undefined,
    onStart: undefined,
    onCheck: undefined,
    onCall: (planned) => calls.push(planned),
  });
  return calls;
}

async function settleAfterAll(scene: RunScene, { ledger, targetName }: RunOptions): Promise<Registration[]> {
  if (ledger.open(targetName).length === 0) return [];
  // What stopped the run may keep us from tidying up too; then the ledger remembers, and so does the report.
  return scene.settle().catch(() => ledger.open(targetName));
}

/** @returns the skew of the clocks. @throws {RunStopped} where it makes no sense to go on. */
async function fly(
  scene: RunScene,
  { open, signed }: Preflight,
  clock: () => number,
): Promise<number | undefined> {
  const sentAt = clock();
  const first = await scene.call(open);
  refuseOutage(first);
  const skew = skewOf(first, (sentAt + clock()) / 2);
  if (skew !== undefined && Math.abs(skew) > longestSkewMs) {
    const seconds = Math.round(Math.abs(skew) / 1000);
    throw new RunStopped(
      "clock",
      `The server's clock is ${seconds} s ${skew > 0 ? "ahead of" : "behind"} this machine's; signatures hold for 5 minutes. Set the clock that is wrong.`,
    );
  }
  const second = await scene.call(signed);
  if (second.answer.status >= 500) refuseOutage(second);
  if (second.answer.status === 403) throw refused(second);
  return skew;
}

const longestSkewMs = 5 * 60_000;

function refuseOutage({ planned, answer }: MadeCall): void {
  const type = answer.headers.find(([name]) => name === "content-type")?.[1] ?? "none";
  const json = /^application\/json\b/i.test(type);
  if (answer.status < 500 && json) return;
  throw new RunStopped(
    "outage",
    `${planned.method} ${planned.path} answered ${answer.status} with media type ${type}: this is not the service, or it is out of order. Check the base URL.`,
  );
}

function refused({ answer }: MadeCall): RunStopped {
  const type = answer.headers.find(([name]) => name === "x-amzn-errortype")?.[1] ?? "403";
  const message = firstLine(answer.body.toString());
  if (/Signature (expired|not yet current)/.test(message)) {
    return new RunStopped(
      "clock",
      `The target finds the date of our signature wrong (${message}). Set the clock that is wrong.`,
    );
  }
  return new RunStopped(
    "credentials",
    `The target refuses the credentials (${type}). Check NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_SESSION_TOKEN and NECID_API_KEY.`,
  );
}

/** The rest of a message may repeat the API key that we sent. */
function firstLine(body: string): string {
  return body.split(/\\n|\n/)[0]!.slice(0, 200);
}

function skewOf({ answer }: MadeCall, at: number): number | undefined {
  const date = Date.parse(answer.headers.find(([name]) => name === "date")?.[1] ?? "");
  // A date header has whole seconds, half of one too old on the average.
  return Number.isNaN(date) ? undefined : date + 500 - at;
}
