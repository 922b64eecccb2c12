import { expect, test } from "vitest";
import { answer } from "./answers.ts";
import { ownDescriptions } from "./descriptions.ts";

test.each(ownDescriptions)("every documented response can be had, for $name: $style", async (description) => {
  const { calls, ours } = await answer(description, { statuses: "all", withPrism: false });
  expect(ours.problems).toEqual([]);
  expect(ours.stopped).toBeUndefined();
  expect(ours.valid).toBe(calls);
});
