import type { Check, CheckResult, MadeCall, PlannedCall } from "../check.ts";
import { headerOf, type ReceivedResponse } from "../wire.ts";
import type { Send } from "./caller.ts";
import { planLedger, type Registration } from "./ledger.ts";
import { LedgerError } from "./ledger-lock.ts";
import { createSession, type RunSession, type SessionOptions } from "./session.ts";
import { RunStopped } from "./stop.ts";

/** The result of one check, and its costs. */
export type CheckOutcome = { check: Check; result: CheckResult; ms: number; calls: number };

/** The results of a run. */
export type RunOutcome = {
  outcomes: CheckOutcome[];
  /** Why it ended early. */
  stopped?: RunStopped;
  /** How far the server's clock is ahead of ours, in milliseconds; absent if no response has a date. */
  skewMs?: number;
  calls: number;
  /** Registrations of this run or an earlier one that could not be unregistered. */
  orphans: Registration[];
  /** The number of registrations of earlier runs that were unregistered. */
  recovered: number;
};

/** The first calls of a run: whether the service responds, and whether it accepts the credentials. */
export type Preflight = {
  /** An unsigned call with a JSON response. */
  open: PlannedCall;
  /** A signed call that changes nothing. It is made with the key of each application. */
  signed: PlannedCall;
};

export type RunOptions = Omit<SessionOptions, "now"> & {
  checks: Check[];
  preflight: Preflight;
  /** Unix time in milliseconds. */
  clock: () => number;
  /** Called with the number of registrations of earlier runs that were unregistered. */
  onRecovered?: (count: number) => void;
  /** Called before each check. */
  onStart?: (check: Check) => void;
  /** Called after each check. */
  onCheck?: (outcome: CheckOutcome) => void;
};

/**
 * Runs checks against a target, one after the other. Before them it makes the preflight calls and unregisters
 * what earlier runs left. After each check, and at the end in any case, it unregisters what was registered.
 *
 * @returns the results, and the number of registrations that returned an id.
 */
export async function runChecks(options: RunOptions): Promise<RunOutcome & { registered: number }> {
  const { checks, preflight, clock, onRecovered, onStart, onCheck } = options;
  const outcome: RunOutcome & { registered: number } = {
    outcomes: [],
    calls: 0,
    registered: 0,
    orphans: [],
    recovered: 0,
  };
  const session = createSession({ ...options, now: clock });
  const leftover = options.ledger.open(options.targetName).length;
  try {
    outcome.skewMs = await makePreflight(session, preflight, clock);
    if (leftover > 0) {
      outcome.recovered = leftover - (await session.settle()).length;
      if (outcome.recovered > 0) onRecovered?.(outcome.recovered);
    }
    for (const check of checks) {
      const began = { at: performance.now(), calls: session.calls };
      onStart?.(check);
      const result = await check.run(session);
      await session.settle();
      const done = { check, result, ms: performance.now() - began.at, calls: session.calls - began.calls };
      outcome.outcomes.push(done);
      onCheck?.(done);
    }
  } catch (error) {
    outcome.stopped = stopOf(error as Error);
  } finally {
    outcome.orphans = await settleAfterAll(session, options);
    outcome.calls = session.calls;
    outcome.registered = session.registered;
  }
  return outcome;
}

/** A run ends with a report, whatever ended it. */
function stopOf(error: Error): RunStopped {
  if (error instanceof RunStopped) return error;
  return new RunStopped(error instanceof LedgerError ? "ledger" : "internal", error.message);
}

/** Lists the calls that a run would make, in order. Makes none. */
export async function planChecks(
  options: Omit<RunOptions, "send" | "ledger"> & { send: Send },
): Promise<PlannedCall[]> {
  const calls: PlannedCall[] = [];
  await runChecks({
    ...options,
    ledger: planLedger(),
    planning: true,
    maxCalls: undefined,
    rate: undefined,
    onRecovered: undefined,
    onStart: undefined,
    onCheck: undefined,
    onCall: (planned) => calls.push(planned),
  });
  return calls;
}

async function settleAfterAll(
  session: RunSession,
  { ledger, targetName }: RunOptions,
): Promise<Registration[]> {
  if (ledger.open(targetName).length === 0) return [];
  // What stopped the run may prevent this too. Then the ledger and the report still list them.
  return session.settle({ again: true }).catch(() => ledger.open(targetName));
}

/** @returns the skew of the clocks. @throws {RunStopped} if the run cannot succeed. */
async function makePreflight(
  session: RunSession,
  { open, signed }: Preflight,
  clock: () => number,
): Promise<number | undefined> {
  const sentAt = clock();
  const first = await session.call(open);
  const skew = skewOf(first, (sentAt + clock()) / 2);
  if (skew !== undefined && Math.abs(skew) > longestSkewMs) {
    const seconds = Math.round(Math.abs(skew) / 1000);
    throw new RunStopped(
      "clock",
      `The server's clock is ${seconds} s ${skew > 0 ? "ahead of" : "behind"} this machine's; signatures hold for 5 minutes. Set the clock that is wrong.`,
    );
  }
  for (const application of applicationsOf(session)) {
    const made = await session.call({ ...signed, application });
    // If only one operation is broken, the checks report it.
    if (isUnusable(first) && isUnusable(made)) throw outage(first);
    if (made.response.status === 401 || made.response.status === 403) throw refused(made);
  }
  return skew;
}

const longestSkewMs = 5 * 60_000;

function applicationsOf({ applications = 1 }: RunSession): (1 | 2)[] {
  return applications === 2 ? [1, 2] : [1];
}

function isUnusable({ response }: MadeCall): boolean {
  const { status, body } = response;
  return status >= 500 || (body.length > 0 && !/^application\/json\b/i.test(mediaTypeOf(response)));
}

function mediaTypeOf(response: ReceivedResponse): string {
  return headerOf(response, "content-type") ?? "none";
}

function outage({ planned, response }: MadeCall): RunStopped {
  return new RunStopped(
    "outage",
    `${planned.method} ${planned.path} answered ${response.status} with media type ${mediaTypeOf(response)}, and a signed call likewise: this is not the service, or it is out of order. Check the base URL.`,
  );
}

function refused({ planned, response }: MadeCall): RunStopped {
  const type = headerOf(response, "x-amzn-errortype") ?? "403";
  const message = firstLine(response.body.toString());
  if (/Signature (expired|not yet current)/.test(message)) {
    return new RunStopped(
      "clock",
      `The target finds the date of our signature wrong (${message}). Set the clock that is wrong.`,
    );
  }
  return new RunStopped(
    "credentials",
    planned.application === 2
      ? `The target refuses the API key of the second application (${type}). Check NECID_API_KEY_2, or leave it out.`
      : `The target refuses the credentials (${type}). Check NECID_ACCESS_KEY_ID, NECID_SECRET_ACCESS_KEY, NECID_SESSION_TOKEN and NECID_API_KEY.`,
  );
}

/** The other lines may contain the API key. */
function firstLine(body: string): string {
  return body.split(/\\n|\n/)[0]!.slice(0, 200);
}

function skewOf({ response }: MadeCall, at: number): number | undefined {
  const date = Date.parse(headerOf(response, "date") ?? "");
  // A date header has whole seconds, so it is half a second too old on average.
  return Number.isNaN(date) ? undefined : date + 500 - at;
}
