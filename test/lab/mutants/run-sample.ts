import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controls } from "./controls.ts";
import { mutants } from "./mutants.ts";
import { sampledMutants } from "./sample.ts";
import { openSuite, type Suite } from "./suite.ts";
import { verdictOf } from "./verdict.ts";

/** Declares the tests of the sampled mutants and of the controls whose id is meant. */
export function testSample(isMeant: (id: string) => boolean): void {
  let suite: Suite;
  beforeAll(async () => {
    suite = await openSuite({ sendsLargeBodies: false });
  });
  afterAll(() => suite.close());

  const meantControls = controls.filter(({ id }) => isMeant(id));
  describe.concurrent("a provider that keeps the contract in another way is not found guilty", () => {
    it.each(meantControls)("$title", async ({ open, writing }) => {
      const { mismatches, stopped } = await suite.run({ alter: open(), writing });
      expect({ mismatches, stopped }).toEqual({ mismatches: [], stopped: undefined });
    });
  });

  const meantMutants = Object.entries(sampledMutants).filter(([id]) => isMeant(id));
  describe.concurrent("a broken promise is noticed, and reported for the operation whose it is", () => {
    it.each(meantMutants)("%s", async (id, caughtBy) => {
      const mutant = mutants.find((each) => each.id === id)!;
      const verdict = verdictOf(mutant, await suite.run({ alter: mutant.open() }));
      expect({ caughtBy: verdict.caughtBy, blamed: verdict.blamed, stopped: verdict.stopped }).toEqual({
        caughtBy,
        blamed: [],
        stopped: undefined,
      });
    });
  });
}
