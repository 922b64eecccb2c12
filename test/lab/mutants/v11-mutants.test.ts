import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openV11Suite, type Suite } from "./suite.ts";
import { v11Mutants } from "./v11-mutants.ts";
import { verdictOf } from "./verdict.ts";

const mutants = v11Mutants();
let suite: Suite;
beforeAll(async () => {
  suite = await openV11Suite();
});
afterAll(() => suite.close());

it("has at least 120 mutants of v1.1, each with a name of its own", () => {
  const ids = mutants.map(({ id }) => id);
  expect(ids.length).toBeGreaterThanOrEqual(120);
  expect(ids).toEqual([...new Set(ids)]);
});

/** `npm run mutants -- --contract v1.1` runs them all. */
const sample = [
  "types/v11-ApiSubjectsGet-200-subjects-each-status",
  "values/v11-search-event-score",
  "arrays/v11-list-no-deleted",
  "request-rules/v11-verify-no-key",
  "state/v11-event-nothing",
];
describe("a broken promise of v1.1 is noticed, and reported for the operation whose it is", () => {
  it.each(sample)(
    "%s",
    async (id) => {
      const mutant = mutants.find((each) => each.id === id)!;
      const { caughtBy, blamed, stopped } = verdictOf(mutant, await suite.run({ alter: mutant.open() }));
      expect({ caught: caughtBy.length > 0, blamed, stopped }).toEqual({
        caught: true,
        blamed: [],
        stopped: undefined,
      });
    },
    60_000,
  );
});
