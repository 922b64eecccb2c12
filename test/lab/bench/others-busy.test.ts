import { expect, test } from "vitest";
import { othersBusy, othersDoubt } from "./others-busy.ts";

test("is a part of the processors' time", async () => {
  const part = await othersBusy(50);
  expect(part).toBeGreaterThanOrEqual(0);
  expect(part).toBeLessThanOrEqual(1);
});

test.each<[number[], string | undefined]>([
  [[], undefined],
  [[0.01, 0.1], undefined],
  [
    [0.01, 0.436, 0.2],
    "The machine was too noisy to trust: between the rounds, others kept its processors busy for up to 44 % of the time.",
  ],
])("%j leave the doubt %j", (samples, doubt) => {
  expect(othersDoubt(samples)).toBe(doubt);
});
