import { type FlowOptions, runFlow } from "./calls/flow.ts";
import { type Account, readAccount } from "./control.ts";
import { type Cost, createCurve, type Row } from "./curve.ts";
import type { Tally } from "./tally.ts";
import { type Evidence, type LiveLook, type Verdict, verdictsOf, warmUp } from "./verdicts.ts";

export type SoakOptions = Omit<FlowOptions, "legs" | "onResponse" | "onRest"> & {
  /** How many are sent to the service in all. */
  requests: number;
  /** Responses in each row of the curve. */
  slice: number;
  /** What the server costs at the moment. */
  observe: () => Cost;
  /** What it holds with all garbage collected, in bytes. */
  liveBytes: () => Promise<number>;
  onRow?: (row: Row) => void;
};

export type SoakReport = {
  rows: Row[];
  tally: Tally;
  account: Account;
  live: Evidence["live"];
  verdicts: Verdict[];
};

/**
 * Soaks a mock that was just started: sends the mixed flow, follows its cost, asks it for its own account of
 * the run, and judges.
 *
 * @throws {ConnectionError | ControlError | GoneError} when it cannot be reached any more.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { requests, slice, observe, liveBytes, onRow, ...flow } = options;
  const curve = createCurve({ slice, observe, now: () => performance.now(), onRow });
  const sampling = setInterval(curve.sample, 100);
  const looks: LiveLook[] = [];
  try {
    const legs = requests > warmUp ? [warmUp, requests - warmUp] : [requests];
    const { tally, knownSubjects } = await runFlow({ ...flow, legs, onResponse: curve.record, onRest });
    const account = await readAccount(flow.port);
    const { rows, p99 } = curve;
    const live = { warm: looks.at(-2), end: looks.at(-1)! };
    return {
      rows,
      tally,
      account,
      live,
      verdicts: verdictsOf({ tally, knownSubjects, account, rows, live, p99 }),
    };
  } finally {
    clearInterval(sampling);
  }

  async function onRest(): Promise<void> {
    looks.push({
      requests: looks.length > 0 ? requests : Math.min(requests, warmUp),
      bytes: await liveBytes(),
    });
  }
}
