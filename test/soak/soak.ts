import { type Account, readAccount } from "./control.ts";
import { type Cost, createCurve, type Row } from "./curve.ts";
import { type FlowOptions, runFlow } from "./flow.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Tally } from "./tally.ts";

export type SoakOptions = Omit<FlowOptions, "onAnswer"> & {
  /** Answers in each row of the curve. */
  slice: number;
  /** What the server costs at the moment. */
  observe: () => Cost;
  onRow?: (row: Row) => void;
};

export type SoakReport = { rows: Row[]; tally: Tally; account: Account; verdicts: Verdict[] };

/**
 * Soaks a mock that was just started: sends the mixed flow, follows its cost, asks it for its own account of
 * the run, and judges.
 *
 * @throws {ConnectionError | ControlError} when it cannot be reached any more.
 */
export async function soak({ slice, observe, onRow, ...flow }: SoakOptions): Promise<SoakReport> {
  const curve = createCurve({ slice, observe, now: () => performance.now(), onRow });
  const sampling = setInterval(curve.sample, 100);
  try {
    const { tally, census } = await runFlow({ ...flow, onAnswer: curve.record });
    const account = await readAccount(flow.port);
    const { rows, p99 } = curve;
    return { rows, tally, account, verdicts: judge({ tally, census, account, rows, p99 }) };
  } finally {
    clearInterval(sampling);
  }
}
