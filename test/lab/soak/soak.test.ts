import { expect, test } from "vitest";
import { kinds } from "./calls/plan-call.ts";
import type { Row } from "./curve.ts";
import { type SoakReport, soak } from "./soak.ts";
import { startMock } from "./start-mock.ts";

const program = "tools/commands/necid.ts";
const kept = [
  "no request lost",
  "every answer right",
  "the server counts the same",
  "journal bounded",
  "state as the clients know it",
];

test("five thousand requests of every kind are answered, each rightly", async () => {
  const mock = await startMock({ program });
  try {
    const rows: Row[] = [];
    const flow = { requests: 5000, connections: 16, subjects: 300, photographs: 0, seed: "1", slice: 1000 };
    const report = await soak({
      ...flow,
      port: mock.port,
      observe: mock.cost,
      liveBytes: mock.liveBytes,
      onRow: (row) => rows.push(row),
    });

    expect(report.tally.complaints).toEqual([]);
    expect(promises(report, true)).toEqual(kept);
    expect(promises(report, false)).toEqual([]);
    expect(report.tally.total).toEqual({ sent: 5000, answered: 5000, wrong: 0, lost: 0 });
    expect(Object.keys(kinds).filter((kind) => !report.tally.kinds[kind])).toEqual([]);
    expect(Object.values(report.tally.aside).every((number) => number > 0)).toBe(true);
    expect(rows.map(({ requests }) => requests)).toEqual([1000, 2000, 3000, 4000, 5000]);
    expect(report.live).toEqual({ warm: undefined, end: { requests: 5000, bytes: expect.any(Number) } });
  } finally {
    expect(await mock.stop()).toBe("exit code 0");
  }
});

function promises({ verdicts }: SoakReport, held: boolean): string[] {
  return verdicts.filter((verdict) => verdict.held === held).map(({ promise }) => promise);
}
