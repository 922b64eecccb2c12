import { expect, test } from "vitest";
import { killDuringWrites } from "./kill.ts";

// A hundred kills take three minutes: node test/lab/kill/kill.ts
test("after SIGKILL the state file loads and holds every registration answered more than a second before", async () => {
  const report = await killDuringWrites({ kills: 4, seed: "ci" });
  expect({ kills: report.kills, lost: report.lost }).toEqual({ kills: 4, lost: [] });
  expect(report.kept).toBeGreaterThan(0);
});
