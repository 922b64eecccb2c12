import { type Account, readAccount } from "./control.ts";
import { type Cost, createCurve, type Row } from "./curve.ts";
import { type FlowOptions, runFlow } from "./flow.ts";
import { type Evidence, judge, type LiveLook, type Verdict, warmUp } from "./judge.ts";
import type { Tally } from "./tally.ts";

export type SoakOptions = Omit<FlowOptions, "onAnswer"> & {
  /** Answers in each row of the curve. */
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
  const { slice, observe, liveBytes, onRow, ...flow } = options;
  const curve = createCurve({ slice, observe, now: () => performance.now(), onRow });
  const sampling = setInterval(curve.sample, 100);
  let answers = 0;
  let warm: Promise<LiveLook> | undefined;
  try {
    const { tally, census } = await runFlow({ ...flow, onAnswer });
    const end = await look();
    const account = await readAccount(flow.port);
    const { rows, p99 } = curve;
    const live = { warm: await warm, end };
    return { rows, tally, account, live, verdicts: judge({ tally, census, account, rows, live, p99 }) };
  } finally {
    clearInterval(sampling);
  }

  function onAnswer(ms: number, isSmall: boolean): void {
    curve.record(ms, isSmall);
    if (++answers !== warmUp) return;
    warm = look();
    // It is awaited after the flow, which fails first when the mock is gone.
    warm.catch(() => {});
  }

  async function look(): Promise<LiveLook> {
    return { requests: answers, bytes: await liveBytes() };
  }
}
